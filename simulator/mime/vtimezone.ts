// VTIMEZONE as Exchange writes it: TZID is the Windows name, both parts begin in 1601 (BEHAVIOUR §8); and the zone that a
// TZID and its rules name.
import {
  definitionOf,
  namedZoneOf,
  utcZone,
  windowsZoneOf,
  zoneOf,
  type SimZone,
} from '../calendar/index.ts';
import { componentsOf, propertiesOf, valueOf, type JcalComponent, type JcalProperty } from './ical.ts';

type Definition = ReturnType<typeof definitionOf>;
type Period = Definition['periods'][number];
type GroupTransition = Definition['groups'][number]['transitions'][number];
type Rule = NonNullable<GroupTransition['rule']>;

/** What a zone is called in iCalendar text. */
export function tzidOf(zone: SimZone): string {
  if (zone.definition !== undefined) return 'Customized Time Zone';
  return zone.id.startsWith('tzone://') ? 'UTC' : zone.id;
}

/** With the rules that apply in that year. */
export function renderVtimezone(zone: SimZone, year: number): JcalComponent {
  const definition = definitionOf(zone);
  const from = Date.UTC(year, 6, 1);
  const group =
    definition.transitions.filter((one) => (one.from ?? Number.NEGATIVE_INFINITY) <= from).at(-1)?.group ??
    definition.transitions[0]?.group;
  const transitions = definition.groups.find(({ id }) => id === group)?.transitions ?? [];
  const offsetOf = (transition: GroupTransition | undefined): number =>
    definition.periods.find(({ id }) => id === transition?.to)?.offset ?? 0;
  const offsets = transitions.map(offsetOf);
  const least = offsets.length === 0 ? 0 : Math.min(...offsets);
  const standard = transitions.find((one) => offsetOf(one) === least);
  const daylight = transitions.find((one) => offsetOf(one) !== least);
  const high = daylight === undefined ? least : offsetOf(daylight);
  return [
    'vtimezone',
    [['tzid', {}, 'text', tzidOf(zone)]],
    [
      part('standard', { from: high, to: least, rule: standard?.rule }),
      part('daylight', { from: least, to: high, rule: daylight?.rule }),
    ],
  ];
}

function part(name: string, given: { from: number; to: number; rule: Rule | undefined }): JcalComponent {
  const { rule } = given;
  const start = new Date(rule?.time ?? 0).toISOString().slice(11, 19);
  const properties: JcalProperty[] = [
    ['dtstart', {}, 'date-time', `1601-01-01T${start}`],
    ['tzoffsetfrom', {}, 'utc-offset', offsetText(given.from)],
    ['tzoffsetto', {}, 'utc-offset', offsetText(given.to)],
  ];
  if (rule !== undefined) properties.push(['rrule', {}, 'recur', yearly(rule)]);
  return [name, properties, []];
}

const codes = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

function yearly(rule: Rule): Record<string, unknown> {
  const day =
    rule.kind === 'date'
      ? { bymonthday: rule.day }
      : { byday: `${rule.occurrence}${codes[rule.weekday] ?? 'SU'}` };
  return { freq: 'YEARLY', interval: 1, ...day, bymonth: rule.month + 1 };
}

function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** The zone of a TZID: one of the server's by its Windows, IANA or display name, else the rules that came with it. */
export function zoneOfTzid(tzid: string, calendar: JcalComponent): SimZone | undefined {
  // Exchange writes display names too, without a VTIMEZONE (examples/MimeContent/06).
  const known = zoneOf(tzid) ?? windowsZoneOf(tzid) ?? namedZoneOf(tzid);
  if (known !== undefined) return known;
  const given = componentsOf(calendar, 'vtimezone').find((one) => valueOf(one, 'tzid') === tzid);
  return given === undefined ? undefined : customZone(tzid, given);
}

function customZone(name: string, given: JcalComponent): SimZone {
  const standard = latest(componentsOf(given, 'standard'));
  const daylight = latest(componentsOf(given, 'daylight'));
  const parts = [standard, daylight].flatMap((one, index) => (one === undefined ? [] : [{ one, index }]));
  if (parts.length === 0) return utcZone;
  const periods: Period[] = parts.map(({ one, index }) => ({
    id: String(index),
    name: index === 0 ? 'Standard' : 'Daylight',
    offset: parseOffset(valueOf(one, 'tzoffsetto') ?? ''),
  }));
  const ruled = parts.map(({ one, index }) => ({ to: String(index), rule: parseYearly(one) }));
  const isYearly = ruled.length === 2 && ruled.every(({ rule }) => rule !== undefined);
  const transitions: GroupTransition[] = isYearly
    ? ruled.map(({ to, rule }) => (rule === undefined ? { to } : { to, rule }))
    : [{ to: '0' }];
  return {
    id: 'tzone://Microsoft/Custom',
    name,
    definition: { periods, groups: [{ id: '0', transitions }], transitions: [{ group: '0' }] },
  };
}

/** Of several parts the one that begins last. */
function latest(parts: readonly JcalComponent[]): JcalComponent | undefined {
  return [...parts]
    .sort((a, b) => (valueOf(a, 'dtstart') ?? '').localeCompare(valueOf(b, 'dtstart') ?? ''))
    .at(-1);
}

function parseOffset(text: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)/.exec(text) ?? [];
  const ms = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -ms : ms;
}

function parseYearly(part: JcalComponent): Rule | undefined {
  const rule: unknown = propertiesOf(part, 'rrule')[0]?.[3];
  const start = valueOf(part, 'dtstart') ?? '';
  if (typeof rule !== 'object' || rule === null) return undefined;
  const parts = new Map<string, unknown>(Object.entries(rule));
  const [, occurrence, code] = /^(-?\d+)([A-Z]{2})$/.exec(String(parts.get('byday'))) ?? [];
  const month = Number(parts.get('bymonth')) - 1;
  if (occurrence === undefined || code === undefined || Number.isNaN(month)) return undefined;
  const time = Date.parse(`1970-01-01T${start.slice(11, 19)}Z`);
  return { kind: 'day', time, month, weekday: codes.indexOf(code), occurrence: Number(occurrence) };
}
