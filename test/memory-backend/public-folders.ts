// Public folders of the memory backend: the folders of the user without an address, whose keys are paths.
import type { Mailbox } from '../../src/model/backend.ts';
import { BackendError } from '../../src/model/failure.ts';

/** `whole`: the mailbox of nobody, as this user sees it. */
export function withPaths(whole: Mailbox, paths: readonly string[]): Mailbox {
  const wanted = new Set(paths.map((path) => path.toLowerCase()));
  const closed = (): Promise<never> =>
    Promise.reject(new BackendError({ kind: 'denied', message: 'public folders are made elsewhere' }));
  return {
    ...whole,
    identity: `${whole.identity}→public folders`,
    owner: { address: '', name: 'Public folders' },
    folders: async (signal) =>
      (await whole.folders(signal))
        .filter(({ key }) => wanted.has(key))
        .map((folder) => ({ ...folder, key: folder.key.slice(1).replaceAll('/', '-') })),
    createFolder: closed,
    updateFolder: closed,
    removeFolder: closed,
    create: (folder, draft) => whole.create(folder, draft, 'silent'),
    update: (request) => whole.update({ ...request, mail: 'silent' }),
    remove: (id, options) => whole.remove(id, { ...options, mail: 'silent' }),
    respond: closed,
    addresses: () => Promise.resolve([]),
    delegates: () => Promise.resolve([]),
  };
}
