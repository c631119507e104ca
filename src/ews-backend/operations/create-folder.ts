// CreateFolder: one folder of a kind below a parent.
import type { FolderKind } from '../../model/backend.ts';
import { xml, type Markup } from '../../xml/index.ts';
import { failureOfCode } from '../failures.ts';
import { BackendError } from '../../model/failure.ts';
import { onlyMessageOf } from '../answer.ts';
import { ewsIdIn, renderFolderRef, type EwsId, type FolderRef } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { foldersIn } from './get-folder.ts';

const elementOf = {
  events: 't:CalendarFolder',
  tasks: 't:TasksFolder',
  contacts: 't:ContactsFolder',
} as const satisfies Record<FolderKind, string>;

export const folderElementOf: Readonly<Record<FolderKind, string>> = elementOf;

export async function createFolder(
  soap: Soap,
  request: {
    readonly parent: FolderRef;
    readonly kind: FolderKind;
    readonly displayName: string;
    readonly properties: readonly Markup[];
  },
): Promise<EwsId> {
  const body = xml(
    'm:CreateFolder',
    {},
    xml('m:ParentFolderId', {}, renderFolderRef(request.parent)),
    xml(
      'm:Folders',
      {},
      xml(elementOf[request.kind], {}, xml('t:DisplayName', {}, request.displayName), ...request.properties),
    ),
  );
  const message = onlyMessageOf(await soap.call('CreateFolder', body, { repeat: 'never' }));
  const id = ewsIdIn(foldersIn(message)[0], 'FolderId');
  if (id === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return id;
}
