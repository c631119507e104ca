// What SyncFolderItems and FindItem are asked for, and what that tells of an item: names, rank and span (DESIGN §5).
import type { Listed } from '../../model/backend.ts';
import type { ItemKind } from '../../model/item.ts';
import type { Span } from '../../model/time.ts';
import type { Markup, XmlElement } from '../../xml/index.ts';
import { kindOf } from './kinds.ts';
import { extendedOf, field, renderPath, type ExtendedPath, type Path } from './path.ts';
import { childText } from './row.ts';
import { idOf } from './stored.ts';
import { foreignFields, identityOf, sourceKeyOf, tagFields } from './tags.ts';
import { dayMs, parseInstant, renderInstant } from './times.ts';

const names: readonly Path[] = [
  tagFields.uid,
  tagFields.href,
  foreignFields.urlName,
  foreignFields.sourceKey,
];
const otherNames: readonly Path[] = [...names, foreignFields.davUid, foreignFields.searchKey];

const listingPaths = {
  event: [
    ...names,
    ...['UID', 'RecurrenceId', 'Start', 'End', 'IsAllDayEvent', 'CalendarItemType', 'IsMeeting'].map((name) =>
      field(`calendar:${name}`),
    ),
    foreignFields.clipStart,
    foreignFields.clipEnd,
  ],
  task: [...otherNames, ...['StartDate', 'DueDate', 'IsRecurring'].map((name) => field(`task:${name}`))],
  contact: otherNames,
  group: otherNames,
} satisfies Record<ItemKind, readonly Path[]>;

/** AdditionalProperties of SyncFolderItems and FindItem: few and cheap. */
export function listingShape(kind: ItemKind): readonly Markup[] {
  return listingPaths[kind].map(renderPath);
}

/** Undefined for items of other kinds. */
export function readListed(element: XmlElement): Listed | undefined {
  const kind = kindOf(element);
  const id = idOf(element);
  if (kind === undefined || id === undefined) return undefined;
  const span = spans[kind](element);
  const instance = instanceOf(element);
  return {
    ...id,
    kind,
    ...identityOf(element, kind, { uid: childText(element, 'UID'), listed: true }),
    rank: sourceKeyOf(element),
    ...(span && { span }),
    isSeries: isSeries(element),
    ...(childText(element, 'IsMeeting') === 'true' && { isMeeting: true }),
    ...(instance !== undefined && { instance }),
  };
}

/** Of somebody invited to one instance of a series without the rest. */
function instanceOf(element: XmlElement): string | undefined {
  const original = parseInstant(childText(element, 'RecurrenceId'));
  return original === undefined || isSeries(element) ? undefined : renderInstant(original);
}

function isSeries(element: XmlElement): boolean {
  return (
    childText(element, 'CalendarItemType') === 'RecurringMaster' ||
    (element.name === 'Task' && childText(element, 'IsRecurring') === 'true')
  );
}

/** Too wide costs a fetch, too narrow hides an item: every doubt widens. */
const spans = {
  event: eventSpan,
  task: taskSpan,
  contact: () => undefined,
  group: () => undefined,
} satisfies Record<ItemKind, (element: XmlElement) => Span | undefined>;

export function eventSpan(element: XmlElement): Span | undefined {
  const start = parseInstant(childText(element, 'Start'));
  const end = parseInstant(childText(element, 'End'));
  if (start === undefined || end === undefined) return undefined;
  if (isSeries(element)) return seriesSpan(element, start, end);
  // Whole days lie elsewhere in the reader's zone than in the creator's.
  const slack = childText(element, 'IsAllDayEvent') === 'true' ? dayMs : 0;
  return { first: start - slack, last: end + slack };
}

/** Exchange writes 31 August 4500 for a series without end. */
const endless = Date.UTC(4500, 0, 1);

/** ClipEnd is the midnight of the last instance's date in the creator's zone (BEHAVIOUR §18). */
function seriesSpan(element: XmlElement, start: number, end: number): Span {
  const clipStart = instantIn(element, foreignFields.clipStart) ?? start;
  const clipEnd = instantIn(element, foreignFields.clipEnd);
  const first = Math.min(clipStart, start) - dayMs;
  if (clipEnd === undefined || clipEnd >= endless) return { first };
  return { first, last: Math.max(clipEnd, end) + 2 * dayMs + (end - start) };
}

/** A task's dates are plain days: a day of slack on both sides. */
function taskSpan(element: XmlElement): Span | undefined {
  const start = parseInstant(childText(element, 'StartDate'));
  const due = parseInstant(childText(element, 'DueDate'));
  const first = Math.min(start ?? Infinity, due ?? Infinity);
  if (first === Infinity) return undefined;
  if (isSeries(element)) return { first: first - dayMs };
  return { first: first - dayMs, last: Math.max(start ?? first, due ?? first) + 2 * dayMs };
}

function instantIn(element: XmlElement, path: ExtendedPath): number | undefined {
  return parseInstant(extendedOf(element, path) ?? '');
}
