// The difference between what Exchange holds and what it shall hold, as SetItemField and DeleteItemField (BEHAVIOUR §7,
// §11): only what changed, and for a series its occurrences too.
import type { Draft, Stored } from '../../model/backend.ts';
import { BackendError } from '../../model/failure.ts';
import { isNewPart, type ContactItem, type EventItem, type Item, type Override } from '../../model/item.ts';
import type { When, ZoneId } from '../../model/time.ts';
import { instantOf, instantOfWhen, whenAt } from '../../model/zones.ts';
import type { Markup } from '../../xml/index.ts';
import { express } from '../express.ts';
import { attachmentDiff, type AttachmentDiff } from './attachment-diff.ts';
import { contactRows } from './contact-fields.ts';
import { attendeeElements, eventRows, occurrenceRows, ownRows, writeRecurrence } from './event-fields.ts';
import { groupRows } from './group-fields.ts';
import { elementOf } from './kinds.ts';
import { renderPath } from './path.ts';
import { changedProperties, isEqual, renderChange, type Property, type Row, type Writing } from './row.ts';
import { dateOf, plainOccurrence } from './series.ts';
import { changedTags } from './tags.ts';
import { taskRows } from './task-fields.ts';

export interface Diff {
  /** `t:SetItemField`, `t:AppendToItemField` and `t:DeleteItemField`, those of attendees apart. */
  readonly changes: readonly Markup[];
  readonly attendees: readonly Markup[];
  /** The server drops all exceptions and deletions of the series with this write; `occurrences` brings them back. */
  readonly resetsOccurrences: boolean;
  readonly occurrences: readonly OccurrenceWrite[];
  readonly photo?: 'set' | 'remove';
  readonly files: AttachmentDiff;
}

export type OccurrenceWrite =
  | { readonly recurrenceId: When; readonly kind: 'change'; readonly changes: readonly Markup[] }
  | { readonly recurrenceId: When; readonly kind: 'cancel' };

/** @throws BackendError `inexpressible`; `invalid` when the kinds differ */
export function diff(before: Stored, after: Draft, mailboxZone: ZoneId = 'UTC'): Diff {
  const dayZone = before.dayZone ?? mailboxZone;
  const item = heldOf(after.item, mailboxZone, before.item);
  const tags = changedTags(before.tags, after.tags);
  const { properties, ...rest } = itemDiff(before.item, item, { dayZone });
  const name = elementOf[before.item.kind];
  const [people = [], others = []] = [true, false].map((isPeople) =>
    [...properties, ...tags].filter(({ element }) => attendeeElements.has(element) === isPeople),
  );
  const rendered = (list: readonly Property[]): readonly Markup[] =>
    list.map((property) => renderChange(name, property));
  const files = attachmentDiff(before.item, item, rest.resetsOccurrences);
  return { ...rest, changes: rendered(others), attendees: rendered(people), files };
}

/** Overrides and cancelled dates to write after a create or a reset. */
export function occurrencesOfNew(draft: Draft, dayZone: ZoneId = 'UTC'): readonly OccurrenceWrite[] {
  const item = heldOf(draft.item, dayZone);
  return item.kind === 'event' ? allOccurrences(item, { dayZone }) : [];
}

/** Attachments to write after a create. */
export function filesOfNew(draft: Draft, dayZone: ZoneId = 'UTC'): AttachmentDiff {
  return attachmentDiff(undefined, heldOf(draft.item, dayZone));
}

/** @throws BackendError `inexpressible` */
export function heldOf(item: Item, dayZone: ZoneId, present?: Item): Item {
  const expression = express(item, dayZone, present);
  if (expression.kind === 'ok') return expression.held;
  const why =
    expression.kind === 'refuse' ? `${expression.part}: ${expression.reason}` : 'it takes several items';
  throw new BackendError({ kind: 'inexpressible', message: why });
}

type ItemDiff = Omit<Diff, 'changes' | 'attendees' | 'files'> & { readonly properties: readonly Property[] };

function itemDiff(before: Item, after: Item, writing: Writing): ItemDiff {
  const none = { resetsOccurrences: false, occurrences: [] };
  if (before.kind === 'event' && after.kind === 'event') return eventDiff(before, after, writing);
  if (before.kind === 'task' && after.kind === 'task')
    return { ...none, properties: changedProperties(taskRows, { before, after, writing }) };
  if (before.kind === 'contact' && after.kind === 'contact')
    return {
      ...none,
      ...photoDiff(before, after),
      properties: changedProperties(contactRows, { before, after, writing }),
    };
  if (before.kind === 'group' && after.kind === 'group')
    return { ...none, properties: changedProperties(groupRows, { before, after, writing }) };
  throw new BackendError({ kind: 'invalid', message: `A ${before.kind} cannot become a ${after.kind}.` });
}

function photoDiff(before: ContactItem, after: ContactItem): Pick<Diff, 'photo'> {
  if (after.photo === undefined) return before.photo === undefined ? {} : { photo: 'remove' };
  return isNewPart(after.photo) ? { photo: 'set' } : {};
}

function eventDiff(before: EventItem, after: EventItem, writing: Writing): ItemDiff {
  if (!before.isOrganizer) return attendeeDiff(before, after, writing);
  const properties = changedProperties(eventRows, { before, after, writing });
  if (!resets(before, after))
    return { properties, resetsOccurrences: false, occurrences: occurrenceDiff(before, after, writing) };
  const sent = new Set(properties.map(({ path }) => renderPath(path).xml));
  // A deleted occurrence comes back only when the pattern is evaluated anew.
  const again = writeRecurrence(after).filter(({ path }) => !sent.has(renderPath(path).xml));
  return {
    properties: after.recurrence === undefined ? properties : [...properties, ...again],
    resetsOccurrences: true,
    occurrences: allOccurrences(after, writing),
  };
}

/** A new time, zone or pattern of a series drops all its exceptions (BEHAVIOUR §7). */
function resets(before: EventItem, after: EventItem): boolean {
  if (before.recurrence === undefined) return after.recurrence !== undefined;
  const kept = datesOf(after.cancelledDates);
  return (
    !isEqual([before.start, before.end, before.recurrence], [after.start, after.end, after.recurrence]) ||
    [...datesOf(before.cancelledDates)].some((date) => !kept.has(date))
  );
}

/** In somebody else's meeting only the owner's own fields are ours to write (DESIGN §6). */
function attendeeDiff(before: EventItem, after: EventItem, writing: Writing): ItemDiff {
  const properties = changedProperties(ownRows, { before, after, writing });
  const occurrences = after.overrides.flatMap((override) => {
    const had = before.overrides.find(({ recurrenceId }) => isSameDay(recurrenceId, override.recurrenceId));
    const now = had ?? plainOccurrence(after, override.recurrenceId);
    return changeOf({
      now,
      target: override,
      properties: occurrenceProperties(ownRows, { now, target: override, master: after, writing }),
    });
  });
  const known = datesOf(before.cancelledDates);
  const out = after.cancelledDates.filter((when) => !known.has(dateOf(when)));
  return { properties, resetsOccurrences: false, occurrences: inOrder(out, occurrences) };
}

interface Change {
  readonly write: OccurrenceWrite;
  /** Positive when it moves to a later time. */
  readonly moves: number;
}

/** Of a series whose pattern stays. */
function occurrenceDiff(before: EventItem, after: EventItem, writing: Writing): readonly OccurrenceWrite[] {
  const cancelled = datesOf(after.cancelledDates);
  const wanted = datesOf(after.overrides.map(({ recurrenceId }) => recurrenceId));
  // Taken back: it stays an exception in Exchange, with the values of the series.
  const back = before.overrides
    .filter(({ recurrenceId }) => !wanted.has(dateOf(recurrenceId)) && !cancelled.has(dateOf(recurrenceId)))
    .map(({ recurrenceId }) => plainOccurrence(after, recurrenceId));
  const changes = [...after.overrides, ...back].flatMap((target) => {
    const had = before.overrides.find(({ recurrenceId }) => isSameDay(recurrenceId, target.recurrenceId));
    const now = had ?? plainOccurrence(after, target.recurrenceId);
    const rows =
      had === undefined
        ? []
        : occurrenceRows.filter((row) => isUncertain(row, { had, before, after, writing }));
    const sure = occurrenceRows.filter((row) => !rows.includes(row));
    const inside = { now, target, master: after, writing };
    const properties = [
      ...rows.flatMap((row) => row.write?.(asEvent(target, after), writing) ?? []),
      ...occurrenceProperties(sure, inside),
    ];
    return changeOf({ now, target, properties });
  });
  const known = datesOf(before.cancelledDates);
  const cancels = after.cancelledDates.filter((when) => !known.has(dateOf(when)));
  return inOrder(cancels, changes);
}

/**
 * A field that the exception shared with the series may have followed the series' change, or not. What counts is what would
 * be written: answers of attendees differ without being a change.
 */
function isUncertain(
  row: Row<EventItem>,
  given: { had: Override; before: EventItem; after: EventItem; writing: Writing },
): boolean {
  const { had, before, after, writing } = given;
  const differs = (other: EventItem): boolean =>
    changedProperties([row], { before, after: other, writing }).length > 0;
  const isTime = row.fields.every((name) => name === 'start' || name === 'end');
  return !isTime && differs(after) && !differs(asEvent(had, before));
}

function allOccurrences(item: EventItem, writing: Writing): readonly OccurrenceWrite[] {
  const changes = item.overrides.flatMap((target) => {
    const now = plainOccurrence(item, target.recurrenceId);
    return changeOf({
      now,
      target,
      properties: occurrenceProperties(occurrenceRows, { now, target, master: item, writing }),
    });
  });
  return inOrder(item.cancelledDates, changes);
}

/**
 * Deletions first, then moves so that none crosses a neighbour that has still to move: those to later times from the
 * last on, those to earlier times from the first on.
 */
function inOrder(cancels: readonly When[], changes: readonly Change[]): readonly OccurrenceWrite[] {
  const start = ({ write }: Change): number => instantOfWhen(write.recurrenceId);
  const later = changes.filter(({ moves }) => moves > 0).sort((a, b) => start(b) - start(a));
  const others = changes.filter(({ moves }) => moves <= 0).sort((a, b) => start(a) - start(b));
  return [
    ...cancels.map((recurrenceId): OccurrenceWrite => ({ recurrenceId, kind: 'cancel' })),
    ...[...later, ...others].map(({ write }) => write),
  ];
}

interface Inside {
  readonly now: Override;
  readonly target: Override;
  readonly master: EventItem;
  readonly writing: Writing;
}

function occurrenceProperties(
  rows: readonly Row<EventItem>[],
  { now, target, master, writing }: Inside,
): readonly Property[] {
  // Whole days of an occurrence are midnights of the series' own zone.
  const dayZone = master.start.kind === 'zoned' ? master.start.zone : writing.dayZone;
  const before = asEvent(inZone(now, dayZone), master);
  const after = asEvent(inZone(target, dayZone), master);
  return changedProperties(rows, { before, after, writing: { dayZone } });
}

/** Occurrences have the zone of their series: another name for the same instants is no change. */
function inZone(occurrence: Override, zone: ZoneId): Override {
  const there = (when: When): When =>
    when.kind === 'zoned' ? whenAt(instantOf(when.local, when.zone), zone) : when;
  return { ...occurrence, start: there(occurrence.start), end: there(occurrence.end) };
}

function changeOf({
  now,
  target,
  properties,
}: Pick<Inside, 'now' | 'target'> & { properties: readonly Property[] }): Change[] {
  if (properties.length === 0) return [];
  const changes = properties.map((property) => renderChange(elementOf.event, property));
  const moves = instantOfWhen(target.start) - instantOfWhen(now.start);
  return [{ write: { recurrenceId: target.recurrenceId, kind: 'change', changes }, moves }];
}

/** An occurrence in the shape the rows know. */
function asEvent(occurrence: Override, master: EventItem): EventItem {
  const { recurrence: _recurrence, reminderMinutes: _reminder, formatted: _formatted, ...rest } = master;
  return { ...rest, ...occurrence, overrides: [], cancelledDates: [] };
}

function isSameDay(a: When, b: When): boolean {
  return dateOf(a) === dateOf(b);
}

function datesOf(whens: readonly When[]): ReadonlySet<string> {
  return new Set(whens.map(dateOf));
}
