// Recurrence rules (RFC 5545 §3.3.10) expanded by rrule-temporal, which enters the program here only.
// The engine computes wall-clock times (as if they were UTC); zones, gaps and repeated hours are ours, and so are the
// families of rules that the engine gets wrong (misjudged-rules.ts).
import { RRuleTemporal } from 'rrule-temporal';
import { weekdayOn, type RecurrenceRule } from '../model/recurrence.ts';
import type { Instant, LocalDate, When } from '../model/time.ts';
import { instantOfWhen, localOf } from '../model/zones.ts';
import { TranslateError } from './errors.ts';
import { demandFew } from './instance-limit.ts';
import { isMisjudged, united } from './misjudged-rules.ts';

/** A rule with every part as the text of RFC 5545 says it, the end apart. */
export interface RuleParts {
  readonly freq: string;
  readonly interval: number;
  readonly count?: number;
  /** Inclusive, on the wall clock of the start, as milliseconds. */
  readonly until?: number;
  /** BY… parts and WKST in upper case: `['BYDAY', ['2TU']]`. */
  readonly by: ReadonlyMap<string, readonly string[]>;
}

const maxIterations = 10_000;
/** Rules that match seldom or never would be searched for centuries. */
const maxStretches = 12;
const dayMs = 86_400_000;
const endOfTime = Date.UTC(9999, 0, 1);
/** The wall clock is at most this far from UTC. */
const zoneSlackMs = 26 * 3_600_000;

/**
 * Starts of the instances within the range, both ends included, sorted; dates count as midnight in `floatingZone`.
 * @throws TranslateError
 */
export function expandRule(
  rule: RecurrenceRule,
  start: When,
  range: { from: Instant; to: Instant; floatingZone?: string },
): readonly Instant[] {
  const zone = range.floatingZone ?? 'UTC';
  const walls = expandWalls(partsOf(rule), wallOf(start), {
    from: range.from - zoneSlackMs,
    to: range.to + zoneSlackMs,
  });
  return walls
    .map((wall) => instantOfWhen(whenAt(wall, start), zone))
    .filter((instant) => instant >= range.from && instant <= range.to);
}

/** The date of the last instance; undefined: it never ends, or has none. @throws TranslateError */
export function lastInstanceDate(rule: RecurrenceRule, start: When): LocalDate | undefined {
  const parts = partsOf(rule);
  if (parts.count === undefined && parts.until === undefined) return undefined;
  const last = lastWall(parts, wallOf(start));
  return last === undefined ? undefined : new Date(last).toISOString().slice(0, 10);
}

/** Wall-clock milliseconds of the last instance of a rule that ends. @throws TranslateError */
export function lastWall(parts: RuleParts, start: number): number | undefined {
  if (parts.until === undefined) {
    return expandWalls(parts, start, { from: start, to: endOfTime }).at(-1);
  }
  // Backwards in growing steps, because only the end is of interest.
  for (let reach = 40 * dayMs; ; reach *= 12) {
    const from = Math.max(start, parts.until - reach);
    const last = expandWalls(parts, start, { from, to: parts.until }).at(-1);
    if (last !== undefined || from === start) return last;
  }
}

/** Wall-clock starts within a range of wall-clock milliseconds, both ends included. @throws TranslateError */
export function expandWalls(parts: RuleParts, start: number, range: { from: number; to: number }): number[] {
  if (parts.freq === 'SECONDLY' || parts.freq === 'MINUTELY') {
    throw new TranslateError('unsupported', `FREQ=${parts.freq} is not supported`, 'RRULE');
  }
  const to = Math.min(range.to, parts.until ?? Infinity, endOfTime);
  if (to < start || to < range.from) return [];
  return isMisjudged(parts)
    ? united(parts, { start, from: range.from, to }, runEngine)
    : runEngine(parts, start, { from: Math.max(range.from, start), to });
}

/** Computed in stretches, so that a rule without end over a range without end is refused before it fills the memory. */
function runEngine(parts: RuleParts, start: number, range: { from: number; to: number }): number[] {
  const rule = engineOf(parts, start);
  // With COUNT the engine walks from the start each time: once, then.
  const stretch = parts.count === undefined ? stretchOf(parts) : Infinity;
  const found: number[] = [];
  const steps = stretch === Infinity ? 1 : Math.ceil((range.to - range.from + 1) / stretch);
  for (let step = 0; step < steps; step += 1) {
    const from = range.from + (step === 0 ? 0 : step * stretch);
    found.push(...between(rule, from, Math.min(from + stretch - 1000, range.to)));
    demandFew(step >= maxStretches ? Infinity : found.length);
  }
  return found;
}

const stretchDays: Readonly<Record<string, number>> = {
  HOURLY: 365,
  DAILY: 9_000,
  WEEKLY: 9_000,
  MONTHLY: 9_000,
  YEARLY: 90_000,
};

/** A time that holds a few thousand instances at most. */
function stretchOf(parts: RuleParts): number {
  const times = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].reduce(
    (product, name) => product * (parts.by.get(name)?.length ?? 1),
    1,
  );
  return Math.ceil(((stretchDays[parts.freq] ?? 365) * parts.interval) / times) * dayMs;
}

function engineOf(parts: RuleParts, start: number): RRuleTemporal {
  const by = [...withStartDay(parts, start)].map(([name, values]) => `;${name}=${values.join(',')}`).join('');
  const count = parts.count === undefined ? '' : `;COUNT=${parts.count}`;
  const rruleString = `DTSTART:${compact(start)}\nRRULE:FREQ=${parts.freq};INTERVAL=${parts.interval}${count}${by}`;
  try {
    return new RRuleTemporal({ rruleString, maxIterations, cache: false });
  } catch (error) {
    throw refusal(error, 'invalid');
  }
}

const dayParts = ['BYDAY', 'BYMONTHDAY', 'BYYEARDAY'];

/** The day of a week by number is that of the start, where none is said: the engine takes that of where it begins to look. */
function withStartDay({ by }: RuleParts, start: number): RuleParts['by'] {
  if (!by.has('BYWEEKNO') || dayParts.some((name) => by.has(name))) return by;
  return new Map(by).set('BYDAY', [weekdayOn(start)]);
}

function between(rule: RRuleTemporal, from: number, to: number): number[] {
  try {
    return rule.between(new Date(from), new Date(to), true).map((each) => each.epochMilliseconds);
  } catch (error) {
    throw refusal(error, 'too-large');
  }
}

function refusal(error: unknown, problem: 'invalid' | 'too-large'): TranslateError {
  const reason = error instanceof Error ? error.message.slice(0, 120) : 'unknown';
  return new TranslateError(problem, `the rule cannot be expanded: ${reason}`, 'RRULE');
}

/** `20260301T093000Z` */
function compact(wall: number): string {
  return `${new Date(wall).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** The rule of the model in the parts of RFC 5545. */
function partsOf(rule: RecurrenceRule): RuleParts {
  const by = new Map<string, readonly string[]>();
  const lists = {
    BYMONTH: rule.byMonth,
    BYWEEKNO: rule.byWeekNo,
    BYYEARDAY: rule.byYearDay,
    BYMONTHDAY: rule.byMonthDay,
    BYDAY: rule.byDay?.map((day) => `${day.ordinal ?? ''}${day.weekday}`),
    BYHOUR: rule.byHour,
    BYMINUTE: rule.byMinute,
    BYSECOND: rule.bySecond,
    BYSETPOS: rule.bySetPos,
  };
  for (const [name, list] of Object.entries(lists))
    if (list && list.length > 0) by.set(name, list.map(String));
  if (rule.wkst) by.set('WKST', [rule.wkst]);
  return {
    freq: rule.freq,
    interval: rule.interval,
    ...(rule.end.kind === 'count' && { count: rule.end.count }),
    // Inclusive: the whole day counts, whatever the time of the start, unless the rule says how much of it.
    ...(rule.end.kind === 'until' && {
      until: Date.parse(`${rule.end.until}T${rule.end.time ?? '23:59:59'}Z`),
    }),
    by,
  };
}

/** What the clock on the wall says, as milliseconds. */
export function wallOf(when: When): number {
  return Date.parse(`${when.kind === 'date' ? `${when.date}T00:00:00` : when.local}Z`);
}

/** The same kind of time as `like`, at another wall-clock time. */
export function whenAt(wall: number, like: When): When {
  const local = localOf(wall, 'UTC');
  if (like.kind === 'date') return { kind: 'date', date: local.slice(0, 10) };
  return like.kind === 'zoned' ? { kind: 'zoned', local, zone: like.zone } : { kind: 'floating', local };
}
