// AcceptItem, TentativelyAcceptItem, DeclineItem ([MS-OXWSMTGS] 2.2.4.1, 2.2.4.11, 2.2.4.27; BEHAVIOUR §9): the calendar
// item takes the answer under a new id, the request goes to Deleted Items, the organizer hears of it.
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { utcZone } from '../calendar/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { renderIdOnly } from '../fields/shape.ts';
import { parseTime } from '../fields/times.ts';
import { uidOfItem } from '../goid.ts';
import { demandRight, viewAt, type Found } from '../lookup.ts';
import { post, sentItemsOf } from '../mail/posting.ts';
import { isOrganizer, organizerOf } from '../meetings.ts';
import { demandInstance } from '../series.ts';
import {
  changeItem,
  folderOf,
  moveItem,
  type Body,
  type Draft,
  type Item,
  type ResponseKind,
  type Values,
} from '../state/index.ts';
import { isOutOfDate, processMessage } from './assistant.ts';
import { changeHeld, heldMeetingOf, valuesAt, type HeldMeeting } from './held.ts';
import { demandDisposition, referenceOf } from './reference.ts';

export interface AnswerKind {
  readonly response: Extract<ResponseKind, 'Accept' | 'Tentative' | 'Decline'>;
  /** Ending of ErrorCalendarIsOrganizerFor… and the like. */
  readonly word: 'Accept' | 'Tentative' | 'Decline';
  readonly itemClass: string;
  readonly subject: string;
}

/** Ids of the calendar item and of the request as they are afterwards. @throws EwsError */
export function answerMeeting(kind: AnswerKind, call: AnswerCall): readonly string[] {
  const disposition = demandDisposition(call.request);
  const found = referenceOf(call.context, call.element);
  if (found.item.kind !== 'event' && found.item.kind !== 'request')
    throw new EwsError('ErrorInvalidReferenceItem');
  demandRight(found.place, 'modify');
  const { world, mailbox } = found.place;
  const request =
    found.item.kind === 'request' ? processMessage(world, mailbox, demandAnswerable(found, kind)) : undefined;
  const held =
    request === undefined ? heldOf(found) : (heldMeetingOf(mailbox, request.values) ?? restored(found));
  const meeting = valuesAt(held);
  if (isOrganizer(mailbox, meeting)) throw new EwsError(`ErrorCalendarIsOrganizerFor${kind.word}`);
  if (meeting.isCancelled === true) throw new EwsError(`ErrorCalendarIsCancelledFor${kind.word}`);
  const answered = take(kind, found, held);
  if (disposition !== 'SaveOnly' && meeting.isResponseRequested !== false)
    respond(kind, call, { found, held, isCopied: disposition === 'SendAndSaveCopy' });
  return [...answered, ...(request === undefined ? [] : dispose(found, request))];
}

export interface AnswerCall {
  readonly request: XmlElement;
  readonly element: XmlElement;
  readonly context: Context;
}

/** @throws EwsError when the request is one's own, cancelled meanwhile, or superseded */
function demandAnswerable(found: Found, kind: AnswerKind): Item {
  const { mailbox } = found.place;
  const { values } = found.item;
  if (isOrganizer(mailbox, values)) throw new EwsError(`ErrorCalendarIsOrganizerFor${kind.word}`);
  const held = heldMeetingOf(mailbox, values);
  if (held !== undefined && valuesAt(held).isCancelled === true)
    throw new EwsError(`ErrorCalendarIsCancelledFor${kind.word}`);
  if (isOutOfDate(mailbox, values)) throw new EwsError('ErrorCalendarMeetingRequestIsOutOfDate');
  return found.item;
}

function heldOf({ place, item, instance }: Found): HeldMeeting {
  return { folder: place.folder, item, ...(instance === undefined ? {} : { instance }) };
}

/** The calendar item was deleted after the request had come: answering brings it back. */
function restored({ place, item }: Found): HeldMeeting {
  const { world, mailbox } = place;
  const again = { ...item, values: { ...item.values, hasBeenProcessed: false } };
  processMessage(world, mailbox, again);
  const held = heldMeetingOf(mailbox, item.values);
  if (held === undefined) throw new EwsError('ErrorItemNotFound');
  return held;
}

/** The answer in the calendar. */
function take(kind: AnswerKind, found: Found, held: HeldMeeting): readonly string[] {
  const { world, mailbox } = found.place;
  const { response } = kind;
  const meeting = valuesAt(held);
  const change: Values = { myResponse: response, replyTime: world.now(), busy: busyOf(response, meeting) };
  const place = placeIn(found, held);
  if (held.instance !== undefined) {
    const { index } = held.instance;
    if (response === 'Decline') {
      const deletions = [...(held.item.deletions ?? []), index].sort((a, b) => a - b);
      const exceptions = (held.item.exceptions ?? []).filter((one) => one.index !== index);
      changeItem(world, held.folder, { item: held.item, change: { deletions, exceptions } });
      return [];
    }
    const item = changeHeld(world, held, change);
    return [renderIdOnly(viewAt({ place, item, instance: demandInstance(item, index) }))];
  }
  const to = response === 'Decline' ? folderOf(mailbox, 'deleteditems') : held.folder;
  const values = { ...held.item.values, ...change };
  const item = moveItem(world, held.folder, { item: held.item, to, values });
  return [renderIdOnly(viewAt({ place: { ...place, folder: to }, item, instance: undefined }))];
}

function busyOf(response: AnswerKind['response'], meeting: Values): string {
  if (response === 'Decline') return 'Free';
  if (response === 'Tentative') return 'Tentative';
  return meeting.intendedBusy ?? 'Busy';
}

function placeIn(found: Found, held: HeldMeeting): Found['place'] {
  return { ...found.place, folder: held.folder };
}

/** The request itself goes to Deleted Items. */
function dispose(found: Found, request: Item): readonly string[] {
  const { world, mailbox, folder } = found.place;
  const deleted = folderOf(mailbox, 'deleteditems');
  const values = { ...request.values, isRead: true };
  const item = folder === deleted ? request : moveItem(world, folder, { item: request, to: deleted, values });
  return [renderIdOnly(viewAt({ place: { ...found.place, folder: deleted }, item, instance: undefined }))];
}

function respond(
  kind: AnswerKind,
  { element }: AnswerCall,
  given: { readonly found: Found; readonly held: HeldMeeting; readonly isCopied: boolean },
): void {
  const { found, held, isCopied } = given;
  const { world, mailbox } = found.place;
  const meeting = valuesAt(held);
  const organizer = organizerOf(mailbox, meeting);
  const recurrenceId = held.instance?.originalStart ?? held.item.values.recurrenceId;
  const values: Draft = {
    itemClass: kind.itemClass,
    subject: `${kind.subject}: ${meeting.subject ?? ''}`.trimEnd(),
    uid: uidOfItem(held.item),
    responseType: kind.response,
    organizer,
    toRecipients: [organizer],
    dateTimeStamp: world.now(),
    ...Object.fromEntries(responseKeys.map((key) => [key, meeting[key]])),
    ...proposalOf(element),
  };
  const body = bodyOf(element);
  if (body !== undefined) values.body = body;
  if (recurrenceId !== undefined) values.recurrenceId = recurrenceId;
  post(world, mailbox, {
    kind: 'response',
    record: 'response',
    values,
    to: [organizer],
    copyTo: isCopied ? sentItemsOf(mailbox) : undefined,
  });
}

const responseKeys = [
  'start',
  'end',
  'startZone',
  'endZone',
  'location',
  'recurrence',
  'sequence',
  'sensitivity',
] as const satisfies readonly (keyof Values)[];

function bodyOf(element: XmlElement): Body | undefined {
  const body = childOf(element, 'Body');
  if (body === undefined) return undefined;
  return { type: body.attrs['BodyType'] === 'HTML' ? 'HTML' : 'Text', text: textOf(body) };
}

function proposalOf(element: XmlElement): Values {
  const start = childOf(element, 'ProposedStart');
  const end = childOf(element, 'ProposedEnd');
  if (start === undefined || end === undefined) return {};
  return { proposedStart: parseTime(textOf(start), utcZone), proposedEnd: parseTime(textOf(end), utcZone) };
}
