// The series that is read back has the instances of the client's own, by expanders that are not ours.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyRule } from './any-rule.ts';
import { isDateutilInstalled, startDateutil, type Dateutil } from './dateutil.ts';
import { judgeExpansion, type Series, type Window } from './expansion.ts';
import { frame, timeLine } from './frame.ts';
import { law } from './law.ts';
import { addDays, ended, ending, type Placed } from './rules.ts';
import { basic, time } from './texts.ts';
import { named, utc, type Named } from './zones.ts';

const windows: fc.Arbitrary<readonly Window[]> = fc.array(
  fc.record({
    from: fc.nat(10_000),
    more: fc.integer({ min: 0, max: 40 }),
    beside: fc.constantFrom(0, 1, -1, 3600),
  }),
  { minLength: 50, maxLength: 50 },
);
const dayZone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland');

interface Meant {
  readonly at: Placed & { readonly named: Named };
  readonly rule: string;
  readonly cancelled: readonly string[];
  readonly isPattern: boolean;
}

function seriesOf(
  { at, rule, cancelled, isPattern }: Meant,
  dayZone: string,
  windows: readonly Window[],
): Series {
  const line = (name: string, date: string): string =>
    timeLine(name, date, { ...at, lasts: 0, dates: [], gap: 0 });
  const exdates = cancelled.map((date) => line('EXDATE', date));
  const zone = { date: null, zoned: at.named.of.iana, utc: 'UTC', floating: dayZone }[at.kind];
  const start = line('DTSTART', at.start);
  const text = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Laws//EN',
    ...(at.kind === 'zoned' ? at.named.vtimezone : []),
    'BEGIN:VEVENT',
    'UID:law@example.org',
    'DTSTAMP:20260101T000000Z',
    start,
    `RRULE:${rule}`,
    ...exdates,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  const valueOf = (each: string): string => each.slice(each.lastIndexOf(':') + 1);
  return {
    text,
    dayZone,
    zone,
    start: valueOf(start).replace(/Z$/, ''),
    rule,
    exdates: exdates.map(valueOf),
    isPattern,
    isOwnZone: !at.named.of.tzids.includes(at.named.tzid),
    windows,
  };
}

/** From 2026 on Morocco's clock is one hour slower in the newest tables: an UNTIL in UTC means another day then. */
const isAgreedOn = ({ of }: Named): boolean => of.iana !== 'Africa/Casablanca';

/** Patterns of Exchange in all the ways in which rules can say them. */
const patterns: fc.Arbitrary<Meant> = frame
  .filter(({ rule, named }) => rule !== undefined && isAgreedOn(named))
  .chain((at) => {
    // One of them is left: Exchange keeps no series without any instance.
    const others = at.dates.slice(1);
    const cancelled = fc.subarray(others, { maxLength: Math.min(4, others.length) });
    return cancelled.map((dates) => ({ at, rule: at.rule?.text ?? '', cancelled: dates, isPattern: true }));
  });

const day = fc.integer({ min: 0, max: 9000 }).map((days) => addDays('2010-01-01', days));

/** Rules of any form; many of them Exchange cannot say. */
const others: fc.Arbitrary<Meant> = fc
  .record({
    rule: anyRule(day),
    ending,
    kind: fc.constantFrom(
      'date' as const,
      'zoned' as const,
      'zoned' as const,
      'utc' as const,
      'floating' as const,
    ),
    time,
    named: named.filter(isAgreedOn),
    cancelled: fc.subarray([7, 14, 28, 31], { maxLength: 2 }),
  })
  .map(({ rule, ending, kind, time, named, cancelled }) => {
    const zone = kind === 'zoned' ? named.of : utc;
    const at = { kind, named, zone, start: rule.start, time: kind === 'date' ? '00:00:00' : time };
    const { text } = ended({ pattern: { kind: 'Daily', interval: 1 }, text: rule.text, ending, at });
    return {
      at,
      rule: text,
      cancelled: cancelled.map((days) => addDays(rule.start, days)),
      isPattern: false,
    };
  });

const cases = (meant: fc.Arbitrary<Meant>): fc.Arbitrary<Series> =>
  fc.tuple(meant, dayZone, windows).map((given) => seriesOf(...given));

describe.skipIf(!isDateutilInstalled())('expansion (needs python3-dateutil)', () => {
  let dateutil: Dateutil;
  beforeAll(() => {
    dateutil = startDateutil();
  });
  afterAll(() => dateutil.stop());

  test('dateutil knows the rules of RFC 5545', async () => {
    const start = basic('1997-09-02T09:00:00');
    const rule = 'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13';
    // DTSTART is an instance, too, unless it is taken out.
    const question = { start, zone: 'America/New_York', rule, exdates: [start], most: 4 };
    const found = await dateutil.expand(question);
    expect(found.map((each) => new Date(each * 1000).toISOString().slice(0, 10))).toEqual([
      '1998-02-13',
      '1998-03-13',
      '1998-11-13',
    ]);
  });

  const judge = (given: Series) => judgeExpansion(given, dateutil);
  const show = ({ text, dayZone }: Series): string => `${text}${dayZone}`;
  law('patterns of Exchange as rules', { share: 0.05, cases: cases(patterns), judge, show, mayRefuse: 5 });
  law('rules of any form', { share: 0.05, cases: cases(others), judge, show, mayRefuse: 40 });
});
