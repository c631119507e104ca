// RRULE (RFC 5545 §3.3.10) ⇄ RecurrenceRule. UNTIL becomes the local date of the last day on which an instance may begin.
import {
  weekdays,
  type ByDay,
  type Frequency,
  type RecurrenceEnd,
  type RecurrenceRule,
  type Weekday,
} from '../model/recurrence.ts';
import type { LocalDate, When } from '../model/time.ts';
import { addDays, instantOf, localOf } from '../model/zones.ts';
import type { Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { secondOf, textOfInstant } from './times.ts';

const frequencies: readonly Frequency[] = [
  'SECONDLY',
  'MINUTELY',
  'HOURLY',
  'DAILY',
  'WEEKLY',
  'MONTHLY',
  'YEARLY',
];

/** Lists of numbers: jCal name, our name, largest absolute value. */
const lists = [
  ['bymonth', 'byMonth', 12],
  ['byweekno', 'byWeekNo', 53],
  ['byyearday', 'byYearDay', 366],
  ['bymonthday', 'byMonthDay', 31],
  ['byhour', 'byHour', 23],
  ['byminute', 'byMinute', 59],
  ['bysecond', 'bySecond', 60],
  ['bysetpos', 'bySetPos', 366],
] as const;

const withinADay: ReadonlySet<Frequency> = new Set(['SECONDLY', 'MINUTELY', 'HOURLY']);

const known = new Set<string>([
  'freq',
  'interval',
  'count',
  'until',
  'wkst',
  'byday',
  ...lists.map(([name]) => name),
]);

/** @throws TranslateError */
export function parseRule(property: Jcal, start: When): RecurrenceRule {
  const recur = property[3];
  if (typeof recur !== 'object' || recur === null) throw invalid('RRULE cannot be read');
  const parts = new Map<string, unknown>(Object.entries(recur));
  for (const name of parts.keys()) {
    if (!known.has(name)) throw new TranslateError('unsupported', `RRULE has ${name.toUpperCase()}`, 'RRULE');
  }
  const freq = frequencies.find((each) => each === parts.get('freq'));
  if (!freq) throw invalid('RRULE has no FREQ');
  const wkst = weekdayOf(parts.get('wkst'));
  const byDay = listOf(parts.get('byday')).map(byDayOf);
  const rule: RecurrenceRule = {
    freq,
    interval: positive(parts.get('interval') ?? 1, 'INTERVAL'),
    end: { kind: 'never' },
    ...(byDay.length > 0 && { byDay }),
    ...Object.fromEntries(
      lists.flatMap(([name, field, limit]) => {
        const values = listOf(parts.get(name)).map((value) => numberOf(value, name, limit));
        return values.length > 0 ? [[field, values]] : [];
      }),
    ),
    ...(wkst && { wkst }),
  };
  return { ...rule, end: endOf(parts, start, isOnceADay(rule)) };
}

export function renderRule(rule: RecurrenceRule, start: When): Jcal {
  const recur: Record<string, unknown> = { freq: rule.freq };
  if (rule.interval !== 1) recur['interval'] = rule.interval;
  if (rule.end.kind === 'count') recur['count'] = rule.end.count;
  if (rule.end.kind === 'until') {
    const time = rule.end.time ?? (isOnceADay(rule) ? undefined : wholeDay);
    recur['until'] = untilText(rule.end.until, time, start);
  }
  for (const [name, field] of lists) if (rule[field]?.length) recur[name] = [...rule[field]];
  if (rule.byDay?.length) {
    recur['byday'] = rule.byDay.map(({ weekday, ordinal }) => `${ordinal ?? ''}${weekday}`);
  }
  if (rule.wkst) recur['wkst'] = rule.wkst;
  return ['rrule', {}, 'recur', recur];
}

function isOnceADay({ freq, byHour, byMinute, bySecond }: RecurrenceRule): boolean {
  return !withinADay.has(freq) && [byHour, byMinute, bySecond].every((times) => times === undefined);
}

function endOf(parts: ReadonlyMap<string, unknown>, start: When, isOnce: boolean): RecurrenceEnd {
  const count = parts.get('count');
  const until = parts.get('until');
  if (count !== undefined && until !== undefined) throw invalid('RRULE has both COUNT and UNTIL');
  if (count !== undefined) return { kind: 'count', count: positive(count, 'COUNT') };
  if (until === undefined) return { kind: 'never' };
  const local = typeof until === 'string' ? untilLocal(until, start) : undefined;
  if (local === undefined) throw invalid('UNTIL of RRULE is not a time that exists');
  const [date = '', time = wholeDay] = local.split('T');
  if (start.kind === 'date' || time === wholeDay) return { kind: 'until', until: date };
  if (!isOnce) return { kind: 'until', until: date, time };
  // A time before that of the start excludes the day it is on.
  return { kind: 'until', until: time < start.local.slice(11) ? addDays(date, -1) : date };
}

const wholeDay = '23:59:59';

/** On the wall clock of the series. A date means the whole day, as clients do. */
function untilLocal(until: string, start: When): string | undefined {
  const text = until.length > 10 ? until : `${until}T${wholeDay}`;
  const ms = Date.parse(text.endsWith('Z') ? text : `${text}Z`);
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text.slice(0, 10))) return undefined;
  if (start.kind === 'date') return until.slice(0, 10);
  return text.endsWith('Z') && start.kind === 'zoned' ? localOf(ms, start.zone) : text.slice(0, 19);
}

/** RFC 5545: a date where the start is one, UTC where it has a zone, else local. */
function untilText(until: LocalDate, time: string | undefined, start: When): string {
  if (start.kind === 'date') return until;
  const local = `${until}T${time ?? start.local.slice(11)}`;
  return start.kind === 'zoned' ? textOfInstant(instantOf(local, start.zone)) : local;
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function byDayOf(value: unknown): ByDay {
  const match = typeof value === 'string' ? /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(value) : null;
  const weekday = weekdayOf(match?.[2]);
  if (!match || !weekday) throw invalid('BYDAY of RRULE cannot be read');
  const ordinal = match[1] === undefined ? undefined : Number(match[1]);
  if (ordinal === 0) throw invalid('BYDAY of RRULE cannot be read');
  return ordinal === undefined ? { weekday } : { weekday, ordinal };
}

/** The codec counts the first day of a week from Sunday = 1. */
function weekdayOf(value: unknown): Weekday | undefined {
  return typeof value === 'number' ? weekdays[value - 1] : weekdays.find((each) => each === value);
}

function positive(value: unknown, name: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw invalid(`${name} of RRULE is not a positive number`);
  return number;
}

function numberOf(value: unknown, name: string, limit: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || Math.abs(number) > limit) {
    throw invalid(`${name.toUpperCase()} of RRULE is out of range`);
  }
  return name === 'bysecond' ? secondOf(number) : number;
}

function invalid(message: string): TranslateError {
  return new TranslateError('invalid', message, 'RRULE');
}
