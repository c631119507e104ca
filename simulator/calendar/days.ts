// Dates as day numbers since 1970-01-01, so that patterns are whole-number arithmetic.

const msPerDay = 86_400_000;

export const dayNames = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;
export type PlainDayName = (typeof dayNames)[number];
export type DayName = PlainDayName | 'Day' | 'Weekday' | 'WeekendDay';
export type MonthName = (typeof monthNames)[number];

export interface CivilDate {
  readonly year: number;
  /** 0–11. */
  readonly month: number;
  readonly day: number;
}

/** `month` may lie outside 0–11; the year follows. */
export function dayNumber(date: CivilDate): number {
  return Math.round(Date.UTC(date.year, date.month, date.day) / msPerDay);
}

export function civilDate(number: number): CivilDate {
  const date = new Date(number * msPerDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth(), day: date.getUTCDate() };
}

/** Day number of `YYYY-MM-DD…`. */
export function parseDate(text: string): number {
  return Math.round(Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / msPerDay);
}

export function renderDate(number: number): string {
  return new Date(number * msPerDay).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekday(number: number): number {
  return (((number + 4) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

export function isDayOf(name: DayName, number: number): boolean {
  const day = weekday(number);
  if (name === 'Day') return true;
  if (name === 'Weekday') return day !== 0 && day !== 6;
  if (name === 'WeekendDay') return day === 0 || day === 6;
  return dayNames[day] === name;
}
