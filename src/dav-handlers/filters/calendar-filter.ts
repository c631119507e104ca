// CALDAV:filter as data: the whole grammar of RFC 4791 §9.7.
import { precondition } from '../../model/failure.ts';
import type { CalendarFilter, CalendarPropFilter, CompFilter, ParamFilter } from '../../model/filter.ts';
import type { Range } from '../../model/time.ts';
import type { XmlElement } from '../../xml/index.ts';
import { childElement, childElements } from '../elements.ts';
import { caldav } from '../names.ts';
import { invalidFilter, nameOf, parseTextMatch, type Dialect } from './text-match.ts';
import { parseRange } from './time-range.ts';

const dialect: Dialect = {
  collation: 'i;ascii-casemap',
  unsupportedCollation: precondition.calendarSupportedCollation,
  invalid: precondition.calendarValidFilter,
};

/** @throws DavError 403 valid-filter, supported-collation */
export function parseCalendarFilter(
  filter: XmlElement | undefined,
  zone: string | undefined,
): CalendarFilter {
  const [calendar, ...more] = childElements(filter, caldav('comp-filter'));
  if (calendar === undefined || more.length > 0)
    throw invalidFilter('one comp-filter for VCALENDAR is needed', dialect);
  const comp = parseComp(calendar);
  if (comp.name !== 'VCALENDAR') throw invalidFilter('the outermost component is VCALENDAR', dialect);
  if (comp.timeRange !== undefined) throw invalidFilter('VCALENDAR takes up no time', dialect);
  return zone === undefined ? { comp } : { comp, zone };
}

function parseComp(element: XmlElement): CompFilter {
  const timeRange = parseTimeRange(element);
  const comp = {
    name: nameOf(element, dialect),
    isNotDefined: isNotDefined(element),
    ...(timeRange === undefined ? {} : { timeRange }),
    props: childElements(element, caldav('prop-filter')).map(parseProp),
    comps: childElements(element, caldav('comp-filter')).map(parseComp),
  };
  if (comp.isNotDefined && (timeRange !== undefined || comp.props.length > 0 || comp.comps.length > 0))
    throw invalidFilter('is-not-defined stands alone', dialect);
  return comp;
}

function parseProp(element: XmlElement): CalendarPropFilter {
  const timeRange = parseTimeRange(element);
  const match = childElement(element, caldav('text-match'));
  const prop = {
    name: nameOf(element, dialect),
    isNotDefined: isNotDefined(element),
    ...(timeRange === undefined ? {} : { timeRange }),
    ...(match === undefined ? {} : { textMatch: parseTextMatch(match, dialect) }),
    params: childElements(element, caldav('param-filter')).map(parseParam),
  };
  if (timeRange !== undefined && match !== undefined)
    throw invalidFilter('a property is compared by time or by text', dialect);
  if (prop.isNotDefined && (timeRange !== undefined || match !== undefined || prop.params.length > 0))
    throw invalidFilter('is-not-defined stands alone', dialect);
  return prop;
}

function parseParam(element: XmlElement): ParamFilter {
  const match = childElement(element, caldav('text-match'));
  const missing = isNotDefined(element);
  if (missing && match !== undefined) throw invalidFilter('is-not-defined stands alone', dialect);
  return {
    name: nameOf(element, dialect),
    isNotDefined: missing,
    ...(match === undefined ? {} : { textMatch: parseTextMatch(match, dialect) }),
  };
}

function parseTimeRange(element: XmlElement): Range | undefined {
  const child = childElement(element, caldav('time-range'));
  if (child === undefined) return undefined;
  const range = parseRange(child);
  if (range === undefined)
    throw invalidFilter('time-range has a start or an end in UTC, the end after the start', dialect);
  return range;
}

function isNotDefined(element: XmlElement): boolean {
  return childElement(element, caldav('is-not-defined')) !== undefined;
}
