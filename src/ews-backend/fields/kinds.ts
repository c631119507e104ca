// The three kinds of item: their EWS element, their rows, and what an item without any property is.
import type { ItemKind } from '../../model/item.ts';
import type { XmlElement } from '../../xml/index.ts';
import { contactRows } from './contact-fields.ts';
import { eventRows } from './event-fields.ts';
import type { ItemElement } from './row.ts';
import { taskRows } from './task-fields.ts';

export const elementOf = {
  event: 'CalendarItem',
  task: 'Task',
  contact: 'Contact',
} as const satisfies Record<ItemKind, ItemElement>;

export const rowsOf = { event: eventRows, task: taskRows, contact: contactRows } as const;

const kinds = { CalendarItem: 'event', Task: 'task', Contact: 'contact' } as const satisfies Record<
  ItemElement,
  ItemKind
>;

/** Undefined for mails, notes, distribution lists and what else may lie in a folder. */
export function kindOf({ name }: XmlElement): ItemKind | undefined {
  return name === 'CalendarItem' || name === 'Task' || name === 'Contact' ? kinds[name] : undefined;
}
