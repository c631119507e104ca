// The payload of messages about items (m:ItemInfoResponseMessageType).
import { renderAttachmentIds } from '../fields/attachment-xml.ts';
import { renderIdOnly } from '../fields/shape.ts';
import type { View } from '../fields/row.ts';

export const noItems = '<m:Items/>';

export function itemsOf(...items: readonly string[]): string {
  return `<m:Items>${items.join('')}</m:Items>`;
}

/** What CreateItem answers. */
export function itemCreated(view: View): string {
  return itemsOf(renderIdOnly(view, renderAttachmentIds(view)));
}

/** What other writes answer: id and change key only. */
export function itemIdOnly(view: View): string {
  return itemsOf(renderIdOnly(view));
}
