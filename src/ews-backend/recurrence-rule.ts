// A pattern of EWS as a RecurrenceRule: one canonical form each, which `patternOf` turns into the same pattern again.
import type { ByDay, RecurrenceEnd, RecurrenceRule, Weekday } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import { longestMonth, monthOf, shortestMonth } from './occurrences.ts';
import { weekdays, type DayGroup, type DayIndex } from './recurrence-days.ts';
import type { Pattern } from './recurrence.ts';

export function ruleOf(pattern: Pattern, start: LocalDate, end: RecurrenceEnd): RecurrenceRule {
  switch (pattern.kind) {
    case 'daily':
      return { freq: 'DAILY', interval: pattern.interval, end };
    case 'weekly':
      return {
        freq: 'WEEKLY',
        interval: pattern.interval,
        end,
        byDay: plain(pattern.days),
        ...weekStart(pattern),
      };
    case 'absoluteMonthly':
      return pattern.interval % 12 === 0
        ? { ...years(pattern.interval, start), end, byMonthDay: [dayOfYearly(pattern.day, monthOf(start))] }
        : { freq: 'MONTHLY', interval: pattern.interval, end, ...dayOfMonthly(pattern.day) };
    case 'relativeMonthly':
      return pattern.interval % 12 === 0
        ? { ...years(pattern.interval, start), end, ...counted(pattern.days, pattern.index) }
        : { freq: 'MONTHLY', interval: pattern.interval, end, ...counted(pattern.days, pattern.index) };
    case 'absoluteYearly': {
      const { day, month } = pattern;
      return { freq: 'YEARLY', interval: 1, end, byMonth: [month], byMonthDay: [dayOfYearly(day, month)] };
    }
    case 'relativeYearly':
      return {
        freq: 'YEARLY',
        interval: 1,
        end,
        byMonth: [pattern.month],
        ...counted(pattern.days, pattern.index),
      };
    case 'regenerating':
      return { freq: pattern.unit, interval: pattern.interval, end, regenerates: true };
  }
}

function years(months: number, start: LocalDate): Pick<RecurrenceRule, 'freq' | 'interval' | 'byMonth'> {
  return { freq: 'YEARLY', interval: months / 12, byMonth: [monthOf(start)] };
}

/** RFC 5545's default week starts on Monday; with every week taken it does not matter. */
function weekStart({ interval, firstDay }: Extract<Pattern, { kind: 'weekly' }>): { wkst?: Weekday } {
  return interval === 1 || firstDay === 'MO' ? {} : { wkst: firstDay };
}

/** RFC 5545 leaves short months out, Exchange takes their last day: the same said in RFC 5545's words. */
function dayOfMonthly(day: number): Pick<RecurrenceRule, 'byMonthDay' | 'bySetPos'> {
  if (day <= 28) return { byMonthDay: [day] };
  if (day >= 31) return { byMonthDay: [-1] };
  return { byMonthDay: [28, 29, 30].filter((each) => each <= day), bySetPos: [-1] };
}

/** Only February's last day has two numbers. */
function dayOfYearly(day: number, month: number): number {
  if (day <= shortestMonth(month)) return day;
  return shortestMonth(month) === longestMonth(month) ? longestMonth(month) : -1;
}

const groups: Readonly<Record<'weekday' | 'weekend', readonly Weekday[]>> = {
  weekday: ['MO', 'TU', 'WE', 'TH', 'FR'],
  weekend: ['SA', 'SU'],
};

function counted(days: DayGroup, index: DayIndex): Pick<RecurrenceRule, 'byDay' | 'bySetPos'> {
  if (days === 'weekday' || days === 'weekend') return { byDay: plain(groups[days]), bySetPos: [index] };
  return { byDay: [{ weekday: days, ordinal: index }] };
}

function plain(days: readonly Weekday[]): readonly ByDay[] {
  return weekdays.filter((day) => days.includes(day)).map((weekday) => ({ weekday }));
}
