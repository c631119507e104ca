// The kinds of item: their EWS element, their rows, and what an item without any property is.
import type { ItemKind } from '../../model/item.ts';
import type { XmlElement } from '../../xml/index.ts';
import { contactRows } from './contact-fields.ts';
import { eventRows } from './event-fields.ts';
import { groupRows } from './group-fields.ts';
import type { ItemElement } from './row.ts';
import { taskRows } from './task-fields.ts';

export const elementOf = {
  event: 'CalendarItem',
  task: 'Task',
  contact: 'Contact',
  group: 'DistributionList',
} as const satisfies Record<ItemKind, ItemElement>;

export const rowsOf = { event: eventRows, task: taskRows, contact: contactRows, group: groupRows } as const;

const kinds = new Map<string, ItemKind>([
  [elementOf.event, 'event'],
  [elementOf.task, 'task'],
  [elementOf.contact, 'contact'],
  [elementOf.group, 'group'],
]);

/** Undefined for mails, notes and what else may lie in a folder. */
export function kindOf({ name }: XmlElement): ItemKind | undefined {
  return kinds.get(name);
}
