// Several items that are one object, written in as many calls as one (DESIGN §5): all updates in one call, all creations in one,
// all removals in one, then the occurrences of all series together.
import type {
  Draft,
  FolderId,
  GroupWrite,
  ItemId,
  Mailbox,
  Tags,
  Version,
  Written,
} from '../model/backend.ts';
import { BackendError, valueOf, type Outcome } from '../model/failure.ts';
import type { ItemKind } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import type { Markup } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import { diff, occurrencesOfNew, renderCreate } from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { renderChange } from './fields/row.ts';
import { changedTags } from './fields/tags.ts';
import { parseId, renderItemId, type EwsId } from './ids.ts';
import { createItems } from './operations/create-item.ts';
import { deleteItems } from './operations/delete-item.ts';
import { moveItems } from './operations/move-item.ts';
import { updateItems } from './operations/update-item.ts';
import { writeOccurrences, type SeriesWrites } from './series.ts';
import type { Soap } from './soap.ts';
import { listedNow, mayPass, seriesOf, writtenNow, writtenOf } from './written.ts';

type GroupCalls = Pick<Mailbox, 'writeAll' | 'moveAll'>;

/** `zone`: the mailbox's own, whose midnights are new whole days. */
export function openGroupWriting(soap: Soap, zone: ZoneId): GroupCalls {
  return {
    writeAll: (write) => writeAll(soap, write, zone),
    moveAll: (items, target) => moveAll(soap, items, target),
  };
}

async function writeAll(soap: Soap, write: GroupWrite, zone: ZoneId): Promise<readonly Written[]> {
  const { kind, id: folder } = parseId(write.folder);
  const updated = await updateAll(soap, write, { kind, zone });
  const created = await createAll(soap, write, { kind, folder, zone });
  try {
    await removeAll(soap, write, kind);
    const writes = [...updated.writes, ...created.writes];
    if (writes.length === 0) return [...updated.written, ...created.written];
    await writeOccurrences(soap, writes, 'silent');
  } catch (error) {
    await leaveNothing(soap, { kind, error, created: created.ids });
    throw error;
  }
  const ids = [...updated.written, ...created.written].map(({ id }) => parseId(id).id);
  return writtenNow(soap, kind, ids);
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

interface Done {
  readonly written: readonly Written[];
  readonly writes: readonly SeriesWrites[];
}

/** The guarded writes come first: they are the If-Match check. */
async function updateAll(
  soap: Soap,
  { update, mail }: GroupWrite,
  { kind, zone }: { readonly kind: ItemKind; readonly zone: ZoneId },
): Promise<Done> {
  const planned = update.map((request) => {
    const changes = diff(request.before, request.after, zone);
    return { request, changes, id: parseId(request.before.id).id };
  });
  const changed = planned.filter(({ changes }) => changes.changes.length > 0);
  const keys = new Map<string, string>();
  if (changed.length > 0) {
    const items = changed.map(({ id, request, changes }) => ({
      id: renderItemId(id, request.before.version),
      changes: changes.changes,
    }));
    const outcomes = await updateItems(soap, items, { kind, conflict: 'guarded', mail });
    const refs = outcomes.map(valueOf);
    for (const [index, { id }] of changed.entries()) keys.set(id, refs[index]?.changeKey ?? '');
  } else if (planned.length > 0) await demandUnchanged(soap, update, kind);
  return {
    written: planned.map(({ request: { before, after }, id }) =>
      writtenOf(kind, { id, changeKey: keys.get(id) ?? before.version }, { draft: after, before }),
    ),
    writes: planned.flatMap(({ request, changes }) =>
      changes.occurrences.length === 0
        ? []
        : [{ series: seriesOf(request, { changes, zone }), writes: changes.occurrences }],
    ),
  };
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
  { create, mail }: GroupWrite,
  { kind, folder, zone }: { readonly kind: ItemKind; readonly folder: string; readonly zone: ZoneId },
): Promise<Done & { readonly ids: readonly string[] }> {
  if (create.length === 0) return { written: [], writes: [], ids: [] };
  const items = create.map((draft) => renderCreate(draft, zone));
  const outcomes = await createItems(soap, { folder, kind, items, mail });
  const ids = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value.id] : []));
  const bad = outcomes.find((outcome) => !outcome.ok);
  if (bad?.ok === false) {
    // Some are there and some are not: that is no object of anybody's.
    await withdraw(soap, kind, ids);
    throw new BackendError(bad.failure);
  }
  const made = create.map((draft, index) => ({ draft, ref: createdAt(outcomes, index) }));
  return {
    ids,
    written: made.map(({ draft, ref }) => writtenOf(kind, ref, { draft })),
    writes: made.flatMap(({ draft, ref }) => newOccurrences(draft, ref, zone)),
  };
}

function createdAt(outcomes: readonly Outcome<EwsId>[], index: number): EwsId {
  const outcome = outcomes[index];
  if (outcome === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  return valueOf(outcome);
}

function newOccurrences(draft: Draft, { id }: EwsId, zone: ZoneId): readonly SeriesWrites[] {
  const { item } = draft;
  if (item.kind !== 'event') return [];
  const writes = occurrencesOfNew(draft, zone);
  const series = { id, item, dayZone: zone, ...(item.uid !== undefined && { uid: item.uid }) };
  return writes.length === 0 ? [] : [{ series, writes }];
}

async function removeAll(soap: Soap, { remove, mail }: GroupWrite, kind: ItemKind): Promise<void> {
  if (remove.length === 0) return;
  const ids = remove.map(({ id, version }) => renderItemId(parseId(id).id, version));
  for (const outcome of await deleteItems(soap, ids, { kind, mail }))
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
  const { kind, id: folder } = parseId(target);
  if (items.some(({ id }) => parseId(id).kind !== kind))
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
  const outcomes = await updateItems(soap, changes, { kind, conflict, mail: 'silent' });
  const now = new Map(outcomes.map((outcome, at) => [changes[at]?.index, valueOf(outcome)]));
  return refs.map((ref, index) => now.get(index) ?? ref);
}

/** Each tag that is given, written anew; an empty one goes. */
function renderTagChanges(kind: ItemKind, tags: Tags): readonly Markup[] {
  const other = { uid: '\0', href: '\0', residue: '\0' }; // differs from every tag there can be
  return changedTags(other, tags).map((property) => renderChange(elementOf[kind], property));
}
