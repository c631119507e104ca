// Which dates a pattern of EWS has, and their 1-based numbers (OccurrenceItemId/InstanceIndex, BEHAVIOUR §7): plain
// arithmetic from the pattern, never a walk over the server's occurrences.
import { weekdays, type RecurrenceEnd, type Weekday } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import type { DayGroup, DayIndex } from './recurrence-days.ts';
import type { Pattern } from './recurrence.ts';

const dayMs = 86_400_000;

/** Number of the occurrence on `date` in a series from `start`; undefined when there is none. Deleted ones count. */
export function occurrenceIndexOf(pattern: Pattern, start: LocalDate, date: LocalDate): number | undefined {
  const from = dayOf(start);
  const day = dayOf(date);
  if (day < from) return undefined;
  const index = cycleOf(pattern, from).indexOf(day);
  return index === undefined ? undefined : index - skippedBefore(pattern, from) + 1;
}

/** Date of the occurrence with that number. */
export function occurrenceDateAt(pattern: Pattern, start: LocalDate, index: number): LocalDate {
  const from = dayOf(start);
  return dateOf(cycleOf(pattern, from).dayAt(index - 1 + skippedBefore(pattern, from)));
}

export function isOccurrence(pattern: Pattern, start: LocalDate, date: LocalDate): boolean {
  return occurrenceIndexOf(pattern, start, date) !== undefined;
}

/** How many occurrences there are; undefined: without end. */
export function occurrenceCount(pattern: Pattern, start: LocalDate, end: RecurrenceEnd): number | undefined {
  if (end.kind === 'count') return end.count;
  if (end.kind === 'never') return undefined;
  const from = dayOf(start);
  const cycle = cycleOf(pattern, from);
  const skipped = skippedBefore(pattern, from);
  const last = dayOf(end.until);
  // As numbers: a search for the last one before 9999-12-31 looks at years of five digits.
  const isWithin = (index: number): boolean => cycle.dayAt(index - 1 + skipped) <= last;
  let [low, high] = [0, 1];
  while (high <= lastDay && isWithin(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isWithin(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** 9999-12-31, in days since 1970-01-01. */
const lastDay = 2_932_896;

/** Dates as numbers, counted from the first cycle (week, month) of the series, also those before its start. */
interface Cycle {
  indexOf(day: number): number | undefined;
  dayAt(index: number): number;
}

function cycleOf(pattern: Pattern, from: number): Cycle {
  switch (pattern.kind) {
    case 'daily':
      return everyDays(pattern.interval, from);
    case 'weekly':
      return everyWeeks(pattern, from);
    case 'absoluteMonthly':
      return everyMonths(pattern.interval, from, (month) => dayInMonth(month, pattern.day));
    case 'relativeMonthly':
      return everyMonths(pattern.interval, from, (month) => groupInMonth(month, pattern.days, pattern.index));
    case 'absoluteYearly':
      return everyMonths(12, inMonthOf(from, pattern.month), (month) => dayInMonth(month, pattern.day));
    case 'relativeYearly':
      return everyMonths(12, inMonthOf(from, pattern.month), (month) =>
        groupInMonth(month, pattern.days, pattern.index),
      );
    case 'regenerating': // only the present instance exists
      return { indexOf: (day) => (day === from ? 0 : undefined), dayAt: () => from };
  }
}

/** Occurrences of the first cycle that lie before the start and so have no number. */
function skippedBefore(pattern: Pattern, from: number): number {
  const cycle = cycleOf(pattern, from);
  let skipped = 0;
  while (cycle.dayAt(skipped) < from) skipped += 1;
  return skipped;
}

function everyDays(interval: number, from: number): Cycle {
  return {
    indexOf: (day) => ((day - from) % interval === 0 ? (day - from) / interval : undefined),
    dayAt: (index) => from + index * interval,
  };
}

function everyWeeks({ interval, days, firstDay }: Extract<Pattern, { kind: 'weekly' }>, from: number): Cycle {
  const offsets = days.map((day) => (weekdays.indexOf(day) - weekdays.indexOf(firstDay) + 7) % 7);
  offsets.sort((a, b) => a - b);
  const monday = from - ((weekdayNumber(from) - weekdays.indexOf(firstDay) + 7) % 7);
  return {
    indexOf(day) {
      const week = Math.floor((day - monday) / 7);
      const at = offsets.indexOf(day - monday - 7 * week);
      return at < 0 || week % interval !== 0 ? undefined : (week / interval) * offsets.length + at;
    },
    dayAt: (index) =>
      monday +
      7 * interval * Math.floor(index / offsets.length) +
      (offsets[((index % offsets.length) + offsets.length) % offsets.length] ?? 0),
  };
}

function everyMonths(interval: number, from: number, dayIn: (month: number) => number): Cycle {
  const first = monthOfDay(from);
  return {
    indexOf(day) {
      const month = monthOfDay(day);
      return (month - first) % interval === 0 && dayIn(month) === day
        ? (month - first) / interval
        : undefined;
    },
    dayAt: (index) => dayIn(first + index * interval),
  };
}

/** The same year, in that month. */
function inMonthOf(from: number, month: number): number {
  return dayOf(`${dateOf(from).slice(0, 4)}-${String(month).padStart(2, '0')}-01`);
}

/** Exchange takes the last day where a month is too short. */
function dayInMonth(month: number, day: number): number {
  return firstDayOf(month) + Math.min(day, daysIn(month)) - 1;
}

function groupInMonth(month: number, group: DayGroup, index: DayIndex): number {
  const first = firstDayOf(month);
  const days: number[] = [];
  for (let day = first; day < first + daysIn(month); day += 1) if (isInGroup(day, group)) days.push(day);
  return days.at(index === -1 ? -1 : index - 1) ?? first;
}

function isInGroup(day: number, group: DayGroup): boolean {
  const weekday = weekdayNumber(day);
  const isWeekend = weekday === 0 || weekday === 6;
  if (group === 'weekday') return !isWeekend;
  if (group === 'weekend') return isWeekend;
  return weekdays[weekday] === group;
}

export function weekdayOf(date: LocalDate): Weekday {
  return weekdays[weekdayNumber(dayOf(date))] ?? 'SU';
}

/** Months since the year 0. */
export function monthNumber(date: LocalDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

/** The same of a day since 1970-01-01. */
function monthOfDay(day: number): number {
  const date = new Date(day * dayMs);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** 1 to 12. */
export function monthOf(date: LocalDate): number {
  return Number(date.slice(5, 7));
}

export function shortestMonth(month: number): number {
  return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 31;
}

export function longestMonth(month: number): number {
  return month === 2 ? 29 : shortestMonth(month);
}

/** Days since 1970-01-01. */
function dayOf(date: LocalDate): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / dayMs);
}

/** Up to the last day that a year of four digits has. */
function dateOf(day: number): LocalDate {
  return new Date((day < lastDay ? day : lastDay) * dayMs).toISOString().slice(0, 10);
}

function weekdayNumber(day: number): number {
  return (((day + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday
}

function firstDayOf(month: number): number {
  return Math.round(Date.UTC(Math.floor(month / 12), month % 12, 1) / dayMs);
}

function daysIn(month: number): number {
  return firstDayOf(month + 1) - firstDayOf(month);
}
