// Writing a mailbox: each write is the guarded main call, then overrides, cancelled dates and photo, silent but for the last
// one that may send (DESIGN §6).
import type { Draft, FolderId, Mail, Mailbox, UpdateRequest, Written } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import { isNewPart, type NewPart, type Part } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import { xml } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import { diff, occurrencesOfNew, renderCreate, type Diff } from './fields/index.ts';
import { moveAll } from './group-writing.ts';
import { parseId, renderItemId, type EwsId } from './ids.ts';
import { createAttachment } from './operations/create-attachment.ts';
import { answerInvitation, createItem } from './operations/create-item.ts';
import { deleteAttachment } from './operations/delete-attachment.ts';
import { deleteItems } from './operations/delete-item.ts';
import { field } from './operations/shape.ts';
import { updateItem } from './operations/update-item.ts';
import { writeOccurrences } from './series.ts';
import type { Soap } from './soap.ts';
import { expect, listedNow, mayPass, only, seriesOf, writtenNow, writtenOf } from './written.ts';

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
    move: async (id, target, options) => only(await moveAll(soap, [{ id, ...options }], target)),
    async respond(id, answer) {
      const { kind, id: ewsId } = parseId(id);
      const { version } = only(await listedNow(soap, kind, [ewsId]));
      const left = await answerInvitation(soap, { id: ewsId, changeKey: version }, answer);
      return only(await writtenNow(soap, kind, [left?.id ?? ewsId]));
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
  const first = writes.length === 0 ? mail : 'silent';
  const created = await createItem(soap, {
    folder: parseId(folder).id,
    kind,
    item: renderCreate(draft, zone),
    mail: first,
  });
  try {
    const changeKey = await writePhoto(soap, created, { draft });
    if (draft.item.kind !== 'event' || writes.length === 0)
      return writtenOf(kind, { id: created.id, changeKey: changeKey ?? created.changeKey }, { draft });
    const series = { id: created.id, item: draft.item, uid: draft.item.uid, dayZone: zone };
    await writeOccurrences(soap, [{ series, writes }], 'silent');
    if (mail === 'send') await announce(soap, created.id, draft);
    return only(await writtenNow(soap, kind, [created.id]));
  } catch (error) {
    // What the server will never take must leave nothing behind; what may pass stays, and the same PUT finds it by its tag.
    if (error instanceof BackendError && !mayPass.has(error.failure.kind))
      await deleteItems(soap, [renderItemId(created.id)], { kind, mail: 'silent', type: 'SoftDelete' });
    throw error;
  }
}

async function update(soap: Soap, request: UpdateRequest, zone: ZoneId): Promise<Written> {
  const { before, after, mail, conflict } = request;
  const { kind, id } = parseId(before.id);
  const changes = diff(before, after, zone);
  const writes = changes.occurrences;
  const present = { id, changeKey: before.version };
  const first = writes.length === 0 ? mail : 'silent';
  const main =
    changes.changes.length === 0
      ? await unchanged(soap, request)
      : await updateItem(
          soap,
          {
            id: renderItemId(id, conflict === 'guarded' ? before.version : undefined),
            changes: changes.changes,
          },
          { kind, conflict, mail: first },
        );
  const changeKey = await writePhoto(soap, main ?? present, { draft: after, request, photo: changes.photo });
  if (after.item.kind !== 'event' || writes.length === 0)
    return writtenOf(
      kind,
      { id, changeKey: changeKey ?? main.changeKey },
      { draft: after, before: request.before },
    );
  await writeOccurrences(soap, [{ series: seriesOf(request, { changes, zone }), writes }], 'silent');
  if (mail === 'send') await announce(soap, id, after);
  return only(await writtenNow(soap, kind, [id]));
}

/** Nothing to send for the item itself: its version still has to be the one expected. */
async function unchanged(soap: Soap, { before, conflict }: UpdateRequest): Promise<EwsId> {
  const { kind, id } = parseId(before.id);
  if (conflict === 'forced') return { id, changeKey: before.version };
  const { version } = only(await listedNow(soap, kind, [id]));
  if (version !== before.version) throw new BackendError(failureOfCode('ErrorIrresolvableConflict'));
  return { id, changeKey: version };
}

/** At most one sending write, last (DESIGN §6): the whole series as it now stands, by a change that changes nothing. */
async function announce(soap: Soap, id: string, { item }: Draft): Promise<void> {
  if (item.kind !== 'event') return;
  const subject = xml(
    't:SetItemField',
    {},
    field('item:Subject'),
    xml('t:CalendarItem', {}, xml('t:Subject', {}, item.summary)),
  );
  await updateItem(
    soap,
    { id: renderItemId(id), changes: [subject] },
    { kind: 'event', conflict: 'forced', mail: 'send' },
  );
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
