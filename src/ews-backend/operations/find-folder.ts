// FindFolder: everything below a folder, page by page; or what is right below several, by name.
import { BackendError } from '../../model/failure.ts';
import { childOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { messagesOf, onlyMessageOf, outcomeOf } from '../answer.ts';
import { renderFolderRef, type FolderRef } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { foldersIn } from './get-folder.ts';
import { field, renderFolderShape, type Shape } from './shape.ts';

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

/** For each parent, in order, its children of these names (case does not count); none where it is closed or gone. */
export async function findChildren(
  soap: Soap,
  request: { readonly parents: readonly FolderRef[]; readonly names: readonly string[] },
  signal?: AbortSignal,
): Promise<readonly (readonly XmlElement[])[]> {
  const named = request.names.map((name) =>
    xml(
      't:Contains',
      { ContainmentMode: 'FullString', ContainmentComparison: 'IgnoreCase' },
      field('folder:DisplayName'),
      xml('t:Constant', { Value: name }),
    ),
  );
  const [only] = named;
  const body = xml(
    'm:FindFolder',
    { Traversal: 'Shallow' },
    renderFolderShape([field('folder:DisplayName')]),
    xml('m:IndexedPageFolderView', { MaxEntriesReturned: pageSize, Offset: 0, BasePoint: 'Beginning' }),
    xml('m:Restriction', {}, named.length === 1 ? only : xml('t:Or', {}, ...named)),
    xml('m:ParentFolderIds', {}, ...request.parents.map(renderFolderRef)),
  );
  const messages = messagesOf(await soap.call('FindFolder', body, { repeat: 'safe', signal }));
  return messages.map((message) => {
    const outcome = outcomeOf(message);
    if (!outcome.ok) {
      if (['denied', 'not-found'].includes(outcome.failure.kind)) return [];
      throw new BackendError(outcome.failure);
    }
    const root = childOf(outcome.value, 'RootFolder');
    return root === undefined ? [] : foldersIn(root);
  });
}
