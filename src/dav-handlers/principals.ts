// Principals by their addresses, and the groups below them (RFC 3744 §2, calendarserver: caldav-proxy).
import type { Entry } from '../model/directory.ts';
import { DavError } from '../model/failure.ts';
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
    type: () => Promise.resolve('individual'),
    hasHome: true,
    addresses: once(async () => (await space.home(space.user.address)).addresses()),
  };
}

/** What is at `/principals/<address>/` and right below. @throws DavError 404 */
export async function principalAt(
  path: readonly string[],
  space: Space,
): Promise<PrincipalResource | ProxyResource | undefined> {
  const [, address = '', group, ...deeper] = path;
  if (deeper.length > 0) return undefined;
  const principal = await principalOf(space, address);
  if (group === undefined) return principal;
  return proxiesOf(space, principal).find(({ access }) => group === `calendar-proxy-${access}`);
}

async function principalOf(space: Space, address: string): Promise<PrincipalResource> {
  if (isSelf(space, address)) return selfPrincipal(space);
  try {
    const home = await space.home(address);
    // A further address of the user himself.
    if (isSelf(space, home.owner.address)) return selfPrincipal(space);
    return {
      kind: 'principal',
      href: principalHref(space, home.owner.address),
      person: home.owner,
      type: once(async () => (await entryIn(space, home.owner.address))?.kind ?? 'individual'),
      hasHome: true,
      addresses: once(() => home.addresses()),
    };
  } catch (error) {
    // Somebody whose mailbox is closed to the user can be invited all the same.
    const isClosed = error instanceof DavError && error.status === 404;
    const entry = isClosed ? await entryIn(space, address) : undefined;
    if (entry === undefined) throw error;
    return principalOfEntry(space, entry);
  }
}

/** Of somebody whom only the directory tells of. */
export function principalOfEntry(space: Space, entry: Entry): PrincipalResource {
  const { address, name, kind, addresses } = entry;
  return {
    kind: 'principal',
    href: principalHref(space, address.toLowerCase()),
    person: name === undefined ? { address } : { address, name },
    type: () => Promise.resolve(kind),
    hasHome: false,
    addresses: () => Promise.resolve(addresses),
  };
}

/** People are found with their kinds by what they begin with; a further address may be told only where it is asked for. */
async function entryIn(space: Space, address: string): Promise<Entry | undefined> {
  const { directory } = await space.home(space.user.address);
  const answer = await directory?.people(address);
  return answer?.found.find((entry) => isNamed(entry, address)) ?? directory?.entry(address);
}

export function isNamed({ addresses }: Entry, address: string): boolean {
  return addresses.some((each) => each.toLowerCase() === address.toLowerCase());
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
