// Several items that are one object, written in as many calls as one (DESIGN §5): all updates in one call, all creations in one,
// all removals in one, then the occurrences of all series together.
import type { FolderId, GroupWrite, ItemId, Mailbox, Tags, Version, Written } from '../model/backend.ts';
import { BackendError, valueOf } from '../model/failure.ts';
import type { EventItem, Item, ItemKind } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import type { Markup } from '../xml/index.ts';
import { rescueFiles, writeFiles, writeOccurrenceFiles, type Rescued } from './attachments.ts';
import { failureOfCode } from './failures.ts';
import { maxOccurrences, type AttachmentDiff } from './fields/attachment-diff.ts';
import { changesFiles, diff, filesOfNew, occurrencesOfNew, renderCreate, type Diff } from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { renderChange } from './fields/row.ts';
import { changedTags } from './fields/tags.ts';
import { kindsBeside, parseId, renderItemId, type EwsId } from './ids.ts';
import { placesOf } from './occurrence-places.ts';
import { createItems } from './operations/create-item.ts';
import { deleteAttachments } from './operations/delete-attachment.ts';
import { deleteItems } from './operations/delete-item.ts';
import { moveItems } from './operations/move-item.ts';
import { updateItems } from './operations/update-item.ts';
import { writeOccurrences, type SeriesWrites } from './series.ts';
import type { Soap } from './soap.ts';
import { expect, listedNow, mayPass, seriesOf, writtenNow, writtenOf } from './written.ts';

type GroupCalls = Pick<Mailbox, 'writeAll' | 'moveAll'>;

/** `zone`: the mailbox's own, whose midnights are new whole days. */
export function openGroupWriting(soap: Soap, zone: ZoneId): GroupCalls {
  return {
    writeAll: (write) => writeAll(soap, write, zone),
    moveAll: (items, target) => moveAll(soap, items, target),
  };
}

async function writeAll(soap: Soap, write: GroupWrite, zone: ZoneId): Promise<readonly Written[]> {
  const kind = kindOf(write);
  const { id: folder } = parseId(write.folder);
  const changes = write.update.map(({ before, after }) => diff(before, after, zone));
  const files = [
    ...changes.map((each) => each.files),
    ...write.create.map((draft) => filesOfNew(draft, zone)),
  ];
  demandFewFiles(files);
  const rescued = await rescueFiles(
    soap,
    files.flatMap(({ rescue }) => rescue),
  );
  const updated = await updateAll(soap, write.update, { kind, zone, changes });
  const created = await createAll(soap, write.create, { kind, folder, zone });
  const all = [...updated, ...created];
  try {
    await removeAll(soap, write.remove, kind);
    const isDone = !(await writeFurther(soap, all, { files, rescued }));
    if (isDone) return all.map(({ written }) => written);
  } catch (error) {
    await leaveNothing(soap, { kind, error, created: created.map(({ id }) => id) });
    throw error;
  }
  return writtenNow(
    soap,
    kind,
    all.map(({ id }) => id),
  );
}

function kindOf({ folder, update, create, remove }: GroupWrite): ItemKind {
  const [id] = [...update.map(({ before }) => before.id), ...remove.map((each) => each.id)];
  return create[0]?.item.kind ?? parseId(id ?? folder).kind;
}

/** One item as it is after the first calls. */
interface Done {
  readonly id: string;
  readonly written: Written;
  readonly series?: SeriesWrites & { readonly own: EventItem['attachments'] };
}

function demandFewFiles(files: readonly AttachmentDiff[]): void {
  if (files.flatMap(({ occurrences }) => occurrences).length > maxOccurrences)
    throw new BackendError({
      kind: 'inexpressible',
      message: `ATTACH: at most ${maxOccurrences} occurrences can get other files at once`,
    });
}

interface FileWrites {
  /** In the order of the items. */
  readonly files: readonly AttachmentDiff[];
  readonly rescued: Rescued;
}

/** Files and occurrences; whether there were any. */
async function writeFurther(
  soap: Soap,
  all: readonly Done[],
  { files, rescued }: FileWrites,
): Promise<boolean> {
  const gone = files.flatMap(({ remove }) => remove);
  for (const [index, { id }] of all.entries()) {
    const add = files[index]?.add ?? [];
    if (add.length > 0) await writeFiles(soap, id, { add, remove: [], rescued });
  }
  if (gone.length > 0)
    await deleteAttachments(
      soap,
      gone.map(({ id }) => id),
    );
  const series = all.flatMap((each) => (each.series ? [each.series] : []));
  const places = await placesOf(soap, series);
  const writes = series.flatMap((each, index) => {
    const found = places[index];
    return found ? [{ writes: each.writes, places: found }] : [];
  });
  await writeOccurrences(soap, writes, undefined);
  for (const [index, done] of all.entries()) {
    const occurrences = files[index]?.occurrences ?? [];
    if (done.series && occurrences.length > 0)
      await writeOccurrenceFiles(soap, done.series.series, {
        files: occurrences,
        own: done.series.own,
        rescued,
      });
  }
  return series.some(({ writes: each }) => each.length > 0) || files.some(changesFiles);
}

/** What the server will never take must leave nothing behind; what may pass stays, and the same PUT finds it by its tag. */
async function leaveNothing(
  soap: Soap,
  {
    kind,
    error,
    created,
  }: { readonly kind: ItemKind; readonly error: unknown; readonly created: readonly string[] },
): Promise<void> {
  if (error instanceof BackendError && !mayPass.has(error.failure.kind)) await withdraw(soap, kind, created);
}

async function withdraw(soap: Soap, kind: ItemKind, created: readonly string[]): Promise<void> {
  const ids = created.map((id) => renderItemId(id));
  if (ids.length > 0) await deleteItems(soap, ids, { kind, mail: 'silent', type: 'SoftDelete' });
}

interface Updating {
  readonly kind: ItemKind;
  readonly zone: ZoneId;
  /** In the order of the updates. */
  readonly changes: readonly Diff[];
}

/** The guarded writes come first: they are the If-Match check. */
async function updateAll(
  soap: Soap,
  update: GroupWrite['update'],
  { kind, zone, changes }: Updating,
): Promise<readonly Done[]> {
  const planned = update.flatMap((request, index) => {
    const own = changes[index];
    return own ? [{ request, own, id: parseId(request.before.id).id }] : [];
  });
  const changed = planned.flatMap(({ request, own, id }) => {
    const all = [...own.changes, ...own.attendees];
    return all.length === 0 ? [] : [{ id, item: renderItemId(id, request.before.version), changes: all }];
  });
  const keys = new Map<string, string>();
  if (changed.length > 0) {
    const items = changed.map(({ item, changes: all }) => ({ id: item, changes: all }));
    const outcomes = await updateItems(soap, items, { kind, conflict: 'guarded', tells: undefined });
    const refs = outcomes.map(valueOf);
    for (const [index, { id }] of changed.entries()) keys.set(id, refs[index]?.changeKey ?? '');
  } else if (planned.length > 0) await demandUnchanged(soap, update, kind);
  return planned.map(({ request, own, id }) => {
    const { before, after } = request;
    const series = seriesOf(request, { changes: own, zone });
    const changeKey = keys.get(id) ?? before.version;
    return {
      id,
      written: writtenOf(kind, { id, changeKey }, { draft: after, before }),
      ...(series && { series: { series, writes: own.occurrences, own: filesOf(after.item) } }),
    };
  });
}

/** Nothing to send for the items themselves: their versions still have to be the ones expected. */
async function demandUnchanged(soap: Soap, update: GroupWrite['update'], kind: ItemKind): Promise<void> {
  const now = await listedNow(
    soap,
    kind,
    update.map(({ before }) => parseId(before.id).id),
  );
  if (update.some(({ before }, index) => now[index]?.version !== before.version))
    throw new BackendError(failureOfCode('ErrorIrresolvableConflict'));
}

async function createAll(
  soap: Soap,
  create: GroupWrite['create'],
  { kind, folder, zone }: { readonly kind: ItemKind; readonly folder: string; readonly zone: ZoneId },
): Promise<readonly Done[]> {
  if (create.length === 0) return [];
  const items = create.map((draft) => renderCreate(draft, zone));
  const outcomes = await createItems(soap, { folder, kind, items, mail: 'silent' });
  const ids = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.id] : []));
  const bad = outcomes.find((outcome) => !outcome.ok);
  if (bad?.ok === false) {
    // Some are there and some are not: that is no object of anybody's.
    await withdraw(soap, kind, ids);
    throw new BackendError(bad.failure);
  }
  return create.map((draft, index) => {
    const ref = expect(outcomes[index]);
    const { item } = draft;
    const series = item.kind === 'event' ? { id: ref.id, item, dayZone: zone, ...uidOf(item) } : undefined;
    return {
      id: ref.id,
      written: writtenOf(kind, ref, { draft }),
      ...(series && { series: { series, writes: occurrencesOfNew(draft, zone), own: filesOf(item) } }),
    };
  });
}

function uidOf({ uid }: EventItem): { readonly uid?: string } {
  return uid === undefined ? {} : { uid };
}

function filesOf(item: Item): EventItem['attachments'] {
  return item.kind === 'event' ? item.attachments : [];
}

async function removeAll(soap: Soap, remove: GroupWrite['remove'], kind: ItemKind): Promise<void> {
  if (remove.length === 0) return;
  const ids = remove.map(({ id, version }) => renderItemId(parseId(id).id, version));
  for (const outcome of await deleteItems(soap, ids, { kind, mail: 'silent' }))
    if (!outcome.ok && outcome.failure.kind !== 'not-found') throw new BackendError(outcome.failure);
}

interface Moving {
  readonly id: ItemId;
  readonly version?: Version;
  readonly tags?: Tags;
}

export async function moveAll(
  soap: Soap,
  items: readonly Moving[],
  target: FolderId,
): Promise<readonly Written[]> {
  const { kind: among, id: folder } = parseId(target);
  const [kind = among] = items.map(({ id }) => parseId(id).kind);
  if (items.some(({ id }) => parseId(id).kind !== kind) || !kindsBeside(among).includes(kind))
    throw new BackendError({ kind: 'invalid', message: 'the folder is for items of another kind' });
  const moved = await moveItems(soap, await tagged(soap, items, kind), folder);
  const ids = moved.map((outcome) => {
    const ref = valueOf(outcome);
    if (ref === undefined)
      throw new BackendError({ kind: 'unavailable', message: 'Exchange moved an item but did not name it' });
    return ref.id;
  });
  return writtenNow(soap, kind, ids);
}

/** Tags first: with a version this is the check that nobody was faster. */
async function tagged(soap: Soap, items: readonly Moving[], kind: ItemKind): Promise<readonly EwsId[]> {
  const changes = items.flatMap(({ id, version, tags = {} }, index) => {
    const each = renderTagChanges(kind, tags);
    return each.length === 0 ? [] : [{ index, id: renderItemId(parseId(id).id, version), changes: each }];
  });
  const refs = items.map(({ id, version = '' }) => ({ id: parseId(id).id, changeKey: version }));
  if (changes.length === 0) return refs;
  const conflict = items.every(({ version }) => version !== undefined) ? 'guarded' : 'forced';
  const outcomes = await updateItems(soap, changes, { kind, conflict, tells: undefined });
  const now = new Map(outcomes.map((outcome, at) => [changes[at]?.index, valueOf(outcome)]));
  return refs.map((ref, index) => now.get(index) ?? ref);
}

/** Each tag that is given, written anew; an empty one goes. */
function renderTagChanges(kind: ItemKind, tags: Tags): readonly Markup[] {
  const other = { uid: '\0', href: '\0', residue: '\0', unsent: '\0' }; // differs from every tag there can be
  return changedTags(other, tags).map((property) => renderChange(elementOf[kind], property));
}
