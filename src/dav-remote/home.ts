// A user's collections on a foreign server: found, chosen, made.
import { BackendError, DavError } from '../model/failure.ts';
import type { Person } from '../model/item.ts';
import { openClient, type DavClient, type ObservedRequest } from './client.ts';
import { openCollection, type Account } from './collection.ts';
import { createCollection } from './create.ts';
import { discover, type Principal } from './discover.ts';
import { openDavHosts, type DavHosts } from './hosts.ts';
import { isSamePath, pathIn } from './href.ts';
import { openLatch, type Latch } from './latch.ts';
import { listingOf, listingProps, type Listing } from './listing.ts';
import { quietOf } from './marks.ts';
import { propfind, propfindOne } from './questions.ts';
import type { CollectionDraft, RemoteCollection, RemoteHome, Wanted } from './remote.ts';
import { wouldSchedule } from './scheduling.ts';
import { openTrash, type Trash } from './trash.ts';

export interface RemoteOptions {
  /** Of the server, of its DAV root, of a principal or of a collection. */
  readonly url: string;
  readonly user: string;
  /** For Nextcloud an app password. */
  readonly password: string;
  /** Shared by all sign-ins of the process; by default their own, with nobody to share back-off and turns with. */
  readonly hosts?: DavHosts;
  /** Whose passwords were refused; by default remembered as long as the home. */
  readonly latch?: Latch;
  /** Plain http to other machines: whoever listens gets the password. */
  readonly allowHttp?: boolean;
  readonly observe?: (request: ObservedRequest) => void;
  readonly signal?: AbortSignal;
}

/** Signs in and finds the user's homes. @throws BackendError `unauthorized`, `unavailable`, `busy`; DavError 404 */
export async function openRemote(options: RemoteOptions): Promise<RemoteHome> {
  const url = addressOf(options);
  const client = openClient({
    origin: url.origin,
    user: options.user,
    password: options.password,
    hosts: options.hosts ?? openDavHosts(),
    latch: options.latch ?? openLatch(),
    ...(options.observe && { observe: options.observe }),
  });
  const principal = await discover(client, url.pathname, options.signal);
  const [address = ''] = principal.addresses;
  const owner: Person = {
    address,
    ...(principal.displayName !== undefined && { name: principal.displayName }),
  };
  const account: Account = { client, principal, owner, trash: trashOf(client, principal) };
  return homeOf(account);
}

function homeOf(account: Account): RemoteHome {
  const { client, principal, owner } = account;
  return {
    owner,
    principal: principal.path,
    addresses: principal.addresses,
    ...(principal.version !== undefined && { version: principal.version }),
    async collections(signal) {
      return (await listings(account, signal)).map((listing) => openCollection(account, listing));
    },
    async find(wanted, signal) {
      const listing = await chosen(account, wanted, signal);
      return listing && openCollection(account, listing);
    },
    async create(draft, signal) {
      const path = await createCollection({ client, homePath: homeFor(principal, draft) }, draft, signal);
      return openAt(account, path, signal);
    },
  };
}

/** @throws BackendError for an address that would give the password away */
function addressOf({ url, allowHttp }: RemoteOptions): URL {
  if (!URL.canParse(url)) throw badAddress(`"${url}" is no URL`);
  const parsed = new URL(url);
  if (parsed.username !== '' || parsed.password !== '')
    throw badAddress('user and password do not belong into the URL');
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')
    throw badAddress('the URL must begin with https://');
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname);
  if (parsed.protocol === 'http:' && !isLoopback && allowHttp !== true)
    throw badAddress(`http would send the password to ${parsed.host} in the clear: use https`);
  return parsed;
}

function badAddress(message: string): BackendError {
  return new BackendError({ kind: 'invalid', message, code: 'BadAddress' });
}

function trashOf(client: DavClient, principal: Principal): Trash | undefined {
  const [homePath] = principal.calendarHomes;
  if (homePath === undefined || !principal.features.has('nc-calendar-trashbin')) return undefined;
  const quiet = quietOf(principal.features, principal.version);
  const addresses = principal.addresses.length > 0 ? principal.addresses : undefined;
  const obeysHeader = quiet === 'none' || quiet === 'header';
  return openTrash({ client, homePath, speaks: (text) => !obeysHeader && wouldSchedule(text, addresses) });
}

async function listings({ client, principal }: Account, signal?: AbortSignal): Promise<readonly Listing[]> {
  const found = new Map<string, Listing>();
  for (const path of new Set([...principal.calendarHomes, ...principal.addressHomes])) {
    const { responses } = await propfind(client, {
      path,
      names: listingProps,
      depth: '1',
      signal,
    });
    for (const response of responses) {
      const listing = listingOf(response, principal.path);
      if (listing) found.set(listing.path, listing);
    }
  }
  return [...found.values()];
}

/** What a user means by his calendar of that name: no bin, no subscription, nothing the server makes up. */
function isForMirrors({ standing }: Listing): boolean {
  return standing === 'own' || standing === 'shared';
}

async function chosen(account: Account, wanted: Wanted, signal?: AbortSignal): Promise<Listing | undefined> {
  if ('url' in wanted) return listingAt(account, pathOfUrl(account.client, wanted.url), signal);
  const all = await listings(account, signal);
  const name = wanted.displayName.trim();
  const named = all.filter(
    (each) => isForMirrors(each) && each.displayName.trim() === name && takes(each, wanted),
  );
  if (named.length > 1)
    throw new DavError(409, `${named.length} collections are called "${name}": name one by its URL`);
  return named[0];
}

function takes(listing: Listing, { kind }: Extract<Wanted, { displayName: string }>): boolean {
  return listing.kind === kind || (kind === 'tasks' && listing.components.includes('VTODO'));
}

function pathOfUrl(client: DavClient, url: string): string {
  const parsed = new URL(url, client.origin);
  if (parsed.origin !== client.origin)
    throw badAddress(`the collection is not on ${client.host}, to which this user signs in`);
  return parsed.pathname;
}

async function listingAt(
  { client, principal }: Account,
  path: string,
  signal?: AbortSignal,
): Promise<Listing | undefined> {
  const response = await propfindOne(client, { path, names: listingProps, signal });
  return response && listingOf({ ...response, href: pathIn(response.href) }, principal.path);
}

async function openAt(account: Account, path: string, signal?: AbortSignal): Promise<RemoteCollection> {
  const listing = await listingAt(account, path, signal);
  if (listing === undefined || !isSamePath(listing.path, path))
    throw new BackendError({
      kind: 'unavailable',
      message: 'the new collection is not listed',
      code: 'NotListed',
    });
  return openCollection(account, listing);
}

function homeFor(principal: Principal, { kind }: CollectionDraft): string {
  const [home] = kind === 'contacts' ? principal.addressHomes : principal.calendarHomes;
  if (home !== undefined) return home;
  throw new DavError(
    404,
    kind === 'contacts' ? 'the user has no place for address books' : 'the user has no place for calendars',
  );
}
