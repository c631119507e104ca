// calendar-data and address-data: the examples of RFC 4791 §7.8 and what they leave out.
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/model/collection.ts';
import { shapeText } from '../../src/translate/shape.ts';
import { appendixB, calendar, event, todo } from './objects.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const range = (from: string, to: string): { from: number; to: number } => ({
  from: at(`${from}T00:00:00`),
  to: at(`${to}T00:00:00`),
});
const shaped = (text: string, shape: Omit<Extract<Shape, { kind: 'calendar' }>, 'kind'>): string =>
  shapeText(text, { kind: 'calendar', ...shape });
const lines = (text: string, name: string): string[] =>
  text.split('\r\n').filter((line) => line.startsWith(name));

describe('expand (RFC 4791 §7.8.3, §9.6.5)', () => {
  const expanded = shaped(appendixB.abcd2, { expand: range('2006-01-03', '2006-01-05') });

  it('gives each instance in UTC, with its RECURRENCE-ID', () => {
    expect(lines(expanded, 'DTSTART')).toEqual(['DTSTART:20060103T170000Z', 'DTSTART:20060104T190000Z']);
    expect(lines(expanded, 'RECURRENCE-ID')).toEqual([
      'RECURRENCE-ID:20060103T170000Z',
      'RECURRENCE-ID:20060104T170000Z',
    ]);
    expect(lines(expanded, 'SUMMARY')).toEqual(['SUMMARY:Event #2', 'SUMMARY:Event #2 bis']);
  });

  it('leaves no rule and no zone', () => {
    expect(expanded).not.toMatch(/RRULE|RDATE|EXDATE|VTIMEZONE|TZID/);
  });

  it('keeps dates as dates, and their length', () => {
    const series = calendar(
      event('DTSTART;VALUE=DATE:20260105', 'DTEND;VALUE=DATE:20260107', 'RRULE:FREQ=WEEKLY'),
    );
    const text = shaped(series, { expand: range('2026-01-12', '2026-01-20') });
    expect(lines(text, 'DTSTART')).toEqual(['DTSTART;VALUE=DATE:20260112', 'DTSTART;VALUE=DATE:20260119']);
    expect(lines(text, 'DTEND')).toEqual(['DTEND;VALUE=DATE:20260114', 'DTEND;VALUE=DATE:20260121']);
    expect(lines(text, 'RECURRENCE-ID')[0]).toBe('RECURRENCE-ID;VALUE=DATE:20260112');
  });

  it('gives a single event in UTC, without RECURRENCE-ID', () => {
    const text = shaped(appendixB.abcd1, { expand: range('2006-01-02', '2006-01-03') });
    expect(lines(text, 'DTSTART')).toEqual(['DTSTART:20060102T150000Z']);
    expect(text).not.toContain('RECURRENCE-ID');
  });

  it('moves both times of a task', () => {
    const series = calendar(todo('DTSTART:20260105T100000Z', 'DUE:20260105T120000Z', 'RRULE:FREQ=DAILY'));
    const text = shaped(series, { expand: range('2026-01-07', '2026-01-08') });
    expect(lines(text, 'DUE')).toEqual(['DUE:20260107T120000Z']);
  });

  it('turns other times with a zone into UTC too', () => {
    const text = shaped(
      calendar(
        event('DTSTART:20260105T100000Z', 'X-WHEN;VALUE=DATE-TIME;TZID=Europe/Vienna:20260105T100000'),
      ),
      {
        expand: range('2026-01-05', '2026-01-06'),
      },
    );
    expect(lines(text, 'X-WHEN')).toEqual(['X-WHEN;VALUE=DATE-TIME:20260105T090000Z']);
  });

  it('refuses more than ten thousand instances', () => {
    const series = calendar(event('DTSTART:20000101T000000Z', 'RRULE:FREQ=HOURLY'));
    expect(() => shaped(series, { expand: range('2000-01-01', '2010-01-01') })).toThrow(/10000/);
  });
});

describe('limits', () => {
  it('limit-recurrence-set keeps overrides within, or from, the range (RFC 4791 §7.8.2)', () => {
    const text = shaped(appendixB.abcd2, { limitRecurrenceSet: range('2006-01-03', '2006-01-05') });
    expect(lines(text, 'SUMMARY')).toEqual(['SUMMARY:Event #2', 'SUMMARY:Event #2 bis']);
    expect(text).toContain('RRULE');
    const moved = calendar(
      event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY'),
      event('DTSTART:20260301T100000Z', 'DURATION:PT1H', 'RECURRENCE-ID:20260106T100000Z', 'SUMMARY:moved'),
    );
    expect(shaped(moved, { limitRecurrenceSet: range('2026-01-06', '2026-01-07') })).toContain(
      'SUMMARY:moved',
    );
    expect(shaped(moved, { limitRecurrenceSet: range('2026-01-07', '2026-01-08') })).not.toContain(
      'SUMMARY:moved',
    );
  });

  it('limit-freebusy-set keeps periods within the range', () => {
    const reply = event(
      'FREEBUSY:20260105T100000Z/PT1H,20260110T100000Z/PT1H',
      'FREEBUSY;FBTYPE=FREE:20260120T100000Z/PT1H',
    );
    const text = shaped(calendar(reply.replaceAll('VEVENT', 'VFREEBUSY')), {
      limitFreeBusySet: range('2026-01-05', '2026-01-06'),
    });
    expect(lines(text, 'FREEBUSY')).toEqual(['FREEBUSY:20260105T100000Z/PT1H']);
  });
});

describe('chosen parts (RFC 4791 §7.8.1, §9.6.1)', () => {
  it('gives what was named, and names without values', () => {
    const name = (each: string, noValue = false): { name: string; noValue: boolean } => ({
      name: each,
      noValue,
    });
    const text = shaped(appendixB.abcd3, {
      parts: {
        name: 'VCALENDAR',
        properties: [name('VERSION')],
        components: [
          {
            name: 'VEVENT',
            properties: [name('SUMMARY'), name('UID'), name('ATTENDEE', true)],
            components: [],
          },
          { name: 'VTIMEZONE' },
        ],
      },
    });
    const start = text.indexOf('BEGIN:VEVENT');
    expect(text.slice(start).trim().split('\r\n')).toEqual([
      'BEGIN:VEVENT',
      'UID:DC6C50A017428C5216A2F1CD@example.com',
      expect.stringMatching(/^ATTENDEE(;VALUE=UNKNOWN)?:$/),
      expect.stringMatching(/^ATTENDEE(;VALUE=UNKNOWN)?:$/),
      'SUMMARY:Event #3',
      'END:VEVENT',
      'END:VCALENDAR',
    ]);
    expect(text).toContain('TZID:US/Eastern');
    expect(text).not.toContain('PRODID');
  });

  it('of a card are its chosen properties and the version', () => {
    const card =
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:A\r\nitem1.TEL:1\r\nTEL:2\r\nNOTE:n\r\nEND:VCARD\r\n';
    const choose = (...names: readonly string[]): string[] =>
      shapeText(card, {
        kind: 'address',
        version: '3.0',
        properties: names.map((name) => ({ name, noValue: false })),
      })
        .trim()
        .split('\r\n')
        .slice(1, -1);
    expect(choose('FN', 'TEL')).toEqual([
      'VERSION:3.0',
      'FN:A',
      expect.stringMatching(/^item1\.TEL/i),
      'TEL:2',
    ]);
    expect(choose('UID')).toEqual(['VERSION:3.0', 'UID:1']);
    expect(shapeText(card, { kind: 'whole' })).toBe(card);
  });
});
