// calendar-query's filters: the examples of RFC 4791 §7.8, texts, parameters and absence.
import { describe, expect, it } from 'vitest';
import type { CalendarFilter, CalendarPropFilter } from '../../src/model/filter.ts';
import { matchesCalendar, rangeOf } from '../../src/translate/filters.ts';
import { between, comp, inside, prop, text } from './filter-parts.ts';
import { appendixB, calendar, event } from './objects.ts';

const found = (filter: CalendarFilter): string[] =>
  Object.entries(appendixB).flatMap(([name, object]) => (matchesCalendar(object, filter) ? [name] : []));

describe('RFC 4791 §7.8', () => {
  it('7.8.1 events of a time range', () => {
    const filter = inside(comp('VEVENT', { timeRange: between('2006-01-04', '2006-01-05') }));
    expect(found(filter)).toEqual(['abcd2', 'abcd3']);
  });

  it('7.8.5 to-dos by the time of their alarms', () => {
    const alarm = comp('VALARM', { timeRange: between('2006-01-06', '2006-01-07') });
    // The alarm of Task #2 rings ten minutes before its DUE of 6 January: on the 5th in UTC, on the 6th west of it.
    expect(found(inside(comp('VTODO', { comps: [alarm] })))).toEqual([]);
    expect(found(inside(comp('VTODO', { comps: [alarm] }), 'America/New_York'))).toEqual(['abcd5']);
  });

  it('7.8.6 by UID', () => {
    const uid = prop('UID', {
      textMatch: text('DC6C50A017428C5216A2F1CD@example.com', { collation: 'i;octet' }),
    });
    expect(found(inside(comp('VEVENT', { props: [uid] })))).toEqual(['abcd3']);
  });

  it('7.8.7 by PARTSTAT of an attendee', () => {
    const attendee = prop('ATTENDEE', {
      textMatch: text('mailto:lisa@example.com'),
      params: [{ name: 'PARTSTAT', isNotDefined: false, textMatch: text('NEEDS-ACTION') }],
    });
    expect(found(inside(comp('VEVENT', { props: [attendee] })))).toEqual(['abcd3']);
  });

  it('7.8.8 events only', () => expect(found(inside(comp('VEVENT')))).toEqual(['abcd1', 'abcd2', 'abcd3']));

  it('7.8.9 pending to-dos', () => {
    const props = [
      prop('COMPLETED', { isNotDefined: true }),
      prop('STATUS', { textMatch: text('CANCELLED', { negate: true }) }),
    ];
    expect(found(inside(comp('VTODO', { props })))).toEqual(['abcd4', 'abcd5']);
  });

  it('7.8.10 a property no object has', () => {
    const props = [prop('X-ABC-GUID', { textMatch: text('ABC') })];
    expect(found(inside(comp('VEVENT', { props })))).toEqual([]);
  });
});

describe('text and structure', () => {
  const object = calendar(
    event(
      'DTSTART:20260105T100000Z',
      'SUMMARY:Über uns\\, alle',
      'CATEGORIES:Work,Home Office',
      'ATTENDEE;MEMBER="mailto:a@x","mailto:b@x":mailto:c@x',
    ),
  );
  const matches = (filter: CalendarPropFilter): boolean =>
    matchesCalendar(object, inside(comp('VEVENT', { props: [filter] })));

  it.each([
    ['ascii folds a to z only', 'SUMMARY', text('über'), false],
    ['ascii folds the rest', 'SUMMARY', text('UNS'), true],
    ['unicode folds all', 'SUMMARY', text('ÜBER', { collation: 'i;unicode-casemap' }), true],
    ['octet folds nothing', 'SUMMARY', text('UNS', { collation: 'i;octet' }), false],
    ['values are unescaped', 'SUMMARY', text('uns, alle'), true],
    ['each of several values', 'CATEGORIES', text('home office'), true],
    ['negated', 'SUMMARY', text('zzz', { negate: true }), true],
    ['negated, found', 'SUMMARY', text('uns', { negate: true }), false],
    ['a property that is not there', 'LOCATION', text('x', { negate: true }), false],
    ['a time as on the wire', 'DTSTART', text('20260105T1000'), true],
  ] as const)('%s', (_, name, textMatch, expected) =>
    expect(matches(prop(name, { textMatch }))).toBe(expected),
  );

  it('sees parameters', () => {
    const param = (name: string, options: object): CalendarPropFilter =>
      prop('ATTENDEE', { params: [{ name, isNotDefined: false, ...options }] });
    expect(matches(param('MEMBER', { textMatch: text('mailto:b@x') }))).toBe(true);
    expect(matches(param('MEMBER', {}))).toBe(true);
    expect(matches(param('RSVP', {}))).toBe(false);
    expect(matches(param('RSVP', { isNotDefined: true }))).toBe(true);
  });

  it('sees what is not there', () => {
    expect(matches(prop('LOCATION', { isNotDefined: true }))).toBe(true);
    expect(matches(prop('SUMMARY', { isNotDefined: true }))).toBe(false);
    expect(matchesCalendar(object, inside(comp('VTODO', { isNotDefined: true })))).toBe(true);
    expect(
      matchesCalendar(object, inside(comp('VEVENT', { comps: [comp('VALARM', { isNotDefined: true })] }))),
    ).toBe(true);
    expect(matchesCalendar(object, { comp: comp('VCALENDAR') })).toBe(true);
    expect(matchesCalendar(object, { comp: comp('VCALENDAR', { isNotDefined: true }) })).toBe(false);
  });

  it('tells the range that a match must touch', () => {
    const timeRange = between('2026-01-01', '2026-02-01');
    expect(rangeOf(inside(comp('VEVENT', { timeRange })))).toEqual({ component: 'VEVENT', range: timeRange });
    expect(rangeOf(inside(comp('vtodo')))).toEqual({ component: 'VTODO' });
    expect(rangeOf(inside(comp('VEVENT', { comps: [comp('VALARM', { timeRange })] })))).toEqual({
      component: 'VEVENT',
    });
    expect(rangeOf({ comp: comp('VCALENDAR') })).toBeUndefined();
    expect(rangeOf(inside(comp('VEVENT', { isNotDefined: true, timeRange })))).toBeUndefined();
  });
});
