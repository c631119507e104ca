// Reading a mailbox: changes of a folder, events in a range, whole items with their changed occurrences, parts (DESIGN §5).
import { setImmediate as turn } from 'node:timers/promises';
import type { Change, ChangePage, Cursor, FolderId, ItemId, Mailbox, Stored } from '../model/backend.ts';
import { BackendError, failed, success, type Failure, type Outcome } from '../model/failure.ts';
import type { ItemKind } from '../model/item.ts';
import type { Range, ZoneId } from '../model/time.ts';
import { childOf, textOf, xml, type XmlElement } from '../xml/index.ts';
import { itemShape, listingShape, occurrenceIdsOf, readListed, readStored } from './fields/index.ts';
import { ewsIdIn, itemIdOf, kindsBeside, parseId, parseMessageId, renderItemId } from './ids.ts';
import { openInbox } from './inbox.ts';
import { findInstances, findItems } from './operations/find-item.ts';
import { attachmentsPerGet, getAttachments } from './operations/get-attachment.ts';
import { getItems, itemsPerGet } from './operations/get-item.ts';
import { field } from './operations/shape.ts';
import { syncFolderItems, type SyncChange, type SyncPage } from './operations/sync-folder-items.ts';
import { batchesOf, inParallel, type Job } from './parallel.ts';
import type { Soap } from './soap.ts';
import { withSmtpAddresses, type X500Names } from './x500.ts';

type ReadingCalls = Pick<Mailbox, 'inbox' | 'dismiss' | 'changes' | 'find' | 'fetch' | 'open'>;

export interface ReadingOptions {
  /** The mailbox's own zone, in which its programs reckon days. */
  readonly zone: ZoneId;
  /** The mailbox opened, when it is not the user's own. */
  readonly other?: string;
  readonly names: X500Names;
}

export function openReading(soap: Soap, options: ReadingOptions): ReadingCalls {
  const messages = openInbox(soap, options);
  return {
    inbox: messages.inbox,
    dismiss: messages.dismiss,
    changes: (folder, cursor, signal) =>
      messages.isInbox(folder) ? messages.changes(signal) : changesOf(soap, { folder, cursor, signal }),
    find: (folder, range, signal) => findEvents(soap, { folder, range, signal }),
    async *fetch(ids, signal) {
      const invitations = ids.filter((id) => parseMessageId(id) !== undefined);
      const items = ids.filter((id) => parseMessageId(id) === undefined);
      if (invitations.length > 0) yield* messages.fetch(invitations, signal);
      if (items.length > 0) yield* fetchItems(soap, { ids: items, signal, ...options });
    },
    async *open(parts, signal) {
      const jobs = batchesOf([...new Set(parts.map(({ id }) => id))], attachmentsPerGet).map(
        (ids) => async (signal: AbortSignal) => {
          const outcomes = await getAttachments(soap, ids, signal);
          return ids.flatMap((id, index) => pairOf(id, outcomes[index]));
        },
      );
      for await (const pairs of inParallel(jobs, soap.width, signal)) yield* pairs;
    },
  };
}

function pairOf<T>(id: string, outcome: T | undefined): readonly (readonly [string, T])[] {
  return outcome === undefined ? [] : [[id, outcome]];
}

interface ChangesRequest {
  readonly folder: FolderId;
  readonly cursor?: Cursor;
  readonly signal?: AbortSignal;
}

async function* changesOf(soap: Soap, request: ChangesRequest): AsyncGenerator<ChangePage> {
  const { kind, id } = parseId(request.folder);
  const shape = listingShape(kind);
  const ask = (syncState: string | undefined): Promise<SyncPage> => {
    const page = syncFolderItems(soap, { folder: id, syncState, shape }, request.signal);
    page.catch(() => {}); // asked ahead: its failure counts only when it is waited for
    return page;
  };
  const mode = request.cursor === undefined ? 'full' : 'delta';
  for (let asked: Promise<SyncPage> | undefined = ask(request.cursor); asked !== undefined;) {
    const page: SyncPage = await asked;
    // The next page is on its way while the caller stores this one.
    asked = page.isLast ? undefined : ask(page.syncState);
    yield { mode, changes: page.changes.flatMap((change) => changeOf(kind, change)), cursor: page.syncState };
  }
}

/** Items of another class than the folder's (notes in a calendar) are no members. What is gone has no class any more. */
function changeOf(kind: ItemKind, change: SyncChange): readonly Change[] {
  if (change.kind === 'gone')
    return kindsBeside(kind).map((each) => ({ kind: 'gone', id: itemIdOf(each, change.id) }));
  const listed = readListed(change.item);
  return listed !== undefined && kindsBeside(kind).includes(listed.kind)
    ? [{ kind: 'present', listed: { ...listed, id: itemIdOf(listed.kind, listed.id) } }]
    : [];
}

interface FindRequest {
  readonly folder: FolderId;
  readonly range: Range;
  readonly signal?: AbortSignal;
}

async function findEvents(soap: Soap, { folder, range, signal }: FindRequest): Promise<readonly ItemId[]> {
  const { kind, id } = parseId(folder);
  if (kind !== 'event')
    throw new BackendError({ kind: 'invalid', message: 'only calendars have time ranges' });
  const { from, to } = range;
  if (from === undefined || to === undefined) {
    const items = await findItems(soap, { folder: id, shape: [], restriction: openRange(range) }, signal);
    return items.flatMap((item) => ewsIdIn(item)?.id ?? []).map((found) => itemIdOf('event', found));
  }
  const shape = ['calendar:Start', 'calendar:UID', 'calendar:CalendarItemType'].map(field);
  const instances = await findInstances(soap, { folder: id, shape, from, to }, signal);
  const singles = new Set<string>();
  const ofSeries = new Map<string, string>();
  for (const item of instances) {
    const found = ewsIdIn(item)?.id;
    if (found === undefined) continue;
    if (textOf(childOf(item, 'CalendarItemType')) === 'Single') singles.add(found);
    else ofSeries.set(textOf(childOf(item, 'UID')) || found, found);
  }
  const masters = await mastersOf(soap, [...ofSeries.values()], signal);
  return [...new Set([...singles, ...masters])].map((found) => itemIdOf('event', found));
}

/** A view cannot be open: singles by their times, and every series, of which the server tells no end here (0x8223 Recurring). */
function openRange({ from, to }: Range) {
  const compare = (name: string, uri: string, instant: number) =>
    xml(
      `t:${name}`,
      {},
      field(uri),
      xml('t:FieldURIOrConstant', {}, xml('t:Constant', { Value: new Date(instant).toISOString() })),
    );
  const recurring = xml(
    't:IsEqualTo',
    {},
    xml('t:ExtendedFieldURI', {
      DistinguishedPropertySetId: 'Appointment',
      PropertyId: 0x8223,
      PropertyType: 'Boolean',
    }),
    xml('t:FieldURIOrConstant', {}, xml('t:Constant', { Value: 'true' })),
  );
  if (from !== undefined) return xml('t:Or', {}, recurring, compare('IsGreaterThan', 'calendar:End', from));
  if (to !== undefined) return xml('t:Or', {}, recurring, compare('IsLessThan', 'calendar:Start', to));
  return xml('t:Exists', {}, field('calendar:Start'));
}

async function mastersOf(
  soap: Soap,
  occurrences: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const jobs = batchesOf(occurrences, itemsPerGet).map((ids) => (signal: AbortSignal) => {
    const masters = ids.map((id) => xml('t:RecurringMasterItemId', { OccurrenceId: id }));
    return getItems(soap, { ids: masters, shape: [] }, signal);
  });
  const found: string[] = [];
  for await (const outcomes of inParallel(jobs, soap.width, signal))
    for (const outcome of outcomes) {
      const master = outcome.ok ? ewsIdIn(outcome.value) : undefined;
      if (master !== undefined) found.push(master.id);
    }
  return found;
}

type Fetched = readonly [ItemId, Outcome<Stored>];
type Read = readonly [string, Outcome<XmlElement>];

/** A series that waits for its changed occurrences. */
interface Series {
  readonly id: ItemId;
  readonly master: XmlElement;
  readonly occurrences: readonly string[];
}

async function* fetchItems(
  soap: Soap,
  {
    ids,
    zone,
    names,
    signal,
  }: ReadingOptions & { readonly ids: readonly ItemId[]; readonly signal?: AbortSignal },
): AsyncGenerator<Fetched> {
  const storedOf = storedIn(zone, names);
  const waiting: Series[] = [];
  const asked = new Map(ids.map((id) => [parseId(id).id, id]));
  for await (const { kind, read } of inParallel(readJobs(soap, ids), soap.width, signal)) {
    for (const [ewsId, outcome] of await named(soap, names, { read, signal })) {
      const id = asked.get(ewsId) ?? itemIdOf(kind, ewsId);
      const occurrences = outcome.ok && kind === 'event' ? occurrenceIdsOf(outcome.value) : [];
      if (outcome.ok && occurrences.length > 0) waiting.push({ id, master: outcome.value, occurrences });
      else yield [id, storedOf(id, outcome, [])];
    }
    await turn(); // several batches may have come at once: each has its own turn of the event loop
  }
  // Occurrences of all series together, so that their number alone decides how many calls they take.
  const found = new Map<string, Outcome<XmlElement>>();
  const wanted = waiting.flatMap(({ occurrences }) => occurrences);
  for await (const read of inParallel(batchJobs(soap, 'event', wanted), soap.width, signal))
    for (const [id, outcome] of await named(soap, names, { read, signal })) found.set(id, outcome);
  for (const { id, master, occurrences } of waiting)
    yield [
      id,
      storedOf(
        id,
        success(master),
        occurrences.map((occurrence) => found.get(occurrence)),
      ),
    ];
}

/** Everybody by an address. */
async function named(
  soap: Soap,
  names: X500Names,
  { read, signal }: { readonly read: readonly Read[]; readonly signal: AbortSignal | undefined },
): Promise<readonly Read[]> {
  const outcomes = read.map(([, outcome]) => outcome);
  const found = await withSmtpAddresses(soap, { names, items: outcomes }, signal);
  return read.map(([id, outcome], index) => [id, found[index] ?? outcome]);
}

function readJobs(
  soap: Soap,
  ids: readonly ItemId[],
): readonly Job<{ readonly kind: ItemKind; readonly read: readonly Read[] }>[] {
  const byKind = new Map<ItemKind, string[]>();
  for (const id of new Set(ids)) {
    const parsed = parseId(id);
    // What lies in one folder is asked for in one call.
    const [kind = parsed.kind] = kindsBeside(parsed.kind);
    const known = byKind.get(kind);
    if (known === undefined) byKind.set(kind, [parsed.id]);
    else known.push(parsed.id);
  }
  return [...byKind].flatMap(([kind, list]) =>
    batchJobs(soap, kind, list).map((job) => async (signal: AbortSignal) => ({
      kind,
      read: await job(signal),
    })),
  );
}

function batchJobs(soap: Soap, kind: ItemKind, ids: readonly string[]): readonly Job<readonly Read[]>[] {
  const shape = itemShape(kind, soap.version());
  return batchesOf(ids, itemsPerGet).map((batch) => async (signal: AbortSignal) => {
    const rendered = batch.map((id) => renderItemId(id));
    const outcomes = await getItems(soap, { ids: rendered, shape }, signal);
    return batch.flatMap((id, index) => pairOf(id, outcomes[index]));
  });
}

type Understand = (
  id: ItemId,
  outcome: Outcome<XmlElement>,
  occurrences: readonly (Outcome<XmlElement> | undefined)[],
) => Outcome<Stored>;

function storedIn(zone: ZoneId, names: X500Names): Understand {
  return (id, outcome, occurrences) => {
    if (!outcome.ok) return outcome;
    const stored = understood(id, outcome.value, { occurrences, zone });
    const isOpen = [outcome, ...occurrences].some((each) => each?.ok === true && names.open.has(each.value));
    return isOpen && stored.ok ? success({ ...stored.value, isProvisional: true }) : stored;
  };
}

/** Whatever one item throws while being understood is that item's failure alone. */
function understood(
  id: ItemId,
  element: XmlElement,
  { occurrences, zone }: { occurrences: readonly (Outcome<XmlElement> | undefined)[]; zone: ZoneId },
): Outcome<Stored> {
  const elements: XmlElement[] = [];
  for (const occurrence of occurrences) {
    if (occurrence?.ok !== true)
      return failed(occurrence === undefined ? vanished : seriesFailure(occurrence.failure));
    elements.push(occurrence.value);
  }
  try {
    return success({ ...readStored(element, elements, zone), id });
  } catch (error) {
    return failed(
      error instanceof BackendError
        ? error.failure
        : { kind: 'unreadable', message: 'the stored item cannot be understood', code: nameOf(error) },
    );
  }
}

const vanished: Failure = { kind: 'unavailable', message: 'the series changed while it was being read' };

/** The series is there; that one of its occurrences is not, means that it changed between the two calls. */
function seriesFailure(failure: Failure): Failure {
  return failure.kind === 'not-found' ? { ...vanished, code: failure.code } : failure;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}
