// folder:PermissionSet ([MS-OXWSFOLD] 2.2.4.13, 2.2.4.4): the rights of others in a folder, as levels and in single.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { levels, type Rights } from '../state/index.ts';
import { folderElementOf, type FolderView } from './folder-rows.ts';
import { tag } from './row.ts';

/** Everybody who is not named, in `Folder.permissions`. */
const everybody = 'default';

const levelNames = {
  None: levels.none,
  Owner: levels.owner,
  PublishingEditor: { ...levels.editor, createHierarchy: true },
  Editor: levels.editor,
  PublishingAuthor: { ...levels.author, createHierarchy: true },
  Author: levels.author,
  NoneditingAuthor: levels.author,
  Reviewer: levels.reviewer,
  Contributor: levels.contributor,
  FreeBusyTimeOnly: levels.none,
  FreeBusyTimeAndSubjectAndLocation: levels.none,
} satisfies Record<string, Rights>;

export function renderPermissionSet(view: FolderView): string {
  const isCalendar = folderElementOf(view.folder.folderClass) === 'CalendarFolder';
  const prefix = isCalendar ? 'Calendar' : '';
  const permissions = [...view.folder.permissions].map(([address, rights]) =>
    tag(
      `${prefix}Permission`,
      renderPermission(view, address, rights) + tag(`${prefix}PermissionLevel`, levelOf(rights)),
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

function parseRights(permission: XmlElement): Rights {
  const level = textOf(
    childOf(permission, 'PermissionLevel') ?? childOf(permission, 'CalendarPermissionLevel'),
  );
  const named = Object.entries(levelNames).find(([name]) => name === level)?.[1];
  if (named !== undefined) return named;
  const has = (name: string, value: string): boolean => textOf(childOf(permission, name)) === value;
  return {
    ...levels.none,
    read: has('ReadItems', 'FullDetails'),
    createContents: has('CanCreateItems', 'true'),
    createHierarchy: has('CanCreateSubFolders', 'true'),
    modify: has('EditItems', 'All'),
    delete: has('DeleteItems', 'All'),
  };
}

function renderPermission(view: FolderView, address: string, rights: Rights): string {
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
    tag('IsFolderContact', String(rights.createAssociated)) +
    tag('EditItems', whom(rights.modify)) +
    tag('DeleteItems', whom(rights.delete)) +
    tag('ReadItems', rights.read ? 'FullDetails' : 'None')
  );
}

function levelOf(rights: Rights): string {
  const plain = JSON.stringify(rights);
  return Object.entries(levelNames).find(([, level]) => JSON.stringify(level) === plain)?.[0] ?? 'Custom';
}
