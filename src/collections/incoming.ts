// A client's text, read and checked against what the mailbox can hold, before anything is written.
import type { Draft, Stored } from '../model/backend.ts';
import type { PutRequest } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';
import type { Item, NewPart } from '../model/item.ts';
import type { Wishes } from '../translate/index.ts';
import { demandFileLimits, withStoredFiles } from './files.ts';
import { maxUidLength, tagsFor } from './identity.ts';
import { withMemberItems } from './member-items.ts';
import type { OpenFolder } from './open-folder.ts';
import { demandPhotoSize, withStoredPhoto } from './photo.ts';
import { inexpressible, translating } from './refusals.ts';

/** `files`: of another object, of which the text is a copy; by their MANAGED-ID. `signal`: the client has given up. */
export type PutWork = PutRequest & {
  readonly files?: ReadonlyMap<string, NewPart>;
  readonly signal?: AbortSignal;
};

export interface Parsed {
  readonly uid: string;
  /** As the mailbox will hold it. */
  readonly held: Item;
  readonly wishes: Wishes | undefined;
  draft(nativeUid: string | undefined): Draft;
}

/** @throws DavError */
export async function parsedOf(
  open: OpenFolder,
  request: Pick<PutWork, 'href' | 'text' | 'files' | 'signal'>,
  before: Stored | undefined,
): Promise<Parsed> {
  const { translation, mailbox, ownAddresses } = open;
  const { kind } = open.folder;
  const express = (item: Item) => mailbox.express(item, before?.item);
  const read = translating(kind, () =>
    translation.parseIncoming(request.text, kind, {
      ...(before && { present: before }),
      ...(request.files && { files: request.files }),
      ...(mailbox.zone !== undefined && { defaultZone: mailbox.zone }),
      ownAddresses,
      express,
    }),
  );
  demandFileLimits(open, read.item, before?.item);
  const { href: own, signal } = request;
  const incoming = { ...read, item: await withMemberItems(open, read.item, { own, signal }) };
  if (incoming.uid.length > maxUidLength) {
    throw new DavError(403, `UID: the mailbox keeps at most ${maxUidLength} characters.`);
  }
  demandPhotoSize(open, incoming.item);
  if (before) demandKind(before.item, incoming.item);
  const expression = express(incoming.item);
  if (expression.kind !== 'ok') throw inexpressible(expression);
  const residue = translating(kind, () => translation.residueOf(incoming, expression.held, express));
  return {
    uid: incoming.uid,
    held: expression.held,
    wishes: incoming.wishes,
    draft: (nativeUid) => ({
      item: incoming.item,
      tags: { ...tagsFor({ uid: incoming.uid, href: request.href }, nativeUid), residue },
    }),
  };
}

/** What an item is, the mailbox cannot change. */
function demandKind(before: Item, after: Item): void {
  if (before.kind === after.kind) return;
  throw new DavError(
    403,
    'KIND: the mailbox holds people and groups in different ways; delete the card and make another.',
  );
}

/** The item with what is stored already in place of what came in as new, and how the mailbox will hold it. */
export async function recognised(
  open: OpenFolder,
  before: Stored,
  parsed: Parsed,
): Promise<{ readonly item: Item; readonly held: Item }> {
  const given = withUidOf(before.item, parsed.draft(before.nativeUid).item);
  const item = await withStoredFiles(open, before, await withStoredPhoto(open, before, given));
  const expression = item === given ? undefined : open.mailbox.express(item, before.item);
  return { item, held: expression?.kind === 'ok' ? expression.held : parsed.held };
}

/** What an event is called by its mailbox stays, also where we call it otherwise. */
function withUidOf(before: Item, after: Item): Item {
  return after.kind === 'event' && before.kind === 'event' ? { ...after, uid: before.uid } : after;
}
