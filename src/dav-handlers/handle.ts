// The method table and the way of a request through it: look up, run, and errors as answers.
import { DavError } from '../model/failure.ts';
import { failureResponse } from './errors.ts';
import { copy } from './methods/copy.ts';
import { remove } from './methods/delete.ts';
import { get, head } from './methods/get.ts';
import { davHeader, type Method } from './methods/method.ts';
import { mkcalendar } from './methods/mkcalendar.ts';
import { mkcol } from './methods/mkcol.ts';
import { move } from './methods/move.ts';
import { post } from './methods/post.ts';
import { propfind } from './methods/propfind.ts';
import { proppatch } from './methods/proppatch.ts';
import { put } from './methods/put.ts';
import { report } from './methods/report.ts';
import type { Context, DavRequest, DavResponse, Space } from './request.ts';
import { lookUp, type Place } from './resource.ts';

const everywhere: readonly Place['kind'][] = [
  'root',
  'principals',
  'homes',
  'principal',
  'proxy',
  'home',
  'outbox',
  'collection',
  'slot',
  'attachment',
  'unmapped',
];

/** OPTIONS answers also where nothing is yet: clients ask before they create. */
const options: Method = {
  on: everywhere,
  run: async ({ place }, { space }) => ({
    status: 200,
    headers: { DAV: davHeader(space), Allow: allowOf(place), 'Content-Length': '0' },
  }),
};

const methods: Readonly<Record<string, Method>> = {
  OPTIONS: options,
  GET: get,
  HEAD: head,
  PROPFIND: propfind,
  PROPPATCH: proppatch,
  REPORT: report,
  PUT: put,
  POST: post,
  DELETE: remove,
  MKCALENDAR: mkcalendar,
  MKCOL: mkcol,
  MOVE: move,
  COPY: copy,
};

/** For docs/conformance.md, which must have a row for each. */
export const methodNames: readonly string[] = Object.keys(methods);

/** Methods that exist but are allowed nowhere here (RFC 7231 §6.5.5); any other verb is 501 (§6.6.2). */
const knownElsewhere = ['PATCH', 'LOCK', 'UNLOCK', 'ACL', 'SEARCH', 'TRACE', 'LINK', 'UNLINK'];

export async function handleDav(request: DavRequest, space: Space): Promise<DavResponse> {
  const context: Context = { space, signal: request.signal };
  const answer = await answerOf(request, context);
  return request.method === 'HEAD' ? { ...answer, body: undefined } : answer;
}

async function answerOf(request: DavRequest, context: Context): Promise<DavResponse> {
  try {
    const place = await lookUp(request.path, context);
    return await runMethod(request, place, context);
  } catch (error) {
    const answer = failureResponse(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

async function runMethod(request: DavRequest, place: Place, context: Context): Promise<DavResponse> {
  const method = Object.hasOwn(methods, request.method) ? methods[request.method] : undefined;
  try {
    if (method === undefined)
      throw knownElsewhere.includes(request.method)
        ? new DavError(405, `${request.method} is not allowed here`)
        : new DavError(501, `${request.method} is not known`);
    if (!isAllowed(method, place) && method.refusesOn?.includes(place.kind) !== true)
      throw place.kind === 'unmapped'
        ? new DavError(404, 'there is nothing here')
        : new DavError(405, `${request.method} is not allowed here`);
    return await method.run({ place, request }, context);
  } catch (error) {
    const answer = error instanceof DavError && error.status === 405 ? failureResponse(error) : undefined;
    if (answer === undefined) throw error;
    return { ...answer, headers: { ...answer.headers, Allow: allowOf(place) } };
  }
}

function isAllowed({ on, takes }: Method, place: Place): boolean {
  return on.includes(place.kind) && (takes?.(place) ?? true);
}

function allowOf(place: Place): string {
  return Object.entries(methods)
    .filter(([, method]) => isAllowed(method, place))
    .map(([name]) => name)
    .join(', ');
}
