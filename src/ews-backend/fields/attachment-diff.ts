// Which attachments are to be made and which to go, of an item and of occurrences that have their own. An occurrence shows
// the files of its series until it gets a list of its own.
import { BackendError } from '../../model/failure.ts';
import { isCard } from '../../model/group.ts';
import {
  isStoredPart,
  type EventItem,
  type Item,
  type NewPart,
  type Override,
  type Part,
} from '../../model/item.ts';
import type { When } from '../../model/time.ts';
import { isSameList, without } from './attachment-fields.ts';
import { dateOf } from './series.ts';

type Attachments = readonly (Part | NewPart)[];

export interface AttachmentDiff {
  /** Of the item itself; a part that lies elsewhere is copied. */
  readonly add: Attachments;
  readonly remove: readonly Part[];
  /** Occurrences that shall have another list than the one they would show by themselves. */
  readonly occurrences: readonly OccurrenceFiles[];
  /** Copied, or gone with the write of the item: their bytes are read before it. */
  readonly rescue: readonly Part[];
}

export function changesFiles({ add, remove, occurrences }: AttachmentDiff): boolean {
  return add.length + remove.length + occurrences.length > 0;
}

export interface OccurrenceFiles {
  readonly recurrenceId: When;
  readonly wanted: Attachments;
}

/** Exchange takes the files of one occurrence a call. */
export const maxOccurrences = 10;

/**
 * `resets`: the write of the item drops all its exceptions, and their files with them.
 * @throws BackendError `inexpressible`
 */
export function attachmentDiff(before: Item | undefined, after: Item, resets = false): AttachmentDiff {
  const had = filesOf(before);
  const wanted = filesOf(after);
  const add = without(wanted, had);
  const remove = without(had, wanted).filter(isStoredPart);
  const occurrences =
    after.kind === 'event'
      ? occurrenceFiles(before?.kind === 'event' ? before : undefined, after, resets)
      : [];
  if (occurrences.length > maxOccurrences)
    throw new BackendError({
      kind: 'inexpressible',
      message: `ATTACH: at most ${maxOccurrences} occurrences of a series can get files of their own at once`,
    });
  const stay = resets ? without(wanted, add) : undefined;
  const needed = [
    ...add,
    ...occurrences.flatMap(({ wanted: files }) => without(files, stay ?? without(files, remove))),
  ];
  return { add, remove, occurrences, rescue: distinct(needed) };
}

function filesOf(item: Item | undefined): Attachments {
  return item === undefined || isCard(item) ? [] : item.attachments;
}

function distinct(parts: Attachments): readonly Part[] {
  return [...new Map(parts.filter(isStoredPart).map((part) => [part.id, part])).values()];
}

function occurrenceFiles(
  before: EventItem | undefined,
  after: EventItem,
  resets: boolean,
): readonly OccurrenceFiles[] {
  const kept = before === undefined || resets ? [] : before.overrides;
  const hadOn = new Map(kept.map((override) => [dateOf(override.recurrenceId), override]));
  const ownOf = (override: Override | undefined): Attachments | undefined =>
    override === undefined || isSameList(override.attachments, before?.attachments ?? [])
      ? undefined
      : override.attachments;
  const wantedOn = new Map(
    after.overrides.map((override) => [dateOf(override.recurrenceId), override] as const),
  );
  const cancelled = new Set(after.cancelledDates.map(dateOf));
  // An occurrence that is as its series again.
  const back = kept.filter(({ recurrenceId }) => {
    const date = dateOf(recurrenceId);
    return !wantedOn.has(date) && !cancelled.has(date);
  });
  const targets = [
    ...after.overrides,
    ...back.map(({ recurrenceId }) => ({ recurrenceId, attachments: after.attachments })),
  ];
  return targets.flatMap(({ recurrenceId, attachments }) => {
    const own = ownOf(hadOn.get(dateOf(recurrenceId)));
    const shown = own ?? after.attachments;
    return isSameList(attachments, shown) ? [] : [{ recurrenceId, wanted: attachments }];
  });
}
