// Recurrence patterns of EWS as arithmetic over periods: each period of a pattern holds the same number of dates,
// so the date of an index and the index of a date are computed, never walked to ([MS-OXOCAL] 2.2.1.44).
import {
  civilDate,
  dayNames,
  dayNumber,
  daysInMonth,
  isDayOf,
  monthNames,
  parseDate,
  renderDate,
  weekday,
  type CivilDate,
  type DayName,
  type MonthName,
  type PlainDayName,
} from './days.ts';

export type DayOfWeekIndex = 'First' | 'Second' | 'Third' | 'Fourth' | 'Last';
export type Regeneration =
  'DailyRegeneration' | 'WeeklyRegeneration' | 'MonthlyRegeneration' | 'YearlyRegeneration';

export type Pattern =
  | { readonly kind: 'Daily'; readonly interval: number }
  | {
      readonly kind: 'Weekly';
      readonly interval: number;
      readonly daysOfWeek: readonly DayName[];
      readonly firstDayOfWeek: PlainDayName;
    }
  | { readonly kind: 'AbsoluteMonthly'; readonly interval: number; readonly dayOfMonth: number }
  | {
      readonly kind: 'RelativeMonthly';
      readonly interval: number;
      readonly daysOfWeek: DayName;
      readonly dayOfWeekIndex: DayOfWeekIndex;
    }
  | { readonly kind: 'AbsoluteYearly'; readonly dayOfMonth: number; readonly month: MonthName }
  | {
      readonly kind: 'RelativeYearly';
      readonly daysOfWeek: DayName;
      readonly dayOfWeekIndex: DayOfWeekIndex;
      readonly month: MonthName;
    }
  | { readonly kind: Regeneration; readonly interval: number };

/** Dates are `YYYY-MM-DD`; the end date is inclusive. */
export type RecurrenceRange =
  | { readonly kind: 'NoEnd'; readonly startDate: string }
  | { readonly kind: 'EndDate'; readonly startDate: string; readonly endDate: string }
  | { readonly kind: 'Numbered'; readonly startDate: string; readonly count: number };

export interface Recurrence {
  readonly pattern: Pattern;
  readonly range: RecurrenceRange;
}

/** The last day Exchange computes with. */
const lastDay = parseDate('4500-08-31');

/** Original dates from the first one on or after `from`; the index is 1-based over the original pattern. */
export function* datesFrom(
  recurrence: Recurrence,
  from?: string,
): Generator<{ readonly index: number; readonly date: string }> {
  const series = seriesOf(recurrence);
  let index = from === undefined ? 1 : firstIndexFrom(series, parseDate(from));
  for (; index <= series.last; index += 1) {
    const day = dayOfIndex(series, index);
    if (day > lastDay) return;
    yield { index, date: renderDate(day) };
  }
}

export function instanceDate(recurrence: Recurrence, index: number): string | undefined {
  const series = seriesOf(recurrence);
  if (!Number.isInteger(index) || index < 1 || index > series.last) return undefined;
  const day = dayOfIndex(series, index);
  return day > lastDay ? undefined : renderDate(day);
}

/** Undefined for a series without end; 0 where no date lies in the range. */
export function lastIndex(recurrence: Recurrence): number | undefined {
  const { last } = seriesOf(recurrence);
  return Number.isFinite(last) ? last : undefined;
}

/** The index of an original date; undefined when the pattern does not hit it. */
export function indexOfDate(recurrence: Recurrence, date: string): number | undefined {
  const series = seriesOf(recurrence);
  const day = parseDate(date);
  const index = firstIndexFrom(series, day);
  return index <= series.last && dayOfIndex(series, index) === day ? index : undefined;
}

/** The next start of a regenerating task completed on a date. */
export function regeneratedDate(
  pattern: { readonly kind: Regeneration; readonly interval: number },
  completed: string,
): string {
  return renderDate(periodDays(pattern, parseDate(completed), 1)[0] ?? parseDate(completed));
}

interface Series {
  readonly pattern: Pattern;
  readonly start: number;
  /** Dates in each period. */
  readonly width: number;
  /** Dates of period 0 that lie before the range's start. */
  readonly skipped: number;
  /** Last index; Infinity without end. */
  readonly last: number;
}

const kept = new WeakMap<Recurrence, Series>();

function seriesOf(recurrence: Recurrence): Series {
  const before = kept.get(recurrence);
  if (before !== undefined) return before;
  const { pattern, range } = recurrence;
  const start = parseDate(range.startDate);
  const first = periodDays(pattern, start, 0);
  const open = {
    pattern,
    start,
    width: first.length,
    skipped: first.filter((day) => day < start).length,
    last: Number.POSITIVE_INFINITY,
  };
  const series = { ...open, last: lastOf(open, range) };
  kept.set(recurrence, series);
  return series;
}

function lastOf(series: Series, range: RecurrenceRange): number {
  if (range.kind === 'NoEnd') return Number.POSITIVE_INFINITY;
  if (range.kind === 'Numbered') return range.count;
  return firstIndexFrom(series, parseDate(range.endDate) + 1) - 1;
}

function dayOfIndex(series: Series, index: number): number {
  const position = index - 1 + series.skipped;
  const days = periodDays(series.pattern, series.start, Math.floor(position / series.width));
  return days[position % series.width] ?? Number.NaN;
}

/** The smallest index whose date is not before `day`, ends of the range left aside. */
function firstIndexFrom(series: Series, day: number): number {
  if (day <= series.start) return 1;
  let period = Math.max(0, periodAround(series.pattern, series.start, day) - 1);
  for (;;) {
    const position = periodDays(series.pattern, series.start, period).findIndex((found) => found >= day);
    if (position >= 0) return Math.max(1, period * series.width + position - series.skipped + 1);
    period += 1;
  }
}

/** The period `day` falls into, give or take one. */
function periodAround(pattern: Pattern, start: number, day: number): number {
  const interval = 'interval' in pattern ? pattern.interval : 1;
  return Math.floor((day - start) / (shortestDays[unitOf[pattern.kind]] * interval));
}

type Unit = 'day' | 'week' | 'month' | 'year';

const unitOf = {
  Daily: 'day',
  Weekly: 'week',
  AbsoluteMonthly: 'month',
  RelativeMonthly: 'month',
  AbsoluteYearly: 'year',
  RelativeYearly: 'year',
  DailyRegeneration: 'day',
  WeeklyRegeneration: 'week',
  MonthlyRegeneration: 'month',
  YearlyRegeneration: 'year',
} satisfies Record<Pattern['kind'], Unit>;

/** Averages, rounded up so that an estimate falls short rather than beyond. */
const shortestDays = { day: 1, week: 7, month: 30.44, year: 365.25 } satisfies Record<Unit, number>;

/** The dates of one period (0 holds the range's start), ascending. */
function periodDays(pattern: Pattern, start: number, period: number): readonly number[] {
  if (pattern.kind === 'Weekly') return weekDays(pattern, start, period);
  return [periodDay(pattern, civilDate(start), period)];
}

function periodDay(
  pattern: Exclude<Pattern, { kind: 'Weekly' }>,
  { year, month, day }: CivilDate,
  period: number,
): number {
  const step = 'interval' in pattern ? period * pattern.interval : period;
  let found: number;
  switch (pattern.kind) {
    case 'Daily':
    case 'DailyRegeneration':
      found = dayNumber({ year, month, day }) + step;
      break;
    case 'WeeklyRegeneration':
      found = dayNumber({ year, month, day }) + step * 7;
      break;
    case 'AbsoluteMonthly':
      found = dayClipped({ year, month: month + step, day: pattern.dayOfMonth });
      break;
    case 'MonthlyRegeneration':
      found = dayClipped({ year, month: month + step, day });
      break;
    case 'YearlyRegeneration':
      found = dayClipped({ year: year + step, month, day });
      break;
    case 'RelativeMonthly':
      found = dayRelative(pattern, year, month + step);
      break;
    case 'AbsoluteYearly':
      found = dayClipped({
        year: year + step,
        month: monthNames.indexOf(pattern.month),
        day: pattern.dayOfMonth,
      });
      break;
    case 'RelativeYearly':
      found = dayRelative(pattern, year + step, monthNames.indexOf(pattern.month));
      break;
  }
  return found;
}

function weekDays(
  pattern: Extract<Pattern, { kind: 'Weekly' }>,
  start: number,
  period: number,
): readonly number[] {
  const first = dayNames.indexOf(pattern.firstDayOfWeek);
  const week = start - ((weekday(start) - first + 7) % 7) + period * pattern.interval * 7;
  const days: number[] = [];
  for (let day = week; day < week + 7; day += 1)
    if (pattern.daysOfWeek.some((name) => isDayOf(name, day))) days.push(day);
  return days;
}

/** Day 31 is the last day of a shorter month, 29 February the 28th in a common year. */
function dayClipped(date: CivilDate): number {
  return dayNumber({ ...date, day: Math.min(date.day, daysInMonth(date.year, date.month)) });
}

const ordinals = { First: 1, Second: 2, Third: 3, Fourth: 4, Last: -1 } satisfies Record<
  DayOfWeekIndex,
  number
>;

function dayRelative(
  rule: { readonly daysOfWeek: DayName; readonly dayOfWeekIndex: DayOfWeekIndex },
  year: number,
  month: number,
): number {
  const first = dayNumber({ year, month, day: 1 });
  const days: number[] = [];
  for (let day = first; day < first + daysInMonth(year, month); day += 1)
    if (isDayOf(rule.daysOfWeek, day)) days.push(day);
  const ordinal = ordinals[rule.dayOfWeekIndex];
  return days.at(ordinal > 0 ? ordinal - 1 : ordinal) ?? first;
}
