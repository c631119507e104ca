// What is said of texts without understanding them: lines, UIDs, and who schedules.
import { describe, expect, it } from 'vitest';
import { fold, isSameText, linesOf, uidIn } from '../../src/dav-remote/lines.ts';
import { plainText, quietText, wouldSchedule } from '../../src/dav-remote/scheduling.ts';

const object = (...lines: readonly string[]): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'BEGIN:VEVENT',
    'UID:u',
    ...lines,
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ].join('\r\n');

describe('lines', () => {
  it('together are the text, however they end', () => {
    for (const text of [
      'a:1\r\nb:2\r\n c\r\n',
      'a:1\nb:2\n\tc',
      'a:1\rb:2',
      ' leading\r\na:1',
      '',
      '\r\n\r\n',
    ])
      expect(
        linesOf(text)
          .map(({ raw }) => raw)
          .join(''),
      ).toBe(text);
    expect(linesOf('DESCRIPTION:one\r\n  two\r\n three\r\nUID:x')).toMatchObject([
      { name: 'DESCRIPTION', text: 'DESCRIPTION:one twothree' },
      { name: 'UID', text: 'UID:x' },
    ]);
  });

  it('are folded at 75 octets and never inside a character', () => {
    const line = `SUMMARY:${'ü日😀'.repeat(30)}`;
    const folded = fold(line);
    for (const part of folded.trimEnd().split('\r\n')) {
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(75);
      expect(part).not.toContain('\ufffd');
    }
    expect(folded.replaceAll('\r\n ', '').trimEnd()).toBe(line);
  });

  it('are the same text with other line ends', () => {
    expect(isSameText('a\r\nb\r\n', 'a\nb')).toBe(true);
    expect(isSameText('a\r\nb\r\n', 'a\nc')).toBe(false);
  });
});

describe('a UID', () => {
  it('is that of the object, not of an alarm, a zone or a description', () => {
    const alarm = ['BEGIN:VALARM', 'UID:alarm', 'END:VALARM'];
    expect(
      uidIn(
        `BEGIN:VCALENDAR\nUID:calendar\nBEGIN:VTIMEZONE\nUID:zone\nEND:VTIMEZONE\n${object(...alarm)
          .replace('UID:u\r\n', '')
          .replace('END:VEVENT', 'UID:late\r\nEND:VEVENT')}`,
      ),
    ).toBe('late');
    expect(uidIn('BEGIN:VCARD\r\nUID;VALUE=text:urn:uuid:1\r\nEND:VCARD')).toBe('urn:uuid:1');
    expect(uidIn(object().replace('UID:u', 'UID;X="a:b":a\\,b\\;c\\\\d'))).toBe('a,b;c\\d');
    expect(uidIn(object().replace('UID:u', 'uid:lo\r\n ng'))).toBe('long');
    expect(uidIn('no object')).toBeUndefined();
  });
});

describe('who schedules', () => {
  const meeting = object(
    'ORGANIZER;CN="Doe; J: x":MAILTO:Alice@example.test',
    'ATTENDEE;SCHEDULE-FORCE-SEND=REQUEST;SCHEDULE-AGENT=SERVER;CN=Ünlü und noch ein sehr langer Name, der über die Zeile geht:mailto:b@example.org',
    'DESCRIPTION:ATTENDEE;X:mailto:c@example.org\r\n ATTENDEE:mailto:d@example.org',
    'BEGIN:VALARM',
    'ACTION:EMAIL',
    'ATTENDEE:mailto:alarm@example.org',
    'END:VALARM',
  );

  it('is written into organizer and attendees and nowhere else', () => {
    const quiet = quietText(meeting);
    const lines = linesOf(quiet).map(({ text }) => text);
    expect(lines).toContain('ORGANIZER;CN="Doe; J: x";SCHEDULE-AGENT=CLIENT:MAILTO:Alice@example.test');
    expect(lines).toContain(
      'ATTENDEE;CN=Ünlü und noch ein sehr langer Name, der über die Zeile geht;SCHEDULE-AGENT=CLIENT:mailto:b@example.org',
    );
    const others = (text: string) =>
      linesOf(text).filter(({ text: line }) => !/^(ORGANIZER|ATTENDEE)/.test(line) || line.includes('alarm'));
    expect(others(quiet)).toEqual(others(meeting));
    expect(quietText(quiet)).toBe(quiet);
    expect(quietText(object('SUMMARY:no meeting'))).toBe(object('SUMMARY:no meeting'));
  });

  it('is taken out again when read', () => {
    const plain = plainText(quietText(meeting));
    expect(plain).not.toContain('SCHEDULE-AGENT');
    expect(linesOf(plain).map(({ text }) => text)).toContain(
      'ORGANIZER;CN="Doe; J: x":MAILTO:Alice@example.test',
    );
    const none = object('ATTENDEE;SCHEDULE-AGENT=NONE:mailto:b@example.org');
    expect(plainText(none)).toBe(none);
  });

  it('decides whether a write would be told to somebody', () => {
    const attendee = object(
      'ORGANIZER:mailto:b@example.org',
      'ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test',
    );
    const cases = [
      [meeting, ['alice@example.test'], true],
      [meeting, ['somebody@example.test'], false],
      [meeting, undefined, true],
      [quietText(meeting), undefined, false],
      [attendee, ['alice@example.test'], true],
      [quietText(attendee), ['alice@example.test'], false],
      [object('ORGANIZER:mailto:alice@example.test'), ['alice@example.test'], false],
      [object('SUMMARY:alone'), undefined, false],
      // Half a mark is none: the organizer's alone does not stop an organizer's mails.
      [meeting.replace('ORGANIZER', 'ORGANIZER;SCHEDULE-AGENT=CLIENT'), ['alice@example.test'], true],
    ] as const;
    for (const [text, addresses, expected] of cases) expect(wouldSchedule(text, addresses)).toBe(expected);
  });
});
