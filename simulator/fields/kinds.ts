// The rows of each kind of item, in the order its element has them, and what the kind is called on the wire.
import type { ItemKind } from '../state/index.ts';
import { calendarRows } from './calendar-rows.ts';
import { contactRows } from './contact-rows.ts';
import { leadingItemRows, trailingItemRows } from './item-rows.ts';
import { listRows } from './list-rows.ts';
import { cancellationRows, requestRows, responseRows } from './meeting-rows.ts';
import { messageRows } from './message-rows.ts';
import { taskRows } from './task-rows.ts';
import type { Row } from './row.ts';

export interface Kind {
  readonly element: string;
  readonly itemClass: string;
  /** Item classes that begin so belong to it. */
  readonly folderClass: string;
  readonly rows: readonly Row[];
  /** Extended properties stand before this row. */
  readonly extendedAt: number;
  readonly byUri: ReadonlyMap<string, Row>;
  readonly byElement: ReadonlyMap<string, Row>;
}

export const kinds = {
  // Before calendar items, whose rows stand for a property wherever the kind is not known.
  request: kind(
    { element: 'MeetingRequest', itemClass: 'IPM.Schedule.Meeting.Request', folderClass: 'IPF.Note' },
    requestRows,
  ),
  response: kind(
    { element: 'MeetingResponse', itemClass: 'IPM.Schedule.Meeting.Resp', folderClass: 'IPF.Note' },
    responseRows,
  ),
  cancellation: kind(
    { element: 'MeetingCancellation', itemClass: 'IPM.Schedule.Meeting.Canceled', folderClass: 'IPF.Note' },
    cancellationRows,
  ),
  event: kind(
    { element: 'CalendarItem', itemClass: 'IPM.Appointment', folderClass: 'IPF.Appointment' },
    calendarRows,
  ),
  contact: kind({ element: 'Contact', itemClass: 'IPM.Contact', folderClass: 'IPF.Contact' }, contactRows),
  task: kind({ element: 'Task', itemClass: 'IPM.Task', folderClass: 'IPF.Task' }, taskRows),
  message: kind({ element: 'Message', itemClass: 'IPM.Note', folderClass: 'IPF.Note' }, messageRows),
  list: kind(
    { element: 'DistributionList', itemClass: 'IPM.DistList', folderClass: 'IPF.Contact' },
    listRows,
  ),
} satisfies Record<ItemKind, Kind>;

/** Every property there is, whatever the kind. */
export const anyRow: ReadonlyMap<string, Row> = new Map(
  Object.values(kinds).flatMap((one) => one.rows.map((row) => [row.uri, row] as const)),
);

export function kindOfElement(element: string): ItemKind | undefined {
  if (element === 'Item') return 'message';
  const names = [
    'event',
    'contact',
    'task',
    'message',
    'list',
    'request',
    'response',
    'cancellation',
  ] as const;
  return names.find((name) => kinds[name].element === element);
}

function kind(names: Pick<Kind, 'element' | 'itemClass' | 'folderClass'>, own: readonly Row[]): Kind {
  const rows = [...leadingItemRows, ...trailingItemRows, ...own];
  return {
    ...names,
    rows,
    extendedAt: leadingItemRows.length,
    byUri: new Map(rows.map((row) => [row.uri, row])),
    byElement: new Map(rows.map((row) => [row.element, row])),
  };
}
