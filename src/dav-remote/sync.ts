// What changed since a token (RFC 6578), with what Nextcloud gets wrong put right; a comparison of listings where there are no tokens.
import type { SyncToken } from '../model/collection.ts';
import { BackendError, DavError, precondition } from '../model/failure.ts';
import { syncBody } from './bodies.ts';
import { memberIn } from './href.ts';
import { listingToken, listMembers, memberProps, remoteMember } from './members.ts';
import type { DavResponse, Multistatus } from './multistatus.ts';
import type { Place } from './place.ts';
import { report } from './questions.ts';
import { etagsOf } from './read.ts';
import type { RemoteDelta, RemoteMember } from './remote.ts';

interface Since {
  readonly token: SyncToken | undefined;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** @throws DavError 403 valid-sync-token when everything must be listed anew */
export async function changesSince(place: Place, since: Since): Promise<RemoteDelta> {
  if (!place.abilities.sync) return listingSince(place, since);
  // Nextcloud cuts a calendar's delta at the limit and forgets the rest; address books page as they should.
  const limit = place.subject === 'address' ? since.limit : undefined;
  const seen = new Map<string, RemoteMember | 'gone'>();
  let { token } = since;
  for (;;) {
    const page = await pageOf(place, { ...since, token, limit });
    for (const [href, change] of page.changes) seen.set(href, change);
    const isStuck = page.truncated && page.token === token;
    if (isStuck)
      throw new BackendError({
        kind: 'unavailable',
        message: 'the server does not get on with its changes',
        code: 'SyncStuck',
      });
    ({ token } = page);
    if (!page.truncated || limit !== undefined) {
      return { ...splitOf(seen), token, truncated: page.truncated, full: since.token === undefined };
    }
  }
}

interface Page {
  readonly changes: ReadonlyMap<string, RemoteMember | 'gone'>;
  readonly token: SyncToken;
  readonly truncated: boolean;
}

async function pageOf(place: Place, { token, limit, signal }: Since): Promise<Page> {
  const answer = await asked(place, {
    token,
    ...(limit !== undefined && { limit }),
    signal,
  });
  if (answer.syncToken === undefined)
    throw new BackendError({
      kind: 'unreadable',
      message: 'a sync-collection without a token',
      code: 'NoToken',
    });
  demandForward(token, answer.syncToken);
  const changes = new Map<string, RemoteMember | 'gone'>();
  const doubtful: string[] = [];
  let truncated = false;
  for (const response of answer.responses) {
    const found = memberIn(place.path, response.href);
    if (found === 'itself') truncated ||= response.status === 507;
    if (typeof found === 'string') continue;
    const member = (response.status ?? 200) < 300 ? remoteMember(found.name, response) : undefined;
    if (member) changes.set(found.name, member);
    else if (isMemberTrouble(response)) doubtful.push(found.name);
  }
  // What was deleted and made anew under one name within one delta is reported as gone: nothing is gone until it is not found.
  const present = await etagsOf(place, doubtful, signal);
  for (const href of doubtful) {
    const response = present.get(href);
    changes.set(href, (response && remoteMember(href, response)) ?? 'gone');
  }
  return { changes, token: answer.syncToken, truncated };
}

/** Gone, or without the etag that was asked for. A collection inside the collection is neither. */
function isMemberTrouble(response: DavResponse): boolean {
  return (response.status ?? 200) >= 300 || response.missing.size > 0 || response.props.size === 0;
}

async function asked(place: Place, { token, limit, signal }: Since): Promise<Multistatus> {
  try {
    return await report(place.client, {
      path: place.path,
      body: syncBody(token, memberProps, limit),
      depth: '0',
      signal,
    });
  } catch (error) {
    if (token !== undefined && isTokenTrouble(error)) throw tokenLost(error);
    throw error;
  }
}

/** RFC 6578 §3.2: 403 with the condition; older servers 412 or 409, Xandikos 0.2.8 fails over a token it does not know. */
function isTokenTrouble(error: unknown): boolean {
  if (error instanceof DavError)
    return error.precondition === precondition.validSyncToken || error.status === 412 || error.status === 410;
  return (
    error instanceof BackendError && ['Http400', 'Http409', 'Http500'].includes(error.failure.code ?? '')
  );
}

function tokenLost(cause?: unknown): DavError {
  return new DavError(403, 'the server does not know this sync token any more', {
    precondition: precondition.validSyncToken,
    cause,
  });
}

const counted = /^http:\/\/sabre\.io\/ns\/sync\/(\d+)$/;

/** A token from the future is answered with nothing and an older token: the server was restored from a backup. */
function demandForward(before: SyncToken | undefined, after: SyncToken): void {
  const [from, to] = [counted.exec(before ?? ''), counted.exec(after)].map((match) => Number(match?.[1]));
  if (from !== undefined && to !== undefined && to < from) throw tokenLost();
}

/** A listing is the answer to whatever changed. */
async function listingSince(place: Place, { token, signal }: Since): Promise<RemoteDelta> {
  const members = await listMembers(place, signal);
  const now = listingToken(members);
  if (token === now) return { changed: [], gone: [], token: now, truncated: false, full: false };
  return { changed: members, gone: [], token: now, truncated: false, full: true };
}

function splitOf(seen: ReadonlyMap<string, RemoteMember | 'gone'>): Pick<RemoteDelta, 'changed' | 'gone'> {
  const entries = [...seen];
  return {
    changed: entries.flatMap(([, change]) => (change === 'gone' ? [] : [change])),
    gone: entries.flatMap(([href, change]) => (change === 'gone' ? [href] : [])),
  };
}
