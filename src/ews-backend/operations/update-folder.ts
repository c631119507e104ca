// UpdateFolder: chosen properties of one folder.
import { xml, type Markup } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';

export async function updateFolder(
  soap: Soap,
  request: { readonly folder: EwsId; readonly changes: readonly Markup[] },
): Promise<void> {
  const body = xml(
    'm:UpdateFolder',
    {},
    xml(
      'm:FolderChanges',
      {},
      xml(
        't:FolderChange',
        {},
        xml('t:FolderId', { Id: request.folder.id, ChangeKey: request.folder.changeKey }),
        xml('t:Updates', {}, ...request.changes),
      ),
    ),
  );
  onlyMessageOf(await soap.call('UpdateFolder', body, { repeat: 'safe' }));
}
