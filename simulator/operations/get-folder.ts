// GetFolder ([MS-OXWSFOLD] 3.1.4.6).
import { childOf, childrenOf } from '../../src/xml/index.ts';
import { parseFolderShape, renderFolder } from '../fields/folder-rows.ts';
import { folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { foldersOf, noFolders } from './folder-answer.ts';
import type { Operation } from './operation.ts';

export const getFolder: Operation = (request, context) => {
  const shape = { ...parseFolderShape(childOf(request, 'FolderShape')), isSingle: true };
  const ids = childOf(request, 'FolderIds');
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: noFolders,
    answer: (id) => foldersOf(renderFolder(folderAt(context, id), shape)),
  });
};
