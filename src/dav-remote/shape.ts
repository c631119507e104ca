// How calendar data is asked for (RFC 4791 §9.6).
import type { ComponentParts, Shape } from '../model/collection.ts';
import type { Range } from '../model/time.ts';
import { xml, type Markup } from '../xml/index.ts';

export function calendarDataElement(shape: Shape): Markup {
  if (shape.kind !== 'calendar') return xml('C:calendar-data', {});
  return xml(
    'C:calendar-data',
    {},
    shape.parts === undefined ? undefined : compElement(shape.parts),
    rangeElement('C:expand', shape.expand),
    rangeElement('C:limit-recurrence-set', shape.limitRecurrenceSet),
    rangeElement('C:limit-freebusy-set', shape.limitFreeBusySet),
  );
}

/** `start` and `end` as UTC; an absent side is left out (RFC 4791 §9.9). */
export function rangeElement(name: string, range: Range | undefined): Markup | undefined {
  if (range === undefined) return undefined;
  const { from, to } = range;
  return xml(name, {
    start: from === undefined ? undefined : utcTime(from),
    end: to === undefined ? undefined : utcTime(to),
  });
}

function utcTime(instant: number): string {
  return new Date(instant).toISOString().replace(/[-:]|\.\d+/g, '');
}

function compElement(parts: ComponentParts): Markup {
  return xml(
    'C:comp',
    { name: parts.name },
    parts.properties === undefined
      ? xml('C:allprop', {})
      : parts.properties.map(({ name, noValue }) =>
          xml('C:prop', { name, novalue: noValue ? 'yes' : undefined }),
        ),
    parts.components === undefined ? xml('C:allcomp', {}) : parts.components.map(compElement),
  );
}
