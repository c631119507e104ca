// The calendar assistant: what a meeting message in an Inbox does to the calendar, without any client, a moment after its
// delivery (BEHAVIOUR §9; [MS-OXOCAL] 3.1.5). Requests become tentative unanswered items or update them, cancellations
// mark them, responses are tallied.
import { addressKey } from '../fields/mailboxes-xml.ts';
import { isOrganizer } from '../meetings.ts';
import { isSeries } from '../series.ts';
import {
  addItem,
  changeItem,
  folderOf,
  removeItem,
  type Attendee,
  type Exception,
  type Instant,
  type Item,
  type Mailbox,
  type Values,
  type World,
} from '../state/index.ts';
import { changeHeld, heldMeetingOf, itemsOfMeeting, valuesAt, type HeldMeeting } from './held.ts';
import { cancelledSubject, hasMoved, organizersKeys } from './invitations.ts';

/** Works off every message whose time has come. */
export function runAssistant(world: World): void {
  const now = world.now();
  const due = world.unprocessed.filter((one) => one.due <= now);
  if (due.length === 0) return;
  const rest = world.unprocessed.filter((one) => one.due > now);
  world.unprocessed.splice(0, world.unprocessed.length, ...rest);
  for (const { mailboxNo, itemNo } of due) {
    const mailbox = world.byNo.get(mailboxNo);
    const message = mailbox === undefined ? undefined : folderOf(mailbox, 'inbox').items.get(itemNo);
    // Whoever moved or answered it first has done the work.
    if (mailbox !== undefined && message !== undefined) processMessage(world, mailbox, message);
  }
}

/** The message afterwards. */
export function processMessage(world: World, mailbox: Mailbox, message: Item): Item {
  if (message.values.hasBeenProcessed === true) return message;
  const work = works[message.kind];
  const change = work?.(world, mailbox, message) ?? {};
  const folder = folderOf(mailbox, 'inbox');
  return changeItem(world, folder, {
    item: message,
    change: { values: { ...message.values, ...change, hasBeenProcessed: true } },
  });
}

/** Whether something newer about the meeting has come. */
export function isOutOfDate(mailbox: Mailbox, message: Values): boolean {
  const held = heldMeetingOf(mailbox, message);
  if (held === undefined) return false;
  const { sequence = 0, sentRevision = 0 } = valuesAt(held);
  // The organizer's own mark rises with every message: an answer is judged by its sequence number alone.
  if (message.responseType !== undefined) return (message.sequence ?? 0) < sequence;
  return (message.sequence ?? 0) < sequence || (message.sentRevision ?? 0) < sentRevision;
}

type Work = (world: World, mailbox: Mailbox, message: Item) => Values | undefined;

const works: Readonly<Record<string, Work>> = {
  request: takeRequest,
  cancellation: takeCancellation,
  response: tally,
};

function takeRequest(world: World, mailbox: Mailbox, request: Item): Values | undefined {
  const { values } = request;
  if (isOrganizer(mailbox, values) || isOutOfDate(mailbox, values)) return undefined;
  const held = heldMeetingOf(mailbox, values);
  const answer =
    held === undefined ? 'NoResponseReceived' : (valuesAt(held).myResponse ?? 'NoResponseReceived');
  if (held === undefined) addToCalendar(world, mailbox, request);
  else if (held.instance !== undefined) changeHeld(world, held, updated(valuesAt(held), values));
  else updateItem(world, held, request);
  const isNarrowed = values.meetingRequestType === 'InformationalUpdate' && answer === 'NoResponseReceived';
  return isNarrowed ? { meetingRequestType: 'FullUpdate' } : undefined;
}

/** The tentative item a request makes; instances that were held alone give way to their series. */
function addToCalendar(world: World, mailbox: Mailbox, request: Item): void {
  const calendar = folderOf(mailbox, 'calendar');
  const { values } = request;
  if (values.recurrence !== undefined)
    for (const { folder, item } of itemsOfMeeting(mailbox, values.uid ?? ''))
      if (item.values.recurrenceId !== undefined) removeItem(world, folder, item);
  addItem(world, calendar, {
    kind: 'event',
    values: tentativeItem(values),
    exceptions: request.exceptions?.map((exception) => shown(exception, undefined)),
    deletions: request.deletions,
    attachments: request.attachments,
    modifiedBy: values.organizer?.name,
  });
}

/** Calendar item of a request that nobody has answered. */
function tentativeItem(request: Values): Values {
  return {
    itemClass: 'IPM.Appointment',
    ...toldBy(request),
    ...unanswered(request),
    reminderIsSet: true,
    reminderMinutes: 15,
  };
}

function updateItem(world: World, held: HeldMeeting, request: Item): void {
  const { folder, item } = held;
  const values: Values = { ...item.values, ...updated(item.values, request.values) };
  const own = new Map(item.exceptions?.map((exception) => [exception.index, exception]));
  const moved = hasMoved(item.values, request.values);
  const isSeriesNow = values.recurrence !== undefined;
  changeItem(world, folder, {
    item,
    change: {
      values,
      exceptions: isSeriesNow
        ? (request.exceptions ?? []).map((one) => shown(one, moved ? undefined : own.get(one.index)))
        : [],
      deletions: isSeriesNow ? (request.deletions ?? []) : [],
      ...(request.attachments === undefined ? {} : { attachments: request.attachments }),
    },
  });
}

/** What an update changes in an attendee's item: all the organizer says, and the answer when times have moved. */
function updated(before: Values, request: Values): Values {
  const isAnswerOver = hasMoved(before, request) || before.myResponse === undefined;
  return { ...toldBy(request), ...(isAnswerOver ? unanswered(request) : {}), isCancelled: false };
}

function toldBy(request: Values): Values {
  const told: Values = Object.fromEntries(organizersKeys.map((key) => [key, request[key]]));
  return { ...told, organizer: request.organizer, intendedBusy: request.intendedBusy };
}

/** A meeting meant as free time does not block any ([MS-OXOCAL] 2.2.1.2). */
function unanswered(request: Values): Values {
  return {
    myResponse: 'NoResponseReceived',
    busy: request.intendedBusy === 'Free' ? 'Free' : 'Tentative',
    replyTime: undefined,
  };
}

/** An organizer's exception as the attendee's: without what the organizer keeps, with what the attendee has there. */
function shown(exception: Exception, own: Exception | undefined): Exception {
  const told = organizersKeys.filter((key) => key in exception.values && !attendeeKeys.has(key));
  const kept = own === undefined ? [] : ownKeys.filter((key) => key in own.values);
  return {
    index: exception.index,
    values: {
      ...Object.fromEntries(told.map((key) => [key, exception.values[key]])),
      ...Object.fromEntries(kept.map((key) => [key, own?.values[key]])),
    },
    ...(exception.attachments === undefined ? {} : { attachments: exception.attachments }),
  };
}

const attendeeKeys: ReadonlySet<keyof Values> = new Set(['recurrence', 'recurrenceId', 'uid']);
const ownKeys = [
  'myResponse',
  'busy',
  'replyTime',
  'reminderIsSet',
  'reminderMinutes',
  'categories',
] as const;

function takeCancellation(world: World, mailbox: Mailbox, cancellation: Item): undefined {
  const { values } = cancellation;
  if (isOrganizer(mailbox, values)) return;
  const isOfAll = values.recurrenceId === undefined;
  const held = isOfAll
    ? itemsOfMeeting(mailbox, values.uid ?? '')
    : [heldMeetingOf(mailbox, values)].filter((one) => one !== undefined);
  for (const one of held) {
    const before = valuesAt(one);
    if ((before.sentRevision ?? 0) > (values.sentRevision ?? 0)) continue;
    changeHeld(world, one, {
      isCancelled: true,
      subject: cancelledSubject(before.subject),
      busy: 'Free',
      sequence: values.sequence,
      sentRevision: values.sentRevision,
    });
  }
}

/** Who has answered what, on the organizer's item (MS-OXWSMTGS_R1091). */
function tally(world: World, mailbox: Mailbox, message: Item): undefined {
  const { values } = message;
  const from = values.sender;
  const held = heldMeetingOf(mailbox, values);
  if (held === undefined || from === undefined || values.responseType === undefined) return;
  const meeting = valuesAt(held);
  if (!isOrganizer(mailbox, meeting) || isOutOfDate(mailbox, values)) return;
  const answer: Attendee = {
    mailbox: from,
    response: values.responseType,
    lastResponseTime: values.dateTimeSent ?? world.now(),
  };
  const isNewer = (held: Attendee): boolean => (held.lastResponseTime ?? 0) <= answerTime(answer);
  const key = addressKey(from);
  const change: { -readonly [K in keyof Values]: Values[K] } = {};
  for (const list of ['requiredAttendees', 'optionalAttendees', 'resources'] as const) {
    const attendees = meeting[list];
    if (attendees?.some((one) => addressKey(one.mailbox) === key) === true)
      change[list] = attendees.map((one) =>
        addressKey(one.mailbox) === key && isNewer(one) ? { ...answer, mailbox: one.mailbox } : one,
      );
  }
  // Somebody the meeting was forwarded to.
  if (Object.keys(change).length === 0)
    change.optionalAttendees = [...(meeting.optionalAttendees ?? []), answer];
  changeHeld(world, held, change);
}

function answerTime(answer: Attendee): Instant {
  return answer.lastResponseTime ?? 0;
}

/** The calendar item of a message: the series itself where one instance of it is meant. */
export function associatedItemOf(mailbox: Mailbox, message: Values): HeldMeeting | undefined {
  const held = heldMeetingOf(mailbox, message);
  if (held?.instance === undefined) return held;
  return isSeries(held.item) && held.item.deletions?.includes(held.instance.index) === true
    ? undefined
    : held;
}
