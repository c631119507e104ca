// What a listing would tell of an item that was just written: asked for, or known from what was sent.
import type { Draft, Listed, Stored, Tags, Written } from '../model/backend.ts';
import { BackendError, failed, valueOf } from '../model/failure.ts';
import type { Item, ItemKind } from '../model/item.ts';
import type { Span } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { failureOfCode } from './failures.ts';
import { listingShape, readListed } from './fields/index.ts';
import { itemIdOf, renderItemId, type EwsId } from './ids.ts';
import { getItems } from './operations/get-item.ts';
import type { Soap } from './soap.ts';

/** What a listing tells of an item now. */
export async function listedNow(soap: Soap, kind: ItemKind, id: string): Promise<Listed> {
  const [outcome] = await getItems(soap, { ids: [renderItemId(id)], shape: listingShape(kind) });
  const listed = readListed(valueOf(outcome ?? failed(failureOfCode('ErrorInternalServerError'))));
  if (listed === undefined) throw new BackendError(failureOfCode('ErrorItemNotFound'));
  return { ...listed, id: itemIdOf(kind, listed.id) };
}

export async function writtenNow(soap: Soap, kind: ItemKind, id: string): Promise<Written> {
  const listed = await listedNow(soap, kind, id);
  return { id: listed.id, version: listed.version, listed };
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
