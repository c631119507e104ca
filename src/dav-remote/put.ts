// PUT of a member: guarded, silent, and ending with what the server has now. An answer that got lost is looked up before the
// request is said again; a UID that the trash bin holds is freed first.
import type { Condition, ETag, Href, PutRequest } from '../model/collection.ts';
import { BackendError, DavError, precondition } from '../model/failure.ts';
import { complaintIn, failureOf, isRefusal, isUidConflict, uidConflict } from './failures.ts';
import { demandName, pathOf } from './href.ts';
import { isLost, type HttpAnswer } from './http.ts';
import { isSameText, uidIn } from './lines.ts';
import { quietHeaders, textFor, textFrom, unmarked } from './marks.ts';
import { findMember, readState } from './members.ts';
import type { Place } from './place.ts';
import { holderOf } from './query.ts';
import { demandQuietPut, demandSilent, wouldSend } from './quiet.ts';
import { readOne, strongEtag } from './read.ts';
import type { RemotePutResult } from './remote.ts';

interface Work {
  readonly place: Place;
  readonly href: Href;
  /** As it goes over the wire. */
  readonly text: string;
  readonly condition: Condition;
  readonly signal?: AbortSignal;
}

/** @throws DavError, BackendError */
export async function putMember(
  place: Place,
  request: PutRequest,
  signal?: AbortSignal,
): Promise<RemotePutResult> {
  demandSilent(request.mail);
  demandName(request.href);
  demandUid(place, request.text);
  const text = textFor(place, request.text);
  const work: Work = {
    place,
    href: request.href,
    text,
    condition: request.condition,
    signal,
  };
  return place.client.inTurn(place.path, async () => {
    await demandQuietPut(place, request, signal);
    const answer = await sent(work);
    if (answer === 'as-wanted') {
      return { created: isCreate(request.condition), ...(await reread(work, request.text)) };
    }
    if (!isRefusal(answer)) return resultOf(work, answer, request.text);
    const again = await mended(work, answer);
    return resultOf(work, again, request.text);
  });
}

/** Nextcloud answers a longer one with 500 on PostgreSQL. */
function demandUid(place: Place, text: string): void {
  const { maxUidLength } = place.abilities;
  if (maxUidLength === undefined || (uidIn(text)?.length ?? 0) <= maxUidLength) return;
  throw new BackendError({
    kind: 'inexpressible',
    message: `UID: the server keeps ${maxUidLength} characters at most`,
    code: 'UidTooLong',
  });
}

function isCreate(condition: Condition): boolean {
  return condition.ifNoneMatch === '*';
}

/** `as-wanted`: the answer got lost, and the server has the text. */
async function sent(work: Work): Promise<HttpAnswer | 'as-wanted'> {
  try {
    return await send(work);
  } catch (error) {
    if (!isLost(error)) throw error;
    if (await isThere(work)) return 'as-wanted';
    // A condition that our own first try has broken meanwhile answers 412; then the text is there.
    const answer = await send(work);
    return answer.status === 412 && (await isThere(work)) ? 'as-wanted' : answer;
  }
}

async function isThere({ place, href, text, signal }: Work): Promise<boolean> {
  const present = await readOne(unmarked(place), href, { like: text, signal });
  return present !== undefined && isSameText(present.text, text);
}

function send({ place, href, text, condition, signal }: Work): Promise<HttpAnswer> {
  const type = place.subject === 'address' ? 'text/vcard' : 'text/calendar';
  return place.client.ask({
    method: 'PUT',
    path: pathOf(place.path, href),
    headers: {
      'Content-Type': `${type}; charset=utf-8`,
      'Accept-Encoding': 'identity',
      ...quietHeaders,
      ...conditionHeaders(condition),
    },
    body: text,
    signal,
  });
}

export function conditionHeaders({ ifMatch, ifNoneMatch }: Condition): Record<string, string> {
  const listed = (etags: readonly ETag[] | '*'): string => (etags === '*' ? '*' : etags.join(', '));
  return {
    ...(ifMatch !== undefined && { 'If-Match': listed(ifMatch) }),
    ...(ifNoneMatch !== undefined && { 'If-None-Match': listed(ifNoneMatch) }),
  };
}

async function resultOf(work: Work, answer: HttpAnswer, wanted: string): Promise<RemotePutResult> {
  // Radicale 3.1.8 says 201 to every PUT.
  const created = answer.status === 201 && work.condition.ifMatch === undefined;
  const etag = strongEtag(answer.headers.etag);
  // SabreDAV says so when it mended the data, and leaves the etag out.
  const wasMended = answer.headers['x-sabre-ew-gross'] !== undefined;
  if (etag === undefined || wasMended) return { created, ...(await reread(work, wanted)) };
  const isVerbatim = work.place.abilities.honestEtags && work.text === wanted;
  return { created, stored: { etag }, ...(isVerbatim && { etag }) };
}

/** What is there now, when the answer did not tell. */
async function reread(work: Work, wanted: string): Promise<Omit<RemotePutResult, 'created'>> {
  const { place, href, text, signal } = work;
  const present = await readOne(unmarked(place), href, { like: text, signal });
  // Deleted by somebody else in between: the next delta tells.
  if (present === undefined) return {};
  const { etag } = present;
  if (!isSameText(present.text, text)) return { stored: { etag, text: textFrom(place, present.text) } };
  return text === wanted ? { etag, stored: { etag } } : { stored: { etag } };
}

/** A refusal that can be cured is, once. @throws what the refusal means */
async function mended(work: Work, answer: HttpAnswer): Promise<HttpAnswer> {
  const { place, signal } = work;
  const error = failureOf(answer, { subject: place.subject });
  if (isUidConflict(error)) throw await namedConflict(work);
  if (answer.status === 404) throw await whyNotFound(work, error);
  // Into a collection that is gone (RFC 4918 §9.7.1): the state says so.
  if (answer.status === 409) await readState(place, signal);
  // Nextcloud says 500 without more where it hides its messages: whatever it is, the trash bin is looked at.
  const isTrash =
    complaintIn(answer) === 'uid-in-trash' || (answer.status === 500 && place.trash !== undefined);
  const uid = uidIn(work.text);
  if (!isTrash || uid === undefined) throw error;
  if (place.trash === undefined) throw error;
  const { purged, kept } = await place.trash.purge(place.path, new Set([uid]), signal);
  if (purged === 0) throw kept > 0 ? wouldSend() : error;
  const again = await send(work);
  if (isRefusal(again)) throw failureOf(again, { subject: place.subject });
  return again;
}

async function namedConflict({ place, text, signal }: Work): Promise<DavError> {
  const uid = uidIn(text);
  const member = uid === undefined ? undefined : await holderOf(place, uid, signal);
  return uidConflict({ subject: place.subject }, member);
}

/** Nextcloud answers 404 to a write into a share that may only be read: that says nothing about what is there. */
async function whyNotFound({ place, href, signal }: Work, error: Error): Promise<Error> {
  const state = await readState(place, signal);
  if (!state.writable) return readOnly();
  return (await findMember(place, href, signal)) === undefined ? error : readOnly();
}

export function readOnly(): DavError {
  return new DavError(403, 'the collection may only be read', { precondition: precondition.needPrivileges });
}
