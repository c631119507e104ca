// PUT: a text becomes an item. The change key guards an update; nothing is written before everything is checked.
import type { Change, Draft, Stored, Written } from '../model/backend.ts';
import type { Href, PutRequest, PutResult } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { Item } from '../model/item.ts';
import type { LedgerHead } from '../model/store.ts';
import { answerFirst, hasDeclined, noteDeclined } from './answers.ts';
import { filesNamedIn } from './attachments.ts';
import { checkCondition, isVersioned } from './conditions.ts';
import { doubt } from './freshness.ts';
import { withMemberUids } from './member-uids.ts';
import {
  claimsOf,
  type FolderObject,
  hrefOf,
  isHref,
  isLongUid,
  maxHrefLength,
  nameOfUid,
  tagsFor,
} from './identity.ts';
import { parsedOf, recognised, type PutWork } from './incoming.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import { hasNewFiles } from './files.ts';
import { demandUnmasked } from './masked.ts';
import { etagIn, objectAt, type OpenFolder, servedText } from './open-folder.ts';
import { knowingOwner } from './own-addresses.ts';
import { isSplit, loadWhole } from './parts.ts';
import { asOne, isSeveral, putParts, type PartsRequest } from './put-parts.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { removeItems } from './remove.ts';
import { demandRight, uidConflict } from './refusals.ts';
import { planCreate, planUpdate } from './scheduling.ts';
import { scheduleTagOf } from './text-hash.ts';
import { putInstances } from './put-instances.ts';
import { inTurn } from './turns.ts';
import { demandUniqueMeeting } from './unique-meeting.ts';

interface Place {
  readonly head: LedgerHead;
  readonly object: FolderObject | undefined;
}

export async function putMember(
  open: OpenFolder,
  request: PutWork,
  signal?: AbortSignal,
): Promise<PutResult> {
  demandHref(request.href);
  return inTurn(open.freshness, `href ${request.href}`, () => putInTurn(open, request, signal));
}

async function putInTurn(folder: OpenFolder, given: PutWork, signal?: AbortSignal): Promise<PutResult> {
  const open = await knowingOwner(folder, given.text);
  let head = await upToDate(open, { signal });
  const files = given.files ?? (await filesNamedIn(open, given));
  const request: PutWork = { ...given, ...(files && { files }), ...(signal && { signal }) };
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
  const parsed = await parsedOf(open, request, undefined);
  const { held, wishes } = parsed;
  if (wishes?.declines && hasDeclined(open, request.href, parsed.uid)) return declined;
  return inTurn(open.freshness, `uid ${parsed.uid}`, async () => {
    await demandFreeUid(open, parsed.uid, request.href);
    if (wishes?.isScheduling && request.mail !== 'silent') await demandUniqueMeeting(open, parsed.uid);
    if (isSeveral(parsed))
      return { created: true, ...(await putAsParts(open, { request, head, items: [], parsed })) };
    // The UID of an event is its own from the start; a contact's is known only when it exists.
    const isOwnUid =
      open.folder.kind === 'events' && open.mailbox.abilities.settableUid && !isLongUid(parsed.uid);
    const draft = parsed.draft(isOwnUid ? parsed.uid : undefined);
    const mail = planCreate(open, held, { ...request, wishes });
    const created = await open.mailbox.create(open.folder.id, draft, mail);
    const written = await named(open, { draft, written: created, request });
    await recordWrite(open, head, [present(written)]);
    return {
      created: true,
      ...readBack(open, request, { draft, written: [written], uid: parsed.uid, isSent: mail === 'send' }),
    };
  });
}

async function update(
  open: OpenFolder,
  request: PutWork,
  { head, object }: Place & { object: FolderObject },
): Promise<PutResult> {
  if (object.entries.length > 1 && !isSplit(object)) return putInstances(open, request, { head, object });
  const { whole, items } = await loadWhole(open, object);
  items.forEach((each) => demandUnmasked(open, each));
  const [shown = whole] = await withMemberUids(open, [whole]);
  const parsed = await parsedOf(open, request, shown);
  if (parsed.uid !== object.uid) {
    throw uidConflict(open.folder.kind, object.href, 'A member keeps its UID: this text has another one.');
  }
  if (isSeveral(parsed))
    return { created: false, ...(await putAsParts(open, { request, head, object, shown, items, parsed })) };
  const { kept, rest } = await asOne(open, { object, items, uid: parsed.uid });
  const before = isSplit(object) ? kept : shown;
  const draft = parsed.draft(before.nativeUid, rest);
  const { item, held } = await recognised(open, shown, parsed);
  const { answers, ...sending } = planUpdate(
    open,
    { before, after: held },
    { ...request, wishes: parsed.wishes },
  );
  const base = await answerFirst(open, { before, answers });
  if (base === undefined) {
    noteDeclined(open, object);
    await recordWrite(open, head, [gone(before)]);
    return declined;
  }
  const written = await open.mailbox.update({
    before: base,
    after: { ...draft, item },
    ...sending,
    // What has been answered was up to date; what the answer changed must not stand in the way of the rest.
    conflict: answers.length > 0 ? 'forced' : 'guarded',
  });
  if (rest.length > 0) await removeItems(open, rest);
  const left = [...(written.id === before.id ? [] : [before]), ...rest];
  await recordWrite(open, head, [...left.map(gone), present(written)]);
  if (answers.length > 0) return { created: false };
  const isSent = isSentBefore(before.item) || sending.mail === 'send';
  const result = { draft, written: [written], uid: parsed.uid, isSent };
  return { created: false, ...readBack(open, request, result) };
}

async function putAsParts(open: OpenFolder, given: PartsRequest): Promise<Omit<PutResult, 'created'>> {
  const { written, draft } = await putParts(open, given);
  const { uid } = given.parsed;
  return readBack(open, given.request, { draft, written, uid, isSent: false });
}

const declined: PutResult = { created: false, gone: true };

function isSentBefore(item: Item): boolean {
  return item.kind === 'event' && item.invitationsSent === true;
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

function gone({ id }: Pick<Stored, 'id'>): Change {
  return { kind: 'gone', id };
}

/** RFC 4791 §5.3.4: an etag only if a read will give what was sent, octet for octet. */
function readBack(
  open: OpenFolder,
  request: PutRequest,
  {
    draft,
    written,
    uid,
    isSent,
  }: { draft: Draft; written: readonly Written[]; uid: string; isSent: boolean },
): Pick<PutResult, 'etag' | 'scheduleTag'> {
  const expression = open.mailbox.express(draft.item);
  const [first] = written;
  if (expression.kind === 'refuse' || !first) return {};
  if (expression.kind === 'ok' && expression.isApproximate === true) return {};
  const stored: Stored = {
    id: first.id,
    version: first.version,
    ...(first.listed.nativeUid !== undefined && { nativeUid: first.listed.nativeUid }),
    tags: draft.tags,
    // Stamps are the server's: a text that shows them is not known before it is read.
    item: withStatus({ ...expression.held, created: 0, modified: 0 }, isSent),
  };
  try {
    const text = open.translation.renderStored([stored], {
      uid,
      isUid: (whole) => nameOfUid(whole) === uid,
      express: (item) => open.mailbox.express(item),
      ownAddresses: open.ownAddresses,
    });
    const isKnown = open.folder.kind === 'events' && !hasNewFiles(draft.item);
    const scheduleTag = isKnown ? scheduleTagOf(text) : undefined;
    return {
      ...(servedText(open, request.href, text) === request.text && {
        etag: etagIn(open, { uid, entries: written }),
      }),
      ...(scheduleTag !== undefined && { scheduleTag }),
    };
  } catch {
    // It is written; that it cannot be shown is told to whoever reads it.
    return {};
  }
}

/** What the server tells of the messages is in the text that is read back. */
function withStatus(item: Item, isSent: boolean): Item {
  return item.kind === 'event' && isSent && item.attendees.length > 0
    ? { ...item, invitationsSent: true }
    : item;
}
