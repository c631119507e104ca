// What a write answers: what a listing would tell of the items now, asked or reckoned.
import type { Draft, Listed, Stored, Tags, UpdateRequest, Written } from '../model/backend.ts';
import { BackendError, valueOf, type Outcome } from '../model/failure.ts';
import type { Item, ItemKind } from '../model/item.ts';
import type { Span, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import type { XmlElement } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import { listingShape, readListed, type Diff } from './fields/index.ts';
import { itemIdOf, parseId, renderItemId, type EwsId } from './ids.ts';
import { getItems, itemsPerGet } from './operations/get-item.ts';
import { batchesOf } from './parallel.ts';
import type { WrittenSeries } from './occurrence-places.ts';
import type { Soap } from './soap.ts';

/** What a listing tells of items now, in the order given. */
export async function listedNow(
  soap: Soap,
  kind: ItemKind,
  ids: readonly string[],
): Promise<readonly Listed[]> {
  const outcomes: Outcome<XmlElement>[] = [];
  for (const batch of batchesOf(ids, itemsPerGet))
    outcomes.push(
      ...(await getItems(soap, { ids: batch.map((id) => renderItemId(id)), shape: listingShape(kind) })),
    );
  return ids.map((_, index) => {
    const listed = readListed(expect(outcomes[index]));
    if (listed === undefined) throw new BackendError(failureOfCode('ErrorItemNotFound'));
    return { ...listed, id: itemIdOf(kind, listed.id) };
  });
}

export async function writtenNow(
  soap: Soap,
  kind: ItemKind,
  ids: readonly string[],
): Promise<readonly Written[]> {
  const all = await listedNow(soap, kind, ids);
  return all.map((listed) => ({ id: listed.id, version: listed.version, listed }));
}

/** @throws BackendError when there is none */
export function only<T>([value]: readonly T[]): T {
  if (value === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return value;
}

export function expect(outcome: Outcome<XmlElement> | undefined): XmlElement;
export function expect<T>(outcome: Outcome<T> | undefined): T;
export function expect<T>(outcome: Outcome<T> | undefined): T {
  if (outcome === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return valueOf(outcome);
}

/**
 * What a listing would tell, without asking: the next refresh tells it in full. `rank` is higher than any source key, as a
 * new item's is; an open span never hides anything.
 */
export function writtenOf(
  kind: ItemKind,
  ref: EwsId,
  { draft, before }: { readonly draft: Draft; readonly before?: Stored },
): Written {
  const { item } = draft;
  const id = itemIdOf(kind, ref.id);
  const uid = before?.nativeUid ?? (item.kind === 'event' ? item.uid : undefined);
  const span = spanOf(draft, before);
  const listed: Listed = {
    id,
    version: ref.changeKey,
    kind,
    ...(uid === undefined ? {} : { nativeUid: uid }),
    tags: listedTags({ ...before?.tags, ...draft.tags }),
    rank: '~',
    ...(span === undefined ? {} : { span }),
    isSeries: 'recurrence' in item && item.recurrence !== undefined,
    ...(isMeeting(item) && { isMeeting: true }),
  };
  return { id, version: ref.changeKey, listed };
}

function isMeeting(item: Item): boolean {
  return item.kind === 'event' && (item.attendees.length > 0 || !item.isOrganizer);
}

function listedTags({ uid, href }: Tags): Tags {
  return { ...(uid ? { uid } : {}), ...(href ? { href } : {}) };
}

function spanOf({ item }: Draft, before: Stored | undefined): Span | undefined {
  if (item.kind !== 'event') return undefined;
  const first = instantOfWhen(item.start, before?.dayZone);
  return item.recurrence === undefined
    ? { first, last: instantOfWhen(item.end, before?.dayZone) }
    : { first };
}

export function seriesOf(
  { before, after }: Pick<UpdateRequest, 'before' | 'after'>,
  { changes, zone }: { readonly changes: Diff; readonly zone: ZoneId },
): WrittenSeries | undefined {
  const { id } = parseId(before.id);
  const held = changes.resetsOccurrences ? after.item : before.item;
  if (held.kind !== 'event') return undefined;
  return { id, item: held, uid: before.nativeUid ?? held.uid, dayZone: before.dayZone ?? zone };
}

/** Failures after which the same may succeed: what was made meanwhile stays, and is found by its tag. */
export const mayPass: ReadonlySet<string> = new Set(['busy', 'unavailable', 'unauthorized']);
