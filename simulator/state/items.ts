// Adding, changing, moving and removing items: the only place where revisions, tombstones, counts and events are kept.
import type { Folder } from './folder.ts';
import type { Attachment, Exception, Item } from './item.ts';
import { touchFolder } from './mailboxes.ts';
import type { Extended, Instant, ItemKind, Values } from './values.ts';
import { emit, mailboxOf, nextNo, nextRevision, type World } from './world.ts';

export interface NewItem {
  readonly kind: ItemKind;
  readonly values: Values;
  readonly extended?: Extended | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly exceptions?: readonly Exception[] | undefined;
  readonly deletions?: readonly number[] | undefined;
  readonly isAssociated?: boolean | undefined;
  /** Default: now. */
  readonly created?: Instant | undefined;
  /** Display name; default: the mailbox's. */
  readonly modifiedBy?: string | undefined;
}

/** Puts an item into a folder as it is given: nothing is checked or completed, nothing is sent. */
export function addItem(world: World, folder: Folder, given: NewItem): Item {
  const no = nextNo(world);
  const now = world.now();
  return putNew(world, folder, {
    no,
    kind: given.kind,
    values: given.values,
    ...partsOf(given),
    searchKeyNo: no,
    created: given.created ?? now,
    modified: given.created ?? now,
    modifiedBy: given.modifiedBy ?? mailboxOf(world, folder).name,
  });
}

/** What is stored of an attachment that does not exist yet. */
export function newAttachment(world: World, given: Omit<Attachment, 'no' | 'modified'>): Attachment {
  return { ...given, no: nextNo(world), modified: world.now() };
}

export interface ItemChange {
  readonly values?: Values;
  /** Given as undefined: none any more. */
  readonly extended?: Extended | undefined;
  readonly attachments?: readonly Attachment[];
  /** Empty: none any more. */
  readonly exceptions?: readonly Exception[];
  readonly deletions?: readonly number[];
  readonly by?: string;
  /** Nothing but the read flag. */
  readonly readFlagOnly?: boolean;
}

/** The changed item with a new change key. */
export function changeItem(world: World, folder: Folder, held: { item: Item; change: ItemChange }): Item {
  const { item, change } = held;
  const revision = nextRevision(world);
  const { extended, attachments, exceptions, deletions, isAssociated, ...rest } = item;
  const changed: Item = {
    ...rest,
    values: change.values ?? item.values,
    ...partsOf({ extended, attachments, exceptions, deletions, isAssociated, ...change }),
    modified: world.now(),
    modifiedBy: change.by ?? item.modifiedBy,
    revision,
    contentRevision: change.readFlagOnly === true ? item.contentRevision : revision,
  };
  folder.items.delete(item.no);
  folder.items.set(item.no, changed);
  touchContents(world, folder);
  emit(world, folder, { kind: 'Modified', itemNo: item.no, revision });
  return changed;
}

/** Takes an item out of its folder for good. */
export function removeItem(world: World, folder: Folder, item: Item): void {
  takeOut(world, folder, item);
  emit(world, folder, { kind: 'Deleted', itemNo: item.no, revision: world.revision });
}

/** The item in another folder: a new number, a new source key, the same search key (BEHAVIOUR §3, §18). */
export function moveItem(
  world: World,
  folder: Folder,
  held: { item: Item; to: Folder; values?: Values },
): Item {
  const { item, to } = held;
  takeOut(world, folder, item);
  const { isAssociated, ...rest } = item;
  const moved = putNew(world, to, {
    ...rest,
    ...(isAssociated === undefined ? {} : { isAssociated }),
    no: nextNo(world),
    values: held.values ?? item.values,
    modified: world.now(),
  });
  emit(world, to, {
    kind: 'Moved',
    itemNo: moved.no,
    revision: moved.revision,
    oldFolderNo: folder.no,
    oldItemNo: item.no,
  });
  return moved;
}

/** A copy: search key, named properties and creation time are copied too, the source key is new (§18). */
export function copyItem(world: World, to: Folder, held: { item: Item; from: Folder }): Item {
  const { item, from } = held;
  const attachments = item.attachments?.map((attachment) => ({ ...attachment, no: nextNo(world) }));
  const copied = putNew(world, to, {
    ...item,
    ...(attachments === undefined ? {} : { attachments }),
    no: nextNo(world),
    modified: world.now(),
  });
  emit(world, to, {
    kind: 'Copied',
    itemNo: copied.no,
    revision: copied.revision,
    oldFolderNo: from.no,
    oldItemNo: item.no,
  });
  return copied;
}

/** The items of a folder by revision, oldest first. */
export function orderedItems(folder: Folder): readonly Item[] {
  folder.ordered ??= [...folder.items.values()];
  return folder.ordered;
}

type Unplaced = Omit<Item, 'revision' | 'contentRevision' | 'arrived'>;

function putNew(world: World, folder: Folder, unplaced: Unplaced): Item {
  const revision = nextRevision(world);
  const item: Item = { ...unplaced, revision, contentRevision: revision, arrived: revision };
  folder.items.set(item.no, item);
  touchContents(world, folder);
  emit(world, folder, { kind: 'Created', itemNo: item.no, revision });
  return item;
}

function takeOut(world: World, folder: Folder, item: Item): void {
  folder.items.delete(item.no);
  folder.tombstones.push({ no: item.no, arrived: item.arrived, gone: nextRevision(world) });
  folder.deletedCount += 1;
  touchContents(world, folder);
}

function touchContents(world: World, folder: Folder): void {
  touchFolder(world, folder);
  folder.ordered = undefined;
  folder.lastCommit = world.now();
}

/** Optional parts, left out where they are empty, so that 100,000 items stay small. */
function partsOf(
  given: Pick<NewItem, 'extended' | 'attachments' | 'exceptions' | 'deletions' | 'isAssociated'>,
): Partial<Item> {
  return {
    ...(given.extended === undefined ? {} : { extended: given.extended }),
    ...(isEmpty(given.attachments) ? {} : { attachments: given.attachments }),
    ...(isEmpty(given.exceptions) ? {} : { exceptions: given.exceptions }),
    ...(isEmpty(given.deletions) ? {} : { deletions: given.deletions }),
    ...(given.isAssociated === undefined ? {} : { isAssociated: given.isAssociated }),
  };
}

function isEmpty(list: readonly unknown[] | undefined): list is undefined {
  return list === undefined || list.length === 0;
}
