// Attachments on their way in: how large and how many they may be, and which of them the mailbox has already, so that a
// client that sends them with every change does not store them again.
import { hash } from 'node:crypto';
import type { Stored } from '../model/backend.ts';
import { DavError, precondition } from '../model/failure.ts';
import { isCard } from '../model/group.ts';
import { isNewPart, type Item, type NewPart, type Part } from '../model/item.ts';
import { cacheKey, type OpenFolder } from './open-folder.ts';

type Files = readonly (Part | NewPart)[];

/** As many as one can list; Exchange has no limit that a calendar would meet. */
export const maxFilesPerMember = 100;

export function maxFileBytes({ mailbox, maxAttachmentBytes }: OpenFolder): number {
  return Math.min(mailbox.abilities.maxAttachmentBytes, maxAttachmentBytes);
}

/** @throws DavError 403 */
export function demandFileLimits(open: OpenFolder, item: Item, before?: Item): void {
  const lists = listsOf(item);
  const maxBytes = maxFileBytes(open);
  for (const file of lists.flat())
    if (isNewPart(file) && Buffer.byteLength(file.base64, 'base64') > maxBytes)
      throw new DavError(403, `ATTACH: a file may have at most ${maxBytes} bytes`, {
        precondition: precondition.calendarMaxAttachmentSize,
      });
  const most = Math.max(maxFilesPerMember, ...listsOf(before).map((files) => files.length));
  if (lists.some((files) => files.length > most))
    throw new DavError(403, `ATTACH: an object may have at most ${maxFilesPerMember} files`, {
      precondition: precondition.calendarMaxAttachments,
    });
}

/** Files of which nobody knows yet what the mailbox will call them. */
export function hasNewFiles(item: Item): boolean {
  return listsOf(item).flat().some(isNewPart);
}

function listsOf(item: Item | undefined): readonly Files[] {
  if (item === undefined || isCard(item)) return [];
  return [item.attachments, ...(item.kind === 'event' ? item.overrides : []).map((each) => each.attachments)];
}

/**
 * The item with what is stored in place of what came in, where both are the same file under the same name. One call for
 * 20 files of which that was not seen lately; none where no such name is stored.
 */
export async function withStoredFiles(open: OpenFolder, before: Stored, item: Item): Promise<Item> {
  const lists = listsOf(item);
  const kept = new Set(lists.flat().flatMap((file) => (isNewPart(file) ? [] : [file.id])));
  const names = new Set(lists.flat().flatMap((file) => (isNewPart(file) ? [file.name] : [])));
  const candidates = [...open.translation.filesOf(before.item).values()].filter(
    ({ id, name }) => !kept.has(id) && names.has(name),
  );
  if (candidates.length === 0) return item;
  const digests = await digestsOf(open, candidates);
  const stored = new Map(candidates.map((part) => [`${part.name}\n${digests.get(part.id)}`, part]));
  const known = (files: Files): Files =>
    files.map((file) => (isNewPart(file) ? (stored.get(`${file.name}\n${digestOf(file)}`) ?? file) : file));
  if (isCard(item)) return item;
  if (item.kind === 'task') return { ...item, attachments: known(item.attachments) };
  const overrides = item.overrides.map((each) => ({ ...each, attachments: known(each.attachments) }));
  return { ...item, attachments: known(item.attachments), overrides };
}

function digestOf({ base64 }: NewPart): string {
  return hash('sha256', Buffer.from(base64, 'base64'), 'base64url');
}

async function digestsOf(open: OpenFolder, parts: readonly Part[]): Promise<ReadonlyMap<string, string>> {
  const keyOf = (id: string): string => cacheKey(open, 'file', id);
  const digests = new Map(
    parts.flatMap(({ id }) => {
      const known = open.cache.get(keyOf(id));
      return known === undefined ? [] : [[id, known] as const];
    }),
  );
  const unknown = parts.filter(({ id }) => !digests.has(id));
  if (unknown.length === 0) return digests;
  for await (const [id, outcome] of open.mailbox.open(unknown)) {
    // One that cannot be read is written anew.
    if (!outcome.ok) continue;
    const digest = hash('sha256', outcome.value, 'base64url');
    open.cache.set(keyOf(id), digest);
    digests.set(id, digest);
  }
  return digests;
}
