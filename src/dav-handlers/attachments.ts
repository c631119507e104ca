// Stored attachments over HTTP: a GET of one, and the actions of a POST on its calendar object (RFC 8607 §3.3 to §3.6).
import type { AttachmentChange, Attachments } from '../model/collection.ts';
import { DavError, precondition } from '../model/failure.ts';
import type { NewPart } from '../model/item.ts';
import { isUnchanged, parseCondition } from './conditions.ts';
import { renderHref } from './href.ts';
import { parseDisposition, renderDisposition, safeType } from './media.ts';
import { requireRight } from './privileges.ts';
import type { Context, DavRequest, DavResponse } from './request.ts';
import type { AttachmentPlace, Slot } from './resource.ts';

/** Files come from anybody who has ever sent an invitation: a browser saves them and runs none (nosniff is set for all). */
const safety = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'private, no-cache',
} as const;

export async function attachmentAnswer(
  place: AttachmentPlace,
  request: DavRequest,
  { signal }: Context,
): Promise<DavResponse> {
  requireRight(place.parent, 'read', place.href);
  const { attachments } = place.parent.collection;
  const file = await attachments?.find(place.member, place.managedId, signal);
  if (attachments === undefined || file === undefined) throw new DavError(404, 'there is no such attachment');
  if (isUnchanged(parseCondition(request.headers), file.etag))
    return { status: 304, headers: { ETag: file.etag } };
  if ((file.size ?? 0) > largest(attachments))
    throw new DavError(403, `the file is larger than this gateway passes on (${attachments.maxBytes} bytes)`);
  return {
    status: 200,
    headers: {
      'Content-Type': safeType(file.contentType),
      'Content-Disposition': renderDisposition(file.name),
      ETag: file.etag,
      ...safety,
    },
    body: await file.read(signal),
  };
}

/** Sizes are told with what lies around the bytes: a file that was taken must be given. */
function largest({ maxBytes }: Attachments): number {
  return maxBytes + Math.max(64 * 1024, maxBytes / 10);
}

export interface AttachmentAction {
  readonly change: AttachmentChange;
  readonly instances?: readonly string[];
}

/** @throws DavError 403 with the conditions of RFC 8607 §3.11 */
export function parseAction(request: DavRequest, attachments: Attachments): AttachmentAction {
  const { query } = request;
  const managedId = query.get('managed-id') ?? undefined;
  const rid = query.get('rid') ?? undefined;
  const instances = rid === undefined ? {} : { instances: rid.split(',').map((each) => each.trim()) };
  const action = query.get('action');
  switch (action ?? '') {
    case 'attachment-add':
      if (managedId !== undefined)
        throw refusal('valid-managed-id', 'a new attachment has no managed-id yet');
      return { change: { kind: 'add', file: parseFile(request, attachments) }, ...instances };
    case 'attachment-update':
      if (rid !== undefined) throw refusal('valid-rid', 'an attachment is replaced wherever it is');
      return {
        change: { kind: 'replace', managedId: required(managedId), file: parseFile(request, attachments) },
      };
    case 'attachment-remove':
      return { change: { kind: 'remove', managedId: required(managedId) }, ...instances };
    default:
      throw refusal('valid-action', 'action is attachment-add, attachment-update or attachment-remove');
  }
}

const conditions = {
  'valid-action': precondition.calendarValidAction,
  'valid-rid': precondition.calendarValidRid,
  'valid-managed-id': precondition.calendarValidManagedId,
} as const;

function refusal(condition: keyof typeof conditions, message: string): DavError {
  return new DavError(403, message, { precondition: conditions[condition] });
}

function required(managedId: string | undefined): string {
  if (managedId === undefined || managedId === '')
    throw refusal('valid-managed-id', 'this needs a managed-id');
  return managedId;
}

function parseFile({ headers, body }: DavRequest, { maxBytes }: Attachments): NewPart {
  if (body.length > maxBytes)
    throw new DavError(403, `a file may have at most ${maxBytes} bytes`, {
      precondition: precondition.calendarMaxAttachmentSize,
    });
  const contentType = headers.get('Content-Type')?.split(';')[0]?.trim().toLowerCase();
  return {
    name: parseDisposition(headers.get('Content-Disposition')) ?? '',
    contentType: contentType === undefined || contentType === '' ? 'application/octet-stream' : contentType,
    base64: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'),
  };
}

/** Where the attachment is read; its name may follow. */
export function attachmentUri(slot: Slot, managedId: string, { space }: Context): string {
  const href = renderHref(slot.href, ['attachments', managedId], 'leaf');
  return `${space.origin ?? ''}${href}`;
}
