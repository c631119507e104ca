// GetAttachment: the bytes of up to 20 file attachments, one outcome each.
import { failed, success, type Outcome } from '../../model/failure.ts';
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';

export const attachmentsPerGet = 20;

export async function getAttachments(
  soap: Soap,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Outcome<Uint8Array>[]> {
  const body = xml(
    'm:GetAttachment',
    {},
    xml('m:AttachmentIds', {}, ...ids.map((id) => xml('t:AttachmentId', { Id: id }))),
  );
  const messages = messagesOf(await soap.call('GetAttachment', body, { repeat: 'safe', signal }));
  return ids.map((_, index) => bytesOutcome(messages[index]));
}

function bytesOutcome(message: XmlElement | undefined): Outcome<Uint8Array> {
  if (message === undefined) return failed(failureOfCode('ErrorInternalServerError'));
  const outcome = outcomeOf(message);
  if (!outcome.ok) return outcome;
  const list = childOf(message, 'Attachments');
  const content = childOf(list === undefined ? undefined : childrenOf(list)[0], 'Content');
  // An attached item or a link has no bytes of its own.
  return content === undefined
    ? failed({ kind: 'unreadable', message: 'the attachment is no file' })
    : success(Buffer.from(textOf(content), 'base64'));
}
