// GetItem: up to 50 items by id, one outcome each, in the order asked.
import { BackendError, failed, success, type Outcome } from '../../model/failure.ts';
import { childOf, childrenOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';
import { renderItemShape, type Shape } from './shape.ts';

export const itemsPerGet = 50;

/** `ids`: t:ItemId, t:OccurrenceItemId or t:RecurringMasterItemId. */
export async function getItems(
  soap: Soap,
  request: { readonly ids: readonly Markup[]; readonly shape: Shape },
  signal?: AbortSignal,
): Promise<readonly Outcome<XmlElement>[]> {
  const body = xml(
    'm:GetItem',
    {},
    renderItemShape(request.shape, 'text'),
    xml('m:ItemIds', {}, ...request.ids),
  );
  try {
    const messages = messagesOf(await soap.call('GetItem', body, { repeat: 'safe', signal }));
    return request.ids.map((_, index) => itemOutcome(messages[index]));
  } catch (error) {
    if (!(error instanceof BackendError) || !spoilsBatch.has(error.failure.code ?? '')) throw error;
    return apart(soap, request, { error, signal });
  }
}

/** One item that the server stumbles over can spoil a whole answer; halves find it, so that its siblings still arrive. */
const spoilsBatch: ReadonlySet<string> = new Set(['ErrorInternalServerError', 'NotSoap']);

async function apart(
  soap: Soap,
  request: { readonly ids: readonly Markup[]; readonly shape: Shape },
  context: { readonly error: BackendError; readonly signal?: AbortSignal },
): Promise<readonly Outcome<XmlElement>[]> {
  const { ids, shape } = request;
  if (ids.length <= 1) return ids.map(() => failed(context.error.failure));
  const middle = Math.ceil(ids.length / 2);
  const first = await getItems(soap, { ids: ids.slice(0, middle), shape }, context.signal);
  return [...first, ...(await getItems(soap, { ids: ids.slice(middle), shape }, context.signal))];
}

function itemOutcome(message: XmlElement | undefined): Outcome<XmlElement> {
  if (message === undefined) return failed(failureOfCode('ErrorInternalServerError'));
  const outcome = outcomeOf(message);
  if (!outcome.ok) return outcome;
  const item = itemsIn(message)[0];
  return item === undefined ? failed(failureOfCode('ErrorItemNotFound')) : success(item);
}

/** The items of a message. */
export function itemsIn(message: XmlElement): readonly XmlElement[] {
  const list = childOf(message, 'Items');
  return list === undefined ? [] : childrenOf(list);
}
