// The payload of messages about items (m:ItemInfoResponseMessageType).
import { renderIdOnly } from '../fields/shape.ts';
import type { View } from '../fields/row.ts';

export const noItems = '<m:Items/>';

export function itemsOf(...items: readonly string[]): string {
  return `<m:Items>${items.join('')}</m:Items>`;
}

/** What writes answer: id and change key only. */
export function itemIdOnly(view: View): string {
  return itemsOf(renderIdOnly(view));
}
