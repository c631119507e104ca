// From the address a user types to his principal and homes (RFC 6764, 5397, 4791 §6.2.1, 6352 §7.1.1).
import { BackendError, DavError } from '../model/failure.ts';
import { childrenOf, textOf } from '../xml/index.ts';
import type { DavClient } from './client.ts';
import { collectionPath, pathIn } from './href.ts';
import { prop, propText, type DavResponse } from './multistatus.ts';
import { isNamed, type Name } from './names.ts';
import { propfindOne } from './questions.ts';

export interface Principal {
  readonly path: string;
  readonly displayName: string | undefined;
  readonly calendarHomes: readonly string[];
  readonly addressHomes: readonly string[];
  /** Without `mailto:`, lower case. */
  readonly addresses: readonly string[];
  /** Tokens of the DAV header. */
  readonly features: ReadonlySet<string>;
  /** Of Nextcloud. */
  readonly version?: string;
}

/** schedule-default-calendar-URL is not asked for: Nextcloud makes a calendar when it is. */
const principalProps: readonly Name[] = [
  'D:displayname',
  'C:calendar-home-set',
  'CR:addressbook-home-set',
  'C:calendar-user-address-set',
];

/** @throws BackendError, DavError 404 when there is no DAV account behind the address */
export async function discover(client: DavClient, path: string, signal?: AbortSignal): Promise<Principal> {
  const own = await principalPath(client, path, signal);
  const response = await propfindOne(client, { path: own, names: principalProps, signal });
  if (response === undefined)
    throw new DavError(404, `${client.host} names a principal that it does not have`);
  const features = await featuresOf(client, own, signal);
  const version = isNextcloud(features) ? await versionOf(client, own, signal) : undefined;
  return {
    path: collectionPath(own),
    displayName: propText(response, 'D:displayname'),
    calendarHomes: hrefsIn(response, 'C:calendar-home-set').map(collectionPath),
    addressHomes: hrefsIn(response, 'CR:addressbook-home-set').map(collectionPath),
    addresses: hrefsIn(response, 'C:calendar-user-address-set').flatMap((href) =>
      /^mailto:/i.test(href) ? [href.slice('mailto:'.length).toLowerCase()] : [],
    ),
    features,
    ...(version !== undefined && { version }),
  };
}

/** Where it is asked for, in turn: a bare host knows it only under .well-known. */
async function principalPath(client: DavClient, path: string, signal?: AbortSignal): Promise<string> {
  const wellKnown = ['/.well-known/caldav', '/.well-known/carddav'];
  const nextcloud = `${path.replace(/\/+$/, '')}/remote.php/dav/`;
  const isBare = path === '' || path === '/';
  for (const candidate of isBare ? [...wellKnown, '/', nextcloud] : [path, nextcloud, ...wellKnown]) {
    const response = await propfindOne(client, {
      path: candidate,
      names: ['D:current-user-principal'],
      tolerant: true,
      signal,
    });
    const [found] = response === undefined ? [] : hrefsIn(response, 'D:current-user-principal');
    if (found !== undefined) return pathIn(found);
  }
  throw new DavError(404, `there is no CalDAV or CardDAV account at ${client.host}${path}`);
}

function hrefsIn(response: DavResponse, name: Name): string[] {
  const value = prop(response, name);
  if (value === undefined) return [];
  const hrefs = childrenOf(value).filter((each) => isNamed(each, 'D:href'));
  return hrefs.map((href) => textOf(href).trim()).filter((href) => href !== '');
}

async function featuresOf(
  client: DavClient,
  path: string,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const answer = await client.ask({ method: 'OPTIONS', path, signal });
  const header = answer.headers['dav'];
  const tokens = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  return new Set(tokens.map((token) => token.trim().toLowerCase()).filter((token) => token !== ''));
}

function isNextcloud(features: ReadonlySet<string>): boolean {
  return [...features].some((token) => token.startsWith('nc-'));
}

/** Nextcloud tells everybody its version beside remote.php. */
async function versionOf(
  client: DavClient,
  principal: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const base = principal.replace(/\/(remote|index)\.php\/.*$/s, '');
  try {
    const answer = await client.ask({
      method: 'GET',
      path: `${base}/status.php`,
      anonymous: true,
      signal,
    });
    const [, version] = /"version"\s*:\s*"(\d+(?:\.\d+)*)"/.exec(answer.body.toString('utf8')) ?? [];
    return version;
  } catch (error) {
    // Hidden by a proxy: the careful way is taken, as for an old version.
    if (error instanceof BackendError && error.failure.kind === 'unavailable') return undefined;
    throw error;
  }
}
