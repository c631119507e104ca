// Who acts for whom: read from the rights in the mailboxes that are shown to the user, and from his own list of delegates.
// (calendarserver: caldav-proxy; a server cannot tell who has made somebody a delegate, so only what is configured counts.)
import type { Collection } from '../model/collection.ts';
import type { Person } from '../model/item.ts';
import type { Context } from './request.ts';
import { isSelf, principalHref } from './principals.ts';
import type { Access, ProxyResource } from './resource.ts';

export interface Delegator {
  readonly person: Person;
  readonly access: Access;
}

/** For whom the signed-in user acts. Nothing is asked where no mailbox is shared with him. */
export async function delegatorsOf({ space, signal }: Context): Promise<readonly Delegator[]> {
  const home = await space.home(space.user.address);
  if (home.sharedOwners.length === 0) return [];
  const collections = await home.collections(signal);
  return home.sharedOwners.flatMap((person) => {
    const calendars = collections.filter(
      ({ folder, owner }) => folder.kind === 'events' && owner.address === person.address,
    );
    const main = calendars.find(({ folder }) => folder.isDefault) ?? calendars[0];
    return main === undefined ? [] : [{ person, access: accessTo(main) }];
  });
}

function accessTo({ folder: { rights } }: Collection): Access {
  return rights.create && rights.modify ? 'write' : 'read';
}

/** hrefs of the members of a group: of one's own all, of somebody else's oneself. */
export async function membersOf(group: ProxyResource, context: Context): Promise<readonly string[]> {
  const { space } = context;
  if (!isSelf(space, group.person.address)) {
    const own = (await delegatorsOf(context)).find(
      ({ person }) => person.address.toLowerCase() === group.person.address.toLowerCase(),
    );
    return own?.access === group.access ? [principalHref(space, space.user.address)] : [];
  }
  const delegates = await (await space.home(space.user.address)).delegates();
  return delegates
    .filter(({ calendar }) => calendar === group.access)
    .map(({ address }) => principalHref(space, address));
}
