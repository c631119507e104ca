// A client sends a contact's photo with every change of the card: only another photo is a change.
import { hash } from 'node:crypto';
import type { Stored } from '../model/backend.ts';
import { DavError, precondition } from '../model/failure.ts';
import { type ContactItem, isNewPart, type Item, type Part } from '../model/item.ts';
import { cacheKey, type OpenFolder } from './open-folder.ts';

/** @throws DavError 403 max-resource-size: before anything is written */
export function demandPhotoSize(open: OpenFolder, item: Item): void {
  if (item.kind !== 'contact' || item.photo === undefined || !isNewPart(item.photo)) return;
  const { maxAttachmentBytes } = open.mailbox.abilities;
  if ((item.photo.base64.length / 4) * 3 <= maxAttachmentBytes) return;
  throw new DavError(403, `PHOTO: the mailbox takes pictures of at most ${maxAttachmentBytes} bytes.`, {
    precondition: precondition.addressMaxResourceSize,
  });
}

const signatures: readonly (readonly [contentType: string, pattern: RegExp])[] = [
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['image/bmp', /^BM.{4}\0{4}/s],
  ['image/tiff', /^(?:II\x2a\0|MM\0\x2a)/],
  ['image/heic', /^.{4}ftyp(?:hei[cx]|mif1)/s],
  ['image/avif', /^.{4}ftypavif/s],
];

/** What the bytes are: every photo is called ContactPicture.jpg, and servers name its type after that. */
export function imageTypeOf(bytes: Uint8Array, told: string | undefined): string {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return signatures.find(([, pattern]) => pattern.test(head))?.[0] ?? told ?? 'image/jpeg';
}

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
