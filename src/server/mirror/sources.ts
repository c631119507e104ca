// The two collections of a pair, opened as the configuration names them. Homes are kept for the life of the process: a cycle
// without changes asks each side once.
import { type Note, type ObjectCache, openHome } from '../../collections/index.ts';
import {
  type DavHosts,
  type Latch,
  openRemote,
  type RemoteCollection,
  type RemoteHome,
  type Wanted,
} from '../../dav-remote/index.ts';
import type { ObservedRequest } from '../../dav-remote/index.ts';
import type {
  ExchangeLogin,
  MirrorConfig,
  NextcloudLogin,
  PairConfig,
  Secret,
  Sides,
} from '../../mirror/index.ts';
import { collectionToBe, demandAlone } from './places.ts';
import type { Backend } from '../../model/backend.ts';
import type { Collection, Home } from '../../model/collection.ts';
import { encodeSegment } from '../../model/segment.ts';
import type { Ledger } from '../../model/store.ts';

export interface SourcesOptions {
  readonly config: MirrorConfig;
  readonly backendFor: (login: ExchangeLogin) => Backend;
  /** @throws Error that names the place */
  readonly passwordOf: (secret: Secret, place: string) => string;
  /** Around the sign-in on Exchange: does not try a refused password again. */
  readonly guarded: <T>(account: { user: string; password: string }, open: () => Promise<T>) => Promise<T>;
  readonly ledger: Ledger;
  readonly cache: ObjectCache;
  readonly hosts: (login: NextcloudLogin) => DavHosts;
  readonly latch: Latch;
  readonly now: () => number;
  readonly note: (event: Note) => void;
  readonly observe: (request: ObservedRequest) => void;
}

export interface OpenPair {
  readonly sides: Sides;
  readonly ownAddresses: readonly string[];
  /** Every address of the mailbox; asks for them. */
  readonly addresses: () => Promise<readonly string[]>;
  /** Where readers find the Exchange side's collection in the gateway, below its own address. */
  readonly path: string;
}

/** What becomes of a collection of Nextcloud that is not there: made, taken for empty, or an error. */
export type WhenMissing = 'make' | 'pretend' | 'refuse';

export interface Sources {
  /** @throws Error in plain words, BackendError, DavError */
  open(pair: PairConfig, missing: WhenMissing, signal?: AbortSignal): Promise<OpenPair>;
  /** Exchange's side alone. @throws Error in plain words, BackendError */
  folder(pair: PairConfig): Promise<Collection>;
  /** After a failure: the next `open` looks again. */
  forget(pair: PairConfig): void;
}

export function openSources(options: SourcesOptions): Sources {
  const homes = new Map<string, Promise<Home>>();
  const remotes = new Map<string, Promise<RemoteHome>>();
  const folders = new Map<string, Promise<Collection>>();
  const collections = new Map<string, Promise<RemoteCollection>>();
  const owners = new Map<string, string>();
  const folder = async (pair: PairConfig): Promise<{ home: Home; exchange: Collection }> => {
    const homeKey = `${pair.exchange.login} ${pair.exchange.mailbox ?? ''}`;
    const home = await kept(homes, homeKey, () => exchangeHome(options, pair));
    return { home, exchange: await kept(folders, pair.rules.name, () => exchangeCollection(home, pair)) };
  };
  return {
    folder: async (pair) => (await folder(pair)).exchange,
    async open(pair, missing, signal) {
      const { home, exchange } = await folder(pair);
      const remote = await kept(remotes, pair.nextcloud.login, () => nextcloudHome(options, pair, signal));
      const nextcloud =
        missing === 'pretend' && (await remote.find(wantedOf(pair), signal)) === undefined
          ? collectionToBe
          : await kept(collections, pair.rules.name, () =>
              nextcloudCollection(remote, pair, { mayMake: missing === 'make', signal }),
            );
      demandAlone(owners, {
        pair: pair.rules.name,
        host: hostOf(options.config, pair),
        sides: { exchange, nextcloud },
      });
      return {
        sides: { exchange, nextcloud },
        ownAddresses: [home.owner.address],
        addresses: () => home.addresses(),
        path: `calendars/${encodeSegment(home.owner.address)}/${encodeSegment(exchange.folder.key)}/`,
      };
    },
    forget(pair) {
      folders.delete(pair.rules.name);
      collections.delete(pair.rules.name);
      remotes.delete(pair.nextcloud.login);
      homes.delete(`${pair.exchange.login} ${pair.exchange.mailbox ?? ''}`);
    },
  };
}

function kept<T>(known: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> {
  const opening = known.get(key) ?? open();
  known.set(key, opening);
  opening.catch(() => known.delete(key));
  return opening;
}

async function exchangeHome(options: SourcesOptions, { exchange }: PairConfig): Promise<Home> {
  const { config, ledger, cache, now, note } = options;
  const login = config.exchange[exchange.login];
  if (login === undefined) throw new Error(`there is no login "${exchange.login}" for Exchange`);
  const { user } = login;
  const password = options.passwordOf(login.password, `exchange.${exchange.login}.password`);
  const other = exchange.mailbox?.toLowerCase() === user.toLowerCase() ? undefined : exchange.mailbox;
  const actsFor = login.rights === 'impersonation' ? other : undefined;
  const credential = { kind: 'password', user, password, ...(actsFor !== undefined && { actsFor }) } as const;
  const mailbox = await options.guarded({ user, password }, () =>
    options.backendFor(login).open(credential, other),
  );
  return openHome(mailbox, { ledger, cache, now, note });
}

async function exchangeCollection(home: Home, { exchange, rules }: PairConfig): Promise<Collection> {
  if (exchange.folder !== '') {
    const byKey = await home.collection(exchange.folder);
    if (byKey?.folder.kind === rules.kind) return byKey;
  }
  const own = (await home.collections()).filter(({ folder }) => folder.kind === rules.kind);
  const found = own.find(({ folder }) =>
    exchange.folder === ''
      ? folder.isDefault
      : folder.displayName.toLowerCase() === exchange.folder.toLowerCase(),
  );
  if (found !== undefined) return found;
  const names = own.map(({ folder }) => `"${folder.displayName}"`).join(', ');
  throw new Error(
    exchange.folder === ''
      ? `the mailbox of ${home.owner.address} shows no standard folder of ${rules.kind}; it has ${names}`
      : `the mailbox of ${home.owner.address} has no folder "${exchange.folder}" of ${rules.kind}; it has ${names}`,
  );
}

async function nextcloudHome(
  options: SourcesOptions,
  { nextcloud }: PairConfig,
  signal?: AbortSignal,
): Promise<RemoteHome> {
  const login = options.config.nextcloud[nextcloud.login];
  if (login === undefined) throw new Error(`there is no login "${nextcloud.login}" for Nextcloud`);
  return openRemote({
    url: login.url,
    user: login.user,
    password: options.passwordOf(login.password, `nextcloud.${nextcloud.login}.password`),
    hosts: options.hosts(login),
    latch: options.latch,
    observe: options.observe,
    ...(signal && { signal }),
  });
}

/** Of the pair's Nextcloud, whoever signs in there. */
export function hostOf(config: MirrorConfig, { nextcloud }: PairConfig): string {
  const url = config.nextcloud[nextcloud.login]?.url;
  return url === undefined ? '' : new URL(url).host;
}

function wantedOf({ nextcloud, rules }: PairConfig): Wanted {
  return nextcloud.collection.includes('/')
    ? { url: nextcloud.collection }
    : { displayName: nextcloud.collection, kind: rules.kind };
}

async function nextcloudCollection(
  home: RemoteHome,
  pair: PairConfig,
  { mayMake, signal }: { readonly mayMake: boolean; readonly signal: AbortSignal | undefined },
): Promise<RemoteCollection> {
  const { nextcloud, rules } = pair;
  const wanted = wantedOf(pair);
  const found = await home.find(wanted, signal);
  if (found !== undefined) return demandMirrored(found, nextcloud.collection);
  const what = `the collection "${nextcloud.collection}" of ${rules.kind}`;
  if (!nextcloud.create || 'url' in wanted) throw new Error(`nextcloud has not ${what}`);
  // Made again it would be empty, and what is gone with it would be deleted on the other side, too.
  if (!mayMake)
    throw new Error(`${what} is gone from nextcloud: restore it, or let --force make it anew and fill it`);
  const properties = nextcloud.color === undefined ? {} : { color: nextcloud.color };
  return home.create({ kind: rules.kind, displayName: nextcloud.collection, properties }, signal);
}

const notMirrored = {
  trashed: 'lies in the trash bin',
  subscribed: 'is a subscription',
  birthdays: 'is made from the birthdays of contacts',
  generated: 'is made by the server itself',
} as const;

function demandMirrored(collection: RemoteCollection, name: string): RemoteCollection {
  const { standing } = collection;
  if (standing === 'own' || standing === 'shared') return collection;
  throw new Error(`the collection "${name}" of nextcloud ${notMirrored[standing]}: it cannot be mirrored`);
}
