// UpdateFolder ([MS-OXWSFOLD] 3.1.4.8): the display name and extended properties.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { parseExtendedField } from '../fields/extended.ts';
import { isNativeToFolders } from '../fields/native-rows.ts';
import { demandRight, folderAt } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { changeFolder, demandFreeName } from '../state/index.ts';
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
  const extended = { ...place.folder.extended };
  let displayName: string | undefined;
  for (const one of childrenOf(updates)) {
    const [path, holder] = childrenOf(one);
    if (path?.name === 'ExtendedFieldURI') {
      const { key } = parseExtendedField(path);
      if (isNativeToFolders(key)) throw new EwsError('ErrorInvalidPropertySet');
      delete extended[key];
      if (one.name === 'SetFolderField' && holder !== undefined)
        Object.assign(extended, Object.fromEntries(extendedOf(holder)));
    } else if (path?.attrs['FieldURI'] === 'folder:DisplayName' && one.name === 'SetFolderField')
      displayName = newName(place, holder);
    else
      throw new EwsError(
        one.name === 'SetFolderField' ? 'ErrorInvalidPropertySet' : 'ErrorInvalidPropertyDelete',
      );
  }
  changeFolder(context.world, place.folder, {
    extended,
    ...(displayName === undefined ? {} : { displayName }),
  });
  return folderIdOnly(place);
}

function newName(place: Place, holder: XmlElement | undefined): string {
  const { mailbox, folder } = place;
  const name = textOf(childOf(holder, 'DisplayName'));
  if (name === '' || folder.distinguished !== undefined) throw new EwsError('ErrorFolderSavePropertyError');
  const parent = folder.parentNo === undefined ? undefined : mailbox.folders.get(folder.parentNo);
  if (parent !== undefined && name.toLowerCase() !== folder.displayName.toLowerCase())
    demandFreeName(mailbox, parent, name);
  return name;
}
