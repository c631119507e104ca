// TimeZoneDefinitionType of requests and answers: t:StartTimeZone, t:EndTimeZone, t:TimeZoneDefinition.
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../src/xml/index.ts';
import { dayNames } from './days.ts';
import { CalendarRefusal } from './refusal.ts';
import { definitionOf } from './zone-definition.ts';
import { serverZoneIds, zoneOf, type SimZone } from './zone.ts';
import type { GroupTransition, Period, ZoneDefinition } from './zone-rules.ts';

/**
 * A zone of the server by its id, else the definition that comes with it.
 * @throws CalendarRefusal
 */
export function parseZone(element: XmlElement): SimZone {
  const id = element.attrs['Id'] ?? '';
  const known = zoneOf(id);
  if (known !== undefined) return known;
  if (childOf(element, 'Periods') === undefined) throw new CalendarRefusal('ErrorTimeZone');
  return {
    id: id === '' ? 'tzone://Microsoft/Custom' : id,
    name: element.attrs['Name'] ?? '',
    definition: parseDefinition(element),
  };
}

export function renderZone(name: string, zone: SimZone, full: boolean): Markup {
  const attributes = { Name: zone.name, Id: zone.id };
  if (!full && zone.definition === undefined) return xml(`t:${name}`, attributes);
  return xml(`t:${name}`, attributes, renderDefinition(definitionOf(zone)));
}

/** t:TimeZoneDefinition of each id the server knows; all without ids. */
export function serverTimeZones(ids: readonly string[] | undefined, full: boolean): readonly Markup[] {
  const found: Markup[] = [];
  for (const id of ids ?? serverZoneIds) {
    const zone = zoneOf(id);
    if (zone !== undefined) found.push(renderZone('TimeZoneDefinition', zone, full));
  }
  return found;
}

function parseDefinition(element: XmlElement): ZoneDefinition {
  const periods = elements(element, 'Periods').map((period): Period => ({
    id: period.attrs['Id'] ?? '',
    name: period.attrs['Name'] ?? '',
    offset: 0 - duration(period.attrs['Bias'] ?? ''),
  }));
  const groups = elements(element, 'TransitionsGroups').map((group) => ({
    id: group.attrs['Id'] ?? '',
    transitions: childrenOf(group).map(parseGroupTransition),
  }));
  const transitions = elements(element, 'Transitions').map((transition) => {
    const at = childOf(transition, 'DateTime');
    const group = target(transition, 'Group');
    return at === undefined ? { group } : { group, from: wallTime(textOf(at)) };
  });
  const only = periods[0];
  if (only === undefined) throw new CalendarRefusal('ErrorTimeZone');
  // One period alone needs no groups.
  const definition =
    groups.length === 0
      ? { periods, groups: [{ id: '0', transitions: [{ to: only.id }] }], transitions: [{ group: '0' }] }
      : { periods, groups, transitions };
  checkTargets(definition);
  return definition;
}

function checkTargets({ periods, groups, transitions }: ZoneDefinition): void {
  const hasPeriods = groups.every(
    (group) =>
      group.transitions.length > 0 &&
      group.transitions.every(({ to }) => periods.some(({ id }) => id === to)),
  );
  const hasGroups = transitions.every(({ group }) => groups.some(({ id }) => id === group));
  if (!hasPeriods || !hasGroups || transitions.length === 0) throw new CalendarRefusal('ErrorTimeZone');
}

function parseGroupTransition(element: XmlElement): GroupTransition {
  const to = target(element, 'Period');
  if (element.name === 'Transition') return { to };
  const time = duration(textOf(childOf(element, 'TimeOffset')));
  const month = ranged(element, 'Month', [1, 12]) - 1;
  if (element.name === 'RecurringDateTransition')
    return { to, rule: { kind: 'date', time, month, day: ranged(element, 'Day', [1, 31]) } };
  if (element.name !== 'RecurringDayTransition') throw new CalendarRefusal('ErrorTimeZone');
  const day = textOf(childOf(element, 'DayOfWeek')).trim();
  const weekday = dayNames.findIndex((name) => name === day);
  if (weekday < 0) throw new CalendarRefusal('ErrorCalendarInvalidDayForTimeChangePattern');
  const occurrence = ranged(element, 'Occurrence', [-4, 5]);
  if (occurrence === 0) throw new CalendarRefusal('ErrorTimeZone');
  return { to, rule: { kind: 'day', time, month, weekday, occurrence } };
}

function target(element: XmlElement, kind: 'Period' | 'Group'): string {
  const to = childOf(element, 'To');
  if (to?.attrs['Kind'] !== kind) throw new CalendarRefusal('ErrorTimeZone');
  return textOf(to).trim();
}

function ranged(element: XmlElement, name: string, [least, most]: readonly [number, number]): number {
  const value = Number(textOf(childOf(element, name)).trim());
  if (!Number.isInteger(value) || value < least || value > most) throw new CalendarRefusal('ErrorTimeZone');
  return value;
}

/** xs:duration of days and less, in milliseconds. */
function duration(text: string): number {
  const match = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text.trim());
  if (match === null) throw new CalendarRefusal('ErrorTimeZone');
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const all = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === '-' ? -all : all) * 1000;
}

function wallTime(text: string): number {
  const wall = Date.parse(`${text.trim().slice(0, 19)}Z`);
  if (Number.isNaN(wall)) throw new CalendarRefusal('ErrorTimeZone');
  return wall;
}

function elements(element: XmlElement, name: string): readonly XmlElement[] {
  const found = childOf(element, name);
  return found === undefined ? [] : childrenOf(found);
}

function renderDefinition({ periods, groups, transitions }: ZoneDefinition): readonly Markup[] {
  return [
    xml(
      't:Periods',
      {},
      periods.map(({ id, name, offset }) =>
        xml('t:Period', { Bias: renderDuration(-offset), Name: name, Id: id }),
      ),
    ),
    xml(
      't:TransitionsGroups',
      {},
      groups.map((group) =>
        xml('t:TransitionsGroup', { Id: group.id }, group.transitions.map(renderGroupTransition)),
      ),
    ),
    xml(
      't:Transitions',
      {},
      transitions.map(({ group, from }) => {
        const to = xml('t:To', { Kind: 'Group' }, group);
        if (from === undefined) return xml('t:Transition', {}, to);
        const at = new Date(from).toISOString().slice(0, 19);
        return xml('t:AbsoluteDateTransition', {}, to, xml('t:DateTime', {}, at));
      }),
    ),
  ];
}

function renderGroupTransition({ to, rule }: GroupTransition): Markup {
  const target = xml('t:To', { Kind: 'Period' }, to);
  if (rule === undefined) return xml('t:Transition', {}, target);
  const time = xml('t:TimeOffset', {}, renderDuration(rule.time));
  const month = xml('t:Month', {}, rule.month + 1);
  if (rule.kind === 'date')
    return xml('t:RecurringDateTransition', {}, target, time, month, xml('t:Day', {}, rule.day));
  return xml(
    't:RecurringDayTransition',
    {},
    target,
    time,
    month,
    xml('t:DayOfWeek', {}, dayNames[rule.weekday]),
    xml('t:Occurrence', {}, rule.occurrence),
  );
}

function renderDuration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`;
  return `${ms < 0 ? '-' : ''}PT${text === '' ? '0S' : text}`;
}
