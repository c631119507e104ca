// A mailbox as plain comparable JSON, without anything that changes by itself: for before and after.
import { childrenOfFolder, folderOf } from './mailboxes.ts';
import { orderedItems } from './items.ts';
import type { Folder } from './folder.ts';
import type { Item } from './item.ts';
import type { Mailbox } from './world.ts';

export interface FolderSnapshot {
  readonly name: string;
  readonly folderClass: string;
  readonly extended: unknown;
  readonly items: readonly unknown[];
  readonly folders: readonly FolderSnapshot[];
}

export function snapshotOf(mailbox: Mailbox): FolderSnapshot {
  return snapshotOfFolder(mailbox, folderOf(mailbox, 'root'));
}

function snapshotOfFolder(mailbox: Mailbox, folder: Folder): FolderSnapshot {
  return {
    name: folder.displayName,
    folderClass: folder.folderClass,
    extended: folder.extended,
    items: [...orderedItems(folder)].sort((a, b) => a.no - b.no).map(plain),
    folders: childrenOfFolder(mailbox, folder).map((child) => snapshotOfFolder(mailbox, child)),
  };
}

function plain(item: Item): unknown {
  return structuredClone(item);
}
