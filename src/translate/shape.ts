// calendar-data and address-data as asked for (RFC 4791 §9.6, RFC 6352 §10.4): a rendered text in, the part wanted out.
import type { ComponentParts, Shape } from '../model/collection.ts';
import type { Range, When } from '../model/time.ts';
import { instantOfWhen, localOf } from '../model/zones.ts';
import { parseRendered, stringify, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { instancesOf, isRecurring, masterOf, type Clock, type Instance } from './instances.ts';
import { periodOf, propertyOf, whenOfValue, zonesOf } from './span.ts';

type Bounds = Required<Range>;

/** @throws TranslateError `too-large` when expanding would give more than 10,000 instances */
export function shapeText(text: string, shape: Shape): string {
  if (shape.kind === 'whole') return text;
  const root = parseRendered(text);
  if (shape.kind === 'address') return stringify(chosenOfCard(root, shape.properties));
  const clock = { zones: zonesOf(root), floatingZone: 'UTC' };
  let calendar = root;
  if (shape.expand) calendar = expanded(calendar, shape.expand, clock);
  if (shape.limitRecurrenceSet) calendar = limitedOverrides(calendar, shape.limitRecurrenceSet, clock);
  if (shape.limitFreeBusySet) calendar = limitedFreeBusy(calendar, shape.limitFreeBusySet, clock);
  if (shape.parts) calendar = chosenParts(calendar, shape.parts);
  return stringify(calendar);
}

const kinds = new Set(['vevent', 'vtodo', 'vjournal']);

/** One component an instance, all times in UTC, no rules and no zones (RFC 4791 §9.6.5). */
function expanded([name, properties, components]: JcalComponent, range: Bounds, clock: Clock): JcalComponent {
  const kept: JcalComponent[] = [];
  for (const [kind, group] of Map.groupBy(components, (each) => each[0])) {
    if (kind === 'vtimezone') continue;
    if (kinds.has(kind)) kept.push(...expandedGroup(group, range, clock));
    else kept.push(...group.map((each) => inUtc(each, clock)));
  }
  return [name, properties, kept];
}

function expandedGroup(group: readonly JcalComponent[], range: Bounds, clock: Clock): JcalComponent[] {
  const timeless = group.filter((each) => !propertyOf(each, 'dtstart') && !propertyOf(each, 'due'));
  const master = masterOf(group);
  const isSeries = group.length > 1 || (master !== undefined && isRecurring(master));
  const instances = instancesOf(group, range, clock).filter((each) => isWithin(each.from, each.to, range));
  demandShort(instances);
  return [...timeless, ...instances.map((each) => instanceComponent(each, isSeries, clock))].map((each) =>
    inUtc(each, clock),
  );
}

/** A long description, once for each day of years, would fill the memory. */
const maxExpandedLength = 20_000_000;

/** @throws TranslateError `too-large` */
function demandShort(instances: readonly Instance[]): void {
  const lengths = new Map<JcalComponent, number>();
  let total = 0;
  for (const { component } of instances) {
    const length = lengths.get(component) ?? JSON.stringify(component).length;
    lengths.set(component, length);
    total += length;
  }
  if (total > maxExpandedLength)
    throw new TranslateError('too-large', 'the instances are too many for a text of this length');
}

function isWithin(from: number, to: number, range: Bounds): boolean {
  return from === to ? range.from <= from && range.to > from : range.from < to && range.to > from;
}

const recurrenceProperties = new Set(['rrule', 'rdate', 'exdate', 'exrule', 'recurrence-id']);

function instanceComponent(instance: Instance, isSeries: boolean, clock: Clock): JcalComponent {
  const [name, properties, components] = instance.component;
  const times: Readonly<Record<string, When>> = {
    dtstart: instance.start,
    dtend: instance.end,
    due: instance.end,
  };
  const own = properties
    .filter((property) => !recurrenceProperties.has(property[0]))
    .map((property) => {
      const when = times[property[0]];
      return when ? utcTime(property[0], when, clock) : property;
    });
  const hasId = isSeries || propertyOf(instance.component, 'recurrence-id') !== undefined;
  return [name, hasId ? [...own, utcTime('recurrence-id', instance.id, clock)] : own, components];
}

/** Dates and floating times stay what they are. */
function utcTime(name: string, when: When, clock: Clock): Jcal {
  if (when.kind === 'date') return [name, {}, 'date', when.date];
  if (when.kind === 'floating') return [name, {}, 'date-time', when.local];
  return [name, {}, 'date-time', `${localOf(instantOfWhen(when, clock.floatingZone), 'UTC')}Z`];
}

/** Every further time with a TZID (a property of a client's own, for instance). */
function inUtc([name, properties, components]: JcalComponent, clock: Clock): JcalComponent {
  return [
    name,
    properties.map((property) =>
      property[1]['tzid'] === undefined ? property : propertyInUtc(property, clock),
    ),
    components.map((each) => inUtc(each, clock)),
  ];
}

function propertyInUtc(property: Jcal, clock: Clock): Jcal {
  const [name, { tzid: _, ...params }, type, ...values] = property;
  return [
    name,
    params,
    type,
    ...values.map((value) => {
      const when = whenOfValue(value, property, clock.zones);
      return when ? utcTime(name, when, clock)[3] : value;
    }),
  ];
}

/** Overrides that neither are nor would have been within the range are left out (RFC 4791 §9.6.6). */
function limitedOverrides(calendar: JcalComponent, range: Bounds, clock: Clock): JcalComponent {
  const [name, properties, components] = calendar;
  const withMaster = new Set(
    components.filter((each) => !propertyOf(each, 'recurrence-id')).map(([kind]) => kind),
  );
  const isNeeded = (component: JcalComponent): boolean => {
    const id = propertyOf(component, 'recurrence-id');
    if (!id || id[1]['range'] !== undefined) return true;
    if (!withMaster.has(component[0])) return true;
    const [moved] = instancesOf([component], { from: -Infinity, to: Infinity }, clock);
    if (moved === undefined) return true;
    const original = instantOfWhen(moved.id, clock.floatingZone);
    const length = moved.to - moved.from;
    return isWithin(moved.from, moved.to, range) || isWithin(original, original + length, range);
  };
  return [name, properties, components.filter(isNeeded)];
}

/** RFC 4791 §9.6.7 */
function limitedFreeBusy(
  [name, properties, components]: JcalComponent,
  range: Bounds,
  clock: Clock,
): JcalComponent {
  const limited = components.map((component): JcalComponent => {
    if (component[0] !== 'vfreebusy') return component;
    const kept = component[1].flatMap((property): Jcal[] => {
      if (property[0] !== 'freebusy') return [property];
      const [head, params, type, ...values] = property;
      const within = values.filter((value) => {
        const period = periodOf(value, property, clock.zones);
        return period && isWithin(instantOfWhen(period.start), instantOfWhen(period.end), range);
      });
      return within.length > 0 ? [[head, params, type, ...within]] : [];
    });
    return ['vfreebusy', kept, component[2]];
  });
  return [name, properties, limited];
}

function chosenParts([name, properties, components]: JcalComponent, parts: ComponentParts): JcalComponent {
  if (parts.name.toLowerCase() !== name) return [name, properties, components];
  const wanted = parts.components;
  const kept = wanted
    ? components.flatMap((component) => {
        const part = wanted.find((each) => each.name.toLowerCase() === component[0]);
        return part ? [chosenParts(component, part)] : [];
      })
    : components;
  return [name, chosenProperties(properties, parts.properties), kept];
}

type Choice = NonNullable<ComponentParts['properties']>;

function chosenProperties(properties: readonly Jcal[], choice: Choice | undefined): Jcal[] {
  if (choice === undefined) return [...properties];
  return properties.flatMap((property): Jcal[] => {
    const wanted = choice.find((each) => isChosen(property, each.name));
    if (wanted === undefined) return [];
    return [wanted.noValue ? [property[0], {}, 'unknown', ''] : property];
  });
}

/** `TEL` means that of every group, `item1.TEL` that of one. */
function isChosen(property: Jcal, name: string): boolean {
  const dot = name.lastIndexOf('.');
  if (name.slice(dot + 1).toLowerCase() !== property[0]) return false;
  return dot < 0 || String(property[1]['group']).toLowerCase() === name.slice(0, dot).toLowerCase();
}

/** A card says its version whatever was chosen: nobody could read it otherwise. */
function chosenOfCard(
  [name, properties, components]: JcalComponent,
  choice: Choice | undefined,
): JcalComponent {
  if (choice === undefined) return [name, properties, components];
  const version = { name: 'VERSION', noValue: false };
  return [name, chosenProperties(properties, [version, ...choice]), components];
}
