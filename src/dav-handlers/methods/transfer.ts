// MOVE and COPY of a member to another name or collection of the same mailbox (RFC 4918 §9.8, §9.9).
import { DavError, precondition } from '../../model/failure.ts';
import { parseCondition } from '../conditions.ts';
import { UidConflictError } from '../errors.ts';
import { parseHref } from '../href.ts';
import { requireIf } from '../if-header.ts';
import { requireRight } from '../privileges.ts';
import type { Context, DavRequest, DavResponse } from '../request.ts';
import { isDirectory, isInbox, lookUp, memberHref, type Place, type Slot } from '../resource.ts';
import type { MethodCall } from './method.ts';

export async function transfer(
  verb: 'move' | 'copy',
  { place, request }: MethodCall,
  context: Context,
): Promise<DavResponse> {
  if (place.kind !== 'slot') throw new DavError(403, `a ${place.kind} cannot be moved or copied`);
  if (isInbox(place.parent)) throw new DavError(403, 'an invitation is answered, not moved or copied');
  if (isDirectory(place.parent)) throw new DavError(403, 'an entry of the directory is not moved or copied');
  const overwrite = parseOverwrite(request.headers);
  const target = requireTarget(place, await parseDestination(request, context));
  await requireIf(request.headers.get('If'), place, context);
  requireRight(place.parent, 'read', place.href);
  if (verb === 'move') requireRight(place.parent, 'remove');
  requireRight(target.parent, 'create');
  const from = { key: place.parent.collection.folder.key, href: place.name };
  const to = { key: target.parent.collection.folder.key, href: target.name };
  try {
    const condition = parseCondition(request.headers);
    const { created } = await place.parent.home.transfer({ verb, from, to, overwrite, condition });
    return { status: created ? 201 : 204, headers: created ? { Location: target.href } : {} };
  } catch (error) {
    if (error instanceof DavError && error.member !== undefined)
      throw new UidConflictError(error, memberHref(target.parent, error.member));
    throw error;
  }
}

/** Overwrite: T unless F is said (§10.6). */
function parseOverwrite(headers: Headers): boolean {
  const value = (headers.get('Overwrite') ?? 'T').trim().toUpperCase();
  if (value !== 'T' && value !== 'F') throw new DavError(400, 'Overwrite is T or F');
  return value === 'T';
}

/** §10.3; another server is 502, because this one cannot write there. */
async function parseDestination({ headers }: DavRequest, context: Context): Promise<Place> {
  const destination = headers.get('Destination')?.trim() ?? '';
  if (destination === '') throw new DavError(400, 'a Destination is needed');
  const host = /^https?:\/\/([^/?#]*)/i.exec(destination)?.[1]?.toLowerCase();
  const { space } = context;
  if (host !== undefined && space.hosts !== undefined && !space.hosts.includes(host))
    throw new DavError(502, 'the Destination is another server');
  const path = parseHref(destination, space.prefix);
  if (path === undefined) throw new DavError(502, 'the Destination is not a path of this server');
  return lookUp(path, context);
}

function requireTarget(source: Slot, target: Place): Slot {
  if (target.kind === 'unmapped') throw new DavError(409, 'there is no collection at the Destination');
  if (target.kind !== 'slot') throw new DavError(403, 'the Destination cannot be replaced');
  if (target.href === source.href) throw new DavError(403, 'source and Destination are the same');
  if (target.parent.home.owner.address !== source.parent.home.owner.address)
    throw new DavError(403, 'objects are moved and copied within one mailbox');
  const kinds = [source.parent.collection.folder.kind, target.parent.collection.folder.kind];
  if (kinds[0] === kinds[1]) return target;
  throw new DavError(403, 'the Destination holds another kind of object', {
    precondition:
      kinds[1] === 'contacts'
        ? precondition.addressSupportedData
        : kinds[0] === 'contacts'
          ? precondition.calendarSupportedData
          : precondition.calendarSupportedComponent,
  });
}
