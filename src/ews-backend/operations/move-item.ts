// MoveItem within a mailbox. The item gets a new id (BEHAVIOUR §3).
import { xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import { ewsIdIn, renderItemId, type EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { itemsIn } from './get-item.ts';

/** Undefined when the server does not tell the new id. */
export async function moveItem(soap: Soap, item: EwsId, folder: string): Promise<EwsId | undefined> {
  const body = xml(
    'm:MoveItem',
    {},
    xml('m:ToFolderId', {}, xml('t:FolderId', { Id: folder })),
    xml('m:ItemIds', {}, renderItemId(item.id, item.changeKey || undefined)),
    xml('m:ReturnNewItemIds', {}, true),
  );
  const message = onlyMessageOf(await soap.call('MoveItem', body, { repeat: 'never' }));
  return ewsIdIn(itemsIn(message)[0]);
}
