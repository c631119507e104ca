// Mailboxes and folders: the default ones every mailbox has, and adding, moving and removing others.
import { EwsError } from '../errors.ts';
import { addEntry } from './directory.ts';
import { defaultFolders } from './default-folders-table.ts';
import type { Folder } from './folder.ts';
import { levels, type Rights } from './rights.ts';
import { openSettings } from './settings.ts';
import type { Extended } from './values.ts';
import { emit, mailboxOf, nextNo, nextRevision, type Mailbox, type World } from './world.ts';

export interface NewMailbox {
  readonly address: string;
  /** Empty: nobody signs in to it (rooms, people of the directory). */
  readonly password: string;
  /** Display name; the local part when absent. */
  readonly name?: string;
}

/** A mailbox with the default folders of table `defaultFolders`. */
export function addMailbox(world: World, given: NewMailbox): Mailbox {
  const rootNo = nextNo(world);
  const name = given.name ?? given.address.replace(/@.*/, '');
  const mailbox = emptyMailbox(world, { ...given, name, rootNo });
  const known = world.directory.get(given.address.toLowerCase());
  addEntry(world, { kind: known?.kind ?? 'user', address: given.address, name: mailbox.name });
  world.mailboxes.set(given.address.toLowerCase(), mailbox);
  for (const row of defaultFolders) {
    const parent = row.parent === undefined ? undefined : mailbox.distinguished.get(row.parent);
    const no = row.id === 'root' ? rootNo : nextNo(world);
    putFolder(world, mailbox, {
      no,
      parentNo: parent?.no,
      distinguished: row.id,
      name: row.name,
      folderClass: row.folderClass,
    });
  }
  return mailbox;
}

/** The public folders of the organisation, made when there are none: nobody's mailbox, where everybody may read by default. */
export function openPublicFolders(world: World): Mailbox {
  const known = publicFoldersOf(world);
  if (known !== undefined) return known;
  const rootNo = nextNo(world);
  const mailbox = emptyMailbox(world, { address: '', password: '', name: 'Public Folders', rootNo });
  world.publicNo = mailbox.no;
  const root = putFolder(world, mailbox, {
    no: rootNo,
    parentNo: undefined,
    distinguished: 'publicfoldersroot',
    name: 'IPM_SUBTREE',
    folderClass: 'IPF.Note',
  });
  root.permissions.set('default', levels.reviewer);
  return mailbox;
}

export function publicFoldersOf(world: World): Mailbox | undefined {
  return world.publicNo === undefined ? undefined : world.byNo.get(world.publicNo);
}

/** The folder of that DistinguishedFolderId. @throws Error for an unknown one */
export function folderOf(mailbox: Mailbox, distinguished: string): Folder {
  const folder = mailbox.distinguished.get(distinguished);
  if (folder === undefined) throw new Error(`${mailbox.address} has no folder ${distinguished}`);
  return folder;
}

export interface NewFolder {
  readonly parent: Folder;
  readonly name: string;
  /** IPF.Appointment, IPF.Contact, IPF.Task, IPF.Note … */
  readonly folderClass: string;
  readonly extended?: Extended;
}

/** @throws EwsError ErrorFolderExists */
export function addFolder(world: World, given: NewFolder): Folder {
  const mailbox = mailboxOf(world, given.parent);
  demandFreeName(mailbox, given.parent, given.name);
  const folder = putFolder(world, mailbox, {
    no: nextNo(world),
    parentNo: given.parent.no,
    distinguished: undefined,
    name: given.name,
    folderClass: given.folderClass,
    ...(given.extended === undefined ? {} : { extended: given.extended }),
  });
  touchFolder(world, given.parent);
  emit(world, folder, { kind: 'Created', revision: folder.revision });
  return folder;
}

/** Another user's rights in a folder; `levels` names the usual ones. */
export function grant(folder: Folder, address: string, rights: Rights): void {
  folder.permissions.set(address.toLowerCase(), rights);
}

export function childrenOfFolder(mailbox: Mailbox, folder: Folder): Folder[] {
  return [...mailbox.folders.values()].filter((candidate) => candidate.parentNo === folder.no);
}

/** The folder itself and everything below it. */
export function subtreeOf(mailbox: Mailbox, folder: Folder): Folder[] {
  const found = [folder];
  for (const child of childrenOfFolder(mailbox, folder)) found.push(...subtreeOf(mailbox, child));
  return found;
}

/** @throws EwsError ErrorFolderExists */
export function demandFreeName(mailbox: Mailbox, parent: Folder, name: string): void {
  const taken = childrenOfFolder(mailbox, parent).some(
    (folder) => folder.displayName.toLowerCase() === name.toLowerCase(),
  );
  if (taken) throw new EwsError('ErrorFolderExists');
}

/** Its name, class, MAPI properties or permissions. */
export function changeFolder(
  world: World,
  folder: Folder,
  change: Partial<Pick<Folder, 'displayName' | 'folderClass' | 'extended' | 'permissions'>>,
): void {
  Object.assign(folder, change);
  touchFolder(world, folder);
  emit(world, folder, { kind: 'Modified', revision: folder.revision });
}

export function moveFolder(world: World, folder: Folder, parent: Folder): void {
  const mailbox = mailboxOf(world, folder);
  const before = folder.parentNo === undefined ? undefined : mailbox.folders.get(folder.parentNo);
  folder.parentNo = parent.no;
  for (const touched of [before, parent, folder]) if (touched !== undefined) touchFolder(world, touched);
  emit(world, folder, { kind: 'Moved', revision: folder.revision });
}

/** Takes a folder with all below it out of the store. */
export function removeFolder(world: World, folder: Folder): void {
  const mailbox = mailboxOf(world, folder);
  const parent = folder.parentNo === undefined ? undefined : mailbox.folders.get(folder.parentNo);
  for (const gone of subtreeOf(mailbox, folder)) {
    mailbox.folders.delete(gone.no);
    mailbox.folderTombstones.push({ no: gone.no, arrived: gone.arrived, gone: nextRevision(world) });
  }
  if (parent !== undefined) touchFolder(world, parent);
  emit(world, folder, { kind: 'Deleted', revision: world.revision });
}

export function touchFolder(world: World, folder: Folder): void {
  folder.revision = nextRevision(world);
}

function emptyMailbox(
  world: World,
  given: Pick<Mailbox, 'address' | 'password' | 'name' | 'rootNo'>,
): Mailbox {
  const mailbox: Mailbox = {
    no: nextNo(world),
    address: given.address,
    name: given.name,
    password: given.password,
    rootNo: given.rootNo,
    folders: new Map(),
    distinguished: new Map(),
    folderTombstones: [],
    events: [],
    listeners: new Set(),
    lostUpTo: 0,
    settings: openSettings(),
  };
  world.byNo.set(mailbox.no, mailbox);
  return mailbox;
}

interface PutFolder {
  readonly no: number;
  readonly parentNo: number | undefined;
  readonly distinguished: string | undefined;
  readonly name: string;
  readonly folderClass: string;
  readonly extended?: Extended;
}

function putFolder(world: World, mailbox: Mailbox, given: PutFolder): Folder {
  const revision = nextRevision(world);
  const folder: Folder = {
    no: given.no,
    mailboxNo: mailbox.no,
    parentNo: given.parentNo,
    distinguished: given.distinguished,
    folderClass: given.folderClass,
    displayName: given.name,
    extended: given.extended ?? {},
    permissions: new Map(),
    items: new Map(),
    ordered: undefined,
    tombstones: [],
    arrived: revision,
    revision,
    lastCommit: world.now(),
    deletedCount: 0,
  };
  mailbox.folders.set(folder.no, folder);
  if (given.distinguished !== undefined) mailbox.distinguished.set(given.distinguished, folder);
  return folder;
}
