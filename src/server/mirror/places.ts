// Where pairs lead: no collection belongs to two of them, and one that is not there yet is empty.
import type { ForeignSide, PairConfig, Sides } from '../../mirror/index.ts';

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

/** Two pairs may reach one collection by different names. @throws Error */
export function demandAlone(
  owners: Map<string, string>,
  { rules, exchange, nextcloud }: PairConfig,
  sides: Sides,
): void {
  const places = [
    `exchange ${exchange.mailbox ?? exchange.login} ${sides.exchange.folder.id}`,
    `nextcloud ${nextcloud.login} ${sides.nextcloud.folder.id}`,
  ];
  for (const place of places) {
    const owner = owners.get(place) ?? rules.name;
    if (owner !== rules.name)
      throw new Error(
        `the same collection is in the pair "${owner}" already: changes would go round in a ring`,
      );
    if (sides.nextcloud !== collectionToBe) owners.set(place, owner);
  }
}
