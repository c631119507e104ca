// CreateFolder ([MS-OXWSFOLD] 3.1.4.2).
import { childOf, childrenOf, textOf, xml, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { parseExtendedField, parseExtendedValue } from '../fields/extended.ts';
import { isNativeToFolders } from '../fields/native-rows.ts';
import { parsePermissionSet } from '../fields/permission-set.ts';
import { demandRight, onlyFolder, placeOf } from '../lookup.ts';
import { forEach } from '../responses.ts';
import { addFolder, changeFolder, type ExtendedValue } from '../state/index.ts';
import { folderIdOnly, noFolders } from './folder-answer.ts';
import type { Operation } from './operation.ts';

export const createFolder: Operation = (request, context) => {
  const folders = childOf(request, 'Folders');
  return forEach(context, folders === undefined ? [] : childrenOf(folders), {
    emptyPayload: noFolders,
    answer: (element) => create(request, element, context),
  });
};

/** The class a folder element stands for when none is named. */
const classes: Readonly<Record<string, string>> = {
  Folder: 'IPF.Note',
  CalendarFolder: 'IPF.Appointment',
  ContactsFolder: 'IPF.Contact',
  TasksFolder: 'IPF.Task',
};

/** Everything else is the server's ([MS-OXWSFOLD] R67, R73, R76). */
const settable: ReadonlySet<string> = new Set([
  'FolderClass',
  'DisplayName',
  'ExtendedProperty',
  'PermissionSet',
]);

function create(request: XmlElement, element: XmlElement, context: Context): string {
  const folderClass = classes[element.name];
  if (folderClass === undefined)
    throw new EwsError('ErrorInvalidOperation', `Folders of the kind ${element.name} are not simulated.`);
  const foreign = childrenOf(element).find((child) => !settable.has(child.name));
  if (foreign !== undefined)
    throw new EwsError(
      'ErrorInvalidPropertySet',
      undefined,
      xml('t:FieldURI', { FieldURI: `folder:${foreign.name}` }),
    );
  const parent = onlyFolder(context, childOf(request, 'ParentFolderId'), 'ErrorParentFolderNotFound');
  demandRight(parent, 'createHierarchy');
  const name = textOf(childOf(element, 'DisplayName'));
  if (name === '') throw new EwsError('ErrorFolderSavePropertyError');
  const folder = addFolder(context.world, {
    parent: parent.folder,
    name,
    folderClass: textOf(childOf(element, 'FolderClass')) || folderClass,
    extended: Object.fromEntries(extendedOf(element)),
  });
  const permissions = childOf(element, 'PermissionSet');
  if (permissions !== undefined)
    changeFolder(context.world, folder, { permissions: parsePermissionSet(permissions) });
  return folderIdOnly(placeOf(context, parent.mailbox, folder));
}

/** t:ExtendedProperty of a folder element, by key. @throws EwsError */
export function extendedOf(element: XmlElement): (readonly [string, ExtendedValue])[] {
  return childrenOf(element)
    .filter((child) => child.name === 'ExtendedProperty')
    .map((child) => {
      const path = childOf(child, 'ExtendedFieldURI');
      if (path === undefined) throw new EwsError('ErrorInvalidExtendedProperty');
      const field = parseExtendedField(path);
      if (isNativeToFolders(field.key)) throw new EwsError('ErrorInvalidPropertySet');
      return [field.key, parseExtendedValue(child, field)] as const;
    });
}
