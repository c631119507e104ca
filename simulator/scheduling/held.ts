// Where a meeting stands in a mailbox: its items by UID, and the instance of a series by its original start. An attendee
// of single instances holds one item for each, all with the UID of the series (BEHAVIOUR §7, §9).
import { indexOfDate, toLocal, utcZone } from '../calendar/index.ts';
import { uidOfItem } from '../goid.ts';
import { instanceOf, isSeries, type Instance } from '../series.ts';
import {
  changeItem,
  type Exception,
  type Folder,
  type Instant,
  type Item,
  type Mailbox,
  type Values,
  type World,
} from '../state/index.ts';

export interface Held {
  readonly folder: Folder;
  readonly item: Item;
}

/** The item of a meeting and, where only one instance is meant, that instance of it. */
export interface HeldMeeting extends Held {
  readonly instance?: Instance;
}

/** Every item of that UID in the calendars of a mailbox. */
export function itemsOfMeeting(mailbox: Mailbox, uid: string): readonly Held[] {
  const found: Held[] = [];
  for (const folder of mailbox.folders.values()) {
    if (!/^ipf\.appointment\b/i.test(folder.folderClass)) continue;
    for (const item of folder.items.values())
      if (item.kind === 'event' && uidOfItem(item) === uid) found.push({ folder, item });
  }
  return found;
}

/** What holds the meeting of a message: the whole, an instance of a series, or the item of that one instance. */
export function heldMeetingOf(
  mailbox: Mailbox,
  { uid = '', recurrenceId }: Pick<Values, 'uid' | 'recurrenceId'>,
): HeldMeeting | undefined {
  const held = itemsOfMeeting(mailbox, uid);
  if (recurrenceId === undefined) return held.find(({ item }) => item.values.recurrenceId === undefined);
  const alone = held.find(({ item }) => item.values.recurrenceId === recurrenceId);
  if (alone !== undefined) return alone;
  const series = held.find(({ item }) => isSeries(item));
  const instance = series === undefined ? undefined : instanceAt(series.item, recurrenceId);
  return series === undefined || instance === undefined ? undefined : { ...series, instance };
}

/** The instance of a series that originally starts there, deleted or not. */
export function instanceAt(item: Item, originalStart: Instant): Instance | undefined {
  const { recurrence, startZone = utcZone } = item.values;
  if (recurrence === undefined) return undefined;
  const index = indexOfDate(recurrence, toLocal(originalStart, startZone).slice(0, 10));
  return index === undefined ? undefined : instanceOf(item, index);
}

/** What an instance shows: the values of the series with its own over them. */
export function valuesAt({ item, instance }: Pick<HeldMeeting, 'item' | 'instance'>): Values {
  if (instance === undefined) return item.values;
  const { recurrence: _, ...values } = item.values;
  return { ...values, start: instance.start, end: instance.end, ...instance.exception?.values };
}

/** Changes values of a meeting where it is held: of the item, or of the one instance as an exception. */
export function changeHeld(world: World, held: HeldMeeting, change: Values): Item {
  const { folder, item, instance } = held;
  if (instance === undefined)
    return changeItem(world, folder, { item, change: { values: { ...item.values, ...change } } });
  const exception: Exception = {
    ...instance.exception,
    index: instance.index,
    values: { start: instance.start, end: instance.end, ...instance.exception?.values, ...change },
  };
  const others = (item.exceptions ?? []).filter(({ index }) => index !== instance.index);
  return changeItem(world, folder, {
    item,
    change: {
      exceptions: [...others, exception].sort((a, b) => a.index - b.index),
      deletions: (item.deletions ?? []).filter((index) => index !== instance.index),
    },
  });
}
