// A path of the tree as what stands there. A Place is what a path points at, taken or free; a Resource exists.
import type { Collection, CollectionState, Home, Member } from '../model/collection.ts';
import type { EntryKind } from '../model/directory.ts';
import { DavError } from '../model/failure.ts';
import type { Person } from '../model/item.ts';
import { isSegment, renderHref } from './href.ts';
import { once } from './once.ts';
import { principalAt, proxiesOf, selfPrincipal } from './principals.ts';
import type { Context, Space } from './request.ts';
import { directoryKey, homeHref, inboxKey, outboxKey } from './standing.ts';

/** The two trees: /calendars/ holds folders of events and tasks, /addressbooks/ those of contacts. */
export type Family = 'calendars' | 'addressbooks';

export interface PlainResource {
  readonly kind: 'root' | 'principals';
  readonly href: string;
}
export interface HomesResource {
  readonly kind: 'homes';
  readonly href: string;
  readonly family: Family;
}
export interface PrincipalResource {
  readonly kind: 'principal';
  readonly href: string;
  readonly person: Person;
  /** Asked only when somebody wants to know. */
  readonly type: () => Promise<EntryKind>;
  /** Its calendars and address books are to be seen here. */
  readonly hasHome: boolean;
  /** Every address, the main one first; asked only when somebody wants to know. */
  readonly addresses: () => Promise<readonly string[]>;
}
/** A group of those who act for a principal (calendarserver, caldav-proxy). */
export interface ProxyResource {
  readonly kind: 'proxy';
  readonly href: string;
  readonly access: Access;
  /** For whom they act. */
  readonly person: Person;
}
export type Access = 'read' | 'write';
export interface HomeResource {
  readonly kind: 'home';
  readonly href: string;
  readonly family: Family;
  readonly home: Home;
}
export interface CollectionResource {
  readonly kind: 'collection';
  readonly href: string;
  readonly family: Family;
  readonly home: Home;
  readonly collection: Collection;
  /** Asked once, however many properties want it; undefined where asking would cost what nobody may want to know. */
  readonly state: () => Promise<CollectionState | undefined>;
}
export interface MemberResource {
  readonly kind: 'member';
  readonly href: string;
  readonly parent: CollectionResource;
  readonly member: Member;
  /** The text in the shape a report asked for. */
  readonly text?: string;
  /** The vCard version of `text`. */
  readonly version?: '3.0' | '4.0';
  readonly scheduleTag?: string;
}
/** Where questions for busy times are sent (RFC 6638 §2.1). */
export interface OutboxResource {
  readonly kind: 'outbox';
  readonly href: string;
  readonly home: Home;
}
export type Resource =
  | PlainResource
  | HomesResource
  | PrincipalResource
  | ProxyResource
  | HomeResource
  | OutboxResource
  | CollectionResource
  | MemberResource;

/** A name inside a collection, taken or free. */
export interface Slot {
  readonly kind: 'slot';
  readonly href: string;
  readonly parent: CollectionResource;
  readonly name: string;
}
/** Nothing is here. With a home: a new collection could be. */
export interface Unmapped {
  readonly kind: 'unmapped';
  readonly href: string;
  readonly name: string;
  readonly parent?: HomeResource;
}
/** A stored attachment of a member, there or not: it is read and nothing else (RFC 8607 §3.8, §3.9). */
export interface AttachmentPlace {
  readonly kind: 'attachment';
  readonly href: string;
  readonly parent: CollectionResource;
  /** Name of the member. */
  readonly member: string;
  readonly managedId: string;
}
export type Place = Exclude<Resource, MemberResource> | Slot | Unmapped | AttachmentPlace;

/** @throws DavError 400 for names that no resource has */
export async function lookUp(path: readonly string[], context: Context): Promise<Place> {
  if (!path.every(isSegment))
    throw new DavError(400, 'the path has an empty, relative or unprintable segment');
  const [branch, address] = path;
  if (branch === undefined) return { kind: 'root', href: renderHref(context.space.prefix, [], 'collection') };
  if (branch === 'principals' && address === undefined) return principalsResource(context.space);
  if (branch === 'principals')
    return (await principalAt(path, context.space)) ?? unmapped(path, context.space);
  if (branch !== 'calendars' && branch !== 'addressbooks') return unmapped(path, context.space);
  if (address === undefined) return homesResource(branch, context.space);
  return lookUpInHome(branch, path, context);
}

/** What exists at the place. @throws DavError 404 */
export async function resourceAt(place: Place, signal: AbortSignal): Promise<Resource> {
  switch (place.kind) {
    case 'unmapped':
    case 'attachment':
      throw new DavError(404, 'there is nothing here');
    case 'slot': {
      const member = await place.parent.collection.member(place.name, signal);
      if (member === undefined) throw new DavError(404, 'there is no such object');
      return memberResource(place.parent, member);
    }
    case 'root':
    case 'principals':
    case 'homes':
    case 'principal':
    case 'proxy':
    case 'home':
    case 'outbox':
    case 'collection':
      return place;
  }
}

/** Members of a resource, one level down. */
export async function childrenOf(resource: Resource, context: Context): Promise<readonly Resource[]> {
  const { space, signal } = context;
  switch (resource.kind) {
    case 'root':
      return [
        principalsResource(space),
        homesResource('calendars', space),
        homesResource('addressbooks', space),
      ];
    case 'principals':
      return [selfPrincipal(space)];
    case 'homes':
      return [homeResource(resource.family, await space.home(space.user.address), space)];
    case 'home': {
      const collections = await resource.home.collections(signal);
      const shown = collections
        .filter((collection) => familyOf(collection) === resource.family)
        .map((collection) => collectionResource(resource, collection, context));
      const beside =
        resource.family === 'calendars' ? scheduling(resource, context) : addressListOf(resource, context);
      return [...shown, ...beside];
    }
    case 'collection': {
      const members = await resource.collection.members(signal);
      return members.map((member) => memberResource(resource, member));
    }
    case 'principal':
      return proxiesOf(space, resource);
    case 'proxy':
    case 'outbox':
    case 'member':
      return [];
  }
}

export function memberResource(
  parent: CollectionResource,
  member: Member,
  shown: { text?: string; version?: '3.0' | '4.0'; scheduleTag?: string } = {},
): MemberResource {
  return { kind: 'member', href: memberHref(parent, member.href), parent, member, ...shown };
}

export function memberHref(parent: CollectionResource, name: string): string {
  return renderHref(parent.href.slice(0, -1), [name], 'leaf');
}

export function isInbox(resource: Resource): boolean {
  return resource.kind === 'collection' && resource.collection.folder.role === 'schedule-inbox';
}

export function isDirectory(resource: Resource): boolean {
  return resource.kind === 'collection' && resource.collection.folder.role === 'directory';
}

async function lookUpInHome(family: Family, path: readonly string[], context: Context): Promise<Place> {
  const { space, signal } = context;
  const [, address = '', key, name, ...deeper] = path;
  const home = homeResource(family, await space.home(address), space);
  if (key === undefined) return home;
  if (family === 'calendars' && key === outboxKey)
    return name === undefined ? outboxResource(home) : unmapped(path, space);
  const beside = besideOf(home, key);
  const found = beside ? beside.collection : await home.home.collection(key, signal);
  if (found === undefined || familyOf(found) !== family)
    return name === undefined ? { ...unmapped(path, space), parent: home } : unmapped(path, space);
  const collection = collectionResource(home, found, context);
  if (name === undefined) return collection;
  if (deeper.length > 0) return attachmentPlace(collection, name, deeper) ?? unmapped(path, space);
  return { kind: 'slot', href: memberHref(collection, name), parent: collection, name };
}

/** Undefined: a key that a folder may have. */
function besideOf(
  { family, home }: HomeResource,
  key: string,
): { readonly collection: Collection | undefined } | undefined {
  if (family === 'calendars' && key === inboxKey) return { collection: home.inbox };
  return family === 'addressbooks' && key === directoryKey ? { collection: home.addressList } : undefined;
}

/** `<member>/attachments/<MANAGED-ID>/<file name>`; the name is for people and not looked at. */
function attachmentPlace(
  parent: CollectionResource,
  member: string,
  deeper: readonly string[],
): AttachmentPlace | undefined {
  const [folder, managedId, ...names] = deeper;
  if (folder !== 'attachments' || managedId === undefined || names.length > 1) return undefined;
  const href = renderHref(parent.href.slice(0, -1), [member, ...deeper], 'leaf');
  return { kind: 'attachment', href, parent, member, managedId };
}

function principalsResource(space: Space): PlainResource {
  return { kind: 'principals', href: renderHref(space.prefix, ['principals'], 'collection') };
}

function homesResource(family: Family, space: Space): HomesResource {
  return { kind: 'homes', family, href: renderHref(space.prefix, [family], 'collection') };
}

function homeResource(family: Family, home: Home, space: Space): HomeResource {
  return { kind: 'home', family, home, href: homeHref(space, family, home.owner.address) };
}

/** What stands beside the calendars. In a list of them the inbox tells no state: that would be one more question each time. */
function scheduling(home: HomeResource, context: Context): readonly Resource[] {
  const { inbox } = home.home;
  const listed = inbox && {
    ...collectionResource(home, inbox, context),
    state: () => Promise.resolve(undefined),
  };
  return [...(listed ? [listed] : []), outboxResource(home)];
}

function addressListOf(home: HomeResource, context: Context): readonly Resource[] {
  const { addressList } = home.home;
  return addressList ? [collectionResource(home, addressList, context)] : [];
}

function outboxResource({ home, href }: HomeResource): OutboxResource {
  return { kind: 'outbox', home, href: renderHref(href.slice(0, -1), [outboxKey], 'collection') };
}

function collectionResource(
  parent: HomeResource,
  found: Collection,
  { space, signal }: Context,
): CollectionResource {
  const href = renderHref(parent.href.slice(0, -1), [found.folder.key], 'collection');
  const collection = found.servedAt?.(`${space.origin ?? ''}${href}`) ?? found;
  return {
    kind: 'collection',
    href,
    family: parent.family,
    home: parent.home,
    collection,
    // Of the directory nobody knows what has changed.
    state: once(async () => (collection.folder.role === 'directory' ? undefined : collection.state(signal))),
  };
}

function unmapped(path: readonly string[], space: Space): Unmapped {
  return { kind: 'unmapped', href: renderHref(space.prefix, path, 'leaf'), name: path.at(-1) ?? '' };
}

function familyOf(collection: Collection): Family {
  return collection.folder.kind === 'contacts' ? 'addressbooks' : 'calendars';
}
