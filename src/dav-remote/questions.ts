// PROPFIND and REPORT as questions with plain answers.
import { BackendError } from '../model/failure.ts';
import { XmlError } from '../xml/index.ts';
import { propfindBody } from './bodies.ts';
import type { DavAnswer, DavClient } from './client.ts';
import { failureOf } from './failures.ts';
import { isSamePath } from './href.ts';
import { readMultistatus, type DavResponse, type Multistatus } from './multistatus.ts';
import type { Name } from './names.ts';

const headers = { 'Content-Type': 'application/xml; charset=utf-8', 'Accept-Encoding': 'gzip' };

export interface Question {
  readonly path: string;
  readonly names: readonly Name[];
  readonly signal?: AbortSignal;
}

/** @throws BackendError */
export async function propfind(
  client: DavClient,
  { path, names, depth, signal }: Question & { readonly depth: '0' | '1' },
): Promise<Multistatus> {
  const answer = await client.ask({
    method: 'PROPFIND',
    path,
    headers: { ...headers, Depth: depth },
    body: propfindBody(names),
    signal,
  });
  return multistatusOf(answer);
}

/** One resource; undefined when it is not there, or when (`tolerant`) the server refuses for a reason of its own. */
export async function propfindOne(
  client: DavClient,
  question: Question & { readonly tolerant?: boolean },
): Promise<DavResponse | undefined> {
  const { path, names, signal } = question;
  const answer = await client.ask({
    method: 'PROPFIND',
    path,
    headers: { ...headers, Depth: '0' },
    body: propfindBody(names),
    signal,
  });
  const isAbsent = answer.status === 404 || answer.status === 410;
  const saysNo = (answer.status < 500 && answer.status !== 207) || answer.status === 501;
  if (isAbsent || (question.tolerant === true && saysNo)) return undefined;
  const { responses } = await multistatusOf(answer);
  const own = responses.find((response) => isSamePath(response.href, answer.path)) ?? responses[0];
  return own?.status === 404 ? undefined : own;
}

/** Depth 1, as addressbook-query demands; sync-collection wants 0 (RFC 6578 §3.3). @throws BackendError, DavError */
export async function report(
  client: DavClient,
  ask: {
    readonly path: string;
    readonly body: string;
    readonly depth: '0' | '1';
    readonly signal?: AbortSignal;
  },
): Promise<Multistatus> {
  const { path, body, depth, signal } = ask;
  const answer = await client.ask({
    method: 'REPORT',
    path,
    headers: { ...headers, Depth: depth },
    body,
    signal,
  });
  return multistatusOf(answer);
}

/** @throws BackendError `not-found`: what is asked this way is a collection; `unreadable` for what is no multistatus */
async function multistatusOf(answer: DavAnswer): Promise<Multistatus> {
  if (answer.status === 404 || answer.status === 410) throw collectionGone();
  if (answer.status >= 400) throw failureOf(answer, { subject: 'server' });
  try {
    return await readMultistatus(answer.body);
  } catch (cause) {
    if (!(cause instanceof XmlError)) throw cause;
    const message = `the server's answer is no multistatus: ${cause.message}`;
    throw new BackendError({ kind: 'unreadable', message, code: 'NotDav' }, { cause });
  }
}

export function collectionGone(): BackendError {
  return new BackendError({
    kind: 'not-found',
    message: 'the server does not have the collection any more',
    code: 'CollectionGone',
  });
}
