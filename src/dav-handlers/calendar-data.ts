// CALDAV:calendar-data of a report as a Shape (RFC 4791 §9.6).
import type { ComponentParts, Shape } from '../model/collection.ts';
import { DavError, precondition } from '../model/failure.ts';
import type { Range } from '../model/time.ts';
import { clarkOf, type XmlElement } from '../xml/index.ts';
import { childElement, childElements } from './elements.ts';
import { parseClosedRange } from './filters/time-range.ts';
import { caldav } from './names.ts';

/** `none`: no text is asked for. @throws DavError 400, 403 supported-calendar-data */
export function parseCalendarData(wanted: readonly XmlElement[]): Shape | 'none' {
  const element = wanted.find((each) => clarkOf(each) === caldav('calendar-data'));
  if (element === undefined) return 'none';
  const type = element.attrs['content-type'] ?? 'text/calendar';
  const version = element.attrs['version'] ?? '2.0';
  if (type.toLowerCase() !== 'text/calendar' || version !== '2.0')
    throw new DavError(403, `calendar data as ${type} ${version} is not supported`, {
      precondition: precondition.calendarSupportedData,
    });
  const expand = parseStretch(element, 'expand');
  const limitRecurrenceSet = parseStretch(element, 'limit-recurrence-set');
  const limitFreeBusySet = parseStretch(element, 'limit-freebusy-set');
  if (expand !== undefined && limitRecurrenceSet !== undefined)
    throw new DavError(400, 'expand and limit-recurrence-set exclude each other');
  const comp = childElement(element, caldav('comp'));
  if (
    comp === undefined &&
    [expand, limitRecurrenceSet, limitFreeBusySet].every((each) => each === undefined)
  )
    return { kind: 'whole' };
  return {
    kind: 'calendar',
    ...(expand === undefined ? {} : { expand }),
    ...(limitRecurrenceSet === undefined ? {} : { limitRecurrenceSet }),
    ...(limitFreeBusySet === undefined ? {} : { limitFreeBusySet }),
    ...(comp === undefined ? {} : { parts: parseRootParts(comp) }),
  };
}

function parseStretch(element: XmlElement, name: string): Required<Range> | undefined {
  const child = childElement(element, caldav(name));
  if (child === undefined) return undefined;
  const range = parseClosedRange(child);
  if (range === undefined)
    throw new DavError(400, `${name} needs start and end in UTC, the end after the start`);
  return range;
}

function parseRootParts(comp: XmlElement): ComponentParts {
  const parts = parseParts(comp);
  if (parts.name !== 'VCALENDAR') throw new DavError(400, 'the outermost component is VCALENDAR');
  return parts;
}

/** An empty comp means all of it, as `<C:comp name="VTIMEZONE"/>` in RFC 4791 §7.8.1; otherwise only what is listed. */
function parseParts(comp: XmlElement): ComponentParts {
  const name = partName(comp);
  if (comp.children.every((child) => typeof child === 'string')) return { name };
  const properties = childElements(comp, caldav('prop')).map((prop) => ({
    name: partName(prop),
    noValue: prop.attrs['novalue'] === 'yes',
  }));
  const components = childElements(comp, caldav('comp')).map(parseParts);
  return {
    name,
    ...(childElement(comp, caldav('allprop')) === undefined ? { properties } : {}),
    ...(childElement(comp, caldav('allcomp')) === undefined ? { components } : {}),
  };
}

function partName(element: XmlElement): string {
  const name = element.attrs['name']?.trim() ?? '';
  if (name === '') throw new DavError(400, `${element.name} of calendar-data needs a name`);
  return name.toUpperCase();
}
