// What an object is, what it is called and what its etag says (DESIGN §4). Names follow from the items of the folder
// and from the names the ledger knew, so that they are the same after a lost ledger and on a second replica.
import { hash } from 'node:crypto';
import type { ItemId, Listed, Tags, Version } from '../model/backend.ts';
import type { ETag, Href } from '../model/collection.ts';
import type { ItemKind } from '../model/item.ts';
import type { Span } from '../model/time.ts';
import { openPace } from './pace.ts';

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
}

/** One resource of a collection: usually one item, several when invited to single instances. */
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
export const maxUidLength = 240;

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
    tagValue(listed.tags.uid, nativeUid) ?? nativeUid ?? digest(`${rank}\n${rank === '' ? id : ''}`);
  const href = tagValue(listed.tags.href, nativeUid);
  return {
    id,
    version,
    kind,
    claim: { uid, ...(href !== undefined && isHref(href) && { href }) },
    rank,
    isSeries,
    ...(isMeeting && { isMeeting }),
    ...(span && { span }),
    ...(instance !== undefined && { instance }),
  };
}

/** A tag names its item by a mark in front; `anyItem` where the item's own UID was not known when it was written. */
const markedTag = /^([0-9a-f]{8}) (.+)$/s;
const anyItem = '00000000';

/** A copy made in another program takes the tags along: what is not marked for this item does not count. */
function tagValue(tag: string | undefined, nativeUid: string | undefined): string | undefined {
  const [, mark, value] = markedTag.exec(whole(tag) ?? '') ?? [];
  // Tags of other gateways (DavMail, Nextcloud's connector) have no mark.
  if (mark === undefined) return whole(tag);
  return mark === anyItem || nativeUid === undefined || mark === markOf(nativeUid) ? value : undefined;
}

function whole(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text.length >= cutLength ? undefined : text;
}

/** The tags of an item that is to be known under this name. */
export function tagsFor(name: Name, nativeUid: string | undefined): Tags {
  const mark = nativeUid === undefined ? anyItem : markOf(nativeUid);
  return { uid: `${mark} ${name.uid}`, href: `${mark} ${name.href}` };
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
  for (const [uid, group] of byUid) {
    const { first, others } = objectsOfUid(uid, group, known);
    const derived = others.map((entry) => ({
      uid: freeName(entry, (name) => byUid.has(name)),
      entries: [entry] as const,
    }));
    for (const object of [first, ...derived]) addTo(byHref, wantedHref(object, extension), object);
    await pace();
  }
  const named: FolderObject[] = [];
  for (const [href, group] of byHref) {
    const holds = (object: Omit<FolderObject, 'href'>) => known.get(object.entries[0].id)?.href === href;
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

/** Different instances of one UID are one object; of two items for the same instance the second is an object of its own. */
function objectsOfUid(
  uid: string,
  group: readonly [Entry, ...Entry[]],
  known: ReadonlyMap<ItemId, Name>,
): { readonly first: Omit<FolderObject, 'href'>; readonly others: readonly Entry[] } {
  const holds = (entry: Entry) => known.get(entry.id)?.uid === uid;
  const winners: Entry[] = [];
  const others: Entry[] = [];
  for (const same of groupsOf(group, (entry) => entry.instance ?? '').values()) {
    const [winner, ...rest] = same.toSorted((a, b) => Number(holds(b)) - Number(holds(a)) || byRank(a, b));
    if (winner) winners.push(winner);
    others.push(...rest);
  }
  // The whole series comes first, then its instances by age.
  const [head = group[0], ...tail] = winners.toSorted(
    (a, b) => Number(a.instance !== undefined) - Number(b.instance !== undefined) || byRank(a, b),
  );
  return { first: { uid, entries: [head, ...tail] }, others };
}

function byRank(a: Entry, b: Entry): number {
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
