// GetAttachment: the bytes of up to 20 attachments, one outcome each: of a file its content, of an item a message (RFC 5322).
import { failed, success, type Outcome } from '../../model/failure.ts';
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../xml/index.ts';
import { messagesOf, outcomeOf } from '../answer.ts';
import { failureOfCode } from '../failures.ts';
import type { Soap } from '../soap.ts';
import { meaningIn } from '../words.ts';

export const attachmentsPerGet = 20;

export async function getAttachments(
  soap: Soap,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<readonly Outcome<Uint8Array>[]> {
  const body = xml(
    'm:GetAttachment',
    {},
    xml('m:AttachmentShape', {}, xml('t:IncludeMimeContent', {}, true)),
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
  const attachment = list === undefined ? undefined : childrenOf(list)[0];
  const content = childOf(attachment, 'Content');
  if (content !== undefined) return success(Buffer.from(textOf(content), 'base64'));
  const item = attachment?.name === 'ItemAttachment' ? itemIn(attachment) : undefined;
  const mime = childOf(item, 'MimeContent');
  // A link has no bytes of its own.
  return item === undefined || mime === undefined
    ? failed({ kind: 'unreadable', message: 'the attachment is no file' })
    : success(messageOf(item, Buffer.from(textOf(mime), 'base64')));
}

function itemIn(attachment: XmlElement): XmlElement | undefined {
  return childrenOf(attachment).find((child) => childOf(child, 'MimeContent') !== undefined);
}

/** Events and contacts come as iCalendar and vCard: a message around them says so. */
function messageOf(item: XmlElement, mime: Buffer): Uint8Array {
  const type = meaningIn(textTypes, item.name);
  if (type === undefined) return mime;
  const lines = [
    'MIME-Version: 1.0',
    `Content-Type: ${type}; charset=utf-8`,
    'Content-Transfer-Encoding: 8bit',
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), mime]);
}

const textTypes: Readonly<Record<string, string>> = { CalendarItem: 'text/calendar', Contact: 'text/vcard' };
