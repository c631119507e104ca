// What mutated texts have found (npm run fuzz): each was an error without a name, or minutes of work for one small text. Nothing is
// timed here: where the work is too much again, the test runs out of its time.
import { describe, expect, it } from 'vitest';
import { express } from '../../src/ews-backend/fields/index.ts';
import { addDays } from '../../src/model/zones.ts';
import { parseIncoming, shapeText, TranslateError } from '../../src/translate/index.ts';
import { calendar, event, get, own, put } from './mailbox.ts';

const parse = (text: string, kind: 'events' | 'contacts' = 'events') =>
  parseIncoming(text, kind, { ownAddresses: own, defaultZone: 'Europe/Berlin', express });

const card = (...lines: string[]): string =>
  ['BEGIN:VCARD', 'VERSION:2.1', 'UID:a', 'FN:A', 'N:A;;;;', ...lines, 'END:VCARD', ''].join('\r\n');

/** Of an offset that no place has. */
const madeUpZone = (year: string): string[] => [
  'BEGIN:VTIMEZONE',
  'TZID:Made/Up',
  'BEGIN:STANDARD',
  `DTSTART:${year}0101T000000`,
  'TZOFFSETFROM:+0337',
  'TZOFFSETTO:+0337',
  'END:STANDARD',
  'END:VTIMEZONE',
];

describe('a value that makes no sense is refused', () => {
  it.each([
    'DURATION:P99999999999D',
    'DURATION:PT99999999999999999999H',
    'DURATION:P9999999D',
    'DURATION:P999999999W',
  ])('%s', (line) => {
    const lines = ['DTSTART:20260101T100000Z', line];
    expect(() => parse(event(...lines))).toThrow(TranslateError);
    expect(() => parse(event('DTSTART;VALUE=DATE:20260101', line))).toThrow(TranslateError);
  });

  it('an alarm ten million years before', () => {
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'DESCRIPTION:x', 'TRIGGER:-P99999999999W', 'END:VALARM'];
    expect(() => parse(event('DTSTART:20260101T100000Z', ...alarm))).toThrow('is not a duration');
  });

  it('a time that does not exist in a zone of its own', () => {
    const text = calendar(
      ...madeUpZone('1601'),
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTAMP:20260101T000000Z',
      'DTSTART;TZID=Made/Up:20260101T100000',
      'DTEND;TZID=Made/Up:20261399T250000',
      'END:VEVENT',
    );
    expect(() => parse(text)).toThrow(TranslateError);
  });
});

it('the last day there is has no day after it', () => {
  expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
  expect(addDays('2026-01-01', Number.POSITIVE_INFINITY)).toBe('9999-12-31');
  expect(get(put(event('DTSTART;VALUE=DATE:99991231')))).toContain('DTSTART;VALUE=DATE:99991231');
});

it.each(['WEEKLY', 'DAILY', 'MONTHLY', 'YEARLY'])('a %s series until the last day there is', (freq) => {
  const text = event('DTSTART:20240301T140000Z', `RRULE:FREQ=${freq};UNTIL=99991231T235959Z`);
  expect(express(parse(text).item).kind).toBe('ok');
});

it('a series at every second of the day, which would be 86,400 series', () => {
  const list = (length: number): string => Array.from({ length }, (_, at) => at).join(',');
  const rule = `RRULE:FREQ=DAILY;BYHOUR=${list(24)};BYMINUTE=${list(60)};BYSECOND=${list(60)}`;
  const expressed = (end: string) => express(parse(event('DTSTART:20260101T100000Z', rule + end)).item);
  expect(expressed('').kind).toBe('refuse');
  expect(expressed(';COUNT=3').kind).toBe('split');
});

it('a component of a calendar in a card', () => {
  const zone = ['BEGIN:VTIMEZONE', 'TZID:a', 'GENDER:X;', 'END:VTIMEZONE'];
  expect(() => parse(card(...zone), 'contacts')).toThrow('a card holds no component');
});

it('a name of a hundred thousand parts', () => {
  const text = card('TEL:1').replace('N:A;;;;', `N:A${';'.repeat(100_000)}`);
  expect(() => parse(text, 'contacts')).toThrow('more than 1000 parts');
});

it('a long text is not expanded into hundreds of its kind', () => {
  const text = event(
    'DTSTART:20260101T100000Z',
    'RRULE:FREQ=DAILY;COUNT=365',
    `DESCRIPTION:${'x'.repeat(100_000)}`,
  );
  const range = (year: number) => ({ from: Date.UTC(2026, 0, 1), to: Date.UTC(year, 0, 1) });
  const shaped = (to: { from: number; to: number }): string =>
    shapeText(get(put(text)), { kind: 'calendar', expand: to });
  expect(() => shaped(range(2027))).toThrow('too many for a text of this length');
  expect(
    shaped({ from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 0, 11) }).match(/^SUMMARY|^UID/gm),
  ).toHaveLength(10);
});

describe('what would be written as the end of its component', () => {
  it.each(['END;CHARSET=UTF-8:VCARD', 'end;x=y:VCARD', 'a.END:VCARD', 'BEGIN;X=Y:VCARD'])('%s', (line) => {
    expect(() => parse(card(line), 'contacts')).toThrow('a line is no property');
  });

  it.each(['end', 'e.nd', 'BEGIN'])('is not taken from a residue (%s)', (name) => {
    const stored = put(event('DTSTART:20260101T100000Z', 'X-KEPT:VEVENT'));
    const residue = stored.tags.residue!;
    expect(residue).toContain('x-kept');
    const text = get({ ...stored, tags: { ...stored.tags, residue: residue.replace('x-kept', name) } });
    expect(text.match(/^(?:BEGIN|END):VEVENT\r$/gm)).toHaveLength(2);
  });
});

describe('work grows with the text, not with its square', () => {
  it('over lines that go on softly', () => {
    const pieces = 300_000;
    const { item } = parse(card('NOTE;QUOTED-PRINTABLE:=', `${'a=\r\n'.repeat(pieces)}b`), 'contacts');
    expect(item).toMatchObject({ note: `${'a'.repeat(pieces)}b` });
  });

  it.each([
    ['blanks', ' '],
    ['tabs', '\t'],
    ['line ends', String.raw`\n`],
    ['blanks after line ends', String.raw`\n `],
  ])('over %s in a text', (_, part) => {
    const run = part.repeat(300_000);
    const { item } = parse(event('DTSTART:20260101T100000Z', `SUMMARY:a${run}b`, `DESCRIPTION:a${run}b`));
    expect(express(item).kind).toBe('ok');
  });

  it('over commas after a time', () => {
    expect(() => parse(event('DTSTART:20260101T100000Z', `EXDATE:${','.repeat(300_000)}x`))).toThrow(
      TranslateError,
    );
  });
});

it('to find the zone of odd rules, no zone is searched for its changes', () => {
  const oddAt = (year: number): string =>
    calendar(
      ...madeUpZone('1901'),
      'BEGIN:VEVENT',
      'UID:u',
      'DTSTAMP:20260101T000000Z',
      `DTSTART;TZID=Made/Up:${year}0601T100000`,
      'END:VEVENT',
    );
  const years = [1931, 1947, 1963, 1979, 1999];
  const asked = questionsWhile(() => {
    for (const year of years) expect(() => parse(oddAt(year))).toThrow(TranslateError);
  });
  // Two questions for each of some 450 zones and each text; searching one zone for four years takes 370.
  expect(asked).toBeLessThan(years.length * 450 * 4);
  expect(asked).toBeGreaterThan(450);
});

/** How often Intl is asked for the time in a zone. */
function questionsWhile(work: () => void): number {
  const { prototype } = Intl.DateTimeFormat;
  const described = Object.getOwnPropertyDescriptor(prototype, 'format')!;
  let count = 0;
  Object.defineProperty(prototype, 'format', {
    ...described,
    get() {
      count += 1;
      return described.get!.call(this) as unknown;
    },
  });
  try {
    work();
  } finally {
    Object.defineProperty(prototype, 'format', described);
  }
  return count;
}
