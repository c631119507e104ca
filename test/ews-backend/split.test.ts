// Events that no single series of Exchange holds: which items they become, that these have exactly the instances of the text (by
// the arithmetic of the simulated server), and that the whole is known again from them.
import { describe, expect, it } from 'vitest';
import { datesFrom, parseRecurrence } from '../../simulator/calendar/index.ts';
import { express } from '../../src/ews-backend/express.ts';
import { renderRecurrence } from '../../src/ews-backend/fields/recurrence-fields.ts';
import type { Stored } from '../../src/model/backend.ts';
import type { Expression } from '../../src/model/expression.ts';
import type { EventItem, Item } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import { instantOfWhen } from '../../src/model/zones.ts';
import { parseXml, renderXml } from '../../src/xml/index.ts';
import { joinParts, nameOfPart, parseIncoming, renderStored, residueOf } from '../../src/translate/index.ts';
import { parseRendered } from '../../src/translate/codec.ts';
import { instancesOf } from '../../src/translate/instances.ts';
import { zonesOf } from '../../src/translate/span.ts';
import { compareTexts } from '../fidelity/compare.ts';
import { calendar } from '../translate/mailbox.ts';

const own = ['alice@example.test'];
const zone = 'Europe/Berlin';
const held = (item: Item): Expression => express(item, zone);

function text(...lines: string[]): string {
  const [master, ...overrides] = lines.join('\n').split('\n--\n');
  const component = (body: string): string[] => [
    'BEGIN:VEVENT',
    'UID:uid-1',
    'DTSTAMP:20260101T000000Z',
    ...body.split('\n'),
    'END:VEVENT',
  ];
  return calendar(...component(master!), ...overrides.flatMap(component));
}

const berlin = (name: string, wall: string): string => `${name};TZID=Europe/Berlin:${wall}`;
const at = (wall: string, ...lines: string[]): string =>
  text(
    berlin('DTSTART', wall),
    berlin(
      'DTEND',
      `${wall.slice(0, 9)}${String(Number(wall.slice(9, 11)) + 1).padStart(2, '0')}${wall.slice(11)}`,
    ),
    ...lines,
  );

function expressed(ics: string): Exclude<Expression, { kind: 'refuse' }> {
  const expression = held(parseIncoming(ics, 'events', { ownAddresses: own, defaultZone: zone }).item);
  if (expression.kind === 'refuse') throw new Error(`${expression.part}: ${expression.reason}`);
  return expression;
}

function itemsOf(expression: Exclude<Expression, { kind: 'refuse' }>): EventItem[] {
  const items = expression.kind === 'ok' ? [expression.held] : expression.parts.map(({ item }) => item);
  return items.filter((item) => item.kind === 'event');
}

const range = { from: Date.UTC(1990, 0, 1), to: Date.UTC(2031, 0, 1) };

/** As the simulated Exchange computes them. */
function instantsIn(item: EventItem): string[] {
  const starts = item.recurrence === undefined ? [item.start] : startsOfSeries(item);
  return starts
    .map((when) => instantOfWhen(when, when.kind === 'date' ? 'UTC' : zone))
    .filter((each) => each <= range.to)
    .map((each) => new Date(each).toISOString());
}

function startsOfSeries(item: EventItem): When[] {
  const date = (when: When): string => (when.kind === 'date' ? when.date : when.local.slice(0, 10));
  const time = item.start.kind === 'date' ? {} : { time: item.start.local.slice(11) };
  const element = renderXml(renderRecurrence(item.recurrence!, { date: date(item.start), ...time })!);
  const limits = { maxDepth: 9, maxElements: 99, maxLength: 9999, mendCharacters: false };
  const bound = element.replace('<t:Recurrence', '<t:Recurrence xmlns:t="t"');
  const recurrence = parseRecurrence(parseXml(bound, limits));
  const found: When[] = [];
  for (const { date: day } of datesFrom(recurrence)) {
    if (day > '2031') break;
    const override = item.overrides.find(({ recurrenceId }) => date(recurrenceId) === day);
    if (item.cancelledDates.some((when) => date(when) === day)) continue;
    if (override) found.push(override.start);
    else if (item.start.kind === 'date') found.push({ kind: 'date', date: day });
    else found.push({ ...item.start, local: `${day}${item.start.local.slice(10)}` });
  }
  return found;
}

function instantsOf(ics: string): string[] {
  const root = parseRendered(ics);
  const events = root[2].filter(([name]) => name === 'vevent');
  return instancesOf(events, range, { zones: zonesOf(root), floatingZone: 'UTC' }).map(({ from }) =>
    new Date(from).toISOString(),
  );
}

/** What is in the mailbox after a PUT. */
function storedOf(ics: string): { stored: Stored; name: string }[] {
  const incoming = parseIncoming(ics, 'events', { ownAddresses: own, defaultZone: zone });
  const expression = expressed(ics);
  if (expression.kind !== 'split') throw new Error('this is one item');
  const residue = residueOf(incoming, expression, held);
  return expression.parts.map((part, index) => ({
    name: nameOfPart(part),
    stored: {
      id: `id-${index}`,
      version: 'v1',
      tags: index === 0 ? { residue } : {},
      item: { ...part.item, created: 0, modified: 0 },
    },
  }));
}

const show = (stored: Stored): string =>
  renderStored([stored], { uid: 'uid-1', express: held, ownAddresses: own }).replaceAll(/\r\n[ ]/g, '');

/** What a client would see as another text. */
function differences(sent: string, got: string): string[] {
  const { changed, lost, added } = compareTexts(sent, got);
  return [...changed, ...lost, ...added].map(({ path, sent = '', got = '' }) => `${path}: ${sent} → ${got}`);
}

/** What, text, number of series, of single items. */
const cases = [
  ['two days a month', at('20260301T090000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15'), 2, 0],
  // RFC 5545 §3.3.12: a leap second is the one before it.
  ['one second a day, said twice', at('20260301T090059', 'RRULE:FREQ=DAILY;BYSECOND=59,60;COUNT=4'), 1, 0],
  ['two seconds a day', at('20260301T090000', 'RRULE:FREQ=DAILY;BYSECOND=0,60;COUNT=6'), 2, 0],
  [
    'steps longer than the calendar',
    at('20260301T090000', 'RRULE:FREQ=MONTHLY;INTERVAL=2147483647;UNTIL=20270101T000000Z'),
    0,
    1,
  ],
  ['two days a month, counted', at('20260301T090000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15;COUNT=5'), 2, 0],
  ['uneven months', at('20260110T090000', 'RRULE:FREQ=YEARLY;BYMONTH=1,2,7;BYMONTHDAY=10'), 2, 0],
  ['two ordinals', at('20260302T090000', 'RRULE:FREQ=MONTHLY;BYDAY=1MO,3MO;UNTIL=20270101T000000Z'), 2, 0],
  ['three hours a day', at('20260302T090000', 'RRULE:FREQ=DAILY;BYHOUR=9,12,15;COUNT=10'), 3, 0],
  [
    'until a time within a day',
    at('20260302T090000', 'RRULE:FREQ=DAILY;BYHOUR=9,12,15;UNTIL=20260305T110000Z'),
    3,
    0,
  ],
  ['every eight hours', at('20260302T010000', 'RRULE:FREQ=HOURLY;INTERVAL=8;UNTIL=20280101T000000Z'), 3, 0],
  ['the 31st of months', at('20260131T090000', 'RRULE:FREQ=MONTHLY'), 6, 0],
  ['a leap day', text('DTSTART;VALUE=DATE:20240229', 'RRULE:FREQ=YEARLY'), 1, 0],
  [
    'further dates',
    at('20260302T090000', 'RRULE:FREQ=WEEKLY;COUNT=4', berlin('RDATE', '20260304T090000,20260320T173000')),
    1,
    2,
  ],
  [
    'a further date that the rule has',
    at('20260302T090000', 'RRULE:FREQ=WEEKLY;COUNT=4', berlin('RDATE', '20260309T090000')),
    1,
    0,
  ],
  ['only dates', text('DTSTART;VALUE=DATE:20260302', 'RDATE;VALUE=DATE:20260305,20260401'), 0, 3],
  [
    'dates and a cancelled one',
    text('DTSTART;VALUE=DATE:20260302', 'RDATE;VALUE=DATE:20260305,20260401', 'EXDATE;VALUE=DATE:20260305'),
    0,
    2,
  ],
  [
    'periods',
    at('20260302T090000', 'RDATE;VALUE=PERIOD:20260310T080000Z/PT3H,20260311T080000Z/20260311T093000Z'),
    0,
    3,
  ],
  ['a start off the rule', at('20260301T090000', 'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4'), 1, 1],
  ['more than Exchange counts', at('20260302T090000', 'RRULE:FREQ=DAILY;COUNT=1500'), 1, 0],
  [
    'the fifth Tuesday, until',
    at('20260331T090000', 'RRULE:FREQ=MONTHLY;BYDAY=5TU;UNTIL=20270601T000000Z'),
    0,
    5,
  ],
  [
    'Fridays the 13th, counted',
    at('20260213T090000', 'RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13;COUNT=5'),
    0,
    5,
  ],
  [
    'a week of the year, counted',
    at('20260511T090000', 'RRULE:FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=4'),
    0,
    4,
  ],
  [
    'days of 36 hours',
    text(berlin('DTSTART', '20260302T090000'), 'DURATION:PT36H', 'RRULE:FREQ=DAILY;COUNT=9'),
    2,
    0,
  ],
  [
    'long days of a week',
    text(berlin('DTSTART', '20260302T090000'), 'DURATION:PT30H', 'RRULE:FREQ=WEEKLY;BYDAY=MO,TU,FR'),
    3,
    0,
  ],
  [
    'one past its neighbour',
    at(
      '20260302T090000',
      'RRULE:FREQ=DAILY;COUNT=9',
      '--',
      berlin('RECURRENCE-ID', '20260303T090000'),
      berlin('DTSTART', '20260306T140000'),
      berlin('DTEND', '20260306T150000'),
    ),
    1,
    1,
  ],
  [
    'changes in both series',
    at(
      '20260301T090000',
      'SUMMARY:All',
      'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15',
      berlin('EXDATE', '20260401T090000'),
      berlin('EXDATE', '20260415T090000'),
      '--',
      berlin('RECURRENCE-ID', '20260315T090000'),
      berlin('DTSTART', '20260316T100000'),
      berlin('DTEND', '20260316T110000'),
      'SUMMARY:Moved',
      '--',
      berlin('RECURRENCE-ID', '20260501T090000'),
      berlin('DTSTART', '20260501T090000'),
      berlin('DTEND', '20260501T100000'),
      'SUMMARY:Named',
    ),
    2,
    0,
  ],
  [
    'a changed further date',
    at(
      '20260302T090000',
      'SUMMARY:All',
      berlin('RDATE', '20260304T090000'),
      '--',
      berlin('RECURRENCE-ID', '20260304T090000'),
      berlin('DTSTART', '20260305T090000'),
      berlin('DTEND', '20260305T100000'),
      'LOCATION:Here',
    ),
    0,
    2,
  ],
] as const;

describe('an event that no series holds', () => {
  it.each(cases)('%s', (_, ics, series, singles) => {
    const expression = expressed(ics);
    const items = itemsOf(expression);
    expect(items.filter(({ recurrence }) => recurrence !== undefined)).toHaveLength(series);
    expect(items.filter(({ recurrence }) => recurrence === undefined)).toHaveLength(singles);
    expect(items.flatMap(instantsIn).sort()).toEqual(instantsOf(ics));
    for (const item of items) expect(held(item)).toEqual({ kind: 'ok', held: item });
    // Being held is being held.
    expect(held(expression.held)).toEqual(expression);
  });

  it.each(cases.filter(([, ics]) => expressed(ics).kind === 'split'))('%s is known again', (_, ics) => {
    const members = storedOf(ics);
    const joined = joinParts(members);
    expect(joined?.members).toHaveLength(members.length);
    const expression = expressed(ics);
    const { created: _created, modified: _modified, ...item } = joined!.whole.item as EventItem;
    expect(item).toEqual(expression.held);
    expect(differences(ics, show(joined!.whole))).toEqual([]);
  });
});

/** What another program does to the item of that number. */
function edited(
  members: ReturnType<typeof storedOf>,
  index: number,
  change: (item: EventItem) => Partial<EventItem>,
): ReturnType<typeof storedOf> {
  return members.map((member, at) => {
    const item = member.stored.item as EventItem;
    return at === index
      ? { ...member, stored: { ...member.stored, item: { ...item, modified: 1000, ...change(item) } } }
      : member;
  });
}

describe('what another program changes in a part', () => {
  const monthly = at('20260301T090000', 'SUMMARY:All', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15');
  const dates = at('20260302T090000', 'SUMMARY:All', berlin('RDATE', '20260304T090000,20260306T090000'));

  it('is a change of the whole where all instances share it', () => {
    const members = edited(storedOf(monthly), 1, () => ({ summary: 'Other', location: 'Here' }));
    const renamed = monthly.replace('SUMMARY:All', 'SUMMARY:Other\r\nLOCATION:Here');
    expect(differences(renamed, show(joinParts(members)!.whole))).toEqual([]);
    const both = edited(members, 0, () => ({ location: 'There', modified: 2000 }));
    const again = renamed.replace('LOCATION:Here', 'LOCATION:There');
    expect(differences(again, show(joinParts(both)!.whole))).toEqual([]);
  });

  it('is a changed or cancelled instance where it is of one', () => {
    const when = { kind: 'zoned', local: '2026-04-15T09:00:00', zone } as const;
    const cancelled = edited(storedOf(monthly), 1, () => ({ cancelledDates: [when] }));
    const without = monthly.replace('SUMMARY:All', `SUMMARY:All\r\n${berlin('EXDATE', '20260415T090000')}`);
    expect(differences(without, show(joinParts(cancelled)!.whole))).toEqual([]);
    const override = (item: EventItem) => ({
      overrides: [{ ...item, recurrenceId: when, summary: 'Once', overrides: undefined }],
    });
    const shown = show(joinParts(edited(storedOf(monthly), 1, override))!.whole);
    expect(shown).toContain(berlin('RECURRENCE-ID', '20260415T090000'));
    expect(shown).toContain('SUMMARY:Once');
    expect(shown).toContain('RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15');
  });

  it('is a changed instance where the part is one', () => {
    const later = { kind: 'zoned', local: '2026-03-09T11:00:00', zone } as const;
    const end = { ...later, local: '2026-03-09T12:00:00' };
    const moved = edited(storedOf(dates), 1, () => ({ start: later, end, summary: 'Late' }));
    const text = at(
      '20260302T090000',
      'SUMMARY:All',
      berlin('RDATE', '20260304T090000,20260306T090000'),
      '--',
      berlin('RECURRENCE-ID', '20260304T090000'),
      berlin('DTSTART', '20260309T110000'),
      berlin('DTEND', '20260309T120000'),
      'SUMMARY:Late',
    );
    expect(differences(text, show(joinParts(moved)!.whole))).toEqual([]);
    const gone = storedOf(dates).filter((_, index) => index !== 2);
    const without = dates.replace('SUMMARY:All', `SUMMARY:All\r\n${berlin('EXDATE', '20260306T090000')}`);
    expect(differences(without, show(joinParts(gone)!.whole))).toEqual([]);
  });

  it('ends the whole where its rule is no longer true', () => {
    const moved = { start: { kind: 'zoned', local: '2026-03-15T10:00:00', zone } as const };
    expect(joinParts(edited(storedOf(monthly), 1, () => moved))).toBeUndefined();
    expect(joinParts(storedOf(monthly).slice(0, 1))).toBeUndefined();
    expect(joinParts(storedOf(monthly).slice(1))).toBeUndefined();
    const series = { recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'never' } } } as const;
    // A single instance that has become a series is none any more, the others are still what they were.
    const repeated = joinParts(edited(storedOf(dates), 1, () => series))!;
    expect(repeated.members).toHaveLength(2);
    expect(show(repeated.whole)).toContain(berlin('EXDATE', '20260304T090000'));
  });

  it('is not taken from a copy', () => {
    const members = storedOf(monthly);
    const copy = { ...members[1]!, stored: { ...members[1]!.stored, id: 'copy' } };
    expect(joinParts([...members, copy])?.members.map(({ stored }) => stored.id)).toEqual(['id-0', 'id-1']);
  });
});

describe('what stays refused', () => {
  it.each([
    ['every minute', at('20260302T090000', 'RRULE:FREQ=MINUTELY'), 'FREQ'],
    [
      'Fridays the 13th for ever',
      at('20260213T090000', 'RRULE:FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13'),
      'BYMONTHDAY',
    ],
    ['a fifth Tuesday for ever', at('20260331T090000', 'RRULE:FREQ=MONTHLY;BYDAY=5TU'), 'BYDAY'],
    [
      'too many items',
      at(
        '20260302T090000',
        'RRULE:FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0,3,6,9,12,15,18,21,24,27,30,33,36,39,42,45,48',
      ),
      'BYHOUR',
    ],
    [
      'no instance left',
      text('DTSTART;VALUE=DATE:20260302', 'RDATE;VALUE=DATE:20260305', 'EXDATE;VALUE=DATE:20260305,20260302'),
      'EXDATE',
    ],
    [
      'a meeting',
      at(
        '20260301T090000',
        'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15',
        'ORGANIZER:mailto:alice@example.test',
        'ATTENDEE:mailto:bob@example.test',
      ),
      'BYMONTHDAY',
    ],
    [
      'a period over an instance of the rule',
      at('20260302T090000', 'RRULE:FREQ=DAILY;COUNT=3', 'RDATE;VALUE=PERIOD:20260303T080000Z/PT5H'),
      'RDATE',
    ],
    [
      'an instance that is none',
      at(
        '20260301T090000',
        'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15',
        '--',
        berlin('RECURRENCE-ID', '20260302T090000'),
        berlin('DTSTART', '20260302T100000'),
      ),
      'RECURRENCE-ID',
    ],
    [
      'a series that would begin in the hour that the clock skips',
      at('20260301T023000', 'RRULE:FREQ=MONTHLY;BYMONTHDAY=1,29'),
      'DTSTART',
    ],
    [
      'thousands of series',
      at('20260901T090000', 'RRULE:FREQ=HOURLY;COUNT=1000000;BYMONTH=12,9,5;BYMINUTE=0,15,30,45'),
      'FREQ',
    ],
    [
      'instances that last for thousands of others',
      at('20260301T090000', 'DURATION:P400D', 'RRULE:FREQ=HOURLY;COUNT=999').replace(/DTEND.*\r\n/, ''),
      'COUNT',
    ],
  ])('%s', (_, ics, part) => {
    const { item } = parseIncoming(ics, 'events', { ownAddresses: own, defaultZone: zone });
    expect(held(item)).toMatchObject({ kind: 'refuse', part });
  });
});
