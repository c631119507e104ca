// A rule of RFC 5545 as series that EWS has: together exactly the instances of the rule, none twice (docs/decisions/0013).
// Several times of a day, days of a month, months or ordinals are a series each; unequal months are classes of equal ones.
import type { RecurrenceRule } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { occurrenceDateAt, weekdayOf } from './occurrences.ts';
import { leastCommonMultiple, greatestCommonDivisor, longestStep } from './month-classes.ts';
import { monthlyStrands } from './monthly-strands.ts';
import { plainDays, positioned, weekdays } from './recurrence-days.ts';
import type { Pattern, SeriesStart } from './recurrence.ts';

export interface Strand {
  readonly pattern: Pattern;
  /** The first of its dates that is not before the start of the rule. */
  readonly first: LocalDate;
  /** `HH:MM:SS`; absent for whole days. */
  readonly time?: string;
}

/** A pattern, and a date from which its intervals are counted. */
export interface Phased {
  readonly pattern: Pattern;
  readonly phase: LocalDate;
}

/** Without the end of the rule. Undefined when no such series are known. */
export function strandsOf(rule: RecurrenceRule, start: SeriesStart): readonly Strand[] | undefined {
  const strands: Strand[] = [];
  const days = timesOf(rule, start);
  if (days === undefined || days.length > mostTimes) return undefined;
  for (const { rule: each, anchor, time } of days) {
    const patterns = patternsOf(each, anchor);
    if (patterns === undefined) return undefined;
    for (const { pattern, phase } of patterns) {
      let first = occurrenceDateAt(pattern, phase, 1);
      const isEarly = first === start.date && time !== undefined && time < (start.time ?? '');
      if (isEarly) first = occurrenceDateAt(pattern, first, 2);
      strands.push({ pattern, first, ...(time !== undefined && { time }) });
    }
  }
  return strands;
}

/** Every second of the day would be 86,400 series, looked at for seconds before they are refused as too many. */
const mostTimes = 500;

/** A rule with one instance a day at most, and the time at which they all are. */
interface Timed {
  readonly rule: RecurrenceRule;
  readonly anchor: LocalDate;
  readonly time?: string;
}

function timesOf(rule: RecurrenceRule, start: SeriesStart): readonly Timed[] | undefined {
  const { byHour, byMinute, bySecond, ...dates } = rule;
  if (rule.freq === 'SECONDLY' || rule.freq === 'MINUTELY') return undefined;
  // RFC 5545 §3.3.10: parts for times mean nothing to whole days.
  if (start.time === undefined)
    return rule.freq === 'HOURLY' ? undefined : [{ rule: dates, anchor: start.date }];
  const [hour = 0, minute = 0, second = 0] = start.time.split(':').map(Number);
  const within = timesIn(byMinute ?? [minute], bySecond ?? [second]);
  if (rule.freq === 'HOURLY') return hourly(rule, { date: start.date, hour, within });
  const hours = [...new Set(byHour ?? [hour])].sort((a, b) => a - b);
  const times = hours.flatMap((each) => within.map((rest) => `${two(each)}:${rest}`));
  const { bySetPos, ...rest } = dates;
  if (times.length === 1 || bySetPos === undefined)
    return times.map((time) => ({ rule: dates, anchor: start.date, time }));
  if (rule.freq !== 'DAILY') return undefined;
  return positioned(times, bySetPos).map((time) => ({ rule: rest, anchor: start.date, time }));
}

/** One that is said twice is there once. */
function timesIn(minutes: readonly number[], seconds: readonly number[]): readonly string[] {
  const times = minutes.flatMap((minute) => seconds.map((second) => `${two(minute)}:${two(second)}`));
  return [...new Set(times)].sort();
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Every five hours is five days long: after that the same hours come again. */
function hourly(
  rule: RecurrenceRule,
  from: { readonly date: LocalDate; readonly hour: number; readonly within: readonly string[] },
): readonly Timed[] | undefined {
  const { byHour, byMinute: _minutes, bySecond: _seconds, ...rest } = rule;
  if (rest.bySetPos !== undefined || rest.byYearDay !== undefined || rest.byWeekNo !== undefined)
    return undefined;
  const days = rule.interval / greatestCommonDivisor(rule.interval, 24);
  const found: Timed[] = [];
  for (let hours = from.hour; hours < from.hour + 24 * days; hours += rule.interval) {
    if (byHour !== undefined && !byHour.includes(hours % 24)) continue;
    const anchor = addDays(from.date, Math.floor(hours / 24));
    for (const within of from.within)
      found.push({
        rule: { ...rest, freq: 'DAILY', interval: days },
        anchor,
        time: `${two(hours % 24)}:${within}`,
      });
  }
  return found;
}

function patternsOf(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  switch (rule.freq) {
    case 'DAILY':
      return dailyStrands(rule, anchor);
    case 'WEEKLY':
      return weeklyStrands(rule, anchor);
    case 'MONTHLY':
    case 'YEARLY':
      return monthlyStrands(rule, anchor);
    case 'HOURLY':
    case 'MINUTELY':
    case 'SECONDLY':
      return undefined;
  }
}

function dailyStrands(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  const { interval, byDay = [], byMonth, byMonthDay, bySetPos } = rule;
  if (rule.byYearDay !== undefined || rule.byWeekNo !== undefined) return undefined;
  if (bySetPos !== undefined && !bySetPos.some((position) => Math.abs(position) === 1)) return undefined;
  const days = plainDays(byDay);
  if (days === undefined) return undefined;
  const isEvery = days.length === 0 || days.length === 7;
  if (byMonth !== undefined || byMonthDay !== undefined) {
    if (interval !== 1 || !isEvery) return undefined;
    const { byDay: _days, bySetPos: _position, ...rest } = rule;
    const all = Array.from({ length: 31 }, (_, index) => index + 1);
    return monthlyStrands({ ...rest, freq: 'MONTHLY', byMonthDay: byMonthDay ?? all }, anchor);
  }
  if (isEvery)
    return interval > longestStep.days
      ? undefined
      : [{ pattern: { kind: 'daily', interval }, phase: anchor }];
  const wanted = new Set<string>(days);
  // Every other day, but no Sunday: two weeks, each with days of its own.
  const weeks = leastCommonMultiple(interval, 7) / 7;
  if (weeks > longestStep.weeks) return undefined;
  const monday = addDays(anchor, -weekdays.indexOf(weekdayOf(anchor)));
  const byWeek = new Map<number, LocalDate[]>();
  for (let day = 0; day < 7 * weeks; day += interval) {
    const date = addDays(anchor, day);
    const week = Math.floor((Date.parse(date) - Date.parse(monday)) / (7 * 86_400_000));
    if (wanted.has(weekdayOf(date))) byWeek.set(week % weeks, [...(byWeek.get(week % weeks) ?? []), date]);
  }
  return [...byWeek.values()].map((dates) => weekOf(dates, weeks));
}

/** Dates of one week, or of weeks that are `interval` weeks apart. */
function weekOf(dates: readonly LocalDate[], interval: number): Phased {
  const found = new Set(dates.map(weekdayOf));
  const days = weekdays.filter((day) => found.has(day));
  return { pattern: { kind: 'weekly', interval, days, firstDay: 'MO' }, phase: dates[0] ?? '' };
}

function weeklyStrands(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  const { interval, byDay = [], wkst = 'MO', bySetPos } = rule;
  const isLimited = [rule.byMonth, rule.byMonthDay, rule.byYearDay, rule.byWeekNo].some(
    (part) => part !== undefined,
  );
  const given = plainDays(byDay);
  if (isLimited || given === undefined || interval > longestStep.weeks) return undefined;
  const first = weekdays.indexOf(wkst);
  const fromFirst = [...weekdays.slice(first), ...weekdays.slice(0, first)];
  const all = given.length === 0 ? [weekdayOf(anchor)] : fromFirst.filter((day) => given.includes(day));
  const chosen = positioned(all, bySetPos);
  const days = weekdays.filter((day) => chosen.includes(day));
  if (days.length === 0) return undefined;
  // With every week taken the first day of the week has no meaning.
  return [
    { pattern: { kind: 'weekly', interval, days, firstDay: interval === 1 ? 'MO' : wkst }, phase: anchor },
  ];
}
