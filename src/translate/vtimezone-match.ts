// Which zone a client's VTIMEZONE of unknown name stands for ("Customized Time Zone"): the zone whose clock changes at
// the same instants. Only yearly rules are read, and never by a library (a FREQ=SECONDLY would not end).
import type { Instant, ZoneId } from '../model/time.ts';
import { offsetAt, resolveZone, transitionsOf } from '../model/zones.ts';
import { windowsZones } from '../model/zones-table.ts';
import type { JcalComponent } from './codec.ts';
import { textOf } from './codec.ts';
import { expandWalls } from './recurrence.ts';
import { rulePartsOf, type ZoneLookup } from './span.ts';

interface Onset {
  readonly at: Instant;
  readonly offsetAfter: number;
}

/** The zones of one text, its own VTIMEZONEs included. */
export function zonesOf(calendar: JcalComponent): ZoneLookup {
  const own = new Map<string, ZoneId | undefined>();
  return (tzid) => {
    const known = resolveZone(tzid);
    if (known !== undefined) return known;
    if (!own.has(tzid)) {
      const definition = calendar[2].find(
        ([name, properties]) =>
          name === 'vtimezone' && properties.some((each) => each[0] === 'tzid' && each[3] === tzid),
      );
      own.set(tzid, definition && zoneOfVtimezone(definition));
    }
    return own.get(tzid);
  };
}

/** Names first, then the rules of the youngest year it describes; undefined: no known zone behaves like that. */
export function zoneOfVtimezone(vtimezone: JcalComponent): ZoneId | undefined {
  for (const name of ['tzid', 'x-lic-location', 'tzid-alias-of', 'x-tzid']) {
    const zone = resolveZone(textOf(vtimezone, name) ?? '');
    if (zone !== undefined) return zone;
  }
  const observances = vtimezone[2]
    .filter(([name]) => name === 'standard' || name === 'daylight')
    .slice(0, 200);
  if (observances.length === 0) return undefined;
  const starts = observances.map((each) => Number(textOf(each, 'dtstart')?.slice(0, 4) ?? 0));
  const year = Math.min(Math.max(2024, ...starts), 2100);
  const onsets = observances
    .flatMap((each) => onsetsOf(each, year))
    .filter(({ at }) => at >= Date.UTC(year, 0, 1) && at < Date.UTC(year + 1, 0, 1))
    .sort((a, b) => a.at - b.at);
  return onsets.length > 0 ? zoneWith(onsets, year) : fixedZone(observances, year);
}

function onsetsOf(observance: JcalComponent, year: number): Onset[] {
  const start = Date.parse(`${textOf(observance, 'dtstart') ?? ''}Z`);
  const before = offsetOf(observance, 'tzoffsetfrom');
  const offsetAfter = offsetOf(observance, 'tzoffsetto');
  if (Number.isNaN(start) || before === undefined || offsetAfter === undefined) return [];
  const walls = [start];
  for (const [name, , , ...values] of observance[1]) {
    if (name === 'rdate') walls.push(...values.map((value) => Date.parse(`${String(value)}Z`)));
    if (name === 'rrule') walls.push(...yearlyWalls(values[0], start, year));
  }
  return [...new Set(walls)].map((wall) => ({ at: wall - before, offsetAfter }));
}

function yearlyWalls(recur: unknown, start: number, year: number): number[] {
  const parts = rulePartsOf(recur, { kind: 'floating', local: new Date(start).toISOString().slice(0, 19) });
  if (parts?.freq !== 'YEARLY') return [];
  return expandWalls(parts, start, { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 2) });
}

function zoneWith(onsets: readonly Onset[], year: number): ZoneId | undefined {
  const range = { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
  const wanted = JSON.stringify(onsets.map(({ at, offsetAfter }) => [at, offsetAfter]));
  return windowsZones.find(([, zone]) => {
    const found = transitionsOf(zone, range).map(({ at, offsetAfter }) => [at, offsetAfter]);
    return JSON.stringify(found) === wanted;
  })?.[1];
}

/** No change in that year: the offset of the last observance that began. */
function fixedZone(observances: readonly JcalComponent[], year: number): ZoneId | undefined {
  const last = observances.toSorted((a, b) =>
    (textOf(a, 'dtstart') ?? '') < (textOf(b, 'dtstart') ?? '') ? -1 : 1,
  );
  const offset = offsetOf(last.at(-1) ?? observances[0], 'tzoffsetto');
  if (offset === undefined) return undefined;
  if (offset === 0) return 'UTC';
  const range = { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1) };
  const zone = windowsZones.find(
    ([, zone]) => offsetAt(zone, range.from) === offset && transitionsOf(zone, range).length === 0,
  )?.[1];
  const minutes = Math.abs(offset) / 60_000;
  const text = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(Math.floor(minutes % 60)).padStart(2, '0')}`;
  return zone ?? (offset < 0 ? '-' : '+') + text;
}

function offsetOf(observance: JcalComponent | undefined, name: string): number | undefined {
  const match = /^([+-])(\d\d):(\d\d)/.exec((observance && textOf(observance, name)) ?? '');
  if (!match) return undefined;
  const ms = (Number(match[2]) * 60 + Number(match[3])) * 60_000;
  return match[1] === '-' ? -ms : ms;
}
