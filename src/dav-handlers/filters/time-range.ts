// Time ranges on the wire: `start` and `end` as date with UTC time (RFC 4791 §9.9).
import type { Range } from '../../model/time.ts';
import type { XmlElement } from '../../xml/index.ts';

/** undefined when it is not one: no side at all, a side that is not UTC, or an end that is not after the start. */
export function parseRange(element: XmlElement): Range | undefined {
  const { start, end } = element.attrs;
  const from = start === undefined ? undefined : parseUtc(start);
  const to = end === undefined ? undefined : parseUtc(end);
  if (start === undefined && end === undefined) return undefined;
  if ((start !== undefined && from === undefined) || (end !== undefined && to === undefined))
    return undefined;
  if (from !== undefined && to !== undefined && to <= from) return undefined;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** Both sides given. */
export function parseClosedRange(element: XmlElement): Required<Range> | undefined {
  const range = parseRange(element);
  return range?.from === undefined || range.to === undefined ? undefined : { from: range.from, to: range.to };
}

export function renderUtc(instant: number): string {
  return new Date(instant).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
}

function parseUtc(text: string): number | undefined {
  const parts = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text.trim());
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  // 60 is a leap second, which no clock here has.
  const clock = second === '60' ? '59' : second;
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${clock}Z`);
  return Number.isNaN(instant) ? undefined : instant;
}
