// PUT of an object that is several items, or becomes so or one again (docs/decisions/0006): what is kept is updated, what is new
// created, what is too many removed, each in one call. After a break the same PUT finds by their tags what was made.
import type { Draft, Expression, GroupWrite, ItemPart, Stored, Written } from '../model/backend.ts';
import type { PutRequest } from '../model/collection.ts';
import type { Item } from '../model/item.ts';
import type { LedgerHead } from '../model/store.ts';
import type { Incoming } from '../translate/index.ts';
import { type Entry, type FolderObject, partUid, tagsFor } from './identity.ts';
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
  { expression, object, items, incoming }: Omit<PartsRequest, 'request' | 'head'>,
): Promise<boolean> {
  if (expression.kind === 'split' || (object !== undefined && isSplit(object))) return true;
  const former = new Set(items.flatMap((stored) => open.translation.formerPartsOf(stored)));
  if (former.size === 0) return false;
  return (await siblingsOf(open, incoming.uid)).some(({ part }) => former.has(part?.name ?? ''));
}

export async function putParts(open: OpenFolder, given: PartsRequest): Promise<PartsWritten> {
  const { request, head, incoming, expression } = given;
  const present = await presentOf(open, given);
  const wanted = wantedOf(open, given);
  const plan = planParts(wanted, present);
  const was = present.flatMap(({ name }) =>
    name === undefined || wanted.some((each) => each.name === name) ? [] : [name],
  );
  const { kind } = open.folder;
  const residue = translating(kind, () =>
    open.translation.residueOf(incoming, { ...expression, was }, (item) => open.mailbox.express(item)),
  );
  const uids = await newUids(open, { uid: incoming.uid, plan });
  const draft = ({ part, isFirst, name }: Wanted, nativeUid: string | undefined): Draft => ({
    item: withUid(part.item, nativeUid),
    tags: {
      ...tagsFor(
        { uid: incoming.uid, href: request.href, ...(name !== undefined && { part: name }) },
        nativeUid,
      ),
      residue: isFirst ? residue : '',
    },
  });
  const write: GroupWrite = {
    folder: open.folder.id,
    update: plan.update.map(({ wanted: each, stored }) => ({
      before: stored,
      after: draft(each, stored.nativeUid),
    })),
    create: plan.create.map((each) => draft(each, uids.get(each))),
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
}

interface Wanted {
  readonly part: ItemPart;
  /** Absent: one item is the whole object. */
  readonly name?: string;
  /** It bears what is kept of the client's text. */
  readonly isFirst: boolean;
}

function wantedOf(open: OpenFolder, { expression, incoming }: PartsRequest): readonly Wanted[] {
  if (expression.kind !== 'split') return [{ part: { item: incoming.item }, isFirst: true }];
  return expression.parts.map((part, index) => ({
    part,
    name: open.translation.nameOfPart(part),
    isFirst: index === 0,
  }));
}

/** The items of the object, and what a write that broke midway has left of it. */
async function presentOf(open: OpenFolder, given: PartsRequest): Promise<readonly Present[]> {
  const { object, items, incoming } = given;
  const own = items.map((stored, index): Present => {
    const name = object?.entries[index]?.part?.name;
    return { stored, ...(name !== undefined && { name }) };
  });
  const siblings = await siblingsOf(open, incoming.uid);
  const ours = siblings.filter(({ id }) => items.every((each) => each.id !== id));
  const wanted = new Set([
    ...wantedOf(open, given).flatMap(({ name }) => name ?? []),
    ...items.flatMap((stored) => open.translation.formerPartsOf(stored)),
  ]);
  const found = await loadItems(open, ours);
  const left = ours.flatMap((entry): Present[] => {
    const outcome = found.get(entry.id);
    const name = entry.part?.name ?? '';
    return outcome?.ok === true && wanted.has(name) && isAsWritten(open, outcome.value.item, name)
      ? [{ stored: outcome.value, name }]
      : [];
  });
  return [...own, ...left];
}

/** Items that were written as parts of this object and are none now. */
async function siblingsOf(open: OpenFolder, uid: string): Promise<readonly Entry[]> {
  const rows = await open.ledger.byKey(open.scope, [uidKey(uid)]);
  return rows
    .filter((row) => !row.gone)
    .flatMap((row) => objectOf(row, open.extension).entries)
    .filter(({ part }) => part?.isApart === true && part.whole.uid === uid);
}

/** Nobody has given it other times or another pattern. */
function isAsWritten(open: OpenFolder, item: Item, name: string): boolean {
  if (item.kind !== 'event') return false;
  const part = item.recurrence === undefined ? { item, instance: item.start } : { item };
  return open.translation.nameOfPart(part) === name;
}

interface Plan {
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
      if (pairs.has(one)) continue;
      const other = [...open].find((each) => fits(one, each));
      if (other === undefined) continue;
      pairs.set(one, other);
      open.delete(other);
    }
  };
  pair((one, other) => one.name !== undefined && one.name === other.name);
  pair((one, other) => isSeries(one.part.item) === isSeries(other.stored.item));
  // What is no part at all becomes one: its other contents stay.
  pair((one, other) => one.isFirst && (other.name === undefined || one.name === undefined));
  return {
    update: wanted.flatMap((each) => {
      const other = pairs.get(each);
      return other ? [{ wanted: each, stored: other.stored }] : [];
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
      attempt === 0 && each.isFirst && !taken.has(uid) ? uid : partUid(uid, each.name ?? '', attempt),
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
