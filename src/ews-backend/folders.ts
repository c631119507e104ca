// The folders of a mailbox: one FindFolder for all, and creating, changing, removing one.
import type { Folder, FolderKind, FolderProperties, Mailbox } from '../model/backend.ts';
import { BackendError, valueOf, type Outcome } from '../model/failure.ts';
import type { XmlElement } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import {
  folderShape,
  isCut,
  keyOfId,
  kindOfFolder,
  ofOurClasses,
  parentShape,
  readFolder,
  renderNameChange,
  renderPropertyChanges,
  renderTags,
  roleOf,
} from './folder-row.ts';
import { ewsIdIn, parseId, type EwsId, type FolderRef } from './ids.ts';
import { createFolder } from './operations/create-folder.ts';
import { deleteFolder } from './operations/delete-folder.ts';
import { findFolders } from './operations/find-folder.ts';
import { getFolders } from './operations/get-folder.ts';
import { updateFolder } from './operations/update-folder.ts';
import type { Soap } from './soap.ts';

/** Ids that FindFolder does not name; asked once, when the mailbox is opened. */
export interface KnownFolders {
  readonly root?: string;
  readonly deleted?: string;
  /** Default folders by id. */
  readonly defaults: ReadonlyMap<string, FolderKind>;
}

const wellKnown = [
  ['calendar', 'events'],
  ['tasks', 'tasks'],
  ['contacts', 'contacts'],
  ['msgfolderroot', undefined],
  ['deleteditems', undefined],
] as const satisfies readonly (readonly [string, FolderKind | undefined])[];

/**
 * The cheap call that proves a sign-in. Folders of another mailbox may be closed to the user, and some servers lack some.
 * @throws BackendError `denied` or `not-found` when not one of them opens
 */
export async function knownFolders(soap: Soap, mailbox?: string): Promise<KnownFolders> {
  const folders = wellKnown.map(([distinguished]): FolderRef => ({ distinguished, mailbox }));
  const outcomes = await getFolders(soap, { folders, shape: [] });
  const ids = outcomes.map((outcome) => (outcome.ok ? ewsIdIn(outcome.value, 'FolderId')?.id : undefined));
  if (ids.every((id) => id === undefined)) throw worst(outcomes);
  const defaults = new Map<string, FolderKind>();
  for (const [index, [, kind]] of wellKnown.entries()) {
    const id = ids[index];
    if (kind !== undefined && id !== undefined) defaults.set(id, kind);
  }
  return { root: ids[3], deleted: ids[4], defaults };
}

function worst(outcomes: readonly Outcome<unknown>[]): BackendError {
  const failures = outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.failure]));
  const passing = failures.find(({ kind }) => kind === 'busy' || kind === 'unavailable');
  return new BackendError(passing ?? failures[0] ?? failureOfCode('ErrorFolderNotFound'));
}

export interface FolderSession {
  readonly soap: Soap;
  readonly known: KnownFolders;
  /** The mailbox opened, when it is not the user's own. */
  readonly other?: string;
}

type FolderCalls = Pick<Mailbox, 'folders' | 'createFolder' | 'updateFolder' | 'removeFolder'>;

export function openFolders(session: FolderSession): FolderCalls {
  const { soap, known } = session;
  const list = openListing(session);

  async function folderOf(id: string): Promise<Folder> {
    const [outcome] = await getFolders(soap, { folders: [{ id }], shape: folderShape });
    const element = outcome === undefined ? undefined : valueOf(outcome);
    const [folder] = element === undefined ? [] : readAll([element], session);
    if (folder === undefined) throw new BackendError(failureOfCode('ErrorFolderNotFound'));
    return folder;
  }

  return {
    folders: async (signal) => readAll(await list(signal), session),
    async createFolder(draft) {
      return folderOf(await createNamed(session, draft));
    },
    async updateFolder(folder, { displayName, properties }) {
      const { id } = parseId(folder.id);
      const changes = [
        ...(displayName === undefined ? [] : [renderNameChange(folder.kind, displayName)]),
        ...(properties === undefined ? [] : renderPropertyChanges(folder.kind, properties)),
      ];
      if (changes.length > 0) await updateFolder(soap, { folder: await present(soap, id), changes });
      return folderOf(id);
    },
    async removeFolder(folder) {
      const { id } = parseId(folder.id);
      if (known.defaults.has(id)) throw new BackendError(failureOfCode('ErrorDeleteDistinguishedFolder'));
      try {
        await deleteFolder(soap, id, 'MoveToDeletedItems');
      } catch (error) {
        // The other mailbox's deleted items may be closed to us, or already hold a folder of that name.
        if (!(error instanceof BackendError) || !['denied', 'exists'].includes(error.failure.kind))
          throw error;
        await deleteFolder(soap, id, 'SoftDelete');
      }
    },
  };
}

/** UpdateFolder wants the folder's change key. */
async function present(soap: Soap, id: string): Promise<EwsId> {
  const [outcome] = await getFolders(soap, { folders: [{ id }], shape: [] });
  const found = ewsIdIn(outcome === undefined ? undefined : valueOf(outcome), 'FolderId');
  if (found === undefined) throw new BackendError(failureOfCode('ErrorFolderNotFound'));
  return found;
}

/** Below the root; where that has a folder of the name already, below the default folder of the kind. */
async function createNamed(
  { soap, known, other }: FolderSession,
  draft: { key: string; kind: FolderKind; displayName: string; properties: FolderProperties },
): Promise<string> {
  const request = {
    kind: draft.kind,
    displayName: draft.displayName,
    properties: renderTags(draft.key, draft.properties),
  };
  const root: FolderRef =
    known.root === undefined ? { distinguished: 'msgfolderroot', mailbox: other } : { id: known.root };
  try {
    return (await createFolder(soap, { ...request, parent: root })).id;
  } catch (error) {
    const second = [...known.defaults].find(([, kind]) => kind === draft.kind)?.[0];
    if (!(error instanceof BackendError) || error.failure.kind !== 'exists' || second === undefined)
      throw error;
    return (await createFolder(soap, { ...request, parent: { id: second } })).id;
  }
}

function readAll(elements: readonly XmlElement[], { soap, known }: FolderSession): readonly Folder[] {
  const keys = new Set<string>();
  const folders: Folder[] = [];
  for (const element of elements) {
    const id = ewsIdIn(element, 'FolderId')?.id ?? '';
    const role = known.defaults.get(id);
    const kind = role ?? kindOfFolder(element);
    if (kind === undefined) continue;
    const folder = readFolder(element, {
      kind,
      role: role === undefined ? undefined : roleOf[role],
      serverNow: soap.serverNow(),
    });
    if (folder === undefined) continue;
    // A copied folder carries the tag of the original; one key names one folder.
    const key = keys.has(folder.key) ? keyOfId(id) : folder.key;
    keys.add(key);
    folders.push({ ...folder, key });
  }
  return folders;
}

/** Folder elements that are not deleted; of another mailbox what the user may see of it. */
function openListing(session: FolderSession): (signal?: AbortSignal) => Promise<readonly XmlElement[]> {
  const { soap, known, other } = session;
  const root: FolderRef = known.root === undefined ? { distinguished: 'msgfolderroot' } : { id: known.root };
  const parents = new Map<string, string>();
  const state = { restricted: true };

  async function below(signal?: AbortSignal): Promise<readonly XmlElement[]> {
    // The root of another mailbox is often closed although some of its folders are open: that showed when it was opened.
    if (other !== undefined && known.root === undefined) return [];
    try {
      const restriction = state.restricted ? ofOurClasses : undefined;
      return await findFolders(soap, { root, shape: folderShape, restriction }, signal);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      if (other !== undefined && ['denied', 'not-found'].includes(error.failure.kind)) return [];
      // Servers that cannot search folders by class list all of them; kindOfFolder chooses.
      if (!state.restricted || error.failure.kind !== 'invalid') throw error;
      state.restricted = false;
      return below(signal);
    }
  }
  /** Ids of parents not among the folders found: mail folders, of which only the place in the tree is of interest. */
  async function learnParents(found: readonly XmlElement[], signal?: AbortSignal): Promise<void> {
    note(parents, found);
    const missing = [...parents.values()].some(
      (id) => !parents.has(id) && id !== known.root && id !== known.deleted,
    );
    if (!missing || known.root === undefined) return;
    note(parents, await findFolders(soap, { root, shape: parentShape }, signal));
    for (const id of parents.values()) if (!parents.has(id) && id !== known.root) parents.set(id, '');
  }
  return async (signal) => {
    const found = await below(signal);
    if (known.deleted !== undefined) await learnParents(found, signal);
    const listed = found.filter((element) => !isBelow(element, known.deleted, parents));
    return [...(await whole(soap, listed, signal)), ...(await defaultsOf(session, listed, signal))];
  };
}

function note(parents: Map<string, string>, elements: readonly XmlElement[]): void {
  for (const element of elements) {
    const id = ewsIdIn(element, 'FolderId')?.id;
    const parent = ewsIdIn(element, 'ParentFolderId')?.id;
    if (id !== undefined && parent !== undefined) parents.set(id, parent);
  }
}

function isBelow(
  element: XmlElement,
  ancestor: string | undefined,
  parents: ReadonlyMap<string, string>,
): boolean {
  let id = ewsIdIn(element, 'ParentFolderId')?.id;
  for (let depth = 0; id !== undefined && depth < 300; depth += 1) {
    if (id === ancestor) return true;
    id = parents.get(id);
  }
  return false;
}

/** Folders with a value that the listing cut off are read again by themselves. */
async function whole(
  soap: Soap,
  elements: readonly XmlElement[],
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const cut = elements.filter(isCut);
  if (cut.length === 0) return elements;
  const folders = cut.map((element): FolderRef => ({ id: ewsIdIn(element, 'FolderId')?.id ?? '' }));
  const outcomes = await getFolders(soap, { folders, shape: folderShape }, signal);
  const read = new Map(cut.map((element, index) => [element, outcomes[index]]));
  return elements.map((element) => {
    const outcome = read.get(element);
    return outcome?.ok === true ? (outcome.value ?? element) : element;
  });
}

/** Default folders of another mailbox are often open to the user although its root is not. */
async function defaultsOf(
  { soap, known, other }: FolderSession,
  listed: readonly XmlElement[],
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  if (other === undefined) return [];
  const seen = new Set(listed.map((element) => ewsIdIn(element, 'FolderId')?.id));
  const folders = [...known.defaults.keys()].filter((id) => !seen.has(id)).map((id): FolderRef => ({ id }));
  if (folders.length === 0) return [];
  const outcomes = await getFolders(soap, { folders, shape: folderShape }, signal);
  return outcomes.flatMap((outcome) => (outcome.ok && outcome.value !== undefined ? [outcome.value] : []));
}
