// Properties of folders ([MS-OXWSFOLD] 2.2.4 t:BaseFolderType), in the order of types.xsd.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import {
  childrenOfFolder,
  mailKinds,
  type Folder,
  type Mailbox,
  type Rights,
  type World,
} from '../state/index.ts';
import { emptyChangeKey, renderChangeKey, renderId } from '../state/ids.ts';
import { parseExtendedField, renderExtended, type ExtendedField } from './extended.ts';
import { renderRights } from './item-rows.ts';
import { folderProperty } from './native-rows.ts';
import { renderPermissionSet } from './permission-set.ts';
import { elementOf, tag, type Scalar } from './row.ts';

export interface FolderView {
  readonly world: World;
  readonly mailbox: Mailbox;
  readonly folder: Folder;
  readonly rights: Rights;
}

interface FolderRow {
  readonly uri: string;
  /** Letters: default shape, all properties, g: all properties of GetFolder. */
  readonly shape: string;
  /** Elements that have it; all when absent. */
  readonly only?: readonly string[];
  readonly read?: (view: FolderView) => Scalar;
  readonly render: (view: FolderView) => string;
}

/** The element a folder class is shown as. */
export function folderElementOf(folderClass: string): string {
  if (/^IPF\.Appointment\b/i.test(folderClass)) return 'CalendarFolder';
  if (/^IPF\.Contact\b/i.test(folderClass)) return 'ContactsFolder';
  if (/^IPF\.Task\b/i.test(folderClass)) return 'TasksFolder';
  return 'Folder';
}

export function renderFolderId(view: FolderView): string {
  const key = renderChangeKey('folder', view.folder.revision);
  return `<t:FolderId Id="${folderIdOf(view, view.folder.no)}" ChangeKey="${key}"/>`;
}

function folderIdOf(view: FolderView, no: number): string {
  return renderId({ kind: 'folder', mailboxNo: view.mailbox.no, folderNo: no });
}

const leading: readonly FolderRow[] = [
  {
    uri: 'folder:FolderId',
    shape: 'da',
    read: (view) => folderIdOf(view, view.folder.no),
    render: renderFolderId,
  },
  {
    uri: 'folder:ParentFolderId',
    shape: 'a',
    read: (view) => (view.folder.parentNo === undefined ? undefined : folderIdOf(view, view.folder.parentNo)),
    render: (view) =>
      view.folder.parentNo === undefined
        ? ''
        : `<t:ParentFolderId Id="${folderIdOf(view, view.folder.parentNo)}" ChangeKey="${emptyChangeKey}"/>`,
  },
  scalarRow('folder:FolderClass', 'a', (view) =>
    view.folder.folderClass === '' ? undefined : view.folder.folderClass,
  ),
  scalarRow('folder:DisplayName', 'da', (view) => view.folder.displayName),
  scalarRow('folder:TotalCount', 'da', (view) => view.folder.items.size),
  scalarRow('folder:ChildFolderCount', 'da', (view) => childrenOfFolder(view.mailbox, view.folder).length),
];

const trailing: readonly FolderRow[] = [
  { uri: 'folder:EffectiveRights', shape: 'a', render: (view) => renderRights(view.rights, true) },
  scalarRow('folder:DistinguishedFolderId', '', (view) => view.folder.distinguished),
  { uri: 'folder:PermissionSet', shape: 'g', render: renderPermissionSet },
  {
    ...scalarRow('folder:UnreadCount', 'da', (view) => {
      let unread = 0;
      for (const item of view.folder.items.values())
        if (mailKinds.has(item.kind) && item.values.isRead !== true) unread += 1;
      return unread;
    }),
    only: ['Folder', 'TasksFolder'],
  },
];

export const folderRowByUri: ReadonlyMap<string, FolderRow> = new Map(
  [...leading, ...trailing].map((row) => [row.uri, row]),
);

export interface FolderShape {
  readonly base: string;
  readonly uris: ReadonlySet<string>;
  readonly extended: readonly ExtendedField[];
  /** GetFolder knows more. */
  readonly isSingle?: boolean;
}

/** @throws EwsError ErrorInvalidExtendedProperty */
export function parseFolderShape(element: XmlElement | undefined): FolderShape {
  const additional = childOf(element, 'AdditionalProperties');
  const paths = additional === undefined ? [] : childrenOf(additional);
  return {
    base: textOf(childOf(element, 'BaseShape')),
    uris: new Set(
      paths.filter((path) => path.name === 'FieldURI').map((path) => path.attrs['FieldURI'] ?? ''),
    ),
    extended: paths.filter((path) => path.name === 'ExtendedFieldURI').map(parseExtendedField),
  };
}

export function renderFolder(view: FolderView, shape: FolderShape): string {
  const element = folderElementOf(view.folder.folderClass);
  const rows = (list: readonly FolderRow[]): string =>
    list
      .filter((row) => isWanted(row, shape) && (row.only?.includes(element) ?? true))
      .map((row) => row.render(view))
      .join('');
  const extended = shape.extended.map((field) =>
    renderExtended(field, folderProperty(view, field.key), false),
  );
  return tag(element, rows(leading) + extended.join('') + rows(trailing));
}

function isWanted(row: FolderRow, shape: FolderShape): boolean {
  if (row.uri === 'folder:FolderId' || shape.uris.has(row.uri)) return true;
  if (shape.base === 'Default') return row.shape.includes('d');
  if (shape.base !== 'AllProperties') return false;
  return row.shape.includes('a') || (shape.isSingle === true && row.shape.includes('g'));
}

function scalarRow(
  uri: string,
  shape: string,
  read: (view: FolderView) => string | number | undefined,
): FolderRow {
  return {
    uri,
    shape,
    read,
    render(view) {
      const value = read(view);
      return value === undefined ? '' : tag(elementOf(uri), escapeText(String(value)));
    },
  };
}
