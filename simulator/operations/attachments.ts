// CreateAttachment, GetAttachment, DeleteAttachment ([MS-OXWSATT] 3.1.4; BEHAVIOUR §3, §11): each write gives the item
// a new change key.
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { renderAttachment, renderNewAttachment, renderReference } from '../fields/attachment-xml.ts';
import { itemIdOf } from '../fields/item-rows.ts';
import { tag, type View } from '../fields/row.ts';
import { itemWriter, parseShape, type Shape } from '../fields/shape.ts';
import { demandRight, itemAt, itemOf, viewAt, type Found } from '../lookup.ts';
import { attachToOccurrence } from '../occurrence-writing.ts';
import { forEach } from '../responses.ts';
import { parseId, renderChangeKey } from '../state/ids.ts';
import { changeItem, type Attachment } from '../state/index.ts';
import { parseAttachment } from '../writing.ts';
import type { Operation } from './operation.ts';

const noAttachments = '<m:Attachments/>';

export const createAttachment: Operation = (request, context) => {
  const list = childOf(request, 'Attachments');
  const parent = childOf(request, 'ParentItemId');
  return forEach(context, list === undefined ? [] : childrenOf(list), {
    emptyPayload: noAttachments,
    answer(element) {
      const found = foundOf(context, parent);
      const attachment = parseAttachment(context.world, element);
      const before = viewAt(found).attachments ?? [];
      const kept = attachment.isContactPhoto ? before.filter((one) => !one.isContactPhoto) : before;
      const view = withAttachments(found, [...kept, attachment]);
      return inMessages('Attachments', renderNewAttachment(view, attachment));
    },
  });
};

export const getAttachment: Operation = (request, context) => {
  const shape = {
    ...parseShape(childOf(request, 'AttachmentShape')),
    base: 'AllProperties',
    isAttached: true,
  };
  return forEach(context, idsOf(request), {
    emptyPayload: noAttachments,
    answer(id) {
      const { found, attachment } = attachmentAt(context, id);
      const view = viewAt(found);
      const content = contentOf(view, attachment, { shape, context });
      return inMessages('Attachments', renderAttachment(view, attachment, content));
    },
  });
};

export const deleteAttachment: Operation = (request, context) =>
  forEach(context, idsOf(request), {
    emptyPayload: '',
    answer(id) {
      const { found, attachment } = attachmentAt(context, id);
      demandRight(found.place, 'modify');
      const view = withAttachments(
        found,
        (viewAt(found).attachments ?? []).filter((one) => one.no !== attachment.no),
      );
      return `<m:RootItemId RootItemId="${itemIdOf(view)}" RootItemChangeKey="${renderChangeKey('item', view.item.revision)}"/>`;
    },
  });

function foundOf(context: Context, parent: XmlElement | undefined): Found {
  if (parent === undefined) throw new EwsError('ErrorInvalidIdEmpty');
  const found = itemAt(context, { ...parent, name: 'ItemId' });
  demandRight(found.place, 'modify');
  return found;
}

function attachmentAt(
  context: Context,
  element: XmlElement,
): { readonly found: Found; readonly attachment: Attachment } {
  const id = parseId(element.attrs['Id'] ?? '');
  if (id.kind !== 'attachment') throw new EwsError('ErrorInvalidAttachmentId');
  const found = { ...itemOf(context, id), changeKey: undefined };
  const attachment = viewAt(found).attachments?.find((one) => one.no === id.attachmentNo);
  if (attachment === undefined) throw new EwsError('ErrorInvalidAttachmentId');
  return { found, attachment };
}

function withAttachments(found: Found, attachments: readonly Attachment[]): View {
  const { place, item, instance } = found;
  if (instance !== undefined)
    return viewAt({ ...found, ...attachToOccurrence(found, instance, attachments) });
  const changed = changeItem(place.world, place.folder, { item, change: { attachments } });
  return viewAt({ ...found, item: changed });
}

/** The bytes of a file, or the attached item with all its properties and those of t:AttachmentResponseShapeType. */
function contentOf(
  view: View,
  attachment: Attachment,
  how: { readonly shape: Shape; readonly context: Context },
): string {
  const { item } = attachment;
  if (attachment.reference !== undefined) return renderReference(attachment);
  if (item === undefined) return tag('Content', attachment.content);
  const inner: View = {
    ...view,
    item: { ...view.item, kind: item.kind, values: item.values },
    values: item.values,
    extended: undefined,
    attachments: undefined,
    occurrence: undefined,
  };
  const { shape, context } = how;
  return itemWriter(shape, false)(inner, answerOf(context, { bodyType: shape.bodyType, listing: false }));
}

function idsOf(request: XmlElement): readonly XmlElement[] {
  const ids = childOf(request, 'AttachmentIds');
  return ids === undefined ? [] : childrenOf(ids);
}

function inMessages(element: string, content: string): string {
  return `<m:${element}>${content}</m:${element}>`;
}
