// Objects that the mailbox holds as several items (docs/decisions/0013): whether these still make up the whole, and the whole
// as if one item held it.
import type { ItemId, Stored } from '../model/backend.ts';
import { BackendError, failed, type Outcome, valueOf } from '../model/failure.ts';
import type { Member } from '../translate/index.ts';
import { doubt } from './freshness.ts';
import { byRank, type Entry, type FolderObject, isPart, withApart } from './identity.ts';
import { cacheKey, type OpenFolder } from './open-folder.ts';

export function isSplit(object: Pick<FolderObject, 'entries'>): boolean {
  return isPart(object.entries[0]);
}

type Reference = Pick<Entry, 'id' | 'version'>;

function storedKey(open: OpenFolder, item: Reference): string {
  return cacheKey(open, 'stored', item.id, item.version);
}

export function keepStored(open: OpenFolder, stored: Stored): void {
  if (stored.isProvisional !== true) open.cache.set(storedKey(open, stored), JSON.stringify(stored));
}

export function knownStored(open: OpenFolder, item: Reference): Stored | undefined {
  const cached = open.cache.get(storedKey(open, item));
  if (cached === undefined) return undefined;
  const stored: Stored = JSON.parse(cached);
  return stored;
}

/** What the mailbox holds under items: all that are not cached in one call. */
export async function loadItems(
  open: OpenFolder,
  items: readonly Reference[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<ItemId, Outcome<Stored>>> {
  const found = new Map<ItemId, Outcome<Stored>>();
  const missing: ItemId[] = [];
  for (const item of items) {
    const known = knownStored(open, item);
    if (known === undefined) missing.push(item.id);
    else found.set(item.id, { ok: true, value: known });
  }
  if (missing.length === 0) return found;
  for await (const [id, outcome] of open.mailbox.fetch(missing, signal)) {
    if (outcome.ok) keepStored(open, outcome.value);
    found.set(id, outcome);
  }
  return found;
}

/** What an object is rendered from: its items, or the one that they make up. @throws BackendError */
export function shownOf(
  open: OpenFolder,
  object: Pick<FolderObject, 'entries'>,
  stored: readonly Stored[],
): readonly Stored[] {
  if (!isSplit(object)) return stored;
  const joined = open.translation.joinParts(membersOf(object.entries, (_, index) => stored[index]));
  if (joined?.members.length === stored.length) return [joined.whole];
  // Changed since the listing: the next refresh tells what they are now.
  open.freshness.isUnsureOfParts = true;
  doubt(open.freshness);
  throw new BackendError({ kind: 'unavailable', message: 'it changed while it was being read' });
}

/** What a PUT compares with. @throws BackendError */
export async function loadWhole(
  open: OpenFolder,
  object: Pick<FolderObject, 'entries'>,
): Promise<{ readonly whole: Stored; readonly items: readonly Stored[] }> {
  const found = await loadItems(open, object.entries);
  const items = object.entries.map(({ id }) => valueOf(found.get(id) ?? failed(unanswered)));
  for (const [index, { version }] of object.entries.entries())
    if (items[index]?.version !== version)
      throw new BackendError({ kind: 'changed', message: 'it was changed meanwhile' });
  const [whole] = shownOf(open, object, items);
  if (whole === undefined) throw new BackendError(unanswered);
  return { whole, items };
}

const unanswered = { kind: 'not-found', message: 'the mailbox did not answer for this item' } as const;

function membersOf(
  entries: readonly Entry[],
  storedOf: (entry: Entry, index: number) => Stored | undefined,
): readonly Member[] {
  return entries.flatMap((entry, index) => {
    const stored = storedOf(entry, index);
    return entry.part && stored ? [{ name: entry.part.name, stored }] : [];
  });
}

/**
 * Entries with the word whether they still make up a whole. That follows from the items alone, so those of which one changed
 * are read; whoever synchronises asks for their text next, and that is cached then.
 */
export async function judgeParts(
  open: OpenFolder,
  entries: readonly Entry[],
  given: { readonly known: ReadonlyMap<ItemId, FolderObject>; readonly isAnew: boolean },
): Promise<readonly Entry[]> {
  const groups = Map.groupBy(
    entries.filter(({ part }) => part !== undefined),
    ({ part }) => part?.whole.uid,
  );
  if (groups.size === 0) return entries;
  const before = entriesBefore(given.known);
  const changed = [...groups.values()].filter((group) => given.isAnew || isChanged(group, before));
  const stored = await loadItems(open, changed.flat());
  const judged = new Map<ItemId, Entry>();
  for (const group of groups.values())
    for (const entry of group) judged.set(entry.id, asBefore(entry, before));
  for (const group of changed)
    for (const entry of judgeGroup(open, group, { stored, before })) judged.set(entry.id, entry);
  return entries.map((entry) => judged.get(entry.id) ?? entry);
}

/** After a write of ours: what was written together is whole, unless something that was there belongs to the same. */
export async function judgeWrite(
  open: OpenFolder,
  entries: readonly Entry[],
  given: {
    readonly known: ReadonlyMap<ItemId, FolderObject>;
    readonly written: ReadonlyMap<ItemId, unknown>;
  },
): Promise<readonly Entry[]> {
  const { known, written } = given;
  const wholes = new Set(
    entries.flatMap(({ id, part }) => (part && written.has(id) ? [part.whole.uid] : [])),
  );
  const isJoined = (entry: Entry): boolean =>
    entry.part !== undefined && !written.has(entry.id) && wholes.has(entry.part.whole.uid);
  return entries.some(isJoined) ? judgeParts(open, entries, { known, isAnew: false }) : entries;
}

type Before = ReadonlyMap<ItemId, Entry>;

function entriesBefore(known: ReadonlyMap<ItemId, FolderObject>): Before {
  const found = new Map<ItemId, Entry>();
  for (const object of new Set(known.values()))
    for (const entry of object.entries) if (entry.part) found.set(entry.id, entry);
  return found;
}

function isChanged(group: readonly Entry[], before: Before): boolean {
  const [first] = group;
  const was = [...before.values()].filter(({ part }) => part?.whole.uid === first?.part?.whole.uid);
  return was.length !== group.length || group.some(({ id, version }) => before.get(id)?.version !== version);
}

function asBefore(entry: Entry, before: Before): Entry {
  return withApart(entry, before.get(entry.id)?.part?.isApart ?? entry.part?.isApart ?? false);
}

/** Of two with one name (a copy) the elder counts: that is the same for who knows nothing of before. */
function judgeGroup(
  open: OpenFolder,
  group: readonly Entry[],
  { stored, before }: { readonly stored: ReadonlyMap<ItemId, Outcome<Stored>>; readonly before: Before },
): readonly Entry[] {
  const held = new Map<ItemId, Stored>();
  for (const { id } of group) {
    const outcome = stored.get(id);
    // What cannot be read says nothing: whoever reads the object is told.
    if (outcome?.ok !== true) return group.map((entry) => asBefore(entry, before));
    held.set(id, outcome.value);
  }
  const joined = open.translation.joinParts(membersOf(group.toSorted(byRank), ({ id }) => held.get(id)));
  const inside = new Set(joined?.members.map((member) => member.stored.id));
  return group.map((entry) => withApart(entry, !inside.has(entry.id)));
}
