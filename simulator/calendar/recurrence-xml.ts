// t:Recurrence of requests and answers (types.xsd: RecurrenceType, TaskRecurrenceType).
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../src/xml/index.ts';
import { dayNames, daysInMonth, monthNames, parseDate, type DayName, type PlainDayName } from './days.ts';
import {
  lastIndex,
  type DayOfWeekIndex,
  type Pattern,
  type Recurrence,
  type RecurrenceRange,
  type Regeneration,
} from './recurrence.ts';
import { CalendarRefusal } from './refusal.ts';
import { offsetText, type SimZone, offsetAt, toInstant } from './zone.ts';

/** @throws CalendarRefusal */
export function parseRecurrence(element: XmlElement): Recurrence {
  const [patternElement, rangeElement] = childrenOf(element);
  if (patternElement === undefined || rangeElement === undefined)
    throw new CalendarRefusal('ErrorCalendarInvalidRecurrence');
  const recurrence = { pattern: parsePattern(patternElement), range: parseRange(rangeElement) };
  if (lastIndex(recurrence) === 0) throw new CalendarRefusal('ErrorRecurrenceHasNoOccurrence');
  return recurrence;
}

/** Range dates carry the zone's offset, as real answers have them: `2014-03-08-08:00`. */
export function renderRecurrence(recurrence: Recurrence, zone: SimZone): Markup {
  return xml('t:Recurrence', {}, renderPattern(recurrence.pattern), renderRange(recurrence.range, zone));
}

function parsePattern(element: XmlElement): Pattern {
  const read = patternReaders[element.name];
  if (read === undefined) throw new CalendarRefusal('ErrorCalendarInvalidRecurrence');
  return read(element);
}

const patternReaders: Readonly<Record<string, (element: XmlElement) => Pattern>> = {
  DailyRecurrence: (element) => ({ kind: 'Daily', interval: interval(element, 999) }),
  WeeklyRecurrence: (element) => ({
    kind: 'Weekly',
    interval: interval(element, 99),
    daysOfWeek: weekDayNames(element),
    firstDayOfWeek: firstDayOfWeek(element),
  }),
  AbsoluteMonthlyRecurrence: (element) => ({
    kind: 'AbsoluteMonthly',
    interval: interval(element, 99),
    dayOfMonth: integer(element, 'DayOfMonth', 31),
  }),
  RelativeMonthlyRecurrence: (element) => ({
    kind: 'RelativeMonthly',
    interval: interval(element, 99),
    daysOfWeek: pick(element, 'DaysOfWeek', anyDayNames),
    dayOfWeekIndex: pick(element, 'DayOfWeekIndex', dayOfWeekIndexes),
  }),
  AbsoluteYearlyRecurrence: (element) => {
    const month = pick(element, 'Month', monthNames);
    // 2004: a leap year, so that 29 February is a date.
    const longest = daysInMonth(2004, monthNames.indexOf(month));
    return { kind: 'AbsoluteYearly', dayOfMonth: integer(element, 'DayOfMonth', longest), month };
  },
  RelativeYearlyRecurrence: (element) => ({
    kind: 'RelativeYearly',
    daysOfWeek: pick(element, 'DaysOfWeek', anyDayNames),
    dayOfWeekIndex: pick(element, 'DayOfWeekIndex', dayOfWeekIndexes),
    month: pick(element, 'Month', monthNames),
  }),
  DailyRegeneration: regeneration('DailyRegeneration', 999),
  WeeklyRegeneration: regeneration('WeeklyRegeneration', 99),
  MonthlyRegeneration: regeneration('MonthlyRegeneration', 99),
  YearlyRegeneration: regeneration('YearlyRegeneration', 99),
};

function regeneration(kind: Regeneration, most: number): (element: XmlElement) => Pattern {
  return (element) => ({ kind, interval: interval(element, most) });
}

const anyDayNames: readonly DayName[] = [...dayNames, 'Day', 'Weekday', 'WeekendDay'];
const dayOfWeekIndexes: readonly DayOfWeekIndex[] = ['First', 'Second', 'Third', 'Fourth', 'Last'];

function parseRange(element: XmlElement): RecurrenceRange {
  const startDate = date(element, 'StartDate');
  if (element.name === 'NoEndRecurrence') return { kind: 'NoEnd', startDate };
  if (element.name === 'NumberedRecurrence')
    return { kind: 'Numbered', startDate, count: integer(element, 'NumberOfOccurrences', 999) };
  if (element.name !== 'EndDateRecurrence') throw new CalendarRefusal('ErrorCalendarInvalidRecurrence');
  const endDate = date(element, 'EndDate');
  if (endDate < startDate) throw new CalendarRefusal('ErrorCalendarEndDateIsEarlierThanStartDate');
  if (endDate > '4500-09-01') throw new CalendarRefusal('ErrorRecurrenceEndDateTooBig');
  return { kind: 'EndDate', startDate, endDate };
}

/** The date as written: an offset behind it says where it was meant, and changes nothing. */
function date(element: XmlElement, name: string): string {
  const text = textOf(childOf(element, name)).trim();
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(parseDate(text)))
    throw new CalendarRefusal('ErrorCalendarInvalidRecurrence');
  return text.slice(0, 10);
}

function interval(element: XmlElement, most: number): number {
  return integer(element, 'Interval', most);
}

function integer(element: XmlElement, name: string, most: number): number {
  const value = Number(textOf(childOf(element, name)).trim());
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new CalendarRefusal('ErrorCalendarOutOfRange');
  return value;
}

function pick<Name extends string>(element: XmlElement, name: string, names: readonly Name[]): Name {
  const text = textOf(childOf(element, name)).trim();
  const found = names.find((known) => known === text);
  if (found === undefined) throw new CalendarRefusal('ErrorCalendarInvalidRecurrence');
  return found;
}

// Exchange 2013 SP1 and later refuse Day, Weekday and WeekendDay here [MS-OXWSMTGS R12052].
function weekDayNames(element: XmlElement): readonly PlainDayName[] {
  const words = textOf(childOf(element, 'DaysOfWeek')).trim().split(/\s+/);
  const found = dayNames.filter((name) => words.includes(name));
  if (found.length === 0 || !words.every((word) => found.some((name) => name === word)))
    throw new CalendarRefusal('ErrorCalendarInvalidDayForWeeklyRecurrence');
  return found;
}

function firstDayOfWeek(element: XmlElement): PlainDayName {
  return childOf(element, 'FirstDayOfWeek') === undefined
    ? 'Sunday'
    : pick(element, 'FirstDayOfWeek', dayNames);
}

/** The order of elements in every pattern type of the schema. */
const patternFields = {
  interval: 'Interval',
  daysOfWeek: 'DaysOfWeek',
  firstDayOfWeek: 'FirstDayOfWeek',
  dayOfWeekIndex: 'DayOfWeekIndex',
  dayOfMonth: 'DayOfMonth',
  month: 'Month',
} as const;

function renderPattern(pattern: Pattern): Markup {
  const values: Readonly<Record<string, string | number | readonly string[]>> = pattern;
  const content = Object.entries(patternFields).map(([field, name]) => {
    const value = values[field];
    if (value === undefined) return undefined;
    return xml(`t:${name}`, {}, typeof value === 'object' ? value.join(' ') : value);
  });
  // Regenerations are named as they are kept; the six calendar patterns have Recurrence behind.
  const name = pattern.kind.endsWith('Regeneration') ? pattern.kind : `${pattern.kind}Recurrence`;
  return xml(`t:${name}`, {}, content);
}

function renderRange(range: RecurrenceRange, zone: SimZone): Markup {
  const start = xml('t:StartDate', {}, zonedDate(range.startDate, zone));
  if (range.kind === 'NoEnd') return xml('t:NoEndRecurrence', {}, start);
  if (range.kind === 'Numbered')
    return xml('t:NumberedRecurrence', {}, start, xml('t:NumberOfOccurrences', {}, range.count));
  return xml('t:EndDateRecurrence', {}, start, xml('t:EndDate', {}, zonedDate(range.endDate, zone)));
}

function zonedDate(date: string, zone: SimZone): string {
  return date + offsetText(offsetAt(toInstant(`${date}T00:00:00`, zone), zone));
}
