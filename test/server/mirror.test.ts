// The whole mirror: simulated Exchange on one side, a double of Nextcloud on the other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import { type MirrorEvent, readMirrorConfig } from '../../src/mirror/index.ts';
import { openConfigured } from '../../src/server/mirror/open.ts';
import { startNextcloudDouble } from '../nextcloud-double/index.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

describe('the mirror between Exchange and Nextcloud', () => {
  it('copies a seeded calendar, and asks each side once when nothing changed', async () => {
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
  - name: alice
    exchange: { login: work }
    nextcloud: { login: cloud, collection: Exchange }
`);
    const asked: string[] = [];
    const events: MirrorEvent[] = [];
    let time = Date.now();
    const mirror = await openConfigured(config, folder, {
      now: () => time,
      environment: { EXDAV_EWS_URL: simulator.url },
      request: ({ side }) => void asked.push(side),
      observe: (_pair, event) => void events.push(event),
    });
    closers.push(() => mirror.close());
    const [pair] = mirror.pairs;
    if (pair === undefined) throw new Error('no pair');
    const first = await mirror.run(pair);
    if (first.kind === 'failed') throw first.error;
    expect(first.report.counts).toEqual({ 'created on nextcloud': 300 });
    expect(events.filter((event) => event.kind === 'object' && event.action !== 'created')).toEqual([]);
    // A refresh that ended less than a second ago counts for the next one.
    time += 5000;
    expect(await mirror.run(pair)).toMatchObject({ report: { counts: {} } });
    time += 5000;
    asked.length = 0;
    expect(await mirror.run(pair)).toMatchObject({ report: { counts: {} } });
    expect(asked.toSorted()).toEqual(['exchange', 'nextcloud']);
    expect(simulator.sentMessages()).toEqual([]);
  });
});
