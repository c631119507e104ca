// Two access identities share nothing, whatever they ask of one folder (DESIGN §4, §9).
import { describe, expect, it } from 'vitest';
import { openHome, openObjectCache } from '../../src/collections/index.ts';
import type { Ledger } from '../../src/model/store.ts';
import { event, eventText } from '../memory-backend/items.ts';
import { openFixture, readOne, refusalOf } from './fixture.ts';

const alice = 'alice@example.test';
const bob = 'bob@example.test';

async function twoReaders() {
  const fixture = await openFixture();
  const { backend, outside, store, now } = fixture;
  const cache = openObjectCache(1_000_000);
  const scopes = new Set<string>();
  // Every access to the ledger is watched.
  const ledger = new Proxy(store.ledger, {
    get:
      (target, name: keyof Ledger) =>
      (scope: { identity: string }, ...rest: never[]) => {
        scopes.add(scope.identity);
        return (target[name] as (...args: unknown[]) => unknown)(scope, ...rest);
      },
  });
  backend.outside(bob).folder({ key: 'calendar', kind: 'events', isDefault: true });
  outside.allow(bob, 'calendar', { read: true });
  const own = await backend.open({ kind: 'password', user: alice, password: 'alice' });
  const delegate = await backend.open({ kind: 'password', user: bob, password: 'bob' }, alice);
  const options = { ledger, cache, now };
  const aliceHome = openHome(own, options);
  const bobHome = openHome(delegate, options);
  const calendarOf = async (home: typeof aliceHome) => (await home.collection('calendar'))!;
  return {
    ...fixture,
    scopes,
    aliceCalendar: await calendarOf(aliceHome),
    bobCalendar: await calendarOf(bobHome),
    delegate,
    options,
  };
}

describe('two identities on one folder', () => {
  it('have ledgers and caches of their own', async () => {
    const { aliceCalendar, bobCalendar, outside, callsOf, scopes } = await twoReaders();
    outside.create('calendar', event({ uid: 'u' }));
    await readOne(aliceCalendar, 'u.ics');
    // What alice has read does not spare bob's own question.
    expect(await callsOf(() => readOne(bobCalendar, 'u.ics'))).toEqual({ changes: 1, fetch: 1 });
    expect([...scopes].sort()).toEqual([alice, bob]);
  });

  it('see nothing any more when the right is gone, cached or not', async () => {
    const { aliceCalendar, bobCalendar, outside, pass } = await twoReaders();
    outside.create('calendar', event({ uid: 'u' }));
    await readOne(aliceCalendar, 'u.ics');
    await readOne(bobCalendar, 'u.ics');
    outside.allow(bob, 'calendar', {});
    pass();
    for (const work of [
      bobCalendar.members(),
      bobCalendar.read(['u.ics'], { kind: 'whole' }),
      bobCalendar.feed('whole'),
    ]) {
      await expect(work).rejects.toMatchObject({ failure: { kind: 'denied' } });
    }
    expect((await readOne(aliceCalendar, 'u.ics')).text).toContain('UID:u');
  });

  it('do not take each other’s tokens', async () => {
    const { aliceCalendar, bobCalendar, pass } = await twoReaders();
    await bobCalendar.members();
    for (let index = 0; index < 20; index += 1) {
      const [href, text] = [`${index}.ics`, eventText(`${index}`)];
      await aliceCalendar.put({ href, text, condition: {}, mail: 'silent' });
      pass(1);
    }
    const { token } = await aliceCalendar.changes(undefined);
    expect(await refusalOf(bobCalendar.changes(token))).toBe('403 valid-sync-token');
  });
});

describe('collections of other mailboxes in one’s own home', () => {
  it('are named after the mailbox and written with one’s own rights', async () => {
    const { backend, outside, delegate, options, pass } = await twoReaders();
    outside.allow(bob, 'other', { read: true, create: true, modify: true, remove: true });
    const own = await backend.open({ kind: 'password', user: bob, password: 'bob' });
    const home = openHome(own, { ...options, sharedMailboxes: [delegate] });
    const keys = (await home.collections()).map(({ folder }) => folder.key);
    expect(keys.sort()).toEqual([`${alice}~calendar`, `${alice}~other`, 'calendar']);
    const shared = (await home.collection(`${alice}~other`))!;
    expect(shared.owner.address).toBe(alice);
    // Two calendars called "Calendar" could not be told apart in a client's list.
    expect(shared.folder.displayName).toMatch(new RegExp(`^.+ \\(${alice}\\)$`));
    expect((await home.collection('calendar'))?.folder.displayName).not.toContain(alice);
    await shared.put({ href: 'a.ics', text: eventText('a'), condition: {}, mail: 'silent' });
    expect(outside.items('other')).toHaveLength(1);
    await home.transfer({
      verb: 'move',
      from: { key: `${alice}~other`, href: 'a.ics' },
      to: { key: 'calendar', href: 'b.ics' },
      overwrite: false,
      condition: {},
    });
    expect(outside.items('other')).toHaveLength(0);
    expect(backend.outside(bob).items('calendar')).toHaveLength(1);
    pass();
    outside.removeFolder('calendar');
    outside.removeFolder('other');
    expect((await home.collections()).map(({ folder }) => folder.key)).toEqual(['calendar']);
  });

  it('hide nothing when that mailbox is closed', async () => {
    const { backend, delegate, options, pass } = await twoReaders();
    const own = await backend.open({ kind: 'password', user: bob, password: 'bob' });
    const closed = {
      ...delegate,
      folders: () => Promise.reject(new (class extends Error {})('unexpected')),
    };
    const { BackendError } = await import('../../src/model/failure.ts');
    const denied = {
      ...delegate,
      folders: () => Promise.reject(new BackendError({ kind: 'denied', message: 'closed' })),
    };
    const home = openHome(own, { ...options, sharedMailboxes: [denied] });
    expect((await home.collections()).map(({ folder }) => folder.key)).toEqual(['calendar']);
    pass();
    await expect(openHome(own, { ...options, sharedMailboxes: [closed] }).collections()).rejects.toThrow(
      'unexpected',
    );
  });
});
