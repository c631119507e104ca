// calendar-query: does an object match a filter (RFC 4791 §9.7)? And what range of time must a match touch, so that the
// ledger can leave objects out unread.
import type { CalendarFilter, CalendarPropFilter, CompFilter } from '../model/filter.ts';
import type { Range } from '../model/time.ts';
import { resolveZone } from '../model/zones.ts';
import { parseRendered, type JcalComponent } from './codec.ts';
import type { Clock } from './instances.ts';
import { propertiesNamed, zonesOf } from './span.ts';
import { matchesParam, matchesText, textsOf } from './text-match.ts';
import { overlapsRange, propertyOverlaps, type Placed } from './time-range.ts';

/** `text`: one object as `renderStored` writes it. */
export function matchesCalendar(text: string, filter: CalendarFilter): boolean {
  const calendar = parseRendered(text);
  const floatingZone = resolveZone(filter.zone ?? 'UTC') ?? 'UTC';
  const clock = { zones: zonesOf(calendar), floatingZone };
  if (filter.comp.isNotDefined) return calendar[0] !== filter.comp.name.toLowerCase();
  if (calendar[0] !== filter.comp.name.toLowerCase()) return false;
  return matchesComponent({ component: calendar, siblings: [calendar], clock }, filter.comp);
}

/** Smallest range that every match must touch; without a time-range only the kind of component. */
export function rangeOf(filter: CalendarFilter): { component: string; range?: Range } | undefined {
  const comps = filter.comp.comps.filter((comp) => !comp.isNotDefined);
  const comp = comps.find((each) => each.timeRange) ?? comps[0];
  if (comp === undefined) return undefined;
  const component = comp.name.toUpperCase();
  // The span of an alarm is not that of its event: it may ring weeks before.
  return comp.timeRange ? { component, range: comp.timeRange } : { component };
}

function matchesComponent(placed: Placed, filter: CompFilter): boolean {
  const { component, clock } = placed;
  return (
    filter.props.every((prop) => matchesProperty(component, prop, clock)) &&
    filter.comps.every((comp) => matchesChild(placed, comp)) &&
    (filter.timeRange === undefined ||
      component[0] === 'vcalendar' ||
      overlapsRange(placed, filter.timeRange))
  );
}

function matchesChild(parent: Placed, filter: CompFilter): boolean {
  const name = filter.name.toLowerCase();
  const siblings = parent.component[2].filter((each) => each[0] === name);
  if (filter.isNotDefined) return siblings.length === 0;
  return siblings.some((component) =>
    matchesComponent({ component, siblings, parent, clock: parent.clock }, filter),
  );
}

/** One property of that name must satisfy every part of the filter. */
function matchesProperty(component: JcalComponent, filter: CalendarPropFilter, clock: Clock): boolean {
  const properties = propertiesNamed(component, filter.name.toLowerCase());
  if (filter.isNotDefined) return properties.length === 0;
  return properties.some(
    (property) =>
      (filter.timeRange === undefined || propertyOverlaps(property, filter.timeRange, clock)) &&
      (filter.textMatch === undefined || matchesText(textsOf(property), filter.textMatch)) &&
      filter.params.every((param) => matchesParam(property, param)),
  );
}
