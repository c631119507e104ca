// The instances of any rule with an end, period by period (RFC 5545 §3.3.10): for what is no series in EWS, but a few single
// items. On the wall clock; times are `YYYY-MM-DDTHH:MM:SS`, whole days `YYYY-MM-DD`.
import type { ByDay, RecurrenceRule } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { monthOf, weekdayOf } from './occurrences.ts';
import { positioned, weekdays } from './recurrence-days.ts';
import type { SeriesStart } from './recurrence.ts';

/** Days looked at: a hundred years and more. */
const maxDays = 40_000;
/** Dates have four digits for the year; later ones are all shown as this one. */
const endOfTime = '9999-12-31';

/** In order; undefined when there are more than `limit`, or nobody knows. */
export function instancesOfRule(
  rule: RecurrenceRule,
  start: SeriesStart,
  limit: number,
): readonly string[] | undefined {
  const { freq, end } = rule;
  if (freq === 'SECONDLY' || freq === 'MINUTELY' || end.kind === 'never' || isUncertain(rule))
    return undefined;
  if (freq === 'HOURLY' && start.time === undefined) return undefined;
  const first = wallOf(start.date, start.time);
  const last = end.kind === 'until' ? wallOf(end.until, start.time && (end.time ?? '23:59:59')) : '9999';
  const count = end.kind === 'count' ? end.count : Infinity;
  const found: string[] = [];
  for (let period = 0, seen = 0; seen < maxDays; period += 1) {
    const { days, hour } = periodOf(rule, start, period);
    seen += days.length;
    const [day = endOfTime] = days;
    if (day > last) return found;
    if (day === endOfTime) return end.kind === 'until' ? found : undefined;
    for (const wall of chosenIn(rule, start, { days, hour })) {
      if (wall < first) continue;
      if (wall > last) return found;
      found.push(wall);
      if (found.length > limit) return undefined;
      if (found.length === count) return found;
    }
  }
  return undefined;
}

/** Weeks at the edge of a year lie in two, days of a month may be of no week's weekday; an hour has no order of its own days. */
function isUncertain({ freq, byWeekNo, bySetPos, byYearDay, byMonthDay }: RecurrenceRule): boolean {
  if (byWeekNo !== undefined && byMonthDay !== undefined) return true;
  if (byWeekNo?.some((week) => Math.abs(week) < 2 || Math.abs(week) > 51) === true) return true;
  if (freq !== 'YEARLY' && (byWeekNo !== undefined || byYearDay !== undefined)) return true;
  return freq === 'HOURLY' && bySetPos !== undefined;
}

function wallOf(date: LocalDate, time: string | undefined): string {
  return time === undefined ? date : `${date}T${time}`;
}

interface Period {
  readonly days: readonly LocalDate[];
  /** Of an hourly rule: the one hour. */
  readonly hour?: number;
}

function periodOf(
  { freq, interval, wkst = 'MO' }: RecurrenceRule,
  start: SeriesStart,
  number: number,
): Period {
  const step = number * interval;
  const [year = 0, month = 0] = start.date.split('-').map(Number);
  switch (freq) {
    case 'HOURLY': {
      const hours = Number(start.time?.slice(0, 2)) + step;
      return { days: [addDays(start.date, Math.floor(hours / 24))], hour: hours % 24 };
    }
    case 'WEEKLY': {
      const back = (weekdays.indexOf(weekdayOf(start.date)) - weekdays.indexOf(wkst) + 7) % 7;
      return { days: daysFrom(addDays(start.date, 7 * step - back), 7) };
    }
    case 'MONTHLY':
      return { days: daysBetween(Date.UTC(year, month - 1 + step), Date.UTC(year, month + step)) };
    case 'YEARLY':
      return { days: daysBetween(Date.UTC(year + step, 0), Date.UTC(year + step + 1, 0)) };
    case 'DAILY':
    case 'MINUTELY':
    case 'SECONDLY':
      return { days: [addDays(start.date, step)] };
  }
}

function daysBetween(from: number, to: number): readonly LocalDate[] {
  if (!(to <= Date.UTC(9999, 11, 31))) return [endOfTime];
  return daysFrom(new Date(from).toISOString().slice(0, 10), Math.round((to - from) / 86_400_000));
}

function daysFrom(first: LocalDate, count: number): readonly LocalDate[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index));
}

function chosenIn(rule: RecurrenceRule, start: SeriesStart, period: Period): readonly string[] {
  const days = period.days.filter((date, at) =>
    isChosen(rule, start.date, { date, at, length: period.days.length }),
  );
  const { time } = start;
  if (time === undefined) return positioned(days, rule.bySetPos);
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  const { byHour = [period.hour ?? hour], byMinute = [minute], bySecond = [second] } = rule;
  const hours = period.hour === undefined ? byHour : byHour.filter((each) => each === period.hour);
  const times = hours.flatMap((h) =>
    byMinute.flatMap((m) => bySecond.map((s) => [h, m, s].map(two).join(':'))),
  );
  const walls = days.flatMap((date) => [...new Set(times)].sort().map((each) => `${date}T${each}`));
  return positioned(walls, rule.bySetPos);
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

interface Place {
  readonly date: LocalDate;
  /** Within the period. */
  readonly at: number;
  readonly length: number;
}

function isChosen(rule: RecurrenceRule, start: LocalDate, { date, at, length }: Place): boolean {
  const { freq, byMonth, byMonthDay, byYearDay, byWeekNo, byDay } = rule;
  const month = monthOf(date);
  const day = Number(date.slice(8));
  if (byMonth !== undefined && !byMonth.includes(month)) return false;
  if (byMonthDay !== undefined && !isNumbered(byMonthDay, day, daysOfMonth(date))) return false;
  if (byYearDay !== undefined && !isNumbered(byYearDay, at + 1, length)) return false;
  if (byWeekNo !== undefined && !isInWeek(byWeekNo, rule, date)) return false;
  if (byDay !== undefined) return byDay.some((each) => isDay(each, rule, { date, at, length }));
  // What the rule does not say, its start says.
  if (freq === 'WEEKLY' || byWeekNo !== undefined) return weekdayOf(date) === weekdayOf(start);
  if ((freq !== 'MONTHLY' && freq !== 'YEARLY') || byMonthDay !== undefined || byYearDay !== undefined)
    return true;
  const isMonth = freq === 'MONTHLY' || byMonth !== undefined || month === monthOf(start);
  return isMonth && day === Number(start.slice(8));
}

/** From the front, or with a minus from the back. */
function isNumbered(wanted: readonly number[], number: number, length: number): boolean {
  return wanted.includes(number) || wanted.includes(number - length - 1);
}

function isDay({ weekday, ordinal }: ByDay, { freq, byMonth }: RecurrenceRule, place: Place): boolean {
  const { date } = place;
  if (weekdayOf(date) !== weekday) return false;
  if (ordinal === undefined) return true;
  if (freq === 'MONTHLY' || (freq === 'YEARLY' && byMonth !== undefined))
    return isOrdinal(ordinal, Number(date.slice(8)), daysOfMonth(date));
  return freq === 'YEARLY' && isOrdinal(ordinal, place.at + 1, place.length);
}

function isOrdinal(ordinal: number, day: number, length: number): boolean {
  return ordinal > 0 ? Math.ceil(day / 7) === ordinal : Math.ceil((length - day + 1) / 7) === -ordinal;
}

function daysOfMonth(date: LocalDate): number {
  return new Date(Date.UTC(Number(date.slice(0, 4)), monthOf(date), 0)).getUTCDate();
}

/** Week 1 is the first with four days in the year (RFC 5545 §3.3.10). */
function isInWeek(wanted: readonly number[], { wkst = 'MO' }: RecurrenceRule, date: LocalDate): boolean {
  const year = date.slice(0, 4);
  const fourth = `${year}-01-04`;
  const back = (weekdays.indexOf(weekdayOf(fourth)) - weekdays.indexOf(wkst) + 7) % 7;
  const first = Date.parse(addDays(fourth, -back));
  const week = Math.floor((Date.parse(date) - first) / (7 * 86_400_000)) + 1;
  return wanted.includes(week) || wanted.some((each) => each < 0 && each === week - weeksOf(year, wkst) - 1);
}

function weeksOf(year: string, wkst: (typeof weekdays)[number]): number {
  const start = (of: number): number => {
    const fourth = `${of}-01-04`;
    const back = (weekdays.indexOf(weekdayOf(fourth)) - weekdays.indexOf(wkst) + 7) % 7;
    return Date.parse(addDays(fourth, -back));
  };
  return Math.round((start(Number(year) + 1) - start(Number(year))) / (7 * 86_400_000));
}
