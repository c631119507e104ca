// The organisation's address list, as far as a signed-in user may look into it. Asked only when somebody wants to know.
import type { ContactItem, Person } from './item.ts';

/** CALDAV:calendar-user-type (RFC 6638 §2.4.2). */
export type EntryKind = 'individual' | 'group' | 'room' | 'resource';

export interface Entry extends Person {
  readonly kind: EntryKind;
  /** Every SMTP address that is told, the main one (`address`) first. */
  readonly addresses: readonly string[];
}

export interface Card extends Entry {
  readonly contact: ContactItem;
}

export interface Found<T> {
  readonly found: readonly T[];
  /** There are more. */
  readonly truncated: boolean;
}

export interface Directory {
  /** The entry with this very address, main or further. */
  entry(address: string, signal?: AbortSignal): Promise<Card | undefined>;
  /** Entries of which a word begins so: of names and addresses, or of all that is told of them. */
  cards(text: string, where: 'names' | 'everywhere', signal?: AbortSignal): Promise<Found<Card>>;
  /** Who could be meant by the beginning of a name or address; kinds are told here. */
  people(text: string, signal?: AbortSignal): Promise<Found<Entry>>;
  rooms(signal?: AbortSignal): Promise<readonly Entry[]>;
}
