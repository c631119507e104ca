// Where pairs lead: no collection belongs to two of them, and one that is not there yet is empty.
import type { ForeignSide, Sides } from '../../mirror/index.ts';

/** Stands for a collection that a run would make. */
export const collectionToBe: ForeignSide = {
  folder: {
    id: '',
    key: '',
    kind: 'events',
    displayName: '',
    isDefault: false,
    rights: { read: true, create: true, modify: true, remove: true, createFolders: false, administer: true },
    properties: {},
  },
  changes: async () => ({ changed: [], gone: [], token: '', truncated: false }),
  read: async (hrefs) => hrefs.map((href) => [href, notFound]),
  state: async () => ({ syncToken: '', ctag: '' }),
  put: () => Promise.reject(new Error('the collection is not there yet')),
  remove: () => Promise.reject(new Error('the collection is not there yet')),
  async *watch() {
    yield* [];
  },
};

const notFound = { ok: false, failure: { kind: 'not-found', message: 'it is not there' } } as const;

/** Two pairs may reach one collection by different names and logins. `host`: of Nextcloud. @throws Error */
export function demandAlone(
  owners: Map<string, string>,
  { pair, host, sides }: { readonly pair: string; readonly host: string; readonly sides: Sides },
): void {
  // A folder's id is one of all mailboxes; that of a collection is its path.
  const places = [`exchange ${sides.exchange.folder.id}`, `${host} ${sides.nextcloud.folder.id}`];
  for (const place of places) {
    const owner = owners.get(place) ?? pair;
    if (owner !== pair)
      throw new Error(
        `the same collection is in the pair "${owner}" already: changes would go round in a ring`,
      );
    if (sides.nextcloud !== collectionToBe) owners.set(place, owner);
  }
}
