// The directory (Active Directory of the organisation): people, rooms, groups, with the names by which clients find them.
import { createHash } from 'node:crypto';
import type { PostalAddress } from './values.ts';
import type { World } from './world.ts';

export type EntryKind = 'user' | 'room' | 'group' | 'roomList' | 'contact';

/** A picture of 6 × 6 squares (Y, Cb, Cr), drawn in the size that is asked for. */
export type PhotoPattern = readonly (readonly [number, number, number])[];

export interface DirectoryEntry {
  readonly kind: EntryKind;
  /** Primary SMTP address. */
  readonly address: string;
  readonly name: string;
  /** mailNickname. */
  readonly alias: string;
  /** Further SMTP addresses. */
  readonly proxies: readonly string[];
  /** X500 address: what a Mailbox of RoutingType EX carries (BEHAVIOUR §9). */
  readonly legacyDn: string;
  readonly sid: string;
  readonly guid: string;
  readonly givenName?: string;
  readonly surname?: string;
  readonly title?: string;
  readonly department?: string;
  readonly company?: string;
  readonly office?: string;
  /** Address of the manager. */
  readonly manager?: string;
  readonly phones?: Readonly<Record<string, string>>;
  readonly place?: PostalAddress;
  readonly notes?: string;
  readonly photo?: PhotoPattern;
  /** Addresses of the members of a group or room list. */
  readonly members?: readonly string[];
}

export type NewEntry = Pick<DirectoryEntry, 'kind' | 'address' | 'name'> & Partial<DirectoryEntry>;

/** Adds an entry, or fills in what is known of one by that address. */
export function addEntry(world: World, given: NewEntry): DirectoryEntry {
  const key = given.address.toLowerCase();
  const alias = given.alias ?? key.replace(/@.*/, '');
  const digest = createHash('md5').update(key).digest('hex');
  const known = world.directory.get(key);
  const entry: DirectoryEntry = {
    alias,
    proxies: [],
    legacyDn: `/o=Simulated Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${digest}-${alias}`,
    sid: `S-1-5-21-1085031214-1563985344-725345543-${1101 + world.directory.size}`,
    guid: digest.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    ...known,
    ...given,
  };
  world.directory.set(key, entry);
  return entry;
}

/** By primary or further SMTP address. */
export function entryOf(world: World, address: string): DirectoryEntry | undefined {
  const key = address.toLowerCase();
  return world.directory.get(key) ?? entryWith(world, ({ proxies }) => proxies.some((one) => same(one, key)));
}

export function entryByDn(world: World, legacyDn: string): DirectoryEntry | undefined {
  return entryWith(world, (entry) => same(entry.legacyDn, legacyDn));
}

export function entryBySid(world: World, sid: string): DirectoryEntry | undefined {
  return entryWith(world, (entry) => same(entry.sid, sid));
}

/** Primary addresses of those whom mail to an address reaches: the members of groups, and of groups in them. */
export function reachedBy(
  world: World,
  address: string,
  reached: ReadonlySet<string> = new Set(),
): ReadonlySet<string> {
  const entry = entryOf(world, address);
  const key = (entry?.address ?? address).toLowerCase();
  if (reached.has(key)) return reached;
  const found = new Set([...reached, key]);
  return (entry?.members ?? []).reduce(
    (all: ReadonlySet<string>, member) => reachedBy(world, member, all),
    found,
  );
}

function entryWith(world: World, test: (entry: DirectoryEntry) => boolean): DirectoryEntry | undefined {
  for (const entry of world.directory.values()) if (test(entry)) return entry;
  return undefined;
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
