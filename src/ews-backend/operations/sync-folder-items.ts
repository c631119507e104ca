// SyncFolderItems: what changed in a folder since a state, 512 changes a page (BEHAVIOUR §5).
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import { ewsIdIn } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { renderItemShape, type Shape } from './shape.ts';

const pageSize = 512;

export type SyncChange =
  { readonly kind: 'present'; readonly item: XmlElement } | { readonly kind: 'gone'; readonly id: string };

export interface SyncPage {
  readonly syncState: string;
  readonly isLast: boolean;
  readonly changes: readonly SyncChange[];
}

/** @throws BackendError `cursor-lost` */
export async function syncFolderItems(
  soap: Soap,
  request: { readonly folder: string; readonly syncState?: string; readonly shape: Shape },
  signal?: AbortSignal,
): Promise<SyncPage> {
  const body = xml(
    'm:SyncFolderItems',
    {},
    renderItemShape(request.shape),
    xml('m:SyncFolderId', {}, xml('t:FolderId', { Id: request.folder })),
    request.syncState === undefined ? undefined : xml('m:SyncState', {}, request.syncState),
    xml('m:MaxChangesReturned', {}, pageSize),
  );
  const message = onlyMessageOf(await soap.call('SyncFolderItems', body, { repeat: 'safe', signal }));
  const list = childOf(message, 'Changes');
  return {
    syncState: textOf(childOf(message, 'SyncState')),
    isLast: textOf(childOf(message, 'IncludesLastItemInRange')).trim() !== 'false',
    changes: list === undefined ? [] : childrenOf(list).flatMap(changeOf),
  };
}

/** Create and Update are both "present": a restored item is an Update of the unknown, or a Create of the known (BEHAVIOUR §5). */
function changeOf(element: XmlElement): readonly SyncChange[] {
  if (element.name === 'Delete') {
    const gone = ewsIdIn(element);
    return gone === undefined ? [] : [{ kind: 'gone', id: gone.id }];
  }
  const [item] = childrenOf(element);
  const isItem = element.name === 'Create' || element.name === 'Update';
  return isItem && item !== undefined ? [{ kind: 'present', item }] : [];
}
