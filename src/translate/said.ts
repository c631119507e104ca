// What kept parts of a row say, read as they were when they were written.
import type { Item } from '../model/item.ts';
import { isEqualIn, type ParseContext, type Rendered, type Row } from './rows.ts';

interface Place<T> {
  readonly view: T;
  readonly context: ParseContext;
}

export function saidBy<T extends Item>(
  row: Row<T>,
  parts: readonly Rendered[],
  { view, context }: Place<T>,
): T | undefined {
  try {
    const said = { ...view, ...row.parse(parts, context, view) };
    return invitesSince(said, view) ? undefined : said;
  } catch {
    // Read under other circumstances than it was written in: a reason to show what the mailbox holds.
    return undefined;
  }
}

/** What a client called off has guests by now: another program has them come. */
function invitesSince(said: Item, view: Item): boolean {
  if (said.kind !== 'event' || view.kind !== 'event') return false;
  return said.cancelled && !view.cancelled && view.isOrganizer && view.attendees.length > 0;
}

/** Without STATUS:CANCELLED it would mean something else. */
export function readsOtherwise<T extends Item>(
  row: Row<T>,
  parts: readonly Rendered[],
  { view, context }: Place<T>,
): boolean {
  const said = saidBy(row, parts, { view, context: { ...context, isCancelled: false } });
  return said === undefined || !isEqualIn(row, said, view);
}
