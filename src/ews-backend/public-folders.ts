// Public folders of the organisation, by their configured paths. Exchange neither synchronises them nor searches them in depth
// (BEHAVIOUR §5; ErrorInvalidOperation): paths are followed level by level, once, and every listing is in full.
import type { ChangePage, Folder, FolderId, Mailbox } from '../model/backend.ts';
import { BackendError, valueOf } from '../model/failure.ts';
import { childOf, textOf, type XmlElement } from '../xml/index.ts';
import { failureOfCode } from './failures.ts';
import { express, listingShape, readListed } from './fields/index.ts';
import { folderShape, keyOfId, kindOfFolder, readFolder } from './folder-row.ts';
import { ewsIdIn, itemIdOf, kindsBeside, parseId, renderItemId, type FolderRef } from './ids.ts';
import type { MailboxOptions } from './mailbox.ts';
import { deleteItems } from './operations/delete-item.ts';
import { findChildren } from './operations/find-folder.ts';
import { findAllItems } from './operations/find-item.ts';
import { getFolders } from './operations/get-folder.ts';
import type { Soap } from './soap.ts';
import { tellByTheClock } from './watch.ts';

/** So long a path that was not found is not looked for again. */
const missingTrustMs = 600_000;

/** `own`: for what is the user's and no folder's. */
export function openPublicFolders(
  { soap, self }: MailboxOptions,
  own: Mailbox,
  paths: readonly string[],
): Mailbox {
  const places = openPlaces(soap, paths);
  const closed = (): Promise<never> => Promise.reject(new BackendError(failureOfCode('ErrorAccessDenied')));
  return {
    ...own,
    identity: `${self.address}→public folders`,
    owner: { address: '', name: 'Public folders' },
    folders: (signal) => readFolders(soap, places, signal),
    createFolder: closed,
    updateFolder: closed,
    removeFolder: closed,
    changes: (folder, _, signal) => listInFull(soap, folder, signal),
    express: (item) => express(item, self.zone),
    // Nobody is invited by way of a public folder, whoever wrote attendees into an event there.
    create: (folder, draft) => own.create(folder, draft, 'silent'),
    update: (request) => own.update({ ...request, mail: 'silent' }),
    async remove(id, { version, kind }) {
      const ids = [renderItemId(parseId(id).id, version)];
      const [outcome] = await deleteItems(soap, ids, { kind, mail: 'silent', type: 'SoftDelete' });
      if (outcome !== undefined) valueOf(outcome);
    },
    respond: closed,
    addresses: () => Promise.resolve([]),
    delegates: () => Promise.resolve([]),
    watch: tellByTheClock,
  };
}

interface Places {
  /** Ids by path, of those that are there. */
  find(signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
  forget(path: string): void;
}

/** Folder ids survive renaming and moving: a folder once found stays, a path that was missing is tried again later. */
function openPlaces(soap: Soap, paths: readonly string[]): Places {
  const ids = new Map<string, string>();
  const missing = new Map<string, number>();
  return {
    async find(signal) {
      const now = Date.now();
      const unknown = paths.filter(
        (path) => !ids.has(path) && now - (missing.get(path) ?? -missingTrustMs) >= missingTrustMs,
      );
      if (unknown.length > 0) {
        const found = await follow(soap, unknown, signal);
        for (const path of unknown) {
          const id = found.get(path);
          if (id === undefined) missing.set(path, now);
          else ids.set(path, id);
        }
      }
      return ids;
    },
    forget: (path) => void ids.delete(path),
  };
}

/** One call for each level of the deepest path, whatever the number of paths. */
async function follow(
  soap: Soap,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const root: FolderRef = { distinguished: 'publicfoldersroot' };
  const found = new Map<string, string>();
  let level = new Map<string, FolderRef>([['', root]]);
  for (let depth = 1; level.size > 0; depth += 1) {
    const wanted = paths.map(segmentsOf).filter((segments) => segments.length >= depth);
    const parents = [...level].filter(([path]) =>
      wanted.some((segments) => pathOf(segments, depth - 1) === path),
    );
    if (parents.length === 0) break;
    const names = new Set(wanted.map((segments) => segments[depth - 1] ?? ''));
    const children = await findChildren(
      soap,
      { parents: parents.map(([, ref]) => ref), names: [...names] },
      signal,
    );
    level = new Map(
      parents.flatMap(([path], index) =>
        (children[index] ?? []).flatMap((element): [string, FolderRef][] => {
          const id = ewsIdIn(element, 'FolderId')?.id;
          const name = textOf(childOf(element, 'DisplayName')).toLowerCase();
          return id === undefined ? [] : [[`${path}/${name}`, { id }]];
        }),
      ),
    );
    for (const path of paths) {
      const ref = level.get(pathOf(segmentsOf(path), depth));
      if (ref !== undefined && 'id' in ref && segmentsOf(path).length === depth) found.set(path, ref.id);
    }
  }
  return found;
}

function segmentsOf(path: string): readonly string[] {
  return path.toLowerCase().split('/').filter(Boolean);
}

function pathOf(segments: readonly string[], depth: number): string {
  return segments
    .slice(0, depth)
    .map((segment) => `/${segment}`)
    .join('');
}

async function readFolders(soap: Soap, places: Places, signal?: AbortSignal): Promise<readonly Folder[]> {
  const known = [...(await places.find(signal))];
  if (known.length === 0) return [];
  const folders = known.map(([, id]): FolderRef => ({ id }));
  const outcomes = await getFolders(soap, { folders, shape: folderShape }, signal);
  return known.flatMap(([path], index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return [];
    if (outcome.ok) return outcome.value === undefined ? [] : folderOf(path, outcome.value, soap);
    // Closed or gone is not there; trouble hides nothing, or clients would drop what they hold of it.
    if (!['denied', 'not-found'].includes(outcome.failure.kind)) throw new BackendError(outcome.failure);
    places.forget(path);
    return [];
  });
}

/** Who may rename it would break its path: that is for Outlook. */
function folderOf(path: string, element: XmlElement, soap: Soap): readonly Folder[] {
  const kind = kindOfFolder(element);
  const folder = kind && readFolder(element, { kind, serverNow: soap.serverNow() });
  if (folder === undefined) return [];
  const rights = { ...folder.rights, createFolders: false, administer: false };
  return [{ ...folder, key: keyOfId(pathOf(segmentsOf(path), Infinity)), rights }];
}

async function* listInFull(soap: Soap, folder: FolderId, signal?: AbortSignal): AsyncGenerator<ChangePage> {
  const { kind, id } = parseId(folder);
  const items = await findAllItems(soap, { folder: id, shape: listingShape(kind) }, signal);
  const changes = items.flatMap((item) => {
    const listed = readListed(item);
    return listed !== undefined && kindsBeside(kind).includes(listed.kind)
      ? [{ kind: 'present' as const, listed: { ...listed, id: itemIdOf(listed.kind, listed.id) } }]
      : [];
  });
  yield { mode: 'full', changes, cursor: 'full' };
}
