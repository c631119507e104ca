// DeleteAttachment, of one or several items. Changes their change keys.
import { BackendError } from '../../model/failure.ts';
import { childOf, xml } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

/** The last item's new change key; undefined when the server does not tell. One that is gone already is no failure. */
export async function deleteAttachments(soap: Soap, ids: readonly string[]): Promise<string | undefined> {
  const body = xml(
    'm:DeleteAttachment',
    {},
    xml('m:AttachmentIds', {}, ...ids.map((id) => xml('t:AttachmentId', { Id: id }))),
  );
  let changeKey: string | undefined;
  for (const message of messagesOf(await soap.call('DeleteAttachment', body, { repeat: 'never' }))) {
    const outcome = outcomeOf(message);
    if (outcome.ok) changeKey = childOf(outcome.value, 'RootItemId')?.attrs['RootItemChangeKey'] ?? changeKey;
    else if (outcome.failure.kind !== 'not-found') throw new BackendError(outcome.failure);
  }
  return changeKey;
}
