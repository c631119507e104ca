// Mailboxes of attendees, organizers and e-mail slots as people.
import type { Attendee, AttendeeRole, Person } from '../../model/item.ts';
import type { XmlElement } from '../../xml/index.ts';
import { childText } from './row.ts';

export function personOf(mailbox: XmlElement | undefined): Person {
  if (mailbox === undefined) return { address: '' };
  const address = childText(mailbox, 'EmailAddress').trim();
  return heldPerson({ address: smtpOf(address), name: childText(mailbox, 'Name').trim() });
}

/** People of the own organisation may come with an X.500 name (RoutingType EX), which is no address to others. */
export function smtpOf(address: string): string {
  const plain = address.replace(/^(?:mailto|smtp):/i, '');
  return plain.includes('@') && !plain.startsWith('/') ? plain : '';
}

/** A name that only repeats the address is none. */
export function heldPerson({ address, name }: Person): Person {
  return name === undefined || name === '' || name.toLowerCase() === address.toLowerCase()
    ? { address }
    : { address, name };
}

/** One person, whatever he is called. */
export function keyOf({ address, name }: Person): string {
  return address.toLowerCase() || (name ?? '');
}

/** Each once, as it is spelled first. */
export function distinctAddresses(addresses: readonly string[]): readonly string[] {
  const seen = new Map<string, string>();
  for (const address of addresses) {
    const key = address.trim().toLowerCase();
    if (key !== '' && !seen.has(key)) seen.set(key, address.trim());
  }
  return [...seen.values()];
}

const roles: readonly AttendeeRole[] = ['required', 'optional', 'resource'];

/** Each once, by role; without the organizer, whom some servers and clients list among the people invited. */
export function distinctAttendees(
  attendees: readonly Attendee[],
  organizer: Person | undefined,
): readonly Attendee[] {
  const people = new Map<string, Attendee>();
  for (const role of roles)
    for (const attendee of attendees) {
      const key = keyOf(attendee);
      const isHost = attendee.address !== '' && key === organizer?.address.toLowerCase();
      if (attendee.role === role && key !== '' && !isHost && !people.has(key)) people.set(key, attendee);
    }
  return [...people.values()];
}
