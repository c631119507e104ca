// A recurrence rule in the words of RFC 5545 §3.3.10, taken apart. What a backend cannot hold it refuses in `express`.
import type { LocalDate } from './time.ts';

/** As `Date.getUTCDay` counts them: 0 for Sunday. */
export const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
export type Weekday = (typeof weekdays)[number];

/** `wall`: milliseconds on a wall clock, as if it were that of UTC. */
export function weekdayOn(wall: number): Weekday {
  return weekdays[new Date(wall).getUTCDay()] ?? 'SU';
}

export type Frequency = 'SECONDLY' | 'MINUTELY' | 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

export interface ByDay {
  readonly weekday: Weekday;
  /** 1 = first, -1 = last; absent: every such day. */
  readonly ordinal?: number;
}

export type RecurrenceEnd =
  | { readonly kind: 'never' }
  | { readonly kind: 'count'; readonly count: number }
  /** The local date, in the zone of the series, of the last instance that may happen (inclusive). */
  | {
      readonly kind: 'until';
      readonly until: LocalDate;
      /** `HH:MM:SS`, where a day may have several instances and not all of that one are meant (inclusive). */
      readonly time?: string;
    };

export interface RecurrenceRule {
  readonly freq: Frequency;
  readonly interval: number;
  readonly end: RecurrenceEnd;
  readonly byDay?: readonly ByDay[];
  readonly byMonthDay?: readonly number[];
  readonly byMonth?: readonly number[];
  readonly bySetPos?: readonly number[];
  readonly byYearDay?: readonly number[];
  readonly byWeekNo?: readonly number[];
  readonly byHour?: readonly number[];
  readonly byMinute?: readonly number[];
  readonly bySecond?: readonly number[];
  readonly wkst?: Weekday;
  /** Tasks only: the next instance is counted from the completion of the last one. */
  readonly regenerates?: boolean;
}
