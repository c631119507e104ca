// Writing attachments: one call for all that are new, one for all that go, for an item and then for occurrences that have a
// list of their own (BEHAVIOUR §11). New ones first: a break between the two loses nothing.
import type { Draft, UpdateRequest } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import { isNewPart, isStoredPart, type NewPart, type Part } from '../model/item.ts';
import { attachmentsIn, sameFileIn } from './fields/attachment-fields.ts';
import type { AttachmentDiff, OccurrenceFiles } from './fields/attachment-diff.ts';
import type { Diff } from './fields/index.ts';
import { ewsIdIn, type EwsId } from './ids.ts';
import { createAttachments, type MadeAttachments } from './operations/create-attachment.ts';
import { deleteAttachments } from './operations/delete-attachment.ts';
import { attachmentsPerGet, getAttachments } from './operations/get-attachment.ts';
import { getItems, itemsPerGet } from './operations/get-item.ts';
import { field } from './operations/shape.ts';
import { batchesOf } from './parallel.ts';
import { placesOf, type Place, type WrittenSeries } from './occurrence-places.ts';
import type { Soap } from './soap.ts';

type Attachments = readonly (Part | NewPart)[];
/** Bytes of stored parts, by part id. */
export type Rescued = ReadonlyMap<string, string>;

/** Before the write that may take them away. @throws BackendError when one cannot be read */
export async function rescueFiles(soap: Soap, parts: readonly Part[]): Promise<Rescued> {
  const link = parts.find(({ uri }) => uri !== undefined);
  if (link !== undefined)
    throw new BackendError({
      kind: 'inexpressible',
      message: 'ATTACH: a link that Outlook has attached can be kept or removed, not moved',
    });
  const found = new Map<string, string>();
  const ids = parts.map(({ id }) => id);
  for (const batch of batchesOf(ids, attachmentsPerGet)) {
    const outcomes = await getAttachments(soap, batch);
    for (const [index, id] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined || !outcome.ok)
        throw new BackendError(outcome?.failure ?? { kind: 'unavailable', message: 'no answer for a file' });
      found.set(id, Buffer.from(outcome.value).toString('base64'));
    }
  }
  return found;
}

/** Of the item itself. */
export async function writeFiles(
  soap: Soap,
  item: string,
  { add, remove, rescued }: Pick<AttachmentDiff, 'add' | 'remove'> & { readonly rescued: Rescued },
): Promise<MadeAttachments> {
  const parts = add.map((part) => newPartOf(part, rescued));
  const made = parts.length === 0 ? { ids: [] } : await createAttachments(soap, item, parts);
  if (remove.length === 0) return made;
  const changeKey = await deleteAttachments(
    soap,
    remove.map(({ id }) => id),
  );
  return { ...made, ...(changeKey !== undefined && { changeKey }) };
}

function newPartOf(part: Part | NewPart, rescued: Rescued): NewPart {
  if (isNewPart(part)) return part;
  const base64 = rescued.get(part.id);
  if (base64 === undefined)
    throw new BackendError({ kind: 'unavailable', message: 'a file changed while it was being copied' });
  return { name: part.name, contentType: part.contentType ?? 'application/octet-stream', base64 };
}

/**
 * What each occurrence shows is read first, so that it does not matter how much of it the server takes from the series.
 * `own`: the files that the series itself now has.
 */
export async function writeOccurrenceFiles(
  soap: Soap,
  series: WrittenSeries,
  given: {
    readonly files: readonly OccurrenceFiles[];
    readonly own: Attachments;
    readonly rescued: Rescued;
  },
): Promise<void> {
  const { files, own, rescued } = given;
  if (files.length === 0) return;
  const [places] = await placesOf(soap, [{ series, writes: files }]);
  const shown = await shownFiles(
    soap,
    files.map((each) => places?.(each)),
  );
  const gone: string[] = [];
  for (const [index, { wanted }] of files.entries()) {
    const occurrence = shown[index];
    if (occurrence === undefined)
      throw new BackendError({ kind: 'invalid', message: 'ATTACH: the series has no such occurrence' });
    const { add, remove } = occurrenceDiff(occurrence.parts, wanted, own);
    const copies = add.filter(isStoredPart).filter(({ id }) => !rescued.has(id));
    const all = copies.length === 0 ? rescued : new Map([...rescued, ...(await rescueFiles(soap, copies))]);
    const parts = add.map((part) => newPartOf(part, all));
    if (parts.length > 0) await createAttachments(soap, occurrence.id, parts);
    gone.push(...remove.map(({ id }) => id));
  }
  if (gone.length > 0) await deleteAttachments(soap, gone);
}

interface ShownFiles {
  readonly id: string;
  readonly parts: readonly Part[];
}

async function shownFiles(
  soap: Soap,
  places: readonly Place[],
): Promise<readonly (ShownFiles | undefined)[]> {
  const known = places.flatMap((place) => place?.id ?? []);
  const found: (ShownFiles | undefined)[] = [];
  for (const batch of batchesOf(known, itemsPerGet)) {
    for (const outcome of await getItems(soap, { ids: batch, shape: [field('item:Attachments')] })) {
      const id = outcome.ok ? ewsIdIn(outcome.value)?.id : undefined;
      found.push(outcome.ok && id !== undefined ? { id, parts: attachmentsIn(outcome.value) } : undefined);
    }
  }
  return places.map((place) => (place === undefined ? undefined : found.shift()));
}

/** A new file that the series has got, too, is there already under the same name. */
function occurrenceDiff(
  shown: readonly Part[],
  wanted: Attachments,
  series: Attachments,
): { readonly add: Attachments; readonly remove: readonly Part[] } {
  const free = new Set(shown);
  const add = wanted.filter((part) => {
    const there = isNewPart(part) ? sharedFile(part, free, series) : storedFile(part, free);
    return there === undefined || !free.delete(there);
  });
  return { add, remove: [...free] };
}

function sharedFile(part: NewPart, shown: ReadonlySet<Part>, series: Attachments): Part | undefined {
  const isShared = series.some((each) => isNewPart(each) && each.base64 === part.base64);
  return isShared ? [...shown].find(({ name }) => name === part.name) : undefined;
}

function storedFile(part: Part, shown: ReadonlySet<Part>): Part | undefined {
  return [...shown].find(({ id }) => id === part.id) ?? sameFileIn(shown, part);
}

/** The photo that a contact is to have; the change key after it, when the server tells. */
export async function writePhoto(
  soap: Soap,
  item: EwsId,
  write: { readonly draft: Draft; readonly request?: UpdateRequest; readonly photo?: Diff['photo'] },
): Promise<string | undefined> {
  const next = photoOf(write.draft);
  const old = write.request === undefined ? undefined : photoOf(write.request.before);
  const isNew = next !== undefined && isNewPart(next);
  if (write.request === undefined ? !isNew : write.photo === undefined) return undefined;
  let changeKey: string | undefined;
  if (old !== undefined && !isNewPart(old)) changeKey = await deleteAttachments(soap, [old.id]);
  if (!isNew) return changeKey;
  const part = { ...next, name: 'ContactPicture.jpg', isContactPhoto: true };
  return (await createAttachments(soap, item.id, [part])).changeKey ?? changeKey;
}

function photoOf({ item }: Pick<Draft, 'item'>): Part | NewPart | undefined {
  return item.kind === 'contact' ? item.photo : undefined;
}
