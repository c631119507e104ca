// UpdateFolder ([MS-OXWSFOLD] 3.1.4.8): name, class, permissions and extended properties.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { parseExtendedField } from '../fields/extended.ts';
import { folderElementOf } from '../fields/folder-rows.ts';
import { isNativeToFolders } from '../fields/native-rows.ts';
import { parsePermissionSet } from '../fields/permission-set.ts';
import { demandRight, folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { changeFolder, demandFreeName, type Folder } from '../state/index.ts';
import type { Place } from '../view.ts';
import { extendedOf } from './create-folder.ts';
import { folderIdOnly, noFolders } from './folder-answer.ts';
import type { Operation } from './operation.ts';

export const updateFolder: Operation = (request, context) => {
  const changes = childOf(request, 'FolderChanges');
  return forEach(context, changes === undefined ? [] : childrenOf(changes), {
    emptyPayload: noFolders,
    answer: (change) => update(change, context),
  });
};

function update(change: XmlElement, context: Context): string {
  const [id, updates] = childrenOf(change);
  if (id === undefined || updates === undefined) throw new EwsError('ErrorInvalidOperation');
  const place = folderAt(context, id);
  demandRight(place, 'createHierarchy');
  demandRight(place, 'modify');
  let changes: FolderChange = {};
  for (const one of childrenOf(updates)) changes = { ...changes, ...parseChange(one, place, changes) };
  changeFolder(context.world, place.folder, changes);
  return folderIdOnly(place);
}

type FolderChange = Partial<Pick<Folder, 'displayName' | 'folderClass' | 'permissions' | 'extended'>>;

/** One t:SetFolderField or t:DeleteFolderField, after those before it. */
function parseChange(change: XmlElement, place: Place, before: FolderChange): FolderChange {
  // No property of a folder can be added to ([MS-OXWSFOLD] R507).
  if (change.name === 'AppendToFolderField') throw new EwsError('ErrorInvalidPropertyAppend');
  const [path, holder] = childrenOf(change);
  const isSet = change.name === 'SetFolderField' && holder !== undefined;
  if (path?.name === 'ExtendedFieldURI') {
    const { key } = parseExtendedField(path);
    if (isNativeToFolders(key)) throw new EwsError('ErrorInvalidPropertySet');
    const held = Object.entries(before.extended ?? place.folder.extended).filter(([name]) => name !== key);
    return { extended: Object.fromEntries([...held, ...(isSet ? extendedOf(holder) : [])]) };
  }
  const uri = path?.attrs['FieldURI'] ?? '';
  if (uri === 'folder:DisplayName' && isSet) return { displayName: newName(place, holder) };
  if (uri === 'folder:FolderClass' && isSet) return { folderClass: newClass(place, holder) };
  if (uri === 'folder:PermissionSet') {
    const set = isSet ? childOf(holder, 'PermissionSet') : undefined;
    return { permissions: set === undefined ? new Map() : parsePermissionSet(set) };
  }
  throw new EwsError(isSet ? 'ErrorInvalidPropertySet' : 'ErrorInvalidPropertyDelete');
}

/** Subclasses may change, the kind of folder may not. */
function newClass(place: Place, holder: XmlElement): string {
  const folderClass = textOf(childOf(holder, 'FolderClass'));
  if (folderElementOf(folderClass) !== folderElementOf(place.folder.folderClass))
    throw new EwsError('ErrorObjectTypeChanged');
  return folderClass;
}

function newName(place: Place, holder: XmlElement | undefined): string {
  const { mailbox, folder } = place;
  const name = textOf(childOf(holder, 'DisplayName'));
  if (name === folder.displayName) return name;
  if (name === '' || folder.distinguished !== undefined) throw new EwsError('ErrorFolderSavePropertyError');
  const parent = folder.parentNo === undefined ? undefined : mailbox.folders.get(folder.parentNo);
  if (parent !== undefined && name.toLowerCase() !== folder.displayName.toLowerCase())
    demandFreeName(mailbox, parent, name);
  return name;
}
