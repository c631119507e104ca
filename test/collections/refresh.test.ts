// One refresh for all who wait, other replicas, lost cursors and ledgers.
import { describe, expect, it } from 'vitest';
import * as translate from '../../src/translate/index.ts';
import { openHome, openHomeWith, openObjectCache } from '../../src/collections/index.ts';
import type { Mailbox } from '../../src/model/backend.ts';
import { event, eventText } from '../memory-backend/items.ts';
import { openFixture, refusalOf } from './fixture.ts';

const silent = 'silent';

describe('refresh', () => {
  it('is one flight for all who ask at once', async () => {
    const { calendar, outside, callsOf, pass } = await openFixture({ latencyMs: 5 });
    outside.create('calendar', event());
    pass();
    const all = () => Promise.all(Array.from({ length: 20 }, () => calendar.members()));
    expect(await callsOf(all)).toEqual({ changes: 1 });
  });

  it('goes on for the others when one leaves', async () => {
    const { calendar, outside, callsOf, pass } = await openFixture({ latencyMs: 20 });
    outside.create('calendar', event());
    pass();
    const controller = new AbortController();
    const calls = await callsOf(async () => {
      const leaving = calendar.members(controller.signal);
      const staying = calendar.members();
      controller.abort(new Error('client gone'));
      await expect(leaving).rejects.toThrow('client gone');
      expect(await staying).toHaveLength(1);
    });
    expect(calls).toEqual({ changes: 1 });
  });

  it('of one folder does not hold up another', async () => {
    const { mailbox, store, now } = await openFixture();
    const gate = Promise.withResolvers<void>();
    const slow: Mailbox = {
      ...mailbox,
      changes: async function* (folder, cursor) {
        if (folder === calendar.folder.id) await gate.promise;
        yield* mailbox.changes(folder, cursor);
      },
    };
    const home = openHome(slow, { ledger: { ...store.ledger }, cache: openObjectCache(1_000_000), now });
    const calendar = (await home.collection('calendar'))!;
    const other = (await home.collection('other'))!;
    const held = calendar.members();
    expect(await other.members()).toEqual([]);
    gate.resolve();
    expect(await held).toEqual([]);
  });

  it('fails for all who wait, and works again afterwards', async () => {
    const { calendar, backend, pass } = await openFixture();
    pass();
    backend.faults.fail('changes', 'busy');
    const results = await Promise.allSettled([calendar.members(), calendar.members()]);
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    expect(await calendar.members()).toEqual([]);
  });

  it('sees a change at once after a second, and gives it a new revision', async () => {
    const { calendar, outside, pass } = await openFixture();
    const id = outside.create('calendar', event());
    const before = await calendar.state();
    pass(1000);
    outside.edit(id, (item) => ({ ...item, categories: ['x'] }));
    const [member] = await calendar.members();
    const after = await calendar.state();
    expect(after).not.toEqual(before);
    expect((await calendar.changes(before.syncToken)).changed).toEqual([member]);
  });

  it('keeps tokens, names and etags when only the cursor is lost', async () => {
    const { calendar, outside, backend, pass, callsOf } = await openFixture();
    const [one, two] = [outside.create('calendar', event()), outside.create('calendar', event())];
    const { token } = await calendar.changes(undefined);
    const before = await calendar.members();
    backend.faults.loseCursors();
    pass();
    expect(await callsOf(() => calendar.changes(token))).toEqual({ changes: 2 });
    expect(await calendar.changes(token)).toEqual({ changed: [], gone: [], token, truncated: false });
    expect(await calendar.members()).toEqual(before);
    backend.faults.loseCursors();
    outside.remove(one);
    outside.edit(two, (item) => ({ ...item, categories: ['x'] }));
    pass();
    const delta = await calendar.changes(token);
    expect(delta.gone).toHaveLength(1);
    expect(delta.changed).toHaveLength(1);
  });

  it('understands listings that always name everything', async () => {
    const { calendar, outside, backend, pass } = await openFixture({ pageSize: 2 });
    backend.faults.alwaysFull(true);
    const ids = Array.from({ length: 5 }, () => outside.create('calendar', event()));
    const { token } = await calendar.changes(undefined);
    outside.remove(ids[2] ?? '');
    pass();
    const delta = await calendar.changes(token);
    expect([delta.changed.length, delta.gone.length]).toEqual([0, 1]);
  });

  it('refuses the tokens of a ledger that is lost', async () => {
    const { calendar, outside, store, pass } = await openFixture();
    outside.create('calendar', event());
    const { token } = await calendar.changes(undefined);
    const before = await calendar.members();
    await store.ledger.drop({ identity: calendar.identity, folder: calendar.folder.id });
    expect(await refusalOf(calendar.changes(token))).toBe('403 valid-sync-token');
    pass();
    expect(await calendar.members()).toEqual(before);
  });

  it('agrees with a second replica on the same store', async () => {
    const { calendar, outside, replica, pass } = await openFixture();
    const second = await (await replica()).collection('calendar');
    const { token } = await calendar.changes(undefined);
    for (let round = 0; round < 10; round += 1) {
      outside.create('calendar', event());
      pass();
      const [mine, theirs] = await Promise.all([calendar.members(), second!.members()]);
      expect(theirs).toEqual(mine);
      const href = `${round}.ics`;
      await Promise.all([
        calendar.put({ href, text: eventText(`a${round}`), condition: {}, mail: silent }),
        second!.put({ href: `b${href}`, text: eventText(`b${round}`), condition: {}, mail: silent }),
      ]);
    }
    pass();
    expect((await calendar.changes(token)).changed).toHaveLength(30);
    expect(await second!.members()).toHaveLength(30);
  });

  it('tells everybody that everything changed when the translation did', async () => {
    const { calendar, outside, mailbox, store, now, pass } = await openFixture();
    for (let index = 0; index < 3; index += 1) outside.create('calendar', event());
    const { token, changed } = await calendar.changes(undefined);
    const newer = { ...translate, translationVersion: translate.translationVersion + 1 };
    const options = { ledger: { ...store.ledger }, cache: openObjectCache(1_000_000), now };
    pass();
    const upgraded = await openHomeWith(mailbox, options, newer).collection('calendar');
    const delta = await upgraded!.changes(token);
    expect(delta.changed.map((member) => member.href).sort()).toEqual(
      changed.map((member) => member.href).sort(),
    );
    expect(delta.changed.every(({ etag }) => changed.every((old) => old.etag !== etag))).toBe(true);
    expect((await upgraded!.changes(delta.token)).changed).toEqual([]);
  });

  it('enters a write that another program overtakes rightly', async () => {
    const { calendar, outside, backend, pass } = await openFixture();
    await calendar.put({ href: 'a.ics', text: eventText('a'), condition: {}, mail: silent });
    const { token } = await calendar.changes(undefined);
    pass();
    const second = calendar.put({ href: 'b.ics', text: eventText('b'), condition: {}, mail: silent });
    backend.faults.before('create', () => {
      for (const item of outside.items('calendar')) outside.remove(item.id);
    });
    await second;
    pass();
    const delta = await calendar.changes(token);
    expect(delta.gone).toEqual(['a.ics']);
    expect(delta.changed.map((member) => member.href)).toEqual(['b.ics']);
  });

  it('forgets what was made here and removed elsewhere before any listing told of it', async () => {
    const { calendar, outside, pass, replica } = await openFixture();
    const { token } = await calendar.changes(undefined);
    await calendar.put({ href: 'a.ics', text: eventText('a'), condition: {}, mail: silent });
    const { token: then } = await calendar.changes(token);
    for (const item of outside.items('calendar')) outside.remove(item.id);
    pass();
    // Also in a process that did not make it.
    const other = await (await replica()).collection('calendar');
    expect(await other?.members()).toEqual([]);
    expect(await calendar.changes(then)).toMatchObject({ changed: [], gone: ['a.ics'] });
  });

  it('counts a hint as a reason to ask', async () => {
    const { calendar, outside } = await openFixture();
    await calendar.members();
    const controller = new AbortController();
    const hints = calendar.watch(controller.signal)[Symbol.asyncIterator]();
    const hint = hints.next();
    await new Promise(setImmediate);
    outside.create('calendar', event());
    expect((await hint).done).toBe(false);
    expect(await calendar.members()).toHaveLength(1);
    const end = hints.next();
    controller.abort();
    expect((await end).done).toBe(true);
  });
});
