// DELETE of a member or of a whole collection (RFC 4918 §9.6). Nothing is destroyed: it goes to the deleted items.
import { DavError } from '../../model/failure.ts';
import { parseCondition, permissionOf } from '../conditions.ts';
import { requireIf } from '../if-header.ts';
import { PrivilegeError } from '../errors.ts';
import { dav } from '../names.ts';
import { requireRight } from '../privileges.ts';
import type { CollectionResource } from '../resource.ts';
import type { Context } from '../request.ts';
import { homeHref } from '../standing.ts';
import type { Method } from './method.ts';

export const remove: Method = {
  on: ['collection', 'slot'],
  refusesOn: ['root', 'principals', 'homes', 'principal', 'proxy', 'home', 'outbox'],
  async run({ place, request }, context) {
    await requireIf(request.headers.get('If'), place, context);
    if (place.kind === 'collection') await removeCollection(place, context);
    else if (place.kind === 'slot') {
      requireRight(place.parent, 'remove');
      await place.parent.collection.remove(
        place.name,
        parseCondition(request.headers),
        permissionOf(request.headers, context.space),
      );
    } else throw new DavError(403, 'this cannot be deleted');
    return { status: 204, headers: {} };
  },
};

async function removeCollection(resource: CollectionResource, { space }: Context): Promise<void> {
  const { folder } = resource.collection;
  if (folder.isDefault) throw new DavError(403, 'a default folder of the mailbox cannot be deleted');
  if (!folder.rights.administer)
    throw new PrivilegeError(homeHref(space, resource.family, resource.home.owner.address), dav('unbind'));
  await resource.home.remove(folder.key);
}
