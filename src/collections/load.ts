// Texts of objects: from the cache, else fetched in batches and translated. One that fails hides no other.
import type { ItemId, Stored } from '../model/backend.ts';
import type { ETag } from '../model/collection.ts';
import { BackendError, type Failure, failed, type Outcome, success, valueOf } from '../model/failure.ts';
import { isNewPart, type Part } from '../model/item.ts';
import { doubt } from './freshness.ts';
import { nameOfUid, type FolderObject } from './identity.ts';
import { withMemberUids } from './member-uids.ts';
import { etagIn, type OpenFolder } from './open-folder.ts';
import { knowingOwnerOf } from './own-addresses.ts';
import { openPace } from './pace.ts';
import { isSplit, keepStored, knownStored, loadItems, shownOf } from './parts.ts';
import { imageTypeOf, rememberPhoto } from './photo.ts';

/** In which form a whole text is rendered; the first is what a plain GET gives. */
export type Variant = 'calendar' | '3.0' | '4.0';

export interface Loaded {
  readonly etag: ETag;
  readonly text: string;
}

/** Each object once, cached ones first. */
export async function* loadTexts(
  open: OpenFolder,
  objects: readonly FolderObject[],
  options: { variant: Variant; signal?: AbortSignal },
): AsyncIterable<readonly [FolderObject, Outcome<Loaded>]> {
  const pace = openPace();
  const missing = new Map<FolderObject, ETag>();
  for (const object of objects) {
    const etag = etagIn(open, object);
    const text = open.cache.get(textKey(open, etag, options.variant));
    open.note({ kind: 'cache', result: text === undefined ? 'miss' : 'hit' });
    if (text === undefined) missing.set(object, etag);
    else yield [object, success({ etag, text })];
    await pace();
  }
  if (missing.size === 0) return;
  const fetched = fetchObjects(open, [...missing.keys()], options.signal);
  for await (const batch of withPhotos(open, fetched, options.signal)) {
    for (const { object, stored, photos } of batch) {
      yield [
        object,
        stored.ok
          ? await shown(open, object, {
              stored: stored.value,
              photos,
              listed: missing.get(object),
              ...options,
            })
          : failed(noted(open, stored.failure)),
      ];
      await pace();
    }
  }
}

interface Fetched {
  readonly object: FolderObject;
  readonly stored: Outcome<readonly Stored[]>;
}

async function* fetchObjects(
  open: OpenFolder,
  objects: readonly FolderObject[],
  signal: AbortSignal | undefined,
): AsyncIterable<Fetched> {
  const waiting = new Map<ItemId, FolderObject>();
  for (const object of objects) {
    const known = isSplit(object) ? object.entries.flatMap((entry) => knownStored(open, entry) ?? []) : [];
    // Parts have been read already to know that they are a whole.
    if (known.length === object.entries.length) yield { object, stored: success(known) };
    else for (const { id } of object.entries) waiting.set(id, object);
  }
  if (waiting.size === 0) return;
  const partial = new Map<FolderObject, Map<ItemId, Outcome<Stored>>>();
  for await (const [id, outcome] of open.mailbox.fetch([...waiting.keys()], signal)) {
    const object = waiting.get(id);
    if (!object || !waiting.delete(id)) continue;
    if (outcome.ok) keepStored(open, outcome.value);
    // Seen by the listing and gone by now, or changed since.
    else if (outcome.failure.kind === 'not-found') doubt(open.freshness);
    const parts = partial.get(object) ?? new Map<ItemId, Outcome<Stored>>();
    partial.set(object, parts.set(id, outcome));
    if (parts.size < object.entries.length) continue;
    partial.delete(object);
    yield { object, stored: allOf(object.entries.map((entry) => parts.get(entry.id))) };
  }
  for (const object of new Set(waiting.values())) yield { object, stored: failed(unanswered) };
}

const unanswered: Failure = { kind: 'not-found', message: 'the mailbox did not answer for this item' };

function allOf(outcomes: readonly (Outcome<Stored> | undefined)[]): Outcome<readonly Stored[]> {
  const stored: Stored[] = [];
  for (const outcome of outcomes) {
    if (!outcome?.ok) return outcome ?? failed(unanswered);
    stored.push(outcome.value);
  }
  return success(stored);
}

type Photos = ReadonlyMap<string, { readonly contentType: string; readonly base64: string }>;

const photosPerCall = 20;
const none: Photos = new Map();

/** Objects as they come; those with photos wait until one call's worth of photos is together. */
async function* withPhotos(
  open: OpenFolder,
  fetched: AsyncIterable<Fetched>,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly (Fetched & { readonly photos: Photos })[]> {
  let waiting: Fetched[] = [];
  let parts: Part[] = [];
  for await (const each of fetched) {
    const photos = each.stored.ok ? each.stored.value.flatMap(photoOf) : [];
    if (photos.length === 0) {
      yield [{ ...each, photos: none }];
      continue;
    }
    waiting.push(each);
    parts.push(...photos);
    if (parts.length < photosPerCall) continue;
    yield await opened(open, { waiting, parts, signal });
    [waiting, parts] = [[], []];
  }
  if (waiting.length > 0) yield await opened(open, { waiting, parts, signal });
}

function photoOf(stored: Stored): readonly Part[] {
  const photo = stored.item.kind === 'contact' ? stored.item.photo : undefined;
  return photo && !isNewPart(photo) ? [photo] : [];
}

async function opened(
  open: OpenFolder,
  request: { waiting: readonly Fetched[]; parts: readonly Part[]; signal: AbortSignal | undefined },
): Promise<(Fetched & { photos: Photos })[]> {
  const photos = new Map<string, { contentType: string; base64: string }>();
  const failures = new Map<string, Failure>();
  const types = new Map(request.parts.map((part) => [part.id, part.contentType]));
  for await (const [id, outcome] of open.mailbox.open(request.parts, request.signal)) {
    if (!types.has(id)) continue;
    if (outcome.ok) {
      const contentType = imageTypeOf(outcome.value, types.get(id));
      rememberPhoto(open, id, outcome.value);
      photos.set(id, { contentType, base64: Buffer.from(outcome.value).toString('base64') });
    }
    // A card shown without its photo would lose it with the client's next PUT.
    else if (outcome.failure.kind !== 'not-found') failures.set(id, outcome.failure);
  }
  return request.waiting.map((each) => {
    const bad = each.stored.ok
      ? each.stored.value.flatMap(photoOf).flatMap(({ id }) => failures.get(id) ?? [])
      : [];
    return { ...each, stored: bad[0] ? failed(bad[0]) : each.stored, photos };
  });
}

interface Shown {
  /** The etag that the listing gives. */
  readonly listed: ETag | undefined;
  readonly stored: readonly Stored[];
  readonly photos: Photos;
  readonly variant: Variant;
}

async function shown(open: OpenFolder, object: FolderObject, from: Shown): Promise<Outcome<Loaded>> {
  try {
    const stored = await withMemberUids(open, from.stored);
    return rendered(await knowingOwnerOf(open, stored), object, { ...from, stored });
  } catch (error) {
    if (error instanceof BackendError) return failed(noted(open, error.failure));
    throw error;
  }
}

function rendered(open: OpenFolder, object: FolderObject, from: Shown): Outcome<Loaded> {
  // Versions as fetched: an item may have changed since the listing, and an etag must belong to its text.
  const isAsListed = object.entries.every(({ version }, index) => version === from.stored[index]?.version);
  if (!isAsListed) doubt(open.freshness);
  const isProvisional = from.stored.some((each) => each.isProvisional === true);
  const told = isProvisional ? from.stored.map(provisional) : from.stored;
  const listed = isAsListed && !isProvisional ? from.listed : undefined;
  const etag = listed ?? etagIn(open, { uid: object.uid, entries: told });
  try {
    const text = open.translation.renderStored(shownOf(open, object, from.stored), {
      uid: object.uid,
      isUid: (whole) => nameOfUid(whole) === object.uid,
      express: (item, present) => open.mailbox.express(item, present),
      ownAddresses: open.ownAddresses,
      photos: from.photos,
      ...(from.variant !== 'calendar' && { vcard: from.variant }),
    });
    if (!isProvisional) open.cache.set(textKey(open, etag, from.variant), text);
    return success({ etag, text });
  } catch (error) {
    return failed(unreadable(open, error));
  }
}

/** Another etag than the listing's: the client asks again, until the text is the last word. */
function provisional({ id, version, ...rest }: Stored): Stored {
  return { ...rest, id, version: `${version} provisional` };
}

/** One object that cannot be shown is a failure of its own, whatever the reason. */
export function unreadable(open: OpenFolder, error: unknown): Failure {
  if (error instanceof BackendError) return noted(open, error.failure);
  const message = error instanceof Error ? error.message : 'this item cannot be shown';
  open.note({ kind: 'unreadable', failure: 'unreadable', message });
  return { kind: 'unreadable', message: 'this item is stored, but cannot be shown' };
}

function noted(open: OpenFolder, failure: Failure): Failure {
  if (failure.kind === 'unreadable')
    open.note({ kind: 'unreadable', failure: failure.kind, message: failure.message });
  return failure;
}

/** What the mailbox holds under an item: what an update compares with. One call when it is not cached. */
export async function loadStored(
  open: OpenFolder,
  entry: { readonly id: ItemId; readonly version: string },
  signal?: AbortSignal,
): Promise<Stored> {
  const known = knownStored(open, entry);
  if (known !== undefined) return known;
  for await (const [, outcome] of open.mailbox.fetch([entry.id], signal)) {
    const stored = valueOf(outcome);
    keepStored(open, stored);
    return stored;
  }
  throw new BackendError(unanswered);
}

/** Those of the items that can be read; one call for all that are not cached. */
export async function loadAllStored(
  open: OpenFolder,
  entries: readonly { readonly id: ItemId; readonly version: string }[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<ItemId, Stored>> {
  const found = await loadItems(open, entries, signal);
  return new Map([...found].flatMap(([id, outcome]) => (outcome.ok ? [[id, outcome.value]] : [])));
}

/** An etag names one text for ever; an older one may still be met (DESIGN §4). */
export function textKey(open: OpenFolder, etag: ETag, variant: Variant): string {
  return `${open.freshness.scopeDigest} ${variant} ${etag}`;
}
