// MoveItem and CopyItem ([MS-OXWSCORE] 3.1.4.7, 3.1.4.1): the item there has a new id (BEHAVIOUR §3, §18).
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { kinds } from '../fields/kinds.ts';
import { demandRight, itemAt, onlyFolder, type Found } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { copyItem as copy, moveItem as move, type Item } from '../state/index.ts';
import { viewOf, type Place } from '../view.ts';
import { itemIdOnly, noItems } from './item-answer.ts';
import type { Operation } from './operation.ts';

export const moveItem: Operation = (request, context) =>
  transfer(request, context, ({ place, item }, to) => {
    demandRight(place, 'delete');
    return move(context.world, place.folder, { item, to: to.folder });
  });

export const copyItem: Operation = (request, context) =>
  transfer(request, context, ({ place, item }, to) =>
    copy(context.world, to.folder, { item, from: place.folder }),
  );

function transfer(request: XmlElement, context: Context, act: (found: Found, to: Place) => Item): string {
  const ids = childOf(request, 'ItemIds');
  const returnsIds = textOf(childOf(request, 'ReturnNewItemIds')) !== 'false';
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: noItems,
    answer(id) {
      const to = onlyFolder(context, childOf(request, 'ToFolderId'), 'ErrorToFolderNotFound');
      demandRight(to, 'createContents');
      const found = itemAt(context, id);
      if (found.instance !== undefined) throw new EwsError('ErrorCalendarCannotMoveOrCopyOccurrence');
      demandFit(found.item, to);
      const item = act(found, to);
      // Across mailboxes no id comes back.
      return returnsIds && to.mailbox === found.place.mailbox ? itemIdOnly(viewOf(to, item)) : noItems;
    },
  });
}

const typed = /^ipf\.(appointment|contact|task)\b/i;

function demandFit(item: Item, to: Place): void {
  const { folderClass } = to.folder;
  const own = kinds[item.kind].folderClass.toLowerCase();
  if (typed.test(folderClass) && !folderClass.toLowerCase().startsWith(own))
    throw new EwsError('ErrorMoveCopyFailed', 'The move or copy operation failed.');
}
