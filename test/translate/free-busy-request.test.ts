import { describe, expect, it } from 'vitest';
import { TranslateError, parseFreeBusyRequest } from '../../src/translate/index.ts';

function text(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'METHOD:REQUEST', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

const zone = [
  'BEGIN:VTIMEZONE',
  'TZID:Own',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0300',
  'TZOFFSETTO:+0300',
  'END:STANDARD',
  'END:VTIMEZONE',
];

function question(...lines: readonly string[]): readonly string[] {
  return ['BEGIN:VFREEBUSY', 'UID:q', 'ORGANIZER:mailto:a@example.test', ...lines, 'END:VFREEBUSY'];
}

const hours = ['DTSTART:20260302T080000Z', 'DTEND:20260302T100000Z'];

describe('a question for busy times', () => {
  it('is read with everybody in it once, by the address as it was written', () => {
    expect(
      parseFreeBusyRequest(
        text(
          ...question(
            ...hours,
            'ATTENDEE;CN="B, b":MAILTO:B@example.test',
            'ATTENDEE;EMAIL=c@example.test:urn:uuid:1',
            'ATTENDEE:/principals/d@example.test/',
            'ATTENDEE:urn:uuid:2',
            'ATTENDEE;CN="B, b":MAILTO:B@example.test',
          ),
        ),
      ),
    ).toEqual({
      uid: 'q',
      range: { from: Date.UTC(2026, 2, 2, 8), to: Date.UTC(2026, 2, 2, 10) },
      organizer: { uri: 'mailto:a@example.test', address: 'a@example.test' },
      attendees: [
        { uri: 'MAILTO:B@example.test', address: 'B@example.test', name: 'B, b' },
        { uri: 'urn:uuid:1', address: 'c@example.test' },
        { uri: '/principals/d@example.test/', address: 'd@example.test' },
        { uri: 'urn:uuid:2', address: '' },
      ],
    });
  });

  it('may have its times in a zone of its own', () => {
    const local = ['DTSTART;TZID=Own:20260302T110000', 'DTEND;TZID=Own:20260302T130000'];
    const { range } = parseFreeBusyRequest(
      text(...zone, ...question(...local, 'ATTENDEE:mailto:b@example.test')),
    );
    expect(range).toEqual({ from: Date.UTC(2026, 2, 2, 8), to: Date.UTC(2026, 2, 2, 10) });
  });

  it.each([
    ['nothing', ''],
    ['two objects', text(...question(...hours, 'ATTENDEE:mailto:b@example.test')).repeat(2)],
    ['two questions', text(...question(...hours, 'ATTENDEE:mailto:b@example.test'), ...question(...hours))],
    ['nobody asked about', text(...question(...hours))],
    ['no end', text(...question('DTSTART:20260302T080000Z', 'ATTENDEE:mailto:b@example.test'))],
    [
      'two organizers',
      text(...question(...hours, 'ORGANIZER:mailto:c@example.test', 'ATTENDEE:mailto:b@example.test')),
    ],
  ])('is refused: %s', (_, body) => {
    expect(() => parseFreeBusyRequest(body)).toThrow(TranslateError);
  });
});
