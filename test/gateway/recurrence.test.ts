// Recurrence through the whole stack: what a client says comes back, after a restart too, and Outlook, the gateway's expansion and
// the text itself agree on every instance.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRendered } from '../../src/translate/codec.ts';
import { instancesOf } from '../../src/translate/instances.ts';
import { propertyOf, zonesOf } from '../../src/translate/span.ts';
import { compareTexts } from '../fidelity/compare.ts';
import { openOutlook, type Outlook } from './outlook.ts';
import {
  alice,
  asCalendar,
  asXml,
  calendarOf,
  calendarText,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
let outlook: Outlook;
const calendar = calendarOf(alice);
beforeAll(async () => {
  stage = await openStage();
  outlook = openOutlook(stage.simulator.url, alice);
});
afterAll(async () => {
  expect(stage.simulator.sentMessages()).toEqual([]);
  await stage.stop();
});

function text(...lines: readonly string[]): string {
  const components = lines.join('\n').split('\n--\n');
  return calendarText(
    ...components.flatMap((component) => [
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTAMP:20260101T000000Z',
      ...component.split('\n'),
      'END:VEVENT',
    ]),
  );
}

const at = (name: string, wall: string, tzid = 'Europe/Berlin'): string => `${name};TZID=${tzid}:${wall}`;
const on = (name: string, date: string): string => `${name};VALUE=DATE:${date}`;

/** An hour in Berlin. */
const timed = (wall: string, ...more: readonly string[]): string => {
  const hour = String(Number(wall.slice(9, 11)) + 1).padStart(2, '0');
  return text(at('DTSTART', wall), at('DTEND', `${wall.slice(0, 9)}${hour}${wall.slice(11)}`), ...more);
};
const days = (first: string, last: string, ...more: readonly string[]): string =>
  text(on('DTSTART', first), on('DTEND', last), ...more);
const override = (id: string, start: string, end: string, ...more: readonly string[]): string =>
  ['--', at('RECURRENCE-ID', id), at('DTSTART', start), at('DTEND', end), ...more].join('\n');

const cases: Readonly<Record<string, string>> = {
  'every other day': timed('20260302T090000', 'RRULE:FREQ=DAILY;INTERVAL=2;COUNT=20'),
  'workdays as Thunderbird says them': timed(
    '20260302T090000',
    'RRULE:FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;COUNT=30',
  ),
  'weeks from Sunday': timed('20260303T090000', 'RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=TU,SU;COUNT=8'),
  'weeks from Monday': timed('20260303T090000', 'RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=TU,SU;COUNT=8'),
  'the second Tuesday': timed('20260310T090000', 'RRULE:FREQ=MONTHLY;BYDAY=2TU'),
  'the last Friday, as a position': timed('20260327T090000', 'RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1'),
  'the last workday': timed('20260331T090000', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1'),
  'the third workday': timed('20260304T090000', 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3'),
  'the first day of a weekend': timed('20260307T090000', 'RRULE:FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1'),
  'the last day of the month': timed('20260331T090000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1'),
  'the last day by a run of days': timed(
    '20260331T090000',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1',
  ),
  'the 30th or the last of February': timed(
    '20260330T090000',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
  ),
  'the 31st where there is one': timed('20260331T090000', 'RRULE:FREQ=MONTHLY'),
  'the 29th where there is one': timed('20260129T090000', 'RRULE:FREQ=MONTHLY'),
  'a birthday on the leap day': days('20240229', '20240301', 'RRULE:FREQ=YEARLY'),
  'the last of February': days('20260228', '20260301', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1'),
  'every second year': timed('20260115T090000', 'RRULE:FREQ=YEARLY;INTERVAL=2'),
  'yearly by weekday': timed('20260510T090000', 'RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=2SU'),
  'until a date-time in UTC': timed('20260302T090000', 'RRULE:FREQ=DAILY;UNTIL=20260401T070000Z'),
  'until just before an instance': timed('20260302T090000', 'RRULE:FREQ=DAILY;UNTIL=20260401T065959Z'),
  'until a date': timed('20260302T090000', 'RRULE:FREQ=DAILY;UNTIL=20260401'),
  'until midnight of the zone, in UTC': timed('20260302T223000', 'RRULE:FREQ=WEEKLY;UNTIL=20260330T215959Z'),
  'whole days until a date': days('20260302', '20260303', 'RRULE:FREQ=WEEKLY;UNTIL=20260401'),
  'over the change of the clock': timed('20260327T023000', 'RRULE:FREQ=DAILY;COUNT=5'),
  'in the hour that comes twice': timed('20261024T023000', 'RRULE:FREQ=DAILY;COUNT=4'),
  'cancelled ones': timed(
    '20260302T090000',
    'RRULE:FREQ=DAILY;COUNT=9',
    at('EXDATE', '20260303T090000,20260305T090000'),
    'EXDATE:20260306T080000Z',
  ),
  'cancelled by a date': timed('20260302T090000', 'RRULE:FREQ=DAILY;COUNT=9', on('EXDATE', '20260303')),
  'cancelled whole days': days(
    '20260302',
    '20260304',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    on('EXDATE', '20260309,20260323'),
  ),
  'a moved instance': timed(
    '20260302T090000',
    'SUMMARY:All',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    override('20260309T090000', '20260311T140000', '20260311T160000', 'SUMMARY:Moved'),
  ),
  'one moved to another zone': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    '--',
    at('RECURRENCE-ID', '20260309T090000'),
    at('DTSTART', '20260310T090000', 'America/New_York'),
    at('DTEND', '20260310T100000', 'America/New_York'),
  ),
  'one named in UTC': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    '--',
    'RECURRENCE-ID:20260309T080000Z',
    'DTSTART:20260309T120000Z',
    'DTEND:20260309T130000Z',
  ),
  'whole days moved over days': days(
    '20260302',
    '20260303',
    'SUMMARY:All',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    '--',
    on('RECURRENCE-ID', '20260309'),
    on('DTSTART', '20260311'),
    on('DTEND', '20260314'),
    'SUMMARY:Longer',
  ),
  'a whole day that gets a time': days(
    '20260302',
    '20260303',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    '--',
    on('RECURRENCE-ID', '20260309'),
    at('DTSTART', '20260309T100000'),
    at('DTEND', '20260309T120000'),
  ),
  'a timed one that becomes a day': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    '--',
    at('RECURRENCE-ID', '20260309T090000'),
    on('DTSTART', '20260310'),
    on('DTEND', '20260311'),
  ),
  'an instance that does not take place': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    override('20260309T090000', '20260309T090000', '20260309T100000', 'STATUS:CANCELLED'),
  ),
  'one past its neighbours': timed(
    '20260302T090000',
    'RRULE:FREQ=DAILY;COUNT=9',
    override('20260304T090000', '20260310T200000', '20260310T210000'),
  ),
  'two moved past each other': timed(
    '20260302T090000',
    'RRULE:FREQ=DAILY;COUNT=9',
    override('20260304T090000', '20260305T090000', '20260305T100000', 'SUMMARY:Fourth'),
    override('20260305T090000', '20260304T090000', '20260304T100000', 'SUMMARY:Fifth'),
  ),
  'a long one into the next': timed(
    '20260302T090000',
    'RRULE:FREQ=DAILY;COUNT=9',
    override('20260304T090000', '20260304T090000', '20260305T120000'),
  ),
  'twice a month': timed('20260301T090000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=9'),
  'three times a day': timed('20260302T090000', 'RRULE:FREQ=DAILY;BYHOUR=9,13,18;UNTIL=20260320T130000Z'),
  'every six hours': timed('20260302T030000', 'RRULE:FREQ=HOURLY;INTERVAL=6;COUNT=30'),
  'every other month of the school year': timed('20260110T090000', 'RRULE:FREQ=YEARLY;BYMONTH=1,3,5,9,11'),
  'a hundredth day': timed('20260410T090000', 'RRULE:FREQ=YEARLY;BYYEARDAY=100'),
  'fridays the 13th': timed('20260213T090000', 'RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=3'),
  'dates alone': days('20260302', '20260303', on('RDATE', '20260305,20260311')),
  'dates beside a rule': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=5',
    at('RDATE', '20260304T090000'),
    at('EXDATE', '20260309T090000'),
  ),
  'dates in another zone': timed(
    '20260302T090000',
    'RRULE:FREQ=WEEKLY;COUNT=5',
    at('RDATE', '20260304T090000', 'America/New_York'),
  ),
  'periods of their own length': timed(
    '20260302T090000',
    'RDATE;VALUE=PERIOD:20260305T080000Z/PT30M,20260306T080000Z/20260306T110000Z',
  ),
  'a start off the rule': timed('20260301T090000', 'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=7'),
  'longer than Exchange counts': timed('20260302T090000', 'RRULE:FREQ=DAILY;COUNT=1200'),
};

interface When {
  readonly start: string;
  readonly end: string;
}

/** Exchange lets an instance end at the time on the clock, RFC 5545 after the same time has passed: not the same in these nights. */
const endOtherwise = new Set(['over the change of the clock', 'in the hour that comes twice']);

interface Range {
  readonly from: number;
  readonly to: number;
}
/** A view has two years at most. */
const usual = { from: Date.UTC(2026, 0, 1), to: Date.UTC(2027, 11, 1) };
const ranges: Readonly<Record<string, Range>> = {
  'a birthday on the leap day': { from: Date.UTC(2027, 0, 1), to: Date.UTC(2028, 11, 1) },
};
const iso = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/** Sorted; whole days as dates: their midnights are of the mailbox's zone. */
function sorted(list: readonly When[]): readonly When[] {
  return list.toSorted((a, b) => (a.start + a.end < b.start + b.end ? -1 : 1));
}

function instancesIn(ics: string, { from, to }: Range = usual): readonly When[] {
  const root = parseRendered(ics);
  const events = root[2].filter(([name]) => name === 'vevent');
  const found = instancesOf(events, { from, to }, { zones: zonesOf(root), floatingZone: 'UTC' });
  return sorted(
    found.map((each) =>
      each.start.kind === 'date'
        ? { start: each.start.date, end: iso(each.to).slice(0, 10) }
        : { start: iso(each.from), end: iso(each.to) },
    ),
  );
}

/** What an expanded answer says, one component an instance. */
function expandedIn(ics: string): readonly When[] {
  const events = parseRendered(ics)[2].filter(([name]) => name === 'vevent');
  const value = (event: (typeof events)[number], name: string): string => {
    const given = propertyOf(event, name)?.[3];
    return typeof given === 'string' ? given.replace('Z', '') : '';
  };
  return sorted(
    events.map((event) => ({
      start: value(event, 'dtstart'),
      end: value(event, 'dtend') || value(event, 'dtstart'),
    })),
  );
}

async function inOutlook({ from, to }: Range = usual): Promise<readonly When[]> {
  const shown = await outlook.view(new Date(from).toISOString(), new Date(to).toISOString());
  return sorted(
    shown.map(({ start, end, isAllDay }) =>
      isAllDay
        ? { start: dayNear(start), end: dayNear(end) }
        : { start: start.replace('Z', ''), end: end.replace('Z', '') },
    ),
  );
}

function dayNear(instant: string): string {
  return iso(Date.parse(instant) + 12 * 3_600_000).slice(0, 10);
}

async function expandedByGateway({ from, to }: Range): Promise<string> {
  const basic = (ms: number): string => `${iso(ms).replaceAll(/[-:]/g, '')}Z`;
  const range = `start="${basic(from)}" end="${basic(to)}"`;
  const body = `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data><C:expand ${range}/></C:calendar-data></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range ${range}/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
  const answer = await stage.ask('REPORT', calendar, { body, headers: { ...asXml, depth: '1' } });
  return responsesOf(answer).get(`${calendar}u.ics`)?.data ?? '';
}

function differences(sent: string, got: string): string[] {
  const { changed, lost, added } = compareTexts(sent, got);
  return [...changed, ...lost, ...added].map(({ path, sent = '', got = '' }) => `${path}: ${sent} → ${got}`);
}

const put = (body: string) => stage.ask('PUT', `${calendar}u.ics`, { body, headers: asCalendar });
const get = async (): Promise<string> => (await stage.ask('GET', `${calendar}u.ics`)).text;

describe('what a client says of recurrence', () => {
  it.each(Object.entries(cases))('%s', { timeout: 30_000 }, async (name, ics) => {
    const range = ranges[name] ?? usual;
    await stage.ask('DELETE', `${calendar}u.ics`);
    const answer = await put(ics);
    expect(answer.status, answer.text).toBe(201);
    stage.advance();
    expect(differences(ics, await get())).toEqual([]);
    await stage.restart();
    const shown = await get();
    expect(differences(ics, shown)).toEqual([]);
    const wanted = instancesIn(ics, range);
    expect(wanted.length).toBeGreaterThan(0);
    const told = (list: readonly When[]) => (endOtherwise.has(name) ? list.map(({ start }) => start) : list);
    expect(told(await inOutlook(range))).toEqual(told(wanted));
    expect(expandedIn(await expandedByGateway(range))).toEqual(wanted);
    // The same text again changes nothing.
    stage.sent.length = 0;
    expect((await put(shown)).status).toBe(204);
    const writes = stage.sent.filter((sent) => /<m:(Create|Update|Delete)Item/.test(sent));
    expect(writes).toEqual([]);
  });
});

describe('an override', () => {
  const series = timed('20260302T090000', 'SUMMARY:All', 'RRULE:FREQ=WEEKLY;COUNT=9');
  const moved = timed(
    '20260302T090000',
    'SUMMARY:All',
    'RRULE:FREQ=WEEKLY;COUNT=9',
    override('20260309T090000', '20260311T140000', '20260311T160000', 'SUMMARY:Moved', 'X-OWN:1'),
  );

  it('that is taken back leaves the series as it was', async () => {
    await stage.ask('DELETE', `${calendar}u.ics`);
    for (const body of [moved, series, moved, series]) {
      expect([201, 204]).toContain((await put(body)).status);
      await stage.restart();
      expect(differences(body, await get())).toEqual([]);
      expect(await inOutlook()).toEqual(instancesIn(body));
    }
  });

  it('that is cancelled instead is gone, and comes back when it is not', async () => {
    const cancelled = timed(
      '20260302T090000',
      'SUMMARY:All',
      'RRULE:FREQ=WEEKLY;COUNT=9',
      at('EXDATE', '20260309T090000'),
    );
    for (const body of [moved, cancelled, series, cancelled, moved]) {
      expect([201, 204]).toContain((await put(body)).status);
      stage.advance();
      expect(differences(body, await get())).toEqual([]);
      expect(await inOutlook()).toEqual(instancesIn(body));
    }
  });
});
