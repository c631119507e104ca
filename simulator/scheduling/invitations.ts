// What the organizer's writes send: requests, updates and cancellations, to whom each Send… mode says
// ([MS-OXWSMTGS] 2.2.5.1, 2.2.5.3; BEHAVIOUR §9).
import { addressKey } from '../fields/mailboxes-xml.ts';
import { mailOf, post, sentItemsOf } from '../mail/posting.ts';
import { attendeesOf, isOrganizer } from '../meetings.ts';
import {
  nextRevision,
  type Attachment,
  type Attendee,
  type Body,
  type Draft,
  type Exception,
  type Instant,
  type Mailbox,
  type Values,
  type World,
} from '../state/index.ts';

/** A Send… attribute of CreateItem, UpdateItem or DeleteItem. */
export interface Sending {
  readonly mode: string;
  /** Original start of the one occurrence it is about. */
  readonly occurrence?: Instant;
  /** What a cancellation says. */
  readonly body?: Body;
}

export interface Meeting {
  readonly values: Values;
  readonly uid: string;
  readonly sending: Sending;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly exceptions?: readonly Exception[] | undefined;
  readonly deletions?: readonly number[] | undefined;
}

/** Invitations of a new meeting: what the organizer's item keeps of them; undefined: nothing was sent. */
export function sendInvitations(world: World, mailbox: Mailbox, meeting: Meeting): Values | undefined {
  if (meeting.sending.mode === 'SendToNone') return undefined;
  return sendAll(world, mailbox, { meeting, parts: [['request', attendeesOf(meeting.values)]] });
}

/** Updates to those who stay, invitations to the new, cancellations to the removed. */
export function sendUpdates(
  world: World,
  mailbox: Mailbox,
  revised: Meeting & { readonly before: Values },
): Values | undefined {
  const { before, values, sending } = revised;
  if (sending.mode === 'SendToNone' || !isOrganizer(mailbox, values)) return undefined;
  const known = keysOf(before);
  const present = keysOf(values);
  const removed = attendeesOf(before).filter(({ mailbox: mail }) => !present.has(addressKey(mail)));
  const added = attendeesOf(values).filter(({ mailbox: mail }) => !known.has(addressKey(mail)));
  const stayed = attendeesOf(values).filter(({ mailbox: mail }) => known.has(addressKey(mail)));
  const isToChanged = sending.mode === 'SendOnlyToChanged' || sending.mode === 'SendToChangedAndSaveCopy';
  return sendAll(world, mailbox, {
    meeting: revised,
    before,
    parts: [
      ['cancellation', removed],
      ['request', added],
      ...(isToChanged ? [] : [[before.requestWasSent === true ? 'update' : 'request', stayed] as const]),
    ],
  });
}

/** Cancellations of a meeting or of one occurrence. True when any were sent. */
export function sendCancellations(world: World, mailbox: Mailbox, meeting: Meeting): boolean {
  const { values, sending } = meeting;
  if (sending.mode === 'SendToNone' || !isOrganizer(mailbox, values)) return false;
  const sent = sendAll(world, mailbox, {
    meeting: { ...meeting, values: { ...values, sequence: (values.sequence ?? 0) + 1 } },
    parts: [['cancellation', attendeesOf(values)]],
  });
  return sent !== undefined;
}

/** Whether the times or the pattern differ: an update in full, which asks for a new answer. */
export function hasMoved(before: Values, after: Values): boolean {
  return before.start !== after.start || before.end !== after.end || before.recurrence !== after.recurrence;
}

/** The sequence number of a sent meeting rises when its times or pattern change (BEHAVIOUR §7). */
export function raised(before: Values, after: Values): Values {
  if (before.requestWasSent !== true || !hasMoved(before, after)) return {};
  return { sequence: (before.sequence ?? 0) + 1 };
}

/** What sending leaves on the organizer's item; an update in full asks everybody again. */
export function keepSent(draft: Draft, before: Values, sent: Values | undefined): void {
  if (sent === undefined) return;
  Object.assign(draft, sent);
  if (!hasMoved(before, draft)) return;
  for (const key of ['requiredAttendees', 'optionalAttendees', 'resources'] as const)
    if (draft[key] !== undefined) draft[key] = draft[key].map(({ mailbox }) => ({ mailbox }));
}

type Part = readonly [kind: 'request' | 'update' | 'cancellation', to: readonly Attendee[]];

function sendAll(
  world: World,
  mailbox: Mailbox,
  given: { readonly meeting: Meeting; readonly before?: Values; readonly parts: readonly Part[] },
): Values | undefined {
  const { meeting, before } = given;
  const own = mailbox.address.toLowerCase();
  const mark = { uid: meeting.uid, sentRevision: nextRevision(world), dateTimeStamp: world.now() };
  const isCopied = meeting.sending.mode.endsWith('SaveCopy');
  let count = 0;
  for (const [kind, attendees] of given.parts) {
    const to = attendees.map(({ mailbox: mail }) => mail).filter((mail) => addressKey(mail) !== own);
    if (to.length === 0) continue;
    count += to.length;
    const isCancellation = kind === 'cancellation';
    post(world, mailbox, {
      kind: isCancellation ? 'cancellation' : 'request',
      record: kind,
      values: {
        ...messageOf(mailbox, meeting, { kind, before }),
        ...mark,
        toRecipients: to,
      },
      attachments: meeting.attachments,
      ...(meeting.sending.occurrence === undefined
        ? { exceptions: meeting.exceptions, deletions: meeting.deletions }
        : {}),
      to,
      copyTo: isCopied ? sentItemsOf(mailbox) : undefined,
    });
  }
  return count === 0 ? undefined : { ...mark, requestWasSent: true };
}

/** What the organizer says about a meeting; the rest of an item is everybody's own. */
export const organizersKeys = [
  'subject',
  'body',
  'importance',
  'sensitivity',
  'uid',
  'dateTimeStamp',
  'start',
  'end',
  'startZone',
  'endZone',
  'isAllDay',
  'location',
  'recurrence',
  'requiredAttendees',
  'optionalAttendees',
  'isResponseRequested',
  'allowNewTimeProposal',
  'meetingWorkspaceUrl',
  'netShowUrl',
  'doNotForward',
  'sequence',
  'sentRevision',
  'recurrenceId',
] as const satisfies readonly (keyof Values)[];

function messageOf(
  mailbox: Mailbox,
  { values, sending }: Meeting,
  { kind, before }: { readonly kind: Part[0]; readonly before: Values | undefined },
): Values {
  const told: Draft = Object.fromEntries(organizersKeys.map((key) => [key, values[key]]));
  if (sending.occurrence !== undefined) {
    told.recurrenceId = sending.occurrence;
    delete told.recurrence;
  }
  // Who answered what is the organizer's business.
  for (const key of ['requiredAttendees', 'optionalAttendees'] as const)
    if (told[key] !== undefined) told[key] = told[key].map((attendee) => ({ mailbox: attendee.mailbox }));
  const shared: Values = {
    ...told,
    organizer: mailOf(mailbox),
    intendedBusy: values.busy ?? 'Busy',
    requestWasSent: true,
  };
  if (kind === 'cancellation')
    return {
      ...shared,
      itemClass: 'IPM.Schedule.Meeting.Canceled',
      subject: cancelledSubject(values.subject),
      isCancelled: true,
      ...(sending.body === undefined ? {} : { body: sending.body }),
    };
  return {
    ...shared,
    itemClass: 'IPM.Schedule.Meeting.Request',
    meetingRequestType: requestTypeOf(kind, { before, after: values }),
  };
}

/** FullUpdate: times or pattern have moved; what an attendee has answered narrows it on delivery ([MS-OXOCAL] 2.2.6.5). */
function requestTypeOf(
  kind: Part[0],
  { before, after }: { readonly before: Values | undefined; readonly after: Values },
): string {
  if (kind === 'request') return 'NewMeetingRequest';
  return before === undefined || hasMoved(before, after) ? 'FullUpdate' : 'InformationalUpdate';
}

export function cancelledSubject(subject = ''): string {
  return subject.startsWith('Canceled:') ? subject : `Canceled: ${subject}`.trimEnd();
}

function keysOf(values: Values): ReadonlySet<string> {
  return new Set(attendeesOf(values).map(({ mailbox }) => addressKey(mailbox)));
}
