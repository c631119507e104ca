// The Recurrence element of events and tasks ⇄ RecurrenceRule: a row for each pattern and range of types.xsd.
import type { RecurrenceEnd, RecurrenceRule, Weekday } from '../../model/recurrence.ts';
import type { LocalDate } from '../../model/time.ts';
import { childrenOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { ruleOf } from '../recurrence-rule.ts';
import { weekdays, type DayGroup, type DayIndex } from '../recurrence-days.ts';
import { patternOf, type Pattern, type SeriesStart, type Unit } from '../recurrence.ts';
import { childText } from './row.ts';
import { parseDate } from './times.ts';
import { meaningIn } from '../words.ts';

const dayNames = {
  SU: 'Sunday',
  MO: 'Monday',
  TU: 'Tuesday',
  WE: 'Wednesday',
  TH: 'Thursday',
  FR: 'Friday',
  SA: 'Saturday',
  weekday: 'Weekday',
  weekend: 'WeekendDay',
} satisfies Record<DayGroup, string>;

const dayGroups: Readonly<Record<string, DayGroup>> = {
  Sunday: 'SU',
  Monday: 'MO',
  Tuesday: 'TU',
  Wednesday: 'WE',
  Thursday: 'TH',
  Friday: 'FR',
  Saturday: 'SA',
  Weekday: 'weekday',
  WeekendDay: 'weekend',
};

const indexNames: readonly (readonly [DayIndex, string])[] = [
  [1, 'First'],
  [2, 'Second'],
  [3, 'Third'],
  [4, 'Fourth'],
  [-1, 'Last'],
];

const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const element = {
  interval: (value: number): Markup => xml('t:Interval', {}, value),
  days: (days: readonly DayGroup[]): Markup =>
    xml('t:DaysOfWeek', {}, days.map((day) => dayNames[day]).join(' ')),
  index: (index: DayIndex): Markup =>
    xml('t:DayOfWeekIndex', {}, indexNames.find(([each]) => each === index)?.[1]),
  day: (day: number): Markup => xml('t:DayOfMonth', {}, day),
  month: (month: number): Markup => xml('t:Month', {}, monthNames[month - 1]),
};

/** In the order of the schema within each. */
function renderPattern(pattern: Pattern): Markup {
  switch (pattern.kind) {
    case 'daily':
      return xml('t:DailyRecurrence', {}, element.interval(pattern.interval));
    case 'weekly':
      return xml(
        't:WeeklyRecurrence',
        {},
        element.interval(pattern.interval),
        element.days(pattern.days),
        xml('t:FirstDayOfWeek', {}, dayNames[pattern.firstDay]),
      );
    case 'absoluteMonthly':
      return xml(
        't:AbsoluteMonthlyRecurrence',
        {},
        element.interval(pattern.interval),
        element.day(pattern.day),
      );
    case 'relativeMonthly':
      return xml(
        't:RelativeMonthlyRecurrence',
        {},
        element.interval(pattern.interval),
        element.days([pattern.days]),
        element.index(pattern.index),
      );
    case 'absoluteYearly':
      return xml('t:AbsoluteYearlyRecurrence', {}, element.day(pattern.day), element.month(pattern.month));
    case 'relativeYearly':
      return xml(
        't:RelativeYearlyRecurrence',
        {},
        element.days([pattern.days]),
        element.index(pattern.index),
        element.month(pattern.month),
      );
    case 'regenerating':
      return xml(`t:${regenerations[pattern.unit]}`, {}, element.interval(pattern.interval));
  }
}

const regenerations = {
  DAILY: 'DailyRegeneration',
  WEEKLY: 'WeeklyRegeneration',
  MONTHLY: 'MonthlyRegeneration',
  YEARLY: 'YearlyRegeneration',
} satisfies Record<Unit, string>;

const patternReaders: Readonly<Record<string, (from: XmlElement) => Pattern | undefined>> = {
  DailyRecurrence: (from) => ({ kind: 'daily', interval: intervalIn(from) }),
  WeeklyRecurrence(from) {
    const days = daysIn(from).flatMap((group) => weekdaysOf(group));
    const firstDay = meaningIn(dayGroups, childText(from, 'FirstDayOfWeek').trim()) ?? 'SU'; // Exchange 2007 leaves it out
    if (days.length === 0 || !isWeekday(firstDay)) return undefined;
    const interval = intervalIn(from);
    return { kind: 'weekly', interval, days, firstDay: interval === 1 ? 'MO' : firstDay };
  },
  AbsoluteMonthlyRecurrence: (from) => ({
    kind: 'absoluteMonthly',
    interval: intervalIn(from),
    day: Number(childText(from, 'DayOfMonth')) || 1,
  }),
  RelativeMonthlyRecurrence(from) {
    const interval = intervalIn(from);
    const index = indexIn(from);
    if (index === undefined) return undefined;
    if (childText(from, 'DaysOfWeek').trim() === 'Day')
      return { kind: 'absoluteMonthly', interval, day: index === -1 ? 31 : index };
    const [days] = daysIn(from);
    return days && { kind: 'relativeMonthly', interval, days, index };
  },
  AbsoluteYearlyRecurrence(from) {
    const month = monthIn(from);
    return month === 0
      ? undefined
      : { kind: 'absoluteYearly', day: Number(childText(from, 'DayOfMonth')) || 1, month };
  },
  RelativeYearlyRecurrence(from) {
    const month = monthIn(from);
    const index = indexIn(from);
    if (index === undefined || month === 0) return undefined;
    if (childText(from, 'DaysOfWeek').trim() === 'Day')
      return { kind: 'absoluteYearly', day: index === -1 ? 31 : index, month };
    const [days] = daysIn(from);
    return days && { kind: 'relativeYearly', days, index, month };
  },
  DailyRegeneration: (from) => ({ kind: 'regenerating', unit: 'DAILY', interval: intervalIn(from) }),
  WeeklyRegeneration: (from) => ({ kind: 'regenerating', unit: 'WEEKLY', interval: intervalIn(from) }),
  MonthlyRegeneration: (from) => ({ kind: 'regenerating', unit: 'MONTHLY', interval: intervalIn(from) }),
  YearlyRegeneration: (from) => ({ kind: 'regenerating', unit: 'YEARLY', interval: intervalIn(from) }),
};

const rangeReaders: Readonly<Record<string, (from: XmlElement) => RecurrenceEnd | undefined>> = {
  NoEndRecurrence: () => ({ kind: 'never' }),
  NumberedRecurrence: (from) => ({
    kind: 'count',
    count: Number(childText(from, 'NumberOfOccurrences')) || 1,
  }),
  EndDateRecurrence(from) {
    const until = parseDate(childText(from, 'EndDate'));
    return until === undefined ? undefined : { kind: 'until', until };
  },
};

/** Undefined when the element holds no pattern known here. */
export function parseRecurrence(recurrence: XmlElement, start?: LocalDate): RecurrenceRule | undefined {
  let pattern: Pattern | undefined;
  let end: RecurrenceEnd | undefined;
  let first = start;
  for (const child of childrenOf(recurrence)) {
    // An element may be called like what every object inherits.
    pattern ??= meaningIn(patternReaders, child.name)?.(child);
    end ??= meaningIn(rangeReaders, child.name)?.(child);
    first ??= parseDate(childText(child, 'StartDate'));
  }
  if (pattern === undefined || end === undefined || first === undefined) return undefined;
  return ruleOf(pattern, first, end);
}

/** The first date of the range, whatever its kind. */
export function rangeStartOf(recurrence: XmlElement): LocalDate | undefined {
  return childrenOf(recurrence)
    .map((child) => parseDate(childText(child, 'StartDate')))
    .find((date) => date !== undefined);
}

/** A rule that `express` has accepted. */
export function renderRecurrence(rule: RecurrenceRule, start: SeriesStart): Markup | undefined {
  const pattern = patternOf(rule, start);
  if (pattern.kind === 'refuse') return undefined;
  return xml('t:Recurrence', {}, renderPattern(pattern), renderRange(rule.end, start.date));
}

function renderRange(end: RecurrenceEnd, start: LocalDate): Markup {
  const from = xml('t:StartDate', {}, start);
  switch (end.kind) {
    case 'never':
      return xml('t:NoEndRecurrence', {}, from);
    case 'until':
      return xml('t:EndDateRecurrence', {}, from, xml('t:EndDate', {}, end.until));
    case 'count':
      return xml('t:NumberedRecurrence', {}, from, xml('t:NumberOfOccurrences', {}, end.count));
  }
}

function intervalIn(from: XmlElement): number {
  return Math.max(1, Number(childText(from, 'Interval')) || 1);
}

function indexIn(from: XmlElement): DayIndex | undefined {
  const text = childText(from, 'DayOfWeekIndex').trim();
  return indexNames.find(([, name]) => name === text)?.[0];
}

function monthIn(from: XmlElement): number {
  return monthNames.indexOf(childText(from, 'Month').trim()) + 1;
}

function daysIn(from: XmlElement): readonly DayGroup[] {
  return childText(from, 'DaysOfWeek')
    .split(/\s+/)
    .flatMap((name) => meaningIn(dayGroups, name) ?? []);
}

/** Groups are not allowed in weekly patterns since 2013 SP1, but older ones are stored. */
function weekdaysOf(group: DayGroup): readonly Weekday[] {
  if (group === 'weekday') return weekdays.slice(0, 5);
  return group === 'weekend' ? weekdays.slice(5) : [group];
}

function isWeekday(group: DayGroup): group is Weekday {
  return group !== 'weekday' && group !== 'weekend';
}
