// t:FileAttachment and t:ItemAttachment ([MS-OXWSATT] 2.2.4): metadata in GetItem, content in GetAttachment.
import { escapeText } from '../../src/xml/index.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import type { Attachment } from '../state/index.ts';
import { itemIdOf } from './item-rows.ts';
import { tag, type View } from './row.ts';

export function renderAttachmentInfo(view: View): string {
  const attachments = view.attachments ?? [];
  return attachments.length === 0
    ? ''
    : tag('Attachments', attachments.map((attachment) => renderAttachment(view, attachment)).join(''));
}

export function attachmentIdOf(view: View, attachment: Attachment): string {
  return renderId({
    kind: 'attachment',
    mailboxNo: view.mailbox.no,
    folderNo: view.folder.no,
    itemNo: view.item.no,
    index: view.occurrence?.index ?? 0,
    attachmentNo: attachment.no,
  });
}

function elementOf({ item, reference }: Attachment): string {
  if (reference !== undefined) return 'ReferenceAttachment';
  return item === undefined ? 'FileAttachment' : 'ItemAttachment';
}

/** The answer of CreateAttachment: the id, and the new change key of the item. */
export function renderNewAttachment(view: View, attachment: Attachment): string {
  const element = elementOf(attachment);
  const root = `RootItemId="${itemIdOf(view)}" RootItemChangeKey="${renderChangeKey('item', view.item.revision)}"`;
  return tag(element, `<t:AttachmentId Id="${attachmentIdOf(view, attachment)}" ${root}/>`);
}

/** The answer of CreateItem: the ids of what came along, as captured. */
export function renderAttachmentIds(view: View): string {
  const ids = (view.attachments ?? []).map((attachment) =>
    tag(elementOf(attachment), `<t:AttachmentId Id="${attachmentIdOf(view, attachment)}"/>`),
  );
  return ids.length === 0 ? '' : tag('Attachments', ids.join(''));
}

/** GetItem tells about attachments; with `content`, GetAttachment hands them out, and leaves out sizes and flags. */
export function renderAttachment(view: View, attachment: Attachment, content = ''): string {
  const named =
    `<t:AttachmentId Id="${attachmentIdOf(view, attachment)}"/>` +
    tag('Name', escapeText(attachment.name)) +
    tag('ContentType', escapeText(attachment.contentType)) +
    (attachment.contentId === undefined ? '' : tag('ContentId', escapeText(attachment.contentId))) +
    (attachment.contentLocation === undefined
      ? ''
      : tag('ContentLocation', escapeText(attachment.contentLocation)));
  if (content !== '') return tag(elementOf(attachment), named + content);
  const metadata =
    named +
    tag('Size', String(Math.floor(attachment.content.length * 0.75) + 250)) +
    // Without zone, as Exchange 2016 sends it.
    tag('LastModifiedTime', new Date(attachment.modified).toISOString().slice(0, 19)) +
    tag('IsInline', String(attachment.isInline));
  const photo = tag('IsContactPhoto', String(attachment.isContactPhoto));
  switch (elementOf(attachment)) {
    case 'FileAttachment':
      return tag('FileAttachment', metadata + photo);
    case 'ReferenceAttachment':
      return tag('ReferenceAttachment', metadata + renderReference(attachment));
    default:
      return tag('ItemAttachment', metadata);
  }
}

export function renderReference({ reference = [] }: Attachment): string {
  return reference.map(([name, value]) => tag(name, escapeText(value))).join('');
}
