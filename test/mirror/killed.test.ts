// The process is really killed (SIGKILL), at random moments, while both sides are being changed. Started again it ends with both
// sides equal, nothing doubled, nothing lost, and no mail sent.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import { readConfig, startGateway } from '../../src/server/index.ts';
import { startNextcloudDouble } from '../nextcloud-double/index.ts';
import { eventText } from './stage.ts';

const kills = Number(process.env['EXDAV_TEST_MIRROR_KILLS'] ?? 20);
const program = resolve(import.meta.dirname, '../../bin/exdav.ts');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** The exit code; undefined: killed. `isTime` is asked all the while. */
async function runOnce(folder: string, isTime: () => boolean = () => false): Promise<number | undefined> {
  const child = spawn(process.execPath, [program, 'mirror', '--once', '--force', '--config', 'mirror.yaml'], {
    cwd: folder,
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] },
  });
  const ended = new Promise<number | undefined>((done) =>
    child.on('exit', (code) => done(code ?? undefined)),
  );
  const watching = setInterval(() => {
    if (isTime()) child.kill('SIGKILL');
  }, 1);
  const code = await ended;
  clearInterval(watching);
  return code;
}

/**
 * After any request of a run that has some forty, and a little later: counted in requests, so that a quick machine is killed at
 * its work as a slow one is.
 */
function momentAfter(answered: () => number): () => boolean {
  const request = answered() + Math.floor(Math.random() * 60);
  const pause = Math.random() * 30;
  let reached: number | undefined;
  return () => {
    if (answered() >= request) reached ??= performance.now();
    return reached !== undefined && performance.now() >= reached + pause;
  };
}

interface DavClient {
  put(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** UID → summary; a UID that is there twice has both. */
  texts(): Promise<Record<string, string>>;
}

function clientOf(base: string, user: string, password: string): DavClient {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const ask = (
    method: string,
    url: string,
    more: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
  ): Promise<Response> => fetch(url, { method, ...more, headers: { authorization, ...more.headers } });
  return {
    async put(name, text) {
      const answer = await ask('PUT', base + name, {
        body: text,
        headers: { 'content-type': 'text/calendar' },
      });
      if (!answer.ok) throw new Error(`PUT ${name}: ${answer.status} ${await answer.text()}`);
    },
    async remove(name) {
      await (await ask('DELETE', base + name)).text();
    },
    async texts() {
      const query =
        '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"/></C:filter></C:calendar-query>';
      const answer = await ask('REPORT', base, {
        body: query,
        headers: { depth: '1', 'content-type': 'text/xml' },
      });
      const found: Record<string, string> = {};
      for (const [text] of (await answer.text()).matchAll(/BEGIN:VEVENT.*?END:VEVENT/gs)) {
        const uid = /^UID:(.*?)\r?(&#13;)?$/m.exec(text)?.[1] ?? '';
        const summary = /^SUMMARY:(.*?)\r?(&#13;)?$/m.exec(text)?.[1] ?? '';
        found[uid] = uid in found ? `${found[uid]} and ${summary}` : summary;
      }
      return found;
    },
  };
}

describe('the mirror, killed', () => {
  it(`${kills} times, ends with both sides equal`, { timeout: 60_000 + kills * 15_000 }, async () => {
    const simulator = await startSimulator({ seed: 'none' });
    const gateway = await startGateway(
      readConfig({ EXDAV_EWS_URL: simulator.url, EXDAV_PORT: '0', EXDAV_LOG_LEVEL: 'silent' }),
    );
    const double = await startNextcloudDouble();
    const folder = mkdtempSync(join(tmpdir(), 'exdav-killed-'));
    closers.push(
      () => simulator.close(),
      () => gateway.close(),
      () => double.close(),
      () => rmSync(folder, { recursive: true }),
    );
    writeFileSync(
      join(folder, 'mirror.yaml'),
      `exchange:
  work: { user: alice@example.test, password: alice, url: "${simulator.url}" }
nextcloud:
  cloud: { url: "${double.url}", user: alice, password: alice password }
pairs:
  - name: alice
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Personal }
`,
    );
    const exchange = clientOf(
      `http://127.0.0.1:${gateway.port}/calendars/alice@example.test/calendar/`,
      'alice@example.test',
      'alice',
    );
    const nextcloud = clientOf(
      `${double.url}/remote.php/dav/calendars/alice/personal/`,
      'alice',
      'alice password',
    );
    const answered = (): number => simulator.callLog().length + double.double.log.length;
    let killed = 0;
    for (let round = 0; round < kills; round += 1) {
      for (let n = 0; n < 6; n += 1) {
        await exchange.put(`e${round}-${n}.ics`, eventText(`e${round}-${n}`, [`SUMMARY:e${round}-${n}`]));
        await nextcloud.put(`n${round}-${n}.ics`, eventText(`n${round}-${n}`, [`SUMMARY:n${round}-${n}`]));
      }
      if (round > 0) {
        await exchange.put(`e${round - 1}-0.ics`, eventText(`e${round - 1}-0`, ['SUMMARY:changed']));
        await nextcloud.remove(`n${round - 1}-1.ics`);
      }
      if ((await runOnce(folder, momentAfter(answered))) === undefined) killed += 1;
    }
    await sleep(1100);
    expect(await runOnce(folder)).toBe(0);
    const [left, right] = [await exchange.texts(), await nextcloud.texts()];
    expect(right).toEqual(left);
    // Each round twelve new ones, and one of each earlier round was removed.
    expect(Object.keys(left)).toHaveLength(kills * 12 - (kills - 1));
    expect(Object.values(left).filter((summary) => summary.includes(' and '))).toEqual([]);
    expect(killed).toBeGreaterThan(kills / 4);
    expect(simulator.sentMessages()).toEqual([]);
    expect(double.double.world.mails).toEqual([]);
  });
});
