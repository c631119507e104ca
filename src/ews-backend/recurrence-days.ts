// Which day of a month BYDAY, BYMONTHDAY and BYSETPOS choose together (RFC 5545 §3.3.10), as far as EWS can say it.
import type { ByDay, RecurrenceRule, Weekday } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';

export type DayGroup = Weekday | 'weekday' | 'weekend';
export type DayIndex = 1 | 2 | 3 | 4 | -1;

export interface Refusal {
  readonly kind: 'refuse';
  readonly part: string;
  readonly reason: string;
}

export const weekdays: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
const workdays: readonly Weekday[] = ['MO', 'TU', 'WE', 'TH', 'FR'];
const weekend: readonly Weekday[] = ['SA', 'SU'];

export type Selection =
  | { readonly kind: 'relative'; readonly days: DayGroup; readonly index: DayIndex }
  /** `clamped`: the last day of shorter months, as Exchange does; otherwise such months are left out, as RFC 5545 says. */
  | { readonly kind: 'absolute'; readonly day: number; readonly clamped: boolean }
  | { readonly kind: 'every'; readonly days: readonly Weekday[] };

/** Which day of a month BYDAY, BYMONTHDAY and BYSETPOS choose. */
export function selectDays(rule: RecurrenceRule, start: LocalDate): Selection | Refusal {
  const { byDay = [], byMonthDay = [], bySetPos = [] } = rule;
  if (bySetPos.length > 1) return refuse('BYSETPOS', 'Exchange has one day a month in such a series');
  const [position] = bySetPos;
  if (byDay.length > 0 && byMonthDay.length > 0) return weekOfMonth(byDay, byMonthDay, position);
  if (byMonthDay.length > 0) return dayOfMonth(byMonthDay, position);
  if (byDay.length > 0) return weekdayOfMonth(byDay, position);
  if (position !== undefined && Math.abs(position) !== 1)
    return refuse('BYSETPOS', 'there is only one day to choose from');
  return { kind: 'absolute', day: Number(start.slice(8)), clamped: false };
}

/** `BYDAY=TU;BYMONTHDAY=8,9,…,14` is the second Tuesday. */
export function weekOfMonth(
  byDay: readonly ByDay[],
  monthDays: readonly number[],
  position?: number,
): Selection | Refusal {
  const days = [...monthDays].sort((a, b) => a - b);
  const [first = 0] = days;
  const isWeek = days.length === 7 && days.every((day, at) => day === first + at);
  const index = indexes.find((each) => (each === -1 ? first === -7 : first === 7 * each - 6));
  const [only] = byDay;
  if (
    !isWeek ||
    index === undefined ||
    byDay.length !== 1 ||
    only?.ordinal !== undefined ||
    position !== undefined
  )
    return refuse('BYMONTHDAY', 'Exchange cannot join BYDAY and BYMONTHDAY');
  return { kind: 'relative', days: only?.weekday ?? 'MO', index };
}

export const indexes: readonly DayIndex[] = [1, 2, 3, 4, -1];

function dayOfMonth(monthDays: readonly number[], position?: number): Selection | Refusal {
  const days = [...monthDays].sort((a, b) => a - b);
  const [first = 0] = days;
  const last = days.at(-1) ?? 0;
  if (days.length === 1 && (position === undefined || Math.abs(position) === 1)) {
    if (first === -1) return { kind: 'absolute', day: 31, clamped: true };
    if (first >= 1 && first <= 31) return { kind: 'absolute', day: first, clamped: false };
    return refuse('BYMONTHDAY', 'Exchange counts days from the end of a month only for the last one');
  }
  // BYMONTHDAY=28,29,30;BYSETPOS=-1: the 30th, or the last day of a shorter month.
  const isRun = first >= 1 && first <= 28 && last <= 31 && days.every((day, at) => day === first + at);
  if (isRun && position === -1) return { kind: 'absolute', day: last, clamped: true };
  if (isRun && position === 1) return { kind: 'absolute', day: first, clamped: false };
  return refuse('BYMONTHDAY', 'Exchange has one day a month in such a series');
}

function weekdayOfMonth(byDay: readonly ByDay[], position?: number): Selection | Refusal {
  const days = plainDays(byDay);
  if (days === undefined) {
    const [only] = byDay;
    if (byDay.length > 1 || only === undefined || (position !== undefined && Math.abs(position) !== 1))
      return refuse('BYDAY', 'Exchange counts one weekday a month');
    const index = indexes.find((each) => each === only.ordinal);
    return index === undefined
      ? refuse('BYDAY', 'Exchange counts weekdays from first to fourth, and the last')
      : { kind: 'relative', days: only.weekday, index };
  }
  if (position === undefined) return { kind: 'every', days };
  const group = groupOf(days);
  const index = indexes.find((each) => each === position);
  if (group === undefined || index === undefined)
    return refuse(
      'BYSETPOS',
      'Exchange counts one weekday, workdays, weekend days or days, from first to fourth, and the last',
    );
  if (group === 'day') return { kind: 'absolute', day: index === -1 ? 31 : index, clamped: index === -1 };
  return { kind: 'relative', days: group, index };
}

export function groupOf(days: readonly Weekday[]): DayGroup | 'day' | undefined {
  const isExactly = (group: readonly Weekday[]): boolean =>
    days.length === group.length && group.every((day) => days.includes(day));
  if (days.length === 1) return days[0];
  if (isExactly(workdays)) return 'weekday';
  if (isExactly(weekend)) return 'weekend';
  return isExactly(weekdays) ? 'day' : undefined;
}

/** Weekdays without ordinals, Monday first; undefined when one of them is counted. */
export function plainDays(byDay: readonly ByDay[]): readonly Weekday[] | undefined {
  if (byDay.some(({ ordinal }) => ordinal !== undefined)) return undefined;
  return weekdays.filter((day) => byDay.some(({ weekday }) => weekday === day));
}

/** What BYSETPOS chooses of an ordered list. */
export function positioned<T>(list: readonly T[], positions: readonly number[] | undefined): readonly T[] {
  if (positions === undefined || positions.length === 0) return list;
  return list.filter((_, at) => positions.includes(at + 1) || positions.includes(at - list.length));
}

export function refuse(part: string, reason: string): Refusal {
  return { kind: 'refuse', part, reason };
}
