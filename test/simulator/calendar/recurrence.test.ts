// Dates, indexes and refusals of the simulator's recurrence arithmetic.
import { describe, expect, test } from 'vitest';
import {
  datesFrom,
  indexOfDate,
  instanceDate,
  lastIndex,
  parseRecurrence,
  regeneratedDate,
  renderRecurrence,
  utcZone,
  zoneOf,
  type Recurrence,
} from '../../../simulator/calendar/index.ts';
import { parseXml } from '../../../src/xml/index.ts';

const types = 'http://schemas.microsoft.com/exchange/services/2006/types';
const recurrence = (inner: string): Recurrence =>
  parseRecurrence(
    parseXml(
      `<Recurrence xmlns="${types}">${inner.replace(/<(\w+) (.*?)\/>/g, (_, name: string, fields: string) => {
        const children = [...fields.matchAll(/(\w+)="([^"]*)"/g)].map(
          ([, key, value]) => `<${key}>${value}</${key}>`,
        );
        return `<${name}>${children.join('')}</${name}>`;
      })}</Recurrence>`,
    ),
  );
const from = (start: string) => `<NoEndRecurrence StartDate="${start}" />`;
const dates = (value: Recurrence, count: number, start?: string): string[] => {
  const found: string[] = [];
  for (const { date } of datesFrom(value, start)) {
    found.push(date);
    if (found.length === count) break;
  }
  return found;
};

describe('dates of each pattern', () => {
  test.each([
    ['<DailyRecurrence Interval="3" />', '2026-02-27', ['2026-02-27', '2026-03-02', '2026-03-05']],
    [
      '<WeeklyRecurrence Interval="2" DaysOfWeek="Monday Wednesday" FirstDayOfWeek="Monday" />',
      '2026-01-07',
      ['2026-01-07', '2026-01-19', '2026-01-21', '2026-02-02'],
    ],
    // RFC 5545 §3.3.10's example: the first day of the week decides which weeks are skipped.
    [
      '<WeeklyRecurrence Interval="2" DaysOfWeek="Tuesday Sunday" FirstDayOfWeek="Monday" />',
      '1997-08-05',
      ['1997-08-05', '1997-08-10', '1997-08-19', '1997-08-24'],
    ],
    [
      '<WeeklyRecurrence Interval="2" DaysOfWeek="Tuesday Sunday" FirstDayOfWeek="Sunday" />',
      '1997-08-05',
      ['1997-08-05', '1997-08-17', '1997-08-19', '1997-08-31'],
    ],
    [
      '<AbsoluteMonthlyRecurrence Interval="1" DayOfMonth="31" />',
      '2024-01-31',
      ['2024-01-31', '2024-02-29', '2024-03-31', '2024-04-30'],
    ],
    [
      '<AbsoluteMonthlyRecurrence Interval="12" DayOfMonth="5" />',
      '2025-06-10',
      ['2026-06-05', '2027-06-05'],
    ],
    [
      '<RelativeMonthlyRecurrence Interval="1" DaysOfWeek="Weekday" DayOfWeekIndex="Last" />',
      '2026-01-01',
      ['2026-01-30', '2026-02-27', '2026-03-31', '2026-04-30', '2026-05-29'],
    ],
    [
      '<RelativeMonthlyRecurrence Interval="2" DaysOfWeek="Tuesday" DayOfWeekIndex="Second" />',
      '2026-01-13',
      ['2026-01-13', '2026-03-10', '2026-05-12'],
    ],
    [
      '<RelativeMonthlyRecurrence Interval="1" DaysOfWeek="WeekendDay" DayOfWeekIndex="First" />',
      '2026-08-01',
      ['2026-08-01', '2026-09-05', '2026-10-03', '2026-11-01'],
    ],
    [
      '<AbsoluteYearlyRecurrence DayOfMonth="29" Month="February" />',
      '2024-02-29',
      ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28', '2028-02-29'],
    ],
    [
      '<RelativeYearlyRecurrence DaysOfWeek="Sunday" DayOfWeekIndex="Last" Month="October" />',
      '2025-10-26',
      ['2025-10-26', '2026-10-25', '2027-10-31'],
    ],
    [
      '<RelativeYearlyRecurrence DaysOfWeek="Day" DayOfWeekIndex="Last" Month="February" />',
      '2024-01-01',
      ['2024-02-29', '2025-02-28'],
    ],
    ['<MonthlyRegeneration Interval="1" />', '2026-01-31', ['2026-01-31', '2026-02-28', '2026-03-31']],
  ])('%s from %s', (pattern, start, expected) => {
    expect(dates(recurrence(pattern + from(start)), expected.length)).toEqual(expected);
  });

  test('a jump far ahead agrees with walking, for every pattern', () => {
    for (const pattern of [
      '<DailyRecurrence Interval="7" />',
      '<WeeklyRecurrence Interval="3" DaysOfWeek="Monday Thursday Saturday" FirstDayOfWeek="Wednesday" />',
      '<AbsoluteMonthlyRecurrence Interval="5" DayOfMonth="30" />',
      '<RelativeMonthlyRecurrence Interval="3" DaysOfWeek="Friday" DayOfWeekIndex="Last" />',
      '<AbsoluteYearlyRecurrence DayOfMonth="29" Month="February" />',
      '<RelativeYearlyRecurrence DaysOfWeek="Weekday" DayOfWeekIndex="Fourth" Month="May" />',
    ]) {
      const value = recurrence(pattern + from('2019-11-20'));
      const walked: { index: number; date: string }[] = [];
      for (const found of datesFrom(value)) {
        if (found.date > '2060') break;
        walked.push(found);
      }
      for (let day = 0; day < 300; day += 1) {
        const start = new Date(Date.UTC(2019, 9, 1) + day * 47 * 86_400_000).toISOString().slice(0, 10);
        const expected = walked.find(({ date }) => date >= start);
        const [first] = datesFrom(value, start);
        expect(first, `${pattern} from ${start}`).toEqual(expected ?? first);
        if (expected !== undefined) {
          expect(instanceDate(value, expected.index)).toBe(expected.date);
          expect(indexOfDate(value, expected.date)).toBe(expected.index);
        }
      }
      expect(walked.map(({ index }) => index)).toEqual(walked.map((_, position) => position + 1));
    }
  });

  test('a series without end is cheap in the year 4000 and stops in 4500', () => {
    const value = recurrence('<DailyRecurrence Interval="1" />' + from('2020-01-01'));
    expect(dates(value, 1, '4000-01-01')).toEqual(['4000-01-01']);
    expect(dates(value, 5, '4500-08-30')).toEqual(['4500-08-30', '4500-08-31']);
    expect(lastIndex(value)).toBeUndefined();
    expect(indexOfDate(value, '2020-01-02')).toBe(2);
  });

  test('ranges: an inclusive end and a count over the original pattern', () => {
    const ended = recurrence(
      '<DailyRecurrence Interval="1" /><EndDateRecurrence StartDate="2014-03-08-08:00" EndDate="2014-03-10-07:00" />',
    );
    expect(dates(ended, 9)).toEqual(['2014-03-08', '2014-03-09', '2014-03-10']);
    expect(lastIndex(ended)).toBe(3);
    expect(instanceDate(ended, 4)).toBeUndefined();
    expect(indexOfDate(ended, '2014-03-11')).toBeUndefined();
    const counted = recurrence(
      '<WeeklyRecurrence Interval="1" DaysOfWeek="Friday" /><NumberedRecurrence StartDate="2026-01-01" NumberOfOccurrences="2" />',
    );
    expect(dates(counted, 9)).toEqual(['2026-01-02', '2026-01-09']);
    expect(instanceDate(counted, 0)).toBeUndefined();
  });

  test('a regenerating task goes on from the day it was completed', () => {
    expect(regeneratedDate({ kind: 'WeeklyRegeneration', interval: 2 }, '2026-01-05')).toBe('2026-01-19');
    expect(regeneratedDate({ kind: 'YearlyRegeneration', interval: 1 }, '2024-02-29')).toBe('2025-02-28');
  });
});

describe('what the server refuses', () => {
  const week = '<DailyRecurrence Interval="1" />';
  test.each([
    ['<DailyRecurrence Interval="0" />' + from('2026-01-01'), 'ErrorCalendarOutOfRange'],
    ['<DailyRecurrence Interval="1000" />' + from('2026-01-01'), 'ErrorCalendarOutOfRange'],
    [
      '<AbsoluteMonthlyRecurrence Interval="1" DayOfMonth="32" />' + from('2026-01-01'),
      'ErrorCalendarOutOfRange',
    ],
    [
      '<AbsoluteYearlyRecurrence DayOfMonth="30" Month="February" />' + from('2026-01-01'),
      'ErrorCalendarOutOfRange',
    ],
    [
      '<WeeklyRecurrence Interval="1" DaysOfWeek="Weekday" />' + from('2026-01-01'),
      'ErrorCalendarInvalidDayForWeeklyRecurrence',
    ],
    [
      `${week}<EndDateRecurrence StartDate="2026-01-02" EndDate="2026-01-01" />`,
      'ErrorCalendarEndDateIsEarlierThanStartDate',
    ],
    [
      `${week}<EndDateRecurrence StartDate="2026-01-02" EndDate="4501-01-01" />`,
      'ErrorRecurrenceEndDateTooBig',
    ],
    [
      `${week}<NumberedRecurrence StartDate="2026-01-02" NumberOfOccurrences="1000" />`,
      'ErrorCalendarOutOfRange',
    ],
    [
      '<WeeklyRecurrence Interval="1" DaysOfWeek="Monday" /><EndDateRecurrence StartDate="2026-01-06" EndDate="2026-01-08" />',
      'ErrorRecurrenceHasNoOccurrence',
    ],
  ])('%s', (inner, code) => {
    expect(() => recurrence(inner)).toThrow(expect.objectContaining({ code }));
  });
});

describe('rendering', () => {
  test.each([
    '<t:DailyRecurrence><t:Interval>2</t:Interval></t:DailyRecurrence>',
    '<t:WeeklyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek><t:FirstDayOfWeek>Monday</t:FirstDayOfWeek></t:WeeklyRecurrence>',
    '<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval><t:DayOfMonth>31</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>',
    '<t:RelativeMonthlyRecurrence><t:Interval>1</t:Interval><t:DaysOfWeek>Day</t:DaysOfWeek><t:DayOfWeekIndex>Last</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>',
    '<t:AbsoluteYearlyRecurrence><t:DayOfMonth>1</t:DayOfMonth><t:Month>May</t:Month></t:AbsoluteYearlyRecurrence>',
    '<t:RelativeYearlyRecurrence><t:DaysOfWeek>Sunday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex><t:Month>May</t:Month></t:RelativeYearlyRecurrence>',
    '<t:YearlyRegeneration><t:Interval>1</t:Interval></t:YearlyRegeneration>',
  ])('%s comes back', (pattern) => {
    const range =
      '<t:NumberedRecurrence><t:StartDate>2014-03-08Z</t:StartDate><t:NumberOfOccurrences>10</t:NumberOfOccurrences></t:NumberedRecurrence>';
    const text = `<t:Recurrence>${pattern}${range}</t:Recurrence>`;
    const parsed = parseRecurrence(
      parseXml(text.replace('<t:Recurrence>', `<t:Recurrence xmlns:t="${types}">`)),
    );
    expect(renderRecurrence(parsed, utcZone).xml).toBe(text);
  });

  test('range dates carry the offset of the zone on that day', () => {
    const value = recurrence(
      '<DailyRecurrence Interval="1" /><EndDateRecurrence StartDate="2014-03-08" EndDate="2014-06-01" />',
    );
    const text = renderRecurrence(value, zoneOf('Pacific Standard Time')!).xml;
    expect(text).toContain('<t:StartDate>2014-03-08-08:00</t:StartDate>');
    expect(text).toContain('<t:EndDate>2014-06-01-07:00</t:EndDate>');
  });
});
