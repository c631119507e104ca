// Rules of every form that RFC 5545 §3.3.10 has for days, whether or not Exchange has a pattern for them: parts that fit the day
// of the start, sets of BYSETPOS counted here.
import * as fc from 'fast-check';
import { addDays } from './rules.ts';

const codes = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
const dayMs = 86_400_000;

type Freq = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

export interface AnyRule {
  /** The first instance, unless `isOff`. */
  readonly start: string;
  /** Without its end. */
  readonly text: string;
}

interface Parts {
  readonly freq: Freq;
  readonly interval: number;
  readonly wkst: number | undefined;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly days: readonly Day[];
  /** Nothing: no BYSETPOS. */
  readonly position: number;
  readonly more: readonly number[];
  readonly last: string;
  /** The start is a day beside. */
  readonly isOff: boolean;
}

interface Day {
  /** 0: every one. */
  readonly ordinal: number;
  readonly day: number;
}

const own = <T>(list: fc.Arbitrary<readonly T[]>): fc.Arbitrary<readonly T[]> =>
  fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, list);

const parts: fc.Arbitrary<Parts> = fc.record({
  freq: fc.constantFrom<Freq>('DAILY', 'WEEKLY', 'WEEKLY', 'MONTHLY', 'MONTHLY', 'YEARLY', 'YEARLY'),
  interval: fc.oneof({ arbitrary: fc.constant(1), weight: 3 }, fc.constantFrom(2, 3, 4, 6, 12, 13)),
  wkst: fc.option(fc.nat(6), { nil: undefined }),
  months: own(fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 })),
  monthDays: own(
    fc.uniqueArray(
      fc.oneof(fc.constantFrom(1, 13, 15, 28, 29, 30, 31, -1, -2, -7), fc.integer({ min: 1, max: 31 })),
      { minLength: 1, maxLength: 7 },
    ),
  ),
  days: fc.oneof(
    fc.constant([]),
    fc.uniqueArray(fc.record({ ordinal: fc.constant(0), day: fc.nat(6) }), {
      minLength: 1,
      maxLength: 7,
      selector: ({ day }) => day,
    }),
    fc.uniqueArray(fc.record({ ordinal: fc.constantFrom(1, 2, 3, 4, 5, -1, -1, -2), day: fc.nat(6) }), {
      minLength: 1,
      maxLength: 2,
      selector: ({ ordinal, day }) => `${ordinal} ${day}`,
    }),
  ),
  position: fc.constantFrom(0, 0, 0, 1, 2, 3, 4, -1, -1, -2),
  more: fc.constantFrom([], [], [], [2], [-1]),
  last: fc
    .integer({ min: 0, max: 39 })
    .map((each) => (each === 0 ? ';BYYEARDAY=100' : each === 1 ? ';BYWEEKNO=20' : '')),
  isOff: fc.integer({ min: 0, max: 19 }).map((each) => each === 0),
});

/** Rules with an instance within the first periods; others start nowhere. */
export function anyRule(anchor: fc.Arbitrary<string>): fc.Arbitrary<AnyRule> {
  return fc
    .tuple(parts, anchor)
    .map(([given, from]) => {
      const fitting = sensible(given);
      const start = firstOf(fitting, from);
      return start === undefined
        ? undefined
        : { start: given.isOff ? addDays(start, 1) : start, text: textOf(fitting) };
    })
    .filter((each) => each !== undefined);
}

/** What RFC 5545 forbids is left out: ordinals are for months and years, positions for sets. */
function sensible(given: Parts): Parts {
  const { freq } = given;
  const isLong = freq === 'MONTHLY' || freq === 'YEARLY';
  const days = isLong ? given.days : given.days.map(({ day }) => ({ ordinal: 0, day }));
  const unique = [...new Map(days.map((each) => [`${each.ordinal} ${each.day}`, each])).values()];
  const monthDays = freq === 'WEEKLY' ? [] : given.monthDays;
  const isSet = unique.length + monthDays.length + given.months.length > 0;
  return { ...given, days: unique, monthDays, position: isSet && freq !== 'DAILY' ? given.position : 0 };
}

function textOf({ freq, interval, wkst, months, monthDays, days, position, more, last }: Parts): string {
  const positions = position === 0 ? [] : [position, ...more.filter((each) => each !== position)];
  const list = (name: string, values: readonly (string | number)[]): string =>
    values.length === 0 ? '' : `;${name}=${values.join(',')}`;
  return [
    `FREQ=${freq}`,
    interval === 1 ? '' : `;INTERVAL=${interval}`,
    wkst === undefined ? '' : `;WKST=${codes[wkst] ?? 'MO'}`,
    list('BYMONTH', months),
    list('BYMONTHDAY', monthDays),
    list(
      'BYDAY',
      days.map(({ ordinal, day }) => `${ordinal === 0 ? '' : ordinal}${codes[day] ?? 'MO'}`),
    ),
    list('BYSETPOS', positions),
    last,
  ].join('');
}

/** The first day of the pattern in the period of a day or in one of the next. */
function firstOf(given: Parts, from: string): string | undefined {
  const { freq, wkst, position } = given;
  for (let at = from, tries = 0; tries < 12; tries += 1) {
    const [first, after] = periodOf(freq, at, wkst ?? 1);
    const set = between(first, after).filter((date) => fits(given, date, from));
    const chosen =
      position === 0 ? set.find((date) => date >= at) : set.at(position > 0 ? position - 1 : position);
    if (chosen !== undefined && (position === 0 || set.length >= Math.abs(position))) return chosen;
    at = after;
  }
  return undefined;
}

function periodOf(freq: Freq, date: string, wkst: number): readonly [first: string, after: string] {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  const day = (...given: [number, number]): string => new Date(Date.UTC(...given)).toISOString().slice(0, 10);
  switch (freq) {
    case 'DAILY':
      return [date, addDays(date, 1)];
    case 'WEEKLY': {
      const first = addDays(date, -((weekdayOf(date) - wkst + 7) % 7));
      return [first, addDays(first, 7)];
    }
    case 'MONTHLY':
      return [day(year, month - 1), day(year, month)];
    case 'YEARLY':
      return [`${year}-01-01`, `${year + 1}-01-01`];
  }
}

function between(first: string, after: string): string[] {
  const days = (Date.parse(after) - Date.parse(first)) / dayMs;
  return Array.from({ length: days }, (_, at) => addDays(first, at));
}

/** `from`: whose day of the week, month or year counts where no part says one (RFC 5545 §3.3.10). */
function fits({ freq, months, monthDays, days }: Parts, date: string, from: string): boolean {
  const [month, day] = [Number(date.slice(5, 7)), Number(date.slice(8))];
  if (months.length > 0 && !months.includes(month)) return false;
  const length = new Date(Date.UTC(Number(date.slice(0, 4)), month, 0)).getUTCDate();
  if (monthDays.length > 0 && !monthDays.some((each) => each === day || each === day - length - 1))
    return false;
  if (days.length > 0)
    return days.some((each) => isThe(each, date, freq === 'YEARLY' && months.length === 0));
  if (freq === 'DAILY' || monthDays.length > 0) return true;
  if (freq === 'WEEKLY') return weekdayOf(date) === weekdayOf(from);
  if (day !== Number(from.slice(8))) return false;
  return freq === 'MONTHLY' || months.length > 0 || month === Number(from.slice(5, 7));
}

function isThe({ ordinal, day }: Day, date: string, ofYear: boolean): boolean {
  if (weekdayOf(date) !== day) return false;
  if (ordinal === 0) return true;
  const [first, after] = periodOf(ofYear ? 'YEARLY' : 'MONTHLY', date, 1);
  const all = between(first, after).filter((each) => weekdayOf(each) === day);
  return all.at(ordinal > 0 ? ordinal - 1 : ordinal) === date;
}

function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}
