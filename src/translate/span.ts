// Reads times, durations and rules out of jCal for the calculating half of translate (filters, shapes, free-busy).
// Tolerant: what cannot be read is absent; refusing is the work of parseIncoming.
import { weekdays } from '../model/recurrence.ts';
import type { Instant, When, ZoneId } from '../model/time.ts';
import { instantOf, localOf, resolveZone } from '../model/zones.ts';
import { needsOf } from './calendar-object.ts';
import type { Jcal, JcalComponent } from './codec.ts';
import { paramOf } from './codec.ts';
import { zoneFinder } from './custom-zones.ts';
import { TranslateError } from './errors.ts';
import type { RuleParts } from './recurrence.ts';
import { secondOf } from './times.ts';

/** What a TZID means within one text; undefined: nothing known, so the time floats. */
export type ZoneLookup = (tzid: string) => ZoneId | undefined;

/** The zones of one text, its own VTIMEZONEs included. */
export function zonesOf([, , components]: JcalComponent): ZoneLookup {
  const defined = new Map<string, ZoneId | undefined>();
  return (tzid) => {
    const known = resolveZone(tzid);
    if (known !== undefined) return known;
    if (!defined.has(tzid)) defined.set(tzid, definedZone(tzid, components));
    return defined.get(tzid);
  };
}

function definedZone(tzid: string, components: readonly JcalComponent[]): ZoneId | undefined {
  const vtimezones = components.filter(([name]) => name === 'vtimezone');
  const others = components.filter(([name]) => name !== 'vtimezone');
  try {
    return zoneFinder(vtimezones, needsOf(others))(tzid);
  } catch (error) {
    if (error instanceof TranslateError) return undefined;
    throw error;
  }
}

export function propertyOf(component: JcalComponent, name: string): Jcal | undefined {
  return component[1].find((each) => each[0] === name);
}

export function propertiesNamed(component: JcalComponent, name: string): Jcal[] {
  return component[1].filter((each) => each[0] === name);
}

/** The first value of a property as a point in time. */
export function whenOf(component: JcalComponent, name: string, zones: ZoneLookup): When | undefined {
  const property = propertyOf(component, name);
  return property && whenOfValue(property[3], property, zones);
}

/** All values of all properties of this name (EXDATE, RDATE; of a period its start). */
export function whensOf(component: JcalComponent, name: string, zones: ZoneLookup): When[] {
  return propertiesNamed(component, name).flatMap((property) =>
    property.slice(3).flatMap((value) => {
      const when = whenOfValue(Array.isArray(value) ? value[0] : value, property, zones);
      return when ? [when] : [];
    }),
  );
}

export function whenOfValue(value: unknown, property: Jcal, zones: ZoneLookup): When | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^\d{4}-\d\d-\d\d$/.test(value))
    return isTime(`${value}T00:00:00`) ? { kind: 'date', date: value } : undefined;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(Z?)$/.exec(value);
  const local = match?.[1];
  if (local === undefined || !isTime(local)) return undefined;
  if (match?.[2] === 'Z') return { kind: 'zoned', local, zone: 'UTC' };
  const tzid = paramOf(property, 'tzid');
  const zone = tzid === undefined ? undefined : zones(tzid);
  return zone === undefined ? { kind: 'floating', local } : { kind: 'zoned', local, zone };
}

function isTime(local: string): boolean {
  return !Number.isNaN(Date.parse(`${local}Z`));
}

const unitMs: Readonly<Record<string, number>> = {
  W: 604_800_000,
  D: 86_400_000,
  H: 3_600_000,
  M: 60_000,
  S: 1000,
};

/** `-P1DT2H` in milliseconds, a day taken as 24 hours; undefined for anything else. */
export function durationMsOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^[+-]?P(?=[\dT])(\d+[WD])*(T(\d+[HMS])+)?$/.test(value))
    return undefined;
  let ms = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+)([WDHMS])/g))
    ms += Number(amount) * (unitMs[unit ?? ''] ?? 0);
  return value.startsWith('-') ? -ms : ms;
}

/** Start and end of one value of type period, `[start, end or duration]`. */
export function periodOf(
  value: unknown,
  property: Jcal,
  zones: ZoneLookup,
): { start: When; end: When } | undefined {
  if (!Array.isArray(value)) return undefined;
  const start = whenOfValue(value[0], property, zones);
  if (start === undefined || start.kind === 'date') return undefined;
  const duration = durationMsOf(value[1]);
  const end = duration === undefined ? whenOfValue(value[1], property, zones) : shifted(start, duration);
  return end && { start, end };
}

/** The same kind of time, later by exact time. */
export function shifted(when: When, ms: number): When {
  if (when.kind === 'date') {
    return {
      kind: 'date',
      date: new Date(Date.parse(`${when.date}T00:00:00Z`) + ms).toISOString().slice(0, 10),
    };
  }
  const zone = when.kind === 'zoned' ? when.zone : 'UTC';
  return { ...when, local: localOf(instantOf(when.local, zone) + ms, zone) };
}

const byParts = [
  'BYMONTH',
  'BYWEEKNO',
  'BYYEARDAY',
  'BYMONTHDAY',
  'BYDAY',
  'BYHOUR',
  'BYMINUTE',
  'BYSECOND',
  'BYSETPOS',
];

/** The value of an RRULE; UNTIL in whatever form is brought onto the wall clock of `start`. */
export function rulePartsOf(recur: unknown, start: When): RuleParts | undefined {
  if (typeof recur !== 'object' || recur === null) return undefined;
  const values = new Map(
    Object.entries(recur).map(([name, value]: [string, unknown]) => [name.toUpperCase(), value]),
  );
  const freq = values.get('FREQ');
  if (typeof freq !== 'string') return undefined;
  const by = new Map<string, readonly string[]>();
  for (const name of byParts) {
    const value = values.get(name);
    if (value !== undefined) by.set(name, valuesOf(name, value));
  }
  // The codec numbers the weekdays from 1 for Sunday.
  const wkst = weekdays[Number(values.get('WKST')) - 1];
  if (wkst !== undefined) by.set('WKST', [wkst]);
  const count = Number(values.get('COUNT') ?? Number.NaN);
  const until = values.get('UNTIL');
  return {
    freq: freq.toUpperCase(),
    interval: Math.max(1, Number(values.get('INTERVAL') ?? 1) || 1),
    ...(count > 0 && { count }),
    ...(typeof until === 'string' && { until: untilWall(until, start) }),
    by,
  };
}

function valuesOf(name: string, value: unknown): readonly string[] {
  const texts = [value].flat().map(String);
  return name === 'BYSECOND' ? texts.map((text) => String(secondOf(Number(text)))) : texts;
}

/** A DATE counts as the whole day, whatever the start is (what clients mean by it). */
function untilWall(until: string, start: When): Instant {
  const isDate = until.length <= 10 || start.kind === 'date';
  if (isDate) return Date.parse(`${until.slice(0, 10)}T23:59:59Z`);
  if (until.endsWith('Z') && start.kind === 'zoned')
    return Date.parse(`${localOf(Date.parse(until), start.zone)}Z`);
  return Date.parse(until.endsWith('Z') ? until : `${until}Z`);
}
