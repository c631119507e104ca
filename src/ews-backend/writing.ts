// Writing a mailbox: each write is the guarded main call, then photo, attachments, overrides and cancelled dates, silent but
// for the last one that may send (DESIGN §6).
import type {
  Draft,
  FolderId,
  ItemId,
  Listed,
  Mail,
  Mailbox,
  Tags,
  UpdateRequest,
  Written,
} from '../model/backend.ts';
import { BackendError, valueOf, type Outcome } from '../model/failure.ts';
import type { ItemKind } from '../model/item.ts';
import type { Span, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { xml, type Markup, type XmlElement } from '../xml/index.ts';
import { changesFiles, rescueFiles, writeFiles, writeOccurrenceFiles, writePhoto } from './attachments.ts';
import { failureOfCode } from './failures.ts';
import {
  diff,
  filesOfNew,
  listingShape,
  occurrencesOfNew,
  readListed,
  renderCreate,
  type Diff,
} from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { renderChange } from './fields/row.ts';
import { changedTags } from './fields/tags.ts';
import { itemIdOf, parseId, renderItemId, type EwsId } from './ids.ts';
import { answerInvitation, createItem } from './operations/create-item.ts';
import { deleteItems } from './operations/delete-item.ts';
import { getItems } from './operations/get-item.ts';
import { moveItem } from './operations/move-item.ts';
import { field } from './operations/shape.ts';
import { updateItem } from './operations/update-item.ts';
import { writeOccurrences, type WrittenSeries } from './series.ts';
import type { Soap } from './soap.ts';

type WritingCalls = Pick<Mailbox, 'create' | 'update' | 'remove' | 'move' | 'respond'>;

/** `zone`: the mailbox's own, whose midnights are new whole days. */
export function openWriting(soap: Soap, zone: ZoneId): WritingCalls {
  return {
    create: (folder, draft, mail) => create(soap, { folder, draft, mail, zone }),
    update: (request) => update(soap, request, zone),
    async remove(id, { version, kind, mail }) {
      // DeleteItem looks at no version: the caller's refresh just before is what guards it (DESIGN §5: DELETE is F + 1).
      const [outcome] = await deleteItems(soap, [renderItemId(parseId(id).id, version)], { kind, mail });
      expect(outcome);
    },
    move: (id, target, options) => move(soap, { id, target, ...options }),
    async respond(id, answer) {
      const { kind, id: ewsId } = parseId(id);
      const { version } = await listedNow(soap, kind, ewsId);
      const left = await answerInvitation(soap, { id: ewsId, changeKey: version }, answer);
      return writtenNow(soap, kind, left?.id ?? ewsId);
    },
  };
}

interface CreateRequest {
  readonly folder: FolderId;
  readonly draft: Draft;
  readonly mail: Mail;
  readonly zone: ZoneId;
}

async function create(soap: Soap, { folder, draft, mail, zone }: CreateRequest): Promise<Written> {
  const { kind } = draft.item;
  const writes = draft.item.kind === 'event' ? occurrencesOfNew(draft, zone) : [];
  const files = filesOfNew(draft, zone);
  const isAllInOne = writes.length === 0 && !changesFiles(files);
  const rescued = await rescueFiles(soap, files.rescue);
  const created = await createItem(soap, {
    folder: parseId(folder).id,
    kind,
    item: renderCreate(draft, zone),
    mail: isAllInOne ? mail : 'silent',
  });
  try {
    const photoKey = await writePhoto(soap, created, { draft });
    const made = await writeFiles(soap, created.id, { ...files, rescued });
    const id = { id: created.id, changeKey: made.changeKey ?? photoKey ?? created.changeKey };
    if (draft.item.kind !== 'event' || isAllInOne) return withMade(writtenOf(kind, id, { draft }), made);
    const series = { id: created.id, item: draft.item, uid: draft.item.uid, dayZone: zone };
    if (writes.length > 0) await writeOccurrences(soap, series, { writes, mail: 'silent' });
    await writeOccurrenceFiles(soap, series, {
      files: files.occurrences,
      own: draft.item.attachments,
      rescued,
    });
    return withMade(await settled(soap, id, { draft, mail, isSeries: hasOccurrences(writes, files) }), made);
  } catch (error) {
    // What the server will never take must leave nothing behind; what may pass stays, and the same PUT finds it by its tag.
    if (error instanceof BackendError && !mayPass.has(error.failure.kind))
      await deleteItems(soap, [renderItemId(created.id)], { kind, mail: 'silent', type: 'SoftDelete' });
    throw error;
  }
}

const mayPass: ReadonlySet<string> = new Set(['busy', 'unavailable', 'unauthorized']);

function hasOccurrences(writes: Diff['occurrences'], files: Diff['files']): boolean {
  return writes.length + files.occurrences.length > 0;
}

function withMade(written: Written, { ids }: { readonly ids: readonly string[] }): Written {
  return ids.length === 0 ? written : { ...written, madeParts: ids };
}

async function update(soap: Soap, request: UpdateRequest, zone: ZoneId): Promise<Written> {
  const { before, after, mail, conflict } = request;
  const { kind, id } = parseId(before.id);
  const changes = diff(before, after, zone);
  const { occurrences: writes, files } = changes;
  const isAllInOne = writes.length === 0 && !changesFiles(files);
  const rescued = await rescueFiles(soap, files.rescue);
  const present = { id, changeKey: before.version };
  const main =
    changes.changes.length === 0
      ? await unchanged(soap, request)
      : await updateItem(
          soap,
          {
            id: renderItemId(id, conflict === 'guarded' ? before.version : undefined),
            changes: changes.changes,
          },
          { kind, conflict, mail: isAllInOne ? mail : 'silent' },
        );
  const photoKey = await writePhoto(soap, main ?? present, { draft: after, request, photo: changes.photo });
  const made = await writeFiles(soap, id, { ...files, rescued });
  const now = { id, changeKey: made.changeKey ?? photoKey ?? main.changeKey };
  if (after.item.kind !== 'event' || isAllInOne)
    return withMade(writtenOf(kind, now, { draft: after, before }), made);
  if (hasOccurrences(writes, files)) {
    const series = seriesOf(request, { changes, zone });
    if (writes.length > 0) await writeOccurrences(soap, series, { writes, mail: 'silent' });
    await writeOccurrenceFiles(soap, series, {
      files: files.occurrences,
      own: after.item.attachments,
      rescued,
    });
  }
  const isSeries = hasOccurrences(writes, files);
  return withMade(await settled(soap, now, { draft: after, before, mail, isSeries }), made);
}

/** After several calls: the one that may send, and what a listing would tell. */
async function settled(
  soap: Soap,
  now: EwsId,
  write: {
    readonly draft: Draft;
    readonly before?: UpdateRequest['before'];
    readonly mail: Mail;
    readonly isSeries: boolean;
  },
): Promise<Written> {
  const { draft, before, mail, isSeries } = write;
  const told = mail === 'send' ? await announce(soap, now.id, draft) : undefined;
  if (isSeries) return writtenNow(soap, 'event', now.id);
  return writtenOf('event', told ?? now, { draft, ...(before && { before }) });
}

/** Nothing to send for the item itself: its version still has to be the one expected. */
async function unchanged(soap: Soap, { before, conflict }: UpdateRequest): Promise<EwsId> {
  const { kind, id } = parseId(before.id);
  if (conflict === 'forced') return { id, changeKey: before.version };
  const { version } = await listedNow(soap, kind, id);
  if (version !== before.version) throw new BackendError(failureOfCode('ErrorIrresolvableConflict'));
  return { id, changeKey: version };
}

function seriesOf(
  { before, after }: UpdateRequest,
  { changes, zone }: { readonly changes: Diff; readonly zone: ZoneId },
): WrittenSeries {
  const { id } = parseId(before.id);
  const held = changes.resetsOccurrences ? after.item : before.item;
  if (held.kind !== 'event')
    throw new BackendError({ kind: 'invalid', message: 'only events have occurrences' });
  return { id, item: held, uid: before.nativeUid ?? held.uid, dayZone: before.dayZone ?? zone };
}

/** At most one sending write, last (DESIGN §6): the whole series as it now stands, by a change that changes nothing. */
async function announce(soap: Soap, id: string, { item }: Draft): Promise<EwsId | undefined> {
  if (item.kind !== 'event') return undefined;
  const subject = xml(
    't:SetItemField',
    {},
    field('item:Subject'),
    xml('t:CalendarItem', {}, xml('t:Subject', {}, item.summary)),
  );
  return updateItem(
    soap,
    { id: renderItemId(id), changes: [subject] },
    { kind: 'event', conflict: 'forced', mail: 'send' },
  );
}

async function move(
  soap: Soap,
  request: {
    readonly id: ItemId;
    readonly target: FolderId;
    readonly version?: string;
    readonly tags?: Tags;
  },
): Promise<Written> {
  const { kind, id } = parseId(request.id);
  const target = parseId(request.target);
  if (target.kind !== kind)
    throw new BackendError({ kind: 'invalid', message: 'the folder is for items of another kind' });
  const changes = request.tags === undefined ? [] : renderTagChanges(kind, request.tags);
  const conflict = request.version === undefined ? 'forced' : 'guarded';
  // Tags first: with a version this is the check that nobody was faster.
  const tagged =
    changes.length === 0
      ? { id, changeKey: request.version ?? '' }
      : await updateItem(
          soap,
          { id: renderItemId(id, request.version), changes },
          { kind, conflict, mail: 'silent' },
        );
  const moved = await moveItem(soap, tagged, target.id);
  if (moved === undefined)
    throw new BackendError({ kind: 'unavailable', message: 'Exchange moved the item but did not name it' });
  return writtenNow(soap, kind, moved.id);
}

/** Each tag that is given, written anew; an empty one goes. */
function renderTagChanges(kind: ItemKind, tags: Tags): readonly Markup[] {
  const other = { uid: '\0', href: '\0', residue: '\0' }; // differs from every tag there can be
  return changedTags(other, tags).map((property) => renderChange(elementOf[kind], property));
}

/** What a listing tells of an item now. */
async function listedNow(soap: Soap, kind: ItemKind, id: string): Promise<Listed> {
  const [outcome] = await getItems(soap, { ids: [renderItemId(id)], shape: listingShape(kind) });
  const listed = readListed(expect(outcome));
  if (listed === undefined) throw new BackendError(failureOfCode('ErrorItemNotFound'));
  return { ...listed, id: itemIdOf(kind, listed.id) };
}

async function writtenNow(soap: Soap, kind: ItemKind, id: string): Promise<Written> {
  const listed = await listedNow(soap, kind, id);
  return { id: listed.id, version: listed.version, listed };
}

function expect(outcome: Outcome<XmlElement> | undefined): XmlElement;
function expect<T>(outcome: Outcome<T> | undefined): T;
function expect<T>(outcome: Outcome<T> | undefined): T {
  if (outcome === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return valueOf(outcome);
}

/**
 * What a listing would tell, without asking: the next refresh tells it in full. `rank` is higher than any source key, as a
 * new item's is; an open span never hides anything.
 */
function writtenOf(
  kind: ItemKind,
  ref: EwsId,
  { draft, before }: { readonly draft: Draft; readonly before?: UpdateRequest['before'] },
): Written {
  const { item } = draft;
  const id = itemIdOf(kind, ref.id);
  const uid = before?.nativeUid ?? (item.kind === 'event' ? item.uid : undefined);
  const span = spanOf(draft, before);
  const listed: Listed = {
    id,
    version: ref.changeKey,
    kind,
    ...(uid === undefined ? {} : { nativeUid: uid }),
    tags: listedTags({ ...before?.tags, ...draft.tags }),
    rank: '~',
    ...(span === undefined ? {} : { span }),
    isSeries: item.kind !== 'contact' && item.recurrence !== undefined,
  };
  return { id, version: ref.changeKey, listed };
}

function listedTags({ uid, href }: Tags): Tags {
  return { ...(uid ? { uid } : {}), ...(href ? { href } : {}) };
}

function spanOf({ item }: Draft, before: UpdateRequest['before'] | undefined): Span | undefined {
  if (item.kind !== 'event') return undefined;
  const first = instantOfWhen(item.start, before?.dayZone);
  return item.recurrence === undefined
    ? { first, last: instantOfWhen(item.end, before?.dayZone) }
    : { first };
}
