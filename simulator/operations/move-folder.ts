// MoveFolder and CopyFolder ([MS-OXWSFOLD] 3.1.4.7, 3.1.4.1). A moved folder keeps its id (BEHAVIOUR §3).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { demandRight, folderAt, onlyFolder, placeOf } from '../lookup.ts';
import { forEach } from '../responses.ts';
import {
  addFolder,
  childrenOfFolder,
  copyItem,
  moveFolder as move,
  orderedItems,
  subtreeOf,
  type Folder,
  type Mailbox,
} from '../state/index.ts';
import type { Place } from '../view.ts';
import { folderIdOnly, noFolders } from './folder-answer.ts';
import type { Operation } from './operation.ts';

export const moveFolder: Operation = (request, context) =>
  transfer(request, context, (place, to) => {
    if (place.folder.distinguished !== undefined) throw new EwsError('ErrorMoveDistinguishedFolder');
    demandRight(place, 'delete');
    demandRight(place, 'createHierarchy');
    if (subtreeOf(place.mailbox, place.folder).includes(to.folder) || isTaken(to, place.folder))
      throw new EwsError('ErrorMoveCopyFailed', 'The move or copy operation failed.');
    move(context.world, place.folder, to.folder);
    return place.folder;
  });

export const copyFolder: Operation = (request, context) =>
  transfer(request, context, (place, to) => {
    if (subtreeOf(place.mailbox, place.folder).includes(to.folder) || isTaken(to, place.folder))
      throw new EwsError('ErrorMoveCopyFailed', 'The move or copy operation failed.');
    return copyTree(context, place, to.folder);
  });

/** A name no other folder there has. */
export function freeName(mailbox: Mailbox, parent: Folder, name: string): string {
  const taken = new Set(childrenOfFolder(mailbox, parent).map((folder) => folder.displayName.toLowerCase()));
  let free = name;
  for (let count = 1; taken.has(free.toLowerCase()); count += 1) free = `${name}${count}`;
  return free;
}

function transfer(request: XmlElement, context: Context, act: (place: Place, to: Place) => Folder): string {
  const ids = childOf(request, 'FolderIds');
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: noFolders,
    answer(id) {
      const to = onlyFolder(context, childOf(request, 'ToFolderId'), 'ErrorToFolderNotFound');
      demandRight(to, 'createHierarchy');
      const place = folderAt(context, id);
      if (place.mailbox !== to.mailbox) throw new EwsError('ErrorCrossMailboxMoveCopy');
      return folderIdOnly(placeOf(context, to.mailbox, act(place, to)));
    },
  });
}

function isTaken(to: Place, folder: Folder): boolean {
  return freeName(to.mailbox, to.folder, folder.displayName) !== folder.displayName;
}

function copyTree(context: Context, place: Place, parent: Folder): Folder {
  const { mailbox, folder } = place;
  const copied = addFolder(context.world, {
    parent,
    name: folder.displayName,
    folderClass: folder.folderClass,
    extended: folder.extended,
  });
  for (const item of orderedItems(folder)) copyItem(context.world, copied, { item, from: folder });
  for (const child of childrenOfFolder(mailbox, folder))
    copyTree(context, { ...place, folder: child }, copied);
  return copied;
}
