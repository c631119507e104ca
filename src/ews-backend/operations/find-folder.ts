// FindFolder: everything below a folder, page by page.
import { childOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import { renderFolderRef, type FolderRef } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { foldersIn } from './get-folder.ts';
import { renderFolderShape, type Shape } from './shape.ts';

const pageSize = 512;

export async function findFolders(
  soap: Soap,
  request: { readonly root: FolderRef; readonly shape: Shape; readonly restriction?: Markup },
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const found: XmlElement[] = [];
  for (;;) {
    const body = xml(
      'm:FindFolder',
      { Traversal: 'Deep' },
      renderFolderShape(request.shape),
      xml('m:IndexedPageFolderView', {
        MaxEntriesReturned: pageSize,
        Offset: found.length,
        BasePoint: 'Beginning',
      }),
      request.restriction === undefined ? undefined : xml('m:Restriction', {}, request.restriction),
      xml('m:ParentFolderIds', {}, renderFolderRef(request.root)),
    );
    const message = onlyMessageOf(await soap.call('FindFolder', body, { repeat: 'safe', signal }));
    const root = childOf(message, 'RootFolder');
    const page = root === undefined ? [] : foldersIn(root);
    found.push(...page);
    if (page.length === 0 || root?.attrs['IncludesLastItemInRange'] !== 'false') return found;
  }
}
