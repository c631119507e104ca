// RFC 6638 §3.2.1: what an organizer's PUT and DELETE send, message for message.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  attendee,
  bobAttends,
  carolAttends,
  daily,
  expectStatus,
  meeting,
  occurrence,
  openMeetings,
  type Meetings,
} from './meetings.ts';

let on: Meetings;
let off: Meetings;
beforeAll(async () => {
  [on, off] = await Promise.all([openMeetings(), openMeetings({ settings: { EXDAV_SCHEDULING: 'off' } })]);
  for (const { stage, get } of [on, off]) {
    stage.simulator.addUser('dan@example.test', 'dan');
    // Sign-in and the list of folders are asked for once.
    await get('warm');
  }
});
afterAll(() => Promise.all([on.close(), off.close()]));

const both = [bobAttends, carolAttends];
const alarm = (...more: string[]): string[] => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  'DESCRIPTION:Soon',
  'TRIGGER:-PT10M',
  ...more,
  'END:VALARM',
];

const formatted = ['DESCRIPTION:Bring cake', 'X-ALT-DESC;FMTTYPE=text/html:<p>Bring <b>cake</b></p>'];

interface Flow {
  readonly name: string;
  /** Master and overrides that are there and sent; absent: nothing is. */
  readonly first?: readonly (readonly string[])[];
  /** What is PUT then; absent: DELETE. */
  readonly next?: readonly (readonly string[])[];
  /** `U` stands for the UID. */
  readonly sends: readonly string[];
  /** EWS calls of the last request: those beyond the refresh, the item cached. */
  readonly calls?: number;
}

const series = (...lines: readonly string[]): readonly string[] => [daily, ...both, ...lines];

const flows: readonly Flow[] = [
  // One at a time
  {
    name: 'a new meeting invites',
    next: [both],
    sends: ['request alice → bob, carol: Plan U'],
    calls: 1,
  },
  {
    name: 'a new event without attendees',
    next: [[]],
    sends: [],
    calls: 1,
  },
  {
    name: 'a new meeting that is over',
    next: [['DTSTART:20200605T100000Z', 'DTEND:20200605T110000Z', ...both]],
    sends: [],
  },
  {
    name: 'a time that changes',
    first: [both],
    next: [
      ['DTSTART;TZID=Europe/Vienna:20350605T120000', 'DTEND;TZID=Europe/Vienna:20350605T130000', ...both],
    ],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 1,
  },
  ...(
    [
      ['a summary', 'SUMMARY:Other U', 'Other U'],
      ['a place', 'LOCATION:Room 5', 'Plan U'],
      ['a description', 'DESCRIPTION:Bring cake', 'Plan U'],
    ] as const
  ).map(([what, line, subject]) => ({
    name: `${what} that changes`,
    first: [both],
    next: [[line, ...both]],
    sends: [`update alice → bob, carol: ${subject}`],
    calls: 1,
  })),
  ...(
    [
      ['an alarm', alarm()],
      ['an alarm that is acknowledged', alarm('ACKNOWLEDGED:20350605T075000Z')],
      ['a category', ['CATEGORIES:Red']],
      ['transparency', ['TRANSP:TRANSPARENT']],
      ['a class', ['CLASS:PRIVATE']],
      ['a priority', ['PRIORITY:1']],
      ['a property of the client’s own', ['X-MOZ-GENERATION:2']],
      ['a comment', ['COMMENT:to myself']],
      ['nothing', []],
    ] as const
  ).map(([what, lines]) => ({
    name: `${what} alone, which is the organizer’s own`,
    first: [both],
    next: [[...both, ...lines]],
    sends: [],
  })),
  {
    name: 'the same formatted description',
    first: [[...formatted, ...both]],
    next: [[...formatted, 'CATEGORIES:Red', ...both]],
    sends: [],
  },
  {
    name: 'another formatted description',
    first: [[...formatted, ...both]],
    next: [[...formatted.map((line) => line.replace('Bring', 'No')), ...both]],
    sends: ['update alice → bob, carol: Plan U'],
  },
  {
    name: 'an attendee’s answer in the organizer’s text, which is none',
    first: [both],
    next: [[attendee('bob').replace('NEEDS-ACTION', 'ACCEPTED'), carolAttends]],
    sends: [],
  },
  {
    name: 'an attendee’s name and role',
    first: [both],
    next: [[attendee('bob', ';CN=Robert;ROLE=OPT-PARTICIPANT'), carolAttends]],
    sends: [],
  },
  {
    name: 'an attendee more: only he hears',
    first: [[bobAttends]],
    next: [both],
    sends: ['request alice → carol: Plan U'],
    calls: 1,
  },
  {
    name: 'an attendee less: only he hears',
    first: [both],
    next: [[carolAttends]],
    sends: ['cancellation alice → bob: Canceled: Plan U'],
    calls: 1,
  },
  {
    name: 'one more and one less',
    first: [both],
    next: [[bobAttends, attendee('dan')]],
    sends: ['cancellation alice → carol: Canceled: Plan U', 'request alice → dan: Plan U'],
    calls: 1,
  },
  {
    name: 'an attendee more at another place: all hear',
    first: [[bobAttends]],
    next: [['LOCATION:Room 5', ...both]],
    sends: ['request alice → carol: Plan U', 'update alice → bob: Plan U'],
    calls: 1,
  },
  {
    name: 'the last attendee taken off',
    first: [[bobAttends]],
    next: [[]],
    sends: ['cancellation alice → bob: Canceled: Plan U'],
  },
  {
    name: 'an event that becomes a meeting',
    first: [[]],
    next: [[bobAttends]],
    sends: ['request alice → bob: Plan U'],
    calls: 1,
  },
  {
    name: 'a room, and somebody who may come',
    next: [[attendee('bob', ';CUTYPE=ROOM'), attendee('carol', ';ROLE=OPT-PARTICIPANT')]],
    sends: ['request alice → bob, carol: Plan U'],
  },
  {
    name: 'STATUS:CANCELLED calls it off',
    first: [both],
    next: [['STATUS:CANCELLED', ...both]],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U'],
  },
  {
    name: 'STATUS:CONFIRMED says nothing new',
    first: [both],
    next: [['STATUS:CONFIRMED', ...both]],
    sends: [],
  },
  {
    name: 'DELETE calls it off',
    first: [both],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U'],
    calls: 1,
  },
  { name: 'DELETE of an event without attendees', first: [[]], sends: [], calls: 1 },
  // Series
  {
    name: 'a new series invites once',
    next: [series()],
    sends: ['request alice → bob, carol: Plan U'],
    calls: 1,
  },
  {
    name: 'a new series with changed and cancelled occurrences invites once',
    next: [
      series('EXDATE;TZID=Europe/Vienna:20350607T100000'),
      [...occurrence(8), 'LOCATION:There', ...both],
      [...occurrence(9, '140000', '150000'), ...both],
    ],
    sends: ['request alice → bob, carol: Plan U'],
    // CreateItem, places, cancelled dates, overrides, the invitation, the new key
    calls: 6,
  },
  {
    name: 'a pattern that changes',
    first: [series()],
    next: [[...both, 'RRULE:FREQ=DAILY;COUNT=12']],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 1,
  },
  {
    name: 'one changed occurrence: a message about it alone',
    first: [series()],
    next: [series(), [...occurrence(8), 'LOCATION:There', ...both]],
    sends: ['update alice → bob, carol: Plan U @2035-06-08T08:00'],
    calls: 4,
  },
  {
    name: 'one moved occurrence',
    first: [series()],
    next: [series(), [...occurrence(8, '140000', '150000'), ...both]],
    sends: ['update alice → bob, carol: Plan U @2035-06-08T08:00'],
    calls: 4,
  },
  {
    name: 'one cancelled occurrence',
    first: [series()],
    next: [series('EXDATE;TZID=Europe/Vienna:20350608T100000')],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U @2035-06-08T08:00'],
    calls: 4,
  },
  {
    name: 'one occurrence with STATUS:CANCELLED',
    first: [series()],
    next: [series(), [...occurrence(8), 'STATUS:CANCELLED', ...both]],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U @2035-06-08T08:00'],
  },
  {
    name: 'a changed occurrence taken back',
    first: [series(), [...occurrence(8), 'LOCATION:There', ...both]],
    next: [series()],
    sends: ['update alice → bob, carol: Plan U @2035-06-08T08:00'],
  },
  {
    name: 'a cancelled occurrence that takes place after all: the series once more',
    first: [series('EXDATE;TZID=Europe/Vienna:20350608T100000')],
    next: [series()],
    sends: ['update alice → bob, carol: Plan U'],
  },
  {
    name: 'an occurrence in which only the organizer’s own changed',
    first: [series()],
    next: [series(), [...occurrence(8), 'CATEGORIES:Red', ...both]],
    sends: [],
  },
  {
    name: 'many changed and cancelled occurrences: the series once',
    first: [series()],
    next: [
      series('EXDATE;TZID=Europe/Vienna:20350606T100000', 'EXDATE;TZID=Europe/Vienna:20350607T100000'),
      [...occurrence(8), 'LOCATION:There', ...both],
      [...occurrence(9, '140000', '150000'), ...both],
    ],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 6,
  },
  {
    name: 'a time of the series with its changed occurrences: the series once',
    first: [series(), [...occurrence(8), 'LOCATION:There', ...both]],
    next: [
      ['DTSTART;TZID=Europe/Vienna:20350605T120000', 'DTEND;TZID=Europe/Vienna:20350605T130000', ...series()],
      [
        'RECURRENCE-ID;TZID=Europe/Vienna:20350608T120000',
        'DTSTART;TZID=Europe/Vienna:20350608T120000',
        'DTEND;TZID=Europe/Vienna:20350608T130000',
        'LOCATION:There',
        ...both,
      ],
    ],
    sends: ['update alice → bob, carol: Plan U'],
  },
  {
    name: 'an attendee more in one occurrence: only he, and only of that',
    first: [series()],
    next: [series(), [...occurrence(8), ...both, attendee('dan')]],
    sends: ['request alice → dan: Plan U @2035-06-08T08:00'],
    calls: 4,
  },
  {
    name: 'an attendee less in one occurrence',
    first: [series()],
    next: [series(), [...occurrence(8), bobAttends]],
    sends: ['cancellation alice → carol: Canceled: Plan U @2035-06-08T08:00'],
  },
  {
    name: 'an attendee more in the series and in its changed occurrence: once',
    first: [
      [daily, bobAttends],
      [...occurrence(8), 'LOCATION:There', bobAttends],
    ],
    next: [series(), [...occurrence(8), 'LOCATION:There', ...both]],
    sends: ['request alice → carol: Plan U'],
  },
  {
    name: 'who attends one occurrence only hears of its change, the others of several changes once',
    first: [series(), [...occurrence(8), ...both, attendee('dan')]],
    next: [
      series(),
      [...occurrence(6), 'LOCATION:Here', ...both],
      [...occurrence(7), 'LOCATION:Here', ...both],
      [...occurrence(8), 'LOCATION:Here', ...both, attendee('dan')],
    ],
    sends: ['update alice → bob, carol: Plan U', 'update alice → bob, carol, dan: Plan U @2035-06-08T08:00'],
  },
  {
    name: 'a new series to one occurrence of which somebody else is invited',
    next: [series(), [...occurrence(8), ...both, attendee('dan')]],
    sends: ['request alice → bob, carol: Plan U', 'request alice → dan: Plan U @2035-06-08T08:00'],
  },
  {
    name: 'DELETE of a series',
    first: [series()],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U'],
    calls: 1,
  },
  {
    name: 'DELETE of a series to one occurrence of which somebody else was invited',
    first: [series(), [...occurrence(8), ...both, attendee('dan')]],
    sends: [
      'cancellation alice → dan: Canceled: Plan U @2035-06-08T08:00',
      'cancellation alice → bob, carol: Canceled: Plan U',
    ],
  },
  // Who sends
  {
    name: 'SCHEDULE-AGENT=CLIENT and NONE: not by this server',
    next: [
      [attendee('bob', ';SCHEDULE-AGENT=CLIENT'), attendee('dan', ';SCHEDULE-AGENT=NONE'), carolAttends],
    ],
    sends: ['request alice → carol: Plan U'],
  },
  {
    name: 'SCHEDULE-AGENT=CLIENT for all: nobody’s meeting in Exchange',
    next: [[attendee('bob', ';SCHEDULE-AGENT=CLIENT')]],
    sends: [],
  },
  {
    name: 'SCHEDULE-AGENT=SERVER is what is without saying',
    next: [[attendee('bob', ';SCHEDULE-AGENT=SERVER')]],
    sends: ['request alice → bob: Plan U'],
  },
  {
    name: 'SCHEDULE-FORCE-SEND=REQUEST sends what nothing changed in',
    first: [both],
    next: [[attendee('bob', ';SCHEDULE-FORCE-SEND=REQUEST'), carolAttends]],
    sends: ['update alice → bob, carol: Plan U'],
    calls: 1,
  },
  {
    name: 'an address that none is',
    next: [['ATTENDEE;CN=Nobody:urn:uuid:00000000-0000-4000-8000-000000000000', bobAttends]],
    sends: ['request alice → bob: Plan U'],
  },
  {
    name: 'Schedule-Reply is not the organizer’s',
    first: [both],
    sends: ['cancellation alice → bob, carol: Canceled: Plan U'],
  },
];

const textOf = (uid: string, [master = [], ...overrides]: readonly (readonly string[])[]): string =>
  meeting(
    uid,
    master.map((line) => line.replace(/\bU$/, uid)),
    ...overrides,
  );

describe.each([
  ['on', () => on],
  ['off', () => off],
] as const)('an organizer with EXDAV_SCHEDULING=%s', (setting, place) => {
  it.each(flows.map((flow, index) => [flow.name, flow, index] as const))('%s', async (name, flow, index) => {
    const { put, remove, sent, calls, get } = place();
    const uid = `o${index}`;
    if (flow.first) expectStatus(await put(uid, textOf(uid, flow.first)), 201);
    // As a client would, so that what it changes is in the cache.
    if (flow.first) await get(uid);
    sent();
    const headers: Record<string, string> = name.startsWith('Schedule-Reply')
      ? { 'schedule-reply': 'F' }
      : {};
    const { next } = flow;
    const { value, count } = await calls(() =>
      next ? put(uid, textOf(uid, next)) : remove(uid, { headers }),
    );
    expectStatus(value, 201, 204);
    const expected = flow.sends.map((line) => line.replaceAll(/\bU\b/g, uid));
    expect(sent()).toEqual(setting === 'on' ? expected : []);
    if (flow.calls !== undefined && setting === 'on') expect(count).toBe(flow.calls + (next ? 1 : 0));
    // Once more the same: nothing is news.
    if (next) {
      const again = next.map((lines) =>
        lines.map((line) => line.replace(';SCHEDULE-FORCE-SEND=REQUEST', '')),
      );
      expectStatus(await put(uid, textOf(uid, again)), 204);
      expect(sent()).toEqual([]);
    }
  });
});
