// Reading when something is wrong: one bad item hides no other, and nothing half looks whole.
import { describe, expect, it } from 'vitest';
import { type Note, openHomeWith, openObjectCache } from '../../src/collections/index.ts';
import { BackendError } from '../../src/model/failure.ts';
import * as translate from '../../src/translate/index.ts';
import { event } from '../memory-backend/items.ts';
import { failureKind, openFixture, readOne, refusalOf } from './fixture.ts';

const comp = { isNotDefined: false, props: [], comps: [] };
const everything = {
  kind: 'calendar',
  filter: { comp: { ...comp, name: 'VCALENDAR', comps: [{ ...comp, name: 'VEVENT' }] } },
} as const;

async function withPoison() {
  const fixture = await openFixture();
  const ids = ['a', 'b', 'c'].map((uid) => fixture.outside.create('calendar', event({ uid })));
  fixture.backend.faults.poison(ids[1] ?? '');
  return { ...fixture, ids };
}

describe('an item that cannot be read', () => {
  it('is listed, answered with a failure of its own, and hides no other', async () => {
    const { calendar } = await withPoison();
    expect((await calendar.members()).map((member) => member.href)).toEqual(['a.ics', 'b.ics', 'c.ics']);
    const read = await calendar.read(['c.ics', 'b.ics', 'no.ics', 'a.ics', 'a.ics'], { kind: 'whole' });
    expect(read.map(([href, outcome]) => `${href} ${failureKind(outcome)}`)).toEqual([
      'c.ics ok',
      'b.ics unreadable',
      'no.ics not-found',
      'a.ics ok',
      'a.ics ok',
    ]);
    const { found } = await calendar.query({ filter: everything, shape: { kind: 'whole' } });
    expect(Object.fromEntries(found.map(([href, outcome]) => [href, failureKind(outcome)]))).toEqual({
      'a.ics': 'ok',
      'b.ics': 'unreadable',
      'c.ics': 'ok',
    });
  });

  it('fails a feed, because an incomplete one would delete', async () => {
    const { calendar, backend, ids, pass } = await withPoison();
    await expect(calendar.feed('whole')).rejects.toThrow(BackendError);
    backend.faults.heal(ids[1] ?? '');
    pass();
    expect(await calendar.feed('whole')).toContain('UID:b');
  });

  it('still takes its time', async () => {
    const { calendar } = await withPoison();
    const range = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 3) };
    expect(await calendar.freeBusy(range)).toHaveLength(3);
  });

  it('is counted', async () => {
    const notes: Note[] = [];
    const { mailbox, outside, store, now } = await openFixture();
    for (const uid of ['a', 'b']) outside.create('calendar', event({ uid }));
    const renderStored: typeof translate.renderStored = (stored, options) => {
      if (options.uid === 'b') throw new RangeError('a rule nobody understands');
      return translate.renderStored(stored, options);
    };
    const options = {
      ledger: store.ledger,
      cache: openObjectCache(1_000_000),
      now,
      note: (event: Note) => notes.push(event),
    };
    const calendar = await openHomeWith(mailbox, options, { ...translate, renderStored }).collection(
      'calendar',
    );
    const read = await calendar!.read(['a.ics', 'b.ics'], { kind: 'whole' });
    expect(read.map(([, outcome]) => failureKind(outcome))).toEqual(['ok', 'unreadable']);
    expect(notes.filter((note) => note.kind === 'unreadable')).toHaveLength(1);
    expect(notes.filter((note) => note.kind === 'cache').map((note) => note.result)).toEqual([
      'miss',
      'miss',
    ]);
  });
});

describe('an item that changes while it is read', () => {
  it('comes with the etag of the text that comes', async () => {
    const { calendar, outside, backend, pass } = await openFixture();
    const id = outside.create('calendar', event({ uid: 'a' }));
    const [member] = await calendar.members();
    backend.faults.before('fetch', () =>
      outside.edit(id, (item) => (item.kind === 'event' ? { ...item, summary: 'Later' } : item)),
    );
    const read = await readOne(calendar, 'a.ics');
    expect(read.text).toContain('SUMMARY:Later');
    expect(read.etag).not.toBe(member?.etag);
    expect((await calendar.members())[0]?.etag).toBe(read.etag);
    pass();
    expect((await readOne(calendar, 'a.ics')).etag).toBe(read.etag);
  });

  it('is not found when it goes, and a feed does not mind', async () => {
    const { calendar, outside, backend } = await openFixture();
    const ids = ['a', 'b'].map((uid) => outside.create('calendar', event({ uid })));
    await calendar.members();
    backend.faults.before('fetch', () => outside.remove(ids[0] ?? ''));
    const feed = await calendar.feed('whole');
    expect(feed.match(/^UID:/gm)).toHaveLength(1);
  });
});

describe('a query', () => {
  it('with a limit is cut and says so', async () => {
    const { contacts, outside } = await openFixture();
    const { contact } = await import('../memory-backend/items.ts');
    for (let index = 0; index < 5; index += 1)
      outside.create('contacts', contact({ fullName: `P ${index}` }));
    const filter = { kind: 'address', filter: { test: 'anyof', props: [] } } as const;
    const shape = { kind: 'address', version: '3.0' } as const;
    const cut = await contacts.query({ filter, shape, limit: 3 });
    expect([cut.found.length, cut.truncated]).toEqual([3, true]);
    const whole = await contacts.query({ filter, shape, limit: 5 });
    expect([whole.found.length, whole.truncated]).toEqual([5, false]);
  });

  it('finds whole days of other zones at the edges of its range', async () => {
    const { calendar, outside } = await openFixture();
    outside.create(
      'calendar',
      event({
        uid: 'day',
        start: { kind: 'date', date: '2026-03-10' },
        end: { kind: 'date', date: '2026-03-11' },
      }),
    );
    const find = async (from: string, to: string, zone: string) => {
      const timeRange = { from: Date.parse(from), to: Date.parse(to) };
      const filter = {
        comp: { ...comp, name: 'VCALENDAR', comps: [{ ...comp, name: 'VEVENT', timeRange }] },
        zone,
      };
      return (await calendar.query({ filter: { kind: 'calendar', filter }, shape: 'none' })).found.length;
    };
    // 10 March in Kiritimati begins 14 hours before it does in UTC.
    expect(await find('2026-03-09T10:00Z', '2026-03-09T12:00Z', 'Pacific/Kiritimati')).toBe(1);
    expect(await find('2026-03-11T05:00Z', '2026-03-11T06:00Z', 'Pacific/Pago_Pago')).toBe(1);
    expect(await find('2026-03-12T05:00Z', '2026-03-12T06:00Z', 'UTC')).toBe(0);
  });
});

describe('a schedule-tag', () => {
  it('stays when an attendee answers, and changes with the meeting', async () => {
    const { calendar, outside, pass } = await openFixture();
    const attendee = { address: 'bob@example.test', role: 'required', partStat: 'needs-action' } as const;
    const organizer = { address: 'alice@example.test' };
    const id = outside.create('calendar', event({ uid: 'm', organizer, attendees: [attendee] }));
    const tag = async () => {
      pass();
      return (await readOne(calendar, 'm.ics')).scheduleTag;
    };
    const first = await tag();
    expect(first).toMatch(/^".+"$/);
    outside.edit(
      id,
      (item) => ({ ...item, attendees: [{ ...attendee, partStat: 'accepted' }] }) as typeof item,
    );
    expect(await tag()).toBe(first);
    outside.edit(id, (item) => ({ ...item, location: 'Room 3' }) as typeof item);
    expect(await tag()).not.toBe(first);
  });
});

describe('a folder that vanished', () => {
  it('is told as not found', async () => {
    const { calendar, outside, pass } = await openFixture();
    outside.removeFolder('calendar');
    pass();
    await expect(calendar.members()).rejects.toMatchObject({ failure: { kind: 'not-found' } });
    expect(await refusalOf(calendar.changes('http://sabre.io/ns/sync/1').catch(() => undefined))).toBe('met');
  });
});
