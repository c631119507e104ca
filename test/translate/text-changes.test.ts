// Texts on their way to another server, as clients of Nextcloud write them.
import { describe, expect, it } from 'vitest';
import { changedText, TranslateError } from '../../src/translate/index.ts';

const zone = (tzid: string, ...lines: readonly string[]): readonly string[] => [
  'BEGIN:VTIMEZONE',
  `TZID:${tzid}`,
  ...lines,
  'BEGIN:STANDARD',
  'DTSTART:19701025T030000',
  'TZNAME:doctor time',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
];

const text = [
  'BEGIN:VCALENDAR',
  'VERSION:2.0',
  'PRODID:-//Nextcloud//Calendar//EN',
  'X-WR-CALNAME:Visits to the doctor',
  ...zone('Europe/Vienna', 'X-LIC-LOCATION:doctor', 'COMMENT:doctor'),
  ...zone('Where the doctor is'),
  'BEGIN:VEVENT',
  'UID:u',
  'DTSTAMP:20260601T000000Z',
  'DTSTART;TZID=Europe/Vienna;X-WHERE=doctor:20260610T090000',
  'DTEND;TZID=Europe/Vienna:20260610T100000',
  'EXDATE;TZID=Europe/Vienna;X-WHY="at the doctor":20260611T090000',
  'STATUS;X-SAID-BY=doctor:CONFIRMED',
  'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Vienna:20260610T090000',
  'SUMMARY:The doctor',
  'END:VEVENT',
  'BEGIN:VTODO',
  'UID:u',
  'SUMMARY:Call the doctor',
  'END:VTODO',
  'END:VCALENDAR',
  '',
].join('\r\n');

describe('changedText', () => {
  it('makes busy blocks in which no parameter, zone or other component tells more', () => {
    const busy = changedText(text, { busyOnly: 'Busy' }).replaceAll('\r\n ', '');
    expect(busy.toLowerCase()).not.toContain('doctor');
    for (const line of [
      'DTSTART;TZID=Europe/Vienna:20260610T090000',
      'EXDATE;TZID=Europe/Vienna:20260611T090000',
      'RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Vienna:20260610T090000',
      'TZID:Europe/Vienna',
      'TZOFFSETTO:+0100',
      'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
      'SUMMARY:Busy',
    ])
      expect(busy.split('\r\n')).toContain(line);
  });

  it('leaves a text as it is, octet for octet, when nothing of it changes', () => {
    const odd = text.replaceAll('\r\n', '\n').replace('SUMMARY:The doctor', 'SUMMARY:The doc\n tor');
    expect(changedText(odd, {})).toBe(odd);
    expect(changedText(odd, { present: text })).toBe(odd);
    const files = { base: 'https://exdav.invalid/calendars/mailbox/folder/', way: 'away' } as const;
    expect(changedText(odd, { files })).toBe(odd);
  });

  it('takes away METHOD, which no stored object has', () => {
    const sent = text.replace('VERSION:2.0', 'VERSION:2.0\r\nMETHOD:PUBLISH');
    expect(changedText(sent, {})).not.toContain('METHOD');
    expect(changedText(sent, {})).toContain('SUMMARY:The doctor');
  });

  it('gives every component, and a card, the UID under which it goes there', () => {
    expect(changedText(text, { uid: 'other' }).match(/^UID:.*$/gm)).toEqual(['UID:other', 'UID:other']);
    const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:Ada\r\nEND:VCARD\r\n';
    expect(changedText(card, { uid: 'other' })).toContain('UID:other\r\n');
  });

  it('refuses what is no text', () => {
    expect(() => changedText('nothing', { busyOnly: 'Busy' })).toThrow(TranslateError);
    expect(() => changedText('', { busyOnly: 'Busy' })).toThrow(TranslateError);
  });
});
