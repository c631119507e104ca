// What an event is in Exchange apart from its recurrence: texts, people and times, zones by their Windows names.
import type { Attendee, EventFields, EventItem, Person } from '../model/item.ts';
import type { Instant, LocalTime, When, ZoneId } from '../model/time.ts';
import { addDays, instantOf, localOf, whenAt } from '../model/zones.ts';
import { heldAttachments } from './fields/attachment-fields.ts';
import { distinctAttendees, heldPerson } from './fields/people.ts';
import { durationMs } from './fields/series.ts';
import { heldBody, heldLine, heldList, heldShort } from './fields/texts.ts';
import { dayMs } from './fields/times.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { knownZoneOf, seriesZoneOf } from './zones.ts';

/** An event as one item that happens once: without rule, overrides and cancelled dates. */
export function heldSingle(item: EventItem, period: Period, present: Present): EventItem {
  return {
    ...item,
    ...heldFields(item, { master: item, present }),
    ...period,
    organizer: heldOrganizer(item, present.item),
    // Exchange sets it for who is invited to single instances and takes it from nobody.
    recurrenceId: undefined,
    recurrence: undefined,
    extraDates: undefined,
    overrides: [],
    cancelledDates: [],
  };
}

/** Exchange calls the owner of the mailbox by the name in its directory, whatever a client calls him. */
function heldOrganizer(
  { attendees, isOrganizer, organizer }: EventItem,
  present: EventItem | undefined,
): EventItem['organizer'] {
  if (!isOrganizer) return organizer;
  if (attendees.length === 0 || organizer === undefined) return undefined;
  const known = present?.organizer;
  const isKnown = known?.address.toLowerCase() === organizer.address.toLowerCase();
  return known !== undefined && isKnown ? known : { address: organizer.address };
}

export type Period = Pick<EventFields, 'start' | 'end'>;

const maxDurationMs = 5 * 365 * dayMs; // ErrorCalendarDurationIsTooLong

export function heldPeriod(item: EventItem, dayZone: ZoneId): Period | Refusal {
  const { start, end } = item;
  if ((start.kind === 'date') !== (end.kind === 'date'))
    return refuse('DTEND', 'start and end must both be days or both be times');
  const isSeries = item.recurrence !== undefined || item.extraDates !== undefined;
  if (!isSeries || start.kind === 'date')
    return checkedPeriod({ start: heldWhen(start, dayZone), end: heldWhen(end, dayZone) });
  // The days of a pattern are those of its zone: a series keeps its time on the clock.
  const zone = start.kind === 'floating' ? dayZone : start.zone;
  const known = seriesZoneOf(zone, instantOf(start.local, zone), lastOf(item));
  if (known === undefined) return refuse('DTSTART', `Exchange has no time zone like ${zone}`);
  if (isSkipped(start.local, zone)) return skippedStart;
  return checkedPeriod({
    start: inZone(start, known.zone, dayZone),
    end: inZone(end, known.zone, dayZone),
  });
}

/** Exchange takes the time of day of all instances from the first one, as the clock showed it. */
export const skippedStart = refuse(
  'DTSTART',
  'a series in Exchange cannot begin in the hour that the clock skips',
);

export function isSkipped(local: LocalTime, zone: ZoneId): boolean {
  return localOf(instantOf(local, zone), zone) !== local;
}

function lastOf({ recurrence }: EventItem): Instant | undefined {
  return recurrence?.end.kind === 'until' ? Date.parse(`${recurrence.end.until}T23:59:59Z`) : undefined;
}

export function checkedPeriod({ start, end }: Period): Period | Refusal {
  const lasts = durationMs(start, end);
  if (lasts < 0) return refuse('DTEND', 'the end lies before the start');
  if (lasts > maxDurationMs) return refuse('DTEND', 'Exchange takes events of five years at most');
  if (start.kind === 'date' && lasts === 0)
    return { start, end: { kind: 'date', date: addDays(start.date, 1) } };
  return { start, end };
}

/** The same instant in a zone that Exchange has; UTC where it has none such. */
function heldWhen(when: When, dayZone: ZoneId): When {
  if (when.kind === 'date') return when;
  const zone = when.kind === 'floating' ? dayZone : when.zone;
  return inZone(when, knownZoneOf(zone)?.zone ?? 'UTC', dayZone);
}

export function inZone(when: When, zone: ZoneId, dayZone: ZoneId): When {
  if (when.kind === 'date') return when;
  const instant = instantOf(when.local, when.kind === 'floating' ? dayZone : when.zone);
  return whenAt(instant, zone);
}

const maxReminder = 2_629_800; // minutes: ReminderMinutesBeforeStartType

/** What Exchange holds already. */
export interface Present {
  readonly item: EventItem | undefined;
  /** Longer ones than Exchange is said to take are still those it holds. */
  readonly locations: ReadonlySet<string>;
}

export function presentOf(item: EventItem | undefined): Present {
  return { item, locations: new Set(item && [item, ...item.overrides].map(({ location }) => location)) };
}

interface Within {
  readonly master: EventItem;
  readonly present: Present;
  /** Who attends the same event or occurrence; default: the event. */
  readonly known?: readonly Attendee[];
}

export function heldFields(
  fields: EventFields,
  { master, present, known = present.item?.attendees ?? [] }: Within,
): Omit<EventFields, 'start' | 'end'> {
  const { reminderMinutes, cancelled, location } = fields;
  const minutes = reminderMinutes === undefined ? undefined : Math.round(reminderMinutes);
  return {
    summary: heldShort(fields.summary),
    description: heldBody(fields.description),
    formatted: fields.formatted,
    meetingUrl: fields.meetingUrl,
    location: present.locations.has(location) ? location : heldShort(location),
    busy: fields.busy,
    sensitivity: fields.sensitivity,
    importance: fields.importance,
    categories: heldList(fields.categories),
    // Exchange has no reminder after the start.
    reminderMinutes: minutes !== undefined && minutes >= 0 && minutes <= maxReminder ? minutes : undefined,
    attendees: heldAttendees(fields.attendees, master, known),
    attachments: heldAttachments(fields.attachments),
    // Only the organizer's server says so; a client's own STATUS:CANCELLED has no place in Exchange.
    cancelled: master.isOrganizer ? false : cancelled,
    ownPartStat: fields.ownPartStat,
  };
}

function heldAttendees(
  attendees: readonly Attendee[],
  { isOrganizer, organizer }: EventItem,
  known: readonly Attendee[],
): readonly Attendee[] {
  const answers = new Map(known.map((each) => [keyOf(each), each.partStat]));
  return distinctAttendees(attendees, organizer).map(({ address, name, role, partStat }) => ({
    ...heldPerson({ address, name: heldLine(name ?? '') }),
    role,
    // Answers are what attendees sent: an organizer cannot write them.
    partStat: isOrganizer ? (answers.get(keyOf({ address, name })) ?? 'needs-action') : partStat,
  }));
}

function keyOf({ address, name }: Person): string {
  return address === '' ? `name ${name ?? ''}` : address.toLowerCase();
}
