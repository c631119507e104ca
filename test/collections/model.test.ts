// A mailbox changed from two sides at random, ledgers lost on the way: what a client that only follows deltas knows is
// always what is there, and names and etags do not depend on the ledger (DESIGN §4).
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ItemId } from '../../src/model/backend.ts';
import type { Collection, Delta, Href, SyncToken } from '../../src/model/collection.ts';
import { BackendError, DavError } from '../../src/model/failure.ts';
import { event, eventText } from '../memory-backend/items.ts';
import { type Fixture, openFixture } from './fixture.ts';

/** What a client knows that never lists anything but changes. */
class Follower {
  readonly known = new Map<Href, string>();
  token: SyncToken | undefined;
  readonly limit: number | undefined;

  constructor(limit?: number) {
    this.limit = limit;
  }

  async follow(collection: Collection): Promise<void> {
    for (let step = 0; step < 200; step += 1) {
      const delta = await this.next(collection);
      for (const { href, etag } of delta.changed) this.known.set(href, etag);
      for (const href of delta.gone) this.known.delete(href);
      this.token = delta.token;
      if (!delta.truncated) return;
    }
    throw new Error('a limited answer that never ends');
  }

  private async next(collection: Collection): Promise<Delta> {
    try {
      return await collection.changes(this.token, this.limit);
    } catch (error) {
      if (!(error instanceof DavError) || error.precondition !== '{DAV:}valid-sync-token') throw error;
      this.token = undefined;
      this.known.clear();
      return collection.changes(undefined, this.limit);
    }
  }
}

interface State {
  readonly fixture: Fixture;
  readonly collections: readonly Collection[];
  readonly followers: readonly (readonly [Collection, Follower])[];
}

type Step = (state: State, pick: (count: number) => number) => Promise<void>;

const keys = ['calendar', 'other'] as const;
/** A database of its own: the contract suite of stores empties the one that is named. */
const redisUrls = [process.env['EXDAV_TEST_REDIS'] ?? '']
  .filter(Boolean)
  .map((url) => `${url.replace(/\/\d*$/, '')}/15`);

function itemsOf({ fixture }: State): ItemId[] {
  return keys.flatMap((key) => fixture.outside.items(key).map((item) => item.id));
}

/** Refusals are fine: the state must be right after them, too. */
async function tolerated(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DavError) && !(error instanceof BackendError)) throw error;
  }
}

const steps: Record<string, Step> = {
  outsideCreate: async ({ fixture }, pick) => {
    fixture.outside.create(keys[pick(2)] ?? 'other', event({ summary: `n${pick(100)}` }));
  },
  outsideEdit: async (state, pick) => {
    const items = itemsOf(state);
    const id = items[pick(items.length)];
    if (id)
      state.fixture.outside.edit(id, (item) =>
        item.kind === 'event' ? { ...item, summary: `e${pick(100)}` } : item,
      );
  },
  outsideRemove: async (state, pick) => {
    const items = itemsOf(state);
    const id = items[pick(items.length)];
    if (id) state.fixture.outside.remove(id);
  },
  outsideCopy: async (state, pick) => {
    const items = itemsOf(state);
    const id = items[pick(items.length)];
    if (id) state.fixture.outside.copy(id, keys[pick(2)]);
  },
  outsideMove: async (state, pick) => {
    const items = itemsOf(state);
    const id = items[pick(items.length)];
    if (id) state.fixture.outside.move(id, keys[pick(2)] ?? 'other');
  },
  put: async ({ collections }, pick) => {
    const uid = `uid-${pick(6)}`;
    const href = pick(3) === 0 ? `name-${pick(4)}.ics` : `${uid}.ics`;
    const text = eventText(uid, { summary: `p${pick(100)}` });
    await tolerated(collections[pick(2)]!.put({ href, text, condition: {}, mail: 'silent' }));
  },
  rewrite: async ({ collections }, pick) => {
    const collection = collections[pick(2)]!;
    const members = await collection.members();
    const member = members[pick(members.length)];
    if (!member) return;
    const [[, outcome] = []] = await collection.read([member.href], { kind: 'whole' });
    if (!outcome?.ok) return;
    const text = outcome.value.text.replace(/SUMMARY:.*/, `SUMMARY:w${pick(100)}`);
    await tolerated(
      collection.put({
        href: member.href,
        text,
        condition: { ifMatch: [outcome.value.etag] },
        mail: 'silent',
      }),
    );
  },
  remove: async ({ collections }, pick) => {
    const collection = collections[pick(2)]!;
    const members = await collection.members();
    const member = members[pick(members.length)];
    const condition = pick(2) === 0 && member ? { ifMatch: [member.etag] } : {};
    if (member) await tolerated(collection.remove(member.href, condition, 'silent'));
  },
  transfer: async ({ fixture, collections }, pick) => {
    const [from, to] = [pick(2), pick(2)];
    const members = await collections[from]!.members();
    const member = members[pick(members.length)];
    if (!member) return;
    await tolerated(
      fixture.home.transfer({
        verb: pick(2) === 0 ? 'move' : 'copy',
        from: { key: keys[from] ?? '', href: member.href },
        to: { key: keys[to] ?? '', href: `moved-${pick(5)}.ics` },
        overwrite: pick(2) === 0,
        condition: {},
      }),
    );
  },
  outsideWhileWriting: async (state, pick) => {
    const operation = ['create', 'update', 'remove', 'changes'][pick(4)] ?? 'changes';
    const items = itemsOf(state);
    const id = items[pick(items.length)];
    if (!id) return;
    state.fixture.backend.faults.before(operation, () => {
      if (itemsOf(state).includes(id))
        state.fixture.outside.edit(id, (item) => ({ ...item, summary: 'meanwhile' }) as typeof item);
    });
  },
  cursorLost: async ({ fixture }) => fixture.backend.faults.loseCursors(),
  ledgerLost: async ({ fixture, collections }) => {
    for (const { identity, folder } of collections)
      await fixture.store.ledger.drop({ identity, folder: folder.id });
  },
  failure: async ({ fixture }, pick) => {
    fixture.backend.faults.fail(
      ['changes', 'fetch', 'create', 'update', 'remove', 'move'][pick(6)] ?? 'fetch',
      'unavailable',
    );
  },
};

async function check(state: State): Promise<void> {
  const { fixture, collections, followers } = state;
  fixture.backend.faults.none();
  fixture.pass();
  for (const [collection, follower] of followers) {
    await follower.follow(collection);
    const members = await collection.members();
    expect(Object.fromEntries(follower.known)).toEqual(
      Object.fromEntries(members.map(({ href, etag }) => [href, etag])),
    );
  }
  for (const [index, collection] of collections.entries()) {
    const members = await collection.members();
    expect(members).toHaveLength(fixture.outside.items(keys[index] ?? '').length);
    expect(new Set(members.map((member) => member.href)).size).toBe(members.length);
  }
}

/** A process that never saw anything gives every object the same name and the same etag. */
async function checkAnew(state: State): Promise<void> {
  const { fixture, collections } = state;
  const fresh = await openFreshHome(fixture);
  for (const [index, collection] of collections.entries()) {
    const other = await fresh.collection(keys[index] ?? '');
    const byHref = (members: readonly { href: string; etag: string }[]) =>
      Object.fromEntries(members.map((member) => [member.href, member.etag]));
    expect(byHref((await other?.members()) ?? [])).toEqual(byHref(await collection.members()));
  }
}

async function openFreshHome(fixture: Fixture) {
  const { openStore } = await import('../../src/store/index.ts');
  const store = await openStore('memory:', { now: fixture.now });
  return fixture.replica({ ledger: store.ledger });
}

describe('a mailbox changed from two sides', () => {
  const stores = ['memory:', 'sqlite::memory:', ...redisUrls];
  it.each(stores)(
    'is followed rightly by deltas, and named the same anew: %s',
    async (store) => {
      const names = Object.keys(steps);
      const script = fc.array(
        fc.tuple(fc.constantFrom(...names), fc.array(fc.nat(1_000_000), { minLength: 8, maxLength: 8 })),
        {
          minLength: 5,
          maxLength: 60,
        },
      );
      await fc.assert(
        fc.asyncProperty(
          script,
          fc.integer({ min: 1, max: 5 }),
          fc.boolean(),
          async (script, limit, isPrompt) => {
            const fixture = await openFixture({ store, pageSize: 4 });
            const collections = [fixture.calendar, fixture.other];
            const followers = collections.flatMap((collection) => [
              [collection, new Follower()] as const,
              [collection, new Follower(limit)] as const,
            ]);
            const state: State = { fixture, collections, followers };
            for (const [name, picks] of script) {
              let at = 0;
              const pick = (count: number): number =>
                count === 0 ? 0 : (picks[at++ % picks.length] ?? 0) % count;
              // Within a second of another program's write a ledger may not know it yet.
              fixture.pass(isPrompt ? 1500 : picks[7]! % 1500);
              await tolerated(steps[name]!(state, pick));
              if (picks[6]! % 3 === 0) await check(state);
            }
            await check(state);
            if (isPrompt) await checkAnew(state);
            await fixture.store.close();
          },
        ),
        { numRuns: Number(process.env['EXDAV_TEST_RUNS'] ?? 60) },
      );
    },
    120_000,
  );
});
