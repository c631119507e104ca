// Meeting requests and cancellations in the Inbox: EWS MeetingRequest and MeetingCancellation → an event with its iTIP method
// (BEHAVIOUR §9).
import type { Listed, Stored } from '../../model/backend.ts';
import { BackendError } from '../../model/failure.ts';
import { emptyEvent, type EventItem } from '../../model/item.ts';
import { childOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { eventRows } from './event-fields.ts';
import { eventSpan } from './listing.ts';
import { field, renderExtended, renderPath, type Path } from './path.ts';
import { personOf } from './people.ts';
import { childText, readRows, shapeOf } from './row.ts';
import { cancelledDatesIn, idOf } from './stored.ts';
import { foreignFields, sourceKeyOf, tagFields } from './tags.ts';
import { meaningIn } from '../words.ts';

const requestClass = 'IPM.Schedule.Meeting.Request';
const cancellationClass = 'IPM.Schedule.Meeting.Canceled';

function ofClass(name: string): Markup {
  return xml(
    't:Contains',
    { ContainmentMode: 'Prefixed', ContainmentComparison: 'IgnoreCase' },
    renderPath(field('item:ItemClass')),
    xml('t:Constant', { Value: name }),
  );
}

/** Requests and cancellations that no DAV client has put away. */
export const pendingMessages: Markup = xml(
  't:And',
  {},
  xml('t:Or', {}, ofClass(requestClass), ofClass(cancellationClass)),
  xml('t:Not', {}, xml('t:Exists', {}, renderPath(tagFields.dismissed))),
);

const listed: readonly Path[] = [
  ...['IsOutOfDate', 'IsDelegated'].map((name) => field(`meeting:${name}`)),
  field('meetingRequest:MeetingRequestType'),
  ...['MyResponseType', 'Start', 'End', 'IsAllDayEvent', 'CalendarItemType'].map((name) =>
    field(`calendar:${name}`),
  ),
  foreignFields.sourceKey,
];

/** AdditionalProperties of FindItem. */
export const messageListing: readonly Markup[] = listed.map(renderPath);

/** Undefined: answered, superseded, or meant for somebody else. */
export function readMessageListing(element: XmlElement): Omit<Listed, 'id'> | undefined {
  const id = idOf(element);
  if (id === undefined || !isPending(element)) return undefined;
  const span = eventSpan(element);
  return {
    version: id.version,
    kind: 'event',
    tags: {},
    rank: sourceKeyOf(element),
    ...(span && { span }),
    isSeries: childText(element, 'CalendarItemType') === 'RecurringMaster',
  };
}

/** Superseded by a later message, or the copy that a delegate gets of what his principal was sent. */
const notOwn: ReadonlySet<string> = new Set(['Outdated', 'PrincipalWantsCopy']);

function isPending(element: XmlElement): boolean {
  if (element.name !== 'MeetingRequest' && element.name !== 'MeetingCancellation') return false;
  if (childText(element, 'IsOutOfDate') === 'true' || childText(element, 'IsDelegated') === 'true')
    return false;
  if (notOwn.has(childText(element, 'MeetingRequestType'))) return false;
  return element.name === 'MeetingCancellation' || !isAnswered(element);
}

const unanswered: ReadonlySet<string> = new Set(['', 'Unknown', 'NoResponseReceived']);

/** Of a request, or of the calendar item that it has made. */
export function isAnswered(element: XmlElement): boolean {
  return !unanswered.has(childText(element, 'MyResponseType'));
}

/** AdditionalProperties of GetItem for messages. */
export function messageShape(schemaVersion: string): readonly Markup[] {
  return [
    ...shapeOf(eventRows, schemaVersion),
    ...['calendar:DeletedOccurrences', 'meeting:AssociatedCalendarItemId', 'message:From'].map((uri) =>
      renderPath(field(uri)),
    ),
    renderPath(field('meetingRequest:IntendedFreeBusyStatus')),
  ];
}

/** AdditionalProperties of GetItem for the calendar items that messages are about. */
export function heldShape(schemaVersion: string): readonly Markup[] {
  return shapeOf(eventRows, schemaVersion);
}

/** Of the calendar item that the message is about, where there is one. */
export function heldIdOf(message: XmlElement): string | undefined {
  const id = childOf(message, 'AssociatedCalendarItemId')?.attrs['Id'];
  return id === undefined || id === '' ? undefined : id;
}

/** What a cancellation does not say itself: its schema has times and identity only. */
const fromHeld: ReadonlySet<string> = new Set([
  'Organizer',
  'RequiredAttendees',
  'OptionalAttendees',
  'Resources',
  'StartTimeZone',
  'EndTimeZone',
  'TimeZone',
  'IsAllDayEvent',
  'AppointmentSequenceNumber',
]);

/** @throws BackendError `unreadable` */
export function readMessage(message: XmlElement, held: XmlElement | undefined): Stored {
  const id = idOf(message);
  const whole = withChildren(message, held);
  const found = readRows(eventRows, emptyEvent, { element: whole });
  if (id === undefined || found.start === undefined || found.end === undefined || !found.uid)
    throw new BackendError({ kind: 'unreadable', message: 'an invitation without time or UID' });
  const isCancellation = message.name === 'MeetingCancellation';
  const item: EventItem = {
    ...found,
    start: found.start,
    end: found.end,
    organizer: organizerOf(whole),
    isOrganizer: false,
    ownPartStat: 'needs-action',
    cancelled: isCancellation,
    busy: meaningIn(busyOf, childText(message, 'IntendedFreeBusyStatus')) ?? 'busy',
    // The owner's own, which come with his calendar item.
    categories: [],
    reminderMinutes: undefined,
  };
  return {
    ...id,
    nativeUid: found.uid,
    tags: {},
    item: item.recurrence === undefined ? item : { ...item, cancelledDates: cancelledDatesIn(whole, item) },
    method: isCancellation ? 'CANCEL' : 'REQUEST',
  };
}

function withChildren(message: XmlElement, held: XmlElement | undefined): XmlElement {
  const more = (held?.children ?? []).filter(
    (child) => typeof child !== 'string' && fromHeld.has(child.name) && !childOf(message, child.name),
  );
  return { ...message, children: [...message.children, ...more] };
}

function organizerOf(message: XmlElement): EventItem['organizer'] {
  const named = ['Organizer', 'From'].map((name) => childOf(childOf(message, name), 'Mailbox'));
  const person = named.find((mailbox) => mailbox !== undefined);
  return person && personOf(person);
}

const busyOf: Readonly<Record<string, EventItem['busy']>> = {
  Free: 'free',
  Tentative: 'tentative',
  OOF: 'out-of-office',
  WorkingElsewhere: 'working-elsewhere',
};

/** The change that puts a message away. */
export const dismissal: Markup = xml(
  't:SetItemField',
  {},
  renderPath(tagFields.dismissed),
  xml('t:Message', {}, renderExtended(tagFields.dismissed, '1')),
);
