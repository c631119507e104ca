// PUT of an object that is several items, or becomes so or one again (docs/decisions/0013): what is kept is updated, what is new
// created, what is too many removed, each in one call. After a break the same PUT finds by their tags what was made.
import type { Draft, Stored, Written } from '../model/backend.ts';
import type { Expression, ItemPart } from '../model/expression.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { Item } from '../model/item.ts';
import type { LedgerHead } from '../model/store.ts';
import { byRank, type Entry, type FolderObject, isLongUid, partUid, tagsFor } from './identity.ts';
import { digestOf, recognised, residueFor, type Parsed, type PutWork } from './incoming.ts';
import { objectOf, uidKey } from './ledger-value.ts';
import type { OpenFolder } from './open-folder.ts';
import { loadItems } from './parts.ts';
import { recordWrite } from './refresh.ts';
import { planUpdate } from './scheduling.ts';

export interface PartsRequest {
  readonly request: PutWork;
  readonly head: LedgerHead;
  readonly parsed: Several;
  /** What is there now: as its items, and as clients are shown it. */
  readonly object?: FolderObject;
  readonly items: readonly Stored[];
  readonly shown?: Stored;
}

/** The text of an object that takes several items. */
export type Several = Parsed & { readonly expression: Extract<Expression, { kind: 'split' }> };

export function isSeveral(parsed: Parsed): parsed is Several {
  return parsed.expression.kind === 'split';
}

export async function putParts(
  open: OpenFolder,
  given: PartsRequest,
): Promise<{ readonly written: readonly Written[]; readonly draft: Draft }> {
  const { request, head, parsed } = given;
  const { uid, incoming } = parsed;
  demandNobodyTold(open, given);
  const plan = planParts(wantedOf(open, parsed), await presentOf(open, given));
  const residue = residueFor(open, parsed, plan.remove);
  const { item: whole } = given.shown ? await recognised(open, given.shown, parsed) : incoming;
  const uids = await newUids(open, { uid, plan });
  const draft = (wanted: Wanted, nativeUid: string | undefined): Draft => {
    const isFirst = wanted === plan.first;
    const item = withUid(isFirst ? withFilesOf(whole, wanted.part.item) : wanted.part.item, nativeUid);
    const name = { uid, href: request.href, part: wanted.name };
    return { item, tags: { ...tagsFor(name, nativeUid), residue: isFirst ? residue : '' } };
  };
  const written = await open.mailbox.writeAll({
    folder: open.folder.id,
    update: plan.update.map(({ wanted, stored }) => ({
      before: stored,
      after: draft(wanted, stored.nativeUid),
    })),
    create: plan.create.map((wanted) => draft(wanted, uids.get(wanted))),
    remove: plan.remove.map(({ id, version }) => ({ id, version })),
  });
  await recordWrite(open, head, [
    ...plan.remove.map(({ id }) => ({ kind: 'gone' as const, id })),
    ...written.map(({ listed }) => ({ kind: 'present' as const, listed })),
  ]);
  return { written, draft: { item: whole, tags: { residue } } };
}

/** Several items are written without a word to anybody: where people would have to hear of it, nothing is. @throws DavError 403 */
function demandNobodyTold(open: OpenFolder, { request, parsed, shown }: PartsRequest): void {
  if (shown === undefined) return;
  const asked = { ...request, wishes: parsed.wishes };
  if (planUpdate(open, { before: shown, after: parsed.held }, asked).mail === 'silent') return;
  throw new DavError(
    403,
    'ATTENDEE: this would be several items, and nobody who is invited would hear of it: take people off the event first, then change its dates.',
  );
}

/** The files of the whole lie with one part. */
function withFilesOf(whole: Item, part: Item): Item {
  if (whole.kind !== 'event' || part.kind !== 'event') return part;
  const { attachments } = whole;
  return {
    ...part,
    attachments,
    overrides: part.overrides.map((override) => ({ ...override, attachments })),
  };
}

/** Where one item is to be all of the object: which, and what of it is to go, also of what an earlier write has left. */
export async function asOne(
  open: OpenFolder,
  given: { readonly object: FolderObject; readonly items: readonly Stored[]; readonly uid: string },
): Promise<{ readonly kept: Stored; readonly rest: readonly Stored[] }> {
  const { items, uid } = given;
  const kept = items.find((each) => open.translation.bornBy(each).isFirst) ?? items[0];
  if (kept === undefined) throw new BackendError({ kind: 'not-found', message: 'it is gone' });
  const left = await leftBehind(open, { items, uid, wanted: [] });
  const found = await loadItems(open, left);
  const others = left.flatMap(({ id }) => {
    const outcome = found.get(id);
    return outcome?.ok === true ? [outcome.value] : [];
  });
  return { kept, rest: [...items.filter((each) => each !== kept), ...others] };
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
  readonly name: string;
}

function wantedOf(open: OpenFolder, { expression }: Several): readonly Wanted[] {
  return expression.parts.map((part) => ({ part, name: open.translation.nameOfPart(part) }));
}

/** The items of the object, and what a write that broke midway has left of it. */
async function presentOf(open: OpenFolder, given: PartsRequest): Promise<readonly Present[]> {
  const { object, items, parsed } = given;
  const present = items.map((stored, index): Present => {
    const name = object?.entries[index]?.part?.name;
    const isFirst = items.length === 1 || open.translation.bornBy(stored).isFirst;
    return { stored, isFirst, ...(name !== undefined && { name }) };
  });
  const wanted = wantedOf(open, parsed).map(({ name }) => name);
  const left = await leftBehind(open, { items, uid: parsed.uid, wanted });
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
  { items, uid, ...given }: Pick<PartsRequest, 'items'> & { uid: string; wanted: readonly string[] },
): Promise<readonly Entry[]> {
  const wanted = new Set(given.wanted);
  const was = new Set(items.flatMap((stored) => [...open.translation.bornBy(stored).was]));
  if (wanted.size === 0 && was.size === 0) return [];
  const rows = await open.ledger.byKey(open.scope, [uidKey(uid)]);
  return rows
    .filter((row) => !row.gone)
    .flatMap((row) => objectOf(row, open.extension).entries)
    .filter(
      ({ id, part, isMeeting }) =>
        part?.isApart === true &&
        part.whole.uid === uid &&
        // What others attend is nobody's part any more.
        isMeeting !== true &&
        items.every((each) => each.id !== id) &&
        (wanted.has(part.name) || was.has(digestOf({ id }))),
    )
    .toSorted(byRank);
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
  pair((one, other) => one.name === other.name);
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
  return 'recurrence' in item && item.recurrence !== undefined;
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
      attempt === 0 && each === plan.first && !taken.has(uid) && !isLongUid(uid)
        ? uid
        : partUid(uid, each.name, attempt),
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
