// Free and busy time: of one object (RFC 4791 §7.10), and rendered as a VFREEBUSY (RFC 5545 §3.6.4).
import type { BusyTime } from '../model/backend.ts';
import type { Person } from '../model/item.ts';
import type { Instant, Range } from '../model/time.ts';
import { instantOfWhen, localOf } from '../model/zones.ts';
import { parseRendered, paramOf, stringify, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { instancesOf, type Clock, type Instance } from './instances.ts';
import { periodOf, propertiesNamed, zonesOf } from './span.ts';

type Bounds = Required<Range>;
type Busy = BusyTime['busy'];

/** Busy times that touch the range, not cut off at its borders; floating times and dates count in UTC. */
export function busyTimesOf(text: string, range: Bounds): readonly BusyTime[] {
  const calendar = parseRendered(text);
  const clock = { zones: zonesOf(calendar), floatingZone: 'UTC' };
  const events = calendar[2].filter((each) => each[0] === 'vevent');
  const ownTimes = instancesOf(events, range, clock).flatMap((each) => busyOfInstance(each));
  const told = calendar[2]
    .filter((each) => each[0] === 'vfreebusy')
    .flatMap((each) => busyOfReply(each, clock));
  return [...ownTimes, ...told].filter((each) => each.range.from < range.to && each.range.to > range.from);
}

function busyOfInstance({ component, from, to }: Instance): BusyTime[] {
  const busy = kindOf(component);
  return busy && from < to ? [{ range: { from, to }, busy }] : [];
}

const busyByStatus: Readonly<Record<string, Busy | undefined>> = {
  OOF: 'out-of-office',
  TENTATIVE: 'tentative',
};

function kindOf(component: JcalComponent): Busy | undefined {
  const status = textOf(component, 'status')?.toUpperCase();
  if (textOf(component, 'transp')?.toUpperCase() === 'TRANSPARENT' || status === 'CANCELLED')
    return undefined;
  const exact = textOf(component, 'x-microsoft-cdo-busystatus')?.toUpperCase() ?? '';
  return busyByStatus[exact] ?? (status === 'TENTATIVE' ? 'tentative' : 'busy');
}

const busyByType: Readonly<Record<string, Busy | undefined>> = {
  BUSY: 'busy',
  'BUSY-TENTATIVE': 'tentative',
  'BUSY-UNAVAILABLE': 'out-of-office',
};

function busyOfReply(component: JcalComponent, clock: Clock): BusyTime[] {
  return propertiesNamed(component, 'freebusy').flatMap((property) => {
    const type = (paramOf(property, 'fbtype') ?? 'BUSY').toUpperCase();
    // RFC 5545 §3.2.9: an unknown type counts as busy.
    const busy = type === 'FREE' ? undefined : (busyByType[type] ?? 'busy');
    return property.slice(3).flatMap((value): BusyTime[] => {
      const period = busy && periodOf(value, property, clock.zones);
      return period && busy
        ? [{ range: { from: instantOfWhen(period.start), to: instantOfWhen(period.end) }, busy }]
        : [];
    });
  });
}

const typeOf = {
  busy: 'BUSY',
  tentative: 'BUSY-TENTATIVE',
  'out-of-office': 'BUSY-UNAVAILABLE',
} satisfies Record<Busy, string>;

/** A VCALENDAR with one VFREEBUSY: periods in UTC, merged, cut off at the range. */
export function renderFreeBusy(
  range: Bounds,
  busy: readonly BusyTime[],
  about: { uid: string; stamp: Instant; organizer?: Person; attendee?: Person; method?: string },
): string {
  const properties: Jcal[] = [
    ['uid', {}, 'text', about.uid],
    ['dtstamp', {}, 'date-time', utc(about.stamp)],
    ['dtstart', {}, 'date-time', utc(range.from)],
    ['dtend', {}, 'date-time', utc(range.to)],
    ...person('organizer', about.organizer),
    ...person('attendee', about.attendee),
  ];
  for (const kind of ['busy', 'tentative', 'out-of-office'] as const) {
    const periods = mergeBusy(
      busy.filter((each) => each.busy === kind),
      range,
    );
    if (periods.length === 0) continue;
    const values = periods.map((each) => [utc(each.from), utc(each.to)]);
    properties.push(['freebusy', { fbtype: typeOf[kind] }, 'period', ...values]);
  }
  const head: Jcal[] = [
    ['version', {}, 'text', '2.0'],
    ['prodid', {}, 'text', '-//Exdav//Exdav//EN'],
    ...(about.method === undefined ? [] : [['method', {}, 'text', about.method] satisfies Jcal]),
  ];
  return stringify(['vcalendar', head, [['vfreebusy', properties, []]]]);
}

/** Overlapping and touching periods become one. */
export function mergeBusy(busy: readonly BusyTime[], range: Bounds): { from: Instant; to: Instant }[] {
  const sorted = busy
    .map((each) => ({ from: Math.max(each.range.from, range.from), to: Math.min(each.range.to, range.to) }))
    .filter((each) => each.from < each.to)
    .sort((a, b) => a.from - b.from);
  const merged: { from: Instant; to: Instant }[] = [];
  for (const each of sorted) {
    const last = merged.at(-1);
    if (last && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else merged.push(each);
  }
  return merged;
}

function utc(instant: Instant): string {
  return `${localOf(instant, 'UTC')}Z`;
}

function person(name: string, who: Person | undefined): Jcal[] {
  if (!who) return [];
  return [[name, who.name ? { cn: who.name } : {}, 'cal-address', `mailto:${who.address}`]];
}
