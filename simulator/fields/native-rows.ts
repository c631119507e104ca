// MAPI properties that the store computes: asked for as extended properties, not written (BEHAVIOUR §18; [MS-OXPROPS]).
import { cleanGoid, instanceGoid } from '../goid.ts';
import { clipEndOf, isSeries } from '../series.ts';
import {
  childrenOfFolder,
  type ExtendedValue,
  type Folder,
  type Instant,
  type ItemKind,
  type Mailbox,
  type World,
} from '../state/index.ts';
import { toInstant, toLocal, utcZone } from '../calendar/index.ts';
import { uidOf } from './calendar-rows.ts';
import { bytesOf } from './item-rows.ts';
import { mapiName } from './mapi-names-table.ts';
import type { View } from './row.ts';

type Value = string | number | boolean | undefined;

interface NativeRow<T> {
  readonly type: string;
  readonly read: (of: T) => Value;
}

const appointment = '00062002-0000-0000-c000-000000000046';
const common = '00062008-0000-0000-c000-000000000046';
const meeting = '6ed8da90-450b-101b-98da-00aa003f1305';
/** 31 Aug 4500: series without end. */
const endOfTime = Date.UTC(4500, 7, 31);

const itemRows: Readonly<Record<string, NativeRow<View>>> = {
  '0x300b': { type: 'Binary', read: (view) => bytesOf('Search', view.item.searchKeyNo).toString('base64') },
  '0x65e0': { type: 'Binary', read: (view) => bytesOf('Source', view.item.no).toString('base64') },
  '0x3007': { type: 'SystemTime', read: (view) => stamp(view.item.created) },
  '0x3008': { type: 'SystemTime', read: (view) => stamp(view.item.modified) },
  // Internet article number: rises with every item that comes into the store. DavMail pages by it.
  '0x0e23': { type: 'Integer', read: (view) => view.item.no },
  '0x0e1b': { type: 'Boolean', read: (view) => (view.attachments?.length ?? 0) > 0 },
  [`${appointment}/0x820d`]: event('SystemTime', (view) => stamp(view.values.start)),
  [`${appointment}/0x820e`]: event('SystemTime', (view) => stamp(view.values.end)),
  [`${appointment}/0x8215`]: event('Boolean', (view) => view.values.isAllDay ?? false),
  [`${appointment}/0x8223`]: event('Boolean', (view) => isSeries(view.item)),
  [`${appointment}/0x8235`]: event('SystemTime', (view) => stamp(clipStartOf(view))),
  [`${appointment}/0x8236`]: event('SystemTime', (view) =>
    isSeries(view.item) ? stamp(clipEndOf(view.item) ?? endOfTime) : undefined,
  ),
  [`${common}/0x8516`]: event('SystemTime', (view) => stamp(view.values.start)),
  [`${common}/0x8517`]: event('SystemTime', (view) => stamp(view.values.end)),
  [`${meeting}/0x3`]: event('Binary', (view) =>
    instanceGoid(
      uidOf(view),
      view.occurrence === undefined
        ? undefined
        : toLocal(view.occurrence.originalStart, view.item.values.startZone ?? utcZone),
    ).toString('base64'),
  ),
  [`${meeting}/0x23`]: event('Binary', (view) => cleanGoid(uidOf(view)).toString('base64')),
};

interface FolderView {
  readonly world: World;
  readonly mailbox: Mailbox;
  readonly folder: Folder;
}

const folderRows: Readonly<Record<string, NativeRow<FolderView>>> = {
  '0x670a': { type: 'SystemTime', read: ({ world, folder }) => stamp(folder.lastCommit - world.commitLagMs) },
  '0x670b': { type: 'Integer', read: ({ folder }) => folder.deletedCount },
  '0x3001': { type: 'String', read: ({ folder }) => folder.displayName },
  '0x3008': { type: 'SystemTime', read: ({ folder }) => stamp(folder.lastCommit) },
  '0x360a': {
    type: 'Boolean',
    read: ({ mailbox, folder }) => childrenOfFolder(mailbox, folder).length > 0,
  },
  '0x3602': { type: 'Integer', read: ({ folder }) => folder.items.size },
  '0x3613': { type: 'String', read: ({ folder }) => folder.folderClass },
};

/** Whether the store alone writes it. */
export function isComputed(kind: ItemKind, key: string): boolean {
  return mapiName(kind, key) === undefined && itemRows[key] !== undefined;
}

export function isNativeToFolders(key: string): boolean {
  return folderRows[key] !== undefined;
}

/** The value of a MAPI property of an item: that of EWS under its other name, computed, else as it was written. */
export function itemProperty(view: View, key: string): ExtendedValue | undefined {
  const name = mapiName(view.item.kind, key);
  if (name !== undefined) {
    const value = name.read(view.values);
    return value === undefined ? undefined : { type: name.type, value };
  }
  const row = itemRows[key];
  return row === undefined ? view.extended?.[key] : valueOf(row.type, row.read(view));
}

export function folderProperty(view: FolderView, key: string): ExtendedValue | undefined {
  const row = folderRows[key];
  return row === undefined ? view.folder.extended[key] : valueOf(row.type, row.read(view));
}

function valueOf(type: string, value: Value): ExtendedValue | undefined {
  return value === undefined ? undefined : { type, value: String(value) };
}

function event(type: string, read: (view: View) => Value): NativeRow<View> {
  return { type, read: (view) => (view.item.kind === 'event' ? read(view) : undefined) };
}

/** Midnight of the first day, in the creator's zone. */
function clipStartOf(view: View): Instant | undefined {
  const { start, startZone = utcZone } = view.item.values;
  if (start === undefined || !isSeries(view.item)) return undefined;
  return toInstant(`${toLocal(start, startZone).slice(0, 10)}T00:00:00`, startZone);
}

function stamp(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
