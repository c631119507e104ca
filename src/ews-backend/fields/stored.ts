// GetItem's answer → a stored item; a series whole, with its changed and deleted occurrences (BEHAVIOUR §7).
import type { ItemId, Stored } from '../../model/backend.ts';
import { BackendError } from '../../model/failure.ts';
import { emptyGroup, type GroupItem } from '../../model/group.ts';
import {
  type ContactItem,
  emptyContact,
  emptyEvent,
  emptyTask,
  type EventItem,
  type Item,
  type ItemKind,
  type Override,
  type TaskItem,
} from '../../model/item.ts';
import type { When, ZoneId } from '../../model/time.ts';
import { childOf, childrenOf, type XmlElement } from '../../xml/index.ts';
import { withCopiesNamed } from './attachment-fields.ts';
import { contactRows } from './contact-fields.ts';
import { eventRows, occurrenceRows, zoneOf } from './event-fields.ts';
import { groupRows } from './group-fields.ts';
import { kindOf } from './kinds.ts';
import { childText, readRows } from './row.ts';
import { dateNear, dateOf, fieldsOf, isPlain, originalOn } from './series.ts';
import { identityOf } from './tags.ts';
import { taskRows } from './task-fields.ts';
import { parseInstant } from './times.ts';

/**
 * `occurrences`: GetItem's answers for the ids of `occurrenceIdsOf`. `mailboxZone`: in which its programs reckon.
 * @throws BackendError `unreadable`
 */
export function readStored(
  element: XmlElement,
  occurrences: readonly XmlElement[],
  mailboxZone?: ZoneId,
): Stored {
  const kind = kindOf(element);
  const id = idOf(element);
  if (kind === undefined || id === undefined) throw unreadable(`an item of another kind (${element.name})`);
  const { item, dayZone } = readItem(element, { kind, occurrences, mailboxZone });
  const uid = item.kind === 'event' ? item.uid : undefined;
  return {
    ...id,
    ...identityOf(element, kind, { ...(uid !== undefined && { uid }), listed: false }),
    item,
    ...(dayZone !== undefined && { dayZone }),
  };
}

/** Occurrences of a master that were changed and must be fetched too. */
export function occurrenceIdsOf(element: XmlElement): readonly ItemId[] {
  return modifiedIn(element).flatMap((info) => idOf(info)?.id ?? []);
}

export function idOf(element: XmlElement): Pick<Stored, 'id' | 'version'> | undefined {
  const { Id: id, ChangeKey: version = '' } = childOf(element, 'ItemId')?.attrs ?? {};
  return id === undefined || id === '' ? undefined : { id, version };
}

function readItem(
  element: XmlElement,
  {
    kind,
    occurrences,
    mailboxZone,
  }: { kind: ItemKind; occurrences: readonly XmlElement[]; mailboxZone: ZoneId | undefined },
): { readonly item: Item; readonly dayZone?: ZoneId } {
  switch (kind) {
    case 'event':
      return readEvent(element, occurrences);
    case 'task': {
      const item: TaskItem = readRows(taskRows, emptyTask, { element });
      return { item };
    }
    case 'group': {
      const item: GroupItem = readRows(groupRows, emptyGroup, { element });
      return { item };
    }
    case 'contact': {
      const item: ContactItem = readRows(contactRows, emptyContact, { element, reading: { mailboxZone } });
      return { item };
    }
  }
}

function readEvent(
  element: XmlElement,
  occurrences: readonly XmlElement[],
): { readonly item: EventItem; readonly dayZone?: ZoneId } {
  const found = readRows(eventRows, emptyEvent, { element });
  if (found.start === undefined || found.end === undefined) throw unreadable('an event without start or end');
  const single: EventItem = { ...found, start: found.start, end: found.end };
  const zone = zoneOf(element, parseInstant(childText(element, 'Start')) ?? 0);
  const dayZone = zone === undefined ? {} : { dayZone: zone };
  if (childText(element, 'CalendarItemType') !== 'RecurringMaster') return { item: single, ...dayZone };
  if (single.recurrence === undefined) throw unreadable('a series with a pattern that is not known');
  return { item: withOccurrences(single, element, { zone: zone ?? 'UTC', occurrences }), ...dayZone };
}

interface Inside {
  readonly zone: ZoneId;
  readonly occurrences: readonly XmlElement[];
}

function withOccurrences(master: EventItem, element: XmlElement, inside: Inside): EventItem {
  const overrides = modifiedIn(element)
    .map((info) => readOverride(info, master, inside))
    .filter((override) => !isPlain(override, master))
    .sort((a, b) => inDateOrder(a.recurrenceId, b.recurrenceId));
  return { ...master, overrides, cancelledDates: cancelledDatesOf(element, master, inside.zone) };
}

/** Of a series that is told by something else than its calendar item. */
export function cancelledDatesIn(element: XmlElement, master: EventItem): readonly When[] {
  const zone = zoneOf(element, parseInstant(childText(element, 'Start')) ?? 0);
  return cancelledDatesOf(element, master, zone ?? 'UTC');
}

function cancelledDatesOf(element: XmlElement, master: EventItem, zone: ZoneId): readonly When[] {
  const deleted = childOf(element, 'DeletedOccurrences');
  return (deleted === undefined ? [] : childrenOf(deleted))
    .flatMap((info) => originalOf(childText(info, 'Start'), master, zone))
    .sort(inDateOrder);
}

function inDateOrder(a: When, b: When): number {
  return dateOf(a) < dateOf(b) ? -1 : 1;
}

function readOverride(info: XmlElement, master: EventItem, { zone, occurrences }: Inside): Override {
  const id = idOf(info)?.id;
  const original = childText(info, 'OriginalStart');
  const occurrence =
    occurrences.find((each) => idOf(each)?.id === id) ??
    occurrences.find((each) => parseInstant(childText(each, 'OriginalStart')) === parseInstant(original));
  const [recurrenceId] = originalOf(original, master, zone);
  // A partial answer must not look whole: without one of its occurrences the series is not known.
  if (occurrence === undefined || recurrenceId === undefined || childText(occurrence, 'Start') === '')
    throw unreadable('a changed occurrence is missing');
  const own: EventItem = readRows(occurrenceRows, master, {
    element: occurrence,
    reading: { seriesZone: zone },
  });
  const attachments = withCopiesNamed(own.attachments, master.attachments);
  return { ...fieldsOf({ ...own, attachments }), recurrenceId };
}

function originalOf(text: string, master: EventItem, zone: ZoneId): readonly When[] {
  const instant = parseInstant(text);
  return instant === undefined ? [] : [originalOn(dateNear(instant, master.start, zone), master.start)];
}

function modifiedIn(element: XmlElement): readonly XmlElement[] {
  const list = childOf(element, 'ModifiedOccurrences');
  return list === undefined ? [] : childrenOf(list);
}

function unreadable(what: string): BackendError {
  return new BackendError({ kind: 'unreadable', message: `The server answered ${what}.` });
}
