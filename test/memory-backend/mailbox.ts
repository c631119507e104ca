// One signed-in view of one mailbox of the memory backend.
import type {
  Change,
  ChangePage,
  Folder,
  FolderId,
  ItemId,
  Mailbox,
  Rights,
} from '../../src/model/backend.ts';
import { BackendError, failed, success, type FailureKind } from '../../src/model/failure.ts';
import type { Item } from '../../src/model/item.ts';
import type { Range } from '../../src/model/time.ts';
import {
  addFolder,
  call,
  listedOf,
  spanOf,
  storedOf,
  type MemoryFolder,
  type MemoryItem,
  type MemoryUser,
  type World,
} from './world.ts';
import { openDirectory } from './directory.ts';
import { withInbox } from './inbox.ts';
import { withPaths } from './public-folders.ts';
import { express, writeCalls } from './writes.ts';

interface View {
  readonly user: string;
  readonly address: string;
}

const allRights: Rights = {
  read: true,
  create: true,
  modify: true,
  remove: true,
  createFolders: true,
  administer: true,
};
const noRights: Rights = {
  read: false,
  create: false,
  modify: false,
  remove: false,
  createFolders: false,
  administer: false,
};

export function refuse(kind: FailureKind, message: string): never {
  throw new BackendError({ kind, message });
}

export function openMailbox(world: World, view: View): Mailbox {
  const user = world.users.get(view.address) ?? refuse('not-found', 'no such mailbox');
  const at = { world, view, user };
  const reading = readCalls(at);
  return {
    identity: view.user,
    owner: { address: view.address, name: view.address.split('@')[0] },
    abilities: {
      silentOrganizer: true,
      settableUid: true,
      timedDue: false,
      percentComplete: true,
      push: true,
      maxAttachmentBytes: 10_000_000,
    },
    ...folderCalls(at),
    ...reading,
    ...withInbox(world, user, reading),
    ...writeCalls(at),
    express,
    busyTimes: async (addresses, range) => {
      await call(world, 'busyTimes');
      return new Map(addresses.map((address) => [address, busyOf(world, address, range)]));
    },
    addresses: async () => {
      await call(world, 'addresses');
      return [view.address, ...user.further];
    },
    directory: openDirectory(world),
    delegates: async () => {
      await call(world, 'delegates');
      return view.user === view.address ? user.delegates : refuse('denied', 'only the owner is told');
    },
    publicFolders: (paths) => withPaths(openMailbox(world, { user: view.user, address: '' }), paths),
    watch: (folders, signal) => watch(world, folders, signal),
  };
}

export interface At {
  readonly world: World;
  readonly view: View;
  readonly user: MemoryUser;
}

function rightsIn({ view }: At, folder: MemoryFolder): Rights {
  return view.user === view.address ? allRights : { ...noRights, ...folder.rights.get(view.user) };
}

export function folderOf(at: At, id: FolderId, right: keyof Rights): MemoryFolder {
  const folder = at.user.folders.get(id) ?? refuse('not-found', 'no such folder');
  if (!rightsIn(at, folder)[right]) refuse('denied', `this needs the right ${right}`);
  return folder;
}

export function find(at: At, id: ItemId, right: keyof Rights): { folder: MemoryFolder; item: MemoryItem } {
  for (const folder of at.user.folders.values()) {
    const item = folder.items.get(id);
    if (item) return { folder: folderOf(at, folder.id, right), item };
  }
  return refuse('not-found', 'no such item');
}

function folderCalls(at: At): Pick<Mailbox, 'folders' | 'createFolder' | 'updateFolder' | 'removeFolder'> {
  const { world, user } = at;
  const shown = (folder: MemoryFolder): Folder => ({
    id: folder.id,
    key: folder.key,
    kind: folder.kind,
    displayName: folder.displayName,
    isDefault: folder.isDefault,
    rights: rightsIn(at, folder),
    properties: folder.properties,
    stamp: `${folder.items.size} ${folder.log.at(-1)?.sequence ?? 0}`,
  });
  return {
    folders: async (signal) => {
      await call(world, 'folders', signal);
      return [...user.folders.values()].filter((folder) => rightsIn(at, folder).read).map(shown);
    },
    createFolder: async (draft) => {
      await call(world, 'createFolder');
      if (at.view.user !== at.view.address) refuse('denied', 'only the owner creates folders');
      if ([...user.folders.values()].some((each) => each.key === draft.key))
        refuse('exists', 'there is such a folder');
      return shown(addFolder(world, user, draft));
    },
    updateFolder: async (folder, changes) => {
      await call(world, 'updateFolder');
      const found = folderOf(at, folder.id, 'administer');
      found.displayName = changes.displayName ?? found.displayName;
      found.properties = changes.properties ?? found.properties;
      return shown(found);
    },
    removeFolder: async (folder) => {
      await call(world, 'removeFolder');
      user.folders.delete(folderOf(at, folder.id, 'administer').id);
    },
  };
}

function readCalls(at: At): Pick<Mailbox, 'changes' | 'find' | 'fetch' | 'open'> {
  const { world } = at;
  return {
    changes: (folder, cursor, signal) => changes(at, { folder, cursor, signal }),
    find: async (id, range, signal) => {
      await call(world, 'find', signal);
      const items = [...folderOf(at, id, 'read').items.values()];
      return items.filter((item) => overlaps(item.item, range)).map((item) => item.id);
    },
    fetch: async function* (ids, signal) {
      for (let from = 0; from < ids.length; from += 50) {
        await call(world, 'fetch', signal);
        for (const id of ids.slice(from, from + 50)) {
          const bad = world.poisoned.get(id);
          const item = bad ? undefined : lookUp(at, id);
          yield [
            id,
            bad
              ? failed(bad)
              : item
                ? success(storedOf(item))
                : failed({ kind: 'not-found', message: 'no such item' }),
          ] as const;
        }
      }
    },
    open: async function* (parts, signal) {
      for (let from = 0; from < parts.length; from += 20) {
        await call(world, 'open', signal);
        for (const part of parts.slice(from, from + 20)) {
          const bytes = [...at.user.folders.values()]
            .flatMap((folder) => [...folder.items.values()])
            .find((item) => item.parts.has(part.id))
            ?.parts.get(part.id);
          yield [
            part.id,
            bytes ? success(bytes) : failed({ kind: 'not-found', message: 'no such part' }),
          ] as const;
        }
      }
    },
  };
}

function lookUp(at: At, id: ItemId): MemoryItem | undefined {
  for (const folder of at.user.folders.values()) {
    const item = rightsIn(at, folder).read ? folder.items.get(id) : undefined;
    if (item) return item;
  }
  return undefined;
}

async function* changes(
  at: At,
  request: { folder: FolderId; cursor?: string; signal?: AbortSignal },
): AsyncIterable<ChangePage> {
  const { world } = at;
  const [epoch, from = '0'] = request.cursor?.split(':') ?? [`${world.epoch.value}`];
  const began = Number(from);
  for (let since = began, isFirst = true; ; isFirst = false) {
    await call(world, 'changes', request.signal);
    const folder = folderOf(at, request.folder, 'read');
    if (epoch !== `${world.epoch.value}`) refuse('cursor-lost', 'this cursor is no longer known');
    const isFull = request.cursor === undefined || world.full.value;
    if (isFirst && isFull) since = 0;
    const latest = new Map(folder.log.map(({ id, sequence }) => [id, sequence]));
    const due = [...latest].filter(([, sequence]) => sequence > since).sort((a, b) => a[1] - b[1]);
    const page = due.slice(0, world.pageSize);
    since = page.at(-1)?.[1] ?? since;
    yield {
      mode: isFull ? 'full' : 'delta',
      changes: page.flatMap(([id]): Change[] => {
        const item = folder.items.get(id);
        if (item) return [{ kind: 'present', listed: listedOf(item) }];
        // Made and removed since: Exchange says nothing of it.
        const isNew = (folder.log.find((entry) => entry.id === id)?.sequence ?? 0) > began;
        return isFull || isNew ? [] : [{ kind: 'gone', id }];
      }),
      cursor: `${epoch}:${since}`,
    };
    if (page.length === due.length) return;
  }
}

function overlaps(item: Item, range: Range): boolean {
  const span = spanOf(item);
  if (!span) return true;
  return span.first < (range.to ?? Infinity) && (span.last ?? Infinity) > (range.from ?? -Infinity);
}

function busyOf(world: World, address: string, range: Range) {
  const user = world.users.get(address);
  if (!user) return failed({ kind: 'not-found', message: 'nobody of that name' });
  const items = [...user.folders.values()].flatMap((folder) => [...folder.items.values()]);
  return success(
    items.flatMap(({ item }) => {
      const span =
        item.kind === 'event' && item.busy !== 'free' && overlaps(item, range) ? spanOf(item) : undefined;
      return span?.last === undefined
        ? []
        : [{ range: { from: span.first, to: span.last }, busy: 'busy' as const }];
    }),
  );
}

async function* watch(
  world: World,
  folders: readonly FolderId[],
  signal: AbortSignal,
): AsyncIterable<FolderId> {
  const waiting: FolderId[] = [];
  let wake = (): void => {};
  const listener = (folder: FolderId): void => {
    if (folders.includes(folder)) waiting.push(folder);
    wake();
  };
  world.listeners.add(listener);
  signal.addEventListener('abort', () => wake());
  try {
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((done) => (wake = done));
    }
  } finally {
    world.listeners.delete(listener);
  }
}
