// Months that a rule of some interval meets, parted into classes of equal distance: each class is one pattern of EWS.
import type { LocalDate } from '../model/time.ts';

/** Longest intervals that Exchange takes (BEHAVIOUR §7). */
export const longestStep = { days: 999, weeks: 99, months: 99 } as const;

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function leastCommonMultiple(a: number, b: number): number {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/** Every `step`th month from `month` on (months since the year 0). */
export interface MonthClass<T> {
  readonly month: number;
  readonly step: number;
  readonly choice: T;
}

/** What is wanted of the months of one cycle, after which the same comes again. */
export interface Cycle<T> {
  readonly base: number;
  readonly wanted: readonly ReadonlySet<T>[];
  /** What a pattern that says `choice` means in that month. */
  readonly meant?: (choice: T, month: number) => T;
}

/**
 * Classes that together choose exactly what is wanted, nothing twice: those of many months first.
 * Undefined when some months are further apart than Exchange can say.
 */
export function classesOf<T>({
  base,
  wanted,
  meant = (choice) => choice,
}: Cycle<T>): readonly MonthClass<T>[] | undefined {
  const open = wanted.map((choices) => new Set(choices));
  const found: MonthClass<T>[] = [];
  for (const step of divisorsOf(wanted.length)) {
    if (step > longestStep.months) break;
    for (let first = 0; first < step; first += 1) {
      const months: number[] = [];
      for (let at = first; at < wanted.length; at += step) months.push(at);
      for (const choice of candidates(months, open)) {
        if (!months.every((at) => open[at]?.has(meant(choice, base + at)) === true)) continue;
        for (const at of months) open[at]?.delete(meant(choice, base + at));
        found.push({ month: base + first, step, choice });
      }
    }
  }
  return open.every((choices) => choices.size === 0) ? found : undefined;
}

/** Any pattern of the class chooses something in its first month, and in its longest one by the name of its own. */
function candidates<T>(months: readonly number[], open: readonly ReadonlySet<T>[]): readonly T[] {
  const all = months.map((at) => open[at] ?? new Set<T>());
  if (all.some((choices) => choices.size === 0)) return [];
  return [...new Set(all.flatMap((choices) => [...choices]))];
}

function divisorsOf(value: number): readonly number[] {
  const found: number[] = [];
  for (let each = 1; each <= value; each += 1) if (value % each === 0) found.push(each);
  return found;
}

/** Every fourth February has 29 days here; those of 1900, 2100 and 2200 are the price (docs/decisions/0013). */
export function daysInMonth(month: number): number {
  const days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month % 12] ?? 31;
  return month % 12 === 1 && Math.floor(month / 12) % 4 === 0 ? 29 : days;
}

/** The first day of a month. */
export function startOf(month: number): LocalDate {
  const year = String(Math.floor(month / 12)).padStart(4, '0');
  return `${year}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}
