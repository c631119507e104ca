// PUT of a calendar object or a card (RFC 4791 §5.3.2, RFC 6352 §6.3.2).
import type { FolderKind } from '../../model/backend.ts';
import { DavError, precondition } from '../../model/failure.ts';
import { parseCondition, permissionOf } from '../conditions.ts';
import { UidConflictError } from '../errors.ts';
import { requireIf } from '../if-header.ts';
import { charsetOf, isAccepted } from '../media.ts';
import { appliedHeaders, parsePreferences } from '../prefer.ts';
import { requireRight } from '../privileges.ts';
import { renderHref } from '../href.ts';
import type { Context, DavRequest, DavResponse, Space } from '../request.ts';
import { memberHref, type CollectionResource, type Slot } from '../resource.ts';
import { homeHref } from '../standing.ts';
import { decodeText } from '../text-body.ts';
import { readMember } from './get.ts';
import type { Method } from './method.ts';

export const put: Method = {
  on: ['slot'],
  refusesOn: ['unmapped'],
  async run({ place, request }, context) {
    if (place.kind !== 'slot') throw new DavError(409, 'there is no collection to put this into');
    const text = parseText(place, request, context);
    await requireIf(request.headers.get('If'), place, context);
    await requireWrite(place, context);
    return write(place, { request, text }, context);
  },
};

/** What the collection refuses a body with, by kind. */
const refusals = {
  events: {
    type: precondition.calendarSupportedData,
    size: precondition.calendarMaxResourceSize,
    data: precondition.calendarValidData,
  },
  tasks: {
    type: precondition.calendarSupportedData,
    size: precondition.calendarMaxResourceSize,
    data: precondition.calendarValidData,
  },
  contacts: {
    type: precondition.addressSupportedData,
    size: precondition.addressMaxResourceSize,
    data: precondition.addressValidData,
  },
} as const satisfies Record<FolderKind, Record<'type' | 'size' | 'data', string>>;

function parseText(slot: Slot, { headers, body }: DavRequest, { space }: Context): string {
  const { kind } = slot.parent.collection.folder;
  const contentType = headers.get('Content-Type');
  if (headers.has('Content-Range')) throw new DavError(400, 'parts of an object cannot be put');
  if (!isAccepted(kind, contentType))
    throw new DavError(403, `${contentType} does not belong here`, { precondition: refusals[kind].type });
  if (body.length > space.limits.maxResourceBytes)
    throw new DavError(403, `more than ${space.limits.maxResourceBytes} bytes`, {
      precondition: refusals[kind].size,
    });
  try {
    return decodeText(body, charsetOf(contentType));
  } catch (error) {
    throw new DavError(403, 'the body is not text in its charset', {
      precondition: refusals[kind].data,
      cause: error,
    });
  }
}

/** RFC 3744 §3: a new member needs bind on the collection, a present one write-content. Asked only where the two differ. */
async function requireWrite(slot: Slot, { signal }: Context): Promise<void> {
  const { create, modify } = slot.parent.collection.folder.rights;
  if (create && modify) return;
  const present = await slot.parent.collection.member(slot.name, signal);
  if (present === undefined) requireRight(slot.parent, 'create');
  else requireRight(slot.parent, 'modify', slot.href);
}

async function write(
  slot: Slot,
  { request, text }: { readonly request: DavRequest; readonly text: string },
  context: Context,
): Promise<DavResponse> {
  const { representation } = parsePreferences(request.headers);
  const { collection } = slot.parent;
  const condition = parseCondition(request.headers);
  const mail = permissionOf(request.headers, context.space);
  try {
    const result = await collection.put({ href: slot.name, text, condition, mail }, context.signal);
    if (representation && !result.gone)
      return await representationAnswer(slot, { request, status: result.created ? 201 : 200 }, context);
    return {
      status: result.created ? 201 : 204,
      headers: {
        ...(result.etag === undefined ? {} : { ETag: result.etag }),
        ...(result.scheduleTag === undefined ? {} : { 'Schedule-Tag': result.scheduleTag }),
      },
    };
  } catch (error) {
    if (error instanceof DavError && error.member !== undefined)
      throw new UidConflictError(error, rivalHref(slot.parent, error, context.space));
    // RFC 8144 §3.2: who lost the race may have the present text at once.
    if (error instanceof DavError && error.status === 412 && representation) {
      const present = await collection.member(slot.name, context.signal);
      if (present !== undefined) return representationAnswer(slot, { request, status: 412 }, context);
    }
    throw error;
  }
}

/** Of the member that stands in the way, here or in another collection of the home. */
function rivalHref(parent: CollectionResource, { member = '', collection }: DavError, space: Space): string {
  if (collection === undefined) return memberHref(parent, member);
  const home = homeHref(space, parent.family, parent.home.owner.address);
  return renderHref(home.slice(0, -1), [collection, member], 'leaf');
}

export async function representationAnswer(
  slot: Slot,
  { request, status }: { readonly request: DavRequest; readonly status: number },
  context: Context,
): Promise<DavResponse> {
  const { text, headers } = await readMember(slot, request.headers.get('Accept'), context);
  return {
    status,
    headers: { ...headers, ...appliedHeaders({ representation: true }), 'Content-Location': slot.href },
    body: text.text,
  };
}
