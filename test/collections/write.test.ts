// PUT, DELETE, MOVE and COPY where others write, too.
import { describe, expect, it } from 'vitest';
import { openHome, openObjectCache } from '../../src/collections/index.ts';
import { BackendError } from '../../src/model/failure.ts';
import { cardText, contact, event, eventText } from '../memory-backend/items.ts';
import { openFixture, readOne, refusalOf } from './fixture.ts';

const silent = 'silent';

async function kindOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BackendError) return error.failure.kind;
    throw error;
  }
  return 'met';
}

describe('PUT', () => {
  it('tags the item for itself, and leaves what nobody wrote untouched', async () => {
    const { calendar, contacts, outside } = await openFixture();
    outside.create('calendar', event({ uid: 'native' }));
    await readOne(calendar, 'native.ics');
    expect(outside.items('calendar')[0]?.tags).toEqual({});
    await calendar.put({ href: 'mine.ics', text: eventText('my-uid'), condition: {}, mail: silent });
    await contacts.put({ href: 'card.vcf', text: cardText('card'), condition: {}, mail: silent });
    expect(outside.items('calendar')[1]).toMatchObject({ item: { uid: 'my-uid' } });
    expect(outside.items('calendar')[1]?.tags.href).toMatch(/^[0-9a-f]{8} mine\.ics$/);
    expect(outside.items('contacts')[0]?.tags).toMatchObject({
      uid: '00000000 card',
      href: '00000000 card.vcf',
    });
  });

  it('marks its tags anew when the server gives another UID', async () => {
    const { mailbox, calendar, outside, store, now, replica, pass } = await openFixture();
    const stubborn = {
      ...mailbox,
      create: (...[folder, draft, mail]: Parameters<typeof mailbox.create>) => {
        const item = draft.item.kind === 'event' ? { ...draft.item, uid: 'SERVER-UID' } : draft.item;
        return mailbox.create(folder, { ...draft, item }, mail);
      },
    };
    const home = openHome(stubborn, { ledger: store.ledger, cache: openObjectCache(1_000_000), now });
    const own = (await home.collection('calendar'))!;
    await own.put({ href: 'mine.ics', text: eventText('my-uid'), condition: {}, mail: silent });
    pass();
    expect(outside.items('calendar')[0]?.item).toMatchObject({ uid: 'SERVER-UID' });
    expect((await readOne(calendar, 'mine.ics')).text).toContain('UID:my-uid');
    const fresh = await (await replica()).collection('calendar');
    expect((await fresh!.members()).map((member) => member.href)).toEqual(['mine.ics']);
  });

  it('with an overtaken condition is refused, without one it is tried again', async () => {
    const { calendar, outside, backend, pass } = await openFixture();
    const id = outside.create('calendar', event({ uid: 'u' }));
    const { etag, text } = await readOne(calendar, 'u.ics');
    const overtake = () =>
      backend.faults.before('update', () =>
        outside.edit(id, (item) => (item.kind === 'event' ? { ...item, location: 'Room 2' } : item)),
      );
    const put = (condition = {}) =>
      calendar.put({ href: 'u.ics', text: text.replace('Meeting', 'Mine'), condition, mail: silent });
    overtake();
    expect(await refusalOf(put({ ifMatch: [etag] }))).toBe('412');
    expect(outside.items('calendar')[0]?.item).toMatchObject({ summary: 'Meeting', location: 'Room 2' });
    overtake();
    expect(await put()).toMatchObject({ created: false });
    expect(outside.items('calendar')[0]?.item).toMatchObject({ summary: 'Mine' });
    pass();
    expect((await readOne(calendar, 'u.ics')).text).toContain('SUMMARY:Mine');
  });

  it('onto what was deleted meanwhile creates it, unless a version was meant', async () => {
    const { calendar, outside, backend } = await openFixture();
    const put = (condition = {}) =>
      calendar.put({ href: 'a.ics', text: eventText('a'), condition, mail: silent });
    await put();
    const [member] = await calendar.members();
    const vanish = () =>
      backend.faults.before('update', () =>
        outside.items('calendar').forEach((item) => outside.remove(item.id)),
      );
    vanish();
    expect(await put()).toMatchObject({ created: true });
    const [again] = await calendar.members();
    expect(again?.etag).not.toBe(member?.etag);
    vanish();
    expect(await refusalOf(put({ ifMatch: [again!.etag] }))).toBe('412');
    expect(outside.items('calendar')).toHaveLength(0);
  });

  it('meets an older etag whose text says the same as the present one', async () => {
    const { calendar, outside, pass } = await openFixture();
    const id = outside.create('calendar', event({ uid: 'u' }));
    const { etag, text } = await readOne(calendar, 'u.ics');
    outside.edit(id, (item) => item);
    pass();
    const [member] = await calendar.members();
    expect(member?.etag).not.toBe(etag);
    const put = (condition: object) =>
      calendar.put({ href: 'u.ics', text: text.replace('Meeting', 'Mine'), condition, mail: silent });
    expect(await put({ ifMatch: [etag] })).toMatchObject({ created: false });
    pass();
    expect(await refusalOf(put({ ifMatch: [etag] }))).toBe('412');
  });

  it('says which part the mailbox cannot hold, and writes nothing', async () => {
    const { calendar, outside } = await openFixture();
    const text = eventText('a', { lines: ['RRULE:FREQ=HOURLY'] });
    const work = calendar.put({ href: 'a.ics', text, condition: {}, mail: silent });
    await expect(work).rejects.toThrow(/RRULE/);
    expect(outside.items('calendar')).toEqual([]);
  });

  it('that fails in the mailbox leaves the ledger right', async () => {
    const { calendar, backend, pass } = await openFixture();
    backend.faults.fail('create', 'busy');
    const put = () => calendar.put({ href: 'a.ics', text: eventText('a'), condition: {}, mail: silent });
    expect(await kindOf(put())).toBe('busy');
    expect(await calendar.members()).toEqual([]);
    pass();
    expect(await put()).toMatchObject({ created: true });
  });

  it('that is sent twice at once creates one item', async () => {
    const { calendar, outside, callsOf } = await openFixture({ latencyMs: 3 });
    const put = (href: string, uid: string, condition = {}) =>
      calendar.put({ href, text: eventText(uid), condition, mail: silent });
    const calls = await callsOf(() => Promise.all([put('a.ics', 'a'), put('a.ics', 'a'), put('a.ics', 'a')]));
    expect(calls).toMatchObject({ create: 1, update: 2 });
    const both = await Promise.all([
      refusalOf(put('b.ics', 'b', { ifNoneMatch: '*' })),
      refusalOf(put('b.ics', 'b', { ifNoneMatch: '*' })),
      refusalOf(put('c.ics', 'b')),
    ]);
    expect(both.sort()).toEqual(['409 no-uid-conflict', '412', 'met']);
    expect(outside.items('calendar')).toHaveLength(2);
    const removed = await Promise.all([
      refusalOf(calendar.remove('a.ics', {}, silent)),
      refusalOf(calendar.remove('a.ics', {}, silent)),
    ]);
    expect(removed.sort()).toEqual(['404', 'met']);
  });

  it('that broke off after the mailbox wrote it does not write it twice', async () => {
    const { calendar, mailbox, outside, store, now } = await openFixture();
    let isBroken = true;
    const breaking: typeof mailbox = {
      ...mailbox,
      create: async (...args) => {
        const written = await mailbox.create(...args);
        if (isBroken) throw new BackendError({ kind: 'unavailable', message: 'connection lost' });
        return written;
      },
    };
    const home = openHome(breaking, { ledger: store.ledger, cache: openObjectCache(1_000_000), now });
    const own = (await home.collection('calendar'))!;
    const put = () => own.put({ href: 'a.ics', text: eventText('a'), condition: {}, mail: silent });
    expect(await kindOf(put())).toBe('unavailable');
    isBroken = false;
    expect(await put()).toMatchObject({ created: false });
    expect(outside.items('calendar')).toHaveLength(1);
    expect(await calendar.members()).toHaveLength(1);
  });

  it('keeps a photo and gives it back inline', async () => {
    const { contacts, outside, pass } = await openFixture();
    const id = outside.create('contacts', contact());
    outside.photo(id, Buffer.from('jpeg bytes'));
    const [member] = await contacts.members();
    const { text } = await readOne(contacts, member!.href);
    expect(text.replaceAll('\r\n ', '')).toContain(Buffer.from('jpeg bytes').toString('base64'));
    await contacts.put({
      href: member!.href,
      text: text.replace('Lovelace', 'King'),
      condition: {},
      mail: silent,
    });
    pass();
    const again = await readOne(contacts, member!.href);
    expect(again.text.replaceAll('\r\n ', '')).toContain(Buffer.from('jpeg bytes').toString('base64'));
  });

  it('and DELETE need the rights that the folder tells of', async () => {
    const { backend, outside, store, now } = await openFixture();
    outside.allow('bob@example.test', 'calendar', { read: true });
    outside.create('calendar', event({ uid: 'u' }));
    backend.outside('bob@example.test');
    const mailbox = await backend.open(
      { kind: 'password', user: 'bob@example.test', password: 'bob' },
      'alice@example.test',
    );
    const home = openHome(mailbox, { ledger: store.ledger, cache: openObjectCache(1_000_000), now });
    const calendar = (await home.collection('calendar'))!;
    backend.resetCalls();
    const put = (href: string, uid: string) =>
      calendar.put({ href, text: eventText(uid), condition: {}, mail: silent });
    expect(await refusalOf(put('new.ics', 'new'))).toBe('403 need-privileges');
    expect(await refusalOf(put('u.ics', 'u'))).toBe('403 need-privileges');
    expect(await refusalOf(calendar.remove('u.ics', {}, silent))).toBe('403 need-privileges');
    expect(await refusalOf(home.patch('calendar', { displayName: 'x' }))).toBe('403 need-privileges');
    expect(backend.calls()).toEqual({ changes: 1 });
  });
});

describe('an object of several invitations', () => {
  it('is read as one, removed as one, and not rewritten', async () => {
    const { calendar, outside } = await openFixture();
    for (const day of ['02', '09']) {
      const start = { kind: 'zoned', local: `2026-03-${day}T09:00:00`, zone: 'UTC' } as const;
      const end = { ...start, local: `2026-03-${day}T10:00:00` };
      outside.create('calendar', event({ uid: 'u', start, end, recurrenceId: start }), { instance: day });
    }
    expect(await calendar.members()).toHaveLength(1);
    const { text } = await readOne(calendar, 'u.ics');
    expect(text.match(/RECURRENCE-ID/g)).toHaveLength(2);
    expect(await refusalOf(calendar.put({ href: 'u.ics', text, condition: {}, mail: silent }))).toBe('403');
    await calendar.remove('u.ics', {}, silent);
    expect(outside.items('calendar')).toEqual([]);
  });
});

describe('MOVE', () => {
  it('of a contact keeps its name and tags when the ledger is lost', async () => {
    const { home, contacts, outside, replica, pass } = await openFixture();
    outside.folder({ key: 'friends', kind: 'contacts' });
    await contacts.put({ href: 'c.vcf', text: cardText('card'), condition: {}, mail: silent });
    await home.transfer({
      verb: 'move',
      from: { key: 'contacts', href: 'c.vcf' },
      to: { key: 'friends', href: 'd.vcf' },
      overwrite: false,
      condition: {},
    });
    pass();
    const fresh = await (await replica()).collection('friends');
    expect((await fresh!.members()).map((member) => member.href)).toEqual(['d.vcf']);
    expect((await readOne(fresh!, 'd.vcf')).text).toContain('UID:card');
    expect(await contacts.members()).toEqual([]);
  });

  it('between calendars and address books is refused before anything happens', async () => {
    const { home, calendar, outside } = await openFixture();
    outside.create('calendar', event({ uid: 'u' }));
    await calendar.members();
    const request = {
      verb: 'move',
      from: { key: 'calendar', href: 'u.ics' },
      to: { key: 'contacts', href: 'u.vcf' },
      overwrite: true,
      condition: {},
    } as const;
    expect(await refusalOf(home.transfer(request))).toMatch(/^403/);
    expect(outside.items('calendar')).toHaveLength(1);
  });
});
