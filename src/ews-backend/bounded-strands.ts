// Series with their ends: how many instances of a rule each has, and as many series as it takes that none overlaps itself.
import type { RecurrenceEnd } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { occurrenceCount, occurrenceDateAt, occurrenceIndexOf } from './occurrences.ts';
import { longestStep } from './month-classes.ts';
import type { Pattern } from './recurrence.ts';
import type { Strand } from './strands.ts';

export interface BoundedStrand extends Strand {
  /** Undefined: without end. */
  readonly count: number | undefined;
  readonly end: RecurrenceEnd;
}

/** Exchange counts no further (BEHAVIOUR §7). */
const maxCount = 999;
/** More instances are not dealt out one by one, nor among so many series that it takes more looks than these. */
const maxDealt = 10_000;
const maxLooks = 1_000_000;

/** Those that have instances at all; undefined when there are too many to count. */
export function boundedStrands(
  strands: readonly Strand[],
  end: RecurrenceEnd,
): readonly BoundedStrand[] | undefined {
  if (end.kind === 'never') return strands.map((strand) => ({ ...strand, count: undefined, end }));
  if (end.kind === 'until') return strands.flatMap((strand) => endedStrand(strand, end));
  const counts = dealt(strands, end.count);
  return counts?.flatMap((count, at) => {
    const strand = strands[at];
    return strand === undefined || count === 0 ? [] : [{ ...strand, count, end: countedEnd(strand, count) }];
  });
}

function endedStrand(
  strand: Strand,
  end: Extract<RecurrenceEnd, { kind: 'until' }>,
): readonly BoundedStrand[] {
  const isPast = end.time !== undefined && strand.time !== undefined && strand.time > end.time;
  const until = isPast ? addDays(end.until, -1) : end.until;
  if (strand.first > until) return [];
  const own = { kind: 'until', until } as const;
  return [{ ...strand, count: occurrenceCount(strand.pattern, strand.first, own), end: own }];
}

/** A day as the last one holds more instances than Exchange counts. */
function countedEnd({ pattern, first }: Strand, count: number): RecurrenceEnd {
  return count <= maxCount
    ? { kind: 'count', count }
    : { kind: 'until', until: occurrenceDateAt(pattern, first, count) };
}

/** How many of the first `total` instances each series has. */
function dealt(strands: readonly Strand[], total: number): readonly number[] | undefined {
  if (strands.length === 1) return [total];
  if (total > maxDealt || total * strands.length > maxLooks) return undefined;
  const counts = strands.map(() => 0);
  const next = strands.map(({ first, time = '' }) => first + time);
  for (let given = 0; given < total; given += 1) {
    const at = firstOf(next);
    const strand = strands[at];
    if (strand === undefined) return counts;
    counts[at] = (counts[at] ?? 0) + 1;
    next[at] = occurrenceDateAt(strand.pattern, strand.first, (counts[at] ?? 0) + 1) + (strand.time ?? '');
  }
  return counts;
}

/** Where the least is. */
function firstOf(walls: readonly string[]): number {
  let found = 0;
  for (const [at, wall] of walls.entries()) if (wall < (walls[found] ?? wall)) found = at;
  return found;
}

/** Whether the series has an instance that was to be on that date. */
export function hasDate({ pattern, first, count }: BoundedStrand, date: LocalDate): boolean {
  const index = occurrenceIndexOf(pattern, first, date);
  return index !== undefined && index <= (count ?? Infinity);
}

const dayMs = 86_400_000;

/** Each instance ends before the next one of its series begins: else every other one is a series of its own, and so on. */
export function withoutOverlap(strand: Strand, lastsMs: number): readonly Strand[] | undefined {
  const { pattern } = strand;
  if (pattern.kind === 'weekly' && pattern.days.length > 1 && lastsMs > dayMs)
    return flat(
      pattern.days.map((day) => withoutOverlap(restarted(strand, { ...pattern, days: [day] }), lastsMs)),
    );
  const stride = Math.ceil(lastsMs / shortestGapMs(strand));
  if (stride <= 1) return [strand];
  const sparse = multiplied(pattern, stride);
  return (
    sparse &&
    Array.from({ length: stride }, (_, at) => ({
      ...strand,
      pattern: sparse,
      first: occurrenceDateAt(pattern, strand.first, at + 1),
    }))
  );
}

function flat<T>(lists: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const found: T[] = [];
  for (const list of lists) {
    if (list === undefined) return undefined;
    found.push(...list);
  }
  return found;
}

function restarted(strand: Strand, pattern: Pattern): Strand {
  return { ...strand, pattern, first: occurrenceDateAt(pattern, strand.first, 1) };
}

/** Between the starts of two neighbours, over the first instances. */
export function shortestGapMs(
  { pattern, first }: Pick<Strand, 'pattern' | 'first'>,
  count = Infinity,
): number {
  let shortest = Infinity;
  for (let index = 1; index < Math.min(count, 14); index += 1) {
    const gap =
      Date.parse(occurrenceDateAt(pattern, first, index + 1)) -
      Date.parse(occurrenceDateAt(pattern, first, index));
    shortest = Math.min(shortest, gap);
  }
  return shortest;
}

/** Every so manyth of the instances; undefined: further apart than Exchange can say. */
function multiplied(pattern: Pattern, by: number): Pattern | undefined {
  switch (pattern.kind) {
    case 'daily':
      return atMost({ ...pattern, interval: pattern.interval * by }, longestStep.days);
    case 'weekly':
      return atMost({ ...pattern, interval: pattern.interval * by }, longestStep.weeks);
    case 'absoluteMonthly':
    case 'relativeMonthly':
      return atMost({ ...pattern, interval: pattern.interval * by }, longestStep.months);
    case 'absoluteYearly':
      return atMost({ kind: 'absoluteMonthly', interval: 12 * by, day: pattern.day }, longestStep.months);
    case 'relativeYearly': {
      const { days, index } = pattern;
      return atMost({ kind: 'relativeMonthly', interval: 12 * by, days, index }, longestStep.months);
    }
    case 'regenerating':
      return undefined;
  }
}

function atMost<T extends Pattern & { readonly interval: number }>(pattern: T, most: number): T | undefined {
  return pattern.interval <= most ? pattern : undefined;
}
