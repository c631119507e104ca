// CALDAV:time-range (RFC 4791 §9.9): when a component of each kind, or a property, overlaps a range. One entry a kind.
import type { Instant, Range } from '../model/time.ts';
import { addDays, instantOfWhen } from '../model/zones.ts';
import type { Jcal, JcalComponent } from './codec.ts';
import { paramOf } from './codec.ts';
import { TranslateError } from './errors.ts';
import { instancesOf, isRecurring, type Clock, type Instance } from './instances.ts';
import { durationMsOf, periodOf, propertiesNamed, propertyOf, whenOf, whenOfValue, whensOf } from './span.ts';

/** A component with what its times depend on. */
export interface Placed {
  readonly component: JcalComponent;
  /** Components of the same name in the same text: a master excludes what its overrides replace. */
  readonly siblings: readonly JcalComponent[];
  /** Of a VALARM: the component that it belongs to. */
  readonly parent?: Placed;
  readonly clock: Clock;
}

/** `from` inclusive, `to` exclusive; missing sides are infinite. */
interface Bounds {
  readonly from: Instant;
  readonly to: Instant;
}

type Overlap = (placed: Placed, bounds: Bounds) => boolean;

const dayMs = 86_400_000;
const yearMs = 366 * dayMs;

const event: Overlap = (placed, { from, to }) =>
  someInstance(placed, { from, to }, (each) =>
    each.from === each.to ? from <= each.from && to > each.from : from < each.to && to > each.from,
  );

const overlaps: Readonly<Record<string, Overlap>> = {
  vevent: event,
  vjournal: event,
  vtodo: task,
  vfreebusy: freeBusy,
  valarm: alarm,
};

/** Kinds without a table in the RFC overlap nothing. */
export function overlapsRange(placed: Placed, range: Range): boolean {
  return overlaps[placed.component[0]]?.(placed, boundsOf(range)) ?? false;
}

function boundsOf(range: Range): Bounds {
  return { from: range.from ?? -Infinity, to: range.to ?? Infinity };
}

/** A property whose value is a time (RFC 4791 §9.9, end): a date counts as its whole day. */
export function propertyOverlaps(property: Jcal, range: Range, clock: Clock): boolean {
  const { from, to } = boundsOf(range);
  return property.slice(3).some((value) => {
    const period = periodOf(value, property, clock.zones);
    if (period)
      return (
        from < instantOfWhen(period.end, clock.floatingZone) &&
        to > instantOfWhen(period.start, clock.floatingZone)
      );
    const when = whenOfValue(value, property, clock.zones);
    if (when === undefined) return false;
    const at = instantOfWhen(when, clock.floatingZone);
    if (when.kind !== 'date') return from <= at && to > at;
    return from < instantOfWhen({ kind: 'date', date: addDays(when.date, 1) }, clock.floatingZone) && to > at;
  });
}

function task(placed: Placed, { from, to }: Bounds): boolean {
  const { component, clock } = placed;
  const at = (name: string): Instant | undefined => {
    const when = whenOf(component, name, clock.zones);
    return when && instantOfWhen(when, clock.floatingZone);
  };
  const hasStart = at('dtstart') !== undefined;
  const hasDue = at('due') !== undefined;
  if (hasStart && hasDue) {
    return someInstance(
      placed,
      { from, to },
      (each) => (from < each.to || from <= each.from) && (to > each.from || to >= each.to),
    );
  }
  if (hasStart && propertyOf(component, 'duration')) {
    return someInstance(placed, { from, to }, (each) => from <= each.to && (to > each.from || to >= each.to));
  }
  if (hasStart) return someInstance(placed, { from, to }, (each) => from <= each.from && to > each.from);
  if (hasDue) return someInstance(placed, { from, to }, (each) => from < each.to && to >= each.to);
  const completed = at('completed');
  const created = at('created');
  if (completed !== undefined && created !== undefined) {
    return (from <= created || from <= completed) && (to >= created || to >= completed);
  }
  if (completed !== undefined) return from <= completed && to >= completed;
  return created === undefined || to > created;
}

function freeBusy({ component, clock }: Placed, { from, to }: Bounds): boolean {
  const start = whenOf(component, 'dtstart', clock.zones);
  const end = whenOf(component, 'dtend', clock.zones);
  if (start && end)
    return from <= instantOfWhen(end, clock.floatingZone) && to > instantOfWhen(start, clock.floatingZone);
  return propertiesNamed(component, 'freebusy').some((property) =>
    propertyOverlaps(property, { from, to }, clock),
  );
}

/** Any of its rings: the trigger and its repetitions. */
function alarm({ component, parent, clock }: Placed, { from, to }: Bounds): boolean {
  const trigger = propertyOf(component, 'trigger');
  if (!trigger) return false;
  const count = Math.min(Math.max(Number(propertyOf(component, 'repeat')?.[3] ?? 0) || 0, 0), 1_000);
  const pause = durationMsOf(propertyOf(component, 'duration')?.[3]) ?? 0;
  const rings = (first: Instant): boolean => {
    const again = pause > 0 ? count : 0;
    return Array.from({ length: again + 1 }, (_, index) => first + index * pause).some(
      (at) => from <= at && to > at,
    );
  };
  const offset = durationMsOf(trigger[3]);
  if (offset === undefined) {
    const when = whenOfValue(trigger[3], trigger, clock.zones);
    return when !== undefined && rings(instantOfWhen(when, clock.floatingZone));
  }
  if (!parent) return false;
  const isAtEnd = paramOf(trigger, 'related')?.toUpperCase() === 'END';
  // An instance may ring long before it starts, and the repetitions long after.
  const near = { from: from - offset - count * pause, to: to - offset };
  return someInstance(parent, near, (each) => rings((isAtEnd ? each.to : each.from) + offset));
}

/**
 * Looks through ever wider stretches of the range, because most series answer within the first. A series that cannot be
 * expanded may match: a false hit costs a download, a missed one is a lost event.
 */
function someInstance(placed: Placed, bounds: Bounds, test: (instance: Instance) => boolean): boolean {
  const { component, siblings, clock } = placed;
  const isOverride = propertyOf(component, 'recurrence-id') !== undefined;
  const among = isOverride ? [component] : siblings;
  const isThere = (range: Bounds): boolean =>
    instancesOf(among, range, clock).some((each) => each.component === component && test(each));
  if (isOverride || !isRecurring(component)) return isThere(bounds);
  try {
    let from = Math.max(bounds.from, earliestOf(component, clock));
    for (let width = yearMs; from <= bounds.to && width <= 100 * yearMs; width *= 10) {
      if (isThere({ from, to: Math.min(from + width, bounds.to) })) return true;
      from += width;
    }
    return false;
  } catch (error) {
    if (error instanceof TranslateError) return true;
    throw error;
  }
}

function earliestOf(component: JcalComponent, clock: Clock): Instant {
  const times = ['dtstart', 'due', 'rdate'].flatMap((name) => whensOf(component, name, clock.zones));
  return Math.min(...times.map((when) => instantOfWhen(when, clock.floatingZone))) - 2 * dayMs;
}
