// CALDAV:calendar-timezone and CALDAV:timezone: an iCalendar object with one VTIMEZONE, of which only the name matters here.
import { DavError, precondition } from '../model/failure.ts';

/** TZID of the one VTIMEZONE; undefined when the text is not such an object (RFC 4791 §5.2.2). */
export function zoneNameOf(text: string): string | undefined {
  const lines = text
    .trim()
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/);
  const zones = lines.filter((line) => /^BEGIN:VTIMEZONE\s*$/i.test(line));
  if (zones.length !== 1 || !/^BEGIN:VCALENDAR\s*$/i.test(lines[0] ?? '')) return undefined;
  if (!/^END:VCALENDAR\s*$/i.test(lines.at(-1) ?? '')) return undefined;
  const name = lines
    .map((line) => /^TZID(?:;[^:]*)?:(.+)$/i.exec(line)?.[1])
    .find((each) => each !== undefined);
  return name?.trim();
}

export function checkTimezone(text: string): DavError | undefined {
  if (zoneNameOf(text) !== undefined) return undefined;
  return new DavError(403, 'this must be an iCalendar object with one VTIMEZONE', {
    precondition: precondition.calendarValidData,
  });
}
