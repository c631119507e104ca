// A list of people, as a mailbox holds it; and what it has in common with a person.
import type { ContactItem, Item, Person, Sensitivity } from './item.ts';
import type { Instant } from './time.ts';

/** Somebody on a list: an item of the same mailbox, or an address alone. */
export interface GroupMember extends Person {
  /** The item, as a listing names it. */
  readonly id?: string;
  /** The UID of that item's card: known above the backend only. */
  readonly uid?: string;
  /** Names the entry within its list; the backend's own. Without: not yet on the list. */
  readonly key?: string;
}

/** A list of people. */
export interface GroupItem {
  readonly kind: 'group';
  readonly fullName: string;
  readonly members: readonly GroupMember[];
  readonly note: string;
  readonly categories: readonly string[];
  readonly sensitivity: Sensitivity;
  readonly created?: Instant;
  readonly modified?: Instant;
}

export const emptyGroup: GroupItem = {
  kind: 'group',
  fullName: '',
  members: [],
  note: '',
  categories: [],
  sensitivity: 'normal',
};

/** People and groups have no files; events and tasks have. */
export function isCard(item: Item): item is ContactItem | GroupItem {
  return item.kind === 'contact' || item.kind === 'group';
}
