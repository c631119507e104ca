// SyncFolderHierarchy ([MS-OXWSSYNC] 3.1.4.1; BEHAVIOUR §5).
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { parseFolderShape, renderFolder } from '../fields/folder-rows.ts';
import { tag } from '../fields/row.ts';
import { demandNoPublicFolder, folderAt, onlyFolder, placeOf } from '../lookup.ts';
import { failure, refusalOf, respond, success } from '../responses.ts';
import { emptyChangeKey, renderId } from '../state/ids.ts';
import { subtreeOf } from '../state/index.ts';
import { parseSyncState, renderSyncState } from '../sync-state.ts';
import type { Operation } from './operation.ts';

export const syncFolderHierarchy: Operation = (request, context) => {
  try {
    return respond(context.operation, [success(context, sync(request, context))]);
  } catch (error) {
    const payload = '<m:SyncState/><m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange>';
    return respond(context.operation, [failure(context, refusalOf(error), payload)]);
  }
};

function sync(request: XmlElement, context: Context): string {
  const { world } = context;
  const busy = context.faults.messageError(context.operation);
  if (busy !== undefined) throw busy;
  const holder = childOf(request, 'SyncFolderId');
  const root: XmlElement = {
    ns: '',
    name: 'DistinguishedFolderId',
    attrs: { Id: 'msgfolderroot' },
    children: [],
  };
  const place =
    holder === undefined ? folderAt(context, root) : onlyFolder(context, holder, 'ErrorSyncFolderNotFound');
  demandNoPublicFolder(place);
  const shape = parseFolderShape(childOf(request, 'FolderShape'));
  // Another root or another shape invalidates the state.
  const scope = `folders/${place.folder.no}/${shape.base}/${[...shape.uris].join()}/${shape.extended.map(({ key }) => key).join()}`;
  const given = textOf(childOf(request, 'SyncState')).trim();
  if (given !== '' && context.faults.take('expired-sync-state', context.operation) !== undefined)
    throw new EwsError('ErrorInvalidSyncStateData');
  const { since } = parseSyncState(world, given, scope);
  const { mailbox } = place;
  const changed = subtreeOf(mailbox, place.folder)
    .slice(1)
    .filter((folder) => folder.revision > since)
    .map((folder) => placeOf(context, mailbox, folder))
    .filter(({ rights }) => Object.values(rights).some(Boolean))
    .map((at) => tag(at.folder.arrived > since ? 'Create' : 'Update', renderFolder(at, shape)));
  const gone = mailbox.folderTombstones
    .filter((tombstone) => tombstone.gone > since && tombstone.arrived <= since)
    .map((tombstone) => {
      const id = renderId({ kind: 'folder', mailboxNo: mailbox.no, folderNo: tombstone.no });
      return tag('Delete', `<t:FolderId Id="${id}" ChangeKey="${emptyChangeKey}"/>`);
    });
  const next = { scope, since: world.revision, until: world.revision, below: Number.MAX_SAFE_INTEGER };
  return (
    `<m:SyncState>${renderSyncState(world, next)}</m:SyncState>` +
    `<m:IncludesLastFolderInRange>true</m:IncludesLastFolderInRange><m:Changes>${changed.join('')}${gone.join('')}</m:Changes>`
  );
}
