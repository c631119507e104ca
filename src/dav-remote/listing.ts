// A collection as its home lists it: kind, rights, properties, and whether it is one that a user thinks of as his.
import type { FolderKind, FolderProperties, Rights } from '../model/backend.ts';
import { childrenOf, clarkOf, textOf, type XmlElement } from '../xml/index.ts';
import { collectionPath, isSamePath, lastSegment } from './href.ts';
import { prop, propText, type DavResponse } from './multistatus.ts';
import { child, clark, isNamed, type Name } from './names.ts';
import type { Standing } from './remote.ts';

/** What is asked of every collection of a home, and of one alone. */
export const listingProps: readonly Name[] = [
  'D:resourcetype',
  'D:displayname',
  'D:owner',
  'D:current-user-privilege-set',
  'D:supported-report-set',
  'D:sync-token',
  'CS:getctag',
  'CS:source',
  'C:supported-calendar-component-set',
  'C:calendar-description',
  'C:calendar-timezone',
  'CR:supported-address-data',
  'CR:addressbook-description',
  'A:calendar-color',
  'A:calendar-order',
  'NC:deleted-at',
  'OC:owner-principal',
];

export interface Listing {
  /** As the server writes it, with its slash. */
  readonly path: string;
  readonly kind: FolderKind;
  readonly components: readonly string[];
  readonly displayName: string;
  readonly rights: Rights;
  readonly properties: FolderProperties;
  readonly standing: Standing;
  readonly sync: boolean;
  readonly multiget: boolean;
  readonly cardVersions: readonly ('3.0' | '4.0')[];
  readonly stamp?: string;
}

/** `undefined` for what is neither a calendar of events or tasks nor an address book: inbox, outbox, trash bin, the home itself. */
export function listingOf(response: DavResponse, principal: string): Listing | undefined {
  if ((response.status ?? 200) >= 300) return undefined;
  const path = collectionPath(response.href);
  const components = componentsOf(response);
  const kind = kindOf(response, components);
  if (kind === undefined) return undefined;
  const reports = reportsOf(response);
  const stamp = propText(response, 'D:sync-token') ?? propText(response, 'CS:getctag');
  return {
    path,
    kind,
    components: kind === 'contacts' ? [] : components,
    displayName: propText(response, 'D:displayname') ?? lastSegment(path),
    rights: rightsOf(response),
    properties: propertiesOf(response),
    standing: standingOf(response, path, principal),
    sync: reports.has(clark('D:sync-collection')),
    multiget:
      reports.size === 0 ||
      reports.has(clark(kind === 'contacts' ? 'CR:addressbook-multiget' : 'C:calendar-multiget')),
    cardVersions: cardVersionsOf(response),
    ...(stamp !== undefined && { stamp }),
  };
}

function kindOf(response: DavResponse, components: readonly string[]): FolderKind | undefined {
  if (isType(response, 'CR:addressbook')) return 'contacts';
  // A trashed calendar of Nextcloud is a `deleted-calendar` instead.
  const isCalendar = (['C:calendar', 'CS:subscribed', 'NC:deleted-calendar'] as const).some((name) =>
    isType(response, name),
  );
  if (!isCalendar) return undefined;
  if (components.includes('VEVENT')) return 'events';
  return components.includes('VTODO') ? 'tasks' : undefined;
}

function isType(response: DavResponse, name: Name): boolean {
  return child(prop(response, 'D:resourcetype'), name) !== undefined;
}

/** All of them where the server does not say (RFC 4791 §5.2.3). */
function componentsOf(response: DavResponse): readonly string[] {
  const set = prop(response, 'C:supported-calendar-component-set');
  if (set === undefined) return ['VEVENT', 'VTODO', 'VJOURNAL'];
  return childrenOf(set).flatMap((comp) => comp.attrs['name']?.toUpperCase() ?? []);
}

/** In the order they are asked; the first that holds. */
const standings: readonly (readonly [Standing, (seen: Seen) => boolean])[] = [
  ['trashed', ({ response }) => isTrashed(response)],
  [
    'subscribed',
    ({ response }) => isType(response, 'CS:subscribed') || prop(response, 'CS:source') !== undefined,
  ],
  ['birthdays', ({ name }) => /^contact_birthdays(_shared_by_.*)?$/.test(name)],
  // z-server-generated--system, z-app-generated--contactsinteraction--recent, app-generated--deck--board-1
  ['generated', ({ name }) => /^(z-)?(app|server)-generated--/.test(name)],
  ['shared', ({ owner, principal }) => owner !== undefined && !isPrincipal(owner, principal)],
];

interface Seen {
  readonly response: DavResponse;
  readonly name: string;
  readonly owner: string | undefined;
  readonly principal: string;
}

function standingOf(response: DavResponse, path: string, principal: string): Standing {
  const owner = textOf(child(prop(response, 'D:owner'), 'D:href')).trim();
  const named = owner === '' ? propText(response, 'OC:owner-principal') : owner;
  const seen = { response, name: lastSegment(path), owner: named, principal };
  return standings.find(([, holds]) => holds(seen))?.[0] ?? 'own';
}

/** DAV:owner is a path; Nextcloud's own property leaves out what stands before `principals/`. */
function isPrincipal(owner: string, principal: string): boolean {
  return isSamePath(owner, principal) || (!owner.startsWith('/') && principal.endsWith(`/${owner}/`));
}

export function isTrashed(response: DavResponse): boolean {
  return isType(response, 'NC:deleted-calendar') || propText(response, 'NC:deleted-at') !== undefined;
}

/** RFC 3744 §3: `all` and `write` contain the others. Radicale names no `bind`, where `write` stands for it. */
export function rightsOf(response: DavResponse): Rights {
  const set = prop(response, 'D:current-user-privilege-set');
  if (set === undefined) return { ...noRights, read: true, create: true, modify: true, remove: true };
  const privileges = new Set(childrenOf(set).flatMap(childrenOf).map(clarkOf));
  const may = (...names: readonly Name[]): boolean =>
    (['D:all', ...names] as const).some((name) => privileges.has(clark(name)));
  return {
    read: may('D:read'),
    create: may('D:write', 'D:bind'),
    modify: may('D:write', 'D:write-content'),
    remove: may('D:write', 'D:unbind'),
    createFolders: false,
    administer: may('D:write', 'D:write-properties'),
  };
}

const noRights: Rights = {
  read: false,
  create: false,
  modify: false,
  remove: false,
  createFolders: false,
  administer: false,
};

/** How properties of a folder are called on the wire; the second name in address books. */
export const propertyNames = {
  color: ['A:calendar-color', 'A:calendar-color'],
  order: ['A:calendar-order', 'A:calendar-order'],
  description: ['C:calendar-description', 'CR:addressbook-description'],
  timezone: ['C:calendar-timezone', 'C:calendar-timezone'],
} as const satisfies Readonly<Record<string, readonly [Name, Name]>>;

function propertiesOf(response: DavResponse): FolderProperties {
  const found: [string, string][] = [];
  for (const [key, names] of Object.entries(propertyNames)) {
    const value = names.map((name) => propText(response, name)).find((text) => text !== undefined);
    if (value !== undefined) found.push([key, value]);
  }
  return Object.fromEntries(found);
}

/** Xandikos leaves out the DAV:report around the names. */
function reportsOf(response: DavResponse): ReadonlySet<string> {
  const set = prop(response, 'D:supported-report-set');
  const inside = set === undefined ? [] : childrenOf(set).flatMap(childrenOf);
  return new Set(
    inside.flatMap((each) => (isNamed(each, 'D:report') ? childrenOf(each) : [each])).map(clarkOf),
  );
}

/** RFC 6352 §6.2.2: 3.0 where nothing is said. */
function cardVersionsOf(response: DavResponse): readonly ('3.0' | '4.0')[] {
  const set = prop(response, 'CR:supported-address-data');
  const types: readonly XmlElement[] = set === undefined ? [] : childrenOf(set);
  const versions = types.map((type) => type.attrs['version']);
  const found = (['3.0', '4.0'] as const).filter((version) => versions.includes(version));
  return found.length === 0 ? ['3.0'] : found;
}
