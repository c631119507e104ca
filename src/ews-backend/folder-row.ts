// A folder of EWS as the model's Folder: class, rights, tags, stamp (BEHAVIOUR §15, §18; DESIGN §4, §5).
import { createHash } from 'node:crypto';
import {
  reservedKeys,
  type Folder,
  type FolderKind,
  type FolderProperties,
  type Rights,
} from '../model/backend.ts';
import { childOf, textOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { extendedOf, renderExtended, renderPath, tagFields, type ExtendedPath } from './fields/index.ts';
import { ewsIdIn, folderIdOf } from './ids.ts';
import { folderElementOf } from './operations/create-folder.ts';
import { field, type Shape } from './operations/shape.ts';

/** 0x670A and 0x670B: when the contents last changed, and how many items were ever deleted. */
const lastChange: ExtendedPath = { kind: 'extended', tag: '0x670a', type: 'SystemTime' };
const everDeleted: ExtendedPath = { kind: 'extended', tag: '0x670b', type: 'Integer' };
/** PidTagAttributeHidden: programs hide their own folders with it. */
const hidden: ExtendedPath = { kind: 'extended', tag: '0x10f4', type: 'Boolean' };
const folderClass: ExtendedPath = { kind: 'extended', tag: '0x3613', type: 'String' };

export const folderShape: Shape = [
  ...['DisplayName', 'ParentFolderId', 'FolderClass', 'TotalCount', 'EffectiveRights'].map((name) =>
    field(`folder:${name}`),
  ),
  ...[lastChange, everDeleted, hidden, ...Object.values(tagFields.folder)].map(renderPath),
];

export const parentShape: Shape = [field('folder:ParentFolderId')];

const classOf = {
  events: 'IPF.Appointment',
  tasks: 'IPF.Task',
  contacts: 'IPF.Contact',
} as const satisfies Record<FolderKind, string>;

const kinds = ['events', 'tasks', 'contacts'] as const;

/** Folders of the three classes and their subclasses. */
export const ofOurClasses: Markup = xml(
  't:Or',
  {},
  ...kinds.map((kind) =>
    xml(
      't:Contains',
      { ContainmentMode: 'Prefixed', ContainmentComparison: 'IgnoreCase' },
      renderPath(folderClass),
      xml('t:Constant', { Value: classOf[kind] }),
    ),
  ),
);

/** Kept by Exchange, Outlook and Skype for themselves: caches, buddy lists, copies of the directory, birthdays of contacts. */
const technical =
  /^IPF\.(?:Contact\.(?:MOC|GalContacts|RecipientCache|PeopleCentric|OrganizationalContacts|Company)|Appointment\.Birthday)/i;

/** Undefined: not a folder to be shown. */
export function kindOfFolder(element: XmlElement): FolderKind | undefined {
  const name = textOf(childOf(element, 'FolderClass')).trim();
  if (technical.test(name) || extendedOf(element, hidden) === 'true') return undefined;
  return kinds.find((kind) =>
    name === ''
      ? folderElementOf[kind].endsWith(`:${element.name}`)
      : name.toLowerCase() === classOf[kind].toLowerCase() ||
        name.toLowerCase().startsWith(`${classOf[kind].toLowerCase()}.`),
  );
}

export interface FolderReading {
  readonly kind: FolderKind;
  /** The role of a default folder: its key. */
  readonly role?: string;
  readonly serverNow: number;
}

export function readFolder(element: XmlElement, reading: FolderReading): Folder | undefined {
  const id = ewsIdIn(element, 'FolderId')?.id;
  if (id === undefined || isClosed(element)) return undefined;
  const changed = Date.parse(extendedOf(element, lastChange) ?? '');
  const isStamped = Number.isFinite(changed);
  return {
    id: folderIdOf(reading.kind, id),
    key: reading.role ?? clientKey(extendedOf(element, tagFields.folder.key)) ?? keyOfId(id),
    kind: reading.kind,
    displayName: textOf(childOf(element, 'DisplayName')),
    isDefault: reading.role !== undefined,
    rights: readRights(childOf(element, 'EffectiveRights')),
    ...(mayNot(element, 'ViewPrivateItems') ? { view: 'without-private' } : {}),
    properties: readProperties(element),
    ...(isStamped ? { stamp: stampOf(element), stampAgeMs: Math.max(0, reading.serverNow - changed) } : {}),
  };
}

/** What may be filled but not listed (a contributor's right) cannot be a collection: its members would have no etags. */
const isClosed = (element: XmlElement): boolean => mayNot(element, 'Read');

function mayNot(element: XmlElement, right: string): boolean {
  return textOf(childOf(childOf(element, 'EffectiveRights'), right)).trim() === 'false';
}

function stampOf(element: XmlElement): string {
  return [
    extendedOf(element, lastChange),
    extendedOf(element, everDeleted),
    textOf(childOf(element, 'TotalCount')),
  ].join('/');
}

/** Folder ids survive renaming and moving (BEHAVIOUR §3); the id itself never shows in a URL. */
export function keyOfId(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 16);
}

/** Roles are for default folders, and some keys for no folder: a tag, which a copied folder may carry, claims none of them. */
function clientKey(tag: string | undefined): string | undefined {
  return tag === undefined || tag === '' || roles.has(tag) ? undefined : tag;
}

export const roleOf = { events: 'calendar', tasks: 'tasks', contacts: 'contacts' } as const satisfies Record<
  FolderKind,
  string
>;
const roles: ReadonlySet<string> = new Set([...Object.values(roleOf), ...reservedKeys]);

/**
 * What EWS tells about a folder: what may be done with the folder itself and whether items may be created. Rights on the
 * items are theirs; in this width Modify and Delete of the folder stand for them, and the server has the last word on each write.
 */
function readRights(element: XmlElement | undefined): Rights {
  const may = (name: string): boolean => textOf(childOf(element, name)).trim() === 'true';
  return {
    read: may('Read'),
    create: may('CreateContents'),
    modify: may('Modify'),
    remove: may('Delete'),
    createFolders: may('CreateHierarchy'),
    // Editors of a folder may modify what is in it; renaming it takes its owner, who alone may also create folders in it.
    administer: may('Modify') && may('CreateHierarchy'),
  };
}

const textProperties = ['color', 'order', 'description', 'timezone'] as const;

function readProperties(element: XmlElement): FolderProperties {
  const properties: Record<string, string> = {};
  for (const name of textProperties) {
    const value = extendedOf(element, tagFields.folder[name]);
    if (value !== undefined && value !== '') properties[name] = value;
  }
  const dead = parseDead(extendedOf(element, tagFields.folder.dead));
  return dead === undefined ? properties : { ...properties, dead };
}

function parseDead(text: string | undefined): Readonly<Record<string, string>> | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const entries = Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return Object.fromEntries(entries);
  } catch {
    return undefined; // cut off in a listing, or written by somebody else
  }
}

/** Whether a listing has cut one of our values off, so that the folder must be read by itself (BEHAVIOUR §4). */
export function isCut(element: XmlElement): boolean {
  return Object.values(tagFields.folder).some((path) => (extendedOf(element, path)?.length ?? 0) >= 255);
}

/** Tags in a new folder. */
export function renderTags(key: string, properties: FolderProperties): readonly Markup[] {
  return tagValues(key, properties).flatMap(([path, value]) =>
    value === '' ? [] : [renderExtended(path, value)],
  );
}

/** Changes that replace all properties of a folder. */
export function renderPropertyChanges(kind: FolderKind, properties: FolderProperties): readonly Markup[] {
  return tagValues(undefined, properties).map(([path, value]) =>
    value === ''
      ? xml('t:DeleteFolderField', {}, renderPath(path))
      : xml(
          't:SetFolderField',
          {},
          renderPath(path),
          xml(folderElementOf[kind], {}, renderExtended(path, value)),
        ),
  );
}

export function renderNameChange(kind: FolderKind, displayName: string): Markup {
  return xml(
    't:SetFolderField',
    {},
    field('folder:DisplayName'),
    xml(folderElementOf[kind], {}, xml('t:DisplayName', {}, displayName)),
  );
}

function tagValues(
  key: string | undefined,
  properties: FolderProperties,
): readonly (readonly [ExtendedPath, string])[] {
  const dead = Object.keys(properties.dead ?? {}).length === 0 ? '' : JSON.stringify(properties.dead);
  const values: (readonly [ExtendedPath, string])[] = textProperties.map((name) => [
    tagFields.folder[name],
    properties[name] ?? '',
  ]);
  values.push([tagFields.folder.dead, dead]);
  if (key !== undefined) values.unshift([tagFields.folder.key, key]);
  return values;
}
