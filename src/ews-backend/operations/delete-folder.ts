// DeleteFolder: to the deleted items, or softly where that is refused; never for good.
import { xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

export async function deleteFolder(
  soap: Soap,
  folder: string,
  type: 'MoveToDeletedItems' | 'SoftDelete',
): Promise<void> {
  const body = xml(
    'm:DeleteFolder',
    { DeleteType: type },
    xml('m:FolderIds', {}, xml('t:FolderId', { Id: folder })),
  );
  onlyMessageOf(await soap.call('DeleteFolder', body, { repeat: 'never' }));
}
