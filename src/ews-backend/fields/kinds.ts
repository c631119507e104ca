// The three kinds of item: their EWS element, their rows, and what an item without any property is.
import type { ContactItem, EventItem, ItemKind, TaskItem } from '../../model/item.ts';
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

/** All but the times: an event without these is unreadable. */
export const emptyEvent: Omit<EventItem, 'start' | 'end'> = {
  kind: 'event',
  summary: '',
  description: '',
  location: '',
  busy: 'busy',
  sensitivity: 'normal',
  importance: 'normal',
  categories: [],
  attendees: [],
  cancelled: false,
  isOrganizer: true,
  overrides: [],
  cancelledDates: [],
};

export const emptyTask: TaskItem = {
  kind: 'task',
  summary: '',
  description: '',
  percent: 0,
  status: 'not-started',
  sensitivity: 'normal',
  importance: 'normal',
  categories: [],
};

export const emptyContact: ContactItem = {
  kind: 'contact',
  fullName: '',
  name: { prefix: '', given: '', middle: '', family: '', suffix: '' },
  nickname: '',
  emails: {},
  phones: {},
  addresses: {},
  ims: {},
  company: '',
  department: '',
  office: '',
  title: '',
  profession: '',
  manager: '',
  assistant: '',
  spouse: '',
  children: [],
  homepage: '',
  note: '',
  categories: [],
  sensitivity: 'normal',
};
