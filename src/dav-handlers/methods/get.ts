// GET and HEAD: a member's text, an attachment, a whole collection as one feed, a few words elsewhere.
import type { Resource as Text, Shape } from '../../model/collection.ts';
import { DavError, valueOf } from '../../model/failure.ts';
import { isUnchanged, parseCondition } from '../conditions.ts';
import { attachmentAnswer } from '../attachments.ts';
import { acceptedVersion, contentTypeOf } from '../media.ts';
import { requireRight } from '../privileges.ts';
import type { Context, DavRequest, DavResponse } from '../request.ts';
import {
  isDirectory,
  isInbox,
  resourceAt,
  type CollectionResource,
  type Resource,
  type Slot,
} from '../resource.ts';
import type { Method, MethodCall } from './method.ts';

export const get: Method = {
  on: [
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
  ],
  run: answerGet,
};

/** The same answer without its body; its length is said all the same. */
export const head: Method = {
  on: get.on,
  async run(call, context) {
    const { status, headers, body } = await answerGet(call, context);
    if (body === undefined) return { status, headers };
    return { status, headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) } };
  },
};

async function answerGet({ place, request }: MethodCall, context: Context): Promise<DavResponse> {
  switch (place.kind) {
    case 'slot':
      return memberAnswer(place, request, context);
    case 'collection':
      return isInbox(place) || isDirectory(place) ? words(place) : feedAnswer(place, context);
    case 'attachment':
      return attachmentAnswer(place, request, context);
    case 'unmapped':
    case 'root':
    case 'principals':
    case 'homes':
    case 'principal':
    case 'proxy':
    case 'home':
    case 'outbox':
      return words(await resourceAt(place, context.signal));
  }
}

function words({ href }: Resource): DavResponse {
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: `Exdav, CalDAV and CardDAV for Exchange. This is ${href}; a calendar or contacts program can be pointed at it.\n`,
  };
}

/** Shown to GET and, with Prefer: return=representation, by PUT. */
export async function readMember(
  slot: Slot,
  accept: string | null,
  { signal }: Context,
): Promise<{ readonly text: Text; readonly headers: Record<string, string> }> {
  const { kind } = slot.parent.collection.folder;
  const version = kind === 'contacts' ? acceptedVersion(accept) : undefined;
  const shape: Shape = version === undefined ? { kind: 'whole' } : { kind: 'address', version };
  const [answer] = await slot.parent.collection.read([slot.name], shape, signal);
  if (answer === undefined) throw new DavError(404, 'there is no such object');
  const text = valueOf(answer[1]);
  const headers = {
    'Content-Type': contentTypeOf(kind, version),
    ETag: text.etag,
    ...(text.scheduleTag === undefined ? {} : { 'Schedule-Tag': text.scheduleTag }),
    ...(kind === 'contacts' ? { Vary: 'Accept' } : {}),
  };
  return { text, headers };
}

async function memberAnswer(slot: Slot, request: DavRequest, context: Context): Promise<DavResponse> {
  requireRight(slot.parent, 'read', slot.href);
  const condition = parseCondition(request.headers);
  if (condition.ifMatch !== undefined || condition.ifNoneMatch !== undefined) {
    const member = await slot.parent.collection.member(slot.name, context.signal);
    if (member === undefined) throw new DavError(404, 'there is no such object');
    if (isUnchanged(condition, member.etag)) return { status: 304, headers: { ETag: member.etag } };
  }
  const { text, headers } = await readMember(slot, request.headers.get('Accept'), context);
  return { status: 200, headers, body: text.text };
}

/** Never 304 and never empty: Nextcloud would wipe its copy of a subscription (trouble is thrown and becomes 5xx). */
async function feedAnswer(resource: CollectionResource, { signal }: Context): Promise<DavResponse> {
  requireRight(resource, 'read');
  const body = await resource.collection.feed('whole', signal);
  const contentType =
    resource.family === 'calendars' ? 'text/calendar; charset=utf-8' : contentTypeOf('contacts');
  return { status: 200, headers: { 'Content-Type': contentType }, body };
}
