// Simulated Exchange, a gateway before it to write with, a double of Nextcloud, and `exdav mirror` as it is typed.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '../../simulator/index.ts';
import { readConfig, runCommandLine, startGateway } from '../../src/server/index.ts';
import { type RunningDouble, startNextcloudDouble } from '../nextcloud-double/index.ts';

export interface MirrorScene {
  readonly simulator: Simulator;
  readonly cloud: RunningDouble;
  readonly folder: string;
  /** Of the process that mirrors. */
  readonly environment: Record<string, string>;
  write(name: string, text: string): void;
  /** Everything in the folder, as bytes. */
  files(): ReadonlyMap<string, Buffer>;
  /** `exdav mirror …` in the folder. */
  mirror(
    ...words: readonly string[]
  ): Promise<{ readonly code: number; readonly out: string; readonly error: string }>;
  /** As alice's client writes through the gateway. */
  toExchange(name: string, text: string): Promise<void>;
  dropFromExchange(name: string): Promise<void>;
  /** As alice's client writes. */
  toCloud(name: string, text: string): Promise<void>;
  /** Of alice's calendar in Nextcloud by UID, unfolded. */
  inCloud(calendar?: string): Readonly<Record<string, string>>;
  /** The address of alice's calendar at the gateway. */
  readonly calendarUrl: string;
  close(): Promise<void>;
}

export async function openMirrorScene({
  seed = 'none',
}: { readonly seed?: 'none' | 'small' } = {}): Promise<MirrorScene> {
  const simulator = await startSimulator({ seed });
  const gateway = await startGateway(
    readConfig({ EXDAV_EWS_URL: simulator.url, EXDAV_PORT: '0', EXDAV_LOG_LEVEL: 'silent' }),
  );
  const cloud = await startNextcloudDouble();
  const folder = mkdtempSync(join(tmpdir(), 'exdav-mirror-'));
  const calendarUrl = `http://127.0.0.1:${gateway.port}/calendars/alice@example.test/calendar/`;
  const authorization = `Basic ${Buffer.from('alice@example.test:alice').toString('base64')}`;
  const ask = async (url: string, method: string, body?: string): Promise<void> => {
    const init = body === undefined ? {} : { body };
    const answer = await fetch(url, {
      method,
      ...init,
      headers: { authorization, 'content-type': 'text/calendar' },
    });
    if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  };
  const environment: Record<string, string> = { EXDAV_EWS_URL: simulator.url };
  return {
    simulator,
    cloud,
    folder,
    environment,
    calendarUrl,
    write: (name, text) => writeFileSync(join(folder, name), text),
    files: () => new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))])),
    async mirror(...words) {
      let [out, error] = ['', ''];
      const config = words.includes('--config') ? [] : ['--config', join(folder, 'mirror.yaml')];
      const code = await runCommandLine(['mirror', ...words, ...config], {
        environment,
        out: (text) => void (out += text),
        error: (text) => void (error += text),
      });
      return { code, out, error };
    },
    toExchange: (name, text) => ask(calendarUrl + encodeURIComponent(name), 'PUT', text),
    dropFromExchange: (name) => ask(calendarUrl + encodeURIComponent(name), 'DELETE'),
    async toCloud(name, text) {
      const path = `/remote.php/dav/calendars/alice/personal/${encodeURIComponent(name)}`;
      const answer = await cloud.raw('PUT', path, { body: text, headers: { 'x-nc-scheduling': 'false' } });
      if (!answer.ok) throw new Error(`PUT ${name}: ${answer.status} ${await answer.text()}`);
    },
    inCloud(calendar = 'personal') {
      const texts: Record<string, string> = {};
      for (const { uid, text, deletedAt } of cloud.collection(calendar).rows)
        if (deletedAt === undefined) texts[uid] = (texts[uid] ?? '') + text.replaceAll(/\r?\n[ \t]/g, '');
      return texts;
    },
    async close() {
      await gateway.close();
      await simulator.close();
      await cloud.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Between alice's own calendars. */
export function pairFile({ simulator, cloud }: MirrorScene, more = ''): string {
  return `exchange:
  work: { user: alice@example.test, password: alice, url: "${simulator.url}" }
nextcloud:
  cloud: { url: "${cloud.url}", user: alice, password: alice password }
pairs:
  - name: alice
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Personal }
${more}`;
}

/** JSON lines. */
export function linesOf(out: string): readonly Readonly<Record<string, unknown>>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
}
