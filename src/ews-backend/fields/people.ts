// Mailboxes of attendees, organizers and e-mail slots as people.
import type { Person } from '../../model/item.ts';
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
