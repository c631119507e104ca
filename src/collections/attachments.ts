// Stored attachments of members: read by their MANAGED-ID, added, replaced and removed on their own (RFC 8607).
import { hash } from 'node:crypto';
import { heldBy, type ItemId, type Stored, type Written } from '../model/backend.ts';
import type { AttachedFile, AttachmentRequest, Attachments, Condition, Href } from '../model/collection.ts';
import { BackendError, DavError, failed, precondition, valueOf } from '../model/failure.ts';
import type { NewPart, Part } from '../model/item.ts';
import { checkCondition, isVersioned } from './conditions.ts';
import { demandFileLimits, maxFileBytes, maxFilesPerMember } from './files.ts';
import { doubt } from './freshness.ts';
import type { FolderObject } from './identity.ts';
import { loadStored } from './load.ts';
import { demandUnmasked } from './masked.ts';
import { objectAt, type OpenFolder } from './open-folder.ts';
import { isSplit, loadItems, loadWhole } from './parts.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { demandRight, inexpressible } from './refusals.ts';
import { planUpdate } from './scheduling.ts';
import { inTurn } from './turns.ts';

export function openAttachments(open: OpenFolder): Attachments {
  return {
    maxBytes: maxFileBytes(open),
    maxPerMember: maxFilesPerMember,
    find: (href, managedId, signal) => findFile(open, { href, managedId }, signal),
    contents: (href, managedIds, signal) => contentsOf(open, { href, managedIds }, signal),
    change: (request) => inTurn(open.freshness, `href ${request.href}`, () => changeFiles(open, request)),
  };
}

async function findFile(
  open: OpenFolder,
  { href, managedId }: { readonly href: Href; readonly managedId: string },
  signal?: AbortSignal,
): Promise<AttachedFile | undefined> {
  await upToDate(open, { signal });
  const object = await objectAt(open, href);
  if (object === undefined) return undefined;
  const found = await loadItems(open, object.entries, signal);
  for (const { id } of object.entries) {
    const part = open.translation.filesOf(storedIn(found, id).item).get(managedId);
    if (part !== undefined) return fileOf(open, part);
  }
  return undefined;
}

function storedIn(found: Awaited<ReturnType<typeof loadItems>>, id: ItemId): Stored {
  const message = 'the mailbox did not answer for this item';
  return valueOf(found.get(id) ?? failed({ kind: 'not-found', message }));
}

function fileOf(open: OpenFolder, part: Part): AttachedFile {
  const state = [part.id, part.size ?? '', part.modified ?? ''].join('\n');
  const contentType = part.contentType ?? 'application/octet-stream';
  return {
    name: part.name || open.translation.defaultName(contentType),
    contentType,
    ...(part.size !== undefined && { size: part.size }),
    etag: `"${hash('sha256', state, 'base64url').slice(0, 27)}"`,
    read: async (signal) => {
      for await (const [, outcome] of open.mailbox.open([part], signal)) return valueOf(outcome);
      throw new BackendError({ kind: 'not-found', message: 'the mailbox did not answer for this file' });
    },
  };
}

async function contentsOf(
  open: OpenFolder,
  { href, managedIds }: { readonly href: Href; readonly managedIds: readonly string[] },
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Uint8Array>> {
  await upToDate(open, { signal });
  const object = await objectAt(open, href);
  const parts = object === undefined ? new Map<string, Part>() : await partsOf(open, object, signal);
  const wanted = managedIds.flatMap((id) => {
    const part = parts.get(id);
    return part === undefined ? [] : [[id, part] as const];
  });
  if (wanted.length === 0) return new Map();
  const ids = new Map(wanted.map(([id, part]) => [part.id, id]));
  const found = new Map<string, Uint8Array>();
  for await (const [partId, outcome] of open.mailbox.open(
    wanted.map(([, part]) => part),
    signal,
  )) {
    const id = ids.get(partId);
    if (id !== undefined && (outcome.ok || outcome.failure.kind !== 'not-found'))
      found.set(id, valueOf(outcome));
  }
  return found;
}

async function partsOf(
  open: OpenFolder,
  { entries }: FolderObject,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Part>> {
  const parts = new Map<string, Part>();
  const found = await loadItems(open, entries, signal);
  for (const { id } of entries)
    for (const [managedId, part] of open.translation.filesOf(storedIn(found, id).item))
      parts.set(managedId, part);
  return parts;
}

/** All files of an object with their bytes, for a copy of it elsewhere. */
export async function filesToCopy(
  open: OpenFolder,
  object: FolderObject,
): Promise<ReadonlyMap<string, NewPart>> {
  const parts = await partsOf(open, object);
  if (parts.size === 0) return new Map();
  const bytes = new Map<string, string>();
  for await (const [id, outcome] of open.mailbox.open([...parts.values()]))
    bytes.set(id, Buffer.from(valueOf(outcome)).toString('base64'));
  return new Map(
    [...parts].map(([managedId, { id, name, contentType = 'application/octet-stream' }]) => {
      const base64 = bytes.get(id);
      if (base64 === undefined)
        throw new BackendError({ kind: 'not-found', message: 'the mailbox did not answer for a file' });
      return [managedId, { name, contentType, base64 }];
    }),
  );
}

/**
 * A client that duplicates an object names the files of the original (RFC 8607 §3.7): of one other member of the same
 * collection they are copied. What is named beyond that is refused where the text is read.
 */
export async function filesNamedIn(
  open: OpenFolder,
  { href, text }: { readonly href: Href; readonly text: string },
): Promise<ReadonlyMap<string, NewPart> | undefined> {
  const path = open.servedAt?.replace(/^https?:\/\/[^/]*/, '');
  if (path === undefined || open.folder.kind === 'contacts') return undefined;
  const members = open.translation.membersNamedIn(text, path);
  const [member, ...others] = [...members].filter((each) => each !== href);
  if (member === undefined || others.length > 0) return undefined;
  const object = await objectAt(open, member);
  return object && filesToCopy(open, object);
}

/** @throws DavError 403, 404, 412 */
async function changeFiles(
  open: OpenFolder,
  request: AttachmentRequest,
): Promise<{ readonly managedId?: string }> {
  demandRight(open.folder.rights, 'modify');
  const head = await upToDate(open);
  const object = await objectAt(open, request.href);
  await checkCondition(open, object, request.condition);
  if (object === undefined) throw new DavError(404, 'There is no such member.');
  const before = await itemFor(open, object, request);
  demandUnmasked(open, before);
  const written = await write(open, before, request);
  await recordWrite(open, head, [{ kind: 'present', listed: written.listed }]);
  return request.change.kind === 'remove' ? {} : madeIn(open, before, written);
}

/** Of an object that is several items, the one that has the file, or bears the files of the whole. */
async function itemFor(
  open: OpenFolder,
  object: FolderObject,
  { change, instances }: AttachmentRequest,
): Promise<Stored> {
  const [entry, ...others] = object.entries;
  if (others.length === 0) return loadStored(open, entry);
  if (!isSplit(object))
    throw new DavError(403, 'This is made of several invitations: it can be answered, not rewritten.');
  if (instances !== undefined)
    throw new DavError(
      403,
      'ATTACH: no occurrence can have files of its own where the event is several items.',
      {
        precondition: precondition.calendarValidRid,
      },
    );
  const { whole, items } = await loadWhole(open, object);
  const holds = ({ item }: Stored): boolean =>
    change.kind !== 'add' && open.translation.filesOf(item).has(change.managedId);
  return items.find(holds) ?? items.find(({ id }) => id === whole.id) ?? whole;
}

async function write(open: OpenFolder, before: Stored, request: AttachmentRequest): Promise<Written> {
  const item = changedItem(open, before, request);
  const { answers: _, ...sending } = planUpdate(open, { before, after: item }, request);
  try {
    const conflict = conflictOf(request.condition);
    return await open.mailbox.update({ before, after: { item, tags: {} }, ...sending, conflict });
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    doubt(open.freshness);
    if (error.failure.kind !== 'changed') throw error;
    throw new DavError(412, 'It was changed meanwhile (If-Match).', { cause: error });
  }
}

/** A file more or less overwrites nothing that somebody else may have changed. */
function conflictOf(condition: Condition): 'guarded' | 'forced' {
  return isVersioned(condition) ? 'guarded' : 'forced';
}

function changedItem(
  open: OpenFolder,
  before: Stored,
  { change, instances }: AttachmentRequest,
): Stored['item'] {
  const { translation, mailbox } = open;
  if (change.kind !== 'add' && !translation.filesOf(before.item).has(change.managedId))
    throw new DavError(403, 'the object has no such attachment', {
      precondition: precondition.calendarValidManagedId,
    });
  const item = translation.withFileChange(before.item, named(open, change), instances);
  if (item === undefined)
    throw new DavError(403, 'the object has no such occurrence', {
      precondition: precondition.calendarValidRid,
    });
  demandFileLimits(open, item, before.item);
  const expression = mailbox.express(item, heldBy(before));
  if (expression.kind === 'refuse') throw inexpressible(expression);
  return item;
}

/** Names come from a header, written by anybody. */
function named(
  { translation }: OpenFolder,
  change: AttachmentRequest['change'],
): AttachmentRequest['change'] {
  if (change.kind === 'remove') return change;
  const { file } = change;
  const name = translation.safeName(file.name) || translation.defaultName(file.contentType);
  return { ...change, file: { ...file, name } };
}

/** The file that was not there before; one that was made in an occurrence is known only when that is read. */
async function madeIn(
  open: OpenFolder,
  before: Stored,
  written: Written,
): Promise<{ readonly managedId?: string }> {
  const { managedIdOf, filesOf } = open.translation;
  const [id] = written.madeParts ?? [];
  if (id !== undefined && id !== '') return { managedId: managedIdOf({ id, name: '' }) };
  const now = filesOf((await loadStored(open, written)).item);
  const known = filesOf(before.item);
  const managedId = [...now.keys()].find((each) => !known.has(each));
  return managedId === undefined ? {} : { managedId };
}
