// Time zones of the server: Windows names on Intl's offsets, custom definitions on their own rules
// ([MS-OXWSGTZ]; BEHAVIOUR §8). Wall times are `YYYY-MM-DDTHH:MM:SS`.
import { openCustomOffsets, type ZoneDefinition } from './zone-rules.ts';
import { zonesTable } from './zones-table.ts';

export interface SimZone {
  readonly id: string;
  readonly name: string;
  /** IANA zone whose offsets apply; absent for a custom zone. */
  readonly iana?: string;
  /** The rules of a custom zone. */
  readonly definition?: ZoneDefinition;
}

export const utcZone: SimZone = { id: 'UTC', name: '(UTC) Coordinated Universal Time', iana: 'Etc/UTC' };

const serverZones = new Map<string, SimZone>(
  zonesTable.map(([id, iana, name]) => [id.toLowerCase(), { id, name, iana }]),
);
serverZones.set('tzone://microsoft/utc', { ...utcZone, id: 'tzone://Microsoft/Utc' });

/** Ids of GetServerTimeZones, from west to east. */
export const serverZoneIds: readonly string[] = zonesTable.map(([id]) => id);

/** A zone by its Windows name. */
export function zoneOf(id: string): SimZone | undefined {
  return serverZones.get(id.toLowerCase());
}

/** A zone by the IANA name its offsets come from. */
export function windowsZoneOf(iana: string): SimZone | undefined {
  const row = zonesTable.find(([, name]) => name.toLowerCase() === iana.toLowerCase());
  return row === undefined ? undefined : zoneOf(row[0]);
}

/** A zone by its display name; older servers began it with `GMT`, and the offset may be another by now. */
export function namedZoneOf(name: string): SimZone | undefined {
  const wanted = placesIn(name);
  const row = zonesTable.find((each) => placesIn(each[2]) === wanted);
  return row === undefined ? undefined : zoneOf(row[0]);
}

function placesIn(name: string): string {
  return name.replace(/^\((?:UTC|GMT)[^)]*\)\s*/, '').toLowerCase();
}

/** Milliseconds east of UTC. */
export function offsetAt(instant: number, zone: SimZone): number {
  return offsetsOf(zone)(instant);
}

export function toLocal(instant: number, zone: SimZone): string {
  return new Date(instant + offsetAt(instant, zone)).toISOString().slice(0, 19);
}

/** A time that a change skips counts on the offset before it; one that comes twice is the first. */
export function toInstant(local: string, zone: SimZone): number {
  const wall = Date.parse(`${local.slice(0, 19)}Z`);
  const offsets = offsetsOf(zone);
  const before = offsets(wall - dayMs);
  const after = offsets(wall + dayMs);
  const early = wall - before;
  if (before === after) return offsets(early) === before ? early : nearest(wall, offsets);
  if (offsets(early) === before) return early;
  const late = wall - after;
  return offsets(late) === after ? late : early;
}

/** `+05:30`, `-08:00`, `Z`. */
export function offsetText(offsetMs: number): string {
  if (offsetMs === 0) return 'Z';
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  const sign = offsetMs < 0 ? '-' : '+';
  return `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A dateTime on the zone's clock, offset behind it: `2016-03-31T08:00:00+05:30`. */
export function zonedDateTime(instant: number, zone: SimZone): string {
  return toLocal(instant, zone) + offsetText(offsetAt(instant, zone));
}

type Offsets = (instant: number) => number;
const dayMs = 86_400_000;

/** Two changes within two days: try every offset of the days around. */
function nearest(wall: number, offsets: Offsets): number {
  for (let hour = -24; hour <= 24; hour += 1) {
    const offset = offsets(wall + hour * 3_600_000);
    if (offsets(wall - offset) === offset) return wall - offset;
  }
  return wall - offsets(wall - dayMs);
}

const customOffsets = new WeakMap<ZoneDefinition, Offsets>();
const ianaOffsets = new Map<string, Offsets>();

function offsetsOf(zone: SimZone): Offsets {
  if (zone.definition !== undefined) {
    const kept = customOffsets.get(zone.definition) ?? openCustomOffsets(zone.definition);
    customOffsets.set(zone.definition, kept);
    return kept;
  }
  const iana = zone.iana ?? 'Etc/UTC';
  const kept = ianaOffsets.get(iana) ?? openIanaOffsets(iana);
  ianaOffsets.set(iana, kept);
  return kept;
}

export interface Change {
  readonly at: number;
  readonly offset: number;
}

/** Offsets by year: the changes of a year are searched once, then looked up. */
function openIanaOffsets(iana: string): Offsets {
  const ask = openIntl(iana);
  const years = new Map<number, readonly Change[]>();
  return (instant) => {
    const year = new Date(instant).getUTCFullYear();
    const known = years.get(year) ?? searchYear(ask, year);
    years.set(year, known);
    let offset = 0;
    for (const change of known) if (change.at <= instant) offset = change.offset;
    return offset;
  };
}

/** Changes of a server zone in a UTC year; the first entry is the offset the year begins with. */
export function changesOf(zone: SimZone, year: number): readonly Change[] {
  return searchYear(offsetsOf(zone), year);
}

function searchYear(ask: Offsets, year: number): readonly Change[] {
  const end = Date.UTC(year + 1, 0, 1);
  let at = Date.UTC(year, 0, 1);
  let offset = ask(at);
  const changes: Change[] = [{ at, offset }];
  while (at < end) {
    // Nine days: no zone has changed and changed back within less.
    const next = Math.min(at + 9 * dayMs, end - 1);
    const then = ask(next);
    if (then !== offset) {
      offset = then;
      changes.push({ at: bisect(ask, at, next), offset });
    }
    at = next === end - 1 ? end : next;
  }
  return changes;
}

function bisect(ask: Offsets, from: number, to: number): number {
  const after = ask(to);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (ask(middle) === after) high = middle;
    else low = middle;
  }
  return high;
}

function openIntl(iana: string): Offsets {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: iana, timeZoneName: 'longOffset' });
  return (instant) => {
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(instant));
    const [, sign, hours, minutes, seconds] = match ?? [];
    const ms = (Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000;
    return sign === '-' ? -ms : ms;
  };
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
