// Items ⇄ EWS elements: the tables of this folder behind the few functions that the operations call.
import type { Draft } from '../../model/backend.ts';
import type { EventItem, ItemKind } from '../../model/item.ts';
import type { When, ZoneId } from '../../model/time.ts';
import type { Markup } from '../../xml/index.ts';
import { contactRows } from './contact-fields.ts';
import { heldOf } from './diff.ts';
import { eventRows } from './event-fields.ts';
import { groupRows } from './group-fields.ts';
import { elementOf, rowsOf } from './kinds.ts';
import { field, renderPath } from './path.ts';
import { createElement, shapeOf } from './row.ts';
import { dateOf, indexInSeries, seriesOf } from './series.ts';
import { foreignFields, tagFields, tagProperties } from './tags.ts';
import { taskRows } from './task-fields.ts';

export { express } from '../express.ts';
export { changesFiles } from './attachment-diff.ts';
export { diff, filesOfNew, occurrencesOfNew, type Diff, type OccurrenceWrite } from './diff.ts';
export { listingShape, readListed } from './listing.ts';
export { extendedOf, renderExtended, renderPath, type ExtendedPath } from './path.ts';
export { occurrenceIdsOf, readStored } from './stored.ts';
export { tagFields } from './tags.ts';

/** AdditionalProperties of GetItem (to be asked with BodyType Text); properties newer than the schema version are left out. */
export function itemShape(kind: ItemKind, schemaVersion = 'Exchange2013_SP1'): readonly Markup[] {
  const names = [tagFields.uid, tagFields.href, tagFields.residue, foreignFields.urlName];
  const others = kind === 'event' ? [tagFields.unsent] : [foreignFields.davUid, foreignFields.searchKey];
  const own =
    kind === 'event' ? [field('calendar:ModifiedOccurrences'), field('calendar:DeletedOccurrences')] : [];
  return [...shapes[kind](schemaVersion), ...[...own, ...names, ...others].map(renderPath)];
}

const shapes = {
  event: (version: string) => shapeOf(eventRows, version),
  task: (version: string) => shapeOf(taskRows, version),
  contact: cardShape,
  group: cardShape,
} satisfies Record<ItemKind, (version: string) => readonly Markup[]>;

/** Contacts and distribution lists are asked for together: each leaves out what it does not have (BEHAVIOUR §4). */
function cardShape(version: string): readonly Markup[] {
  const asked = [...shapeOf(contactRows, version), ...shapeOf(groupRows, version)];
  return [...new Map(asked.map((path) => [path.xml, path])).values()];
}

/**
 * `t:CalendarItem`, `t:Task`, `t:Contact` or `t:DistributionList` in the order of the schema, without overrides and photo.
 * `dayZone`: the mailbox's own zone, in which whole days and times without zone are stored.
 * @throws BackendError `inexpressible`
 */
export function renderCreate(draft: Draft, dayZone: ZoneId = 'UTC'): Markup {
  const item = heldOf(draft.item, dayZone);
  const extra = tagProperties(draft.tags);
  const writing = { dayZone };
  switch (item.kind) {
    case 'event':
      return createElement(elementOf.event, rowsOf.event, { item, writing, extra });
    case 'task':
      return createElement(elementOf.task, rowsOf.task, { item, writing, extra });
    case 'contact':
      return createElement(elementOf.contact, rowsOf.contact, { item, writing, extra });
    case 'group':
      return createElement(elementOf.group, rowsOf.group, { item, writing, extra });
  }
}

/** OccurrenceItemId's InstanceIndex of an original date; undefined when the series has no instance then. */
export function instanceIndexOf(item: EventItem, recurrenceId: When): number | undefined {
  const series = seriesOf(item);
  return series && indexInSeries(series, dateOf(recurrenceId));
}
