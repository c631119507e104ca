// Writing a mailbox: each write is the guarded main call, then photo, attachments, overrides and cancelled dates, silent but
// for the last that may send (DESIGN §6).
import type { Draft, FolderId, Mailbox, UpdateRequest, Written } from '../model/backend.ts';
import type { Mail } from '../model/messages.ts';
import { BackendError } from '../model/failure.ts';
import type { ZoneId } from '../model/time.ts';
import { rescueFiles, writeFiles, writePhoto } from './attachments.ts';
import { failureOfCode } from './failures.ts';
import { writeFurther } from './further-writes.ts';
import { changesFiles, diff, filesOfNew, occurrencesOfNew, renderCreate } from './fields/index.ts';
import { moveAll } from './group-writing.ts';
import { parseId, renderItemId, type EwsId } from './ids.ts';
import { createItem } from './operations/create-item.ts';
import { deleteItems } from './operations/delete-item.ts';
import { updateItem } from './operations/update-item.ts';
import { respond } from './responding.ts';
import type { Soap } from './soap.ts';
import { announcementOf, apart, guestOccurrences, stepsOf } from './telling.ts';
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
  const files = filesOfNew(draft, zone);
  const isTold = mail === 'send' && event !== undefined;
  const { silent, told } = apart(writes, { occurrences: isTold ? guestOccurrences(event) : [] });
  const isAnnounced = isTold && (silent.length > 0 || changesFiles(files));
  const rescued = await rescueFiles(soap, files.rescue);
  const created = await createItem(soap, {
    folder: parseId(folder).id,
    kind,
    item: renderCreate(isAnnounced ? markedUnsent(draft) : draft, zone),
    mail: isTold && !isAnnounced ? 'send' : 'silent',
  });
  const state = { hasSent: isTold && !isAnnounced };
  try {
    const photoKey = await writePhoto(soap, created, { draft });
    const made = await writeFiles(soap, created.id, { ...files, rescued });
    const now = { id: created.id, changeKey: made.changeKey ?? photoKey ?? created.changeKey };
    if (event === undefined) return withMade(writtenOf(kind, now, { draft }), made);
    const left = await writeFurther(soap, now, {
      silent,
      told,
      ...(isAnnounced && { announcement: announcementOf(event, { attendees: [], tells: 'all' }) }),
      files: { files: files.occurrences, own: event.attachments, rescued },
      series: { id: created.id, item: event, uid: event.uid, dayZone: zone },
      willSend: () => {
        state.hasSent = true;
      },
    });
    return withMade(
      left ? writtenOf(kind, left, { draft }) : only(await writtenNow(soap, kind, [now.id])),
      made,
    );
  } catch (error) {
    // What the server will never take must leave nothing behind, unless somebody has heard of it; what may pass stays, and
    // the same PUT finds it by its tag.
    if (error instanceof BackendError && !mayPass.has(error.failure.kind) && !state.hasSent)
      await deleteItems(soap, [renderItemId(created.id)], { kind, mail: 'silent', type: 'SoftDelete' });
    throw error;
  }
}

function markedUnsent(draft: Draft): Draft {
  return { ...draft, tags: { ...draft.tags, unsent: '1' } };
}

function withMade(written: Written, { ids }: { readonly ids: readonly string[] }): Written {
  return ids.length === 0 ? written : { ...written, madeParts: ids };
}

async function update(soap: Soap, request: UpdateRequest, zone: ZoneId): Promise<Written> {
  const { before, after, conflict } = request;
  const { kind, id } = parseId(before.id);
  const changes = diff(before, after, zone);
  const { files } = changes;
  const { first, ...further } = stepsOf(changes, request);
  const rescued = await rescueFiles(soap, files.rescue);
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
  const photoKey = await writePhoto(soap, main, { draft: after, request, photo: changes.photo });
  const made = await writeFiles(soap, id, { ...files, rescued });
  const now = { id, changeKey: made.changeKey ?? photoKey ?? main.changeKey };
  const series = seriesOf(request, { changes, zone });
  const left =
    series === undefined || after.item.kind !== 'event'
      ? now
      : await writeFurther(soap, now, {
          ...further,
          series,
          files: { files: files.occurrences, own: after.item.attachments, rescued },
        });
  const written = left
    ? writtenOf(kind, left, { draft: after, before })
    : only(await writtenNow(soap, kind, [id]));
  return withMade(written, made);
}

/** Nothing to send for the item itself: its version still has to be the one expected. */
async function unchanged(soap: Soap, { before, conflict }: UpdateRequest): Promise<EwsId> {
  const { kind, id } = parseId(before.id);
  if (conflict === 'forced') return { id, changeKey: before.version };
  const { version } = only(await listedNow(soap, kind, [id]));
  if (version !== before.version) throw new BackendError(failureOfCode('ErrorIrresolvableConflict'));
  return { id, changeKey: version };
}
