// Events as Exchange would hold them: zones by their Windows names, patterns in canonical form, occurrences by date.
import type { Expression } from '../model/backend.ts';
import type { Attendee, EventFields, EventItem, Override, Person } from '../model/item.ts';
import type { When, ZoneId } from '../model/time.ts';
import { addDays, instantOf, instantOfWhen, localOf, whenAt } from '../model/zones.ts';
import { occurrenceDateAt } from './occurrences.ts';
import { heldAttachments } from './fields/attachment-fields.ts';
import { seriesStartOf } from './fields/event-fields.ts';
import { distinctAttendees, heldPerson } from './fields/people.ts';
import { isEqual } from './fields/row.ts';
import {
  dateOf,
  durationMs,
  indexInSeries,
  isPlain,
  originalOn,
  seriesOf,
  type Series,
} from './fields/series.ts';
import { heldBody, heldLine, heldList, heldShort } from './fields/texts.ts';
import { dayMs } from './fields/times.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { patternOf } from './recurrence.ts';
import { ruleOf } from './recurrence-rule.ts';
import { knownZoneOf } from './zones.ts';

export function expressEvent(item: EventItem, dayZone: ZoneId, present?: EventItem): Expression {
  const isKept = present !== undefined && isSameSeries(item, present);
  const period = isKept ? { start: present.start, end: present.end } : heldPeriod(item, dayZone);
  if ('kind' in period) return period;
  const single: EventItem = {
    ...item,
    ...heldFields(item, { master: item, locations: locationsOf(present), present }),
    ...period,
    organizer: heldOrganizer(item, present),
    // Exchange sets it for who is invited to single instances and takes it from nobody.
    recurrenceId: undefined,
    overrides: [],
    cancelledDates: [],
  };
  if (item.recurrence === undefined) return { kind: 'ok', held: single };
  const pattern = patternOf(item.recurrence, seriesStartOf(period.start));
  if (pattern.kind === 'refuse') {
    if (!isKept || !isEqual(occurrencesOf(item), occurrencesOf(present))) return pattern;
    return { kind: 'ok', held: { ...single, recurrence: present.recurrence, ...occurrencesOf(present) } };
  }
  const master = { ...single, recurrence: ruleOf(pattern, dateOf(period.start), item.recurrence.end) };
  const series = seriesOf(master);
  if (series === undefined) return { kind: 'ok', held: master };
  if (!isKept && durationMs(master.start, master.end) > shortestGapMs(series))
    return refuse('DTEND', 'the instances of a series must not overlap in Exchange');
  return heldSeries(item, {
    master,
    series,
    dayZone,
    known: isKept ? present.overrides : [],
    locations: locationsOf(present),
    present,
  });
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

function occurrencesOf({
  overrides,
  cancelledDates,
}: EventItem): Pick<EventItem, 'overrides' | 'cancelledDates'> {
  return { overrides, cancelledDates };
}

/** What Exchange holds it can hold, also where it is more lenient than our rules. */
function isSameSeries(a: EventItem, b: EventItem): boolean {
  return isEqual([a.start, a.end, a.recurrence], [b.start, b.end, b.recurrence]);
}

type Period = Pick<EventFields, 'start' | 'end'>;

const maxDurationMs = 5 * 365 * dayMs; // ErrorCalendarDurationIsTooLong

function heldPeriod(item: EventItem, dayZone: ZoneId): Period | Refusal {
  const { start, end } = item;
  if ((start.kind === 'date') !== (end.kind === 'date'))
    return refuse('DTEND', 'start and end must both be days or both be times');
  const first = heldWhen(start, dayZone);
  const isSeries = item.recurrence !== undefined;
  if (isSeries && start.kind === 'zoned' && knownZoneOf(start.zone) === undefined)
    return refuse('DTSTART', `Exchange has no time zone like ${start.zone}`);
  // Exchange takes the time of day of all instances from the first one, as the clock showed it.
  if (isSeries && first.kind === 'zoned' && isSkipped(start, first.zone))
    return refuse('DTSTART', 'a series in Exchange cannot begin in the hour that the clock skips');
  const last = isSeries && first.kind === 'zoned' ? inZone(end, first.zone, dayZone) : heldWhen(end, dayZone);
  return checkedPeriod({ start: first, end: last });
}

function isSkipped(when: When, zone: ZoneId): boolean {
  if (when.kind === 'date') return false;
  const own = when.kind === 'zoned' ? when.zone : zone;
  return localOf(instantOf(when.local, own), own) !== when.local;
}

function checkedPeriod({ start, end }: Period): Period | Refusal {
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

function inZone(when: When, zone: ZoneId, dayZone: ZoneId): When {
  if (when.kind === 'date') return when;
  const instant = instantOf(when.local, when.kind === 'floating' ? dayZone : when.zone);
  return whenAt(instant, zone);
}

const maxReminder = 2_629_800; // minutes: ReminderMinutesBeforeStartType

/** Longer ones than Exchange is said to take are still those it holds. */
function locationsOf(present: EventItem | undefined): ReadonlySet<string> {
  return new Set(present ? [present, ...present.overrides].map(({ location }) => location) : []);
}

/** `present`: the same event or occurrence as Exchange holds it. */
function heldFields(
  fields: EventFields,
  given: Pick<Within, 'master' | 'locations'> & { readonly present: EventFields | undefined },
): Omit<EventFields, 'start' | 'end'> {
  const { master, locations, present } = given;
  const { reminderMinutes, cancelled, location } = fields;
  const minutes = reminderMinutes === undefined ? undefined : Math.round(reminderMinutes);
  return {
    summary: heldShort(fields.summary),
    description: heldBody(fields.description),
    formatted: fields.formatted,
    meetingUrl: fields.meetingUrl,
    location: locations.has(location) ? location : heldShort(location),
    busy: fields.busy,
    sensitivity: fields.sensitivity,
    importance: fields.importance,
    categories: heldList(fields.categories),
    // Exchange has no reminder after the start.
    reminderMinutes: minutes !== undefined && minutes >= 0 && minutes <= maxReminder ? minutes : undefined,
    attendees: heldAttendees(fields.attendees, master, present?.attendees ?? []),
    attachments: heldAttachments(fields.attachments),
    // Only the organizer's server says so; a client's own STATUS:CANCELLED has no place in Exchange.
    cancelled: master.isOrganizer ? false : cancelled,
    ownPartStat: fields.ownPartStat,
  };
}

function heldAttendees(
  attendees: readonly Attendee[],
  { isOrganizer, organizer }: EventItem,
  present: readonly Attendee[],
): readonly Attendee[] {
  const answers = new Map(present.map((each) => [keyOf(each), each.partStat]));
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

interface Within {
  readonly master: EventItem;
  readonly series: Series;
  readonly dayZone: ZoneId;
  /** Overrides that Exchange holds already. */
  readonly known: readonly Override[];
  readonly locations: ReadonlySet<string>;
  readonly present: EventItem | undefined;
}

function heldSeries(item: EventItem, within: Within): Expression {
  const { master, series } = within;
  const overrides = new Map<string, Override>();
  for (const override of item.overrides) {
    const held = heldOverride(override, within);
    if ('kind' in held) return held;
    overrides.set(dateOf(held.recurrenceId), held);
  }
  const cancelled = new Set(item.cancelledDates.flatMap((when) => instanceOf(when, within) ?? []));
  for (const date of overrides.keys()) cancelled.delete(date);
  if (series.count !== undefined && cancelled.size >= series.count)
    return refuse('EXDATE', 'Exchange keeps no series without any instance');
  const fault = crossingOf(overrides, cancelled, within);
  if (fault !== undefined) return fault;
  const held: EventItem = {
    ...master,
    overrides: [...overrides.values()].filter((override) => !isPlain(override, master)).sort(byDate),
    cancelledDates: [...cancelled].sort().map((date) => originalOn(date, master.start)),
  };
  return { kind: 'ok', held };
}

function byDate(a: Override, b: Override): number {
  return dateOf(a.recurrenceId) < dateOf(b.recurrenceId) ? -1 : 1;
}

function heldOverride(override: Override, within: Within): Override | Refusal {
  const { master, dayZone } = within;
  const date = instanceOf(override.recurrenceId, within);
  if (date === undefined) return refuse('RECURRENCE-ID', 'the series has no instance then');
  const zone = master.start.kind === 'zoned' ? master.start.zone : (knownZoneOf(dayZone)?.zone ?? 'UTC');
  if ((override.start.kind === 'date') !== (override.end.kind === 'date'))
    return refuse('DTEND', 'start and end must both be days or both be times');
  const start = inZone(override.start, zone, zone);
  const period = checkedPeriod({ start, end: inZone(override.end, zone, zone) });
  if ('kind' in period) return period;
  const recurrenceId = originalOn(date, master.start);
  const present = within.present?.overrides.find((each) => dateOf(each.recurrenceId) === date);
  return {
    ...heldFields(override, { ...within, present: present ?? within.present }),
    ...period,
    recurrenceId,
  };
}

/** The date of the instance that a RECURRENCE-ID or EXDATE names, if there is one. */
function instanceOf(when: When, { master, series, dayZone }: Within): string | undefined {
  const { start } = master;
  const there =
    start.kind === 'zoned' ? inZone(when, start.zone, when.kind === 'floating' ? start.zone : dayZone) : when;
  const date = dateOf(there);
  if (indexInSeries(series, date) === undefined) return undefined;
  // A plain day also names the instance of a timed series on it, and the other way round: old Outlook writes so.
  const isSame = there.kind !== start.kind || instantOfWhen(there) === instantOfWhen(originalOn(date, start));
  return isSame ? date : undefined;
}

/** Between the starts of two neighbours, over the first instances. */
function shortestGapMs({ pattern, start, count = Infinity }: Series): number {
  let shortest = Infinity;
  for (let index = 1; index < Math.min(count, 14); index += 1) {
    const gap =
      Date.parse(occurrenceDateAt(pattern, start, index + 1)) -
      Date.parse(occurrenceDateAt(pattern, start, index));
    shortest = Math.min(shortest, gap);
  }
  return shortest;
}

/** Exchange moves no occurrence to or past the day of a neighbour (ErrorOccurrenceCrossingBoundary). */
function crossingOf(
  overrides: ReadonlyMap<string, Override>,
  cancelled: ReadonlySet<string>,
  { series, known }: Within,
): Refusal | undefined {
  const { pattern, start, count = Infinity } = series;
  const dayAt = (index: number, step: number): string | undefined => {
    for (let at = index + step; at >= 1 && at <= count; at += step) {
      const date = occurrenceDateAt(pattern, start, at);
      if (!cancelled.has(date)) return dateOf(overrides.get(date)?.start ?? { kind: 'date', date });
    }
    return undefined;
  };
  for (const [date, override] of overrides) {
    const day = dateOf(override.start);
    const index = indexInSeries(series, date);
    if (day === date || index === undefined || known.some((each) => isEqual(each, override))) continue;
    const [before = '', after = '9999'] = [dayAt(index, -1), dayAt(index, 1)];
    if (day <= before || day >= after)
      return refuse('RECURRENCE-ID', 'Exchange moves no occurrence to or past the day of its neighbours');
  }
  return undefined;
}
