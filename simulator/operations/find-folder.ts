// FindFolder ([MS-OXWSFOLD] 3.1.4.5; [MS-OXWSSRCH]): below each parent, shallow or deep, restricted and paged.
import { childOf, childrenOf } from '../../src/xml/index.ts';
import { parseFolderShape, renderFolder } from '../fields/folder-rows.ts';
import { tag } from '../fields/row.ts';
import { pageOf } from '../find/paging.ts';
import { folderPath } from '../find/paths.ts';
import { parseRestriction } from '../find/restriction.ts';
import { demandNoPublicFolder, folderAt, placeOf } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { childrenOfFolder, subtreeOf } from '../state/index.ts';
import type { Operation } from './operation.ts';

export const findFolder: Operation = (request, context) => {
  const shape = parseFolderShape(childOf(request, 'FolderShape'));
  const view = childOf(request, 'IndexedPageFolderView') ?? childOf(request, 'FractionalPageFolderView');
  const parents = childOf(request, 'ParentFolderIds');
  const traversal = request.attrs['Traversal'];
  return forEach(context, parents === undefined ? [] : childrenOf(parents), {
    emptyPayload: '',
    answer(id) {
      const matches = parseRestriction(childOf(request, 'Restriction'), folderPath);
      const place = folderAt(context, id);
      if (traversal === 'Deep') demandNoPublicFolder(place);
      const { mailbox, folder } = place;
      const below =
        traversal === 'Deep' ? subtreeOf(mailbox, folder).slice(1) : childrenOfFolder(mailbox, folder);
      const found = (traversal === 'SoftDeleted' ? [] : below)
        .map((candidate) => placeOf(context, mailbox, candidate))
        .filter((place) => Object.values(place.rights).some(Boolean) && matches(place));
      const page = pageOf(found, view, context.throttling.findCountLimit);
      const folders = page.entries.map((place) => renderFolder(place, shape)).join('');
      return `<m:RootFolder ${page.attributes}>${tag('Folders', folders)}</m:RootFolder>`;
    },
  });
};
