// How many requests one cycle costs, both sides together: nothing changed, one change each way, one deletion each way.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/index.ts';
import { openRemote } from '../src/dav-remote/index.ts';
import { readMirrorConfig } from '../src/mirror/index.ts';
import type { Collection } from '../src/model/collection.ts';
import { valueOf } from '../src/model/failure.ts';
import { openConfigured } from '../src/server/mirror/open.ts';
import { startNextcloudDouble } from '../test/nextcloud-double/index.ts';
import type { MirrorRow } from './mirror.ts';
import { openExchangeCalendar } from './mirror-servers.ts';

const limits = { idle: 2, toNextcloud: 6, toExchange: 8, removal: 8 } as const;

export async function measureCycles(): Promise<readonly MirrorRow[]> {
  const simulator = await startSimulator({ seed: 100 });
  const double = await startNextcloudDouble();
  const folder = mkdtempSync(join(tmpdir(), 'exdav-bench-'));
  let time = Date.now();
  const asked: string[] = [];
  const mirror = await openConfigured(configFor(simulator.url, double.url), folder, {
    environment: {},
    now: () => time,
    request: ({ side }) => void asked.push(side),
  });
  const exchange = await openExchangeCalendar(simulator.url, () => time);
  const remote = await openRemote({ url: double.url, user: 'alice', password: 'alice password' });
  const [pair] = mirror.pairs;
  const cycle = async (change?: () => Promise<void>): Promise<number> => {
    time += 10_000;
    await change?.();
    time += 10_000;
    asked.length = 0;
    const outcome = pair && (await mirror.run(pair));
    if (outcome?.kind !== 'ran') throw new Error('the pair could not be run', { cause: outcome?.error });
    return asked.length;
  };
  try {
    await cycle();
    const nextcloud = await remote.find({ displayName: 'Mirrored', kind: 'events' });
    if (nextcloud === undefined) throw new Error('the mirror made no collection');
    return [
      row('a cycle without changes', await cycle(), limits.idle),
      row('one change in Exchange', await cycle(() => edited(exchange)), limits.toNextcloud),
      row('one change in Nextcloud', await cycle(() => edited(nextcloud)), limits.toExchange),
      row('one deletion in Exchange', await cycle(() => removed(exchange)), limits.removal),
      row('one deletion in Nextcloud', await cycle(() => removed(nextcloud)), limits.removal),
    ];
  } finally {
    await mirror.close();
    await double.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function configFor(exchange: string, nextcloud: string) {
  return readMirrorConfig(`
exchange: { work: { user: alice@example.test, password: alice, url: "${exchange}" } }
nextcloud: { cloud: { url: "${nextcloud}", user: alice, password: alice password } }
pairs: [{ name: alice, exchange: { login: work }, nextcloud: { login: cloud, collection: Mirrored } }]
`);
}

function row(what: string, requests: number, target: number): MirrorRow {
  return { what, value: `${requests} requests`, target: `${target}`, isMissed: requests > target };
}

async function firstPlain(collection: Collection): Promise<{ href: string; text: string }> {
  const members = (await collection.members()).map(({ href }) => href);
  for (const [href, outcome] of await collection.read(members, { kind: 'whole' })) {
    const { text } = valueOf(outcome);
    if (!/RRULE|ATTENDEE/.test(text)) return { href, text };
  }
  throw new Error('there is no plain event');
}

async function edited(collection: Collection): Promise<void> {
  const { href, text } = await firstPlain(collection);
  const changed = text.replace(/^SUMMARY:.*(\r\n .*)*/m, `SUMMARY:Changed ${Math.random()}`);
  await collection.put({ href, text: changed, condition: {}, mail: 'silent' });
}

async function removed(collection: Collection): Promise<void> {
  const { href } = await firstPlain(collection);
  await collection.remove(href, {}, 'silent');
}
