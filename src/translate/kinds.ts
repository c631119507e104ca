// What the engine must know of each kind of item beside its rows: an event is several components, the others are one.
import type { GroupItem } from '../model/group.ts';
import type { ContactItem, EventItem, Item, Override, TaskItem } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { addDays, instantOf, instantOfWhen, localOf } from '../model/zones.ts';
import { contactRows } from './contact-rows.ts';
import { eventRows } from './event-rows.ts';
import { groupRows } from './group-rows.ts';
import type { Row } from './rows.ts';
import { taskRows } from './task-rows.ts';
import { keyOfWhen, whenOfKey } from './times.ts';

export interface Kind<T extends Item> {
  readonly component: 'vevent' | 'vtodo' | 'vcard';
  readonly rows: readonly Row<T>[];
  isOf(item: Item): item is T;
  /** The item as components show it: itself first, then each changed occurrence as if it were an item. */
  views(item: T): readonly T[];
  /** The item again; `views` in the order that `views` gives them. */
  joined(views: readonly [T, ...T[]]): T;
  /** The occurrence of a series that a key names, as it is when nothing has changed it; undefined when it is known to be none. */
  plainView?(item: T, key: string): T | undefined;
  startOf(view: T): When | undefined;
  endOf(view: T): When | undefined;
}

export const masterKey = '';

/** Names a component within its object: the master, or the occurrence that it changes. */
export function keyOfView(view: Item, index: number): string {
  return index === 0 || view.kind !== 'event' || !view.recurrenceId
    ? masterKey
    : keyOfWhen(view.recurrenceId);
}

export const eventKind: Kind<EventItem> = {
  component: 'vevent',
  rows: eventRows,
  isOf: (item) => item.kind === 'event',
  views: (item) =>
    item.overrides.length === 0
      ? [item]
      : [item, ...item.overrides.map((override) => viewOf(item, override))],
  joined: ([master, ...overrides]) => ({ ...master, overrides: overrides.map(overrideOf) }),
  plainView(item, key) {
    const recurrenceId = (item.recurrence ?? item.extraDates) && whenOfKey(key, item.start);
    if (!recurrenceId || item.cancelledDates.some((when) => keyOfWhen(when) === key)) return undefined;
    const own = item.extraDates?.find(({ start }) => keyOfWhen(start) === key)?.end;
    const end = own ?? afterPeriod(recurrenceId, item);
    return viewOf(item, overrideOf({ ...item, recurrenceId, start: recurrenceId, end }));
  },
  startOf: (view) => view.start,
  endOf: (view) => view.end,
};

function viewOf(item: EventItem, override: Override): EventItem {
  return {
    ...item,
    reminderMinutes: undefined,
    formatted: undefined,
    meetingUrl: undefined,
    ...override,
    recurrence: undefined,
    extraDates: undefined,
    overrides: [],
    cancelledDates: [],
  };
}

/** Whole days are counted, timed occurrences last as long as the first. */
function afterPeriod(start: When, item: Pick<EventItem, 'start' | 'end'>): When {
  const lastsMs = instantOfWhen(item.end) - instantOfWhen(item.start);
  if (start.kind === 'date') return { ...start, date: addDays(start.date, Math.round(lastsMs / 86_400_000)) };
  const zone = start.kind === 'zoned' ? start.zone : 'UTC';
  return { ...start, local: localOf(instantOf(start.local, zone) + lastsMs, zone) };
}

export function overrideOf(view: EventItem): Override {
  const { summary, description, formatted, location, start, end, busy, sensitivity, importance } = view;
  const { categories, reminderMinutes, attendees, attachments, cancelled, meetingUrl, ownPartStat } = view;
  const { recurrenceId = start } = view;
  return {
    recurrenceId,
    summary,
    description,
    ...(formatted !== undefined && { formatted }),
    location,
    start,
    end,
    busy,
    sensitivity,
    importance,
    categories,
    ...(reminderMinutes !== undefined && { reminderMinutes }),
    attendees,
    attachments,
    cancelled,
    ...(meetingUrl !== undefined && { meetingUrl }),
    ...(ownPartStat !== undefined && { ownPartStat }),
  };
}

export const taskKind: Kind<TaskItem> = {
  component: 'vtodo',
  rows: taskRows,
  isOf: (item) => item.kind === 'task',
  views: (item) => [item],
  joined: ([item]) => item,
  startOf: ({ start, due }) => dayOf(start ?? due),
  endOf: ({ due }) => dayOf(due),
};

function dayOf(date: string | undefined): When | undefined {
  return date === undefined ? undefined : { kind: 'date', date };
}

const card = {
  component: 'vcard',
  views: <T>(item: T): readonly T[] => [item],
  joined: <T>([item]: readonly [T, ...T[]]): T => item,
  startOf: () => undefined,
  endOf: () => undefined,
} as const;

export const contactKind: Kind<ContactItem> = {
  ...card,
  rows: contactRows,
  isOf: (item) => item.kind === 'contact',
};

export const groupKind: Kind<GroupItem> = {
  ...card,
  rows: groupRows,
  isOf: (item) => item.kind === 'group',
};

/** Calls `use` with an item and its kind. */
export function byKind<Result>(item: Item, use: <T extends Item>(kind: Kind<T>, item: T) => Result): Result {
  if (item.kind === 'event') return use(eventKind, item);
  if (item.kind === 'task') return use(taskKind, item);
  if (item.kind === 'group') return use(groupKind, item);
  return use(contactKind, item);
}
