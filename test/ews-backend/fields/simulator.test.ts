// The same round trips through the whole room and the simulated Exchange: what was said beforehand is what is read.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../simulator/index.ts';
import { judgeEnvelope } from '../../simulator/envelopes.ts';
import { openEwsBackend } from '../../../src/ews-backend/index.ts';
import type { Backend, Folder, FolderKind, ItemId, Mailbox, Stored } from '../../../src/model/backend.ts';
import { valueOf } from '../../../src/model/failure.ts';
import type { EventItem, Item } from '../../../src/model/item.ts';
import { addressedGroup, changes, contact, series, single, task, withChanges } from './arbitrary.ts';

let simulator: Simulator;
let backend: Backend;
let mailbox: Mailbox;
let folders: readonly Folder[];

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'none', envelope: judgeEnvelope });
  backend = openEwsBackend({ url: simulator.url });
  mailbox = await backend.open({ kind: 'password', user: 'alice@example.test', password: 'alice' });
  folders = await mailbox.folders();
});

afterAll(async () => {
  await backend.close();
  await simulator.close();
});

async function read(id: ItemId): Promise<Stored> {
  for await (const [, outcome] of mailbox.fetch([id])) return valueOf(outcome);
  throw new Error('no answer');
}

/** Without what only the server knows. */
function comparable(item: Item): unknown {
  const { created: _created, modified: _modified, ...rest } = item;
  if (rest.kind === 'group') {
    const members = rest.members.map(({ key: _key, ...member }) => ({
      ...member,
      // An address in other letters is the same.
      address: member.address.toLowerCase(),
    }));
    return { ...rest, members: members.toSorted((a, b) => (a.address < b.address ? -1 : 1)) };
  }
  if (rest.kind !== 'event') return JSON.parse(JSON.stringify(rest));
  const { sequence: _sequence, organizer: _organizer, uid: _uid, ...event } = rest;
  return JSON.parse(JSON.stringify(event));
}

/** Whom the server knows it goes on calling as it does: only who is invited, and as what. */
function withPeople(item: Item): unknown {
  const people = ({ attendees }: Pick<EventItem, 'attendees'>) =>
    attendees.map(({ address, name, role }) => `${address.toLowerCase() || name} ${role}`).toSorted();
  if (item.kind !== 'event') return comparable(item);
  const overrides = item.overrides.map((each) => ({ ...each, attendees: people(each) }));
  const { attendees, ...rest } = item;
  return comparable({ ...rest, attendees: people({ attendees }), overrides } as unknown as Item);
}

function heldOf(item: Item): Item {
  const expression = mailbox.express(item);
  fc.pre(expression.kind === 'ok');
  const held = expression.kind === 'ok' ? expression.held : item;
  // Without a date of its own a task was completed today.
  fc.pre(held.kind !== 'task' || held.status !== 'completed' || held.completed !== undefined);
  return held;
}

const pairOf = (arbitrary: fc.Arbitrary<Item>): fc.Arbitrary<readonly [Item, Item]> =>
  fc.tuple(arbitrary, arbitrary);

/** A series whose time and pattern stay while its occurrences change. */
const sameSeries = fc
  .tuple(series, changes, fc.option(fc.string(), { nil: undefined }))
  .map(([first, wanted, summary]): readonly [Item, Item] => {
    const bare = { ...first, overrides: [], cancelledDates: [], ...(summary !== undefined && { summary }) };
    return [first, withChanges(bare, wanted)];
  });

const kinds: readonly (readonly [string, FolderKind, fc.Arbitrary<readonly [Item, Item]>])[] = [
  ['single events', 'events', pairOf(single)],
  ['series', 'events', pairOf(series)],
  ['occurrences', 'events', sameSeries],
  ['tasks', 'tasks', pairOf(task)],
  ['contacts', 'contacts', pairOf(contact)],
  ['distribution lists', 'contacts', pairOf(addressedGroup)],
];

describe('through the simulator', () => {
  it.each(kinds)('%s are read as express says, made and changed', async (_name, kind, pairs) => {
    const folder = folders.find((each) => each.kind === kind && each.isDefault)!;
    const runs = fc.asyncProperty(pairs, async ([first, second]) => {
      const [held, next] = [heldOf(first), heldOf(second)];
      const tags = { uid: 'u', href: 'h', residue: 'r' };
      const made = await read((await mailbox.create(folder.id, { item: first, tags }, 'silent')).id);
      expect(comparable(made.item)).toEqual(comparable(held));
      expect(made.tags).toEqual(tags);
      const after = { item: second, tags: { residue: '' } };
      const { id } = await mailbox.update({ before: made, after, mail: 'silent', conflict: 'guarded' });
      const changed = await read(id);
      expect(withPeople(changed.item)).toEqual(withPeople(next));
      expect(changed.tags).toEqual({ uid: 'u', href: 'h' });
    });
    await fc.assert(runs, { numRuns: 60, maxSkipsPerRun: 1000 });
    expect(simulator.sentMessages()).toEqual([]);
  });
});
