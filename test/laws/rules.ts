// Recurrences: a pattern of Exchange, and the many ways in which RFC 5545 §3.3.10 can say it. The dates come from the
// arithmetic of the simulated server, which shares nothing with the translator.
import * as fc from 'fast-check';
import { datesFrom, instanceDate, type Pattern, type Recurrence } from '../../simulator/calendar/index.ts';
import { basic } from './texts.ts';
import { instantIn, type Zone } from './zones.ts';

const codes = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const months = [
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
] as const;
const ordinals = { First: 1, Second: 2, Third: 3, Fourth: 4, Last: -1 } as const;
type Index = keyof typeof ordinals;
type Of<Kind extends Pattern['kind']> = Extract<Pattern, { kind: Kind }>;
type Ruled = Exclude<Pattern, { kind: `${string}Regeneration` }>;

export interface Rule {
  readonly recurrence: Recurrence;
  /** Without its end: `FREQ=DAILY;INTERVAL=2`. */
  readonly text: string;
}

const dayName = fc.constantFrom(...dayNames);
const index = fc.constantFrom<Index>('First', 'Second', 'Third', 'Fourth', 'Last');
const month = fc.constantFrom(...months);
const interval = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    { arbitrary: fc.constant(1), weight: 3 },
    fc.integer({ min: 2, max: 5 }),
    fc.integer({ min: 1, max: most }),
  );
const groups = fc.oneof(
  { arbitrary: dayName, weight: 3 },
  fc.constantFrom('Weekday' as const, 'WeekendDay' as const),
);

export const pattern: fc.Arbitrary<Ruled> = fc.oneof(
  fc.record({ kind: fc.constant('Daily' as const), interval: interval(999) }),
  fc.record({
    kind: fc.constant('Weekly' as const),
    interval: interval(99),
    daysOfWeek: fc.uniqueArray(dayName, { minLength: 1, maxLength: 7 }),
    firstDayOfWeek: dayName,
  }),
  fc.record({
    kind: fc.constant('AbsoluteMonthly' as const),
    interval: interval(99),
    dayOfMonth: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(28, 29, 30, 31)),
  }),
  fc.record({
    kind: fc.constant('RelativeMonthly' as const),
    interval: interval(99),
    daysOfWeek: groups,
    dayOfWeekIndex: index,
  }),
  fc
    .record({ month, dayOfMonth: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constantFrom(28, 29)) })
    .map(({ month, dayOfMonth }): Of<'AbsoluteYearly'> => ({
      kind: 'AbsoluteYearly',
      month,
      dayOfMonth: Math.min(dayOfMonth, longest(month)),
    })),
  fc.record({
    kind: fc.constant('RelativeYearly' as const),
    month,
    daysOfWeek: groups,
    dayOfWeekIndex: index,
  }),
);

function longest(month: (typeof months)[number]): number {
  return new Date(Date.UTC(2024, months.indexOf(month) + 1, 0)).getUTCDate();
}

/** The first date of a pattern on or after a day. */
export function firstDate(pattern: Pattern, from: string): string {
  return instanceDate({ pattern, range: { kind: 'NoEnd', startDate: from } }, 1) ?? from;
}

/** Every way we know to say it in a rule without COUNT and UNTIL, for a series that starts on that day. */
export function spellings(pattern: Ruled, start: string): string[] {
  switch (pattern.kind) {
    case 'Daily':
      return dailyTexts(pattern);
    case 'Weekly':
      return weeklyTexts(pattern, start);
    case 'AbsoluteMonthly':
      return absoluteTexts(pattern, start);
    case 'RelativeMonthly':
      return relativeTexts(pattern, start);
    case 'AbsoluteYearly':
      return absoluteYearTexts(pattern, start);
    case 'RelativeYearly':
      return relativeYearTexts(pattern);
  }
}

function every(freq: string, interval: number, ...parts: readonly string[]): string {
  return [`FREQ=${freq}`, ...(interval === 1 ? [] : [`INTERVAL=${interval}`]), ...parts].join(';');
}

function dailyTexts({ interval }: Of<'Daily'>): string[] {
  const plain = every('DAILY', interval);
  if (interval > 1) return [plain, `${plain};WKST=SU`];
  return [plain, 'FREQ=DAILY;INTERVAL=1', `${plain};BYDAY=${codes.join(',')}`, `INTERVAL=1;${plain};WKST=MO`];
}

function weeklyTexts({ interval, daysOfWeek, firstDayOfWeek }: Of<'Weekly'>, start: string): string[] {
  const days = daysOfWeek.flatMap((name) => codes[dayNames.findIndex((each) => each === name)] ?? []);
  const by = `BYDAY=${days.join(',')}`;
  const wkst = codes[dayNames.indexOf(firstDayOfWeek)] ?? 'MO';
  const texts = [every('WEEKLY', interval, by, `WKST=${wkst}`)];
  const isOwnDay = days.length === 1 && days[0] === weekdayOf(start);
  if (wkst === 'MO' || interval === 1) {
    texts.push(every('WEEKLY', interval, by));
    if (isOwnDay) texts.push(every('WEEKLY', interval));
  }
  if (interval === 1)
    texts.push(
      every('DAILY', 1, by),
      every('MONTHLY', 1, by),
      every('YEARLY', 1, by),
      `FREQ=WEEKLY;INTERVAL=1;${by}`,
    );
  return texts;
}

/** RFC 5545 leaves out the months that are too short, Exchange takes their last day. */
function absoluteTexts({ interval, dayOfMonth }: Of<'AbsoluteMonthly'>, start: string): string[] {
  const inMonth = dayTexts(dayOfMonth);
  const texts = inMonth.map((by) => every('MONTHLY', interval, by));
  if (dayOfMonth <= 28) texts.push(every('MONTHLY', interval));
  if (interval === 1)
    texts.push(...inMonth.filter((by) => !by.includes('BYSETPOS')).map((by) => every('YEARLY', 1, by)));
  const own = Number(start.slice(5, 7));
  if (interval % 12 === 0 && interval <= 96)
    texts.push(...inMonth.map((by) => every('YEARLY', interval / 12, `BYMONTH=${own}`, by)));
  if (12 % interval === 0 && interval > 1 && interval < 12)
    texts.push(
      ...inMonth
        .filter((by) => !by.includes('BYSETPOS'))
        .map((by) => every('YEARLY', 1, `BYMONTH=${monthsFrom(own, interval).join(',')}`, by)),
    );
  return texts;
}

function monthsFrom(own: number, step: number): number[] {
  return Array.from({ length: 12 / step }, (_, at) => ((own - 1 + at * step) % 12) + 1).sort((a, b) => a - b);
}

function dayTexts(day: number): string[] {
  const set = `BYDAY=${codes.join(',')}`;
  if (day === 31) return ['BYMONTHDAY=-1', `${set};BYSETPOS=-1`, 'BYMONTHDAY=28,29,30,31;BYSETPOS=-1'];
  if (day >= 29) return [`BYMONTHDAY=${[28, 29, 30].filter((each) => each <= day).join(',')};BYSETPOS=-1`];
  return [`BYMONTHDAY=${day}`, ...(day <= 4 ? [`${set};BYSETPOS=${day}`] : [])];
}

interface Relative {
  readonly daysOfWeek: Of<'RelativeMonthly'>['daysOfWeek'];
  readonly dayOfWeekIndex: Index;
}

function relativeBy({ daysOfWeek, dayOfWeekIndex }: Relative): string[] {
  const ordinal = ordinals[dayOfWeekIndex];
  if (daysOfWeek === 'Weekday') return [`BYDAY=MO,TU,WE,TH,FR;BYSETPOS=${ordinal}`];
  if (daysOfWeek === 'WeekendDay') return [`BYDAY=SA,SU;BYSETPOS=${ordinal}`];
  const code = codes[dayNames.findIndex((name) => name === daysOfWeek)] ?? 'MO';
  const week = Array.from({ length: 7 }, (_, at) => (ordinal > 0 ? ordinal * 7 - 6 + at : at - 7));
  return [
    `BYDAY=${ordinal}${code}`,
    `BYDAY=${code};BYSETPOS=${ordinal}`,
    `BYDAY=${code};BYMONTHDAY=${week.join(',')}`,
    ...(ordinal > 0 ? [`BYDAY=+${ordinal}${code}`] : []),
  ];
}

function relativeTexts(given: Of<'RelativeMonthly'>, start: string): string[] {
  const { interval } = given;
  const texts = relativeBy(given).map((by) => every('MONTHLY', interval, by));
  if (interval % 12 === 0 && interval <= 96)
    texts.push(
      ...relativeBy(given).map((by) =>
        every('YEARLY', interval / 12, `BYMONTH=${Number(start.slice(5, 7))}`, by),
      ),
    );
  return texts;
}

function absoluteYearTexts({ month, dayOfMonth }: Of<'AbsoluteYearly'>, start: string): string[] {
  const at = months.indexOf(month) + 1;
  const isLast = dayOfMonth === longest(month);
  // 29 February is the last day of February in Exchange.
  const by = month === 'February' && dayOfMonth === 29 ? ['BYMONTHDAY=-1'] : [`BYMONTHDAY=${dayOfMonth}`];
  if (isLast && month !== 'February') by.push('BYMONTHDAY=-1');
  const texts = by.flatMap((each) => [
    every('YEARLY', 1, `BYMONTH=${at}`, each),
    every('MONTHLY', 1, `BYMONTH=${at}`, each),
  ]);
  const isOwnDay = Number(start.slice(8)) === dayOfMonth && !(month === 'February' && dayOfMonth === 29);
  if (isOwnDay)
    texts.push(every('YEARLY', 1), every('YEARLY', 1, `BYMONTH=${at}`), every('YEARLY', 1, 'WKST=SU'));
  return texts;
}

function relativeYearTexts(given: Of<'RelativeYearly'>): string[] {
  const at = months.indexOf(given.month) + 1;
  const texts = relativeBy(given).flatMap((by) => [
    every('YEARLY', 1, `BYMONTH=${at}`, by),
    every('MONTHLY', 1, `BYMONTH=${at}`, by),
  ]);
  const { daysOfWeek, dayOfWeekIndex } = given;
  const isPlain = daysOfWeek !== 'Weekday' && daysOfWeek !== 'WeekendDay';
  const isInYear = dayOfWeekIndex === 'Last' ? at === 12 : at === 1;
  if (isInYear && isPlain) texts.push(every('YEARLY', 1, relativeBy(given)[0] ?? ''));
  return texts;
}

function weekdayOf(date: string): string {
  return codes[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'SU';
}

/** How the end of a rule is said. */
export type Ending =
  | { readonly kind: 'never' }
  | { readonly kind: 'count'; readonly count: number }
  /** So many days after the start; `style` says on which side of the boundary, and in which form. */
  | {
      readonly kind: 'until';
      readonly days: number;
      readonly style: 'exact' | 'before' | 'date' | 'day-end';
    };

export const ending: fc.Arbitrary<Ending> = fc.oneof(
  fc.constant<Ending>({ kind: 'never' }),
  fc.integer({ min: 1, max: 60 }).map((count): Ending => ({ kind: 'count', count })),
  fc.constantFrom(1, 2, 500, 999).map((count): Ending => ({ kind: 'count', count })),
  fc.record({
    kind: fc.constant('until' as const),
    days: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 4000 })),
    style: fc.constantFrom('exact', 'before', 'date', 'day-end'),
  }),
);

export interface Placed {
  readonly kind: 'date' | 'zoned' | 'utc' | 'floating';
  readonly zone: Zone;
  /** `YYYY-MM-DD` of the first instance. */
  readonly start: string;
  /** `HH:MM:SS`; nothing for whole days. */
  readonly time: string;
}

/** The rule with its end, and what it means. */
export function ended(given: { pattern: Pattern; text: string; ending: Ending; at: Placed }): Rule {
  const { pattern, text, ending, at } = given;
  const startDate = at.start;
  switch (ending.kind) {
    case 'never':
      return { recurrence: { pattern, range: { kind: 'NoEnd', startDate } }, text };
    case 'count':
      return {
        recurrence: { pattern, range: { kind: 'Numbered', startDate, count: ending.count } },
        text: `${text};COUNT=${ending.count}`,
      };
    case 'until': {
      const endDate = addDays(startDate, ending.days);
      return {
        recurrence: { pattern, range: { kind: 'EndDate', startDate, endDate } },
        text: `${text};UNTIL=${untilText(endDate, ending.style, at)}`,
      };
    }
  }
}

/** Every one of them includes an instance on that day and excludes one on the next. */
function untilText(date: string, style: Extract<Ending, { kind: 'until' }>['style'], at: Placed): string {
  if (at.kind === 'date' || style === 'date') return basic(date);
  const exact = `${date}T${at.time}`;
  if (at.kind === 'floating') return basic(style === 'exact' ? exact : `${date}T23:59:59`);
  const until = {
    exact: instantIn(at.zone, exact),
    before: instantIn(at.zone, `${addDays(date, 1)}T${at.time}`) - 1000,
    'day-end': instantIn(at.zone, `${date}T23:59:59`),
  };
  return `${basic(new Date(until[style]).toISOString().slice(0, 19))}Z`;
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Dates of the first instances. */
export function firstDates(recurrence: Recurrence, most: number): string[] {
  const dates: string[] = [];
  for (const { date } of datesFrom(recurrence)) {
    if (dates.length >= most) break;
    dates.push(date);
  }
  return dates;
}
