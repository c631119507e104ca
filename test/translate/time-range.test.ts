// CALDAV:time-range: every table of RFC 4791 §9.9.
import { describe, expect, it } from 'vitest';
import type { CalendarFilter } from '../../src/model/filter.ts';
import { matchesCalendar } from '../../src/translate/filters.ts';
import { at, between, comp, inside, prop } from './filter-parts.ts';
import { calendar, event, todo } from './objects.ts';

const matchesRange = (object: string, name: string, from: string, to: string, zone?: string): boolean =>
  matchesCalendar(calendar(object), inside(comp(name, { timeRange: between(from, to) }), zone));

describe('§9.9 time-range', () => {
  it.each([
    [
      'DTEND: touching the end is outside',
      ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z'],
      '2026-01-05T11:00:00',
      '2026-01-06',
      false,
    ],
    [
      'DTEND: touching the start is outside',
      ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z'],
      '2026-01-04',
      '2026-01-05T10:00:00',
      false,
    ],
    [
      'DTEND: one second in',
      ['DTSTART:20260105T100000Z', 'DTEND:20260105T110000Z'],
      '2026-01-05T10:59:59',
      '2026-01-06',
      true,
    ],
    [
      'DURATION',
      ['DTSTART:20260105T100000Z', 'DURATION:PT1H'],
      '2026-01-05T10:30:00',
      '2026-01-05T10:31:00',
      true,
    ],
    [
      'DURATION of nothing at the start of the range',
      ['DTSTART:20260105T100000Z', 'DURATION:PT0S'],
      '2026-01-05T10:00:00',
      '2026-01-06',
      true,
    ],
    [
      'DTSTART alone at the end of the range',
      ['DTSTART:20260105T100000Z'],
      '2026-01-04',
      '2026-01-05T10:00:00',
      false,
    ],
    ['DTSTART alone within', ['DTSTART:20260105T100000Z'], '2026-01-05', '2026-01-06', true],
    ['a date lasts its day', ['DTSTART;VALUE=DATE:20260105'], '2026-01-05T23:00:00', '2026-01-06', true],
    ['a date ends with its day', ['DTSTART;VALUE=DATE:20260105'], '2026-01-06', '2026-01-07', false],
    [
      'several dates',
      ['DTSTART;VALUE=DATE:20260105', 'DTEND;VALUE=DATE:20260108'],
      '2026-01-07T12:00:00',
      '2026-01-09',
      true,
    ],
    [
      'a zone',
      ['DTSTART;TZID=Europe/Vienna:20260701T000000', 'DURATION:PT1H'],
      '2026-06-30T22:00:00',
      '2026-06-30T22:30:00',
      true,
    ],
    ['an unknown event has no time', ['SUMMARY:x'], '2026-01-01', '2027-01-01', false],
  ] as const)('VEVENT %s', (_, lines, from, to, expected) => {
    expect(matchesRange(event(...lines), 'VEVENT', from, to)).toBe(expected);
  });

  it('floating times and dates count in the zone of the query', () => {
    const day = event('DTSTART;VALUE=DATE:20260105');
    expect(matchesRange(day, 'VEVENT', '2026-01-06T02:00:00', '2026-01-06T03:00:00')).toBe(false);
    expect(
      matchesRange(day, 'VEVENT', '2026-01-06T02:00:00', '2026-01-06T03:00:00', 'America/New_York'),
    ).toBe(true);
    const floating = event('DTSTART:20260105T090000', 'DURATION:PT1H');
    expect(
      matchesRange(floating, 'VEVENT', '2026-01-05T14:30:00', '2026-01-05T15:00:00', 'America/New_York'),
    ).toBe(true);
  });

  it.each([
    ['open to the past', { to: at('2026-01-05') }, false],
    ['open to the past, later', { to: at('2026-01-07') }, true],
    ['open to the future', { from: at('2031-01-01') }, true],
    ['after COUNT ran out', { from: at('2026-01-05'), to: at('2026-01-07') }, true],
  ] as const)('a series and a range %s', (_, timeRange, expected) => {
    const series = calendar(event('DTSTART:20260106T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY'));
    expect(matchesCalendar(series, inside(comp('VEVENT', { timeRange })))).toBe(expected);
  });

  it('a series that ended does not reach into an open future', () => {
    const series = calendar(event('DTSTART:20260106T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=3'));
    const filter = (from: string): CalendarFilter =>
      inside(comp('VEVENT', { timeRange: { from: at(from) } }));
    expect(matchesCalendar(series, filter('2026-01-20T10:30:00'))).toBe(true);
    expect(matchesCalendar(series, filter('2026-01-20T11:00:00'))).toBe(false);
  });

  it('an excluded and a moved instance are not where they were', () => {
    const series = [
      event(
        'DTSTART;TZID=Europe/Vienna:20260105T100000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;COUNT=5',
        'EXDATE:20260106T090000Z',
      ),
      event(
        'RECURRENCE-ID;TZID=Europe/Vienna:20260107T100000',
        'DTSTART;TZID=Europe/Vienna:20260120T100000',
        'DURATION:PT1H',
      ),
    ].join('\n');
    expect(matchesRange(series, 'VEVENT', '2026-01-06', '2026-01-07')).toBe(false);
    expect(matchesRange(series, 'VEVENT', '2026-01-07', '2026-01-08')).toBe(false);
    expect(matchesRange(series, 'VEVENT', '2026-01-20', '2026-01-21')).toBe(true);
  });

  it('a rule that nobody expands may match', () => {
    const strange = event('DTSTART:20200101T000000Z', 'RRULE:FREQ=MINUTELY');
    expect(matchesRange(strange, 'VEVENT', '2026-01-06', '2026-01-07')).toBe(true);
  });

  const day = ['2026-01-05', '2026-01-06'] as const;
  it.each([
    ['DTSTART + DURATION', ['DTSTART:20260104T230000Z', 'DURATION:PT2H'], ...day, true],
    ['DTSTART + DURATION, ended at the start', ['DTSTART:20260104T230000Z', 'DURATION:PT1H'], ...day, true],
    ['DTSTART + DURATION, before', ['DTSTART:20260104T220000Z', 'DURATION:PT1H'], ...day, false],
    ['DTSTART + DUE', ['DTSTART:20260104T100000Z', 'DUE:20260105T000001Z'], ...day, true],
    ['DTSTART + DUE, due at the start', ['DTSTART:20260104T100000Z', 'DUE:20260105T000000Z'], ...day, false],
    ['DTSTART', ['DTSTART:20260105T000000Z'], ...day, true],
    ['DTSTART at the end', ['DTSTART:20260106T000000Z'], ...day, false],
    ['DUE at the end', ['DUE:20260106T000000Z'], ...day, true],
    ['DUE at the start', ['DUE:20260105T000000Z'], ...day, false],
    [
      'COMPLETED and CREATED around',
      ['CREATED:20260101T000000Z', 'COMPLETED:20260110T000000Z'],
      ...day,
      true,
    ],
    [
      'COMPLETED and CREATED before',
      ['CREATED:20260101T000000Z', 'COMPLETED:20260103T000000Z'],
      ...day,
      false,
    ],
    ['COMPLETED', ['COMPLETED:20260105T120000Z'], ...day, true],
    ['COMPLETED before', ['COMPLETED:20260104T120000Z'], ...day, false],
    ['CREATED before', ['CREATED:20250101T120000Z'], ...day, true],
    ['CREATED after', ['CREATED:20260106T120000Z'], ...day, false],
    ['nothing', ['SUMMARY:x'], ...day, true],
    ['a series of DUE', ['DUE:20260102T120000Z', 'RRULE:FREQ=DAILY;INTERVAL=3'], ...day, true],
    ['a series of DUE, between', ['DUE:20260101T120000Z', 'RRULE:FREQ=DAILY;INTERVAL=3'], ...day, false],
  ] as const)('VTODO %s', (_, lines, from, to, expected) => {
    expect(matchesRange(todo(...lines), 'VTODO', from, to)).toBe(expected);
  });

  it.each([
    ['at a time', ['DTSTART:20260105T120000Z'], true],
    ['on a date', ['DTSTART;VALUE=DATE:20260105'], true],
    ['on the day before', ['DTSTART;VALUE=DATE:20260104'], false],
    ['without a date', ['SUMMARY:x'], false],
  ] as const)('VJOURNAL %s', (_, lines, expected) => {
    const journal = event(...lines).replaceAll('VEVENT', 'VJOURNAL');
    expect(matchesRange(journal, 'VJOURNAL', ...day)).toBe(expected);
  });

  it.each([
    ['DTSTART and DTEND', ['DTSTART:20260104T120000Z', 'DTEND:20260105T000000Z'], true],
    ['periods', ['FREEBUSY:20260105T100000Z/PT1H,20260110T100000Z/PT1H'], true],
    ['periods elsewhere', ['FREEBUSY:20260104T230000Z/PT1H,20260110T100000Z/PT1H'], false],
    ['nothing', [], false],
  ] as const)('VFREEBUSY %s', (_, lines, expected) => {
    const reply = event(...lines).replaceAll('VEVENT', 'VFREEBUSY');
    expect(matchesRange(reply, 'VFREEBUSY', ...day)).toBe(expected);
  });

  it.each([
    ['before the start', ['TRIGGER:-PT30M'], '2026-01-05T09:30:00', true],
    ['not at the start', ['TRIGGER:-PT30M'], '2026-01-05T10:00:00', false],
    ['after the end', ['TRIGGER;RELATED=END:PT5M'], '2026-01-05T11:05:00', true],
    ['again and again', ['TRIGGER:-PT30M', 'REPEAT:2', 'DURATION:PT10M'], '2026-01-05T09:50:00', true],
    [
      'not more often than that',
      ['TRIGGER:-PT30M', 'REPEAT:2', 'DURATION:PT10M'],
      '2026-01-05T10:00:00',
      false,
    ],
    ['a week before', ['TRIGGER:-P7D'], '2025-12-29T10:00:00', true],
    ['of a later instance', ['TRIGGER:-PT30M'], '2026-02-05T09:30:00', true],
    ['at a fixed time', ['TRIGGER;VALUE=DATE-TIME:20260101T080000Z'], '2026-01-01T08:00:00', true],
  ] as const)('VALARM rings %s', (_, lines, minute, expected) => {
    const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', ...lines, 'END:VALARM'];
    const object = calendar(event('DTSTART:20260105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY', ...alarm));
    const once = calendar(event('DTSTART:20260105T100000Z', 'DURATION:PT1H', ...alarm));
    const timeRange = { from: at(minute), to: at(minute) + 60_000 };
    const filter = inside(comp('VEVENT', { comps: [comp('VALARM', { timeRange })] }));
    const isLater = minute.startsWith('2026-02');
    expect(matchesCalendar(isLater ? object : once, filter)).toBe(expected);
  });

  it('of properties', () => {
    const object = calendar(
      event('DTSTART:20260105T100000Z', 'CREATED:20260103T100000Z', 'X-DAY;VALUE=DATE:20260107'),
    );
    const asked = (name: string, from: string, to: string): boolean =>
      matchesCalendar(
        object,
        inside(comp('VEVENT', { props: [prop(name, { timeRange: between(from, to) })] })),
      );
    expect(asked('CREATED', '2026-01-03', '2026-01-04')).toBe(true);
    expect(asked('CREATED', '2026-01-04', '2026-01-05')).toBe(false);
    expect(asked('X-DAY', '2026-01-07T22:00:00', '2026-01-09')).toBe(true);
    expect(asked('SUMMARY', '2026-01-03', '2026-01-04')).toBe(false);
  });
});
