// Events: EWS CalendarItem ⇄ EventItem, a row for each fact (BEHAVIOUR §7–§9). Overrides and cancelled dates: stored.ts.
import type { Attendee, AttendeeRole, EventItem, PartStat, Person } from '../../model/item.ts';
import type { Instant, LocalDate, When, ZoneId } from '../../model/time.ts';
import { addDays, instantOf, localOf, resolveZone, whenAt } from '../../model/zones.ts';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { mainZoneOf, parseZone, renderZone } from '../zones.ts';
import { distinctAttendees, keyOf, personOf } from './people.ts';
import {
  descriptionRow,
  importanceRow,
  sensitivityRow,
  stampRow,
  subjectRow,
  categoriesRow,
} from './item-fields.ts';
import { attachmentsRow } from './attachment-fields.ts';
import { field } from './path.ts';
import { meetingUrlRow } from './meeting-url-field.ts';
import { parseRecurrence, renderRecurrence } from './recurrence-fields.ts';
import {
  childText,
  choiceRow,
  differing,
  only,
  property,
  textRow,
  type Property,
  type Reading,
  type Row,
  type Writing,
} from './row.ts';
import { heldLine } from './texts.ts';
import { nearestDate, parseInstant, renderInstant } from './times.ts';
import { meaningIn } from '../words.ts';

const busyRow = choiceRow<EventItem, 'busy'>('calendar:LegacyFreeBusyStatus', 'busy', {
  free: 'Free',
  tentative: 'Tentative',
  busy: 'Busy',
  'out-of-office': 'OOF',
  'working-elsewhere': 'WorkingElsewhere',
});

/** Start and End never go without their zones: alone they would be read in another one (BEHAVIOUR §8). */
const periodRow: Row<EventItem> = {
  fields: ['start', 'end'],
  asks: ['Start', 'End', 'IsAllDayEvent', 'StartTimeZone', 'EndTimeZone', 'TimeZone'].map((name) =>
    field(`calendar:${name}`),
  ),
  read: readPeriod,
  write: writePeriod,
  change: (_before, after, writing) => writePeriod(after, writing),
};

function readPeriod(element: XmlElement, reading: Reading): Partial<EventItem> {
  const start = parseInstant(childText(element, 'Start'));
  const end = parseInstant(childText(element, 'End'));
  if (start === undefined || end === undefined) return {};
  const startZone = zoneOf(element, start, reading);
  if (childText(element, 'IsAllDayEvent') === 'true') {
    const first = dateAt(start, startZone);
    const last = dateAt(end, startZone);
    return {
      start: { kind: 'date', date: first },
      end: { kind: 'date', date: last > first ? last : addDays(first, 1) },
    };
  }
  const isMaster = childOf(element, 'Recurrence') !== undefined;
  const isSeries = reading.seriesZone !== undefined || isMaster;
  const endZone = isSeries ? undefined : parseZone(childOf(element, 'EndTimeZone'), end);
  return {
    // A series counts in its zone whatever its first day is.
    start: isMaster ? zoned(start, startZone ?? 'UTC') : whenAt(start, startZone ?? 'UTC'),
    end: whenAt(end, endZone === undefined ? (startZone ?? 'UTC') : mainZoneOf(endZone)),
  };
}

/** The zone an event was created in, if the server tells: by the name we would write. */
export function zoneOf(element: XmlElement, around: Instant, reading: Reading = {}): ZoneId | undefined {
  if (reading.seriesZone !== undefined) return reading.seriesZone;
  const zone =
    parseZone(childOf(element, 'StartTimeZone'), around) ?? resolveZone(childText(element, 'TimeZone')); // a name for people, all that older servers tell
  return zone && mainZoneOf(zone);
}

function zoned(instant: Instant, zone: ZoneId): When {
  return { kind: 'zoned', local: localOf(instant, zone), zone };
}

/** Whole days are midnights of the creator's zone, told in UTC. Nearest, because his rules may have been others. */
export function dateAt(instant: Instant, zone: ZoneId | undefined): LocalDate {
  return nearestDate(zone === undefined ? instant : Date.parse(`${localOf(instant, zone)}Z`));
}

function writePeriod(item: EventItem, writing: Writing): readonly Property[] {
  const { start, end } = item;
  const startZone = zoneOfWhen(start, writing);
  const endZone = zoneOfWhen(end, writing);
  return [
    property('calendar:StartTimeZone', renderZone('StartTimeZone', startZone)),
    property('calendar:EndTimeZone', renderZone('EndTimeZone', endZone)),
    property('calendar:Start', renderTime(start, item)),
    property('calendar:End', renderTime(end, item)),
    property('calendar:IsAllDayEvent', String(start.kind === 'date')),
  ];
}

function zoneOfWhen(when: When, { dayZone }: Writing): ZoneId {
  return when.kind === 'zoned' ? when.zone : dayZone;
}

/**
 * Whole days and series as wall time, which the server reads in the zone sent along: its midnights and its weekly nine
 * o'clock count. A single time as an instant, which no difference between time zone tables can shift.
 */
function renderTime(when: When, item: EventItem): string {
  if (when.kind === 'date') return `${when.date}T00:00:00`;
  if (when.kind === 'zoned' && item.recurrence === undefined)
    return renderInstant(instantOf(when.local, when.zone));
  return when.local;
}

/** Always said: a new event without it gets the reminder of the mailbox's settings (BEHAVIOUR §7). */
const reminderRow: Row<EventItem> = {
  fields: ['reminderMinutes'],
  asks: [field('item:ReminderIsSet'), field('item:ReminderMinutesBeforeStart')],
  read: (element) => ({
    reminderMinutes:
      childText(element, 'ReminderIsSet') === 'true'
        ? Number(childText(element, 'ReminderMinutesBeforeStart')) || 0
        : undefined,
  }),
  write: writeReminder,
  change: (_before, after) => writeReminder(after),
};

function writeReminder({ reminderMinutes }: EventItem): readonly Property[] {
  const isSet = property('item:ReminderIsSet', String(reminderMinutes !== undefined));
  return reminderMinutes === undefined
    ? [isSet]
    : [isSet, property('item:ReminderMinutesBeforeStart', String(reminderMinutes))];
}

const attendeeLists = [
  ['required', 'RequiredAttendees'],
  ['optional', 'OptionalAttendees'],
  ['resource', 'Resources'],
] as const satisfies readonly (readonly [AttendeeRole, string])[];

export const attendeeElements: ReadonlySet<string> = new Set(attendeeLists.map(([, name]) => name));

const partStats: Readonly<Record<string, PartStat>> = {
  Accept: 'accepted',
  Organizer: 'accepted',
  Tentative: 'tentative',
  Decline: 'declined',
};

const attendeesRow: Row<EventItem> = {
  fields: ['attendees'],
  asks: attendeeLists.map(([, name]) => field(`calendar:${name}`)),
  read(element) {
    const attendees = attendeeLists.flatMap(([role, name]) => {
      const list = childOf(element, name);
      return list === undefined ? [] : childrenOf(list).map((each) => attendeeOf(each, role));
    });
    return { attendees: attendees.length === 0 ? [] : distinctAttendees(attendees, organizerOf(element)) };
  },
  write: ({ attendees }) => attendeeLists.map((list) => writeAttendees(list, attendees)),
  change: changeAttendees,
};

function attendeeOf(element: XmlElement, role: AttendeeRole): Attendee {
  const partStat = meaningIn(partStats, childText(element, 'ResponseType')) ?? 'needs-action';
  return { ...personOf(childOf(element, 'Mailbox')), role, partStat };
}

function writeAttendees(
  [role, name]: (typeof attendeeLists)[number],
  attendees: readonly Attendee[],
): Property {
  const people = attendees.filter((attendee) => attendee.role === role).map(renderAttendee);
  return property(`calendar:${name}`, people.length === 0 ? undefined : xml(`t:${name}`, {}, ...people));
}

/**
 * Who is on a list, not how a client calls him, and not what he answered: that is the server's to tally. Newcomers are
 * appended, because a list written anew makes Exchange write to everybody on it
 * (https://github.com/OfficeDev/ews-managed-api/issues/20).
 */
function changeAttendees(before: EventItem, after: EventItem): readonly Property[] {
  const known = new Map(before.attendees.map((each) => [keyOf(each), each]));
  return attendeeLists.flatMap((list) => {
    const [role] = list;
    const old = before.attendees.filter((each) => each.role === role);
    const wanted = after.attendees.filter((each) => each.role === role);
    const newcomers = wanted.filter((each) => !old.some((other) => keyOf(other) === keyOf(each)));
    const stayed = wanted.length - newcomers.length;
    if (newcomers.length === 0 && stayed === old.length) return [];
    if (stayed === old.length && stayed > 0)
      return [{ ...writeAttendees(list, newcomers), isAddition: true }];
    return [
      writeAttendees(
        list,
        wanted.map((each) => ({ ...each, ...known.get(keyOf(each)), role })),
      ),
    ];
  });
}

function renderAttendee({ address, name }: Person): Markup {
  const mailbox = xml(
    't:Mailbox',
    {},
    name === undefined ? undefined : xml('t:Name', {}, name),
    address === '' ? undefined : xml('t:EmailAddress', {}, address),
  );
  return xml('t:Attendee', {}, mailbox);
}

function organizerOf(element: XmlElement): Person | undefined {
  const mailbox = childOf(childOf(element, 'Organizer'), 'Mailbox');
  return mailbox && personOf(mailbox);
}

/** The server names an organizer for every event; only for meetings it means something. */
const organizerRow: Row<EventItem> = {
  fields: ['organizer', 'isOrganizer', 'ownPartStat', 'invitationsSent'],
  asks: [
    field('calendar:Organizer'),
    field('calendar:MeetingRequestWasSent'),
    field('calendar:MyResponseType'),
    field('calendar:AppointmentState'),
    { ...field('calendar:IsOrganizer'), since: 'Exchange2013' },
  ],
  read(element) {
    const isOrganizer = isOwn(element);
    const isMeeting = attendeeLists.some(([, name]) => childOf(element, name) !== undefined);
    const ownPartStat = isOrganizer
      ? undefined
      : (meaningIn(partStats, childText(element, 'MyResponseType')) ?? 'needs-action');
    const isSent = isOrganizer && isMeeting && childText(element, 'MeetingRequestWasSent') === 'true';
    return {
      organizer: isMeeting || !isOrganizer ? organizerOf(element) : undefined,
      isOrganizer,
      ownPartStat,
      invitationsSent: isSent ? true : undefined,
    };
  },
};

function isOwn(element: XmlElement): boolean {
  const told = childText(element, 'IsOrganizer');
  if (told !== '') return told === 'true';
  const response = childText(element, 'MyResponseType');
  if (response === 'Organizer') return true;
  const isReceived = (Number(childText(element, 'AppointmentState')) & 2) !== 0;
  return !isReceived && (response === '' || response === 'Unknown');
}

const cancelledRow: Row<EventItem> = {
  fields: ['cancelled'],
  asks: [field('calendar:IsCancelled')],
  read: (element) => ({ cancelled: childText(element, 'IsCancelled') === 'true' }),
};

const uidRow: Row<EventItem> = {
  fields: ['uid'],
  asks: [field('calendar:UID')],
  read: (element) => ({ uid: childText(element, 'UID') || undefined }),
  write: ({ uid }) => [property('calendar:UID', uid)],
  change: () => [], // kept as created (BEHAVIOUR §7)
};

const recurrenceRow: Row<EventItem> = {
  fields: ['recurrence', 'start'], // the range of a series names its first date
  asks: [field('calendar:CalendarItemType'), field('calendar:Recurrence')],
  read(element, { seriesZone }) {
    const recurrence = childOf(element, 'Recurrence');
    // Exchange shows the pattern on occurrences too.
    if (recurrence === undefined || seriesZone !== undefined) return {};
    return { recurrence: parseRecurrence(recurrence) };
  },
  write: writeRecurrence,
  /** A pattern is counted in the zone sent along. */
  change(before, after, writing) {
    const changed = differing(writeRecurrence(before), writeRecurrence(after));
    return changed.length === 0 ? [] : [...writePeriod(after, writing), ...changed];
  },
};

export function writeRecurrence({ recurrence, start }: EventItem): readonly Property[] {
  return [property('calendar:Recurrence', recurrence && renderRecurrence(recurrence, seriesStartOf(start)))];
}

export function seriesStartOf(start: When): { date: LocalDate; time?: string } {
  return start.kind === 'date'
    ? { date: start.date }
    : { date: start.local.slice(0, 10), time: start.local.slice(11) };
}

/** Of an instance to which somebody was invited without the series. */
const recurrenceIdRow: Row<EventItem> = {
  fields: ['recurrenceId'],
  asks: [field('calendar:RecurrenceId'), field('calendar:OriginalStart')],
  read(element, reading) {
    const instant = parseInstant(childText(element, 'RecurrenceId'));
    if (instant === undefined || reading.seriesZone !== undefined) return {};
    if (childText(element, 'CalendarItemType') === 'RecurringMaster') return {};
    const zone = zoneOf(element, instant, reading);
    const isAllDay = childText(element, 'IsAllDayEvent') === 'true';
    return {
      recurrenceId: isAllDay ? { kind: 'date', date: dateAt(instant, zone) } : zoned(instant, zone ?? 'UTC'),
    };
  },
};

const sequenceRow: Row<EventItem> = {
  fields: ['sequence'],
  asks: [field('calendar:AppointmentSequenceNumber')],
  read(element) {
    const text = textOf(childOf(element, 'AppointmentSequenceNumber'));
    return text === '' ? {} : only('sequence', Number(text));
  },
};

/** The owner's own, also in a meeting that somebody else organises. */
export const ownRows: readonly Row<EventItem>[] = [categoriesRow, busyRow, reminderRow];

/** What one occurrence may have of its own. */
export const occurrenceRows: readonly Row<EventItem>[] = [
  subjectRow,
  sensitivityRow,
  descriptionRow,
  importanceRow,
  ...ownRows,
  textRow<EventItem>('calendar:Location', 'location', heldLine),
  periodRow,
  attendeesRow,
  organizerRow,
  cancelledRow,
  meetingUrlRow,
  attachmentsRow,
];

export const eventRows: readonly Row<EventItem>[] = [
  ...occurrenceRows,
  uidRow,
  recurrenceRow,
  recurrenceIdRow,
  sequenceRow,
  stampRow('created', 'item:DateTimeCreated'),
  stampRow('modified', 'item:LastModifiedTime'),
];
