// From a listing of changes to the rows of the ledger that change: pure but for looking rows up.
import type { Change, ItemId } from '../model/backend.ts';
import type { Ledger, LedgerEntry, LedgerHead, LedgerRow, LedgerScope } from '../model/store.ts';
import { claimsOf, etagOf, hrefOf, nameObjects, type Entry, type FolderObject } from './identity.ts';
import {
  itemKey,
  ledgerEntryOf,
  namesOf,
  objectOf,
  tombstone,
  uidKey,
  valueOf,
  wantedKey,
} from './ledger-value.ts';
import { openPace } from './pace.ts';
import { nextRevision } from './tokens.ts';

/** What the backend told, all pages together: the last word on each item. */
export interface Listing {
  readonly mode: 'delta' | 'full';
  readonly changes: ReadonlyMap<ItemId, Change>;
  readonly cursor: string | undefined;
}

export interface Basis {
  readonly ledger: Ledger;
  readonly scope: LedgerScope;
  readonly extension: string;
  readonly now: number;
  /** What the ledger says now; undefined: there is none, or none that can be used. */
  readonly head: LedgerHead | undefined;
  /** The newest token ever given here, also by a ledger that is not used any more. */
  readonly lastRevision: number | undefined;
  /** Every text changed, because the translation did. */
  readonly restamp: boolean;
  /** Every row is looked at, though the listing may name few. */
  readonly isWhole?: boolean;
  /** Which items that were written as several of one object still are; absent: those that the listing tells of are. */
  readonly judge?: (
    entries: readonly Entry[],
    known: ReadonlyMap<ItemId, FolderObject>,
  ) => Promise<readonly Entry[]>;
}

export interface LedgerChange {
  readonly head: LedgerHead;
  readonly rows: readonly LedgerEntry[];
  readonly replace: boolean;
}

/** From so many changes on, reading the whole folder is cheaper than looking up what they touch. */
const manyChanges = 300;

/** undefined: the ledger says all this already. */
export async function reconcile(basis: Basis, listing: Listing): Promise<LedgerChange | undefined> {
  const { head, extension } = basis;
  const rows = await affectedRows(basis, listing);
  const pace = openPace();
  const before = new Map<string, { readonly row: LedgerRow; readonly object: FolderObject }>();
  const known = new Map<ItemId, FolderObject>();
  for (const row of rows) {
    const object = objectOf(row, extension);
    before.set(row.href, { row, object });
    for (const { id } of object.entries) known.set(id, object);
    await pace();
  }

  const listed = await entriesAfter([...before.values()], listing);
  const objects = await nameObjects((await basis.judge?.(listed, known)) ?? listed, known, extension);
  const revision = nextRevision(basis.lastRevision, basis.now);
  const written: LedgerEntry[] = [];
  for (const object of objects) {
    const old = before.get(object.href);
    before.delete(object.href);
    const entry = ledgerEntryOf(object, revision, extension);
    if (!old || basis.restamp || !isSame(old.object, object)) written.push(entry);
    else if (old.row.value !== valueOf(object, extension))
      written.push({ ...entry, revision: old.row.revision });
    await pace();
  }
  for (const href of before.keys()) written.push(tombstone(href, revision));

  const isNewRevision = head === undefined || written.some((row) => row.revision === revision);
  if (written.length === 0 && head !== undefined && head.cursor === listing.cursor) return undefined;
  return {
    head: {
      birth: head?.birth ?? revision,
      revision: isNewRevision ? revision : head.revision,
      ...(listing.cursor !== undefined && { cursor: listing.cursor }),
    },
    rows: written,
    replace: head === undefined,
  };
}

/** Same text for a client: the etag says so, whatever else a listing tells. */
function isSame(a: FolderObject, b: FolderObject): boolean {
  return etagOf(a, 0) === etagOf(b, 0);
}

async function entriesAfter(before: readonly { object: FolderObject }[], listing: Listing): Promise<Entry[]> {
  const pace = openPace();
  const entries = new Map<ItemId, Entry>();
  if (listing.mode === 'delta') {
    for (const { object } of before) for (const entry of object.entries) entries.set(entry.id, entry);
  }
  for (const [id, change] of listing.changes) {
    if (change.kind === 'gone') entries.delete(id);
    else entries.set(id, claimsOf(change.listed));
    await pace();
  }
  return [...entries.values()];
}

/** Every row whose name could change with the listing: those of its items, and those that share a claim, again and again. */
async function affectedRows(basis: Basis, listing: Listing): Promise<readonly LedgerRow[]> {
  const { ledger, scope, extension } = basis;
  if (basis.head === undefined) return [];
  const isWhole = listing.mode === 'full' || basis.restamp || basis.isWhole === true;
  if (isWhole || listing.changes.size > manyChanges) return ledger.rows(scope);
  const found = new Map<string, LedgerRow>();
  const asked = new Set<string>();
  let claims = [...listing.changes.values()].flatMap((change) =>
    change.kind === 'present' ? claimsOfEntry(claimsOf(change.listed), extension) : [],
  );
  let keys = [...listing.changes.keys()].map(itemKey);
  for (;;) {
    const hrefs = unasked(
      asked,
      claims.map((claim) => claim.href),
    );
    keys = unasked(asked, [...keys, ...claims.map((claim) => claim.key)]);
    if (keys.length === 0 && hrefs.length === 0) return [...found.values()];
    const rows = [...(await ledger.byKey(scope, keys)), ...(await ledger.byHref(scope, hrefs))];
    const fresh = rows.filter((row) => !row.gone && !found.has(row.href));
    for (const row of fresh) found.set(row.href, row);
    claims = fresh.flatMap((row) => claimsOfObject(objectOf(row, extension), extension));
    keys = [];
  }
}

interface Claim {
  readonly key: string;
  readonly href: string;
}

function claimsOfEntry(entry: Entry, extension: string): Claim[] {
  return claimsOfObject(
    { href: hrefOf(entry.claim.uid, extension), uid: entry.claim.uid, entries: [entry] },
    extension,
  );
}

/** Where rivals for its UIDs and hrefs are found: by key, and by the href that a UID gives. */
function claimsOfObject(object: FolderObject, extension: string): Claim[] {
  const { uids, hrefs } = namesOf(object, extension);
  const claimed = new Set([
    ...hrefs,
    ...object.entries.flatMap(({ claim, part }) => [claim.href ?? [], part?.whole.href ?? []].flat()),
  ]);
  return [
    ...[...uids].map((uid) => ({ key: uidKey(uid), href: hrefOf(uid, extension) })),
    ...[...claimed].map((href) => ({ key: wantedKey(href), href })),
  ];
}

function unasked(asked: Set<string>, values: readonly string[]): string[] {
  const fresh = [...new Set(values)].filter((value) => !asked.has(value));
  for (const value of fresh) asked.add(value);
  return fresh;
}
