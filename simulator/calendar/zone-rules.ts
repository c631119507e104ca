// Offsets of a TimeZoneDefinition: periods, groups of yearly changes, and the dates from which a group applies.
import { civilDate, dayNumber, daysInMonth, weekday } from './days.ts';

export interface Period {
  readonly id: string;
  readonly name: string;
  /** Milliseconds east of UTC: the wire's Bias is UTC − local. */
  readonly offset: number;
}

/** `rule` absent: the group is this one period all the time. */
export interface GroupTransition {
  readonly to: string;
  readonly rule?: {
    /** Milliseconds after local midnight. */
    readonly time: number;
    /** 0–11. */
    readonly month: number;
  } & (
    | { readonly kind: 'day'; readonly weekday: number; readonly occurrence: number }
    | { readonly kind: 'date'; readonly day: number }
  );
}

export interface ZoneDefinition {
  readonly periods: readonly Period[];
  readonly groups: readonly { readonly id: string; readonly transitions: readonly GroupTransition[] }[];
  /** `from`: wall time as milliseconds since 1970-01-01T00:00 on that clock; absent for the beginning of time. */
  readonly transitions: readonly { readonly group: string; readonly from?: number }[];
}

interface WallChange {
  readonly wall: number;
  readonly offset: number;
}

const dayMs = 86_400_000;

/** Milliseconds east of UTC for an instant. */
export function openCustomOffsets(definition: ZoneDefinition): (instant: number) => number {
  const years = new Map<number, readonly { readonly at: number; readonly offset: number }[]>();
  const known = (year: number) => {
    const kept = years.get(year) ?? instantsOf(definition, year);
    years.set(year, kept);
    return kept;
  };
  return (instant) => {
    // The wall year may differ from the UTC year near its ends: begin one year before.
    const year = new Date(instant).getUTCFullYear();
    let offset = 0;
    for (const change of [...known(year - 1), ...known(year), ...known(year + 1)])
      if (change.at <= instant) offset = change.offset;
    return offset;
  };
}

function instantsOf(definition: ZoneDefinition, year: number): { at: number; offset: number }[] {
  const walls = wallChanges(definition, year);
  let before = wallChanges(definition, year - 1).at(-1)?.offset ?? walls[0]?.offset ?? 0;
  return walls.map(({ wall, offset }) => {
    const at = wall - before;
    before = offset;
    return { at, offset };
  });
}

/** What changes in a wall-clock year, in order; the first entry stands at 1 January. */
function wallChanges(definition: ZoneDefinition, year: number): readonly WallChange[] {
  const begin = Date.UTC(year, 0, 1);
  const end = Date.UTC(year + 1, 0, 1);
  const starts = definition.transitions
    .map(({ group, from }) => ({ group, from: from ?? Number.NEGATIVE_INFINITY }))
    .sort((a, b) => a.from - b.from);
  const found: WallChange[] = [];
  for (const [index, start] of starts.entries()) {
    const until = starts[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    if (start.from >= end || until <= begin) continue;
    const from = Math.max(start.from, begin);
    const yearly = groupChanges(definition, start.group, year);
    const current = yearly.filter(({ wall }) => wall <= from).at(-1) ?? yearly.at(-1);
    if (current !== undefined) found.push({ wall: from, offset: current.offset });
    found.push(...yearly.filter(({ wall }) => wall > from && wall < until));
  }
  return found;
}

function groupChanges(definition: ZoneDefinition, group: string, year: number): readonly WallChange[] {
  const transitions = definition.groups.find(({ id }) => id === group)?.transitions ?? [];
  return transitions
    .map((transition) => ({
      wall: wallOf(transition, year),
      offset: definition.periods.find(({ id }) => id === transition.to)?.offset ?? 0,
    }))
    .sort((a, b) => a.wall - b.wall);
}

function wallOf({ rule }: GroupTransition, year: number): number {
  if (rule === undefined) return Date.UTC(year, 0, 1);
  const longest = daysInMonth(year, rule.month);
  const day = rule.kind === 'date' ? Math.min(rule.day, longest) : nthWeekday(year, rule.month, rule);
  return dayNumber({ year, month: rule.month, day }) * dayMs + rule.time;
}

function nthWeekday(
  year: number,
  month: number,
  rule: { readonly weekday: number; readonly occurrence: number },
): number {
  if (rule.occurrence < 0) {
    const last = dayNumber({ year, month: month + 1, day: 1 }) - 1;
    const found = last - ((weekday(last) - rule.weekday + 7) % 7);
    return civilDate(found).day + (rule.occurrence + 1) * 7;
  }
  const first = weekday(dayNumber({ year, month, day: 1 }));
  return Math.min(
    1 + ((rule.weekday - first + 7) % 7) + (rule.occurrence - 1) * 7,
    lastFit(year, month, (rule.weekday - first + 7) % 7),
  );
}

function lastFit(year: number, month: number, offset: number): number {
  const fits = Math.floor((daysInMonth(year, month) - 1 - offset) / 7);
  return 1 + offset + fits * 7;
}
