// Principals by their addresses, and the groups below them (RFC 3744 §2, calendarserver: caldav-proxy).
import type { Person } from '../model/item.ts';
import { renderHref } from './href.ts';
import { once } from './once.ts';
import type { Space } from './request.ts';
import type { Access, PrincipalResource, ProxyResource } from './resource.ts';

export function principalHref(space: Space, address: string): string {
  return renderHref(space.prefix, ['principals', address], 'collection');
}

/** By the address that stands in hrefs; further ones are known by `Home.addresses`. */
export function isSelf(space: Space, address: string): boolean {
  return space.user.address.toLowerCase() === address.toLowerCase();
}

export function selfPrincipal(space: Space): PrincipalResource {
  return {
    kind: 'principal',
    href: principalHref(space, space.user.address),
    person: space.user,
    type: 'individual',
    hasHome: true,
    addresses: once(async () => (await space.home(space.user.address)).addresses()),
  };
}

/** @throws DavError 404 */
export async function principalOf(space: Space, address: string): Promise<PrincipalResource> {
  if (isSelf(space, address)) return selfPrincipal(space);
  const home = await space.home(address);
  return {
    kind: 'principal',
    href: principalHref(space, home.owner.address),
    person: home.owner,
    type: 'individual',
    hasHome: true,
    addresses: once(() => home.addresses()),
  };
}

const accesses = ['read', 'write'] as const satisfies readonly Access[];

/** The two groups of those who act for somebody whose calendars are to be seen here. */
export function proxiesOf(space: Space, { person, hasHome }: PrincipalResource): readonly ProxyResource[] {
  return hasHome ? accesses.map((access) => proxyResource(space, person, access)) : [];
}

export function proxyResource(space: Space, person: Person, access: Access): ProxyResource {
  const path = ['principals', person.address, `calendar-proxy-${access}`];
  return { kind: 'proxy', href: renderHref(space.prefix, path, 'collection'), access, person };
}
