// Brings the ledger of a folder up to date with the mailbox (DESIGN §4, §5): one call when little changed.
import type { Change, ItemId } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import type { LedgerHead } from '../model/store.ts';
import { doubt, isFresh, seen } from './freshness.ts';
import type { Entry } from './identity.ts';
import { itemKey, ledgerFormat, objectOf } from './ledger-value.ts';
import { type OpenFolder, textVersion } from './open-folder.ts';
import { openPace } from './pace.ts';
import { judgeParts, judgeWrite } from './parts.ts';
import { type Listing, reconcile } from './reconcile.ts';

/** Attempts against other replicas that write the same ledger. */
const maxAttempts = 8;

/**
 * The head of a ledger that is up to date. `force`: a refresh that begins only now.
 * One refresh serves everybody who waits; leaving (`signal`) does not stop it for the others.
 */
export async function upToDate(
  open: OpenFolder,
  options: { force?: boolean; signal?: AbortSignal } = {},
): Promise<LedgerHead> {
  const { freshness, ledger, scope } = open;
  let needed = options.force ? freshness.begun + 1 : 0;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    options.signal?.throwIfAborted();
    if (freshness.flight === undefined && (freshness.begun < needed || !isFresh(freshness, open.now())))
      begin(open);
    const number = freshness.begun;
    if (freshness.flight) await leaving(freshness.flight, options.signal);
    if (number < needed) continue;
    const head = await ledger.head(scope);
    if (head && cursorOf(open, head)) {
      seen(freshness, head.revision);
      return head;
    }
    needed = number + 1;
  }
  throw new BackendError({ kind: 'unavailable', message: 'the store does not keep what is written to it' });
}

function begin(open: OpenFolder): void {
  const { freshness } = open;
  freshness.begun += 1;
  freshness.beganAt = open.now();
  freshness.flight = fly(open, freshness.doubts);
  // Everybody may have left by the time it fails.
  freshness.flight.catch(() => undefined);
}

async function fly(open: OpenFolder, doubts: number): Promise<void> {
  const { freshness } = open;
  try {
    await refresh(open);
    if (doubts === freshness.doubts) freshness.endedAt = open.now();
  } finally {
    freshness.flight = undefined;
  }
}

async function leaving<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([work, left.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

async function refresh(open: OpenFolder): Promise<void> {
  const { ledger, scope, extension } = open;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const head = await ledger.head(scope);
    const known = head && cursorOf(open, head);
    const began = open.now();
    const listing = withVanished(await list(open, known?.cursor), known?.made ?? []);
    open.note({ kind: 'refresh', mode: listing.mode, changes: listing.changes.size, ms: open.now() - began });
    // An empty listing need not be written: the old cursor tells the same once more.
    const isUnsure = open.freshness.isUnsureOfParts;
    if (known && !known.restamp && !isUnsure && listing.mode === 'delta' && listing.changes.size === 0)
      return;
    const change = await reconcile(
      {
        ledger,
        scope,
        extension,
        now: open.now(),
        head: known && head,
        lastRevision: head?.revision ?? open.freshness.highest,
        restamp: known?.restamp ?? false,
        isWhole: isUnsure,
        judge: (entries, before) =>
          judgeParts(open, entries, { known: before, isAnew: isUnsure || known?.restamp !== false }),
      },
      { ...listing, cursor: cursorText(open, listing.cursor) },
    );
    if (change && !(await ledger.commit(scope, head?.revision, change))) continue;
    if (isUnsure) open.freshness.isUnsureOfParts = false;
    return;
  }
  throw new BackendError({ kind: 'unavailable', message: 'others write this ledger all the time' });
}

type Listed = Listing & { readonly cursor: string };

/** Of what was made and removed since a cursor the mailbox says nothing (BEHAVIOUR §5), but the ledger may have it from us. */
function withVanished(listing: Listed, made: readonly ItemId[]): Listed {
  const vanished = made.filter((id) => !listing.changes.has(id));
  if (vanished.length === 0) return listing;
  const gone = vanished.map((id) => [id, { kind: 'gone', id }] as const);
  return { ...listing, changes: new Map<ItemId, Change>([...listing.changes, ...gone]) };
}

async function list(open: OpenFolder, cursor: string | undefined): Promise<Listed> {
  try {
    return await listFrom(open, cursor);
  } catch (error) {
    if (cursor === undefined || !(error instanceof BackendError) || error.failure.kind !== 'cursor-lost')
      throw error;
    open.note({ kind: 'cursor-lost' });
    return { ...(await listFrom(open, undefined)), mode: 'full' };
  }
}

async function listFrom(open: OpenFolder, cursor: string | undefined): Promise<Listed> {
  const changes = new Map<ItemId, Change>();
  const pace = openPace();
  let mode: Listing['mode'] = cursor === undefined ? 'full' : 'delta';
  let last = cursor;
  for await (const page of open.mailbox.changes(open.folder.id, cursor)) {
    if (page.mode === 'full') mode = 'full';
    for (const change of page.changes) {
      const id = change.kind === 'gone' ? change.id : change.listed.id;
      // Last word, and in the order of the last words.
      changes.delete(id);
      changes.set(id, change);
      await pace();
    }
    last = page.cursor;
  }
  if (last === undefined)
    throw new BackendError({ kind: 'unavailable', message: 'the listing of changes was empty' });
  return { mode, changes, cursor: last };
}

/**
 * Enters our own write at once. Only while the ledger still has the cursor that was known before the write: then the next
 * listing begins before the write and tells everything that happened since. Otherwise the next question asks the mailbox.
 */
export async function recordWrite(
  open: OpenFolder,
  before: LedgerHead | undefined,
  changes: readonly Change[],
): Promise<void> {
  const { ledger, scope, extension } = open;
  const listed = new Map(
    changes.map((change) => [change.kind === 'gone' ? change.id : change.listed.id, change]),
  );
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const head = await ledger.head(scope);
    const known = head && cursorOf(open, head);
    if (!known || !before || known.cursor !== cursorOf(open, before)?.cursor) break;
    const entries = await entriesOf(open, [...listed.keys()]);
    const made = [...listed.keys()].filter((id) => !entries.has(id));
    const change = await reconcile(
      {
        ledger,
        scope,
        extension,
        now: open.now(),
        head,
        lastRevision: head.revision,
        restamp: false,
        judge: (after, known) => judgeWrite(open, after, { known, written: listed }),
      },
      {
        mode: 'delta',
        changes: new Map([...listed].map(([id, each]) => [id, ranked(each, entries.get(id))])),
        cursor: cursorText(open, known.cursor, [...new Set([...known.made, ...made])]),
      },
    );
    if (!change) return;
    if (await ledger.commit(scope, head.revision, change)) return seen(open.freshness, change.head.revision);
  }
  doubt(open.freshness);
}

/** What the ledger has of items. */
async function entriesOf(open: OpenFolder, ids: readonly ItemId[]): Promise<ReadonlyMap<ItemId, Entry>> {
  const rows = await open.ledger.byKey(open.scope, ids.map(itemKey));
  const objects = rows.filter((row) => !row.gone).map((row) => objectOf(row, open.extension));
  return new Map(objects.flatMap(({ entries }) => entries.map((entry) => [entry.id, entry])));
}

/** A write answers no rank; that of an item never changes, and a write that changed nothing is followed by no listing. */
function ranked(change: Change, known: Entry | undefined): Change {
  if (change.kind === 'gone' || known === undefined) return change;
  return { ...change, listed: { ...change.listed, rank: known.rank } };
}

/** The ledger's cursor carries what the rows depend on beside the mailbox: also what we made since, of which no listing has told. */
function cursorText(open: OpenFolder, cursor: string, made: readonly ItemId[] = []): string {
  const version = `${ledgerFormat}.${textVersion(open)}`;
  return `${[version, ...made].join(' ')}\n${cursor}`;
}

interface KnownCursor {
  readonly cursor: string;
  readonly restamp: boolean;
  readonly made: readonly ItemId[];
}

/** undefined: rows of another format, of no use. `restamp`: rows are fine, but every text has changed. */
function cursorOf(open: OpenFolder, head: LedgerHead): KnownCursor | undefined {
  const [, format, version, made = '', cursor] =
    /^(\d+)\.([\w-]+)((?: [^ \n]+)*)\n(.*)$/s.exec(head.cursor ?? '') ?? [];
  if (Number(format) !== ledgerFormat || !cursor) return undefined;
  return { cursor, restamp: version !== textVersion(open), made: made.split(' ').filter(Boolean) };
}
