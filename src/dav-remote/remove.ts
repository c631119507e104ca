// DELETE of a member: guarded and silent. On Nextcloud it goes to the trash bin.
import type { Condition, Href, Permission, Resource } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';
import { complaintIn, failureOf, isRefusal } from './failures.ts';
import { demandName, pathOf } from './href.ts';
import { isLost, type HttpAnswer } from './http.ts';
import { uidIn } from './lines.ts';
import { quietHeaders } from './marks.ts';
import { findMember } from './members.ts';
import type { Place } from './place.ts';
import { conditionHeaders, putMember, readOnly } from './put.ts';
import { demandSilent, quietedBeforeDelete, wouldSend } from './quiet.ts';
import { readOne } from './read.ts';

interface Work {
  readonly place: Place;
  readonly href: Href;
  readonly condition: Condition;
}

/** @throws DavError 404, 412, 403 need-privileges; BackendError */
export async function removeMember(work: Work, mail: Permission): Promise<void> {
  demandSilent(mail);
  demandName(work.href);
  const condition = await silenced(work);
  await work.place.client.inTurn(work.place.path, () => removeNow({ ...work, condition }));
}

/** The condition of the DELETE: another one where the member had to be written first. */
async function silenced({ place, href, condition }: Work): Promise<Condition> {
  const quieted = await quietedBeforeDelete(place, href);
  if (quieted === undefined) return condition;
  const { ifMatch } = condition;
  // The mark would give it a new etag, so what the caller asks for is looked at here.
  if (Array.isArray(ifMatch) && !ifMatch.includes(quieted.etag))
    throw new DavError(412, 'it was changed meanwhile');
  const request = {
    href,
    text: quieted.text,
    condition: { ifMatch: [quieted.etag] },
    mail: 'silent',
  } as const;
  const { stored } = await putMember(place, request);
  return stored === undefined ? condition : { ifMatch: [stored.etag] };
}

async function removeNow(work: Work): Promise<void> {
  const { place, href } = work;
  const answer = await sent(work);
  place.trash?.stale();
  if (answer === 'done' || !isRefusal(answer)) return;
  if (answer.status === 404) {
    const isThere = (await findMember(place, href)) !== undefined;
    throw isThere ? readOnly() : new DavError(404, 'there is no such member');
  }
  const error = failureOf(answer, { subject: place.subject });
  if (complaintIn(answer) !== 'trash-name-taken' || place.trash === undefined) throw error;
  await freeTrashName(work, answer);
  const again = await send(work);
  if (isRefusal(again)) throw failureOf(again, { subject: place.subject });
}

async function sent(work: Work): Promise<HttpAnswer | 'done'> {
  try {
    return await send(work);
  } catch (error) {
    if (!isLost(error)) throw error;
    const present = await findMember(work.place, work.href);
    if (present === undefined) return 'done';
    const answer = await send(work);
    return answer.status === 404 ? 'done' : answer;
  }
}

function send({ place, href, condition }: Work): Promise<HttpAnswer> {
  return place.client.ask({
    method: 'DELETE',
    path: pathOf(place.path, href),
    headers: { ...quietHeaders, ...conditionHeaders(condition) },
  });
}

/**
 * The bin holds another object under the name this one would get there. Its items do not show that name, so they are found by
 * UID: this object's own, and that of the name in the complaint, which a GET still answers.
 */
async function freeTrashName({ place, href }: Work, answer: HttpAnswer): Promise<void> {
  const uids = new Set<string>();
  for (const name of [href, nameIn(answer)]) {
    const text = name === undefined ? undefined : await textAt(place, name);
    const uid = text === undefined ? undefined : uidIn(text);
    if (uid !== undefined) uids.add(uid);
  }
  const { purged = 0, kept = 0 } = (await place.trash?.purge(place.path, uids)) ?? {};
  if (purged === 0 && kept > 0) throw wouldSend();
}

function nameIn(answer: HttpAnswer): string | undefined {
  const [, name] = /object with URI (\S.*?) already exists/.exec(answer.body.toString('utf8')) ?? [];
  return name?.replaceAll('&amp;', '&');
}

/** By GET: multiget passes over what lies in the bin. */
async function textAt(place: Place, name: string): Promise<string | undefined> {
  const found: Resource | undefined = await readOne({ ...place, multiget: false }, name);
  return found?.text;
}
