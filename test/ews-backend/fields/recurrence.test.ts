// Patterns of EWS and rules of RFC 5545: the same dates on both sides, refusals by part, numbers of occurrences.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecurrenceRule, Weekday } from '../../../src/model/recurrence.ts';
import { addDays } from '../../../src/model/zones.ts';
import { parseRecurrence, renderRecurrence } from '../../../src/ews-backend/fields/recurrence-fields.ts';
import {
  occurrenceCount,
  occurrenceDateAt,
  occurrenceIndexOf,
} from '../../../src/ews-backend/occurrences.ts';
import { patternOf } from '../../../src/ews-backend/recurrence.ts';
import { ruleOf } from '../../../src/ews-backend/recurrence-rule.ts';
import { date, rule } from './arbitrary.ts';
import { el, parse } from './stand-in.ts';

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const weekdayAt = (day: string): Weekday =>
  (['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const)[new Date(`${day}T00:00:00Z`).getUTCDay()]!;

/** RFC 5545 §3.3.10 read literally, day by day: each period's days, filtered, then BYSETPOS. */
function datesByRfc(rule: RecurrenceRule, start: string, years: number): string[] {
  const found: string[] = [];
  const last = addDays(start, years * 366);
  const periods = new Map<string, string[]>();
  const weekStart = (day: string): number => {
    const names: Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
    return dayNumber(day) - ((names.indexOf(weekdayAt(day)) - names.indexOf(rule.wkst ?? 'MO') + 7) % 7);
  };
  const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
  const periodOf = (day: string): number => {
    if (rule.freq === 'DAILY') return dayNumber(day) - dayNumber(start);
    if (rule.freq === 'WEEKLY') return (weekStart(day) - weekStart(start)) / 7;
    if (rule.freq === 'MONTHLY') return monthOf(day) - monthOf(start);
    return Number(day.slice(0, 4)) - Number(start.slice(0, 4));
  };
  for (let day = `${start.slice(0, 4)}-01-01`; day <= last; day = addDays(day, 1)) {
    const period = periodOf(day);
    if (period < 0 || period % rule.interval !== 0) continue;
    const list = periods.get(String(period)) ?? [];
    periods.set(String(period), list);
    if (isChosen(rule, day, start)) list.push(day);
  }
  for (const list of periods.values()) {
    const chosen =
      rule.bySetPos === undefined
        ? list
        : [...new Set(rule.bySetPos.map((at) => list.at(at > 0 ? at - 1 : at)))]
            .filter((day) => day !== undefined)
            .sort();
    found.push(...chosen.filter((day) => day >= start));
  }
  return found.sort();
}

function isChosen(rule: RecurrenceRule, day: string, start: string): boolean {
  const [year, month, dayOfMonth] = day.split('-').map(Number) as [number, number, number];
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (rule.byMonth && !rule.byMonth.includes(month)) return false;
  if (
    rule.byMonthDay &&
    !rule.byMonthDay.some((each) => each === dayOfMonth || each === dayOfMonth - length - 1)
  )
    return false;
  if (rule.byDay) {
    const inYear = rule.freq === 'YEARLY' && !rule.byMonth;
    const [first, last] = inYear
      ? [`${year}-01-01`, `${year}-12-31`]
      : [`${day.slice(0, 8)}01`, `${day.slice(0, 8)}${length}`];
    const nth = Math.floor((dayNumber(day) - dayNumber(first)) / 7) + 1;
    const fromEnd = -Math.floor((dayNumber(last) - dayNumber(day)) / 7) - 1;
    if (
      !rule.byDay.some(
        ({ weekday, ordinal }) =>
          weekday === weekdayAt(day) && (ordinal === undefined || ordinal === nth || ordinal === fromEnd),
      )
    )
      return false;
  }
  if (rule.byDay || rule.byMonthDay || rule.freq === 'DAILY') return true;
  if (rule.freq === 'WEEKLY') return weekdayAt(day) === weekdayAt(start);
  if (dayOfMonth !== Number(start.slice(8))) return false;
  return rule.freq === 'MONTHLY' || rule.byMonth !== undefined || day.slice(5) === start.slice(5);
}

const never = { kind: 'never' } as const;

describe('a rule that Exchange takes', () => {
  it('has the same dates there, and in the form it is read back', () => {
    const seen = { taken: 0 };
    fc.assert(
      fc.property(rule, date, (some, near) => {
        const [start = near] = datesByRfc({ ...some, end: never }, near, 9);
        const wanted = { ...some, end: never };
        const pattern = patternOf(wanted, { date: start });
        if (pattern.kind === 'refuse') return;
        seen.taken += 1;
        const dates = datesByRfc(wanted, start, 9);
        expect(dates.map((_, at) => occurrenceDateAt(pattern, start, at + 1))).toEqual(dates);
        const held = ruleOf(pattern, start, never);
        expect(datesByRfc(held, start, 9)).toEqual(dates);
        expect(ruleOf(patternOf(held, { date: start }) as typeof pattern, start, never)).toEqual(held);
      }),
      { numRuns: 150 },
    );
    expect(seen.taken).toBeGreaterThan(40);
  });

  it('comes back from its element', () => {
    fc.assert(
      fc.property(rule, date, (some, start) => {
        const pattern = patternOf(some, { date: start });
        fc.pre(pattern.kind !== 'refuse');
        const element = renderRecurrence(some, { date: start });
        expect(parseRecurrence(parse(element!))).toEqual(ruleOf(pattern, start, some.end));
      }),
      { numRuns: 400, maxSkipsPerRun: 1000 },
    );
  });
});

describe('numbers of occurrences', () => {
  it('count what a walk counts, from the first date on or after the start', () => {
    fc.assert(
      fc.property(rule, date, fc.integer({ min: 0, max: 40 }), (some, near, later) => {
        const [base = near] = datesByRfc({ ...some, end: never }, near, 9);
        const pattern = patternOf({ ...some, end: never }, { date: base });
        fc.pre(pattern.kind !== 'refuse');
        const dates = Array.from({ length: 12 }, (_, at) => occurrenceDateAt(pattern, base, at + 1));
        dates.forEach((day, at) => expect(occurrenceIndexOf(pattern, base, day)).toBe(at + 1));
        const other = addDays(base, later);
        if (other <= dates.at(-1)!)
          expect(occurrenceIndexOf(pattern, base, other)).toBe(
            dates.includes(other) ? dates.indexOf(other) + 1 : undefined,
          );
        const until = addDays(dates[7]!, 0);
        expect(occurrenceCount(pattern, base, { kind: 'until', until })).toBe(8);
        expect(occurrenceCount(pattern, base, { kind: 'until', until: addDays(until, -1) })).toBe(7);
      }),
      { numRuns: 100, maxSkipsPerRun: 1000 },
    );
  });
});

/** `FREQ=…` text → rule, for the tables below. */
function ruleFrom(text: string): RecurrenceRule {
  const parts = Object.fromEntries(text.split(';').map((part) => part.split('='))) as Record<string, string>;
  const numbers = (name: string): readonly number[] | undefined => parts[name]?.split(',').map(Number);
  const found = {
    freq: parts['FREQ'] as RecurrenceRule['freq'],
    interval: Number(parts['INTERVAL'] ?? 1),
    end: parts['COUNT']
      ? { kind: 'count', count: Number(parts['COUNT']) }
      : parts['UNTIL']
        ? { kind: 'until', until: parts['UNTIL'] }
        : never,
    byDay: parts['BYDAY']?.split(',').map((day) => {
      const ordinal = Number.parseInt(day, 10);
      return { weekday: day.slice(-2) as Weekday, ...(Number.isNaN(ordinal) ? {} : { ordinal }) };
    }),
    byMonthDay: numbers('BYMONTHDAY'),
    byMonth: numbers('BYMONTH'),
    bySetPos: numbers('BYSETPOS'),
    byYearDay: numbers('BYYEARDAY'),
    byWeekNo: numbers('BYWEEKNO'),
    byHour: numbers('BYHOUR'),
    byMinute: numbers('BYMINUTE'),
    wkst: parts['WKST'] as Weekday | undefined,
  } satisfies RecurrenceRule;
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  ) as unknown as RecurrenceRule;
}

describe('which pattern a rule becomes', () => {
  it.each([
    ['FREQ=DAILY', '2026-11-20', { kind: 'daily', interval: 1 }],
    [
      'FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR',
      '2026-11-20',
      { kind: 'weekly', interval: 1, days: ['MO', 'TU', 'WE', 'TH', 'FR'], firstDay: 'MO' },
    ],
    [
      'FREQ=WEEKLY;INTERVAL=2;WKST=SU',
      '2026-11-20',
      { kind: 'weekly', interval: 2, days: ['FR'], firstDay: 'SU' },
    ],
    ['FREQ=MONTHLY', '2026-11-20', { kind: 'absoluteMonthly', interval: 1, day: 20 }],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30', { kind: 'absoluteMonthly', interval: 1, day: 31 }],
    [
      'FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1',
      '2026-11-30',
      { kind: 'absoluteMonthly', interval: 1, day: 30 },
    ],
    ['FREQ=MONTHLY;BYMONTHDAY=31;COUNT=1', '2026-01-31', { kind: 'absoluteMonthly', interval: 1, day: 31 }],
    ['FREQ=MONTHLY;BYDAY=3FR', '2026-11-20', { kind: 'relativeMonthly', interval: 1, days: 'FR', index: 3 }],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYSETPOS=3',
      '2026-11-20',
      { kind: 'relativeMonthly', interval: 1, days: 'FR', index: 3 },
    ],
    [
      'FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=15,16,17,18,19,20,21',
      '2026-11-20',
      { kind: 'relativeMonthly', interval: 1, days: 'FR', index: 3 },
    ],
    [
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      '2026-11-30',
      { kind: 'relativeMonthly', interval: 1, days: 'weekday', index: -1 },
    ],
    [
      'FREQ=MONTHLY;BYDAY=SU,SA;BYSETPOS=1',
      '2026-11-01',
      { kind: 'relativeMonthly', interval: 1, days: 'weekend', index: 1 },
    ],
    [
      'FREQ=MONTHLY;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=-1',
      '2026-11-30',
      { kind: 'absoluteMonthly', interval: 1, day: 31 },
    ],
    ['FREQ=MONTHLY;BYDAY=FR', '2026-11-20', { kind: 'weekly', interval: 1, days: ['FR'], firstDay: 'MO' }],
    ['FREQ=YEARLY', '2026-11-20', { kind: 'absoluteYearly', day: 20, month: 11 }],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1', '2026-02-28', { kind: 'absoluteYearly', day: 29, month: 2 }],
    ['FREQ=YEARLY;INTERVAL=2', '2026-11-20', { kind: 'absoluteMonthly', interval: 24, day: 20 }],
    [
      'FREQ=YEARLY;INTERVAL=2;BYMONTH=11;BYDAY=3FR',
      '2026-11-20',
      { kind: 'relativeMonthly', interval: 24, days: 'FR', index: 3 },
    ],
    [
      'FREQ=YEARLY;BYMONTH=11;BYDAY=3FR',
      '2026-11-20',
      { kind: 'relativeYearly', days: 'FR', index: 3, month: 11 },
    ],
    ['FREQ=YEARLY;BYDAY=-1TH', '2026-12-31', { kind: 'relativeYearly', days: 'TH', index: -1, month: 12 }],
    ['FREQ=YEARLY;BYMONTH=2,5,8,11', '2026-11-20', { kind: 'absoluteMonthly', interval: 3, day: 20 }],
    ['FREQ=YEARLY;BYMONTHDAY=20', '2026-11-20', { kind: 'absoluteMonthly', interval: 1, day: 20 }],
    ['FREQ=DAILY;BYHOUR=9;BYMINUTE=30', '2026-11-20', { kind: 'daily', interval: 1 }],
  ])('%s from %s', (text, start, pattern) => {
    expect(patternOf(ruleFrom(text), { date: start, time: '09:30:00' })).toEqual(pattern);
  });

  it.each([
    ['FREQ=HOURLY', 'FREQ'],
    ['FREQ=DAILY;INTERVAL=1000', 'INTERVAL'],
    ['FREQ=DAILY;COUNT=1000', 'COUNT'],
    ['FREQ=DAILY;UNTIL=2026-11-19', 'UNTIL'],
    ['FREQ=DAILY;INTERVAL=2;BYDAY=FR', 'BYDAY'],
    ['FREQ=DAILY;BYHOUR=9,17', 'BYHOUR'],
    ['FREQ=DAILY;BYMONTH=11', 'BYMONTH'],
    ['FREQ=WEEKLY;BYDAY=MO', 'DTSTART'],
    ['FREQ=WEEKLY;BYDAY=MO,FR;BYSETPOS=1', 'BYSETPOS'],
    ['FREQ=MONTHLY;BYMONTHDAY=10,20', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYMONTHDAY=-2', 'BYMONTHDAY'],
    ['FREQ=MONTHLY;BYDAY=-2FR', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=5FR', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=1FR,3FR', 'BYDAY'],
    ['FREQ=MONTHLY;BYDAY=MO,FR;BYSETPOS=3', 'BYSETPOS'],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTH=11', 'BYMONTH'],
    ['FREQ=MONTHLY;INTERVAL=100', 'INTERVAL'],
    ['FREQ=YEARLY;INTERVAL=9', 'INTERVAL'],
    ['FREQ=YEARLY;BYMONTH=1,11', 'BYMONTH'],
    ['FREQ=YEARLY;BYWEEKNO=47', 'BYWEEKNO'],
    ['FREQ=YEARLY;BYYEARDAY=324', 'BYYEARDAY'],
    ['FREQ=YEARLY;BYDAY=47FR', 'BYDAY'],
    ['FREQ=YEARLY;BYMONTH=10', 'DTSTART'],
  ])('%s is refused by its %s', (text, part) => {
    expect(patternOf(ruleFrom(text), { date: '2026-11-20', time: '09:30:00' })).toMatchObject({
      kind: 'refuse',
      part,
    });
  });

  it('a day that short months lack is refused where such months are met', () => {
    expect(patternOf(ruleFrom('FREQ=MONTHLY'), { date: '2026-01-31' })).toMatchObject({ part: 'DTSTART' });
    expect(patternOf(ruleFrom('FREQ=MONTHLY;BYMONTHDAY=30'), { date: '2026-01-30' })).toMatchObject({
      part: 'BYMONTHDAY',
    });
    expect(
      patternOf(ruleFrom('FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=30'), { date: '2026-01-30' }),
    ).toMatchObject({ day: 30 });
    expect(
      patternOf(ruleFrom('FREQ=MONTHLY;BYMONTHDAY=30;UNTIL=2026-12-30'), { date: '2026-03-30' }),
    ).toMatchObject({ day: 30 });
    expect(patternOf(ruleFrom('FREQ=YEARLY'), { date: '2028-02-29' })).toMatchObject({ part: 'DTSTART' });
  });

  it('the last day of a month other than February, every twelve months, is read back as it is held', () => {
    const start = '2006-04-30';
    const pattern = patternOf(ruleFrom('FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=-1'), { date: start });
    if (pattern.kind === 'refuse') throw new Error(pattern.reason);
    const held = ruleOf(pattern, start, never);
    expect(held).toMatchObject({ freq: 'YEARLY', byMonth: [4], byMonthDay: [30] });
    const again = patternOf(held, { date: start });
    if (again.kind === 'refuse') throw new Error(again.reason);
    expect(ruleOf(again, start, never)).toEqual(held);
  });

  it('tasks may regenerate', () => {
    const regenerating = { ...ruleFrom('FREQ=WEEKLY;INTERVAL=2;COUNT=3'), regenerates: true };
    const element = renderRecurrence(regenerating, { date: '2026-11-20' });
    expect(element?.xml).toContain('<t:WeeklyRegeneration><t:Interval>2</t:Interval></t:WeeklyRegeneration>');
    expect(parseRecurrence(parse(element!))).toEqual(regenerating);
  });
});

it('an element called like what every object inherits is no pattern', () => {
  const range = el('NoEndRecurrence', {}, el('StartDate', {}, '2026-01-05'));
  const odd = ['constructor', 'toString', 'hasOwnProperty'].map((name) => el(name, {}));
  expect(parseRecurrence(el('Recurrence', {}, ...odd, range))).toBeUndefined();
});
