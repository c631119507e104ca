// What is attached to an item (t:ArrayOfAttachmentsType): files, other items as messages, links. GetItem tells about them
// without their bytes (BEHAVIOUR §11).
import { fileIdOf, isNewPart, isStoredPart, type NewPart, type Part } from '../../model/item.ts';
import { childOf, childrenOf, type XmlElement } from '../../xml/index.ts';
import { field } from './path.ts';
import { childText, type Row } from './row.ts';
import { heldLine } from './texts.ts';
import { parseInstant } from './times.ts';

type Attachments = readonly (Part | NewPart)[];

/** Writing them is a matter of calls of their own, not of fields. */
export const attachmentsRow: Row<{ readonly attachments: Attachments }> = {
  fields: ['attachments'],
  asks: [field('item:Attachments')],
  read: (element) => ({ attachments: attachmentsIn(element) }),
};

export function attachmentsIn(item: XmlElement): readonly Part[] {
  const list = childOf(item, 'Attachments');
  return list === undefined ? [] : childrenOf(list).flatMap((each) => (isOfBody(each) ? [] : partOf(each)));
}

/** A picture inside an HTML body belongs to the body: Outlook lists it nowhere. */
function isOfBody(attachment: XmlElement): boolean {
  return childText(attachment, 'IsInline') === 'true' && childText(attachment, 'ContentId') !== '';
}

/** An attached item is read as a message (RFC 5322), the one form that all kinds of items have. */
export const messageType = 'message/rfc822';

function partOf(attachment: XmlElement): readonly Part[] {
  const id = childOf(attachment, 'AttachmentId')?.attrs['Id'];
  if (id === undefined || childText(attachment, 'IsContactPhoto') === 'true') return [];
  const name = heldLine(childText(attachment, 'Name'));
  switch (attachment.name) {
    case 'FileAttachment':
      return [{ id, name, ...metadataOf(attachment), ...typeOf(attachment) }];
    case 'ItemAttachment':
      return [{ id, name: `${name}.eml`, ...metadataOf(attachment), contentType: messageType }];
    case 'ReferenceAttachment': {
      const uri = heldLine(childText(attachment, 'AttachLongPathName'));
      return uri === '' ? [] : [{ id, name, uri, ...typeOf(attachment) }];
    }
    default:
      return [];
  }
}

function metadataOf(attachment: XmlElement): Pick<Part, 'size' | 'modified'> {
  const size = Number(childText(attachment, 'Size'));
  const modified = parseInstant(childText(attachment, 'LastModifiedTime'));
  return { ...(size > 0 && { size }), ...(modified !== undefined && { modified }) };
}

function typeOf(attachment: XmlElement): Pick<Part, 'contentType'> {
  const contentType = childText(attachment, 'ContentType').trim();
  return contentType === '' ? {} : { contentType };
}

/** Names are one line in Exchange. */
export function heldAttachments(attachments: Attachments): Attachments {
  return attachments.map((part) => (isNewPart(part) ? { ...part, name: heldLine(part.name) } : part));
}

/**
 * An occurrence that has the series' own files has them under ids of its own: what Exchange shows as the same file is told
 * to be the series' one.
 */
export function withCopiesNamed(own: Attachments, series: Attachments): Attachments {
  const free = new Set(series.filter(isStoredPart));
  return own.map((part) => {
    const original = isNewPart(part) ? undefined : sameFileIn(free, part);
    if (isNewPart(part) || original === undefined) return part;
    free.delete(original);
    return { ...part, copyOf: original.id };
  });
}

/**
 * By what Exchange tells of a file without opening it. The time decides among several only: a copy has that of the
 * copying.
 */
export function sameFileIn(parts: Iterable<Part>, wanted: Part): Part | undefined {
  const same = [...parts].filter((each) => sameKeys.every((key) => each[key] === wanted[key]));
  return same.find(({ modified }) => modified === wanted.modified) ?? same[0];
}

const sameKeys = ['name', 'contentType', 'size', 'uri'] as const;

/** Whether both lists name the same files, in any order. */
export function isSameList(one: Attachments, other: Attachments): boolean {
  return one.length === other.length && without(one, other).length === 0;
}

/** What is in `list` and not in `others`; each of the others stands for one. */
export function without<T extends Part | NewPart>(list: readonly T[], others: Attachments): readonly T[] {
  const free = [...others];
  return list.filter((part) => {
    const at = free.findIndex((each) => isSame(part, each));
    if (at >= 0) free.splice(at, 1);
    return at < 0;
  });
}

function isSame(one: Part | NewPart, other: Part | NewPart): boolean {
  if (isNewPart(one) !== isNewPart(other)) return false;
  if (!isNewPart(one)) return !isNewPart(other) && fileIdOf(one) === fileIdOf(other);
  return (
    isNewPart(other) &&
    one.name === other.name &&
    one.contentType === other.contentType &&
    one.base64 === other.base64
  );
}
