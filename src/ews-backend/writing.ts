// Writing a mailbox: each write is the guarded main call, then overrides, cancelled dates and photo, silent but for the last
// one that may send (DESIGN §6).
import type {
  Draft,
  FolderId,
  ItemId,
  Mail,
  Mailbox,
  Tags,
  UpdateRequest,
  Written,
} from '../model/backend.ts';
import { BackendError, valueOf, type Outcome } from '../model/failure.ts';
import { isNewPart, type ItemKind, type NewPart, type Part } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import type { Markup, XmlElement } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import { diff, occurrencesOfNew, renderCreate, type Diff } from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { renderChange } from './fields/row.ts';
import { changedTags } from './fields/tags.ts';
import { parseId, renderItemId, type EwsId } from './ids.ts';
import { createAttachment } from './operations/create-attachment.ts';
import { createItem } from './operations/create-item.ts';
import { deleteAttachment } from './operations/delete-attachment.ts';
import { deleteItems } from './operations/delete-item.ts';
import { moveItem } from './operations/move-item.ts';
import { updateItem } from './operations/update-item.ts';
import { respond } from './responding.ts';
import { placesOf, writeOccurrences, type Places, type WrittenSeries } from './series.ts';
import type { Soap } from './soap.ts';
import {
  announcementOf,
  apart,
  guestOccurrences,
  stepsOf,
  type Steps,
  type ToldOccurrence,
} from './telling.ts';
import { listedNow, writtenNow, writtenOf } from './written.ts';

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
    respond: (before, answers) => respond(soap, { before, answers, zone }),
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
  const event = draft.item.kind === 'event' ? draft.item : undefined;
  const writes = event ? occurrencesOfNew(draft, zone) : [];
  const isTold = mail === 'send' && event !== undefined;
  const { silent, told } = apart(writes, { occurrences: isTold ? guestOccurrences(event) : [] });
  const isAnnounced = isTold && silent.length > 0;
  const created = await createItem(soap, {
    folder: parseId(folder).id,
    kind,
    item: renderCreate(isAnnounced ? markedUnsent(draft) : draft, zone),
    mail: silent.length === 0 ? mail : 'silent',
  });
  let hasSent = isTold && !isAnnounced;
  try {
    const changeKey = await writePhoto(soap, created, { draft });
    if (event === undefined || writes.length === 0)
      return writtenOf(kind, { id: created.id, changeKey: changeKey ?? created.changeKey }, { draft });
    const places = await placesOf(
      soap,
      { id: created.id, item: event, uid: event.uid, dayZone: zone },
      writes,
    );
    await writeOccurrences(soap, silent, { places, tells: undefined });
    hasSent ||= isAnnounced;
    if (isAnnounced) await announce(soap, created.id, announcementOf(event, { attendees: [], tells: 'all' }));
    await writeTold(soap, told, places);
    return await writtenNow(soap, kind, created.id);
  } catch (error) {
    // What the server will never take must leave nothing behind, unless somebody has heard of it; what may pass stays, and
    // the same PUT finds it by its tag.
    if (error instanceof BackendError && !mayPass.has(error.failure.kind) && !hasSent)
      await deleteItems(soap, [renderItemId(created.id)], { kind, mail: 'silent', type: 'SoftDelete' });
    throw error;
  }
}

function markedUnsent(draft: Draft): Draft {
  return { ...draft, tags: { ...draft.tags, unsent: '1' } };
}

const mayPass: ReadonlySet<string> = new Set(['busy', 'unavailable', 'unauthorized']);

async function update(soap: Soap, request: UpdateRequest, zone: ZoneId): Promise<Written> {
  const { before, after, conflict } = request;
  const { kind, id } = parseId(before.id);
  const changes = diff(before, after, zone);
  const { first, silent, announcement, told } = stepsOf(changes, request);
  const main =
    first.changes.length === 0
      ? await unchanged(soap, request)
      : await updateItem(
          soap,
          {
            id: renderItemId(id, conflict === 'guarded' ? before.version : undefined),
            changes: first.changes,
          },
          { kind, conflict, tells: first.tells },
        );
  const photo = { draft: after, request, photo: changes.photo };
  const changeKey = (await writePhoto(soap, main, photo)) ?? main.changeKey;
  const writes = [...silent, ...told.map(({ write }) => write)];
  if (writes.length === 0 && !announcement)
    return writtenOf(kind, { id, changeKey }, { draft: after, before });
  const places = await placesOf(soap, seriesOf(request, { changes, zone }), writes);
  await writeOccurrences(soap, silent, { places, tells: undefined });
  if (announcement) await announce(soap, id, announcement);
  await writeTold(soap, told, places);
  return writtenNow(soap, kind, id);
}

async function writeTold(soap: Soap, told: readonly ToldOccurrence[], places: Places): Promise<void> {
  for (const [tells, group] of Map.groupBy(told, (each) => each.tells))
    await writeOccurrences(
      soap,
      group.map(({ write }) => write),
      { places, tells },
    );
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

/** At most one sending write about the whole, when all the rest is done (DESIGN §6). */
async function announce(
  soap: Soap,
  id: string,
  { changes, tells }: NonNullable<Steps['announcement']>,
): Promise<void> {
  await updateItem(soap, { id: renderItemId(id), changes }, { kind: 'event', conflict: 'forced', tells });
}

/** The photo that a contact is to have; the change key after it, when the server tells. */
async function writePhoto(
  soap: Soap,
  item: EwsId,
  write: { readonly draft: Draft; readonly request?: UpdateRequest; readonly photo?: Diff['photo'] },
): Promise<string | undefined> {
  const next = photoOf(write.draft);
  const old = write.request === undefined ? undefined : photoOf(write.request.before);
  const isNew = next !== undefined && isNewPart(next);
  if (write.request === undefined ? !isNew : write.photo === undefined) return undefined;
  let changeKey: string | undefined;
  if (old !== undefined && !isNewPart(old)) changeKey = await deleteAttachment(soap, old.id);
  if (!isNew) return changeKey;
  const part = { ...next, name: 'ContactPicture.jpg', isContactPhoto: true };
  return (await createAttachment(soap, item.id, part)) ?? changeKey;
}

function photoOf({ item }: Pick<Draft, 'item'>): Part | NewPart | undefined {
  return item.kind === 'contact' ? item.photo : undefined;
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
          { kind, conflict, tells: undefined },
        );
  const moved = await moveItem(soap, tagged, target.id);
  if (moved === undefined)
    throw new BackendError({ kind: 'unavailable', message: 'Exchange moved the item but did not name it' });
  return writtenNow(soap, kind, moved.id);
}

/** Each tag that is given, written anew; an empty one goes. */
function renderTagChanges(kind: ItemKind, tags: Tags): readonly Markup[] {
  const other = { uid: '\0', href: '\0', residue: '\0', unsent: '\0' }; // differs from every tag there can be
  return changedTags(other, tags).map((property) => renderChange(elementOf[kind], property));
}

function expect(outcome: Outcome<XmlElement> | undefined): XmlElement;
function expect<T>(outcome: Outcome<T> | undefined): T;
function expect<T>(outcome: Outcome<T> | undefined): T {
  if (outcome === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return valueOf(outcome);
}
