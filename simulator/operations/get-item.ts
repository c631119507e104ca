// GetItem ([MS-OXWSCORE] 3.1.4.4).
import { childOf, childrenOf } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError, EwsFault } from '../errors.ts';
import type { View } from '../fields/row.ts';
import { itemWriter, parseShape } from '../fields/shape.ts';
import { itemAt, viewAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { itemsOf, noItems } from './item-answer.ts';
import type { Operation } from './operation.ts';

export const getItem: Operation = (request, context) => {
  const ids = childOf(request, 'ItemIds');
  const shape = parseShape(childOf(request, 'ItemShape'));
  const write = itemWriter(shape, false);
  const answer = answerOf(context, { bodyType: shape.bodyType, listing: false });
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: noItems,
    answer: (id) => itemsOf(write(poisoned(viewAt(itemAt(context, id)), context), answer)),
  });
};

/** The fault of one item that cannot be read, or has dates that cannot be. */
function poisoned(view: View, context: Context): View {
  const poison = context.faults.poisonOf(view.item.values.subject, context.operation);
  if (poison === undefined) return view;
  if (poison === 'corrupt') throw new EwsError('ErrorCorruptData');
  if (poison === 'fault') throw new EwsFault('ErrorInternalServerError');
  const { recurrence: _, ...values } = view.values;
  return { ...view, values: { ...values, start: Date.UTC(4500, 0, 1), end: Date.UTC(1601, 0, 1) } };
}
