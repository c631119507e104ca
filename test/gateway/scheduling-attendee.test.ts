// RFC 6638 §3.2.2: what an attendee's PUT and DELETE send, message for message, and what is in his calendar afterwards.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, openMeetings, type Meetings } from './meetings.ts';
import { openOutlook, type Outlook, type OutlookItem } from './outlook.ts';
import { alice, bob } from './stage.ts';

interface Place extends Meetings {
  /** Alice's. */
  readonly outlook: Outlook;
}

let on: Place;
let off: Place;
beforeAll(async () => {
  [on, off] = await Promise.all([open('on'), open('off')]);
});
afterAll(() => Promise.all([on.close(), off.close()]));

async function open(setting: string): Promise<Place> {
  const meetings = await openMeetings({ settings: { EXDAV_SCHEDULING: setting } });
  await meetings.get('warm', bob);
  return { ...meetings, outlook: openOutlook(meetings.stage.simulator.url, alice) };
}

const carol = 'carol@example.test';
const people = [bob.address, carol];

/** Bob's line says this; in the master, or in every component. */
const answered =
  (partStat: string, more = '') =>
  (text: string): string =>
    text.replaceAll(
      /^(ATTENDEE.*?);PARTSTAT=[A-Z-]+(.*mailto:bob@.*)$/gm,
      `$1;PARTSTAT=${partStat}${more}$2`,
    );

const withLines =
  (...lines: readonly string[]) =>
  (text: string): string =>
    text.replace(/^END:VEVENT/m, [...lines, 'END:VEVENT'].join('\r\n'));

const both =
  (...edits: readonly ((text: string) => string)[]) =>
  (text: string): string =>
    edits.reduce((changed, edit) => edit(changed), text);

/** An override of one day of June 2035 made of the master. */
const onDay =
  (day: number, edit: (text: string) => string) =>
  (text: string): string => {
    const date = `203506${String(day).padStart(2, '0')}`;
    const master = /BEGIN:VEVENT[\s\S]*?END:VEVENT\r\n/.exec(text)![0];
    const override = edit(
      master
        .replace(/^(?:RRULE|EXDATE).*\r\n/gm, '')
        .replace(/^DTSTART.*$/m, `DTSTART:${date}T100000Z\r\nRECURRENCE-ID:${date}T100000Z`)
        .replace(/^DTEND.*$/m, `DTEND:${date}T110000Z`),
    );
    return text.replace('END:VCALENDAR', `${override}END:VCALENDAR`);
  };

const exdate = (day: number) => withLines(`EXDATE:203506${String(day).padStart(2, '0')}T100000Z`);

interface Flow {
  readonly name: string;
  /** Days of a series; absent: a single meeting. */
  readonly count?: number;
  readonly date?: string;
  /** What the organizer does before. */
  readonly organizer?: (outlook: Outlook, item: OutlookItem) => Promise<void>;
  /** What bob has put before. */
  readonly first?: (text: string) => string;
  /** Absent: DELETE. */
  readonly edit?: (text: string) => string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly sends: readonly string[];
  /** In bob's text afterwards; undefined: there is none. */
  readonly shows?: RegExp | 'gone';
  /** EWS calls beyond the refresh. */
  readonly calls?: number;
}

const accepted = answered('ACCEPTED');
const declined = answered('DECLINED');

const flows: readonly Flow[] = [
  ...(
    [
      ['ACCEPTED', 'Accepted', 'ACCEPTED'],
      ['TENTATIVE', 'Tentative', 'TENTATIVE'],
    ] as const
  ).map(([partStat, word, shown]) => ({
    name: `PARTSTAT=${partStat}`,
    edit: answered(partStat),
    sends: [`response bob → alice: ${word}: Plan U`],
    shows: new RegExp(`PARTSTAT=${shown}[^\\r]*mailto:bob@`),
    calls: 2,
  })),
  {
    name: 'PARTSTAT=DECLINED takes it out of the calendar',
    edit: declined,
    sends: ['response bob → alice: Declined: Plan U'],
    shows: 'gone',
    calls: 1,
  },
  {
    name: 'another answer than before',
    first: accepted,
    edit: answered('TENTATIVE'),
    sends: ['response bob → alice: Tentative: Plan U'],
  },
  {
    name: 'the same answer once more',
    first: accepted,
    edit: both(accepted, withLines('X-SEEN:1')),
    sends: [],
  },
  {
    name: 'SCHEDULE-FORCE-SEND=REPLY answers once more',
    first: accepted,
    edit: (text) => text.replace(/^ORGANIZER/m, 'ORGANIZER;SCHEDULE-FORCE-SEND=REPLY'),
    sends: ['response bob → alice: Accepted: Plan U'],
  },
  {
    name: 'SCHEDULE-FORCE-SEND=REPLY of who has not answered',
    edit: (text) => text.replace(/^ORGANIZER/m, 'ORGANIZER;SCHEDULE-FORCE-SEND=REPLY'),
    sends: [],
  },
  {
    name: 'NEEDS-ACTION after an answer takes nothing back',
    first: accepted,
    edit: answered('NEEDS-ACTION'),
    sends: [],
    shows: /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
  },
  {
    name: 'an alarm, a category and the busy status',
    edit: both(
      withLines('CATEGORIES:Red'),
      withLines('BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-PT5M', 'END:VALARM'),
      (text) => text.replace(/^TRANSP.*$/m, 'TRANSP:TRANSPARENT'),
    ),
    sends: [],
    shows: /CATEGORIES:Red/,
    calls: 1,
  },
  {
    name: 'an answer and a category',
    edit: both(accepted, withLines('CATEGORIES:Red')),
    sends: ['response bob → alice: Accepted: Plan U'],
    shows: /CATEGORIES:Red/,
    calls: 2,
  },
  {
    name: 'an answer and the busy status: the owner’s own word stands',
    edit: both(accepted, (text) =>
      text.replace(/^STATUS:TENTATIVE\r\n/m, '').replace(/^TRANSP.*$/m, 'TRANSP:TRANSPARENT'),
    ),
    sends: ['response bob → alice: Accepted: Plan U'],
    shows: /TRANSP:TRANSPARENT/,
  },
  {
    name: 'what is the organizer’s is dropped without a word',
    edit: (text) =>
      text.replace(/^SUMMARY.*$/m, 'SUMMARY:Mine').replace(/^DTEND.*$/m, 'DTEND:20350605T120000Z'),
    sends: [],
    shows: /SUMMARY:Plan/,
  },
  {
    name: 'an answer to who sends it himself',
    edit: both(accepted, (text) => text.replace(/^ORGANIZER/m, 'ORGANIZER;SCHEDULE-AGENT=CLIENT')),
    sends: [],
    shows: /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
  },
  {
    name: 'an answer with Schedule-Reply: F',
    edit: accepted,
    headers: { 'schedule-reply': 'F' },
    sends: [],
    shows: /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
  },
  {
    name: 'an answer to what is over',
    date: '2020-06-05',
    edit: accepted,
    sends: [],
    shows: /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
  },
  {
    name: 'an answer to what was called off',
    organizer: (outlook, item) => outlook.cancel(item),
    edit: accepted,
    sends: [],
    shows: /STATUS:CANCELLED/,
  },
  {
    name: 'an answer after the organizer has moved it',
    first: accepted,
    organizer: (outlook, item) =>
      outlook.tell(item, {
        element: 'CalendarItem',
        uri: 'calendar:End',
        name: 'End',
        value: '2035-06-05T12:00:00Z',
      }),
    edit: answered('TENTATIVE'),
    sends: ['response bob → alice: Tentative: Plan U'],
  },
  { name: 'DELETE declines', sends: ['response bob → alice: Declined: Plan U'], shows: 'gone', calls: 1 },
  {
    name: 'DELETE of what was accepted',
    first: accepted,
    sends: ['response bob → alice: Declined: Plan U'],
    shows: 'gone',
  },
  {
    name: 'DELETE with Schedule-Reply: T',
    headers: { 'schedule-reply': 'T' },
    sends: ['response bob → alice: Declined: Plan U'],
  },
  {
    name: 'DELETE with Schedule-Reply: F',
    headers: { 'schedule-reply': 'F' },
    sends: [],
    shows: 'gone',
    calls: 1,
  },
  {
    name: 'DELETE of what was called off',
    organizer: (outlook, item) => outlook.cancel(item),
    sends: [],
    shows: 'gone',
  },
  { name: 'DELETE of what is over', date: '2020-06-05', sends: [], shows: 'gone' },
  // Series
  {
    name: 'a series is accepted',
    count: 10,
    edit: accepted,
    sends: ['response bob → alice: Accepted: Plan U'],
    shows: /PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
    calls: 2,
  },
  {
    name: 'one occurrence is accepted',
    count: 10,
    edit: onDay(8, accepted),
    sends: ['response bob → alice: Accepted: Plan U @2035-06-08T10:00'],
    shows: /RECURRENCE-ID:20350608T100000Z[\s\S]*PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
    calls: 4,
  },
  {
    name: 'one occurrence of an accepted series is declined: it leaves the calendar',
    count: 10,
    first: accepted,
    edit: onDay(8, both(declined, withLines('CATEGORIES:Red'))),
    sends: ['response bob → alice: Declined: Plan U @2035-06-08T10:00'],
    shows: /EXDATE[^\r]*20350608/,
    calls: 3,
  },
  {
    name: 'one occurrence taken out by EXDATE is declined',
    count: 10,
    first: accepted,
    edit: exdate(8),
    sends: ['response bob → alice: Declined: Plan U @2035-06-08T10:00'],
    shows: /EXDATE[^\r]*20350608/,
    calls: 3,
  },
  {
    name: 'several occurrences, each its own way',
    count: 10,
    edit: both(onDay(6, accepted), onDay(7, answered('TENTATIVE')), onDay(8, declined), exdate(9)),
    sends: [
      'response bob → alice: Declined: Plan U @2035-06-08T10:00',
      'response bob → alice: Declined: Plan U @2035-06-09T10:00',
      'response bob → alice: Accepted: Plan U @2035-06-06T10:00',
      'response bob → alice: Tentative: Plan U @2035-06-07T10:00',
    ],
    calls: 4,
  },
  {
    name: 'the series and one occurrence otherwise',
    count: 10,
    edit: both(
      onDay(8, (text) => text),
      accepted,
      (text) => text.replace(/RECURRENCE-ID[\s\S]*$/, (override) => declined(override)),
    ),
    sends: [
      'response bob → alice: Accepted: Plan U',
      'response bob → alice: Declined: Plan U @2035-06-08T10:00',
    ],
    shows: /EXDATE[^\r]*20350608/,
  },
  {
    name: 'the series and its changed occurrence alike: the organizer hears it once',
    count: 10,
    organizer: (outlook, item) => outlook.tellOccurrence(item, 4, 'There'),
    edit: accepted,
    sends: ['response bob → alice: Accepted: Plan U'],
    shows: /RECURRENCE-ID:20350608T100000Z[\s\S]*PARTSTAT=ACCEPTED[^\r]*mailto:bob@/,
  },
  {
    name: 'an occurrence that the organizer has called off, taken out',
    count: 10,
    organizer: (outlook, item) => outlook.cancelOccurrence(item, 4),
    edit: (text) =>
      exdate(8)(text.replace(/BEGIN:VEVENT(?:(?!END:VEVENT)[\s\S])*RECURRENCE-ID[\s\S]*?END:VEVENT\r\n/, '')),
    sends: [],
    shows: /EXDATE[^\r]*20350608/,
  },
  {
    name: 'an occurrence in which only the owner’s own changed',
    count: 10,
    edit: onDay(8, withLines('CATEGORIES:Red')),
    sends: [],
    shows: /RECURRENCE-ID:20350608T100000Z[\s\S]*CATEGORIES:Red/,
  },
  {
    name: 'DELETE of a series declines it',
    count: 10,
    sends: ['response bob → alice: Declined: Plan U'],
    shows: 'gone',
  },
];

describe.each([
  ['on', () => on],
  ['off', () => off],
] as const)('an attendee with EXDAV_SCHEDULING=%s', (setting, place) => {
  it.each(flows.map((flow, index) => [flow.name, flow, index] as const))('%s', async (_, flow, index) => {
    const { outlook, put, get, remove, sent, find, calls } = place();
    const uid = `a${index}`;
    const { count, date = '2035-06-05' } = flow;
    const item = await outlook.invite({ uid, date, to: people, ...(count === undefined ? {} : { count }) });
    const href = await find(bob, `UID:${uid}\r\n`);
    const text = async (): Promise<string> => (await get(href, bob)).text.replaceAll(/\r\n[ \t]/g, '');
    if (flow.first) expectStatus(await put(href, flow.first(await text()), { user: bob }), 204);
    await flow.organizer?.(outlook, item);
    const present = await text();
    sent();
    const { edit, headers = {} } = flow;
    const { value, count: made } = await calls(() =>
      edit ? put(href, edit(present), { user: bob, headers }) : remove(href, { user: bob, headers }),
    );
    expectStatus(value, 204);
    const expected = flow.sends.map((line) => line.replaceAll(/\bU\b/g, uid));
    expect(sent()).toEqual(setting === 'on' ? expected : []);
    if (flow.calls !== undefined && setting === 'on') expect(made).toBe(flow.calls + (edit ? 1 : 0));
    const after = await get(href, bob);
    if (flow.shows === 'gone') expectStatus(after, 404);
    else if (flow.shows) expect(after.text.replaceAll(/\r\n[ \t]/g, '')).toMatch(flow.shows);
    // Once more the same: nothing is news, and nothing comes back.
    if (!edit) return;
    const again = edit(present).replace(';SCHEDULE-FORCE-SEND=REPLY', '');
    expectStatus(await put(href, again, { user: bob, headers }), 204);
    expect(sent()).toEqual([]);
    expectStatus(await get(href, bob), flow.shows === 'gone' ? 404 : 200);
  });
});
