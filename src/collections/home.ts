// All collections of one mailbox as one signed-in user sees them, with those of configured other mailboxes among them.
import type { Delegate, Folder, Mailbox } from '../model/backend.ts';
import type { Collection, Home } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { LedgerScope } from '../model/store.ts';
import { openCollection } from './collection.ts';
import { openAddressList } from './directory.ts';
import { freshnessOf, noteStamp } from './freshness.ts';
import { extensionOf, type OpenFolder, type Surroundings } from './open-folder.ts';
import { demandHref } from './put.ts';
import { demandRight } from './refusals.ts';
import { transfer } from './transfer.ts';

/** A list of folders older than this is read again before a collection is taken from it. */
const folderListTrustMs = 600_000;
/** One list serves everybody who asks within this time (DESIGN §5: the same as a refresh). */
const folderListCountsMs = 1000;

/** One mailbox of the home. `prefix`: what its folders' keys begin with. */
interface Source {
  readonly around: Surroundings;
  readonly prefix: string;
  list: { readonly folders: readonly Folder[]; readonly at: number } | undefined;
  flight: Promise<void> | undefined;
}

interface Listed {
  readonly source: Source;
  readonly open: OpenFolder;
  readonly collection: Collection;
}

export interface HomeParts {
  readonly others: readonly Surroundings[];
  readonly publicFolders?: Surroundings;
  /** Whether the organisation's directory may be looked into. */
  readonly hasDirectory: boolean;
}

export function openHomeOf(own: Surroundings, parts: HomeParts): Home {
  const { others, publicFolders, hasDirectory } = parts;
  const first = sourceOf(own, '');
  const shared = others.map((around) => sourceOf(around, `${around.mailbox.owner.address}~`));
  if (publicFolders !== undefined) shared.push(sourceOf(publicFolders, 'public~'));
  const { known, find, demand } = shelfOf([first, ...shared]);
  return {
    owner: own.mailbox.owner,
    identity: own.mailbox.identity,
    collections: async (signal) => (await known(signal)).map((each) => each.collection),
    collection: async (key, signal) => (await find(key, signal))?.collection,
    create: async (draft) => {
      demandHref(draft.key);
      if (await find(draft.key)) throw new DavError(405, 'There is such a collection already.');
      const source = shared.find(({ prefix }) => draft.key.startsWith(prefix)) ?? first;
      const { mailbox } = source.around;
      const folder = await mailbox.createFolder({ ...draft, key: draft.key.slice(source.prefix.length) });
      keep(source, folder);
      return collectionOf(source, folder, Number.NEGATIVE_INFINITY).collection;
    },
    patch: async (key, changes) => {
      const { source, open } = await demand(key);
      demandRight(open.folder.rights, 'administer');
      keep(source, await source.around.mailbox.updateFolder(nativeFolder(source, open.folder), changes));
    },
    remove: async (key) => removeFolder(await demand(key)),
    transfer: async (request) => {
      const [from, to] = [await demand(request.from.key), await demand(request.to.key)];
      return transfer(request, { from: from.open, to: to.open });
    },
    busyTimes: (addresses, range) => own.mailbox.busyTimes(addresses, range),
    inbox: collectionOf(first, own.mailbox.inbox, Number.NEGATIVE_INFINITY).collection,
    addresses: own.allAddresses,
    sharedOwners: others.map(({ mailbox }) => mailbox.owner),
    delegates: () => delegatesOf(own),
    ...(hasDirectory && directoryOf(own)),
  };
}

function directoryOf({ mailbox, translation }: Surroundings): Pick<Home, 'directory' | 'addressList'> {
  const { directory, identity } = mailbox;
  return { directory, addressList: openAddressList({ directory, identity, translation }) };
}

/** The collections by key: from the lists as they are, unless these are old or do not know the key. */
function shelfOf(sources: readonly Source[]) {
  async function known(signal?: AbortSignal): Promise<Listed[]> {
    await Promise.all(sources.map((source) => list(source, signal)));
    return sources.flatMap(collectionsOf);
  }
  async function find(key: string, signal?: AbortSignal): Promise<Listed | undefined> {
    const isKnown = sources.every(({ list, around }) => list && around.now() - list.at < folderListTrustMs);
    const found = isKnown ? lookUp(sources, key) : undefined;
    if (found) return found;
    // Another replica may have made it a moment ago.
    await Promise.all(sources.map((source) => list(source, signal, true)));
    return lookUp(sources, key);
  }
  async function demand(key: string): Promise<Listed> {
    const found = await find(key);
    if (!found) throw new DavError(404, 'There is no such collection.');
    return found;
  }
  return { known, find, demand };
}

function lookUp(sources: readonly Source[], key: string): Listed | undefined {
  for (const source of sources) {
    const folder = source.list?.folders.find((each) => source.prefix + each.key === key);
    if (folder) return collectionOf(source, folder, source.list?.at ?? 0);
  }
  return undefined;
}

async function removeFolder({ source, open }: Listed): Promise<void> {
  if (open.folder.isDefault) {
    throw new DavError(403, 'This is a standard folder of the mailbox: it cannot be deleted.');
  }
  demandRight(open.folder.rights, 'administer');
  await source.around.mailbox.removeFolder(nativeFolder(source, open.folder));
  source.list = undefined;
  await source.around.ledger.drop(open.scope);
}

function sourceOf(around: Surroundings, prefix: string): Source {
  return { around, prefix, list: undefined, flight: undefined };
}

/** One listing serves everybody who waits for it. */
async function list(source: Source, signal: AbortSignal | undefined, force = false): Promise<void> {
  const { around } = source;
  signal?.throwIfAborted();
  if (!force && source.list && around.now() - source.list.at < folderListCountsMs) return;
  source.flight ??= readFolders(source).finally(() => {
    source.flight = undefined;
  });
  await source.flight;
  signal?.throwIfAborted();
}

async function readFolders(source: Source): Promise<void> {
  const { around } = source;
  try {
    const folders = await around.mailbox.folders();
    source.list = { folders, at: around.now() };
    for (const folder of folders)
      noteStamp(
        freshnessOf(around.ledger, scopeOf(around.mailbox, folder), around.now()),
        folder,
        around.now(),
      );
  } catch (error) {
    if (source.prefix === '' || !(error instanceof BackendError) || !isClosed.has(error.failure.kind))
      throw error;
    // Another mailbox that the user may not see (any more) hides nothing of his own.
    around.note({ kind: 'shared-mailbox-hidden', failure: error.failure.kind });
    source.list = { folders: [], at: around.now() };
  }
}

/** Only the owner is told, and not by every server. */
async function delegatesOf({ mailbox }: Surroundings): Promise<readonly Delegate[]> {
  try {
    return await mailbox.delegates();
  } catch (error) {
    if (error instanceof BackendError && [...isClosed, 'invalid'].includes(error.failure.kind)) return [];
    throw error;
  }
}

const isClosed: ReadonlySet<string> = new Set(['denied', 'not-found', 'unauthorized']);

function collectionsOf(source: Source): Listed[] {
  const { folders, at } = source.list ?? { folders: [], at: 0 };
  return folders.map((folder) => collectionOf(source, folder, at));
}

function collectionOf(source: Source, folder: Folder, listedAt: number): Listed {
  const { around, prefix } = source;
  const scope = scopeOf(around.mailbox, folder);
  const open: OpenFolder = {
    ...around,
    folder: shownFolder(around.mailbox, prefix, folder),
    scope,
    extension: extensionOf[folder.kind],
    freshness: freshnessOf(around.ledger, scope, around.now()),
    siblings: () => siblingsOf(source, folder),
  };
  return { source, open, collection: openCollection(open, listedAt) };
}

function siblingsOf(source: Source, folder: Folder): readonly OpenFolder[] {
  const { folders, at } = source.list ?? { folders: [], at: 0 };
  return folders
    .filter(({ id, kind }) => id !== folder.id && kind === folder.kind)
    .map((each) => collectionOf(source, each, at).open);
}

function scopeOf(mailbox: Mailbox, folder: Folder): LedgerScope {
  return { identity: mailbox.identity, folder: folder.id };
}

/** Every mailbox has a "Calendar": among one's own, another's says whose it is. */
function shownFolder(mailbox: Mailbox, prefix: string, folder: Folder): Folder {
  if (prefix === '') return folder;
  const { address } = mailbox.owner;
  const displayName = address === '' ? folder.displayName : `${folder.displayName} (${address})`;
  return { ...folder, key: prefix + folder.key, displayName };
}

function nativeFolder(source: Source, folder: Folder): Folder {
  return { ...folder, key: folder.key.slice(source.prefix.length) };
}

/** A folder that we made or changed is known at once. */
function keep(source: Source, folder: Folder): void {
  if (!source.list) return;
  const folders = [...source.list.folders.filter(({ id }) => id !== folder.id), folder];
  source.list = { ...source.list, folders };
}
