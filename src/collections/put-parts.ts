// PUT of an object that is several items, or becomes so or one again (docs/decisions/0006): what is kept is updated, what is new
// created, what is too many removed, each in one call. After a break the same PUT finds by their tags what was made.
import { hash } from 'node:crypto';
import type { Draft, Expression, GroupWrite, ItemId, ItemPart, Stored, Written } from '../model/backend.ts';
import type { PutRequest } from '../model/collection.ts';
import type { Item } from '../model/item.ts';
import type { LedgerHead } from '../model/store.ts';
import type { Incoming } from '../translate/index.ts';
import { byRank, type Entry, type FolderObject, partUid, tagsFor } from './identity.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import type { OpenFolder } from './open-folder.ts';
import { isSplit, loadItems } from './parts.ts';
import { recordWrite } from './refresh.ts';
import { translating } from './refusals.ts';

/** How the mailbox can hold the text. */
export type Held = Exclude<Expression, { kind: 'refuse' }>;

export interface PartsRequest {
  readonly request: PutRequest;
  readonly head: LedgerHead;
  readonly incoming: Incoming;
  readonly expression: Held;
  /** What is there now. */
  readonly object?: FolderObject;
  readonly items: readonly Stored[];
}

export interface PartsWritten {
  readonly written: readonly Written[];
  readonly residue: string;
}

/** Whether a PUT needs this: the object is several items, or will be, or a write that broke midway has left some. */
export async function needsParts(
  open: OpenFolder,
  given: Omit<PartsRequest, 'request' | 'head'>,
): Promise<boolean> {
  const { expression, object } = given;
  if (expression.kind === 'split' || (object !== undefined && isSplit(object))) return true;
  return (await leftBehind(open, given)).length > 0;
}

export async function putParts(open: OpenFolder, given: PartsRequest): Promise<PartsWritten> {
  const { request, head, incoming, expression } = given;
  const plan = planParts(wantedOf(open, given), await presentOf(open, given));
  const { kind } = open.folder;
  const was = plan.remove.map(({ id }) => digestOf(id));
  const residue = translating(kind, () =>
    open.translation.residueOf(incoming, { ...expression, was }, (item) => open.mailbox.express(item)),
  );
  const uids = await newUids(open, { uid: incoming.uid, plan });
  const draft = (wanted: Wanted, nativeUid: string | undefined): Draft => ({
    item: withUid(wanted.part.item, nativeUid),
    tags: {
      ...tagsFor(
        {
          uid: incoming.uid,
          href: request.href,
          ...(wanted.name !== undefined && { part: wanted.name }),
        },
        nativeUid,
      ),
      residue: wanted === plan.first ? residue : '',
    },
  });
  const write: GroupWrite = {
    folder: open.folder.id,
    update: plan.update.map(({ wanted, stored }) => ({
      before: stored,
      after: draft(wanted, stored.nativeUid),
    })),
    create: plan.create.map((wanted) => draft(wanted, uids.get(wanted))),
    remove: plan.remove.map(({ id, version }) => ({ id, version })),
    mail: request.mail,
  };
  const written = await open.mailbox.writeAll(write);
  await recordWrite(open, head, [
    ...plan.remove.map(({ id }) => ({ kind: 'gone' as const, id })),
    ...written.map(({ listed }) => ({ kind: 'present' as const, listed })),
  ]);
  return { written, residue };
}

function withUid(item: Item, uid: string | undefined): Item {
  return item.kind === 'event' ? { ...item, uid } : item;
}

interface Present {
  readonly stored: Stored;
  /** As which part it was written. */
  readonly name?: string;
  /** It bears what is kept of the client's text. */
  readonly isFirst: boolean;
}

interface Wanted {
  readonly part: ItemPart;
  /** Absent: one item is the whole object. */
  readonly name?: string;
}

function wantedOf(
  open: OpenFolder,
  { expression, incoming }: Pick<PartsRequest, 'expression' | 'incoming'>,
): readonly Wanted[] {
  if (expression.kind !== 'split') return [{ part: { item: incoming.item } }];
  return expression.parts.map((part) => ({ part, name: open.translation.nameOfPart(part) }));
}

/** The items of the object, and what a write that broke midway has left of it. */
async function presentOf(open: OpenFolder, given: PartsRequest): Promise<readonly Present[]> {
  const { object, items } = given;
  const present = items.map((stored, index): Present => {
    const name = object?.entries[index]?.part?.name;
    const isFirst = items.length === 1 || open.translation.bornBy(stored).isFirst;
    return { stored, isFirst, ...(name !== undefined && { name }) };
  });
  const left = await leftBehind(open, given);
  const found = await loadItems(open, left);
  for (const { id, part } of left) {
    const outcome = found.get(id);
    const name = part?.name ?? '';
    // Of a part and its copy one is enough, and what Outlook gave other times is nobody's part any more.
    const isKnown = present.some((each) => each.name === name);
    if (outcome?.ok === true && !isKnown && isAsWritten(open, outcome.value.item, name))
      present.push({ stored: outcome.value, name, isFirst: false });
  }
  return present;
}

/** Items that were parts and are none now, but are wanted again, or were to go; the eldest first, as they count when judged. */
async function leftBehind(
  open: OpenFolder,
  { items, incoming, expression }: Omit<PartsRequest, 'request' | 'head'>,
): Promise<readonly Entry[]> {
  const wanted = new Set(wantedOf(open, { expression, incoming }).flatMap(({ name }) => name ?? []));
  const was = new Set(items.flatMap((stored) => [...open.translation.bornBy(stored).was]));
  if (wanted.size === 0 && was.size === 0) return [];
  const rows = await open.ledger.byKey(open.scope, [uidKey(incoming.uid)]);
  return rows
    .filter((row) => !row.gone)
    .flatMap((row) => objectOf(row, open.extension).entries)
    .filter(
      ({ id, part }) =>
        part?.isApart === true &&
        part.whole.uid === incoming.uid &&
        items.every((each) => each.id !== id) &&
        (wanted.has(part.name) || was.has(digestOf(id))),
    )
    .toSorted(byRank);
}

function digestOf(id: ItemId): string {
  return hash('sha256', id, 'hex').slice(0, 12);
}

/** Nobody has given it other times or another pattern. */
function isAsWritten(open: OpenFolder, item: Item, name: string): boolean {
  if (item.kind !== 'event') return false;
  const part = item.recurrence === undefined ? { item, instance: item.start } : { item };
  return open.translation.nameOfPart(part) === name;
}

interface Plan {
  /** Which bears what is kept of the client's text. */
  readonly first: Wanted | undefined;
  readonly update: readonly { readonly wanted: Wanted; readonly stored: Stored }[];
  readonly create: readonly Wanted[];
  readonly remove: readonly Stored[];
}

/** Parts that stay are updated; what is left over of the same kind becomes what is missing; the rest is made or goes. */
export function planParts(wanted: readonly Wanted[], present: readonly Present[]): Plan {
  const open = new Set(present);
  const pairs = new Map<Wanted, Present>();
  const pair = (fits: (one: Wanted, other: Present) => boolean): void => {
    for (const one of wanted) {
      const other = pairs.has(one) ? undefined : [...open].find((each) => fits(one, each));
      if (other === undefined) continue;
      pairs.set(one, other);
      open.delete(other);
    }
  };
  pair((one, other) => one.name !== undefined && one.name === other.name);
  // The first stays whatever becomes of it: it is the eldest of those that claim the object's name.
  pair((one, other) => other.isFirst && isSeries(one.part.item) === isSeries(other.stored.item));
  pair((_, other) => other.isFirst);
  pair((one, other) => isSeries(one.part.item) === isSeries(other.stored.item));
  const [eldest] = present.filter((each) => each.isFirst && open.has(each));
  const [[displaced, other] = []] = pairs;
  // Every part has its item by name: one gives way.
  if (eldest !== undefined && displaced !== undefined && other !== undefined) {
    pairs.set(displaced, eldest);
    open.delete(eldest);
    open.add(other);
  }
  return {
    first: wanted.find((each) => pairs.get(each)?.isFirst) ?? wanted[0],
    update: wanted.flatMap((each) => {
      const pairedWith = pairs.get(each);
      return pairedWith ? [{ wanted: each, stored: pairedWith.stored }] : [];
    }),
    create: wanted.filter((each) => !pairs.has(each)),
    remove: [...open].map(({ stored }) => stored),
  };
}

function isSeries(item: Item): boolean {
  return item.kind !== 'contact' && item.recurrence !== undefined;
}

/** The object's own UID for the first item, if none has it; for the others one each that nobody has. */
async function newUids(
  open: OpenFolder,
  { uid, plan }: { readonly uid: string; readonly plan: Plan },
): Promise<ReadonlyMap<Wanted, string>> {
  const found = new Map<Wanted, string>();
  if (!open.mailbox.abilities.settableUid) return found;
  const taken = new Set(plan.update.flatMap(({ stored }) => stored.nativeUid ?? []));
  let missing = plan.create;
  for (let attempt = 0; missing.length > 0; attempt += 1) {
    const candidates = missing.map((each): readonly [Wanted, string] => [
      each,
      attempt === 0 && each === plan.first && !taken.has(uid) ? uid : partUid(uid, each.name ?? '', attempt),
    ]);
    const rows = await open.ledger.byKey(
      open.scope,
      candidates.map(([, each]) => uidKey(each)),
    );
    for (const row of rows)
      if (!row.gone)
        for (const { part, claim } of objectOf(row, open.extension).entries)
          taken.add(part?.own ?? claim.uid);
    for (const [each, candidate] of candidates)
      if (candidate === uid || !taken.has(candidate)) found.set(each, candidate);
    missing = missing.filter((each) => !found.has(each));
  }
  return found;
}
