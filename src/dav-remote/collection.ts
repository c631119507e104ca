// The port's collection over a foreign server: each promise of the port is kept by a file of its own.
import type { Folder } from '../model/backend.ts';
import type { Collection } from '../model/collection.ts';
import { BackendError, valueOf } from '../model/failure.ts';
import type { Person } from '../model/item.ts';
import type { DavClient } from './client.ts';
import type { Principal } from './discover.ts';
import { busyTimesOf } from './free-busy.ts';
import type { Listing } from './listing.ts';
import { quietOf } from './marks.ts';
import { findMember, listMembers, readState } from './members.ts';
import type { Place } from './place.ts';
import { putMember } from './put.ts';
import { queryMembers } from './query.ts';
import { readMembers } from './read.ts';
import type { RemoteAbilities, RemoteCollection } from './remote.ts';
import { removeMember } from './remove.ts';
import { changesSince } from './sync.ts';
import type { Trash } from './trash.ts';

export interface Account {
  readonly client: DavClient;
  readonly principal: Principal;
  readonly owner: Person;
  readonly trash: Trash | undefined;
}

export function openCollection(account: Account, listing: Listing): RemoteCollection {
  const { client, owner } = account;
  const place = placeOf(account, listing);
  return {
    folder: folderOf(listing),
    owner,
    identity: `${client.host}${account.principal.path}`,
    url: client.origin + listing.path,
    abilities: place.abilities,
    standing: listing.standing,
    components: listing.components,
    state: (signal) => readState(place, signal),
    members: (signal) => listMembers(place, signal),
    member: (href, signal) => findMember(place, href, signal),
    query: (request, signal) => queryMembers(place, request, signal),
    read: (hrefs, shape, signal) => readMembers(place, hrefs, { shape, signal }),
    put: (request, signal) => putMember(place, request, signal),
    remove: (href, condition, mail) => removeMember({ place, href, condition }, mail),
    changes: (token, limit, signal) => changesSince(place, { token, limit, signal }),
    feed: (detail, signal) => feedOf(place, detail, signal),
    freeBusy: (range, signal) => busyTimesOf(place, range, signal),
    watch: untilAborted,
    purgeTrash: async (uids, signal) =>
      uids.length === 0 ? 0 : ((await place.trash?.purge(place.path, new Set(uids), signal))?.purged ?? 0),
  };
}

function placeOf(account: Account, listing: Listing): Place {
  const { client, principal } = account;
  // A sharee's deletions go to the owner's bin, where he cannot follow. Address books have none.
  const trash = listing.kind === 'contacts' || listing.standing === 'shared' ? undefined : account.trash;
  const isOwn = listing.standing !== 'shared' && principal.addresses.length > 0;
  return {
    client,
    path: listing.path,
    kind: listing.kind,
    subject: listing.kind === 'contacts' ? 'address' : 'calendar',
    abilities: abilitiesOf(principal, listing, trash !== undefined),
    multiget: listing.multiget,
    // In a shared calendar the server schedules for its owner.
    addresses: isOwn ? principal.addresses : undefined,
    trash,
  };
}

function abilitiesOf(principal: Principal, listing: Listing, trash: boolean): RemoteAbilities {
  const isNextcloud = [...principal.features].some((token) => token.startsWith('nc-'));
  return {
    sync: listing.sync,
    trash,
    quiet: quietOf(principal.features, principal.version),
    // SabreDAV leaves the etag out when it changed the data; Radicale and Xandikos rewrite the text and give one.
    honestEtags: isNextcloud,
    cardVersions: listing.cardVersions,
    ...(isNextcloud && { maxUidLength: 512 }),
  };
}

function folderOf(listing: Listing): Folder {
  const { path, kind, displayName, rights, properties, stamp } = listing;
  return {
    id: path,
    key: path,
    kind,
    displayName,
    isDefault: false,
    rights,
    properties,
    ...(stamp !== undefined && { stamp }),
  };
}

/** A stream of objects is one text (RFC 5545 §3.4, RFC 6350 §3). */
async function feedOf(
  place: Place,
  detail: Parameters<Collection['feed']>[0],
  signal?: AbortSignal,
): Promise<string> {
  if (detail === 'busy-only') {
    throw new BackendError({
      kind: 'invalid',
      message: 'busy times of a foreign collection are asked for by freeBusy',
      code: 'NoBusyFeed',
    });
  }
  const hrefs = (await listMembers(place, signal)).map(({ href }) => href);
  const read = await readMembers(place, hrefs, { shape: { kind: 'whole' }, signal });
  return read.map(([, outcome]) => valueOf(outcome).text).join('');
}

/** WebDAV tells nobody: whoever wants to know asks `state` in intervals. */
function untilAborted(signal: AbortSignal): AsyncIterable<void> {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const next = async (): Promise<IteratorResult<void>> => {
    await aborted;
    return { done: true, value: undefined };
  };
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
