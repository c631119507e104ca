// Subscribe and Unsubscribe: a streaming subscription to folders (BEHAVIOUR §13).
import { BackendError } from '../../model/failure.ts';
import { childOf, textOf, xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';

const eventTypes = [
  'CreatedEvent',
  'DeletedEvent',
  'ModifiedEvent',
  'MovedEvent',
  'CopiedEvent',
  'NewMailEvent',
];

export async function subscribe(
  soap: Soap,
  folders: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const body = xml(
    'm:Subscribe',
    {},
    xml(
      'm:StreamingSubscriptionRequest',
      {},
      xml('t:FolderIds', {}, ...folders.map((id) => xml('t:FolderId', { Id: id }))),
      xml('t:EventTypes', {}, ...eventTypes.map((name) => xml('t:EventType', {}, name))),
    ),
  );
  const message = onlyMessageOf(await soap.call('Subscribe', body, { repeat: 'never', signal }));
  const id = textOf(childOf(message, 'SubscriptionId'));
  if (id === '') throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return id;
}

export async function unsubscribe(soap: Soap, subscription: string): Promise<void> {
  const body = xml('m:Unsubscribe', {}, xml('m:SubscriptionId', {}, subscription));
  onlyMessageOf(await soap.call('Unsubscribe', body, { repeat: 'never' }));
}
