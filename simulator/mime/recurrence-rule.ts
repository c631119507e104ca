// RRULE (RFC 5545 §3.3.10) ⇄ the patterns of Exchange, as its iCalendar conversion maps them ([MS-OXCICAL]; BEHAVIOUR §7).
import {
  instanceDate,
  lastIndex,
  toInstant,
  toLocal,
  type Recurrence,
  type SimZone,
} from '../calendar/index.ts';
import { EwsError } from '../errors.ts';

type Pattern = Recurrence['pattern'];
type DayOf = Extract<Pattern, { kind: 'RelativeMonthly' }>['daysOfWeek'];
type PlainDay = Exclude<DayOf, 'Day' | 'Weekday' | 'WeekendDay'>;

const codes = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
const days = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const satisfies readonly PlainDay[];
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

/** The parts of an RRULE in the order Exchange writes them; undefined for what tasks only have. */
export function renderRule(
  recurrence: Recurrence,
  at: { readonly zone: SimZone; readonly startTime: string },
): Record<string, unknown> | undefined {
  const { pattern } = recurrence;
  const parts = partsOf(pattern);
  if (parts === undefined) return undefined;
  const { freq, interval, ...rest } = parts;
  return { freq, ...endOf(recurrence, at), interval, ...rest };
}

function partsOf(pattern: Pattern): Record<string, unknown> | undefined {
  switch (pattern.kind) {
    case 'Daily':
      return { freq: 'DAILY', interval: pattern.interval };
    case 'Weekly':
      return {
        freq: 'WEEKLY',
        interval: pattern.interval,
        byday: pattern.daysOfWeek.flatMap(codesOf),
        wkst: codesOf(pattern.firstDayOfWeek)[0],
      };
    case 'AbsoluteMonthly':
      return { freq: 'MONTHLY', interval: pattern.interval, bymonthday: dayOf(pattern.dayOfMonth) };
    case 'RelativeMonthly':
      return { freq: 'MONTHLY', interval: pattern.interval, ...relative(pattern) };
    case 'AbsoluteYearly':
      return { freq: 'YEARLY', interval: 1, bymonthday: pattern.dayOfMonth, bymonth: monthOf(pattern.month) };
    case 'RelativeYearly':
      return { freq: 'YEARLY', interval: 1, ...relative(pattern), bymonth: monthOf(pattern.month) };
    case 'DailyRegeneration':
    case 'WeeklyRegeneration':
    case 'MonthlyRegeneration':
    case 'YearlyRegeneration':
      return undefined;
  }
}

/** 31 is the last day of every month. */
function dayOf(dayOfMonth: number): number {
  return dayOfMonth === 31 ? -1 : dayOfMonth;
}

function relative(pattern: {
  readonly daysOfWeek: DayOf;
  readonly dayOfWeekIndex: keyof typeof ordinals;
}): object {
  const ordinal = ordinals[pattern.dayOfWeekIndex];
  const found = codesOf(pattern.daysOfWeek);
  return found.length === 1 ? { byday: `${ordinal}${found[0] ?? ''}` } : { byday: found, bysetpos: ordinal };
}

function codesOf(day: DayOf): readonly string[] {
  if (day === 'Day') return codes;
  if (day === 'Weekday') return codes.slice(1, 6);
  if (day === 'WeekendDay') return ['SU', 'SA'];
  return [codes[days.indexOf(day)] ?? 'MO'];
}

function monthOf(month: (typeof months)[number]): number {
  return months.indexOf(month) + 1;
}

/** UNTIL is the UTC instant of the last start. */
function endOf(recurrence: Recurrence, at: { zone: SimZone; startTime: string }): object {
  const { range } = recurrence;
  if (range.kind === 'NoEnd') return {};
  if (range.kind === 'Numbered') return { count: range.count };
  const date = instanceDate(recurrence, lastIndex(recurrence) ?? 0) ?? range.endDate;
  const until = new Date(toInstant(`${date}${at.startTime}`, at.zone)).toISOString();
  return { until: `${until.slice(0, 19)}Z` };
}

/** @throws EwsError ErrorMimeContentConversionFailed for what Exchange has no pattern for */
export function parseRule(
  given: unknown,
  at: { readonly zone: SimZone; readonly startDate: string },
): Recurrence {
  const rule = readRule(given);
  const pattern = patternOf(rule, at.startDate);
  const { startDate } = at;
  const count = rule('count')[0];
  const until = rule('until')[0];
  if (count !== undefined) return { pattern, range: { kind: 'Numbered', startDate, count: Number(count) } };
  if (until === undefined) return { pattern, range: { kind: 'NoEnd', startDate } };
  const endDate = until.endsWith('Z') ? toLocal(Date.parse(until), at.zone).slice(0, 10) : until.slice(0, 10);
  return { pattern, range: { kind: 'EndDate', startDate, endDate } };
}

type Rule = (part: string) => readonly string[];

function readRule(given: unknown): Rule {
  const parts = new Map<string, unknown>(
    typeof given === 'object' && given !== null ? Object.entries(given) : [],
  );
  return (part) => {
    const value = parts.get(part);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? [String(one)] : []));
  };
}

const unsupported = ['bysecond', 'byminute', 'byhour', 'byyearday', 'byweekno'];

function patternOf(rule: Rule, startDate: string): Pattern {
  if (unsupported.some((part) => rule(part).length > 0)) throw refusal();
  const interval = Number(rule('interval')[0] ?? 1);
  const byday = rule('byday');
  const monthNumber = Number(rule('bymonth')[0] ?? startDate.slice(5, 7));
  const month = months[monthNumber - 1];
  if (month === undefined || rule('bymonth').length > 1) throw refusal();
  switch (rule('freq')[0] ?? '') {
    case 'DAILY':
      return byday.length === 0 ? { kind: 'Daily', interval } : weekly(rule, { interval, startDate });
    case 'WEEKLY':
      return weekly(rule, { interval, startDate });
    case 'MONTHLY':
      return monthly(rule, { interval, startDate });
    case 'YEARLY': {
      const inMonth = monthly(rule, { interval: 12 * interval, startDate });
      // Yearly patterns have no interval; every second year is every 24th month.
      if (interval !== 1) return inMonth;
      if (inMonth.kind === 'AbsoluteMonthly')
        return { kind: 'AbsoluteYearly', dayOfMonth: inMonth.dayOfMonth, month };
      if (inMonth.kind !== 'RelativeMonthly') throw refusal();
      const { daysOfWeek, dayOfWeekIndex } = inMonth;
      return { kind: 'RelativeYearly', daysOfWeek, dayOfWeekIndex, month };
    }
    default:
      throw refusal();
  }
}

interface Begin {
  readonly interval: number;
  readonly startDate: string;
}

function weekly(rule: Rule, { interval, startDate }: Begin): Pattern {
  const byday = rule('byday');
  const own = days[new Date(`${startDate}T00:00:00Z`).getUTCDay()] ?? 'Monday';
  const daysOfWeek = byday.length === 0 ? [own] : byday.map(plainDay);
  const wkst = rule('wkst')[0];
  // The parser counts weekdays from Sunday = 1.
  const firstDayOfWeek = wkst === undefined ? 'Monday' : (days[Number(wkst) - 1] ?? plainDay(wkst));
  return { kind: 'Weekly', interval, daysOfWeek, firstDayOfWeek };
}

function monthly(rule: Rule, { interval, startDate }: Begin): Pattern {
  const byday = rule('byday');
  const bymonthday = rule('bymonthday');
  if (bymonthday.length > 1 || (byday.length > 0 && bymonthday.length > 0)) throw refusal();
  if (byday.length > 0) {
    const { day, ordinal } = relativeDay(byday, rule('bysetpos'));
    const dayOfWeekIndex = (['First', 'Second', 'Third', 'Fourth', 'Last'] as const).find(
      (name) => ordinals[name] === ordinal,
    );
    if (dayOfWeekIndex === undefined) throw refusal();
    return { kind: 'RelativeMonthly', interval, daysOfWeek: day, dayOfWeekIndex };
  }
  const day = Number(bymonthday[0] ?? startDate.slice(8, 10));
  if (day < -1 || day === 0) throw refusal();
  return { kind: 'AbsoluteMonthly', interval, dayOfMonth: day === -1 ? 31 : day };
}

function relativeDay(
  byday: readonly string[],
  bysetpos: readonly string[],
): { readonly day: DayOf; readonly ordinal: number } {
  const [only] = byday;
  if (byday.length === 1 && only !== undefined) {
    const [, ordinal, code] = /^([+-]?\d+)?([A-Z]{2})$/.exec(only) ?? [];
    return { day: plainDay(code ?? ''), ordinal: Number(ordinal ?? bysetpos[0] ?? Number.NaN) };
  }
  const set = [...new Set(byday)].sort().join(',');
  const day = (['Day', 'Weekday', 'WeekendDay'] as const).find(
    (name) => [...codesOf(name)].sort().join(',') === set,
  );
  if (day === undefined || bysetpos.length !== 1) throw refusal();
  return { day, ordinal: Number(bysetpos[0]) };
}

function plainDay(code: string): PlainDay {
  const day = days[codes.findIndex((known) => known === code)];
  if (day === undefined) throw refusal();
  return day;
}

function refusal(): EwsError {
  return new EwsError('ErrorMimeContentConversionFailed');
}
