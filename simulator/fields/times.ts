// xs:dateTime and xs:duration as Exchange reads and writes them (BEHAVIOUR §8).
import { EwsError } from '../errors.ts';
import { toInstant, zonedDateTime, type SimZone } from '../calendar/index.ts';
import type { Instant } from '../state/index.ts';

/** `2024-05-01T10:00:00Z`, or with the offset of the TimeZoneContext, or with milliseconds (DateTimePrecision). */
export type TimeFormat = (instant: Instant) => string;

export function timeFormat(zone: SimZone | undefined, milliseconds: boolean): TimeFormat {
  const end = milliseconds ? 23 : 19;
  if (zone === undefined || zone.id === 'UTC')
    return (instant) => `${new Date(instant).toISOString().slice(0, end)}Z`;
  return (instant) => zonedDateTime(Math.floor(instant / 1000) * 1000, zone);
}

const dateTime = /^\s*(-?\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?\s*$/;

/** Values without a zone are read in `zone`. @throws EwsError ErrorInvalidValueForProperty | ErrorValueOutOfRange */
export function parseTime(text: string, zone: SimZone): Instant {
  const found = dateTime.exec(text);
  if (found === null)
    throw new EwsError('ErrorInvalidValueForProperty', 'The specified value is invalid for property.');
  const year = Number(found[1]);
  if (year < 1601 || year > 4500) throw new EwsError('ErrorValueOutOfRange');
  const local = text.trim().slice(0, 19);
  const instant = found[8] === undefined ? toInstant(local, zone) : Date.parse(`${local}${found[8]}`);
  if (Number.isNaN(instant)) throw new EwsError('ErrorValueOutOfRange');
  return instant;
}

/** xs:duration of a length in milliseconds. */
export function durationText(ms: number): string {
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
  if (days === 0 && time === '') return 'PT0S';
  return `${ms < 0 ? '-' : ''}P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}
