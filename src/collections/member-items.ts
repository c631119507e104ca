// Members of a group that a card names by UID become items of the mailbox, as far as the ledger knows them.
import type { Stored } from '../model/backend.ts';
import type { Href } from '../model/collection.ts';
import type { GroupItem, GroupMember } from '../model/group.ts';
import type { ContactItem, Item } from '../model/item.ts';
import { hrefOf, type Entry, type FolderObject } from './identity.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import { loadAllStored } from './load.ts';
import type { OpenFolder } from './open-folder.ts';

/**
 * What a client's card says, its members with the items that they name, as far as this folder has them. Contacts not seen
 * lately take one call for all: a list needs their addresses.
 */
export async function withMemberItems(
  open: OpenFolder,
  item: Item,
  { own, signal }: { readonly own: Href; readonly signal?: AbortSignal },
): Promise<Item> {
  if (item.kind !== 'group') return item;
  const objects = await objectsNamed(open, item);
  const found = new Map([...objects].filter(([, { href }]) => href !== own));
  const entries = [...found.values()].map(({ entries: [entry] }) => entry);
  const stored = await loadAllStored(
    open,
    entries.filter(({ kind }) => kind === 'contact'),
    signal,
  );
  const members = item.members.map((member) => {
    const object = isOpen(member) ? found.get(nameOf(member.uid)) : undefined;
    return object ? memberOf(object, stored.get(object.entries[0].id)) : member;
  });
  return { ...item, members };
}

/** Named by a UID, of which no item is known yet. */
function isOpen(member: GroupMember): member is GroupMember & { readonly uid: string } {
  return member.uid !== undefined && member.id === undefined;
}

/** Cards say UUIDs with or without `urn:uuid:`, in letters of any case. */
function nameOf(uid: string): string {
  return uid.replace(/^urn:uuid:/i, '').toLowerCase();
}

async function objectsNamed(open: OpenFolder, group: GroupItem): Promise<ReadonlyMap<string, FolderObject>> {
  const uids = [...new Set(group.members.filter(isOpen).flatMap(({ uid }) => spellingsOf(uid)))];
  if (uids.length === 0) return new Map();
  const rows = [
    ...(await open.ledger.byKey(open.scope, uids.map(uidKey))),
    ...(await open.ledger.byHref(
      open.scope,
      uids.map((uid) => hrefOf(uid, open.extension)),
    )),
  ];
  const objects = rows.flatMap((row) => (row.gone ? [] : [objectOf(row, open.extension)]));
  return new Map(objects.map((object) => [nameOf(object.uid), object]));
}

function spellingsOf(uid: string): readonly string[] {
  const cases = [uid, uid.toLowerCase(), uid.toUpperCase()];
  return [...cases, ...cases.map((each) => `urn:uuid:${each}`)];
}

function memberOf(
  { uid, entries: [entry] }: { uid: string; entries: readonly [Entry, ...Entry[]] },
  stored?: Stored,
): GroupMember {
  const person = stored?.item.kind === 'contact' ? personOf(stored.item) : { address: '' };
  return { ...person, id: entry.id, uid };
}

function personOf({ emails, fullName }: ContactItem): Pick<GroupMember, 'address' | 'name'> {
  const address = [emails.email1, emails.email2, emails.email3].find((each) => each?.address)?.address ?? '';
  return { address, ...(fullName !== '' && { name: fullName }) };
}
