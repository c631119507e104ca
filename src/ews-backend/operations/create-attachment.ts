// CreateAttachment: files, or the photo of a contact (BEHAVIOUR §10, §11). Changes the item's change key.
import { BackendError } from '../../model/failure.ts';
import type { NewPart } from '../../model/item.ts';
import { childOf, childrenOf, xml, type Markup } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';

export interface MadeAttachments {
  /** In the order given. */
  readonly ids: readonly string[];
  /** The item's new change key; undefined when the server does not tell. */
  readonly changeKey?: string;
}

/** Well below the 64 MB that a request may have (BEHAVIOUR §11). */
const maxCallChars = 48 * 1024 * 1024;

/** All in one call, or as few as their size allows. @throws BackendError with the first that failed */
export async function createAttachments(
  soap: Soap,
  item: string,
  parts: readonly (NewPart & { readonly isContactPhoto?: boolean })[],
): Promise<MadeAttachments> {
  const ids: string[] = [];
  let changeKey: string | undefined;
  for (const batch of batchesBySize(parts)) {
    const body = xml(
      'm:CreateAttachment',
      {},
      xml('m:ParentItemId', { Id: item }),
      xml('m:Attachments', {}, ...batch.map(renderFile)),
    );
    const messages = messagesOf(await soap.call('CreateAttachment', body, { repeat: 'never' }));
    for (const [index] of batch.entries()) {
      const message = messages[index];
      if (message === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
      const outcome = outcomeOf(message);
      if (!outcome.ok) throw new BackendError(outcome.failure);
      const list = childOf(message, 'Attachments');
      const made = childOf(list === undefined ? undefined : childrenOf(list)[0], 'AttachmentId')?.attrs;
      ids.push(made?.['Id'] ?? '');
      changeKey = made?.['RootItemChangeKey'] ?? changeKey;
    }
  }
  return { ids, ...(changeKey !== undefined && { changeKey }) };
}

function renderFile(part: NewPart & { readonly isContactPhoto?: boolean }): Markup {
  return xml(
    't:FileAttachment',
    {},
    xml('t:Name', {}, part.name),
    xml('t:ContentType', {}, part.contentType),
    part.isContactPhoto ? xml('t:IsContactPhoto', {}, true) : undefined,
    xml('t:Content', {}, part.base64),
  );
}

function batchesBySize<T extends NewPart>(parts: readonly T[]): readonly T[][] {
  const batches: T[][] = [];
  let room = 0;
  for (const part of parts) {
    room -= part.base64.length;
    const last = batches.at(-1);
    if (last !== undefined && room >= 0) last.push(part);
    else {
      batches.push([part]);
      room = maxCallChars - part.base64.length;
    }
  }
  return batches;
}
