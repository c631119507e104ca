// Who organises, who answered what, and the messages Exchange would send (BEHAVIOUR §9). Messages are recorded, not
// delivered.
import { addressKey } from './fields/mailboxes-xml.ts';
import { EwsError } from './errors.ts';
import type { Attendee, Mail, Mailbox, ResponseKind, SentMessage, Values, World } from './state/index.ts';

export function organizerOf(mailbox: Mailbox, values: Values): Mail {
  return values.organizer ?? { name: mailbox.name, address: mailbox.address };
}

export function isOrganizer(mailbox: Mailbox, values: Values): boolean {
  return addressKey(organizerOf(mailbox, values)) === mailbox.address.toLowerCase();
}

export function attendeesOf(values: Values): readonly Attendee[] {
  return [
    ...(values.requiredAttendees ?? []),
    ...(values.optionalAttendees ?? []),
    ...(values.resources ?? []),
  ];
}

export function isMeeting(mailbox: Mailbox, values: Values): boolean {
  return hasAttendees(values) || !isOrganizer(mailbox, values);
}

export function responseOf(mailbox: Mailbox, values: Values): ResponseKind {
  if (isOrganizer(mailbox, values)) return 'Organizer';
  return values.myResponse ?? 'NoResponseReceived';
}

/** Bits: 1 meeting, 2 received, 4 cancelled. */
export function appointmentStateOf(mailbox: Mailbox, values: Values): number {
  const meeting = isMeeting(mailbox, values) ? 1 : 0;
  return meeting + (isOrganizer(mailbox, values) ? 0 : 2) + (values.isCancelled === true ? 4 : 0);
}

/** A Send… attribute of CreateItem, UpdateItem or DeleteItem. */
export interface Sending {
  readonly mode: string;
  /** Original start of the one occurrence it is about. */
  readonly occurrence?: number;
}

/** The XSD calls the attributes optional, Exchange does not. @throws EwsError */
export function demandSending(mode: string | undefined, missing: string): string {
  if (mode === undefined) throw new EwsError(missing);
  return mode;
}

/** Invitations of a new meeting: true when they were sent. */
export function sendInvitations(
  world: World,
  mailbox: Mailbox,
  meeting: { values: Values; sending: Sending; uid: string },
): boolean {
  const { values, sending, uid } = meeting;
  if (sending.mode === 'SendToNone' || !hasAttendees(values)) return false;
  record(world, mailbox, { kind: 'request', to: attendeesOf(values), values, sending, uid });
  return true;
}

export interface Revised {
  readonly before: Values;
  readonly after: Values;
  readonly sending: Sending;
  readonly uid: string;
}

/** Updates to those who stay, invitations to the new, cancellations to the removed. True when anything was sent. */
export function sendUpdates(world: World, mailbox: Mailbox, revised: Revised): boolean {
  const { before, after, sending, uid } = revised;
  if (sending.mode === 'SendToNone' || !isOrganizer(mailbox, after)) return false;
  const known = new Set(attendeesOf(before).map(({ mailbox: mail }) => addressKey(mail)));
  const present = new Set(attendeesOf(after).map(({ mailbox: mail }) => addressKey(mail)));
  const removed = attendeesOf(before).filter(({ mailbox: mail }) => !present.has(addressKey(mail)));
  const added = attendeesOf(after).filter(({ mailbox: mail }) => !known.has(addressKey(mail)));
  const stayed = attendeesOf(after).filter(({ mailbox: mail }) => known.has(addressKey(mail)));
  const message = { values: after, sending, uid };
  record(world, mailbox, { kind: 'cancellation', to: removed, ...message });
  record(world, mailbox, { kind: 'request', to: added, ...message });
  const onlyChanged = sending.mode === 'SendOnlyToChanged' || sending.mode === 'SendToChangedAndSaveCopy';
  if (!onlyChanged)
    record(world, mailbox, {
      kind: before.requestWasSent === true ? 'update' : 'request',
      to: stayed,
      ...message,
    });
  return removed.length + added.length + (onlyChanged ? 0 : stayed.length) > 0;
}

export function sendCancellations(
  world: World,
  mailbox: Mailbox,
  meeting: { values: Values; sending: Sending; uid: string },
): void {
  const { values, sending, uid } = meeting;
  if (sending.mode === 'SendToNone' || !isOrganizer(mailbox, values)) return;
  record(world, mailbox, { kind: 'cancellation', to: attendeesOf(values), values, sending, uid });
}

interface Message {
  readonly kind: SentMessage['kind'];
  readonly to: readonly Attendee[];
  readonly values: Values;
  readonly sending: Sending;
  readonly uid: string;
}

function record(world: World, mailbox: Mailbox, message: Message): void {
  if (message.to.length === 0) return;
  const { occurrence } = message.sending;
  world.sent.push({
    kind: message.kind,
    from: mailbox.address,
    to: message.to.map((attendee) => attendee.mailbox.address ?? attendee.mailbox.name ?? ''),
    subject: message.values.subject ?? '',
    uid: message.uid,
    ...(occurrence === undefined ? {} : { occurrence: new Date(occurrence).toISOString() }),
  });
}

function hasAttendees(values: Values): boolean {
  return (
    (values.requiredAttendees?.length ?? 0) +
      (values.optionalAttendees?.length ?? 0) +
      (values.resources?.length ?? 0) >
    0
  );
}
