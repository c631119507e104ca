// Who organises a meeting, and who has answered what (BEHAVIOUR §9).
import { addressKey } from './fields/mailboxes-xml.ts';
import { EwsError } from './errors.ts';
import type { Attendee, Mail, Mailbox, ResponseKind, Values } from './state/index.ts';

export function organizerOf(mailbox: Mailbox, values: Values): Mail {
  return values.organizer ?? { name: mailbox.name, address: mailbox.address };
}

/** Nobody is invited by way of a public folder: what lies there was made there. */
export function isOrganizer(mailbox: Mailbox, values: Values): boolean {
  return mailbox.address === '' || addressKey(organizerOf(mailbox, values)) === mailbox.address.toLowerCase();
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

/** The XSD calls the attributes optional, Exchange does not. @throws EwsError */
export function demandSending(mode: string | undefined, missing: string): string {
  if (mode === undefined) throw new EwsError(missing);
  return mode;
}

/** Who would send the mail of a meeting in a public folder is not known here. @throws EwsError */
export function demandSender(mailbox: Mailbox, values: Values, mode: string): void {
  if (mailbox.address === '' && mode !== 'SendToNone' && hasAttendees(values))
    throw new EwsError('ErrorInvalidOperation', 'Sending from public folders is not simulated.');
}

function hasAttendees(values: Values): boolean {
  return (
    (values.requiredAttendees?.length ?? 0) +
      (values.optionalAttendees?.length ?? 0) +
      (values.resources?.length ?? 0) >
    0
  );
}
