// DeleteFolder ([MS-OXWSFOLD] 3.1.4.3).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { demandNoPublicFolder, demandRight, folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import {
  changeFolder,
  folderOf,
  moveFolder,
  publicFoldersOf,
  removeFolder,
  subtreeOf,
} from '../state/index.ts';
import { freeName } from './move-folder.ts';
import type { Operation } from './operation.ts';

export const deleteFolder: Operation = (request, context) => {
  const ids = childOf(request, 'FolderIds');
  const type = request.attrs['DeleteType'] ?? '';
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: '',
    answer: (id) => remove(id, type, context),
  });
};

function remove(id: XmlElement, type: string, context: Context): string {
  const place = folderAt(context, id);
  const { mailbox, folder } = place;
  demandRight(place, 'createHierarchy');
  demandRight(place, 'delete');
  if (folder.distinguished !== undefined) throw new EwsError('ErrorDeleteDistinguishedFolder');
  if (type === 'MoveToDeletedItems') demandNoPublicFolder(place);
  const target = mailbox === publicFoldersOf(context.world) ? undefined : targets[type];
  const to = target === undefined ? undefined : folderOf(mailbox, target);
  // What is below the target already leaves for good.
  if (to === undefined || subtreeOf(mailbox, to).includes(folder)) removeFolder(context.world, folder);
  else {
    const displayName = freeName(mailbox, to, folder.displayName);
    moveFolder(context.world, folder, to);
    if (displayName !== folder.displayName) changeFolder(context.world, folder, { displayName });
  }
  return '';
}

const targets: Readonly<Record<string, string>> = {
  MoveToDeletedItems: 'deleteditems',
  SoftDelete: 'recoverableitemsdeletions',
};
