// CreateAttachment: the photo of a contact, or a file (BEHAVIOUR §10, §11). Changes the item's change key.
import type { NewPart } from '../../model/item.ts';
import { childOf, childrenOf, xml } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';

/** The item's new change key; undefined when the server does not tell. */
export async function createAttachment(
  soap: Soap,
  item: string,
  part: NewPart & { readonly isContactPhoto: boolean },
): Promise<string | undefined> {
  const body = xml(
    'm:CreateAttachment',
    {},
    xml('m:ParentItemId', { Id: item }),
    xml(
      'm:Attachments',
      {},
      xml(
        't:FileAttachment',
        {},
        xml('t:Name', {}, part.name),
        xml('t:ContentType', {}, part.contentType),
        part.isContactPhoto ? xml('t:IsContactPhoto', {}, true) : undefined,
        xml('t:Content', {}, part.base64),
      ),
    ),
  );
  const message = onlyMessageOf(await soap.call('CreateAttachment', body, { repeat: 'never' }));
  const list = childOf(message, 'Attachments');
  const id = childOf(list === undefined ? undefined : childrenOf(list)[0], 'AttachmentId');
  return id?.attrs['RootItemChangeKey'];
}
