// SendItem ([MS-OXWSMSG] 3.1.4.6): drafts leave, with a copy where one is asked for.
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { itemAt, onlyFolder } from '../lookup.ts';
import { sendDraft } from '../mail/outgoing.ts';
import { sentItemsOf } from '../mail/posting.ts';
import { forEach } from '../responses.ts';
import type { Operation } from './operation.ts';

export const sendItem: Operation = (request, context) => {
  const ids = childOf(request, 'ItemIds');
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: '',
    answer(id) {
      send(request, id, context);
      return '';
    },
  });
};

function send(request: XmlElement, id: XmlElement, context: Context): void {
  const isSaved = request.attrs['SaveItemToFolder'] === 'true' || request.attrs['SaveItemToFolder'] === '1';
  const holder = childOf(request, 'SavedItemFolderId');
  if (holder !== undefined && !isSaved) throw new EwsError('ErrorInvalidSendItemSaveSettings');
  const found = itemAt(context, id);
  if (found.item.kind !== 'message') throw new EwsError('ErrorInvalidItemForOperationSendItem');
  if (found.changeKey === undefined) throw new EwsError('ErrorChangeKeyRequiredForWriteOperations');
  if (found.changeKey !== found.item.revision) throw new EwsError('ErrorStaleObject');
  const target =
    holder === undefined
      ? sentItemsOf(found.place.mailbox)
      : onlyFolder(context, holder, 'ErrorSavedItemFolderNotFound').folder;
  sendDraft(context, { ...found, copyTo: isSaved ? target : undefined });
}
