// DeleteAttachment. Changes the item's change key.
import { childOf, xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

/** The item's new change key; undefined when the server does not tell. */
export async function deleteAttachment(soap: Soap, attachment: string): Promise<string | undefined> {
  const body = xml(
    'm:DeleteAttachment',
    {},
    xml('m:AttachmentIds', {}, xml('t:AttachmentId', { Id: attachment })),
  );
  const message = onlyMessageOf(await soap.call('DeleteAttachment', body, { repeat: 'never' }));
  return childOf(message, 'RootItemId')?.attrs['RootItemChangeKey'];
}
