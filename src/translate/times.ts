// Times as iCalendar says them (RFC 5545 §3.3.4, §3.3.5, §3.3.6) ⇄ When.
import type { Instant, LocalDate, When, ZoneId } from '../model/time.ts';
import { addDays, instantOf, instantOfWhen, localOf, whenAt } from '../model/zones.ts';
import { paramOf, type Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';

type ZoneOf = (tzid: string) => ZoneId;

/** The first value. @throws TranslateError `invalid` */
export function whenOf(property: Jcal, zoneOf: ZoneOf): When {
  const [when] = whensOf(property, zoneOf);
  if (!when) throw invalidTime(property);
  return when;
}

/** Every value (EXDATE is a list). @throws TranslateError `invalid` */
export function whensOf(property: Jcal, zoneOf: ZoneOf): When[] {
  const tzid = paramOf(property, 'tzid');
  return property.slice(3).map((value) => {
    const when = typeof value === 'string' ? whenOfText(value, tzid, zoneOf) : undefined;
    if (!when) throw invalidTime(property);
    return when;
  });
}

function whenOfText(value: string, tzid: string | undefined, zoneOf: ZoneOf): When | undefined {
  if (value.length === 10) return isRealTime(`${value}T00:00:00`) ? { kind: 'date', date: value } : undefined;
  const isUtc = value.endsWith('Z');
  const local = (isUtc ? value.slice(0, -1) : value).replace(/\d\d$/, twoDigitSecond);
  if (!isRealTime(local)) return undefined;
  if (isUtc) return { kind: 'zoned', local, zone: 'UTC' };
  return tzid === undefined ? { kind: 'floating', local } : { kind: 'zoned', local, zone: zoneOf(tzid) };
}

function twoDigitSecond(text: string): string {
  return String(secondOf(Number(text))).padStart(2, '0');
}

/** A leap second is the second before it (RFC 5545 §3.3.12). */
export function secondOf(second: number): number {
  return second === 60 ? 59 : second;
}

function isRealTime(local: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(local) || local < '1600') return false;
  const ms = Date.parse(`${local}Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(local);
}

function invalidTime(property: Jcal): TranslateError {
  const name = property[0].toUpperCase();
  return new TranslateError('invalid', `${name} is not a time that exists`, name);
}

export function renderWhen(name: string, ...whens: readonly [When, ...When[]]): Jcal {
  const [first] = whens;
  const type = first.kind === 'date' ? 'date' : 'date-time';
  const params: Jcal[1] = first.kind === 'zoned' && first.zone !== 'UTC' ? { tzid: tzidOf(first.zone) } : {};
  return [name, params, type, ...whens.map(textOfWhen)];
}

/** Start and end are of one kind and zone. */
export function renderPeriod(name: string, start: When, end: When): Jcal {
  const [, params] = renderWhen(name, start);
  return [name, params, 'period', [textOfWhen(start), textOfWhen(end)]];
}

/** A fixed offset gets a name without a colon, which many readers would not expect in a parameter. */
function tzidOf(zone: ZoneId): string {
  return /^[+-]/.test(zone) ? `UTC${zone.replace(':', '')}` : zone;
}

function textOfWhen(when: When): string {
  if (when.kind === 'date') return when.date;
  return when.kind === 'zoned' && when.zone === 'UTC' ? `${when.local}Z` : when.local;
}

export function renderInstant(name: string, instant: Instant): Jcal {
  return [name, {}, 'date-time', textOfInstant(instant)];
}

export function textOfInstant(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** The instant a UTC stamp means; undefined when there is none. */
export function instantOfStamp(property: Jcal | undefined): Instant | undefined {
  const given = property?.[3];
  if (typeof given !== 'string') return undefined;
  // Of names that the codec has no type for (ACKNOWLEDGED, X-MOZ-LASTACK) as on the wire.
  const value = given.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6');
  const ms = Date.parse(value.endsWith('Z') ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A time as the series says times: kind and zone of its start (clients and Exchange mix them in EXDATE and RECURRENCE-ID). */
export function asInSeries(when: When, start: When, defaultZone: ZoneId): When {
  if (start.kind === 'date') {
    return {
      kind: 'date',
      date: dateOfWhen(when, when.kind === 'zoned' ? ownZone(when, defaultZone) : 'UTC'),
    };
  }
  const zone = start.kind === 'zoned' ? start.zone : defaultZone;
  return { ...start, local: localIn(when, start, zone) };
}

/** Exchange writes midnight in the zone of the series; UTC says nothing about the day meant. */
function ownZone(when: { readonly zone: ZoneId }, defaultZone: ZoneId): ZoneId {
  return when.zone === 'UTC' ? defaultZone : when.zone;
}

function localIn(when: When, start: { readonly local: string }, zone: ZoneId): string {
  if (when.kind === 'date') return `${when.date}${start.local.slice(10)}`;
  if (when.kind === 'floating' || when.zone === zone) return when.local;
  return localOf(instantOfWhen(when), zone);
}

/** The day on which it begins, for who lives in `zone`. */
export function dateOfWhen(when: When, zone: ZoneId): LocalDate {
  if (when.kind === 'date') return when.date;
  if (when.kind === 'floating' || when.zone === zone) return when.local.slice(0, 10);
  return localOf(instantOfWhen(when), zone).slice(0, 10);
}

/** Orders times of one kind. */
export function compareWhens(one: When, other: When): number {
  return instantOfWhen(one) - instantOfWhen(other);
}

/** One text for one occurrence, however its zone is called: the key of an override's residue. */
export function keyOfWhen(when: When): string {
  if (when.kind === 'date') return when.date;
  return when.kind === 'floating' ? when.local : textOfInstant(instantOfWhen(when));
}

/** The time that a key stands for, in the kind and zone of its series; undefined for a key of another kind. */
export function whenOfKey(key: string, series: When): When | undefined {
  const isDate = /^\d{4}-\d\d-\d\d$/.test(key);
  if (series.kind === 'date') return isDate ? { kind: 'date', date: key } : undefined;
  if (isDate) return undefined;
  const zone = series.kind === 'zoned' ? series.zone : 'UTC';
  return { ...series, local: key.endsWith('Z') ? localOf(Date.parse(key), zone) : key };
}

const durationForm = /^([+-])?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export interface Duration {
  readonly sign: 1 | -1;
  /** Nominal: a day is until the same time on the next day. */
  readonly days: number;
  /** Exact. */
  readonly ms: number;
}

/** RFC 5545 §3.3.6, in jCal's text form. */
export function durationOf(property: Jcal): Duration | undefined {
  const match = typeof property[3] === 'string' ? durationForm.exec(property[3]) : null;
  if (!match) return undefined;
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  return {
    sign: sign === '-' ? -1 : 1,
    days: Number(weeks) * 7 + Number(days),
    ms: (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000,
  };
}

export function durationMs(duration: Duration): number {
  return duration.sign * (duration.days * 86_400_000 + duration.ms);
}

/** A day before it ends, wherever on earth. */
const endOfYear9999 = Date.UTC(9999, 11, 31);

/** Years have four digits (RFC 5545 §3.3.4). @throws TranslateError `invalid` */
function demandWritable(start: When, lengthMs: number): void {
  const end = instantOfWhen(start) + lengthMs;
  if (Math.abs(end) < endOfYear9999) return;
  throw new TranslateError('invalid', 'DURATION goes beyond the year 9999', 'DURATION');
}

/** @throws TranslateError `invalid` */
export function afterDuration(start: When, duration: Duration): When {
  const days = duration.sign * duration.days;
  const ms = duration.sign * duration.ms;
  demandWritable(start, days * 86_400_000 + ms);
  if (start.kind === 'date') {
    return { kind: 'date', date: addDays(start.date, days + Math.floor(ms / 86_400_000)) };
  }
  const local = `${addDays(start.local.slice(0, 10), days)}${start.local.slice(10)}`;
  if (ms === 0) return { ...start, local };
  return start.kind === 'zoned'
    ? whenAt(instantOf(local, start.zone) + ms, start.zone)
    : { ...start, local: localOf(instantOf(local, 'UTC') + ms, 'UTC') };
}

/** Where a DURATION (RFC 5545 §3.6.2) ends. */
export function endAfter(start: When | undefined, properties: readonly Jcal[]): When | undefined {
  const property = properties.find(([name]) => name === 'duration');
  const duration = property && durationOf(property);
  return start && duration && afterDuration(start, duration);
}
