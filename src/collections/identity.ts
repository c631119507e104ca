// What an object is, what it is called and what its etag says (DESIGN §4). Names follow from the items of the folder
// and from the names the ledger knew, so that they are the same after a lost ledger and on a second replica.
import { hash } from 'node:crypto';
import type { ItemId, Listed, Tags, Version } from '../model/backend.ts';
import type { ETag, Href } from '../model/collection.ts';
import type { ItemKind } from '../model/item.ts';
import type { Span } from '../model/time.ts';
import { openPace } from './pace.ts';

/** That an item was written as one of several that are one object (docs/decisions/0013). */
export interface PartOf {
  readonly name: string;
  /** What the object is called. */
  readonly whole: Entry['claim'];
  /** What the item itself is called by its mailbox. */
  readonly own: string;
  /** They are no whole any more: it is an object of its own. */
  readonly isApart: boolean;
}

/** What the ledger keeps of one item. */
export interface Entry {
  readonly id: ItemId;
  readonly version: Version;
  readonly kind: ItemKind;
  /** What the item would like to be: its UID, and the name a client gave it. */
  readonly claim: { readonly uid: string; readonly href?: Href };
  readonly rank: string;
  readonly span?: Span;
  readonly isSeries: boolean;
  readonly isMeeting?: boolean;
  readonly instance?: string;
  readonly part?: PartOf;
}

/** One resource of a collection: usually one item, several when invited to single instances or where one cannot hold it. */
export interface FolderObject {
  readonly href: Href;
  readonly uid: string;
  readonly entries: readonly [Entry, ...Entry[]];
}

interface Name {
  readonly href: Href;
  readonly uid: string;
}

export const maxHrefLength = 200;
/** Exchange cuts texts in listings off here: such a value says nothing. */
const cutLength = 255;
/** Room for the mark, so that a listing never cuts a UID we wrote. */
const maxUidLength = 240;

/** Stands before the digest of a UID for which a tag has no room; the residue has the whole of it. */
const longUid = 'long-uid:';

/** The name by which an object with this UID is known here. */
export function nameOfUid(uid: string): string {
  return uid.length <= maxUidLength ? uid : longUid + digest(uid);
}

/** The object says its UID only when it is read. */
export function isLongUid(name: string): boolean {
  return name.startsWith(longUid);
}

/** One path segment that every store and client can carry. */
export function isHref(name: string): boolean {
  return (
    name !== '' &&
    name !== '.' &&
    name !== '..' &&
    name.length <= maxHrefLength &&
    !/[\x00-\x1f\x7f/]/.test(name)
  );
}

export function claimsOf(listed: Listed): Entry {
  const { id, version, kind, rank, span, isSeries, isMeeting, instance } = listed;
  const nativeUid = whole(listed.nativeUid);
  const uid =
    tagOf(listed.tags.uid, nativeUid)?.value ?? nativeUid ?? digest(`${rank}\n${rank === '' ? id : ''}`);
  const { value: href, part: name } = tagOf(listed.tags.href, nativeUid) ?? {};
  const claim = { uid, ...(href !== undefined && isHref(href) && { href }) };
  return {
    id,
    version,
    kind,
    claim,
    rank,
    isSeries,
    ...(isMeeting && { isMeeting }),
    ...(span && { span }),
    ...(instance !== undefined && { instance }),
    ...(name !== undefined &&
      nativeUid !== undefined && { part: { name, whole: claim, own: nativeUid, isApart: false } }),
  };
}

/** The same item as one of several that are one object, or as an object of its own. */
export function withApart(entry: Entry, isApart: boolean): Entry {
  const { part } = entry;
  if (part === undefined) return entry;
  // The first part bears the object's own UID: it goes on as that object.
  const own = part.own === part.whole.uid ? part.whole : { uid: part.own };
  return { ...entry, claim: isApart ? own : part.whole, part: { ...part, isApart } };
}

export function isPart(entry: Entry): boolean {
  return entry.part?.isApart === false;
}

/** A tag names its item by a mark in front; `anyItem` where the item's own UID was not known when it was written. */
const markedTag = /^([0-9a-f]{8})(?:\.([0-9a-f]{12}))? (.+)$/s;
const anyItem = '00000000';

interface Tag {
  readonly value: string;
  /** Of several items that are one object: which of them. */
  readonly part?: string;
}

/** A copy made in another program takes the tags along: what is not marked for this item does not count. */
function tagOf(tag: string | undefined, nativeUid: string | undefined): Tag | undefined {
  const text = whole(tag);
  const [, mark, part, value] = markedTag.exec(text ?? '') ?? [];
  // Tags of other gateways (DavMail, Nextcloud's connector) have no mark.
  if (mark === undefined || value === undefined) return text === undefined ? undefined : { value: text };
  const isOwn = nativeUid !== undefined && mark === markOf(nativeUid);
  if (!isOwn && mark !== anyItem && nativeUid !== undefined) return undefined;
  return { value, ...(isOwn && part !== undefined && { part }) };
}

function whole(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text.length >= cutLength ? undefined : text;
}

/** The tags of an item that is to be known under this name; `part`: as one of several. */
export function tagsFor(name: Name & { readonly part?: string }, nativeUid: string | undefined): Tags {
  const mark = nativeUid === undefined ? anyItem : markOf(nativeUid);
  const part = name.part === undefined ? '' : `.${name.part}`;
  return { uid: `${mark} ${name.uid}`, href: `${mark}${part} ${name.href}` };
}

/** A UID for one of several items of an object: two items with one UID confuse other programs. */
export function partUid(uid: string, part: string, attempt: number): string {
  return digest(`${uid}\n${part}\n${attempt}`);
}

function markOf(nativeUid: string): string {
  return digest(nativeUid).slice(0, 8);
}

/** The name of what no client has named. */
export function hrefOf(uid: string, extension: string): Href {
  return /^[A-Za-z0-9._@-]{1,120}$/.test(uid) ? uid + extension : digest(uid) + extension;
}

/** For the later ones of several items that claim one UID or href. */
export function derivedUid(entry: Entry): string {
  return digest(`${entry.claim.uid}\n${entry.rank === '' ? entry.id : entry.rank}`);
}

/** A derived name that somebody claims (a copy was made of what bore it) gives way: derived once more. */
function freeName(entry: Entry, isTaken: (name: string) => boolean): string {
  let name = derivedUid(entry);
  while (isTaken(name)) name = digest(`${name}\n${entry.rank === '' ? entry.id : entry.rank}`);
  return name;
}

function digest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** The name an object would have if nobody else had it. */
export function wantedHref(object: Pick<FolderObject, 'uid' | 'entries'>, extension: string): Href {
  const named = object.entries.find((entry) => entry.claim.href !== undefined);
  return named?.claim.href ?? hrefOf(object.uid, extension);
}

/** `known`: names that items have in the ledger now. Every item that shares a claim with one given must be given, too. */
export async function nameObjects(
  entries: readonly Entry[],
  known: ReadonlyMap<ItemId, Name>,
  extension: string,
): Promise<FolderObject[]> {
  const pace = openPace();
  const byHref = new Map<Href, Group<Omit<FolderObject, 'href'>>>();
  const byUid = groupsOf(entries, (entry) => entry.claim.uid);
  // What is part of an object may be one of its own tomorrow: a copy of it does not get its name meanwhile.
  const reserved = new Set(entries.flatMap((entry) => (isPart(entry) ? (entry.part?.own ?? []) : [])));
  const isTaken = (name: string): boolean => byUid.has(name) || reserved.has(name);
  for (const [uid, group] of byUid) {
    const { first, others } =
      reserved.has(uid) && !group.some(isPart)
        ? { first: undefined, others: group.map((entry): Items => [entry]) }
        : objectsOfUid(uid, group, known);
    const derived = others.map((items) => ({ uid: freeName(items[0], isTaken), entries: items }));
    const objects = first === undefined ? derived : [{ uid, entries: first }, ...derived];
    for (const object of objects) addTo(byHref, wantedHref(object, extension), object);
    await pace();
  }
  const named: FolderObject[] = [];
  for (const [href, group] of byHref) {
    const holds = (object: Omit<FolderObject, 'href'>) =>
      object.entries.some(({ id }) => known.get(id)?.href === href);
    const [first, ...others] = group.toSorted(
      (a, b) => Number(holds(b)) - Number(holds(a)) || byRank(a.entries[0], b.entries[0]),
    );
    if (first) named.push({ ...first, href });
    for (const object of others) {
      const name = freeName(object.entries[0], (taken) => byHref.has(taken + extension));
      named.push({ ...object, href: name + extension });
    }
    await pace();
  }
  return named;
}

/** Items that are one object. */
type Items = readonly [Entry, ...Entry[]];

/**
 * Different instances of one UID are one object, and so are the parts of one; of two items for the same instance the second
 * is an object of its own.
 */
function objectsOfUid(
  uid: string,
  group: Items,
  known: ReadonlyMap<ItemId, Name>,
): { readonly first: Items; readonly others: readonly Items[] } {
  const holds = (entry: Entry) => known.get(entry.id)?.uid === uid;
  const byClaim = (a: Entry, b: Entry): number => Number(holds(b)) - Number(holds(a)) || byRank(a, b);
  const winners: Entry[] = [];
  const others: Items[] = [];
  for (const same of groupsOf(
    group.filter((entry) => !isPart(entry)),
    (entry) => entry.instance ?? '',
  ).values()) {
    const [winner, ...rest] = same.toSorted(byClaim);
    if (winner) winners.push(winner);
    others.push(...rest.map((entry): Items => [entry]));
  }
  // The whole series comes first, then its instances by age.
  const [head, ...tail] = winners.toSorted(
    (a, b) => Number(a.instance !== undefined) - Number(b.instance !== undefined) || byRank(a, b),
  );
  const [part, ...parts] = group.filter(isPart).toSorted(byRank);
  const rivals: Items[] = [
    ...(head ? [[head, ...tail] as const] : []),
    ...(part ? [[part, ...parts] as const] : []),
  ];
  const [first = group, ...losers] = rivals.toSorted(
    (a, b) => Number(b.some(holds)) - Number(a.some(holds)) || byRank(a[0], b[0]),
  );
  return { first, others: [...losers, ...others] };
}

export function byRank(a: Entry, b: Entry): number {
  return compare(a.rank, b.rank) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

type Group<T> = [T, ...T[]];

function groupsOf<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, Group<T>> {
  const groups = new Map<string, Group<T>>();
  for (const value of values) addTo(groups, keyOf(value), value);
  return groups;
}

function addTo<T>(groups: Map<string, Group<T>>, key: string, value: T): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** Strong: another text has another etag, because a text follows from the versions, the UID and the translation. */
export function etagOf(
  object: { readonly uid: string; readonly entries: readonly Pick<Entry, 'id' | 'version'>[] },
  textVersion: string | number,
): ETag {
  const pairs = object.entries.map((entry) => `${entry.id} ${entry.version}`);
  if (pairs.length > 1) pairs.sort();
  return `"${hash('sha256', [textVersion, object.uid, ...pairs].join('\n'), 'base64url').slice(0, 27)}"`;
}
