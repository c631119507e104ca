// The TimeZoneDefinition of a server zone, found by looking at the years: equal years share one group of
// changes, as the registry of Windows has them; years that change for good become dated transitions.
import { civilDate, daysInMonth, weekday } from './days.ts';
import { changesOf, type SimZone } from './zone.ts';
import type { GroupTransition, Period, ZoneDefinition } from './zone-rules.ts';

const firstYear = 2005;
const lastYear = 2037;
const dayMs = 86_400_000;

const kept = new WeakMap<SimZone, ZoneDefinition>();

export function definitionOf(zone: SimZone): ZoneDefinition {
  if (zone.definition !== undefined) return zone.definition;
  const before = kept.get(zone);
  if (before !== undefined) return before;
  const definition = assemble(zone.id, segmentsOf(zone));
  kept.set(zone, definition);
  return definition;
}

/** One change of a year, with every way to name its day. */
interface YearlyChange {
  readonly offset: number;
  readonly month: number;
  readonly time: number;
  readonly weekday: number;
  readonly occurrences: readonly number[];
}

interface Segment {
  /** Wall time from which it applies. */
  readonly from: number;
  readonly year: number;
  readonly standard: number;
  /** Empty: always `standard`. */
  readonly changes: readonly YearlyChange[];
}

function segmentsOf(zone: SimZone): readonly Segment[] {
  const segments: Segment[] = [];
  for (let year = firstYear; year <= lastYear; year += 1) {
    for (const segment of yearSegments(zone, year)) {
      const last = segments.at(-1);
      const merged = last === undefined ? undefined : merge(last, segment);
      if (merged === undefined) segments.push(segment);
      else segments[segments.length - 1] = merged;
    }
  }
  return segments;
}

function yearSegments(zone: SimZone, year: number): readonly Segment[] {
  const [begin, ...changes] = changesOf(zone, year);
  if (begin === undefined) return [];
  const from = Date.UTC(year, 0, 1);
  const isCycle = changes.length > 0 && changes.at(-1)?.offset === begin.offset;
  if (!isCycle) {
    let before = begin.offset;
    const fixed: Segment[] = [{ from, year, standard: before, changes: [] }];
    for (const { at, offset } of changes) {
      fixed.push({ from: at + before, year, standard: offset, changes: [] });
      before = offset;
    }
    return fixed;
  }
  let before = begin.offset;
  const yearly = changes.map(({ at, offset }) => {
    const change = yearlyChange(at + before, offset);
    before = offset;
    return change;
  });
  const standard = Math.min(...changes.map(({ offset }) => offset));
  return [{ from, year, standard, changes: yearly }];
}

function yearlyChange(wall: number, offset: number): YearlyChange {
  const number = Math.floor(wall / dayMs);
  const { year, month, day } = civilDate(number);
  const fromFront = Math.ceil(day / 7);
  const isLast = day + 7 > daysInMonth(year, month);
  const occurrences = [...(isLast ? [-1] : []), ...(fromFront < 5 ? [fromFront] : [])];
  return { offset, month, time: wall - number * dayMs, weekday: weekday(number), occurrences };
}

function merge(before: Segment, after: Segment): Segment | undefined {
  if (before.changes.length !== after.changes.length || before.standard !== after.standard) return undefined;
  const changes: YearlyChange[] = [];
  for (const [index, change] of before.changes.entries()) {
    const other = after.changes[index];
    if (other === undefined) return undefined;
    const occurrences = change.occurrences.filter((found) => other.occurrences.includes(found));
    const isSame =
      change.offset === other.offset &&
      change.month === other.month &&
      change.time === other.time &&
      change.weekday === other.weekday;
    if (!isSame || occurrences.length === 0) return undefined;
    changes.push({ ...change, occurrences });
  }
  return { ...before, changes };
}

function assemble(id: string, segments: readonly Segment[]): ZoneDefinition {
  const periods: Period[] = [];
  const groups = segments.map((segment, index) => {
    const label = segments.length === 1 ? 1 : segment.year;
    const period = (offset: number): string => {
      const name = offset === segment.standard ? 'Standard' : 'Daylight';
      const periodId = uniqueId(periods, `trule:Microsoft/Registry/${id}/${label}-${name}`, offset);
      if (!periods.some((found) => found.id === periodId)) periods.push({ id: periodId, name, offset });
      return periodId;
    };
    const standard = period(segment.standard);
    const transitions = segment.changes.map((change) => ({
      to: period(change.offset),
      rule: ruleOf(change),
    }));
    return { id: String(index), transitions: transitions.length === 0 ? [{ to: standard }] : transitions };
  });
  const transitions = segments.map(({ from }, index) =>
    index === 0 ? { group: '0' } : { group: String(index), from },
  );
  return { periods, groups, transitions };
}

/** Two periods of one year with one name but another offset: number the second. */
function uniqueId(periods: readonly Period[], id: string, offset: number): string {
  const taken = periods.find((found) => found.id === id);
  return taken === undefined || taken.offset === offset ? id : uniqueId(periods, `${id}2`, offset);
}

function ruleOf(change: YearlyChange): NonNullable<GroupTransition['rule']> {
  const { time, month, weekday, occurrences } = change;
  return { kind: 'day', time, month, weekday, occurrence: occurrences[0] ?? -1 };
}
