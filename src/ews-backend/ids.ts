// Ids as the code above sees them: the EWS id behind one letter for the kind, because EWS must be asked by kind and an id alone
// does not tell it.
import type { FolderId, FolderKind, ItemId } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import type { ItemKind } from '../model/item.ts';
import { childOf, xml, type Markup, type XmlElement } from '../xml/index.ts';

/** What EWS calls an ItemId or FolderId. */
export interface EwsId {
  readonly id: string;
  readonly changeKey: string;
}

const letterOf = { event: 'e', task: 't', contact: 'c', group: 'g' } as const satisfies Record<
  ItemKind,
  string
>;
const itemKindOf = { events: 'event', tasks: 'task', contacts: 'contact' } as const satisfies Record<
  FolderKind,
  ItemKind
>;

const itemKinds = ['event', 'task', 'contact', 'group'] as const;

/** What lies in a folder of that kind: distribution lists lie among contacts. */
export function kindsBeside(kind: ItemKind): readonly ItemKind[] {
  return kind === 'contact' || kind === 'group' ? ['contact', 'group'] : [kind];
}

export function itemIdOf(kind: ItemKind, id: string): ItemId {
  return letterOf[kind] + id;
}

export function folderIdOf(kind: FolderKind, id: string): FolderId {
  return letterOf[itemKindOf[kind]] + id;
}

/** @throws BackendError `not-found` for what is no id of ours */
export function parseId(id: ItemId | FolderId): { readonly kind: ItemKind; readonly id: string } {
  const letter = id[0];
  for (const kind of itemKinds)
    if (letterOf[kind] === letter && id.length > 1) return { kind, id: id.slice(1) };
  throw new BackendError({ kind: 'not-found', message: 'this is no id of an item or folder' });
}

/** A message of the Inbox: no item of a folder, so that nothing written for these touches it. */
const messageLetter = 'm';

export function messageIdOf(id: string): ItemId {
  return messageLetter + id;
}

/** Undefined: an id of something else. */
export function parseMessageId(id: ItemId | FolderId): string | undefined {
  return id.startsWith(messageLetter) && id.length > 1 ? id.slice(1) : undefined;
}

export function renderItemId(id: string, changeKey?: string): Markup {
  return xml('t:ItemId', { Id: id, ChangeKey: changeKey });
}

/** The ItemId or FolderId inside an element. */
export function ewsIdIn(element: XmlElement | undefined, name = 'ItemId'): EwsId | undefined {
  const found = childOf(element, name);
  const id = found?.attrs['Id'];
  return id === undefined || id === '' ? undefined : { id, changeKey: found?.attrs['ChangeKey'] ?? '' };
}

/** A folder by id, or a well-known one of some mailbox. */
export type FolderRef =
  { readonly id: string } | { readonly distinguished: string; readonly mailbox?: string };

export function renderFolderRef(ref: FolderRef): Markup {
  if ('id' in ref) return xml('t:FolderId', { Id: ref.id });
  return xml(
    't:DistinguishedFolderId',
    { Id: ref.distinguished },
    ref.mailbox === undefined ? undefined : xml('t:Mailbox', {}, xml('t:EmailAddress', {}, ref.mailbox)),
  );
}
