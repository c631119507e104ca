// A client sends a contact's photo with every change of the card: only another photo is a change.
import { hash } from 'node:crypto';
import type { Stored } from '../model/backend.ts';
import { type ContactItem, isNewPart, type Item, type Part } from '../model/item.ts';
import { cacheKey, type OpenFolder } from './open-folder.ts';

/** The bytes of a photo were seen: what comes in can be compared with them. */
export function rememberPhoto(open: OpenFolder, id: string, bytes: Uint8Array): string {
  const digest = hash('sha256', bytes, 'base64url');
  open.cache.set(cacheKey(open, 'photo', id), digest);
  return digest;
}

/** The item with the photo that is stored, where the one that came in is the same. One call when that was not seen lately. */
export async function withStoredPhoto(open: OpenFolder, before: Stored, item: Item): Promise<Item> {
  const stored = before.item.kind === 'contact' ? before.item.photo : undefined;
  if (item.kind !== 'contact' || stored === undefined || isNewPart(stored)) return item;
  return (await isSame(open, item, stored)) ? { ...item, photo: stored } : item;
}

async function isSame(open: OpenFolder, { photo }: ContactItem, stored: Part): Promise<boolean> {
  if (photo === undefined || !isNewPart(photo)) return false;
  const known = open.cache.get(cacheKey(open, 'photo', stored.id)) ?? (await digestOf(open, stored));
  return known === hash('sha256', Buffer.from(photo.base64, 'base64'), 'base64url');
}

/** undefined: it cannot be read, so it is written anew. */
async function digestOf(open: OpenFolder, stored: Part): Promise<string | undefined> {
  for await (const [, outcome] of open.mailbox.open([stored]))
    if (outcome.ok) return rememberPhoto(open, stored.id, outcome.value);
  return undefined;
}
