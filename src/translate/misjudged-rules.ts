// Rules that the engine of rrule-temporal 2.2 answers wrongly, as rules that it answers rightly: BYYEARDAY with BYDAY, BYMONTHDAY
// or BYWEEKNO, BYMONTHDAY with counted weekdays or BYWEEKNO, mixed ordinals in YEARLY, a 53rd weekday. Together, and without what
// is not kept of each, they are the rule.
import { weekdayOn, weekdays } from '../model/recurrence.ts';
import { demandFew } from './instance-limit.ts';
import type { RuleParts } from './recurrence.ts';

const dayMs = 86_400_000;

export function isMisjudged(parts: RuleParts): boolean {
  if (parts.by.has('BYSETPOS') && periodOf(parts) === undefined) return false;
  if (limitOf(parts) !== undefined) return true;
  const days = parts.by.get('BYDAY') ?? [];
  if (days.length > 0 && parts.by.has('BYYEARDAY')) return true;
  if (parts.freq !== 'YEARLY') return false;
  const ordinals = days.map((day) => Math.abs(Number.parseInt(day, 10) || 0));
  return (
    ordinals.some((ordinal) => ordinal > 52) || (ordinals.includes(0) && ordinals.some((each) => each > 0))
  );
}

/** The numbers of a day, from the first and from the last, by what is counted in them. */
const dayNumbers = { BYMONTHDAY: dayNumbersInMonth, BYYEARDAY: dayNumbersInYear } as const;
type Limit = keyof typeof dayNumbers;

/** Days that are counted in another way, and of these only such as have certain numbers too. */
function limitOf(parts: RuleParts): Limit | undefined {
  const { by } = parts;
  if (periodOf(parts) === undefined) return undefined;
  const isCounted = by.has('BYYEARDAY') || (by.get('BYDAY') ?? []).some((day) => day.length > 2);
  if (by.has('BYMONTHDAY') && (isCounted || by.has('BYWEEKNO'))) return 'BYMONTHDAY';
  return by.has('BYYEARDAY') && by.has('BYWEEKNO') ? 'BYYEARDAY' : undefined;
}

interface Variant {
  readonly parts: RuleParts;
  readonly keep: (wall: number) => boolean;
}

function variantsOf(parts: RuleParts): readonly Variant[] {
  const days = parts.by.get('BYDAY') ?? [];
  const limit = limitOf(parts);
  if (limit !== undefined) {
    const wanted = new Set(parts.by.get(limit)?.map(Number));
    const counted = withWholeWeeks(without(parts, limit));
    const found = isMisjudged(counted) ? variantsOf(counted) : [{ parts: counted, keep: () => true }];
    return found.map(({ parts, keep }) => ({
      parts,
      keep: (wall) => keep(wall) && dayNumbers[limit](wall).some((each) => wanted.has(each)),
    }));
  }
  if (parts.by.has('BYYEARDAY')) {
    const wanted = new Set(days.map((day) => day.slice(-2)));
    return [{ parts: without(parts, 'BYDAY'), keep: (wall) => wanted.has(weekdayOn(wall)) }];
  }
  const plain = days.filter((day) => day.length === 2);
  const ordinal = days.filter((day) => day.length > 2);
  return [
    ...(plain.length > 0 ? [{ parts: withDays(parts, plain), keep: () => true }] : []),
    ...ordinal.map((day) => ({
      parts: withDays(parts, [day]),
      keep: (wall: number) => isWithinYear(wall, day),
    })),
  ];
}

function withDays(parts: RuleParts, days: readonly string[]): RuleParts {
  return { ...parts, by: new Map(parts.by).set('BYDAY', days) };
}

/** Every day of a week by number, where nothing else says which. */
function withWholeWeeks(parts: RuleParts): RuleParts {
  const { by } = parts;
  return by.has('BYWEEKNO') && !by.has('BYDAY') && !by.has('BYYEARDAY') ? withDays(parts, weekdays) : parts;
}

function without(parts: RuleParts, name: string): RuleParts {
  return { ...parts, by: new Map([...parts.by].filter(([each]) => each !== name)) };
}

/** A 53rd weekday exists only in a year that has it; the engine spills into the next one. */
function isWithinYear(wall: number, day: string): boolean {
  const ordinal = Number.parseInt(day, 10);
  if (Math.abs(ordinal) < 53) return true;
  const year = new Date(wall).getUTCFullYear();
  const last = Date.UTC(year, 11, 31, 23, 59, 59);
  return ordinal > 0 ? wall - Date.UTC(year, 0, 1) >= 364 * dayMs : last - wall >= 364 * dayMs - 1000;
}

function dayNumbersInMonth(wall: number): readonly [number, number] {
  const date = new Date(wall);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return [date.getUTCDate(), date.getUTCDate() - length - 1];
}

function dayNumbersInYear(wall: number): readonly [number, number] {
  const day = Math.floor((wall - yearOf(wall)) / dayMs) + 1;
  const length = (yearOf(wall, 1) - yearOf(wall)) / dayMs;
  return [day, day - length - 1];
}

interface Reach {
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** COUNT counts from the start, so with a count everything before is computed too. @throws TranslateError `too-large` */
export function united(
  parts: RuleParts,
  range: Reach,
  run: (parts: RuleParts, start: number, range: { from: number; to: number }) => number[],
): number[] {
  const { count = Infinity } = parts;
  const positions = parts.by.get('BYSETPOS')?.map(Number);
  const variants = variantsOf({ ...without(parts, 'BYSETPOS'), count: undefined });
  const from = count === Infinity ? Math.max(range.from, range.start) : range.start;
  const until = Math.min(range.to, from + count * 60 * 366 * dayMs * parts.interval);
  // Positions are counted in whole years and months, also before the start.
  const start = positions ? firstOfPeriod(parts, range.start) : range.start;
  const found: number[] = [];
  let looked = 0;
  // Ten years at a time, until the count is reached.
  for (let low = positions ? yearOf(from) : from; low <= until && found.length < count;) {
    const next = yearOf(low, 10);
    const high = positions ? next - 1000 : Math.min(next - 1000, until);
    const all = variants.flatMap(({ parts: each, keep }) => {
      const walls = run(each, start, { from: Math.max(low, start), to: high });
      looked += walls.length;
      return walls.filter(keep);
    });
    // Also of those that are not kept: a rule that never matches would be looked at for thousands of years.
    demandFew(looked);
    const sorted = [...new Set(all)].sort((a, b) => a - b);
    const chosen = positions ? positionsIn(sorted, { positions, parts }) : sorted;
    found.push(...chosen.filter((wall) => wall >= range.start && wall <= until));
    low = next;
  }
  return found.slice(0, parts.count).filter((wall) => wall >= range.from);
}

/** Its first second. */
function yearOf(wall: number, later = 0): number {
  return Date.UTC(new Date(wall).getUTCFullYear() + later, 0, 1);
}

/** The same time of day on the first day of the year or month. */
function firstOfPeriod({ freq }: RuleParts, wall: number): number {
  const date = new Date(wall);
  if (freq === 'YEARLY') date.setUTCMonth(0);
  return date.setUTCDate(1);
}

/** Instances of one period belong together (RFC 5545 §3.3.10, BYSETPOS). */
function periodOf({ freq }: RuleParts): ((wall: number) => string) | undefined {
  const length = { YEARLY: 4, MONTHLY: 7 }[freq];
  return length === undefined ? undefined : (wall) => new Date(wall).toISOString().slice(0, length);
}

function positionsIn(
  walls: readonly number[],
  { positions, parts }: { readonly positions: readonly number[]; readonly parts: RuleParts },
): readonly number[] {
  const period = periodOf(parts);
  if (period === undefined) return walls;
  return [...Map.groupBy(walls, period).values()].flatMap((set) =>
    set.filter((_, at) => positions.includes(at + 1) || positions.includes(at - set.length)),
  );
}
