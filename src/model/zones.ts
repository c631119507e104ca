// Zone names (IANA, aliases, Windows, what programs write as TZID) and zone arithmetic (RFC 5545 §3.3.5) by Intl alone.
// A ZoneId that we hand out bears the name IANA uses today (Europe/Kyiv, Asia/Kolkata), although Node's Intl canonicalises
// to the old one; any other name is accepted and resolved by `zoneAliases`. UTC in all its names is `UTC`.
import type { Instant, LocalDate, LocalTime, When, ZoneId } from './time.ts';
import { windowsZones, zoneAliases } from './zones-table.ts';

/** One change of the offset. */
export interface Transition {
  readonly at: Instant;
  /** Milliseconds east of UTC. */
  readonly offsetBefore: number;
  readonly offsetAfter: number;
}

const hourMs = 3_600_000;
const dayMs = 86_400_000;

const windowsByZone = new Map<string, string>();
const zoneByWindows = new Map<string, ZoneId>();
const zoneByDisplay = new Map<string, ZoneId>();
const aliasByLowerCase = new Map<string, ZoneId>();
/** `vienna` → Europe/Vienna: the cities that display names consist of. */
const zonesByCity = new Map<string, Set<ZoneId>>();

for (const [windows, zone, others, display] of windowsZones) {
  zoneByWindows.set(windows, zone);
  zoneByWindows.set(windows.toLowerCase(), zone);
  if (display !== '') zoneByDisplay.set(display.toLowerCase(), zone);
  for (const each of [zone, ...others.split(' ')]) {
    if (each === '') continue;
    if (!windowsByZone.has(each)) windowsByZone.set(each, windows);
    addCity(each, zone);
  }
}
for (const [alias, zone] of Object.entries(zoneAliases)) aliasByLowerCase.set(alias.toLowerCase(), zone);

function addCity(zone: ZoneId, main: ZoneId): void {
  const city = zone
    .slice(zone.lastIndexOf('/') + 1)
    .replaceAll('_', ' ')
    .toLowerCase();
  const mains = zonesByCity.get(city) ?? new Set();
  zonesByCity.set(city, mains.add(main));
}

/** IANA name or alias → Windows name. */
export function windowsZoneOf(zone: ZoneId): string | undefined {
  // A name of today needs no help of Intl, whose formatters are slow to make.
  return windowsByZone.get(zone) ?? windowsByZone.get(resolveZone(zone) ?? zone);
}

/** Windows name, in any case → IANA (CLDR territory 001). */
export function ianaZoneOf(windowsName: string): ZoneId | undefined {
  return zoneByWindows.get(windowsName) ?? zoneByWindows.get(windowsName.trim().toLowerCase());
}

const resolved = new Map<string, ZoneId | undefined>();

/** What a TZID means: IANA name or alias, Windows name, display name, fixed offset; behind any `/vendor/` prefix. */
export function resolveZone(name: string): ZoneId | undefined {
  if (resolved.has(name)) return resolved.get(name);
  const zone = lookUpZone(name.trim().replace(/^"(.*)"$/, '$1'));
  if (resolved.size > 5_000) resolved.clear(); // names come from clients: bounded
  resolved.set(name, zone);
  return zone;
}

function lookUpZone(name: string): ZoneId | undefined {
  if (name === '' || name.length > 200) return undefined;
  const prefixless = name.replace(/^tzone:\/\/microsoft\//i, '');
  return (
    ianaName(prefixless) ??
    ianaZoneOf(prefixless) ??
    offsetName(prefixless) ??
    displayZoneOf(prefixless) ??
    behindPrefix(prefixless)
  );
}

function ianaName(name: string): ZoneId | undefined {
  const alias = aliasByLowerCase.get(name.toLowerCase());
  if (alias !== undefined) return alias;
  if (!/^[A-Za-z][\w/+-]*$/.test(name)) return undefined;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return zoneAliases[known] ?? known;
  } catch {
    return undefined;
  }
}

/** `UTC+1`, `GMT-0330`, `(UTC+05:30)`, `+05:30` → `+05:30`. */
function offsetName(name: string): ZoneId | undefined {
  const match = /^\(?(?:UTC|GMT)?\s*([+-])(\d{1,2}):?(\d{2})?\)?$/i.exec(name);
  if (!match) return undefined;
  const [, sign = '+', hours = '', minutes = '00'] = match;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  const offset = `${hours.padStart(2, '0')}:${minutes}`;
  return offset === '00:00' ? 'UTC' : sign + offset;
}

/** `(UTC+01:00) Amsterdam, Berlin, …`: the text Exchange shows, or a list whose cities agree on one zone. */
function displayZoneOf(name: string): ZoneId | undefined {
  const label = /^\((?:UTC|GMT)[^)]*\)\s*(.+)$/i.exec(name)?.[1]?.toLowerCase();
  if (label === undefined) return undefined;
  const known = zoneByDisplay.get(label);
  if (known !== undefined) return known;
  const zones = new Set(label.split(/\s*[,/]\s*/).flatMap((city) => [...(zonesByCity.get(city) ?? [])]));
  return zones.size === 1 ? [...zones][0] : undefined;
}

/** `/freeassociation.sourceforge.net/Tzfile/Europe/Vienna`, `/citadel.org/20210210_1/Europe/Vienna`. */
function behindPrefix(name: string): ZoneId | undefined {
  const segments = name.startsWith('/') ? name.slice(1).split('/') : [];
  for (let from = 1; from < segments.length; from += 1) {
    const zone = ianaName(segments.slice(from).join('/'));
    if (zone !== undefined) return zone;
  }
  return undefined;
}

/** A stretch of four years: its transitions, found once. */
interface Stretch {
  readonly offsetAtStart: number;
  readonly transitions: readonly Transition[];
}

interface Clock {
  readonly format: Intl.DateTimeFormat;
  readonly stretches: Map<number, Stretch>;
  /** How often a stretch that is not computed yet was needed. */
  readonly asked: Map<number, number>;
}

const stretchMs = 1461 * dayMs;
/** Transitions nearer to each other than this would be missed; the nearest in the data are weeks apart. */
const stepMs = 4 * dayMs;
const year1900 = Date.UTC(1900, 0, 1);
const year2101 = Date.UTC(2101, 0, 1);
const clocks = new Map<ZoneId, Clock>();

/** Milliseconds east of UTC. */
export function offsetAt(zone: ZoneId, instant: Instant): number {
  if (zone === 'UTC') return 0;
  const clock = clockOf(zone);
  if (typeof clock === 'number') return clock;
  if (!(instant >= year1900)) return readOffset(clock.format, instant);
  const within = instant < year2101 ? instant : inThe28YearsFrom2101(instant);
  const index = Math.floor(within / stretchMs);
  if (isSeldomAsked(clock, index)) return readOffset(clock.format, within);
  const { offsetAtStart, transitions } = stretchAt(clock, index);
  let offset = offsetAtStart;
  for (const transition of transitions) {
    if (transition.at > within) break;
    offset = transition.offsetAfter;
  }
  return offset;
}

/** To compute a stretch costs as much as a thousand single answers: not for who looks at all zones once. */
const seldom = 100;

function isSeldomAsked({ stretches, asked }: Clock, index: number): boolean {
  if (stretches.has(index)) return false;
  const times = (asked.get(index) ?? 0) + 1;
  asked.set(index, times);
  return times <= seldom;
}

/** Every change of the offset within the range, 1900 to 2128. */
export function transitionsOf(zone: ZoneId, range: { from: Instant; to: Instant }): readonly Transition[] {
  const clock = zone === 'UTC' ? 0 : clockOf(zone);
  if (typeof clock === 'number') return [];
  const found: Transition[] = [];
  const first = Math.floor(Math.max(range.from, year1900) / stretchMs);
  const last = Math.floor(Math.min(range.to, year2101 + 7 * stretchMs - 1) / stretchMs);
  for (let index = first; index <= last; index += 1) found.push(...stretchAt(clock, index).transitions);
  return found.filter(({ at }) => at >= range.from && at < range.to);
}

const clockByName = new Map<ZoneId, Clock | number>();

/** A fixed offset, or what finds the offsets of a zone. @throws RangeError for a zone Intl does not know */
function clockOf(zone: ZoneId): Clock | number {
  const known = clockByName.get(zone);
  if (known !== undefined) return known;
  const fixed = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (fixed) {
    const ms = (Number(fixed[2]) * 60 + Number(fixed[3])) * 60_000;
    return fixed[1] === '-' ? -ms : ms;
  }
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const name = format.resolvedOptions().timeZone;
  const clock = clocks.get(name) ?? { format, stretches: new Map(), asked: new Map() };
  clocks.set(name, clock);
  clockByName.set(zone, clock);
  return clock;
}

function stretchAt(clock: Clock, index: number): Stretch {
  const known = clock.stretches.get(index);
  if (known !== undefined) return known;
  const stretch = scan(clock.format, index * stretchMs);
  clock.stretches.set(index, stretch);
  return stretch;
}

function scan(format: Intl.DateTimeFormat, start: Instant): Stretch {
  // A change at the very start belongs to this stretch, so the offset before it counts.
  const offsetAtStart = readOffset(format, start - 1);
  const transitions: Transition[] = [];
  let low = start - 1;
  let offset = offsetAtStart;
  while (low < start + stretchMs - 1) {
    const high = Math.min(low + stepMs, start + stretchMs - 1);
    const offsetAfter = readOffset(format, high);
    if (offsetAfter === offset) {
      low = high;
    } else {
      const at = changeBetween(format, low, high);
      const next = readOffset(format, at);
      transitions.push({ at, offsetBefore: offset, offsetAfter: next });
      offset = next;
      low = at;
    }
  }
  return { offsetAtStart, transitions };
}

/** The first instant of the new offset, to the second. */
function changeBetween(format: Intl.DateTimeFormat, low: Instant, high: Instant): Instant {
  const before = readOffset(format, low);
  let [a, b] = [Math.floor(low / 1000), Math.ceil(high / 1000)];
  while (b - a > 1) {
    const middle = Math.floor((a + b) / 2);
    if (readOffset(format, middle * 1000) === before) a = middle;
    else b = middle;
  }
  return b * 1000;
}

/** `1/1/2026, GMT+01:00`, for old dates also `GMT-00:25:21`. */
function readOffset(format: Intl.DateTimeFormat, instant: Instant): number {
  const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(instant));
  if (match?.[1] === undefined) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return (match[1] === '-' ? -1000 : 1000) * seconds;
}

/** Far years repeat the calendar of the years from 2101 on, before another century leaves a leap day out. */
function inThe28YearsFrom2101(instant: Instant): Instant {
  const year = new Date(instant).getUTCFullYear();
  if (Number.isNaN(year)) return year2101;
  const start = Date.UTC(year, 0, 1);
  for (let like = 2101; like < 2129; like += 1) {
    const likeStart = Date.UTC(like, 0, 1);
    const sameLength = Date.UTC(like + 1, 0, 1) - likeStart === Date.UTC(year + 1, 0, 1) - start;
    if (sameLength && (likeStart - start) % (7 * dayMs) === 0) return instant - start + likeStart;
  }
  return instant;
}

/** RFC 5545 §3.3.5: in a gap the offset before it counts, of a repeated time the first. */
export function instantOf(local: LocalTime, zone: ZoneId): Instant {
  const asUtc = Date.parse(`${local}Z`);
  if (zone === 'UTC') return asUtc;
  const before = offsetAt(zone, asUtc - 24 * hourMs);
  const after = offsetAt(zone, asUtc + 24 * hourMs);
  if (before === after || offsetAt(zone, asUtc - before) === before) return asUtc - before;
  return offsetAt(zone, asUtc - after) === after ? asUtc - after : asUtc - before;
}

export function localOf(instant: Instant, zone: ZoneId): LocalTime {
  return new Date(instant + offsetAt(zone, instant)).toISOString().slice(0, 19);
}

/** A wall time of the zone; where it would mean the first of a time that is repeated, UTC says which one it is. */
export function whenAt(instant: Instant, zone: ZoneId): When {
  const local = localOf(instant, zone);
  if (instantOf(local, zone) === instant) return { kind: 'zoned', local, zone };
  return { kind: 'zoned', local: localOf(instant, 'UTC'), zone: 'UTC' };
}

/** Dates begin at midnight, and floating times count, in `floatingZone`. */
export function instantOfWhen(when: When, floatingZone: ZoneId = 'UTC'): Instant {
  if (when.kind === 'zoned') return instantOf(when.local, when.zone);
  return instantOf(when.kind === 'date' ? `${when.date}T00:00:00` : when.local, floatingZone);
}

/** Up to the last day that has a year of four digits. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const ms = Date.parse(`${date}T00:00:00Z`) + days * dayMs;
  return new Date(Math.min(Math.max(ms, firstDay), lastDay)).toISOString().slice(0, 10);
}

const firstDay = Date.UTC(1600, 0, 1);
const lastDay = Date.UTC(9999, 11, 31);
