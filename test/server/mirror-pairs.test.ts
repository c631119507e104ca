// Where the pairs of a configuration lead: collections that are missing, gone, or in two pairs.
import { afterEach, describe, expect, it } from 'vitest';
import { openLanes } from '../../src/server/mirror/lanes.ts';
import { openServiceStage, type ServiceStage } from './mirror-service.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function openStage(pairs: string): Promise<ServiceStage> {
  const stage = await openServiceStage(pairs);
  closers.push(() => stage.close());
  return stage;
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

describe('one collection in two pairs', () => {
  it.each([
    [
      'by two names in Exchange',
      'exchange: { login: work, folder: calendar }',
      '{ login: cloud, collection: Other }',
    ],
    [
      'by two logins in Nextcloud',
      'exchange: { login: bob }',
      '{ login: again, collection: /remote.php/dav/calendars/alice/exchange/ }',
    ],
  ])('%s belongs to the first', { timeout: 60_000 }, async (_, exchange, nextcloud) => {
    const { run } = await openStage(`${onePair}
  - name: again
    ${exchange}
    nextcloud: ${nextcloud}`);
    await run('alice');
    expect(await run('again')).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining('in the pair "alice" already') },
    });
  });
});

it('lanes let as many through at once as each of them holds, and no more', async () => {
  const { run } = openLanes((key) => (key === 'all' ? 3 : 2));
  const running: string[] = [];
  let most = 0;
  const work = (host: string) => async (): Promise<void> => {
    running.push(host);
    most = Math.max(most, running.length);
    expect(running.filter((each) => each === host).length).toBeLessThanOrEqual(2);
    await new Promise((done) => setTimeout(done, 5));
    running.splice(running.indexOf(host), 1);
  };
  await Promise.all(['a', 'a', 'a', 'b', 'b', 'b'].map((host) => run(['all', host], work(host))));
  expect(most).toBe(3);
});
