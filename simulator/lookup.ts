// From ids in requests to folders, items and occurrences, under the rights of the caller (BEHAVIOUR §3, §7, §15).
import { childOf, textOf, type XmlElement } from '../src/xml/index.ts';
import type { Context } from './context.ts';
import { EwsError } from './errors.ts';
import type { View } from './fields/row.ts';
import { demandInstance, isSeries, type Instance } from './series.ts';
import { parseChangeKey, parseId, type Id } from './state/ids.ts';
import {
  entryOf,
  publicFoldersOf,
  type Folder,
  type Item,
  type Mailbox,
  type Rights,
} from './state/index.ts';
import { rightsIn, viewOf, type Place } from './view.ts';

/** A folder and what the caller may do in it. @throws EwsError, `missing` when there is none or it is hidden */
export function folderAt(context: Context, element: XmlElement, missing = 'ErrorFolderNotFound'): Place {
  const { mailbox, folder } =
    element.name === 'DistinguishedFolderId'
      ? distinguished(context, element, missing)
      : byFolderId(context, element, missing);
  const place = placeOf(context, mailbox, folder);
  // Existence is hidden from those who have no right at all.
  if (!Object.values(place.rights).includes(true)) throw new EwsError(missing);
  return place;
}

/** The folder inside t:TargetFolderIdType and the like. */
export function onlyFolder(context: Context, holder: XmlElement | undefined, missing?: string): Place {
  const element = holder?.children.find((child) => typeof child !== 'string');
  if (element === undefined || typeof element === 'string') throw new EwsError('ErrorFolderNotFound');
  return folderAt(context, element, missing);
}

export function demandRight(place: Place, right: keyof Rights): void {
  if (place.rights[right] !== true) throw new EwsError('ErrorAccessDenied');
}

export interface Found {
  readonly place: Place;
  readonly item: Item;
  readonly instance: Instance | undefined;
  /** The revision of the change key that came along; undefined: none, -1: an empty one. */
  readonly changeKey: number | undefined;
}

/** t:ItemId, t:OccurrenceItemId or t:RecurringMasterItemId. @throws EwsError */
export function itemAt(context: Context, element: XmlElement): Found {
  const key = element.attrs['ChangeKey'];
  const changeKey = key === undefined || key === '' ? undefined : parseChangeKey(key);
  switch (element.name) {
    case 'ItemId': {
      const id = parseId(element.attrs['Id'] ?? '');
      return { ...itemOf(context, id), changeKey };
    }
    case 'OccurrenceItemId': {
      const id = parseId(element.attrs['RecurringMasterId'] ?? '');
      const found = itemOf(context, id);
      if (id.kind !== 'item' || !isSeries(found.item))
        throw new EwsError('ErrorCalendarCannotUseIdForRecurringMasterId');
      const index = Number(element.attrs['InstanceIndex']);
      return { ...found, instance: demandInstance(found.item, index), changeKey };
    }
    case 'RecurringMasterItemId': {
      const id = parseId(element.attrs['OccurrenceId'] ?? '');
      if (id.kind !== 'occurrence') throw new EwsError('ErrorCalendarCannotUseIdForOccurrenceId');
      return { ...itemOf(context, id), instance: undefined, changeKey };
    }
    default:
      throw new EwsError('ErrorInvalidOperation', `Ids of the form ${element.name} are not simulated.`);
  }
}

export function viewAt(found: Pick<Found, 'place' | 'item' | 'instance'>): View {
  return viewOf(found.place, found.item, found.instance);
}

/** The item of an id, and the occurrence it names. @throws EwsError */
export function itemOf(context: Context, id: Id): Pick<Found, 'place' | 'item' | 'instance'> {
  if (id.kind === 'folder') throw new EwsError('ErrorCannotUseFolderIdForItemId');
  const mailbox = context.world.byNo.get(id.mailboxNo);
  const folder = mailbox?.folders.get(id.folderNo);
  const item = folder?.items.get(id.itemNo);
  if (mailbox === undefined || folder === undefined || item === undefined)
    throw new EwsError('ErrorItemNotFound');
  const place = placeOf(context, mailbox, folder);
  if (!place.rights.read) throw new EwsError('ErrorItemNotFound');
  const index = id.kind === 'item' ? 0 : id.index;
  if (index === 0) return { place, item, instance: undefined };
  if (!isSeries(item)) throw new EwsError('ErrorItemNotFound');
  return { place, item, instance: demandInstance(item, index) };
}

export function placeOf(context: Context, mailbox: Mailbox, folder: Folder): Place {
  const refusal = context.faults.targetError(context.operation, mailbox.address);
  if (refusal !== undefined) throw refusal;
  const rights = rightsIn(mailbox, folder, context.user.address);
  return { world: context.world, mailbox, folder, rights };
}

interface FolderOf {
  readonly mailbox: Mailbox;
  readonly folder: Folder;
}

function distinguished(context: Context, element: XmlElement, missing: string): FolderOf {
  const address = textOf(childOf(childOf(element, 'Mailbox'), 'EmailAddress'))
    .trim()
    .toLowerCase();
  // Further addresses name a mailbox as well as the main one.
  const id = element.attrs['Id'] ?? '';
  if (id === 'publicfoldersroot' && address === '') return publicRoot(context);
  const named = entryOf(context.world, address)?.address.toLowerCase() ?? address;
  const mailbox = address === '' ? context.user : context.world.mailboxes.get(named);
  if (mailbox === undefined) throw new EwsError('ErrorNonExistentMailbox');
  const folder = mailbox.distinguished.get(id);
  if (folder === undefined) throw new EwsError(missing);
  return { mailbox, folder };
}

function publicRoot({ world }: Context): FolderOf {
  const mailbox = publicFoldersOf(world);
  const folder = mailbox?.folders.get(mailbox.rootNo);
  if (mailbox === undefined || folder === undefined) throw new EwsError('ErrorNoPublicFolderServerAvailable');
  return { mailbox, folder };
}

/** Synchronisation, deep traversals and Deleted Items are of mailboxes only ([MS-OXWSCDATA] ErrorInvalidOperation; BEHAVIOUR §5). */
export function demandNoPublicFolder({ world, mailbox }: Place): void {
  if (mailbox === publicFoldersOf(world))
    throw new EwsError('ErrorInvalidOperation', 'The request is not for public folders.');
}

function byFolderId(context: Context, element: XmlElement, missing: string): FolderOf {
  const id = parseId(element.attrs['Id'] ?? '');
  const key = element.attrs['ChangeKey'];
  if (key !== undefined && key !== '') parseChangeKey(key);
  if (id.kind !== 'folder') throw new EwsError('ErrorCannotUseItemIdForFolderId');
  const mailbox = context.world.byNo.get(id.mailboxNo);
  const folder = mailbox?.folders.get(id.folderNo);
  if (mailbox === undefined || folder === undefined) throw new EwsError(missing);
  return { mailbox, folder };
}
