// A client's text, read and checked against what the mailbox can hold, before anything is written.
import { hash } from 'node:crypto';
import { heldBy, type Draft, type Stored } from '../model/backend.ts';
import type { Expression } from '../model/expression.ts';
import type { PutRequest } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';
import type { Item, NewPart } from '../model/item.ts';
import type { Incoming, Wishes } from '../translate/index.ts';
import { demandFileLimits, withStoredFiles } from './files.ts';
import { isLongUid, nameOfUid, tagsFor } from './identity.ts';
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
  readonly incoming: Incoming;
  /** How the mailbox can hold it. */
  readonly expression: Exclude<Expression, { kind: 'refuse' }>;
  /** How it would hold anything else in its place. */
  readonly express: (item: Item) => Expression;
  /** As the mailbox will hold it. */
  readonly held: Item;
  readonly wishes: Wishes | undefined;
  /** Where one item is all of it; `rest`: items of the object that are to go. */
  draft(nativeUid: string | undefined, rest?: readonly Stored[]): Draft;
}

/** @throws DavError */
export async function parsedOf(
  open: OpenFolder,
  request: Pick<PutWork, 'href' | 'text' | 'files' | 'signal'>,
  before: Stored | undefined,
): Promise<Parsed> {
  const { translation, mailbox, ownAddresses } = open;
  const { kind } = open.folder;
  const express = (item: Item) => mailbox.express(item, heldBy(before));
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
  demandPhotoSize(open, incoming.item);
  if (before) demandKind(before.item, incoming.item);
  const expression = express(incoming.item);
  if (expression.kind === 'refuse') throw inexpressible(expression);
  const uid = nameOfUid(incoming.uid);
  return {
    uid,
    incoming,
    expression,
    express,
    held: expression.held,
    wishes: incoming.wishes,
    draft: (nativeUid, rest = []) => ({
      item: isLongUid(uid) ? withoutUid(incoming.item) : incoming.item,
      tags: {
        ...tagsFor({ uid, href: request.href }, nativeUid),
        residue: residueFor(open, { incoming, expression, express }, rest),
      },
    }),
  };
}

/** @throws DavError */
export function residueFor(
  { translation, folder }: OpenFolder,
  { incoming, expression, express }: Pick<Parsed, 'incoming' | 'expression' | 'express'>,
  rest: readonly Pick<Stored, 'id'>[],
): string {
  const holding = { ...expression, ...(rest.length > 0 && { was: rest.map(digestOf) }) };
  return translating(folder.kind, () => translation.residueOf(incoming, holding, express));
}

/** Stands for an item in what is kept of the client's text. */
export function digestOf({ id }: Pick<Stored, 'id'>): string {
  return hash('sha256', id, 'hex').slice(0, 12);
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
  const given = withUidOf(before.item, parsed.incoming.item);
  const item = await withStoredFiles(open, before, await withStoredPhoto(open, before, given));
  const expression = item === given ? undefined : open.mailbox.express(item, heldBy(before));
  return { item, held: expression && expression.kind !== 'refuse' ? expression.held : parsed.held };
}

/** Then the mailbox makes one of its own, by which others know the event. */
function withoutUid(item: Item): Item {
  return item.kind === 'event' ? { ...item, uid: undefined } : item;
}

/** What an event is called by its mailbox stays, also where we call it otherwise. */
function withUidOf(before: Item, after: Item): Item {
  return after.kind === 'event' && before.kind === 'event' ? { ...after, uid: before.uid } : after;
}
