// MOVE and COPY of a member (RFC 4918 §9.8, §9.9). A move within a mailbox keeps the item; all else is a text written anew.
import type { Tags } from '../model/backend.ts';
import type { Home, PutRequest } from '../model/collection.ts';
import { BackendError, DavError, valueOf } from '../model/failure.ts';
import { filesToCopy } from './attachments.ts';
import { checkCondition } from './conditions.ts';
import { doubt } from './freshness.ts';
import { type Entry, type FolderObject, hrefOf, isPart, tagsFor } from './identity.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import { loadStored, loadTexts } from './load.ts';
import { demandAllUnmasked } from './masked.ts';
import { objectAt, type OpenFolder } from './open-folder.ts';
import { loadWhole } from './parts.ts';
import { demandHref, putMember } from './put.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { demandRight, uidConflict } from './refusals.ts';
import { removeObject } from './remove.ts';

type Request = Parameters<Home['transfer']>[0];

interface Ends {
  readonly from: OpenFolder;
  readonly to: OpenFolder;
}

/** What lies at both ends. */
interface Work extends Ends {
  readonly request: Request;
  readonly source: FolderObject;
  readonly target: FolderObject | undefined;
}

export async function transfer(request: Request, ends: Ends): Promise<{ created: boolean }> {
  const { from, to } = ends;
  demandHref(request.to.href);
  const isSameFolder = from.scope.folder === to.scope.folder && from.scope.identity === to.scope.identity;
  await upToDate(from);
  if (!isSameFolder) await upToDate(to);
  const source = await objectAt(from, request.from.href);
  await checkCondition(from, source, request.condition);
  if (!source) throw new DavError(404, 'There is no such member.');
  const target = await objectAt(to, request.to.href);
  if (target && !request.overwrite) throw new DavError(412, 'There is a member of that name (Overwrite: F).');
  if (isSameFolder && request.from.href === request.to.href) {
    throw new DavError(403, 'A member cannot be moved or copied onto itself.');
  }
  await demandFreeUid({ ...ends, request, source, target }, isSameFolder);
  const work = { ...ends, request, source, target };
  try {
    await (request.verb === 'copy' ? copy(work) : move(work, isSameFolder));
  } catch (error) {
    // After a break nobody knows what is where.
    if (error instanceof BackendError) [from, to].forEach((end) => doubt(end.freshness));
    throw error;
  }
  return { created: target === undefined };
}

/** One collection has a UID once: a copy beside the original is refused, a target that is overwritten is not a rival. */
async function demandFreeUid({ to, source, target, request }: Work, isSameFolder: boolean): Promise<void> {
  if (isSameFolder && request.verb === 'move') return;
  const rows = [
    ...(await to.ledger.byKey(to.scope, [uidKey(source.uid)])),
    ...(await to.ledger.byHref(to.scope, [hrefOf(source.uid, to.extension)])),
  ];
  const rival = rows.find(
    (row) => !row.gone && row.href !== target?.href && objectOf(row, to.extension).uid === source.uid,
  );
  if (rival) throw uidConflict(to.folder.kind, rival.href, 'The target collection has this UID already.');
}

/** Through the text, so that everything a PUT takes care of is taken care of. */
async function copy(work: Work): Promise<void> {
  const { from, to, source, target, request } = work;
  const text = await textOf(from, source);
  const files = await filesToCopy(from, source);
  // A target of another UID cannot become this one: it goes, as RFC 4918 §9.8.4 wants it.
  if (target && target.uid !== source.uid) await removeTarget(work);
  await putMember(to, { ...putRequest(request.to.href, text), files });
}

async function move(work: Work, isSameFolder: boolean): Promise<void> {
  const { from, to, source, target } = work;
  demandRight(from.folder.rights, 'remove');
  demandRight(to.folder.rights, 'create');
  await demandAllUnmasked(from, source);
  if (isSameFolder) return rename(work);
  if (from.mailbox !== to.mailbox || from.folder.kind !== to.folder.kind) {
    await copy(work);
    await removeObject(from, source, { condition: {}, mail: 'silent' });
    await recordRemoval(from, source);
    return undefined;
  }
  const headTo = await to.ledger.head(to.scope);
  const items = await Promise.all(
    source.entries.map(async (entry) => ({
      id: entry.id,
      version: entry.version,
      tags: await newTags(work, entry),
    })),
  );
  const moved = await from.mailbox.moveAll(items, to.folder.id);
  const gone = target?.entries.map(({ id }) => ({ kind: 'gone' as const, id })) ?? [];
  // The old one goes last: a break before leaves two, never none.
  if (target) await removeObject(to, target, { condition: {}, mail: 'silent' });
  await recordWrite(to, headTo, [
    ...gone,
    ...moved.map(({ listed }) => ({ kind: 'present' as const, listed })),
  ]);
  await recordRemoval(from, source);
  return undefined;
}

async function newTags({ from, source, request }: Work, entry: Entry): Promise<Tags> {
  const name = { uid: source.uid, href: request.to.href };
  if (entry.part && isPart(entry)) return tagsFor({ ...name, part: entry.part.name }, entry.part.own);
  const stored = await loadStored(from, source.entries[0]);
  return tagsFor(name, stored.nativeUid);
}

/** Within one folder only the name changes. */
async function rename(work: Work): Promise<void> {
  const { from, source, target } = work;
  demandRight(from.folder.rights, 'modify');
  const head = await from.ledger.head(from.scope);
  const { items } = await loadWhole(from, source);
  const update = await Promise.all(
    items.map(async (before, index) => ({
      before,
      after: {
        item: before.item,
        tags: { ...before.tags, ...(await newTags(work, source.entries[index] ?? source.entries[0])) },
      },
    })),
  );
  const written = await from.mailbox.writeAll({
    folder: from.folder.id,
    update,
    create: [],
    remove: [],
  });
  if (target) await removeObject(from, target, { condition: {}, mail: 'silent' });
  const gone = target?.entries.map(({ id }) => ({ kind: 'gone' as const, id })) ?? [];
  await recordWrite(from, head, [
    ...gone,
    ...written.map(({ listed }) => ({ kind: 'present' as const, listed })),
  ]);
}

async function removeTarget({ to, target }: Work): Promise<void> {
  if (!target) return;
  demandRight(to.folder.rights, 'remove');
  await removeObject(to, target, { condition: {}, mail: 'silent' });
  await recordRemoval(to, target);
}

async function recordRemoval(open: OpenFolder, object: FolderObject): Promise<void> {
  const head = await open.ledger.head(open.scope);
  await recordWrite(
    open,
    head,
    object.entries.map(({ id }) => ({ kind: 'gone', id })),
  );
}

async function textOf(open: OpenFolder, object: FolderObject): Promise<string> {
  const variant = open.folder.kind === 'contacts' ? '3.0' : 'calendar';
  for await (const [, outcome] of loadTexts(open, [object], { variant })) return valueOf(outcome).text;
  throw new BackendError({ kind: 'not-found', message: 'it vanished meanwhile' });
}

function putRequest(href: string, text: string): PutRequest {
  return { href, text, condition: {}, mail: 'silent' };
}
