// Monthly and yearly rules as series that EWS has: by days of the month, or by weekdays counted within one.
import type { ByDay, RecurrenceRule, Weekday } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import {
  classesOf,
  daysInMonth,
  leastCommonMultiple,
  longestStep,
  startOf,
  type MonthClass,
} from './month-classes.ts';
import { longestMonth, monthNumber, monthOf } from './occurrences.ts';
import {
  groupOf,
  indexes,
  plainDays,
  positioned,
  weekOfMonth,
  type DayGroup,
  type DayIndex,
} from './recurrence-days.ts';
import type { Phased } from './strands.ts';

/** Leap years come every 48 months. */
const leapCycle = 48;
/** Longer cycles are of rules that nobody writes. */
const longestCycle = 480;

export function monthlyStrands(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  const { byDay = [], byWeekNo } = rule;
  const isYearDay = rule.freq === 'MONTHLY' && rule.byYearDay !== undefined; // RFC 5545 forbids it
  if (byWeekNo !== undefined || isYearDay || rule.interval > longestStep.months) return undefined;
  const days = plainDays(byDay);
  if (days?.length === 0 || days?.length === 7) return byDaysOfMonth(rule, anchor);
  if (days !== undefined && isEveryWeek(rule))
    return [{ pattern: { kind: 'weekly', interval: 1, days, firstDay: 'MO' }, phase: anchor }];
  return byWeekdays(rule, anchor);
}

/** Every Monday of every month. */
function isEveryWeek({ interval, byMonth, byMonthDay, byYearDay, bySetPos }: RecurrenceRule): boolean {
  return interval === 1 && [byMonth, byMonthDay, byYearDay, bySetPos].every((part) => part === undefined);
}

/** Undefined: the cycle is too long. */
function cycleOf({ freq, interval }: RecurrenceRule, anchor: LocalDate, least: number) {
  const step = freq === 'YEARLY' ? 12 * interval : interval;
  const length = leastCommonMultiple(step, least);
  const base = freq === 'YEARLY' ? monthNumber(`${anchor.slice(0, 4)}-01`) : monthNumber(anchor);
  return length > longestCycle ? undefined : { base, length, step };
}

function byDaysOfMonth(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  const cycle = cycleOf(rule, anchor, leapCycle);
  if (cycle === undefined) return undefined;
  const { base, length, step } = cycle;
  const wanted = Array.from({ length }, () => new Set<number>());
  for (let at = 0; at < length; at += step) {
    const months = rule.freq === 'YEARLY' ? 12 : 1;
    for (const { month, day } of chosenDays(rule, { anchor, first: base + at, months }))
      wanted[month - base]?.add(day);
  }
  const classes = classesOf({ base, wanted, meant: (day, month) => Math.min(day, daysInMonth(month)) });
  return classes?.map((each) => ({ pattern: dayPattern(each), phase: phaseOf(each, anchor) }));
}

function dayPattern({ month, step, choice }: MonthClass<number>): Phased['pattern'] {
  if (step !== 12) return { kind: 'absoluteMonthly', interval: step, day: choice };
  const number = (month % 12) + 1;
  return { kind: 'absoluteYearly', month: number, day: Math.min(choice, longestMonth(number)) };
}

/** Intervals are counted from the first month of the class that is not over before the rule starts. */
function phaseOf({ month, step }: MonthClass<unknown>, anchor: LocalDate): LocalDate {
  let first = month;
  while (first < monthNumber(anchor)) first += step;
  const start = startOf(first);
  return start > anchor ? start : anchor;
}

interface Day {
  readonly month: number;
  readonly day: number;
}

/** The days of one period of the rule, BYSETPOS included. */
function chosenDays(
  rule: RecurrenceRule,
  { anchor, first, months }: { readonly anchor: LocalDate; readonly first: number; readonly months: number },
): readonly Day[] {
  const { byMonth, byMonthDay, byYearDay, byDay = [] } = rule;
  const all: Day[] = [];
  for (let month = first; month < first + months; month += 1)
    for (let day = 1; day <= daysInMonth(month); day += 1) all.push({ month, day });
  const isAny = byMonthDay === undefined && byYearDay === undefined && byDay.length === 0;
  const isYear = rule.freq === 'YEARLY';
  const days = all.filter(({ month, day }, at) => {
    const length = daysInMonth(month);
    if (byMonth !== undefined && !byMonth.includes((month % 12) + 1)) return false;
    if (isAny && isYear && byMonth === undefined && (month % 12) + 1 !== monthOf(anchor)) return false;
    if (isAny) return day === Number(anchor.slice(8));
    if (byYearDay !== undefined && !(byYearDay.includes(at + 1) || byYearDay.includes(at - all.length)))
      return false;
    return byMonthDay === undefined || byMonthDay.includes(day) || byMonthDay.includes(day - length - 1);
  });
  return positioned(days, rule.bySetPos);
}

interface Pick {
  readonly days: DayGroup;
  readonly index: DayIndex;
  /** 1 to 12: counted within a year, it lies there; absent: in every month of the rule. */
  readonly month?: number;
}

function byWeekdays(rule: RecurrenceRule, anchor: LocalDate): readonly Phased[] | undefined {
  const picks = picksOf(rule);
  const cycle = cycleOf(rule, anchor, 12);
  if (picks === undefined || picks.length === 0 || cycle === undefined || rule.byYearDay !== undefined)
    return undefined;
  const found: Phased[] = [];
  for (const pick of picks) {
    const classes = classesOf<true>({ base: cycle.base, wanted: monthsOf(rule, pick, cycle) });
    if (classes === undefined) return undefined;
    for (const each of classes)
      found.push({ pattern: pickPattern(pick, each), phase: phaseOf(each, anchor) });
  }
  return found;
}

function monthsOf(
  { freq, byMonth }: RecurrenceRule,
  pick: Pick,
  { base, length, step }: { readonly base: number; readonly length: number; readonly step: number },
): readonly ReadonlySet<true>[] {
  return Array.from({ length }, (_, at) => {
    const month = ((base + at) % 12) + 1;
    const isMet = freq === 'YEARLY' ? at % step < 12 : at % step === 0;
    const isMeant = (byMonth ?? [month]).includes(month) && (pick.month ?? month) === month;
    return new Set<true>(isMet && isMeant ? [true] : []);
  });
}

function pickPattern({ days, index }: Pick, { month, step }: MonthClass<unknown>): Phased['pattern'] {
  return step === 12
    ? { kind: 'relativeYearly', days, index, month: (month % 12) + 1 }
    : { kind: 'relativeMonthly', interval: step, days, index };
}

function picksOf(rule: RecurrenceRule): readonly Pick[] | undefined {
  const { byDay = [], byMonth, byMonthDay, bySetPos } = rule;
  if (byMonthDay !== undefined) return weekPicks(byDay, byMonthDay, bySetPos);
  const days = plainDays(byDay);
  const chosen = days === undefined ? ordinalPicks(byDay, bySetPos) : positionPicks(days, bySetPos);
  if (chosen === undefined || isOverlapping(chosen)) return undefined;
  if (rule.freq === 'MONTHLY' || (byMonth !== undefined && bySetPos === undefined)) return chosen;
  // One of each month first, and then some of these.
  if (days === undefined && byMonth !== undefined && byMonth.length > 1) return undefined;
  // Counted within a year: the first four are in its first month, the last is in its last.
  const months = byMonth ?? [1, 12];
  return chosen.map((pick) => ({
    ...pick,
    month: pick.index === -1 ? Math.max(...months) : Math.min(...months),
  }));
}

function weekPicks(
  byDay: readonly ByDay[],
  monthDays: readonly number[],
  positions: readonly number[] | undefined,
): readonly Pick[] | undefined {
  const week = positions === undefined ? weekOfMonth(byDay, monthDays) : undefined;
  return week?.kind === 'relative' ? [{ days: week.days, index: week.index }] : undefined;
}

function ordinalPicks(
  byDay: readonly ByDay[],
  positions: readonly number[] | undefined,
): readonly Pick[] | undefined {
  const picks = byDay.flatMap(({ weekday, ordinal }) => pickOf(weekday, ordinal));
  // A set of counted weekdays has another order each month.
  if (positions !== undefined && (byDay.length > 1 || !positions.some((each) => Math.abs(each) === 1)))
    return undefined;
  return picks.length === byDay.length ? picks : undefined;
}

function positionPicks(
  days: readonly Weekday[],
  positions: readonly number[] = [],
): readonly Pick[] | undefined {
  const group = groupOf(days);
  if (group === undefined || group === 'day') return undefined;
  const picks = positions.flatMap((position) => pickOf(group, position));
  return picks.length === positions.length ? picks : undefined;
}

function pickOf(days: DayGroup, ordinal: number | undefined): readonly Pick[] {
  const index = indexes.find((each) => each === ordinal);
  return index === undefined ? [] : [{ days, index }];
}

/** The fourth Monday of a month is often its last. */
function isOverlapping(picks: readonly Pick[]): boolean {
  return picks.some(
    (one, at) =>
      picks.findIndex((other) => other.days === one.days && other.index === one.index) !== at ||
      (one.index === 4 &&
        one.days !== 'weekday' &&
        one.days !== 'weekend' &&
        picks.some((other) => other.days === one.days && other.index === -1)),
  );
}
