// Small calendar objects for tests, and the calendar of RFC 4791 appendix B.
import { parseComponents, stringify } from '../../src/translate/codec.ts';

/** A VCALENDAR of components, each a list of lines, as `renderStored` writes it. */
export function calendar(...components: readonly string[]): string {
  const lines = components.flatMap((component) => component.trim().split(/\n\s*/));
  const text = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//EN',
    ...lines,
    'END:VCALENDAR',
    '',
  ].join('\r\n');
  return stringify(parseComponents(text)[0]!);
}

export function event(...lines: readonly string[]): string {
  const uid = lines.some((line) => line.startsWith('UID')) ? [] : ['UID:1@example.com'];
  return ['BEGIN:VEVENT', ...uid, 'DTSTAMP:20260101T000000Z', ...lines, 'END:VEVENT'].join('\n');
}

export function todo(...lines: readonly string[]): string {
  return event(...lines).replaceAll('VEVENT', 'VTODO');
}

export const eastern = `BEGIN:VTIMEZONE
TZID:US/Eastern
BEGIN:STANDARD
DTSTART:20001026T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000404T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=4
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE`;

/** RFC 4791 appendix B. */
export const appendixB = {
  abcd1: calendar(
    eastern,
    event(
      'UID:74855313FA803DA593CD579A@example.com',
      'DTSTART;TZID=US/Eastern:20060102T100000',
      'DURATION:PT1H',
      'SUMMARY:Event #1',
    ),
  ),
  abcd2: calendar(
    eastern,
    event(
      'UID:00959BC664CA650E933C892C@example.com',
      'DTSTART;TZID=US/Eastern:20060102T120000',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;COUNT=5',
      'SUMMARY:Event #2',
    ),
    event(
      'UID:00959BC664CA650E933C892C@example.com',
      'DTSTART;TZID=US/Eastern:20060104T140000',
      'DURATION:PT1H',
      'RECURRENCE-ID;TZID=US/Eastern:20060104T120000',
      'SUMMARY:Event #2 bis',
    ),
    event(
      'UID:00959BC664CA650E933C892C@example.com',
      'DTSTART;TZID=US/Eastern:20060106T140000',
      'DURATION:PT1H',
      'RECURRENCE-ID;TZID=US/Eastern:20060106T120000',
      'SUMMARY:Event #2 bis bis',
    ),
  ),
  abcd3: calendar(
    eastern,
    event(
      'UID:DC6C50A017428C5216A2F1CD@example.com',
      'ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:cyrus@example.com',
      'ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:lisa@example.com',
      'DTSTART;TZID=US/Eastern:20060104T100000',
      'DURATION:PT1H',
      'ORGANIZER:mailto:cyrus@example.com',
      'SEQUENCE:1',
      'STATUS:TENTATIVE',
      'SUMMARY:Event #3',
      'X-ABC-GUID:E1CX5Dr-0007ym-Hz@example.com',
    ),
  ),
  abcd4: calendar(
    todo(
      'UID:DDDEEB7915FA61233B861457@example.com',
      'DUE;VALUE=DATE:20060104',
      'STATUS:NEEDS-ACTION',
      'SUMMARY:Task #1',
      'BEGIN:VALARM',
      'ACTION:AUDIO',
      'TRIGGER;RELATED=START:-PT10M',
      'END:VALARM',
    ),
  ),
  abcd5: calendar(
    todo(
      'UID:E10BA47467C5C69BB74E8720@example.com',
      'DUE;VALUE=DATE:20060106',
      'LAST-MODIFIED:20060205T235308Z',
      'SEQUENCE:1',
      'STATUS:NEEDS-ACTION',
      'SUMMARY:Task #2',
      'BEGIN:VALARM',
      'ACTION:AUDIO',
      'TRIGGER;RELATED=START:-PT10M',
      'END:VALARM',
    ),
  ),
  abcd6: calendar(
    todo(
      'UID:E10BA47467C5C69BB74E8722@example.com',
      'COMPLETED:20051223T122322Z',
      'DUE;VALUE=DATE:20051225',
      'STATUS:COMPLETED',
      'SUMMARY:Task #3',
    ),
  ),
  abcd7: calendar(
    todo(
      'UID:E10BA47467C5C69BB74E8725@example.com',
      'DTSTART;VALUE=DATE:20060101',
      'DUE;VALUE=DATE:20060106',
      'STATUS:CANCELLED',
      'SUMMARY:Task #4',
    ),
  ),
  abcd8: calendar(
    [
      'BEGIN:VFREEBUSY',
      'ORGANIZER;CN="Bernard Desruisseaux":mailto:bernard@example.com',
      'UID:76ef34-54a3d2@example.com',
      'DTSTAMP:20050530T123421Z',
      'DTSTART:20060101T000000Z',
      'DTEND:20060108T000000Z',
      'FREEBUSY;FBTYPE=BUSY-TENTATIVE:20060102T100000Z/20060102T120000Z',
      'END:VFREEBUSY',
    ].join('\n'),
  ),
} as const;
