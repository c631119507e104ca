// What a collection has, without texts: its state, its listing, one member.
import { hash } from 'node:crypto';
import type { Href } from '../model/collection.ts';
import { BackendError } from '../model/failure.ts';
import { textOf } from '../xml/index.ts';
import { memberIn, pathOf } from './href.ts';
import { isTrashed, rightsOf } from './listing.ts';
import { prop, propText, type DavResponse } from './multistatus.ts';
import { child, type Name } from './names.ts';
import type { Place } from './place.ts';
import { collectionGone, propfind, propfindOne } from './questions.ts';
import type { RemoteMember, RemoteState } from './remote.ts';

export const memberProps: readonly Name[] = ['D:getetag', 'D:getcontenttype', 'D:resourcetype'];

const stateProps: readonly Name[] = [
  'D:sync-token',
  'CS:getctag',
  'D:resourcetype',
  'NC:deleted-at',
  'D:current-user-privilege-set',
];

/** One request. A trashed calendar of Nextcloud takes every write as before: only this tells. @throws BackendError `not-found` */
export async function readState(place: Place, signal?: AbortSignal): Promise<RemoteState> {
  const response = await propfindOne(place.client, {
    path: place.path,
    names: stateProps,
    signal,
  });
  if (response === undefined) throw collectionGone();
  const rights = rightsOf(response);
  const listed = propText(response, 'D:sync-token');
  const ctag = propText(response, 'CS:getctag') ?? listed;
  const token = place.abilities.sync ? listed : undefined;
  const syncToken = token ?? listingToken(await listMembers(place, signal));
  return {
    syncToken,
    ctag: ctag ?? syncToken,
    trashed: isTrashed(response),
    writable: rights.create && rights.modify && rights.remove,
  };
}

/** @throws BackendError `not-found` */
export async function listMembers(place: Place, signal?: AbortSignal): Promise<readonly RemoteMember[]> {
  const { responses } = await propfind(place.client, {
    path: place.path,
    names: memberProps,
    depth: '1',
    signal,
  });
  return membersIn(place, responses);
}

export async function findMember(
  place: Place,
  href: Href,
  signal?: AbortSignal,
): Promise<RemoteMember | undefined> {
  const response = await propfindOne(place.client, {
    path: pathOf(place.path, href),
    names: memberProps,
    signal,
  });
  return response && remoteMember(href, response);
}

/**
 * Without the collection itself and collections in it.
 * @throws BackendError when the answer leaves out what it names: it would look as if that were gone
 */
export function membersIn(place: Place, responses: readonly DavResponse[]): RemoteMember[] {
  return responses.flatMap((response) => {
    const found = memberIn(place.path, response.href);
    const { status = 200 } = response;
    if (found === 'elsewhere' || status === 404) return [];
    if (found === 'itself') {
      if (status >= 300) throw partial(status);
      return [];
    }
    const member = status < 300 ? remoteMember(found.name, response) : undefined;
    if (member === undefined && !isCollection(response)) throw partial(status);
    return member ?? [];
  });
}

export function partial(status: number): BackendError {
  const message = `the server lists its members only in part (${status})`;
  return new BackendError({ kind: 'unavailable', message, code: 'PartialListing' });
}

function isCollection(response: DavResponse): boolean {
  return child(prop(response, 'D:resourcetype'), 'D:collection') !== undefined;
}

export function remoteMember(href: Href, response: DavResponse): RemoteMember | undefined {
  if (isCollection(response)) return undefined;
  const etag = propText(response, 'D:getetag');
  if (etag === undefined) return undefined;
  const [, component] = /;\s*component="?([A-Za-z]+)/i.exec(textOf(prop(response, 'D:getcontenttype'))) ?? [];
  return { href, etag, ...(component !== undefined && { component: component.toUpperCase() }) };
}

/** Stands for a whole listing where the server has no tokens: the same members and etags, the same token. */
export function listingToken(members: readonly RemoteMember[]): string {
  const lines = members.map(({ href, etag }) => `${href}\n${etag}`).sort();
  return `urn:exdav:listing:${hash('sha256', lines.join('\n'), 'hex')}`;
}
