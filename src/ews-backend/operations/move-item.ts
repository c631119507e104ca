// MoveItem within a mailbox. Items get new ids (BEHAVIOUR §3).
import { failed, success, type Outcome } from '../../model/failure.ts';
import { xml } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import { ewsIdIn, renderItemId, type EwsId } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { itemsIn } from './get-item.ts';

/** One outcome each, in the order given; undefined when the server does not tell the new id. */
export async function moveItems(
  soap: Soap,
  items: readonly EwsId[],
  folder: string,
): Promise<readonly Outcome<EwsId | undefined>[]> {
  const body = xml(
    'm:MoveItem',
    {},
    xml('m:ToFolderId', {}, xml('t:FolderId', { Id: folder })),
    xml('m:ItemIds', {}, ...items.map(({ id, changeKey }) => renderItemId(id, changeKey || undefined))),
    xml('m:ReturnNewItemIds', {}, true),
  );
  const messages = messagesOf(await soap.call('MoveItem', body, { repeat: 'never' }));
  return items.map((_, index) => {
    const message = messages[index];
    if (message === undefined) return failed(failureOfCode('ErrorInternalServerError'));
    const outcome = outcomeOf(message);
    return outcome.ok ? success(ewsIdIn(itemsIn(message)[0])) : outcome;
  });
}
