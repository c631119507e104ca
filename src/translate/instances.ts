// The instances of one object (RFC 5545 §3.8.5): DTSTART, RRULE, RDATE, EXDATE and overrides by RECURRENCE-ID together,
// whatever value type or zone each of them is written in. Used by expand, time-range filters and free-busy.
import type { Instant, When, ZoneId } from '../model/time.ts';
import { addDays, instantOfWhen, localOf } from '../model/zones.ts';
import type { JcalComponent } from './codec.ts';
import { demandFew } from './instance-limit.ts';
import { expandWalls, wallOf, whenAt, type RuleParts } from './recurrence.ts';
import {
  durationMsOf,
  periodOf,
  propertiesNamed,
  propertyOf,
  rulePartsOf,
  shifted,
  whenOf,
  whensOf,
  type ZoneLookup,
} from './span.ts';

export interface Instance {
  /** The master or the override it is made from. */
  readonly component: JcalComponent;
  readonly isOverride: boolean;
  /** Where the series has it: RECURRENCE-ID of this instance. */
  readonly id: When;
  readonly start: When;
  /** Exclusive; equal to `start` for an instance that takes no time. */
  readonly end: When;
  readonly from: Instant;
  readonly to: Instant;
}

/** What times within one text mean. */
export interface Clock {
  readonly zones: ZoneLookup;
  /** For floating times and dates. */
  readonly floatingZone: ZoneId;
}

const dayMs = 86_400_000;

/**
 * Instances that touch the range (ends included), sorted by start; overrides count where they were moved to.
 * `components`: those of one object and one kind. A component without DTSTART (or DUE) has none.
 * @throws TranslateError `too-large`, `unsupported`, `invalid` when the rule cannot be expanded
 */
export function instancesOf(
  components: readonly JcalComponent[],
  range: { from: Instant; to: Instant },
  clock: Clock,
): Instance[] {
  const master = masterOf(components);
  const series = master && seriesOf(master, clock);
  const moved = components
    .filter((each) => each !== master && propertyOf(each, 'recurrence-id'))
    .flatMap((component) => overrideOf(component, series, clock) ?? []);
  const own = series
    ? ruledInstances(series, new Set(moved.map((each) => keyOf(each.id, clock))), { range, clock })
    : [];
  const all = [...own, ...moved].filter((each) => each.from <= range.to && each.to >= range.from);
  demandFew(all.length);
  return all.sort((a, b) => a.from - b.from);
}

/** Of several components without RECURRENCE-ID (which must not be) the youngest counts. */
export function masterOf(components: readonly JcalComponent[]): JcalComponent | undefined {
  const masters = components.filter((each) => !propertyOf(each, 'recurrence-id'));
  return masters.sort((a, b) => sequenceOf(b) - sequenceOf(a))[0];
}

function sequenceOf(component: JcalComponent): number {
  return Number(propertyOf(component, 'sequence')?.[3] ?? 0) || 0;
}

export function isRecurring(component: JcalComponent): boolean {
  return propertyOf(component, 'rrule') !== undefined || propertyOf(component, 'rdate') !== undefined;
}

/** A component with times of its own. */
interface Timed {
  readonly component: JcalComponent;
  readonly start: When;
  readonly end: When;
}

function seriesOf(component: JcalComponent, clock: Clock): Timed | undefined {
  const due = whenOf(component, 'due', clock.zones);
  const start = whenOf(component, 'dtstart', clock.zones) ?? due;
  if (start === undefined) return undefined;
  const end = whenOf(component, 'dtend', clock.zones) ?? due ?? endByDuration(component, start);
  return { component, start, end: isBefore(end, start, clock) ? start : end };
}

function isBefore(a: When, b: When, clock: Clock): boolean {
  return instantOfWhen(a, clock.floatingZone) < instantOfWhen(b, clock.floatingZone);
}

/** RFC 5545 §3.6.1: without an end a date lasts a day, a time no time at all. Days of a DURATION are days of the clock. */
function endByDuration(component: JcalComponent, start: When): When {
  const text = propertyOf(component, 'duration')?.[3];
  const duration = durationMsOf(text);
  if (start.kind === 'date')
    return { kind: 'date', date: addDays(start.date, Math.max(1, Math.ceil((duration ?? 0) / dayMs))) };
  if (duration === undefined) return start;
  const wholeDays = typeof text === 'string' && !text.includes('T');
  return wholeDays ? whenAt(wallOf(start) + duration, start) : shifted(start, duration);
}

interface Search {
  readonly range: { from: Instant; to: Instant };
  readonly clock: Clock;
}

function ruledInstances(
  series: Timed,
  overridden: ReadonlySet<string>,
  { range, clock }: Search,
): Instance[] {
  const cancelled = new Set<string>();
  for (const when of whensOf(series.component, 'exdate', clock.zones)) {
    for (const key of keysOf(when, series.start, clock)) cancelled.add(key);
  }
  const lengthMs = lengthOf(series, clock);
  const starts = new Map<string, When>();
  // Two days of slack: wall clock against instant, and days that are longer than 24 hours.
  const walls = { from: range.from - lengthMs - 2 * dayMs, to: range.to + 2 * dayMs };
  for (const start of startsOf(series, walls, clock)) starts.set(keyOf(start, clock), start);
  const periods = periodsOf(series.component, clock);
  return [...starts].flatMap(([key, start]) => {
    if (overridden.has(key) || cancelled.has(key) || cancelled.has(dayKey(start))) return [];
    const end = periods.get(key) ?? endOf(series, start, clock);
    return located({ component: series.component, isOverride: false, id: start, start, end }, clock);
  });
}

function startsOf(series: Timed, walls: { from: number; to: number }, clock: Clock): When[] {
  const { component, start } = series;
  const rules = propertiesNamed(component, 'rrule').flatMap((rule) => rulePartsOf(rule[3], start) ?? []);
  const first = wallOf(start);
  const isOff = rules.every((rule) => expandWalls(rule, first, { from: first, to: first }).length === 0);
  const ruled = rules
    .map((rule) => (isOff ? afterStart(rule) : rule))
    .filter(({ count }) => count !== 0)
    .flatMap((rule) => expandWalls(rule, first, walls).map((wall) => whenAt(wall, start)));
  const excluded = new Set(
    propertiesNamed(component, 'exrule')
      .flatMap((rule) => rulePartsOf(rule[3], start) ?? [])
      .flatMap((rule) => expandWalls(rule, wallOf(start), walls)),
  );
  const listed = whensOf(component, 'rdate', clock.zones).map((when) => alike(when, start, clock));
  // Without a rule DTSTART itself is the first instance, and where the rule has none then.
  return [...(isOff ? [start] : []), ...ruled, ...listed].filter((each) => !excluded.has(wallOf(each)));
}

/** RFC 5545 §3.3.10: DTSTART always counts as the first instance, also where it is off the rule. */
function afterStart(rule: RuleParts): RuleParts {
  return rule.count === undefined ? rule : { ...rule, count: rule.count - 1 };
}

function periodsOf(component: JcalComponent, clock: Clock): Map<string, When> {
  const ends = new Map<string, When>();
  for (const property of propertiesNamed(component, 'rdate')) {
    for (const value of property.slice(3)) {
      const period = periodOf(value, property, clock.zones);
      if (period) ends.set(keyOf(period.start, clock), period.end);
    }
  }
  return ends;
}

function overrideOf(component: JcalComponent, series: Timed | undefined, clock: Clock): Instance | undefined {
  const given = whenOf(component, 'recurrence-id', clock.zones);
  const own = seriesOf(component, clock);
  if (given === undefined || own === undefined) return undefined;
  const id = series ? alike(given, series.start, clock) : given;
  return located({ component, isOverride: true, id, start: own.start, end: own.end }, clock);
}

/** With the instants that its times stand for. */
function located(instance: Omit<Instance, 'from' | 'to'>, clock: Clock): Instance {
  const from = instantOfWhen(instance.start, clock.floatingZone);
  return { ...instance, from, to: Math.max(from, instantOfWhen(instance.end, clock.floatingZone)) };
}

/** DTEND gives every instance the same exact length (RFC 5545 §3.8.5.3); dates last the same number of days. */
function endOf(series: Timed, start: When, clock: Clock): When {
  if (start.kind === 'date') return whenAt(wallOf(start) + wallOf(series.end) - wallOf(series.start), start);
  const end = shifted(start, lengthOf(series, clock));
  return series.end.kind === 'zoned' && end.kind === 'zoned' && series.end.zone !== end.zone
    ? { ...series.end, local: localOf(instantOfWhen(end), series.end.zone) }
    : end;
}

function lengthOf(series: Timed, clock: Clock): number {
  const zone = clock.floatingZone;
  return Math.max(0, instantOfWhen(series.end, zone) - instantOfWhen(series.start, zone));
}

/**
 * RECURRENCE-ID and RDATE in the kind of the series: Exchange writes RECURRENCE-ID with a time over a series of whole
 * days, others write dates or floating times over timed ones.
 */
function alike(when: When, start: When, clock: Clock): When {
  if (when.kind === start.kind) return when;
  if (start.kind === 'date') return { kind: 'date', date: dateOf(when) };
  if (when.kind === 'date') return whenAt(Date.parse(`${when.date}T${timeOf(start)}Z`), start);
  if (when.kind === 'floating') return whenAt(wallOf(when), start);
  return { kind: 'floating', local: localOf(instantOfWhen(when), clock.floatingZone) };
}

function dateOf(when: When): string {
  return when.kind === 'date' ? when.date : when.local.slice(0, 10);
}

function timeOf(when: When): string {
  return when.kind === 'date' ? '00:00:00' : when.local.slice(11);
}

function keyOf(when: When, clock: Clock): string {
  return when.kind === 'date' ? dayKey(when) : String(instantOfWhen(when, clock.floatingZone));
}

function dayKey(when: When): string {
  return `day ${dateOf(when)}`;
}

/** EXDATE;VALUE=DATE over a timed series cancels what starts on that day. */
function keysOf(when: When, start: When, clock: Clock): string[] {
  return when.kind === 'date' ? [dayKey(when)] : [keyOf(alike(when, start, clock), clock)];
}
