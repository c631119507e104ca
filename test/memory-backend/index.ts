// A mail server in memory: the Backend port for tests that need no protocol. It behaves like Exchange where it matters
// above the port: versions, a log of changes with cursors, copies that copy tags, rights, one bad item among good ones.
import { randomBytes } from 'node:crypto';
import type { Backend, Credential, FolderKind, Item, ItemId, Mailbox, Rights, Tags } from './world.ts';
import { BackendError, type Failure, type FailureKind } from '../../src/model/failure.ts';
import type { Card } from '../../src/model/directory.ts';
import { cardOf } from './directory.ts';
import { openMailbox } from './mailbox.ts';
import {
  addFolder,
  addItem,
  changed,
  draftOf,
  type MemoryItem,
  type MemoryUser,
  type World,
} from './world.ts';

export interface MemoryOptions {
  readonly now?: () => number;
  /** Items of one page of changes. */
  readonly pageSize?: number;
  /** Waits this long in every call. */
  readonly latencyMs?: number;
}

export interface MemoryBackend extends Backend {
  /** Operation → calls, counted as Exchange would need them (50 ids a fetch, 20 parts an open). */
  calls(): Readonly<Record<string, number>>;
  resetCalls(): void;
  /** Another program on the same mailbox, without a gateway between. */
  outside(address: string): Outside;
  /** Into the address list. */
  enter(...cards: readonly (Partial<Card> & Pick<Card, 'address'>)[]): void;
  readonly faults: MemoryFaults;
}

export interface MemoryFaults {
  /** The next `times` calls of an operation fail as a whole. */
  fail(operation: string, kind: FailureKind, times?: number): void;
  /** Reading this item fails, its siblings are fine. */
  poison(id: ItemId, failure?: Failure): void;
  heal(id: ItemId): void;
  /** All cursors given so far are refused. */
  loseCursors(): void;
  /** Listings name everything, whatever the cursor. */
  alwaysFull(on: boolean): void;
  /** Runs once, just before the next call of an operation reaches the mailbox. */
  before(operation: string, work: () => void): void;
  /** Forgets what was told to fail or to happen before a call. */
  none(): void;
}

export interface Outside {
  folder(draft: { key: string; kind: FolderKind; displayName?: string; isDefault?: boolean }): string;
  removeFolder(key: string): void;
  /** A further address of the owner. */
  alias(address: string): void;
  /** Into the inbox. */
  invite(item: Extract<Item, { kind: 'event' }>, method?: 'REQUEST' | 'CANCEL'): ItemId;
  /** Out of the inbox, as when it is answered elsewhere. */
  uninvite(id: ItemId): void;
  /** Messages that were put away. */
  dismissed(): readonly ItemId[];
  /** What a delegate may do in a folder of this mailbox; by default nothing. */
  allow(delegate: string, key: string, rights: Partial<Rights>): void;
  create(key: string, item: Item, more?: { tags?: Tags; instance?: string }): ItemId;
  edit(id: ItemId, change: (item: Item) => Item): void;
  remove(id: ItemId): void;
  /** Like CopyItem: new id and rank, the same UID and tags. */
  copy(id: ItemId, key?: string): ItemId;
  /** Into another folder: gone there, new here, with the same UID and tags. */
  move(id: ItemId, key: string): ItemId;
  items(key: string): readonly MemoryItem[];
  photo(id: ItemId, bytes: Uint8Array): void;
}

export function openMemoryBackend(options: MemoryOptions = {}): MemoryBackend {
  const world: World = {
    now: options.now ?? Date.now,
    pageSize: options.pageSize ?? 512,
    latencyMs: options.latencyMs ?? 0,
    // Nobody holds the public folders.
    users: new Map([['', newUser()]]),
    entries: [],
    calls: new Map(),
    failures: new Map(),
    hooks: new Map(),
    poisoned: new Map(),
    listeners: new Set(),
    epoch: { value: 1 },
    counter: { value: 0 },
    full: { value: false },
  };
  return {
    open: async (credential, mailbox) => signIn(world, credential, mailbox),
    ping: async () => {},
    close: async () => {},
    calls: () => Object.fromEntries(world.calls),
    resetCalls: () => world.calls.clear(),
    outside: (address) => outside(world, address),
    enter: (...cards) => void world.entries.push(...cards.map(cardOf)),
    faults: {
      fail: (operation, kind, times = 1) => {
        const failures = world.failures.get(operation) ?? [];
        for (let count = 0; count < times; count += 1)
          failures.push({ kind, message: `told to fail with ${kind}` });
        world.failures.set(operation, failures);
      },
      poison: (id, failure = { kind: 'unreadable', message: 'this item is poisoned' }) =>
        void world.poisoned.set(id, failure),
      heal: (id) => void world.poisoned.delete(id),
      loseCursors: () => void (world.epoch.value += 1),
      alwaysFull: (on) => void (world.full.value = on),
      before: (operation, work) => void world.hooks.set(operation, work),
      none: () => {
        world.failures.clear();
        world.hooks.clear();
      },
    },
  };
}

/** Every address is a mailbox; the password is what stands before the `@`. */
function signIn(world: World, credential: Credential, wanted: string | undefined): Mailbox {
  const user =
    credential.kind === 'password' ? credential.user : 'mailbox' in credential ? credential.mailbox : wanted;
  if (user === undefined || (credential.kind === 'password' && credential.password !== user.split('@')[0])) {
    throw new BackendError({ kind: 'unauthorized', message: 'wrong user or password' });
  }
  const address = wanted ?? user;
  if (!world.users.has(address)) throw new BackendError({ kind: 'not-found', message: 'no such mailbox' });
  return openMailbox(world, { user, address });
}

function newUser(): MemoryUser {
  return { folders: new Map(), further: [], delegates: [], messages: new Map(), dismissed: [] };
}

function outside(world: World, address: string): Outside {
  const user = world.users.get(address) ?? newUser();
  world.users.set(address, user);
  const folderOf = (key: string) => {
    const found = [...user.folders.values()].find((folder) => folder.key === key);
    if (!found) throw new Error(`no folder ${key}`);
    return found;
  };
  const find = (id: ItemId) => {
    const folder = [...user.folders.values()].find((each) => each.items.has(id));
    const item = folder?.items.get(id);
    if (!folder || !item) throw new Error(`no item ${id}`);
    return { folder, item };
  };
  return {
    folder: (draft) => addFolder(world, user, draft).id,
    invite: (item, method = 'REQUEST') => {
      const id = `message-${(world.counter.value += 1)}`;
      const version = `v${world.counter.value}`;
      user.messages.set(id, {
        id,
        version,
        tags: {},
        item,
        method,
        ...(item.uid && { nativeUid: item.uid }),
      });
      return id;
    },
    uninvite: (id) => void user.messages.delete(id),
    dismissed: () => user.dismissed,
    alias: (further) => void user.further.push(further),
    removeFolder: (key) => void user.folders.delete(folderOf(key).id),
    allow: (delegate, key, rights) => void folderOf(key).rights.set(delegate, rights),
    create: (key, item, more = {}) => addItem(world, folderOf(key), { ...draftOf(item), ...more }).id,
    edit: (id, change) => {
      const { folder, item } = find(id);
      changed(world, folder, { ...item, item: { ...change(item.item), modified: world.now() } });
    },
    remove: (id) => {
      const { folder } = find(id);
      folder.items.delete(id);
      folder.log.push({ id, sequence: (world.counter.value += 1) });
    },
    copy: (id, key) => {
      const { folder, item } = find(id);
      const target = key === undefined ? folder : folderOf(key);
      return addItem(world, target, item).id;
    },
    move: (id, key) => {
      const { folder, item } = find(id);
      folder.items.delete(id);
      folder.log.push({ id, sequence: (world.counter.value += 1) });
      return addItem(world, folderOf(key), item).id;
    },
    items: (key) => [...folderOf(key).items.values()],
    photo: (id, bytes) => {
      const { folder, item } = find(id);
      if (item.item.kind !== 'contact') throw new Error('only contacts have photos');
      const part = {
        id: `part-${randomBytes(6).toString('hex')}`,
        name: 'ContactPicture.jpg',
        contentType: 'image/jpeg',
      };
      changed(world, folder, {
        ...item,
        item: { ...item.item, photo: { ...part, size: bytes.length } },
        parts: new Map([[part.id, bytes]]),
      });
    },
  };
}
