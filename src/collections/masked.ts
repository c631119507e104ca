// Private items of somebody else: the user is shown when they are, and nothing more (BEHAVIOUR §15). What is not shown cannot
// be written back: a client would send the empty time as the whole event, and the words would be gone.
import type { Stored } from '../model/backend.ts';
import { DavError, failed, precondition, valueOf } from '../model/failure.ts';
import type { Item } from '../model/item.ts';
import type { FolderObject } from './identity.ts';
import type { OpenFolder } from './open-folder.ts';
import { loadItems } from './parts.ts';

/** @throws DavError 403 need-privileges */
export function demandUnmasked({ folder }: OpenFolder, { item }: Stored): void {
  if (folder.view !== 'without-private' || !hasPrivate(item)) return;
  throw new DavError(403, 'This is private: only its owner may change or delete it.', {
    precondition: precondition.needPrivileges,
  });
}

function hasPrivate(item: Item): boolean {
  const isPrivate = ({ sensitivity }: Pick<Item, 'sensitivity'>): boolean => sensitivity === 'private';
  return isPrivate(item) || (item.kind === 'event' && item.overrides.some(isPrivate));
}

/** Looks first; nothing is asked where the user sees everything. @throws DavError 403 need-privileges */
export async function demandAllUnmasked(open: OpenFolder, object: FolderObject): Promise<void> {
  if (open.folder.view !== 'without-private') return;
  const found = await loadItems(open, object.entries);
  for (const { id } of object.entries) demandUnmasked(open, valueOf(found.get(id) ?? failed(unanswered)));
}

const unanswered = { kind: 'not-found', message: 'the mailbox did not answer for this item' } as const;
