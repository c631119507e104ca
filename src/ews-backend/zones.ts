// Zones of items: IANA ⇄ Windows ids, and custom TimeZoneDefinitions recognised by their rules (BEHAVIOUR §8).
import type { Instant, ZoneId } from '../model/time.ts';
import { ianaZoneOf, offsetAt, resolveZone, transitionsOf, windowsZoneOf } from '../model/zones.ts';
import { markupOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { parseZoneRules, type ZoneRules } from './zone-rules.ts';

/** A zone that Exchange knows, in both names. */
export interface KnownZone {
  readonly zone: ZoneId;
  readonly windows: string;
}

/** Fixed offsets that are not whole hours have a zone of that time too. */
const oddOffsets: Readonly<Record<string, ZoneId>> = {
  '-09:30': 'Pacific/Marquesas',
  '+03:30': 'Asia/Tehran',
  '+04:30': 'Asia/Kabul',
  '+05:30': 'Asia/Kolkata',
  '+05:45': 'Asia/Kathmandu',
  '+06:30': 'Asia/Yangon',
  '+08:45': 'Australia/Eucla',
  '+09:30': 'Australia/Darwin',
};

/** What Exchange makes of a zone: of several with one Windows name the one that CLDR puts first. */
export function knownZoneOf(zone: ZoneId): KnownZone | undefined {
  const windows = windowsZoneOf(/^[+-]\d/.test(zone) ? zoneAtOffset(zone) : zone);
  const main = windows === undefined ? undefined : ianaZoneOf(windows);
  return windows === undefined || main === undefined ? undefined : { zone: main, windows };
}

/** Longer than that nobody knows the rules of a zone. */
const foreseenMs = 10 * 366 * 86_400_000;

/**
 * A zone that Exchange knows and in which a series keeps the time it has in `zone`: the one with its name, or where that goes
 * another way meanwhile (Vancouver and Los Angeles) any that goes along. Undefined when there is none, not even for its start.
 */
export function seriesZoneOf(zone: ZoneId, from: Instant, to = Infinity): KnownZone | undefined {
  const named = knownZoneOf(zone);
  if (named?.zone === zone) return named;
  const range = { from, to: Math.max(from, Math.min(to, from + foreseenMs)) };
  const goesAlong = (other: ZoneId): boolean => hasSameTime(zone, other, range);
  if (named !== undefined && goesAlong(named.zone)) return named;
  const other = mainZones().find(goesAlong);
  if (other !== undefined) return knownZoneOf(other);
  return named !== undefined && offsetAt(named.zone, from) === offsetAt(zone, from) ? named : undefined;
}

function hasSameTime(zone: ZoneId, other: ZoneId, { from, to }: { from: Instant; to: Instant }): boolean {
  // A few looks rule out nearly every other zone.
  for (let look = 0; look <= 8; look += 1) {
    const at = from + Math.floor(((to - from) * look) / 8);
    if (offsetAt(zone, at) !== offsetAt(other, at)) return false;
  }
  const [one, two] = [transitionsOf(zone, { from, to }), transitionsOf(other, { from, to })];
  return (
    one.length === two.length &&
    one.every(({ at, offsetAfter }, index) => at === two[index]?.at && offsetAfter === two[index].offsetAfter)
  );
}

/** The same for a zone that was read: one that Exchange has no name for stays what it is. */
export function mainZoneOf(zone: ZoneId): ZoneId {
  return knownZoneOf(zone)?.zone ?? zone;
}

function zoneAtOffset(offset: ZoneId): ZoneId {
  const hours = /^([+-])0?(\d{1,2}):00$/.exec(offset);
  // POSIX signs: Etc/GMT-5 is five hours east.
  return hours ? `Etc/GMT${hours[1] === '+' ? '-' : '+'}${hours[2]}` : (oddOffsets[offset] ?? offset);
}

/** `StartTimeZone` or `EndTimeZone` by Id: a server's own zone needs no definition. */
export function renderZone(name: 'StartTimeZone' | 'EndTimeZone', zone: ZoneId): Markup {
  return xml(`t:${name}`, { Id: knownZoneOf(zone)?.windows ?? 'UTC' });
}

/**
 * The zone that a StartTimeZone element means around an instant: by its id, its rules, its name; a fixed offset when no
 * zone has such rules. Undefined when it says nothing.
 */
export function parseZone(element: XmlElement | undefined, around: Instant): ZoneId | undefined {
  if (element === undefined) return undefined;
  const { Id: id = '', Name: name = '' } = element.attrs;
  return ianaZoneOf(id) ?? resolveZone(id) ?? zoneByRules(element, around) ?? resolveZone(name);
}

const recognised = new Map<string, ZoneId | undefined>();

function zoneByRules(element: XmlElement, around: Instant): ZoneId | undefined {
  const rules = parseZoneRules(element);
  if (rules === undefined) return undefined;
  const year = new Date(around).getUTCFullYear();
  const key = `${year} ${markupOf(element).xml}`;
  if (recognised.has(key)) return recognised.get(key);
  if (recognised.size >= 500) recognised.clear(); // definitions come from mailboxes: bounded
  const zone = matchRules(rules, { year, around, named: resolveZone(element.attrs['Name'] ?? '') });
  recognised.set(key, zone);
  return zone;
}

/** Of several zones with these rules the one that the definition is named after. */
function matchRules(
  rules: ZoneRules,
  { year, around, named }: { year: number; around: Instant; named: ZoneId | undefined },
): ZoneId | undefined {
  const range = { from: Date.UTC(year, 0, 1), to: Date.UTC(year + 2, 0, 1) };
  const wanted = rules.transitions(year).concat(rules.transitions(year + 1));
  const now = rules.offsetAt(around);
  const candidates = (named === undefined ? mainZones() : [named, ...mainZones()]).filter(
    (zone) => offsetAt(zone, around) === now,
  );
  const exact = candidates.find((zone) => {
    const transitions = transitionsOf(zone, range);
    return (
      offsetAt(zone, range.from) === rules.offsetAt(range.from) &&
      transitions.length === wanted.length &&
      transitions.every(
        ({ at, offsetAfter }, each) => at === wanted[each]?.at && offsetAfter === wanted[each].offset,
      )
    );
  });
  return exact ?? nearest(candidates, rules, range) ?? fixedZone(now);
}

/** Servers have older rules than we: a zone that agrees on nine days of ten is meant. */
function nearest(
  candidates: readonly ZoneId[],
  rules: ZoneRules,
  { from, to }: { from: Instant; to: Instant },
): ZoneId | undefined {
  const days: { at: Instant; offset: number }[] = [];
  for (let at = from + dayMs / 2; at < to; at += dayMs) days.push({ at, offset: rules.offsetAt(at) });
  let best: { zone: ZoneId | undefined; agrees: number } = { zone: undefined, agrees: 0.9 * days.length };
  for (const zone of candidates) {
    const agrees = days.filter(({ at, offset }) => offsetAt(zone, at) === offset).length;
    if (agrees > best.agrees) best = { zone, agrees };
  }
  return best.zone;
}

const dayMs = 86_400_000;

let zones: readonly ZoneId[] | undefined;

/** One zone for each Windows name. */
function mainZones(): readonly ZoneId[] {
  zones ??= [...new Set(Intl.supportedValuesOf('timeZone').flatMap((zone) => knownZoneOf(zone)?.zone ?? []))];
  return zones;
}

function fixedZone(offsetMs: number): ZoneId {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000);
  if (minutes === 0) return 'UTC';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
