// What a mailbox lists by item is shown by UID: the ledger knows both.
import type { ItemId, Stored } from '../model/backend.ts';
import type { GroupMember } from '../model/group.ts';
import { itemKey, objectOf } from './ledger-value.ts';
import type { OpenFolder } from './open-folder.ts';

/** What the mailbox holds, its members with the UIDs of their cards. No call. */
export async function withMemberUids(
  open: OpenFolder,
  stored: readonly Stored[],
): Promise<readonly Stored[]> {
  const groups = stored.flatMap(({ item }) => (item.kind === 'group' ? [item] : []));
  const ids = groups.flatMap(({ members }) => members.flatMap(({ id }) => id ?? []));
  if (ids.length === 0) return stored;
  const uids = new Map<ItemId, string>();
  for (const row of await open.ledger.byKey(open.scope, [...new Set(ids)].map(itemKey))) {
    if (row.gone) continue;
    const { uid, entries } = objectOf(row, open.extension);
    for (const { id } of entries) uids.set(id, uid);
  }
  const named = (member: GroupMember): GroupMember => {
    const uid = member.id === undefined ? undefined : uids.get(member.id);
    return uid === undefined ? member : { ...member, uid };
  };
  return stored.map((each) =>
    each.item.kind === 'group'
      ? { ...each, item: { ...each.item, members: each.item.members.map(named) } }
      : each,
  );
}
