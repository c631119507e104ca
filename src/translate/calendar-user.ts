// Who an ORGANIZER or ATTENDEE line means (RFC 5545 §3.3.3), and whether the server writes to him (RFC 6638 §7.1).
import type { Person } from '../model/item.ts';
import { paramOf, type Jcal } from './codec.ts';

const noAddress = 'invalid:nomail';

export function uriOf(person: Person): string {
  return person.address === '' ? noAddress : `mailto:${person.address}`;
}

/**
 * `mailto:` in any case; the URL of a principal, which is named by its address; other URIs (urn:uuid of Apple) only with an
 * EMAIL parameter (RFC 7986 §6.2).
 */
export function personOf(line: Jcal): Person {
  const uri = typeof line[3] === 'string' ? line[3].trim() : '';
  const address =
    /^mailto:(.*)$/i.exec(uri)?.[1]?.trim() ?? paramOf(line, 'email')?.trim() ?? principalOf(uri) ?? '';
  const name = paramOf(line, 'cn')?.trim();
  return name === undefined || name === '' ? { address } : { address, name };
}

function principalOf(uri: string): string | undefined {
  const segment = /^(?:https?:\/\/[^/]+)?\/(?:.*\/)?principals\/([^/]+)\/?$/i.exec(uri)?.[1];
  if (segment === undefined) return undefined;
  try {
    const address = decodeURIComponent(segment);
    return isAddress(address) ? address : undefined;
  } catch {
    return undefined;
  }
}

export function keyOf(person: Person): string {
  return person.address === '' ? `name ${person.name ?? ''}` : person.address.toLowerCase();
}

export function ownSet(addresses: readonly string[]): Set<string> {
  return new Set(addresses.map((address) => address.toLowerCase()));
}

/** Something that mail can be sent to. */
export function isAddress(text: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+$/.test(text);
}

/** SCHEDULE-AGENT=CLIENT, NONE and words that are not known: somebody else sees to the messages. */
export function isServed(line: Jcal): boolean {
  return (paramOf(line, 'schedule-agent') ?? 'SERVER').toUpperCase() === 'SERVER';
}
