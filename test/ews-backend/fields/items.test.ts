// Single behaviours of reading, holding and writing that random items do not show.
import { describe, expect, it } from 'vitest';
import type { Stored } from '../../../src/model/backend.ts';
import type { ContactItem, EventItem, Override, TaskItem } from '../../../src/model/item.ts';
import type { When } from '../../../src/model/time.ts';
import {
  diff,
  express,
  instanceIndexOf,
  itemShape,
  occurrenceIdsOf,
  readStored,
  renderCreate,
} from '../../../src/ews-backend/fields/index.ts';
import { emptyContact, emptyEvent, emptyTask } from '../../../src/model/item.ts';
import { plainOccurrence } from '../../../src/ews-backend/fields/series.ts';
import { el } from './stand-in.ts';

const vienna = (local: string): When => ({ kind: 'zoned', local, zone: 'Europe/Vienna' });
const berlin = (local: string): When => ({ kind: 'zoned', local, zone: 'Europe/Berlin' });
const day = (date: string): When => ({ kind: 'date', date });

const event: EventItem = {
  ...emptyEvent,
  summary: 'Plain',
  start: berlin('2026-11-20T09:00:00'),
  end: berlin('2026-11-20T10:00:00'),
};
const weekly: EventItem = {
  ...event,
  recurrence: { freq: 'WEEKLY', interval: 1, end: { kind: 'never' }, byDay: [{ weekday: 'FR' }] },
};

function stored(item: Stored['item'], more: Partial<Stored> = {}): Stored {
  return { id: 'i', version: 'v', tags: {}, item, ...more };
}

function texts(changes: readonly { xml: string }[]): string[] {
  return changes.map(({ xml }) => xml);
}

function update(before: Stored['item'], after: Stored['item']) {
  return diff(stored(before), { item: after, tags: {} });
}

function override(item: EventItem, recurrenceId: When, fields: Partial<Override>): Override {
  return { ...plainOccurrence(item, recurrenceId), ...fields };
}

describe('a new event', () => {
  it('says its times with their zone, and that it has no reminder', () => {
    const { xml } = renderCreate({
      item: { ...event, start: vienna('2026-11-20T09:00:00'), end: vienna('2026-11-20T10:00:00') },
      tags: { uid: 'u' },
    });
    expect(xml).toContain('<t:ReminderIsSet>false</t:ReminderIsSet>');
    expect(xml).toContain('<t:Start>2026-11-20T08:00:00Z</t:Start><t:End>2026-11-20T09:00:00Z</t:End>');
    expect(xml).toContain(
      '<t:StartTimeZone Id="W. Europe Standard Time"/><t:EndTimeZone Id="W. Europe Standard Time"/>',
    );
  });

  it('of whole days is midnights of the mailbox', () => {
    const item = { ...event, start: day('2026-11-20'), end: day('2026-11-21') };
    const { xml } = renderCreate({ item, tags: {} }, 'America/New_York');
    expect(xml).toContain(
      '<t:Start>2026-11-20T00:00:00</t:Start><t:End>2026-11-21T00:00:00</t:End><t:IsAllDayEvent>true</t:IsAllDayEvent>',
    );
    expect(xml).toContain('<t:StartTimeZone Id="Eastern Standard Time"/>');
  });
});

describe('reading an event', () => {
  const base = [
    el('ItemId', { Id: 'm', ChangeKey: 'c' }),
    el('StartTimeZone', { Id: 'W. Europe Standard Time' }),
  ];
  const whole = [
    el('Start', {}, '2026-06-01T22:00:00Z'),
    el('End', {}, '2026-06-02T22:00:00Z'),
    el('IsAllDayEvent', {}, 'true'),
  ];

  it('whole days are those of the creator', () => {
    const { item, dayZone } = readStored(el('CalendarItem', {}, ...base, ...whole), []);
    expect(item).toMatchObject({ start: day('2026-06-02'), end: day('2026-06-03') });
    expect(dayZone).toBe('Europe/Berlin');
    // Without the zone: the nearest midnight.
    expect(readStored(el('CalendarItem', {}, base[0]!, ...whole), []).item).toMatchObject({
      start: day('2026-06-02'),
    });
  });

  it.each([
    [el('JoinOnlineMeetingUrl', {}, 'https://join.example.test/1'), 'https://join.example.test/1'],
    [el('MeetingWorkspaceUrl', {}, ' https://work.example.test/2\r\n'), 'https://work.example.test/2'],
    [el('NetShowUrl', {}, 'no address'), undefined],
  ])('the place of an online meeting', (element, meetingUrl) => {
    const { item } = readStored(el('CalendarItem', {}, ...base, ...whole, element), []);
    expect((item as EventItem).meetingUrl).toBe(meetingUrl);
  });

  it('a series without one of its exceptions is not whole', () => {
    const info = el(
      'Occurrence',
      {},
      el('ItemId', { Id: 'o' }),
      el('OriginalStart', {}, '2026-11-27T08:00:00Z'),
    );
    const element = el(
      'CalendarItem',
      {},
      ...base,
      el('Start', {}, '2026-11-20T08:00:00Z'),
      el('End', {}, '2026-11-20T09:00:00Z'),
      el('CalendarItemType', {}, 'RecurringMaster'),
      el(
        'Recurrence',
        {},
        el('DailyRecurrence', {}, el('Interval', {}, '7')),
        el('NoEndRecurrence', {}, el('StartDate', {}, '2026-11-20+01:00')),
      ),
      el('ModifiedOccurrences', {}, info),
    );
    expect(occurrenceIdsOf(element)).toEqual(['o']);
    expect(() => readStored(element, [])).toThrow('unreadable');
    const exception = el(
      'CalendarItem',
      {},
      el('ItemId', { Id: 'o' }),
      el('Subject', {}, 'Moved'),
      el('Start', {}, '2026-11-27T09:00:00Z'),
      el('End', {}, '2026-11-27T10:00:00Z'),
    );
    expect(readStored(element, [exception]).item).toMatchObject({
      overrides: [
        {
          recurrenceId: berlin('2026-11-27T09:00:00'),
          start: berlin('2026-11-27T10:00:00'),
          summary: 'Moved',
        },
      ],
    });
  });

  it.each(['__proto__', 'constructor', 'Later'])('an answer by an unknown word is none: %s', (word) => {
    const attendee = el(
      'Attendee',
      {},
      el('Mailbox', {}, el('EmailAddress', {}, 'me@example.test')),
      el('ResponseType', {}, word),
    );
    const people = el('RequiredAttendees', {}, attendee);
    const { item } = readStored(
      el('CalendarItem', {}, ...base, ...whole, people, el('MyResponseType', {}, word)),
      [],
    );
    expect(item).toMatchObject({ attendees: [{ partStat: 'needs-action' }] });
  });

  it("an invitation is the organizer's, with the own answer", () => {
    const people = (name: string, ...addresses: string[]) =>
      el(
        name,
        {},
        ...addresses.map((address) =>
          el(
            'Attendee',
            {},
            el('Mailbox', {}, el('Name', {}, 'N'), el('EmailAddress', {}, address)),
            el('ResponseType', {}, 'Accept'),
          ),
        ),
      );
    const { item } = readStored(
      el(
        'CalendarItem',
        {},
        ...base,
        ...whole,
        el('Organizer', {}, el('Mailbox', {}, el('EmailAddress', {}, 'boss@example.test'))),
        people('RequiredAttendees', 'me@example.test', 'BOSS@example.test', '/o=Org/cn=Recipients/cn=x'),
        people('Resources', 'room@example.test'),
        el('MyResponseType', {}, 'Tentative'),
        el('AppointmentState', {}, '3'),
      ),
      [],
    );
    expect(item).toMatchObject({
      isOrganizer: false,
      ownPartStat: 'tentative',
      organizer: { address: 'boss@example.test' },
      attendees: [
        { address: 'me@example.test', role: 'required', partStat: 'accepted' },
        { address: '', name: 'N', role: 'required' },
        { address: 'room@example.test', role: 'resource' },
      ],
    });
  });

  it('properties newer than the server are not asked for', () => {
    expect(texts(itemShape('event', 'Exchange2010_SP2')).join()).not.toContain('IsOrganizer');
    expect(texts(itemShape('event', 'V2017_07_11')).join()).toContain('calendar:IsOrganizer');
  });
});

describe('what cannot be held', () => {
  it.each<[string, Partial<EventItem>, string]>([
    ['an end before the start', { end: berlin('2026-11-20T08:00:00') }, 'DTEND'],
    ['six years', { end: berlin('2032-11-20T09:00:00') }, 'DTEND'],
    ['a day that ends at a time', { start: day('2026-11-20') }, 'DTEND'],
    [
      'a series in a zone of nowhere',
      { ...weekly, start: { kind: 'zoned', local: '2026-11-20T09:00:00', zone: 'Antarctica/Troll' } },
      'DTSTART',
    ],
    [
      'an instance that is none',
      { ...weekly, overrides: [override(weekly, berlin('2026-11-28T09:00:00'), {})] },
      'RECURRENCE-ID',
    ],
    [
      'an instance at another time',
      { ...weekly, overrides: [override(weekly, berlin('2026-11-27T08:00:00'), {})] },
      'RECURRENCE-ID',
    ],
    [
      'a series of which every instance is cancelled',
      {
        ...weekly,
        recurrence: { freq: 'WEEKLY', interval: 1, end: { kind: 'count', count: 1 } },
        cancelledDates: [event.start],
      },
      'EXDATE',
    ],
  ])('%s', (_what, fields, part) => {
    const item: EventItem = { ...event, ...fields };
    expect(express(item)).toMatchObject({ kind: 'refuse', part });
    expect(() => renderCreate({ item, tags: {} })).toThrow('inexpressible');
  });

  it.each<[string, Partial<EventItem>, string]>([
    [
      'instances that overlap',
      {
        recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'never' } },
        end: berlin('2026-11-21T10:00:00'),
      },
      'DTEND',
    ],
    [
      'a series from another day',
      { ...weekly, start: berlin('2026-11-19T09:00:00'), end: berlin('2026-11-19T10:00:00') },
      'DTSTART',
    ],
    [
      'an instance moved past its neighbour',
      {
        ...weekly,
        overrides: [
          override(weekly, berlin('2026-11-27T09:00:00'), {
            start: berlin('2026-12-04T15:00:00'),
            end: berlin('2026-12-04T16:00:00'),
          }),
        ],
      },
      'RECURRENCE-ID',
    ],
  ])('as one item: %s', (_what, fields, part) => {
    const item: EventItem = { ...event, ...fields };
    expect(express(item)).toMatchObject({ kind: 'split' });
    expect(() => renderCreate({ item, tags: {} })).toThrow('inexpressible');
    const attendees = [{ address: 'bob@example.test', role: 'required', partStat: 'needs-action' }] as const;
    expect(express({ ...item, attendees })).toMatchObject({ kind: 'refuse', part });
  });

  it('a neighbour that is cancelled stands in nobody’s way', () => {
    const moved = override(weekly, berlin('2026-11-27T09:00:00'), {
      start: berlin('2026-12-04T15:00:00'),
      end: berlin('2026-12-04T16:00:00'),
    });
    const { occurrences } = update(weekly, {
      ...weekly,
      overrides: [moved],
      cancelledDates: [berlin('2026-12-04T09:00:00')],
    });
    expect(occurrences.map(({ kind }) => kind)).toEqual(['cancel', 'change']);
  });
});

describe('what is held otherwise', () => {
  it('zones as the first of their Windows name, times without zone in the mailbox’s', () => {
    expect(
      express({ ...event, start: vienna('2026-11-20T09:00:00'), end: vienna('2026-11-20T10:00:00') }),
    ).toMatchObject({ held: { start: event.start } });
    const floating = {
      ...event,
      start: { kind: 'floating', local: '2026-11-20T09:00:00' },
      end: { kind: 'floating', local: '2026-11-20T10:00:00' },
    } as const;
    expect(express(floating, 'Europe/Vienna')).toMatchObject({
      held: { start: event.start, end: event.end },
    });
    expect(
      express({
        ...event,
        start: { kind: 'zoned', local: '2026-11-20T10:00:00', zone: 'Antarctica/Troll' },
        end: berlin('2026-11-20T12:00:00'),
      }),
    ).toMatchObject({
      held: { start: { zone: 'UTC', local: '2026-11-20T10:00:00' } },
    });
  });

  it('dates of a series by any way to name them', () => {
    const utc = (local: string): When => ({ kind: 'zoned', local, zone: 'UTC' });
    const item = {
      ...weekly,
      cancelledDates: [day('2026-11-27'), utc('2026-12-04T08:00:00'), berlin('2026-12-05T09:00:00')],
    };
    expect(express(item)).toMatchObject({
      held: { cancelledDates: [berlin('2026-11-27T09:00:00'), berlin('2026-12-04T09:00:00')] },
    });
  });

  it('an override that changes nothing, and a reminder after the start, not at all', () => {
    const item = {
      ...weekly,
      reminderMinutes: -5,
      overrides: [override(weekly, berlin('2026-11-27T09:00:00'), { reminderMinutes: -5 })],
    };
    const { held } = express(item) as { held: EventItem };
    expect([held.overrides, held.reminderMinutes]).toEqual([[], undefined]);
  });
});

describe('the difference of an event', () => {
  it('is what changed, and nothing for an answer that arrived', () => {
    const meeting: EventItem = {
      ...event,
      attendees: [{ address: 'a@example.test', role: 'required', partStat: 'accepted' }],
    };
    const asked: EventItem = {
      ...event,
      attendees: [{ address: 'a@example.test', role: 'required', partStat: 'needs-action' }],
    };
    expect(update(meeting, asked).changes).toEqual([]);
    expect(texts(update(meeting, { ...asked, summary: 'New' }).changes)).toEqual([
      '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>New</t:Subject></t:CalendarItem></t:SetItemField>',
    ]);
    expect(texts(update({ ...event, location: 'Room' }, event).changes)).toEqual([
      '<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>',
    ]);
  });

  it('sends a time only with both zones', () => {
    const { changes } = update(event, { ...event, end: berlin('2026-11-20T11:00:00') });
    const uris = texts(changes).map((xml) => /FieldURI="calendar:(\w+)"/.exec(xml)?.[1]);
    expect(uris).toEqual(['StartTimeZone', 'EndTimeZone', 'Start', 'End', 'IsAllDayEvent']);
  });

  it('of somebody else’s meeting is the owner’s own fields', () => {
    const theirs: EventItem = { ...weekly, isOrganizer: false, organizer: { address: 'boss@example.test' } };
    const after: EventItem = {
      ...theirs,
      summary: 'Mine',
      start: berlin('2026-11-27T09:00:00'),
      end: berlin('2026-11-27T10:00:00'),
      categories: ['Red'],
      busy: 'free',
      reminderMinutes: 5,
    };
    const uris = texts(update(theirs, after).changes).map((xml) => /FieldURI="([\w:]+)"/.exec(xml)?.[1]);
    expect(uris).toEqual([
      'item:Categories',
      'calendar:LegacyFreeBusyStatus',
      'item:ReminderIsSet',
      'item:ReminderMinutesBeforeStart',
    ]);
  });

  it('of one occurrence is that occurrence alone', () => {
    const at = berlin('2026-11-27T09:00:00');
    const one: EventItem = { ...weekly, overrides: [override(weekly, at, { location: 'Room' })] };
    const added = update(weekly, one);
    expect(added).toMatchObject({
      changes: [],
      resetsOccurrences: false,
      occurrences: [{ kind: 'change', recurrenceId: at }],
    });
    const [write] = added.occurrences;
    expect(write?.kind === 'change' && texts(write.changes)).toEqual([
      '<t:SetItemField><t:FieldURI FieldURI="calendar:Location"/><t:CalendarItem><t:Location>Room</t:Location></t:CalendarItem></t:SetItemField>',
    ]);
    const back = update(one, weekly).occurrences[0];
    expect(back?.kind === 'change' && texts(back.changes)).toEqual([
      '<t:DeleteItemField><t:FieldURI FieldURI="calendar:Location"/></t:DeleteItemField>',
    ]);
    expect(update(one, { ...weekly, cancelledDates: [at] })).toMatchObject({
      occurrences: [{ kind: 'cancel', recurrenceId: at }],
    });
  });

  it('sends an occurrence again in what it shared with a series that changes', () => {
    const one: EventItem = {
      ...weekly,
      overrides: [override(weekly, berlin('2026-11-27T09:00:00'), { location: 'Room' })],
    };
    const renamed = update(one, { ...one, summary: 'New' });
    const [write] = renamed.occurrences;
    // The client said nothing of this occurrence: its title stays the old one, whatever the server made of it.
    expect(write?.kind === 'change' && texts(write.changes)).toEqual([
      '<t:SetItemField><t:FieldURI FieldURI="item:Subject"/><t:CalendarItem><t:Subject>Plain</t:Subject></t:CalendarItem></t:SetItemField>',
    ]);
  });

  it('of a series’ time brings all its occurrences back', () => {
    const at = berlin('2026-11-27T09:00:00');
    const gone = berlin('2026-12-04T09:00:00');
    const before: EventItem = {
      ...weekly,
      overrides: [override(weekly, at, { location: 'Room' })],
      cancelledDates: [gone],
    };
    const later = { start: berlin('2026-11-20T10:00:00'), end: berlin('2026-11-20T11:00:00') };
    const moved: EventItem = { ...before, ...later };
    const after: EventItem = {
      ...moved,
      overrides: [override(moved, berlin('2026-11-27T10:00:00'), { location: 'Room' })],
      cancelledDates: [berlin('2026-12-04T10:00:00')],
    };
    const { resetsOccurrences, occurrences, changes } = update(before, after);
    expect(resetsOccurrences).toBe(true);
    expect(occurrences.map(({ kind }) => kind)).toEqual(['cancel', 'change']);
    expect(texts(changes).join()).toContain('calendar:Recurrence');
  });

  it('brings a cancelled date back by sending the pattern again', () => {
    const { resetsOccurrences, changes, occurrences } = update(
      { ...weekly, cancelledDates: [berlin('2026-11-27T09:00:00')] },
      weekly,
    );
    expect([resetsOccurrences, occurrences]).toEqual([true, []]);
    expect(texts(changes)).toHaveLength(1);
    expect(texts(changes)[0]).toContain('<t:FieldURI FieldURI="calendar:Recurrence"/>');
  });

  it('moves occurrences so that none crosses one that has still to move', () => {
    const shifted = ['2026-11-27', '2026-12-04', '2026-12-11'].map((date) => {
      const start = new Date(Date.parse(date) + 8 * 86_400_000).toISOString().slice(0, 10);
      return override(weekly, berlin(`${date}T09:00:00`), {
        start: berlin(`${start}T09:00:00`),
        end: berlin(`${start}T10:00:00`),
      });
    });
    const item: EventItem = {
      ...weekly,
      recurrence: { ...weekly.recurrence!, end: { kind: 'count', count: 4 } },
      overrides: shifted,
    };
    const { occurrences } = update({ ...item, overrides: [] }, item);
    expect(
      occurrences.map(({ recurrenceId }) => (recurrenceId as { local: string }).local.slice(0, 10)),
    ).toEqual(['2026-12-11', '2026-12-04', '2026-11-27']);
  });

  it('keeps whole days of an occurrence in the zone of the series', () => {
    const days: EventItem = { ...weekly, start: day('2026-11-20'), end: day('2026-11-21') };
    const changed: EventItem = {
      ...days,
      overrides: [override(days, day('2026-11-27'), { end: day('2026-11-29') })],
    };
    const [write] = diff(stored(days, { dayZone: 'Asia/Tokyo' }), { item: changed, tags: {} }).occurrences;
    expect(write?.kind === 'change' && texts(write.changes).join()).toContain(
      '<t:StartTimeZone Id="Tokyo Standard Time"/>',
    );
    expect(write?.kind === 'change' && texts(write.changes).join()).toContain(
      '<t:End>2026-11-29T00:00:00</t:End>',
    );
  });

  it('takes times without zone in the mailbox’s zone, whatever zone the item was made in', () => {
    const floating = (local: string): When => ({ kind: 'floating', local });
    const item: EventItem = {
      ...event,
      start: floating('2026-11-20T09:00:00'),
      end: floating('2026-11-20T10:00:00'),
    };
    const before = stored(event, { dayZone: 'Asia/Tokyo' });
    expect(diff(before, { item, tags: {} }, 'Europe/Vienna').changes).toEqual([]);
  });

  it('of an occurrence with times in a series of whole days is none when only the zone has another name', () => {
    const days: EventItem = { ...weekly, start: day('2026-11-20'), end: day('2026-11-21') };
    const at = (zone: string, from: string, to: string): EventItem => ({
      ...days,
      overrides: [
        override(days, day('2026-11-27'), {
          start: { kind: 'zoned', local: `2026-11-27T${from}`, zone },
          end: { kind: 'zoned', local: `2026-11-27T${to}`, zone },
        }),
      ],
    });
    const before = stored(at('Asia/Tokyo', '17:00:00', '18:00:00'), { dayZone: 'Asia/Tokyo' });
    const item = at('Europe/Vienna', '09:00:00', '10:00:00');
    expect(diff(before, { item, tags: {} }, 'Europe/Vienna').occurrences).toEqual([]);
  });

  it('numbers occurrences by their dates', () => {
    expect(instanceIndexOf(weekly, berlin('2026-12-04T09:00:00'))).toBe(3);
    expect(instanceIndexOf(weekly, berlin('2026-12-05T09:00:00'))).toBeUndefined();
  });
});

describe('tasks', () => {
  it('say what decides of status, percentage and date', () => {
    const done: TaskItem = { ...emptyTask, status: 'completed', percent: 100, completed: '2026-11-20' };
    const uris = (item: TaskItem) =>
      [...renderCreate({ item, tags: {} }).xml.matchAll(/<t:(CompleteDate|PercentComplete|Status)>/g)].map(
        ([, name]) => name,
      );
    expect(uris(done)).toEqual(['CompleteDate']);
    expect(uris({ ...done, completed: undefined })).toEqual(['Status']);
    expect(uris({ ...emptyTask, percent: 40 })).toEqual(['PercentComplete', 'Status']);
    expect(express({ ...emptyTask, percent: 40 })).toMatchObject({
      held: { status: 'in-progress', percent: 40 },
    });
    expect(texts(update(done, emptyTask).changes).join()).toContain('NotStarted');
  });

  it('have days, whatever midnight they were written as', () => {
    const read = (text: string) =>
      readStored(el('Task', {}, el('ItemId', { Id: 'i' }), el('DueDate', {}, text)), []).item;
    for (const text of [
      '2026-11-20T00:00:00Z',
      '2026-11-19T23:00:00Z',
      '2026-11-20T08:00:00Z',
      '2026-11-20T00:00:00+01:00',
    ])
      expect(read(text)).toMatchObject({ due: '2026-11-20' });
  });

  it('repeat only with a day to start from', () => {
    const item: TaskItem = {
      ...emptyTask,
      recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'never' } },
    };
    expect(express(item)).toMatchObject({ kind: 'refuse', part: 'DTSTART' });
    expect(renderCreate({ item: { ...item, due: '2026-11-20' }, tags: {} }).xml).toContain(
      '<t:StartDate>2026-11-20</t:StartDate>',
    );
  });
});

describe('contacts', () => {
  const photo = { id: 'p', name: 'ContactPicture.jpg' };
  const withPhoto: ContactItem = { ...emptyContact, photo };

  it('have the photo among their attachments', () => {
    const file = (id: string, isPhoto: string) =>
      el(
        'FileAttachment',
        {},
        el('AttachmentId', { Id: id }),
        el('Name', {}, 'x.jpg'),
        el('Size', {}, '12'),
        el('IsContactPhoto', {}, isPhoto),
      );
    const { item } = readStored(
      el(
        'Contact',
        {},
        el('ItemId', { Id: 'i' }),
        el('Attachments', {}, file('a', 'false'), file('b', 'true')),
      ),
      [],
    );
    expect(item).toMatchObject({ photo: { id: 'b', name: 'x.jpg', size: 12 } });
  });

  it('tell when the photo is to be written', () => {
    const bytes = { name: 'x', contentType: 'image/png', base64: 'AA==' };
    expect(update(withPhoto, withPhoto).photo).toBeUndefined();
    expect(update(withPhoto, emptyContact).photo).toBe('remove');
    expect(update(withPhoto, { ...emptyContact, photo: bytes }).photo).toBe('set');
    expect(update(emptyContact, { ...emptyContact, photo: bytes }).photo).toBe('set');
  });

  it('change entry by entry', () => {
    const before: ContactItem = {
      ...emptyContact,
      emails: { email1: { address: 'a@example.test' }, email2: { address: 'b@example.test' } },
    };
    const after: ContactItem = { ...emptyContact, emails: { email1: { address: 'c@example.test' } } };
    expect(texts(update(before, after).changes)).toEqual([
      '<t:SetItemField><t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="EmailAddress1"/><t:Contact><t:EmailAddresses><t:Entry Key="EmailAddress1">c@example.test</t:Entry></t:EmailAddresses></t:Contact></t:SetItemField>',
      '<t:DeleteItemField><t:IndexedFieldURI FieldURI="contacts:EmailAddress" FieldIndex="EmailAddress2"/></t:DeleteItemField>',
    ]);
  });

  it('are filed by the server’s rule unless a text is given', () => {
    const xml = (item: ContactItem) => renderCreate({ item, tags: {} }).xml;
    expect(xml({ ...emptyContact, name: { ...emptyContact.name, family: 'Plate' } })).toContain(
      '<t:FileAsMapping>LastCommaFirst</t:FileAsMapping>',
    );
    expect(xml({ ...emptyContact, company: 'Northwind' })).toContain(
      '<t:FileAsMapping>Company</t:FileAsMapping>',
    );
    expect(xml({ ...emptyContact, fileAs: 'X' })).toContain(
      '<t:FileAs>X</t:FileAs><t:FileAsMapping>None</t:FileAsMapping>',
    );
  });
});

describe('tags', () => {
  it('that are not given stay, empty ones go', () => {
    const before = stored(event, { tags: { uid: 'u', residue: 'r' } });
    expect(diff(before, { item: event, tags: {} }).changes).toEqual([]);
    expect(texts(diff(before, { item: event, tags: { uid: 'u', residue: '' } }).changes).join()).toContain(
      'DeleteItemField',
    );
  });

  it('do not let one kind become another', () => {
    expect(() => update(event, emptyTask)).toThrow('invalid');
  });
});

describe('reading a recurring task', () => {
  const recurrence = (...range: ReturnType<typeof el>[]) =>
    el(
      'Recurrence',
      {},
      el('WeeklyRecurrence', {}, el('Interval', {}, '1'), el('DaysOfWeek', {}, 'Tuesday')),
      ...range,
    );
  const five = el(
    'NumberedRecurrence',
    {},
    el('StartDate', {}, '2026-12-01+01:00'),
    el('NumberOfOccurrences', {}, '5'),
  );
  const read = (...elements: ReturnType<typeof el>[]) =>
    readStored(el('Task', {}, el('ItemId', { Id: 't', ChangeKey: 'c' }), ...elements), []).item as TaskItem;

  it('the count is that of the instances to come, while the range goes on counting from the first', () => {
    expect(read(el('DueDate', {}, '2026-12-01T00:00:00Z'), recurrence(five)).recurrence?.end).toEqual({
      kind: 'count',
      count: 5,
    });
    expect(read(el('DueDate', {}, '2026-12-14T23:00:00Z'), recurrence(five)).recurrence?.end).toEqual({
      kind: 'count',
      count: 3,
    });
  });

  it('what is done does not recur, also where Exchange leaves the pattern on the copy (PidLidTaskDeadOccurrence)', () => {
    const item = read(
      el('Status', {}, 'Completed'),
      el('DueDate', {}, '2026-12-01T00:00:00Z'),
      recurrence(five),
    );
    expect(item).toMatchObject({ status: 'completed', due: '2026-12-01' });
    expect(item.recurrence).toBeUndefined();
  });
});

describe('a location', () => {
  const long = 'Long and longer '.repeat(20).trim();
  it('longer than Exchange takes is cut off, unless it is there already', () => {
    const held = express({ ...event, location: long });
    expect(held.kind === 'ok' && (held.held as EventItem).location).toHaveLength(255);
    const before = { ...weekly, location: long };
    expect(update(before, { ...before, summary: 'Other' }).changes).toHaveLength(1);
    expect(texts(update(before, { ...before, location: `${long}.` }).changes).join('')).toContain('Location');
  });
});
