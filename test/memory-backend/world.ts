// What the memory backend holds: users, folders, items, and the log of changes.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Credential,
  Delegate,
  FolderId,
  FolderKind,
  FolderProperties,
  ItemId,
  Listed,
  Mailbox,
  Rights,
  Stored,
  Tags,
  Version,
  Backend,
} from '../../src/model/backend.ts';
import type { Card } from '../../src/model/directory.ts';
import { BackendError, type Failure } from '../../src/model/failure.ts';
import type { Item } from '../../src/model/item.ts';
import type { Span } from '../../src/model/time.ts';
import { instantOfWhen } from '../../src/model/zones.ts';

export type { Backend, Credential, FolderKind, Item, ItemId, Mailbox, Rights, Tags };

export interface World {
  readonly now: () => number;
  readonly pageSize: number;
  readonly latencyMs: number;
  readonly users: Map<string, MemoryUser>;
  /** Of the address list, besides who has a mailbox. */
  readonly entries: Card[];
  readonly calls: Map<string, number>;
  readonly failures: Map<string, Failure[]>;
  readonly hooks: Map<string, () => void>;
  readonly poisoned: Map<string, Failure>;
  readonly listeners: Set<(folder: FolderId) => void>;
  /** Part of every cursor. */
  readonly epoch: { value: number };
  readonly counter: { value: number };
  readonly full: { value: boolean };
}

export interface MemoryUser {
  readonly folders: Map<FolderId, MemoryFolder>;
  /** Addresses besides the main one. */
  readonly further: string[];
  readonly delegates: Delegate[];
  /** Invitations that wait. */
  readonly messages: Map<ItemId, Stored>;
  /** Messages that were put away. */
  readonly dismissed: ItemId[];
}

export interface MemoryFolder {
  readonly id: FolderId;
  readonly key: string;
  readonly kind: FolderKind;
  readonly isDefault: boolean;
  displayName: string;
  properties: FolderProperties;
  readonly rights: Map<string, Partial<Rights>>;
  readonly items: Map<ItemId, MemoryItem>;
  readonly log: { readonly id: ItemId; readonly sequence: number }[];
}

export interface MemoryItem {
  readonly id: ItemId;
  readonly version: Version;
  /** Kept by copies and moves. */
  readonly searchKey: string;
  /** Never the same twice. */
  readonly sourceKey: string;
  readonly tags: Tags;
  readonly item: Item;
  readonly instance?: string;
  readonly parts: ReadonlyMap<string, Uint8Array>;
}

export type NewItem = Pick<MemoryItem, 'tags' | 'item' | 'parts'> & Partial<MemoryItem>;

export function draftOf(item: Item): NewItem {
  return { item, tags: {}, parts: new Map() };
}

export function addFolder(
  world: World,
  user: MemoryUser,
  draft: {
    key: string;
    kind: FolderKind;
    displayName?: string;
    isDefault?: boolean;
    properties?: FolderProperties;
  },
): MemoryFolder {
  const folder: MemoryFolder = {
    id: `folder-${randomBytes(9).toString('base64url')}`,
    key: draft.key,
    kind: draft.kind,
    isDefault: draft.isDefault ?? false,
    displayName: draft.displayName ?? draft.key,
    properties: draft.properties ?? {},
    rights: new Map(),
    items: new Map(),
    log: [],
  };
  user.folders.set(folder.id, folder);
  world.counter.value += 1;
  return folder;
}

export function addItem(world: World, folder: MemoryFolder, from: NewItem): MemoryItem {
  world.counter.value += 1;
  const goid = `040000008200E00074C5B7101A82E008${randomBytes(40).toString('hex').toUpperCase()}`;
  const now = world.now();
  const stamped = { ...from.item, created: from.item.created ?? now, modified: now };
  const item: Item = stamped.kind === 'event' ? { ...stamped, uid: stamped.uid ?? goid } : stamped;
  return changed(world, folder, {
    searchKey: randomBytes(16).toString('hex').toUpperCase(),
    ...from,
    item,
    id: `${item.kind === 'group' ? 'list-' : ''}AAMkAGI2TG93AAA${randomBytes(15).toString('base64')}`,
    sourceKey: world.counter.value.toString(16).padStart(44, '0').toUpperCase(),
  });
}

/** Stores an item under a new version. */
export function changed(world: World, folder: MemoryFolder, item: Omit<MemoryItem, 'version'>): MemoryItem {
  world.counter.value += 1;
  const stored = { ...item, version: `DwAAABYAAAB${world.counter.value.toString(36)}` };
  folder.items.set(item.id, stored);
  folder.log.push({ id: item.id, sequence: world.counter.value });
  for (const listener of world.listeners) listener(folder.id);
  return stored;
}

/** One call to the server: counted, delayed, made to fail when told so. */
export async function call(world: World, operation: string, signal?: AbortSignal): Promise<void> {
  world.calls.set(operation, (world.calls.get(operation) ?? 0) + 1);
  if (world.latencyMs > 0) await sleep(world.latencyMs);
  signal?.throwIfAborted();
  const hook = world.hooks.get(operation);
  world.hooks.delete(operation);
  hook?.();
  const failure = world.failures.get(operation)?.shift();
  if (failure) throw new BackendError(failure);
}

export function storedOf(item: MemoryItem): Stored {
  return structuredClone({
    id: item.id,
    version: item.version,
    nativeUid: nativeUidOf(item),
    tags: item.tags,
    item: item.item,
  });
}

/** Values of 255 characters would be cut by Exchange: here they are not shown at all. */
export function listedOf(item: MemoryItem): Listed {
  const { uid, href } = item.tags;
  const span = spanOf(item.item);
  return {
    id: item.id,
    version: item.version,
    kind: item.item.kind,
    nativeUid: nativeUidOf(item),
    tags: { ...(uid && uid.length < 255 && { uid }), ...(href && href.length < 255 && { href }) },
    rank: item.sourceKey,
    isSeries: 'recurrence' in item.item && item.item.recurrence !== undefined,
    ...(span && { span }),
    ...(item.instance !== undefined && { instance: item.instance }),
  };
}

function nativeUidOf(item: MemoryItem): string | undefined {
  return item.item.kind === 'event' ? item.item.uid : item.searchKey;
}

const dayMs = 86_400_000;

export function spanOf(item: Item): Span | undefined {
  if (item.kind !== 'event') return undefined;
  const first = instantOfWhen(item.start);
  if (!item.recurrence) return { first, last: instantOfWhen(item.end) };
  const { end } = item.recurrence;
  if (end.kind !== 'until' || item.overrides.length > 0) return { first: first - 366 * dayMs };
  return { first: first - dayMs, last: Date.parse(end.until) + 3 * dayMs + instantOfWhen(item.end) - first };
}
