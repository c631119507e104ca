// PUT: a text becomes an item. The change key guards an update; nothing is written before everything is checked.
import type { Change, Draft, Stored, Written } from '../model/backend.ts';
import type { Href, PutRequest, PutResult } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { Item, NewPart } from '../model/item.ts';
import type { LedgerHead } from '../model/store.ts';
import { filesNamedIn } from './attachments.ts';
import { checkCondition, isVersioned } from './conditions.ts';
import { doubt } from './freshness.ts';
import {
  claimsOf,
  type FolderObject,
  hrefOf,
  isHref,
  maxHrefLength,
  maxUidLength,
  tagsFor,
} from './identity.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import { demandFileLimits, withStoredFiles } from './files.ts';
import { loadStored } from './load.ts';
import { withStoredPhoto } from './photo.ts';
import { etagIn, objectAt, type OpenFolder, servedText } from './open-folder.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { demandRight, inexpressible, translating, uidConflict } from './refusals.ts';
import { inTurn } from './turns.ts';

interface Place {
  readonly head: LedgerHead;
  readonly object: FolderObject | undefined;
}

/** `files`: of another object, of which the text is a copy; by their MANAGED-ID. */
export type PutWork = PutRequest & { readonly files?: ReadonlyMap<string, NewPart> };

export async function putMember(
  open: OpenFolder,
  request: PutWork,
  signal?: AbortSignal,
): Promise<PutResult> {
  demandHref(request.href);
  return inTurn(open.freshness, `href ${request.href}`, () => putInTurn(open, request, signal));
}

async function putInTurn(open: OpenFolder, given: PutWork, signal?: AbortSignal): Promise<PutResult> {
  let head = await upToDate(open, { signal });
  const files = given.files ?? (await filesNamedIn(open, given));
  const request: PutWork = { ...given, ...(files && { files }) };
  for (let attempt = 0; ; attempt += 1) {
    const object = await objectAt(open, request.href);
    demandRight(open.folder.rights, object ? 'modify' : 'create');
    await checkCondition(open, object, request.condition);
    try {
      return await (object
        ? update(open, request, { head, object })
        : create(open, request, { head, object }));
    } catch (error) {
      // Also after a break nobody knows whether it was written: the next question asks the mailbox.
      if (error instanceof BackendError) doubt(open.freshness);
      if (!isOvertaken(error)) throw error;
      if (isVersioned(request.condition)) {
        throw new DavError(412, 'It was changed meanwhile (If-Match).', { cause: error });
      }
      if (attempt > 0) throw error;
      head = await upToDate(open, { force: true, signal });
    }
  }
}

/** @throws DavError 403 */
export function demandHref(href: Href): void {
  if (isHref(href)) return;
  throw new DavError(
    403,
    `A member's name has 1 to ${maxHrefLength} characters, no slash and no control character.`,
  );
}

/** Somebody changed or removed it between our look and our write. */
function isOvertaken(error: unknown): boolean {
  return (
    error instanceof BackendError && (error.failure.kind === 'changed' || error.failure.kind === 'not-found')
  );
}

async function create(open: OpenFolder, request: PutWork, { head }: Place): Promise<PutResult> {
  const parsed = parsedOf(open, request, undefined);
  return inTurn(open.freshness, `uid ${parsed.uid}`, async () => {
    await demandFreeUid(open, parsed.uid, request.href);
    // The UID of an event is its own from the start; a contact's is known only when it exists.
    const isOwnUid = open.folder.kind === 'events' && open.mailbox.abilities.settableUid;
    const draft = parsed.draft(isOwnUid ? parsed.uid : undefined);
    const created = await open.mailbox.create(open.folder.id, draft, request.mail);
    const written = await named(open, { draft, written: created, request });
    await recordWrite(open, head, [present(written)]);
    return { created: true, ...readBack(open, request, { draft, written, uid: parsed.uid }) };
  });
}

async function update(
  open: OpenFolder,
  request: PutWork,
  { head, object }: Place & { object: FolderObject },
): Promise<PutResult> {
  const [entry, ...others] = object.entries;
  if (others.length > 0) {
    throw new DavError(
      403,
      'This is made of several invitations to single instances: it can be answered, not rewritten.',
    );
  }
  const before = await loadStored(open, entry);
  if (before.version !== entry.version) {
    throw new BackendError({ kind: 'changed', message: 'it was changed meanwhile' });
  }
  const parsed = parsedOf(open, request, before);
  if (parsed.uid !== object.uid) {
    throw uidConflict(open.folder.kind, object.href, 'A member keeps its UID: this text has another one.');
  }
  const draft = parsed.draft(before.nativeUid);
  const after = { ...draft, item: withUidOf(before.item, draft.item) };
  const written = await open.mailbox.update({
    before,
    after: {
      ...after,
      item: await withStoredFiles(open, before, await withStoredPhoto(open, before, after.item)),
    },
    mail: request.mail,
    conflict: 'guarded',
  });
  await recordWrite(open, head, [present(written)]);
  return { created: false, ...readBack(open, request, { draft: after, written, uid: parsed.uid, before }) };
}

interface Parsed {
  readonly uid: string;
  draft(nativeUid: string | undefined): Draft;
}

function parsedOf(open: OpenFolder, request: PutWork, before: Stored | undefined): Parsed {
  const { translation, mailbox, ownAddresses } = open;
  const { kind } = open.folder;
  const express = (item: Item) => mailbox.express(item, before?.item);
  const incoming = translating(kind, () =>
    translation.parseIncoming(request.text, kind, {
      ...(before && { present: before }),
      ...(request.files && { files: request.files }),
      ...(mailbox.zone !== undefined && { defaultZone: mailbox.zone }),
      ownAddresses,
      express,
    }),
  );
  demandFileLimits(open, incoming.item, before?.item);
  if (incoming.uid.length > maxUidLength) {
    throw new DavError(403, `UID: the mailbox keeps at most ${maxUidLength} characters.`);
  }
  const expression = express(incoming.item);
  if (expression.kind !== 'ok') throw inexpressible(expression);
  const residue = translating(kind, () => translation.residueOf(incoming, expression.held, express));
  return {
    uid: incoming.uid,
    draft: (nativeUid) => ({
      item: incoming.item,
      tags: { ...tagsFor({ uid: incoming.uid, href: request.href }, nativeUid), residue },
    }),
  };
}

/** What an event is called by its mailbox stays, also where we call it otherwise. */
function withUidOf(before: Item, after: Item): Item {
  return after.kind === 'event' && before.kind === 'event' ? { ...after, uid: before.uid } : after;
}

async function demandFreeUid(open: OpenFolder, uid: string, href: Href): Promise<void> {
  const rows = [
    ...(await open.ledger.byKey(open.scope, [uidKey(uid)])),
    ...(await open.ledger.byHref(open.scope, [hrefOf(uid, open.extension)])),
  ];
  const rival = rows.find(
    (row) => !row.gone && row.href !== href && objectOf(row, open.extension).uid === uid,
  );
  if (rival)
    throw uidConflict(open.folder.kind, rival.href, 'Another member of this collection has this UID.');
}

/** A server that gave the item another UID than asked for would make our tags doubtful: they are marked anew. */
async function named(
  open: OpenFolder,
  { draft, written, request }: { draft: Draft; written: Written; request: PutRequest },
): Promise<Written> {
  if (claimsOf(written.listed).claim.href === request.href) return written;
  const { nativeUid } = written.listed;
  const before: Stored = {
    id: written.id,
    version: written.version,
    ...(nativeUid !== undefined && { nativeUid }),
    tags: draft.tags,
    item: draft.item,
  };
  const uid = tagText(draft.tags.uid);
  const tags = { ...draft.tags, ...tagsFor({ uid, href: request.href }, nativeUid) };
  return open.mailbox.update({
    before,
    after: { item: draft.item, tags },
    mail: 'silent',
    conflict: 'guarded',
  });
}

/** A tag without its mark. */
function tagText(tag: string | undefined): string {
  return tag?.slice(tag.indexOf(' ') + 1) ?? '';
}

function present(written: Written): Change {
  return { kind: 'present', listed: written.listed };
}

/** RFC 4791 §5.3.4: an etag only if a read will give what was sent, octet for octet. */
function readBack(
  open: OpenFolder,
  request: PutRequest,
  { draft, written, uid, before }: { draft: Draft; written: Written; uid: string; before?: Stored },
): Pick<PutResult, 'etag'> {
  const expression = open.mailbox.express(draft.item, before?.item);
  if (expression.kind !== 'ok' || expression.isApproximate === true) return {};
  const stored: Stored = {
    id: written.id,
    version: written.version,
    ...(written.listed.nativeUid !== undefined && { nativeUid: written.listed.nativeUid }),
    tags: draft.tags,
    // Stamps are the server's: a text that shows them is not known before it is read.
    item: { ...expression.held, created: 0, modified: 0 },
  };
  try {
    const text = open.translation.renderStored([stored], {
      uid,
      express: (item, present) => open.mailbox.express(item, present),
      ownAddresses: open.ownAddresses,
    });
    return servedText(open, request.href, text) === request.text
      ? { etag: etagIn(open, { uid, entries: [written] }) }
      : {};
  } catch {
    // It is written; that it cannot be shown is told to whoever reads it.
    return {};
  }
}
