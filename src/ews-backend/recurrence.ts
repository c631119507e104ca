// RecurrenceRule (RFC 5545 §3.3.10) ⇄ the six patterns of EWS and the regenerating tasks (RecurrencePatternTypes of
// types.xsd, BEHAVIOUR §7). What the patterns cannot say is refused with the part at fault.
import type { RecurrenceRule, Weekday } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import {
  plainDays,
  refuse,
  selectDays,
  type DayGroup,
  type DayIndex,
  type Refusal,
  type Selection,
} from './recurrence-days.ts';
import { isOccurrence, monthNumber, monthOf, shortestMonth, longestMonth, weekdayOf } from './occurrences.ts';

export type Pattern =
  | { readonly kind: 'daily'; readonly interval: number }
  | {
      readonly kind: 'weekly';
      readonly interval: number;
      readonly days: readonly Weekday[];
      readonly firstDay: Weekday;
    }
  /** Days 29 to 31 mean the last day of a shorter month. */
  | { readonly kind: 'absoluteMonthly'; readonly interval: number; readonly day: number }
  | {
      readonly kind: 'relativeMonthly';
      readonly interval: number;
      readonly days: DayGroup;
      readonly index: DayIndex;
    }
  | { readonly kind: 'absoluteYearly'; readonly day: number; readonly month: number }
  | {
      readonly kind: 'relativeYearly';
      readonly days: DayGroup;
      readonly index: DayIndex;
      readonly month: number;
    }
  | { readonly kind: 'regenerating'; readonly unit: Unit; readonly interval: number };

export type Unit = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** Where a series starts: its date and, for timed ones, its wall time. */
export interface SeriesStart {
  readonly date: LocalDate;
  readonly time?: string;
}

/** Longest intervals that Exchange takes (BEHAVIOUR §7). */
const maxInterval = { DAILY: 999, WEEKLY: 99, MONTHLY: 99, YEARLY: 8 } satisfies Record<Unit, number>;
const maxCount = 999;

export function patternOf(rule: RecurrenceRule, start: SeriesStart): Pattern | Refusal {
  const { freq } = rule;
  if (freq === 'SECONDLY' || freq === 'MINUTELY' || freq === 'HOURLY')
    return refuse('FREQ', `Exchange has no ${freq} series`);
  const fault = faultOf(rule, start);
  if (fault !== undefined) return fault;
  if (rule.regenerates === true) return { kind: 'regenerating', unit: freq, interval: rule.interval };
  const pattern = shapes[freq](rule, start.date);
  return pattern.kind === 'refuse' || isOccurrence(pattern, start.date, start.date) ? pattern : offRule;
}

const offRule: Refusal = refuse('DTSTART', 'the series does not start on one of the dates of its own rule');

/** The rule itself could be said, from another date on. */
export function isOffRule(pattern: Pattern | Refusal): boolean {
  return pattern === offRule;
}

const byParts = [
  ['byYearDay', 'BYYEARDAY'],
  ['byWeekNo', 'BYWEEKNO'],
] as const;

const timeParts = [
  ['byHour', 'BYHOUR', 0],
  ['bySecond', 'BYSECOND', 6],
  ['byMinute', 'BYMINUTE', 3],
] as const;

function faultOf(rule: RecurrenceRule, start: SeriesStart): Refusal | undefined {
  for (const [name, part] of byParts)
    if (isGiven(rule[name])) return refuse(part, `Exchange has no series by ${part}`);
  for (const [name, part, at] of timeParts) {
    const values = rule[name];
    if (!isGiven(values) || start.time === undefined) continue;
    if (values?.length !== 1 || values[0] !== Number(start.time.slice(at, at + 2)))
      return refuse(part, 'the instances of a series in Exchange all start at the same time of day');
  }
  const { interval, end } = rule;
  if (!Number.isInteger(interval) || interval < 1)
    return refuse('INTERVAL', 'the interval must be 1 or more');
  if (end.kind === 'count' && (end.count < 1 || end.count > maxCount))
    return refuse('COUNT', `Exchange counts 1 to ${maxCount} instances`);
  if (end.kind === 'until' && end.until < start.date)
    return refuse('UNTIL', 'the series ends before it starts');
  return rule.regenerates === true ? regenerationFault(rule) : undefined;
}

function regenerationFault(rule: RecurrenceRule): Refusal | undefined {
  if (rule.end.kind === 'until') return refuse('UNTIL', 'a task that regenerates has no last date');
  if (isGiven(rule.byDay)) return refuse('BYDAY', 'a task that regenerates has no days of its own');
  return unwanted(rule, ['byMonth', 'byMonthDay', 'bySetPos']);
}

const shapes = {
  DAILY: daily,
  WEEKLY: weekly,
  MONTHLY: monthly,
  YEARLY: yearly,
} satisfies Record<Unit, (rule: RecurrenceRule, start: LocalDate) => Pattern | Refusal>;

function daily(rule: RecurrenceRule): Pattern | Refusal {
  const { interval, byDay = [] } = rule;
  const fault = unwanted(rule, ['byMonth', 'byMonthDay', 'bySetPos']);
  if (fault !== undefined) return fault;
  const days = plainDays(byDay);
  if (days === undefined) return refuse('BYDAY', 'only monthly and yearly series count weekdays');
  if (days.length === 0 || days.length === 7) return within('DAILY', { kind: 'daily', interval });
  // Thunderbird writes its weekday series so.
  if (interval === 1) return { kind: 'weekly', interval, days, firstDay: 'MO' };
  return refuse('BYDAY', 'Exchange cannot skip weekdays in a series of every few days');
}

function weekly(rule: RecurrenceRule, start: LocalDate): Pattern | Refusal {
  const { interval, byDay = [], wkst = 'MO' } = rule;
  const fault = unwanted(rule, ['byMonth', 'byMonthDay', 'bySetPos']);
  if (fault !== undefined) return fault;
  const days = plainDays(byDay);
  if (days === undefined) return refuse('BYDAY', 'only monthly and yearly series count weekdays');
  return within('WEEKLY', {
    kind: 'weekly',
    interval,
    days: days.length === 0 ? [weekdayOf(start)] : days,
    // With every week taken the first day of the week has no meaning.
    firstDay: interval === 1 ? 'MO' : wkst,
  });
}

function monthly(rule: RecurrenceRule, start: LocalDate): Pattern | Refusal {
  const { interval, byMonth = [] } = rule;
  if (byMonth.length > 0 && interval === 1) return yearly({ ...rule, freq: 'YEARLY' }, start);
  if (byMonth.length > 0) return refuse('BYMONTH', 'Exchange cannot leave months out of such a series');
  const days = selectDays(rule, start);
  if (days.kind === 'refuse') return days;
  if (days.kind === 'every')
    return interval === 1
      ? { kind: 'weekly', interval: 1, days: days.days, firstDay: 'MO' }
      : refuse('BYDAY', 'Exchange has one day a month in a monthly series');
  return within('MONTHLY', inMonths(days, { rule, start, step: interval }));
}

function yearly(rule: RecurrenceRule, start: LocalDate): Pattern | Refusal {
  const { interval, byDay = [], byMonthDay = [], byMonth = [] } = rule;
  if (byMonth.length === 0 && byMonthDay.length > 0 && interval === 1 && !isGiven(rule.bySetPos))
    return monthly({ ...rule, freq: 'MONTHLY' }, start); // RFC 5545: BYMONTHDAY alone expands to every month
  if (byMonth.length === 0 && byMonthDay.length > 0)
    return refuse('BYMONTHDAY', 'Exchange has one day a year in a yearly series');
  if (byMonth.length === 0 && byDay.length > 0 && !isGiven(rule.bySetPos) && interval === 1)
    if (plainDays(byDay) !== undefined) return weekly({ ...rule, freq: 'WEEKLY' }, start);
  const months = byMonth.length > 0 ? byMonth : [monthOfYear(rule, start)];
  if (months.includes(0))
    return refuse('BYDAY', 'Exchange counts weekdays within a month, not within a year');
  if (!months.includes(monthOf(start))) return offRule;
  const days = selectDays(rule, start);
  if (days.kind === 'refuse') return days;
  if (days.kind === 'every') return refuse('BYDAY', 'Exchange has one day a year in a yearly series');
  if (months.length > 1) return inSeveralMonths(days, months, { rule, start, step: 12 / months.length });
  if (interval > maxInterval.YEARLY) return refuse('INTERVAL', 'Exchange repeats at most every 8 years');
  const pattern = inMonths(days, { rule, start, step: 12 * interval });
  // Exchange's yearly patterns have no interval: every second year is every 24th month.
  if (pattern.kind === 'refuse' || interval > 1) return pattern;
  const month = monthOf(start);
  return pattern.kind === 'absoluteMonthly'
    ? { kind: 'absoluteYearly', day: Math.min(pattern.day, longestMonth(month)), month }
    : { kind: 'relativeYearly', days: pattern.days, index: pattern.index, month };
}

/** `BYMONTH=1,4,7,10` is every third month. */
function inSeveralMonths(
  days: Exclude<Selection, { kind: 'every' }>,
  months: readonly number[],
  spread: Months,
): Pattern | Refusal {
  const sorted = [...new Set(months)].sort((a, b) => a - b);
  const isEven = sorted.every((month, at) => month === (sorted[0] ?? 0) + at * spread.step);
  if (!isEven || spread.rule.interval > 1 || sorted.length !== months.length || isGiven(spread.rule.bySetPos))
    return refuse('BYMONTH', 'Exchange has one month a year in a yearly series');
  return within('MONTHLY', inMonths(days, spread));
}

/** Weekdays counted within a year: the first are in January, the last is in December. 0: somewhere else. */
function monthOfYear({ byDay = [], bySetPos = [] }: RecurrenceRule, start: LocalDate): number {
  if (byDay.length === 0) return monthOf(start);
  const position = plainDays(byDay) === undefined ? byDay[0]?.ordinal : bySetPos[0];
  if (position === -1) return 12;
  return position !== undefined && position >= 1 && position <= 4 ? 1 : 0;
}

interface Months {
  readonly rule: RecurrenceRule;
  readonly start: LocalDate;
  readonly step: number;
}

type MonthPattern = Extract<Pattern, { kind: 'absoluteMonthly' | 'relativeMonthly' }>;

function inMonths(days: Exclude<Selection, { kind: 'every' }>, months: Months): MonthPattern | Refusal {
  const interval = months.step;
  if (days.kind === 'relative')
    return { kind: 'relativeMonthly', interval, days: days.days, index: days.index };
  if (!days.clamped && days.day > shortestOf(months))
    return refuse(
      isGiven(months.rule.byMonthDay) ? 'BYMONTHDAY' : 'DTSTART',
      `Exchange moves day ${days.day} to the last day of shorter months instead of leaving these out`,
    );
  return { kind: 'absoluteMonthly', interval, day: days.day };
}

/** Days of the shortest month that the series meets. */
function shortestOf({ rule, start, step }: Months): number {
  const { end } = rule;
  const lastMonth = end.kind === 'until' ? monthNumber(end.until) : Infinity;
  const count = Math.min(end.kind === 'count' ? end.count : Infinity, 12);
  let shortest = 31;
  for (let at = 0, month = monthNumber(start); at < count && month <= lastMonth; at += 1, month += step)
    shortest = Math.min(shortest, shortestMonth((month % 12) + 1));
  return shortest;
}

const partNames = { byMonth: 'BYMONTH', byMonthDay: 'BYMONTHDAY', bySetPos: 'BYSETPOS' } as const;

function unwanted(rule: RecurrenceRule, names: readonly (keyof typeof partNames)[]): Refusal | undefined {
  const name = names.find((each) => isGiven(rule[each]));
  return (
    name && refuse(partNames[name], `Exchange has no ${rule.freq.toLowerCase()} series by ${partNames[name]}`)
  );
}

function within(unit: Unit, pattern: Pattern | Refusal): Pattern | Refusal {
  if (!('interval' in pattern) || pattern.interval <= maxInterval[unit]) return pattern;
  return refuse('INTERVAL', `Exchange takes intervals up to ${maxInterval[unit]} here`);
}

function isGiven(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
