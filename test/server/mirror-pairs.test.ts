// Where the pairs of a configuration lead: collections that are missing, gone, or in two pairs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import { readMirrorConfig } from '../../src/mirror/index.ts';
import { openConfigured } from '../../src/server/mirror/open.ts';
import type { MirrorService, PairOutcome, RunOptions } from '../../src/server/mirror/service.ts';
import { startNextcloudDouble } from '../nextcloud-double/index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Stage {
  readonly mirror: MirrorService;
  readonly dav: string;
  readonly run: (name: string, options?: RunOptions) => Promise<PairOutcome>;
  readonly ask: (method: string, path: string, headers?: Record<string, string>) => Promise<Response>;
}

async function openStage(pairs: string): Promise<Stage> {
  const simulator = await startSimulator({ seed: 'small' });
  const double = await startNextcloudDouble();
  const folder = mkdtempSync(join(tmpdir(), 'exdav-mirror-'));
  closers.push(
    () => simulator.close(),
    () => double.close(),
    () => rmSync(folder, { recursive: true }),
  );
  const config = readMirrorConfig(`
exchange:
  work: { user: alice@example.test, password: alice }
nextcloud:
  cloud: { url: "${double.url}", user: alice, password: alice password }
pairs:
${pairs}
`);
  let time = Date.now();
  const mirror = await openConfigured(config, folder, {
    now: () => (time += 5000),
    environment: { EXDAV_EWS_URL: simulator.url },
  });
  closers.push(() => mirror.close());
  const dav = `${double.url}/remote.php/dav/calendars/alice/`;
  const authorization = `Basic ${Buffer.from('alice:alice password').toString('base64')}`;
  return {
    mirror,
    dav,
    run: (name, options) => {
      const pair = mirror.pairs.find(({ rules }) => rules.name === name);
      if (pair === undefined) throw new Error(`no pair ${name}`);
      return mirror.run(pair, options);
    },
    ask: (method, path, headers = {}) =>
      fetch(dav + path, { method, headers: { authorization, depth: '0', ...headers } }),
  };
}

const onePair = `  - name: alice
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Exchange }`;

describe('a collection that is not there', () => {
  it('is made by the first run, and only pretended by a dry one', { timeout: 60_000 }, async () => {
    const { run, ask } = await openStage(onePair);
    expect(await run('alice', { dryRun: true })).toMatchObject({
      report: { counts: { 'created on nextcloud': 300 } },
    });
    expect((await ask('PROPFIND', 'exchange/')).status).toBe(404);
    expect(await run('alice')).toMatchObject({ report: { counts: { 'created on nextcloud': 300 } } });
    expect((await ask('PROPFIND', 'exchange/')).status).toBe(207);
  });

  it('stops the pair when it lies in the trash bin', { timeout: 60_000 }, async () => {
    const { run, ask } = await openStage(onePair);
    await run('alice');
    expect((await ask('DELETE', 'exchange/')).status).toBeLessThan(300);
    // Nothing is written there, and nothing is taken for deleted.
    expect(await run('alice')).toMatchObject({ report: { counts: {} } });
    expect(await run('alice', { scope: 'texts' })).toMatchObject({
      report: { counts: {}, stopped: expect.stringContaining('trash bin') },
    });
  });

  it(
    'is not made again when it is gone: the other side would be emptied after it',
    { timeout: 60_000 },
    async () => {
      const { run, ask } = await openStage(onePair);
      await run('alice');
      expect((await ask('DELETE', 'exchange/', { 'X-NC-CalDAV-No-Trashbin': '1' })).status).toBeLessThan(300);
      // The first run after it may still ask the collection as it was known; it must stop, too.
      for (let n = 0; n < 3; n += 1) {
        const outcome = await run('alice');
        const isHeld = outcome.kind === 'failed' || outcome.report.stopped !== undefined;
        expect(isHeld, JSON.stringify(outcome)).toBe(true);
      }
      expect(await run('alice', { dryRun: true, scope: 'texts' })).not.toMatchObject({
        report: { counts: { 'removed on exchange': 300 } },
      });
    },
  );
});

it('one collection by two names belongs to the first pair', { timeout: 60_000 }, async () => {
  const { run } = await openStage(`${onePair}
  - name: again
    exchange: { login: work, folder: calendar }
    nextcloud: { login: cloud, collection: Another }`);
  await run('alice');
  expect(await run('again')).toMatchObject({
    kind: 'failed',
    error: { message: expect.stringContaining('in the pair "alice" already') },
  });
});
