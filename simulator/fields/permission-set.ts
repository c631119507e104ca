// folder:PermissionSet ([MS-OXWSFOLD] 2.2.4.13, 2.2.4.4): the rights of others in a folder, as levels and in single.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { levels, type FreeBusyAccess, type Rights } from '../state/index.ts';
import { folderElementOf, type FolderView } from './folder-rows.ts';
import { tag } from './row.ts';

/** Everybody who is not named, in `Folder.permissions`. */
const everybody = 'default';

const levelNames = {
  None: levels.noFreeBusy,
  Owner: levels.owner,
  PublishingEditor: { ...levels.editor, createHierarchy: true },
  Editor: levels.editor,
  PublishingAuthor: { ...levels.author, createHierarchy: true },
  Author: levels.author,
  NoneditingAuthor: levels.author,
  Reviewer: levels.reviewer,
  Contributor: levels.contributor,
  FreeBusyTimeOnly: levels.freeBusyTimeOnly,
  FreeBusyTimeAndSubjectAndLocation: levels.freeBusyTimeAndSubjectAndLocation,
} satisfies Record<string, Rights>;

export function renderPermissionSet(view: FolderView): string {
  const isCalendar = folderElementOf(view.folder.folderClass) === 'CalendarFolder';
  const prefix = isCalendar ? 'Calendar' : '';
  const permissions = [...view.folder.permissions].map(([address, rights]) =>
    tag(
      `${prefix}Permission`,
      renderPermission(view, address, { rights, isCalendar }) +
        tag(`${prefix}PermissionLevel`, levelOf(rights, isCalendar)),
    ),
  );
  return tag('PermissionSet', tag(`${prefix}Permissions`, permissions.join('')));
}

/** By address, as `Folder.permissions` keeps them. @throws EwsError ErrorInvalidUserInfo */
export function parsePermissionSet(element: XmlElement): Map<string, Rights> {
  const list = childOf(element, 'Permissions') ?? childOf(element, 'CalendarPermissions');
  const found = new Map<string, Rights>();
  for (const permission of list === undefined ? [] : childrenOf(list)) {
    const user = childOf(permission, 'UserId');
    const distinguished = textOf(childOf(user, 'DistinguishedUser'));
    if (distinguished === 'Anonymous') continue;
    const address = textOf(childOf(user, 'PrimarySmtpAddress')).trim().toLowerCase();
    if (distinguished === '' && address === '') throw new EwsError('ErrorInvalidUserInfo');
    found.set(distinguished === 'Default' ? everybody : address, parseRights(permission));
  }
  return found;
}

/** Rights of somebody who is not the owner. */
export function rightsOfOther(permissions: ReadonlyMap<string, Rights>, address: string): Rights {
  return permissions.get(address.toLowerCase()) ?? permissions.get(everybody) ?? levels.none;
}

/** Undefined: no level by that name. */
export function rightsOfLevel(level: string): Rights | undefined {
  return Object.entries(levelNames).find(([name]) => name === level)?.[1];
}

function parseRights(permission: XmlElement): Rights {
  const level = textOf(
    childOf(permission, 'PermissionLevel') ?? childOf(permission, 'CalendarPermissionLevel'),
  );
  const named = rightsOfLevel(level);
  if (named !== undefined) return named;
  const has = (name: string, value: string): boolean => textOf(childOf(permission, name)) === value;
  const access = (['None', 'TimeOnly', 'TimeAndSubjectAndLocation'] as const).find((value) =>
    has('ReadItems', value),
  );
  return {
    ...levels.none,
    ...(access === undefined ? {} : { freeBusy: access }),
    read: has('ReadItems', 'FullDetails'),
    createContents: has('CanCreateItems', 'true'),
    createHierarchy: has('CanCreateSubFolders', 'true'),
    modify: has('EditItems', 'All'),
    delete: has('DeleteItems', 'All'),
  };
}

function renderPermission(
  view: FolderView,
  address: string,
  { rights, isCalendar }: { readonly rights: Rights; readonly isCalendar: boolean },
): string {
  const name = view.world.mailboxes.get(address)?.name ?? address;
  const user =
    address === everybody
      ? tag('DistinguishedUser', 'Default')
      : tag('PrimarySmtpAddress', escapeText(address)) + tag('DisplayName', escapeText(name));
  const whom = (all: boolean): string => (all ? 'All' : 'None');
  return (
    tag('UserId', user) +
    tag('CanCreateItems', String(rights.createContents)) +
    tag('CanCreateSubFolders', String(rights.createHierarchy)) +
    tag('IsFolderOwner', String(rights.createAssociated)) +
    tag('IsFolderVisible', String(rights.read)) +
    tag('IsFolderContact', 'false') +
    tag('EditItems', whom(rights.modify)) +
    tag('DeleteItems', whom(rights.delete)) +
    tag('ReadItems', rights.read ? 'FullDetails' : isCalendar ? freeBusyOf(rights) : 'None')
  );
}

/** What GetUserAvailability may tell: times, where nothing else was said. */
export function freeBusyOf(rights: Rights): FreeBusyAccess {
  return rights.freeBusy ?? 'TimeOnly';
}

/** Private items are a matter of delegation, not of the level. */
export function levelOf(rights: Rights, isCalendar: boolean): string {
  const plain = comparable(rights, isCalendar);
  return (
    Object.entries(levelNames).find(([, level]) => comparable(level, isCalendar) === plain)?.[0] ?? 'Custom'
  );
}

function comparable(rights: Rights, isCalendar: boolean): string {
  const { read, createContents, createHierarchy, createAssociated, modify } = rights;
  const freeBusy = isCalendar && !read ? freeBusyOf(rights) : '';
  return JSON.stringify([
    read,
    createContents,
    createHierarchy,
    createAssociated,
    modify,
    rights.delete,
    freeBusy,
  ]);
}
