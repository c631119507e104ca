// What a client's own VTIMEZONE means: never evaluated by a library (its rules may run for ever), but compared with the
// zones Intl knows over the years an event needs (DESIGN §7).
import { weekdays } from '../model/recurrence.ts';
import type { Instant, LocalTime, ZoneId } from '../model/time.ts';
import { ianaZoneOf, offsetAt, resolveZone, transitionsOf, windowsZoneOf } from '../model/zones.ts';
import { textOf, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';

const dayMs = 86_400_000;

/** Where a known zone must agree with a VTIMEZONE: over the years of a series, at the times of a single event. */
export interface ZoneNeeds {
  readonly years: readonly [first: number, last: number];
  /** Wall times of an event that happens once; absent: it recurs. */
  readonly locals?: readonly LocalTime[];
}

/** Finds the zone of a TZID: by its name, else by the text's own VTIMEZONE; of several with its rules a preferred one. */
export function zoneFinder(
  vtimezones: readonly JcalComponent[],
  needs: ZoneNeeds,
  preferred: readonly ZoneId[] = [],
): (tzid: string) => ZoneId {
  const found = new Map<string, ZoneId>();
  return (tzid) => {
    const known = found.get(tzid) ?? resolveZone(tzid) ?? definedZone(tzid, { vtimezones, needs, preferred });
    found.set(tzid, known);
    return known;
  };
}

function definedZone(
  tzid: string,
  options: {
    vtimezones: readonly JcalComponent[];
    needs: ZoneNeeds;
    preferred: readonly ZoneId[];
  },
): ZoneId {
  const definition = options.vtimezones.find((each) => textOf(each, 'tzid') === tzid);
  if (!definition) throw new TranslateError('invalid', `no VTIMEZONE defines "${tzid.slice(0, 80)}"`, 'TZID');
  const named = resolveZone(textOf(definition, 'x-lic-location') ?? '');
  if (named !== undefined) return named;
  const { years, locals } = options.needs;
  const onsets = onsetsOf(definition, years);
  const zones = candidates(options.preferred);
  const agreeing = zones.filter((each) => agrees(each, onsets));
  const zone =
    // A zone with changes of its own in between is another one: Perth is not Kuala Lumpur.
    agreeing.find((each) => changesWithin(each, years) === onsets.length - 1) ??
    agreeing[0] ??
    // Definitions are often out of date; for what happens once the offset at that time is enough.
    (locals && zones.find((each) => agreesAt(each, locals, onsets))) ??
    zoneOfToday(definition, zones);
  // `US-Eastern` of RFC 4791's examples, with rules of long ago.
  const alike = zone ?? resolveZone(tzid.replace('-', '/'));
  if (alike !== undefined) return alike;
  throw new TranslateError('unsupported', `"${tzid.slice(0, 80)}" has the offsets of no known zone`, 'TZID');
}

/** A series that began before its definition did means the zone that has its rules now. */
function zoneOfToday(definition: JcalComponent, zones: readonly ZoneId[]): ZoneId | undefined {
  const onsets = onsetsOf(definition, [2026, 2026]);
  return zones.find((each) => agrees(each, onsets));
}

interface Onset {
  readonly at: Instant;
  readonly offset: number;
}

/** Equal offsets just after and a while after each change, and just before it. */
function agrees(zone: ZoneId, onsets: readonly Onset[]): boolean {
  return onsets.every(({ at, offset }, index) => {
    const before = onsets[index - 1]?.offset;
    return (
      offsetAt(zone, at + 1000) === offset &&
      offsetAt(zone, at + 20 * dayMs) === offset &&
      (before === undefined || offsetAt(zone, at - 1000) === before)
    );
  });
}

function changesWithin(zone: ZoneId, [first, last]: readonly [number, number]): number {
  return transitionsOf(zone, yearsAsRange(first, last)).length;
}

function agreesAt(zone: ZoneId, locals: readonly LocalTime[], onsets: readonly Onset[]): boolean {
  return locals.every((local) => {
    const wall = Date.parse(`${local}Z`);
    const offset = (onsets.findLast((onset) => onset.at + onset.offset <= wall) ?? onsets[0])?.offset ?? 0;
    return offsetAt(zone, wall - offset) === offset;
  });
}

let known: readonly ZoneId[] | undefined;

/** Of the zones that share their rules with others the ones in which most people live, so that Denver is not Boise. */
const common: readonly ZoneId[] = [
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Shanghai',
  'Asia/Tokyo',
  'Australia/Sydney',
];

/** Preferred ones, common ones, then those that stand for a Windows zone, then the rest. */
function candidates(preferred: readonly ZoneId[]): readonly ZoneId[] {
  if (known === undefined) {
    const all = Intl.supportedValuesOf('timeZone').map((zone) => resolveZone(zone) ?? zone);
    const isMain = (zone: ZoneId): boolean => ianaZoneOf(windowsZoneOf(zone) ?? '') === zone;
    known = [...new Set([...common, ...all.filter(isMain), ...all])];
  }
  return preferred.length === 0 ? known : [...preferred, ...known];
}

function yearsAsRange(first: number, last: number): { from: Instant; to: Instant } {
  return { from: Date.UTC(first, 0, 1), to: Date.UTC(Math.min(last, first + 20) + 1, 0, 1) };
}

/** Changes of the offset in the years needed, and the offset at the beginning of them. */
function onsetsOf(definition: JcalComponent, [first, last]: readonly [number, number]): readonly Onset[] {
  const { from, to } = yearsAsRange(first, last);
  const all = definition[2]
    .filter(([name]) => name === 'standard' || name === 'daylight')
    .flatMap((observance) => observanceOnsets(observance, first - 1, Math.min(last, first + 20)))
    .sort((a, b) => a.at - b.at);
  const within = all.filter(({ at }) => at > from && at < to);
  const before = all.findLast(({ at }) => at <= from) ?? all[0];
  if (!before) throw new TranslateError('invalid', 'a VTIMEZONE has no observance', 'VTIMEZONE');
  return [{ at: from, offset: before.offset }, ...within].filter(
    ({ offset }, index, list) => index === 0 || list[index - 1]?.offset !== offset,
  );
}

function observanceOnsets(observance: JcalComponent, first: number, last: number): Onset[] {
  const offset = offsetMs(textOf(observance, 'tzoffsetto'));
  const offsetBefore = offsetMs(textOf(observance, 'tzoffsetfrom'));
  const start = Date.parse(`${(textOf(observance, 'dtstart') ?? '').replace(/Z$/, '')}Z`);
  if (offset === undefined || offsetBefore === undefined || Number.isNaN(start)) {
    throw new TranslateError('invalid', 'a VTIMEZONE cannot be read', 'VTIMEZONE');
  }
  const locals = [start];
  for (const property of observance[1]) {
    if (property[0] === 'rdate') locals.push(...rdates(property));
    if (property[0] === 'rrule') locals.push(...yearly(property[3], start, [first, last]));
  }
  return locals.map((local) => ({ at: local - offsetBefore, offset }));
}

function rdates(property: Jcal): number[] {
  return property
    .slice(3)
    .map((value) => (typeof value === 'string' ? Date.parse(`${value.replace(/Z$/, '')}Z`) : Number.NaN))
    .filter((ms) => !Number.isNaN(ms));
}

function offsetMs(text: string | undefined): number | undefined {
  const match = /^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/.exec(text ?? '');
  if (!match) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -1000 : 1000) * seconds;
}

/** One day of a month each year, the only rule a zone needs: `BYMONTH=3;BYDAY=-1SU`, also with BYMONTHDAY, or DTSTART's day. */
function yearly(recur: unknown, start: number, [first, last]: readonly [number, number]): number[] {
  const parts = new Map<string, unknown>(Object.entries(Object(recur)));
  if (parts.get('freq') !== 'YEARLY') {
    throw new TranslateError(
      'unsupported',
      'a VTIMEZONE changes more than once a year by a rule',
      'VTIMEZONE',
    );
  }
  const until = Date.parse((stringOf(parts.get('until')) ?? '9999-12-31').slice(0, 10));
  const begin = new Date(start);
  const month = Number([parts.get('bymonth') ?? begin.getUTCMonth() + 1].flat()[0]) - 1;
  const monthDays = [parts.get('bymonthday') ?? []].flat().map(Number);
  const byDay = /^([+-]?\d)?(SU|MO|TU|WE|TH|FR|SA)$/.exec(stringOf(parts.get('byday')) ?? '');
  const found: number[] = [];
  for (let year = Math.max(first, begin.getUTCFullYear()); year <= last; year += 1) {
    const day = dayInMonth({ year, month, monthDays, byDay, fallback: begin.getUTCDate() });
    const local = Date.UTC(year, month, day) + (((start % dayMs) + dayMs) % dayMs);
    // UNTIL is in UTC; its day is near enough.
    if (local > start && local < until + 2 * dayMs) found.push(local);
  }
  return found;
}

function stringOf(value: unknown): string | undefined {
  const [first]: unknown[] = [value].flat();
  return typeof first === 'string' ? first : undefined;
}

function dayInMonth(wanted: {
  year: number;
  month: number;
  monthDays: readonly number[];
  byDay: RegExpExecArray | null;
  fallback: number;
}): number {
  const { year, month, monthDays, byDay } = wanted;
  if (!byDay) return monthDays[0] ?? wanted.fallback;
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const weekday = weekdays.findIndex((each) => each === byDay[2]);
  const days = Array.from({ length }, (_, index) => index + 1).filter(
    (day) => new Date(Date.UTC(year, month, day)).getUTCDay() === weekday,
  );
  if (monthDays.length > 0) return days.find((day) => monthDays.includes(day)) ?? wanted.fallback;
  return (
    days.at(byDay[1] === undefined ? 0 : Number(byDay[1]) - (Number(byDay[1]) > 0 ? 1 : 0)) ?? wanted.fallback
  );
}
