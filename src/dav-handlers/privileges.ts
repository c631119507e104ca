// Privileges of RFC 3744 §3 and RFC 4791 §6.1.1, from the rights that Exchange grants: what is advertised is what is checked.
import type { Rights } from '../model/backend.ts';
import { caldav, dav } from './names.ts';
import { PrivilegeError } from './errors.ts';
import type { Context } from './request.ts';
import type { CollectionResource, HomeResource, Resource } from './resource.ts';

/** The privilege that a right stands for; `bind` for new folders is one on the home. */
const privilegeOf = {
  read: dav('read'),
  create: dav('bind'),
  modify: dav('write-content'),
  remove: dav('unbind'),
  createFolders: dav('bind'),
  administer: dav('write-properties'),
} as const satisfies Record<keyof Rights, string>;

/** The parts of DAV:write; whoever has all of them has it. */
const writeRights = ['create', 'modify', 'remove', 'administer'] as const satisfies (keyof Rights)[];

/** Of the outbox (RFC 6638 §6.2). */
const sending = [
  'schedule-send',
  'schedule-send-invite',
  'schedule-send-reply',
  'schedule-send-freebusy',
].map(caldav);

/** What is left of it where events send no messages. */
const asking = [caldav('schedule-send-freebusy')];

const always = [dav('read-current-user-privilege-set')];

/** @throws PrivilegeError naming `href`, by default the collection */
export function requireRight(
  resource: CollectionResource,
  right: Exclude<keyof Rights, 'createFolders'>,
  href: string = resource.href,
): void {
  if (!resource.collection.folder.rights[right]) throw new PrivilegeError(href, privilegeOf[right]);
}

/** New collections: wherever the default folders of the home take subfolders. */
export async function requireNewFolders(home: HomeResource, signal: AbortSignal): Promise<void> {
  if (!(await takesFolders(home, signal))) throw new PrivilegeError(home.href, privilegeOf.createFolders);
}

export async function privilegesOf(
  resource: Resource,
  { space, signal }: Context,
): Promise<readonly string[]> {
  switch (resource.kind) {
    case 'root':
    case 'principals':
    case 'homes':
    case 'principal':
    case 'proxy':
      return [dav('read'), ...always];
    case 'home':
      return (await takesFolders(resource, signal))
        ? [dav('read'), dav('bind'), dav('unbind'), ...always]
        : [dav('read'), ...always];
    case 'outbox':
      return [dav('read'), ...(space.autoSchedule ? sending : asking), ...always];
    case 'collection':
      return collectionPrivileges(resource);
    case 'member': {
      const { rights } = resource.parent.collection.folder;
      return [
        ...(rights.read ? [dav('read')] : []),
        ...(rights.modify ? [dav('write-content')] : []),
        ...always,
      ];
    }
  }
}

/** Of the inbox (RFC 6638 §6.1). */
const delivering = [
  'schedule-deliver',
  'schedule-deliver-invite',
  'schedule-deliver-reply',
  'schedule-query-freebusy',
].map(caldav);

function collectionPrivileges({ collection, family }: CollectionResource): readonly string[] {
  const { rights, role } = collection.folder;
  return [
    ...(rights.read ? [dav('read')] : []),
    ...(rights.read && family === 'calendars' ? [caldav('read-free-busy')] : []),
    ...(writeRights.every((right) => rights[right]) ? [dav('write')] : []),
    ...writeRights.filter((right) => rights[right]).map((right) => privilegeOf[right]),
    ...(role === 'schedule-inbox' ? delivering : []),
    ...always,
  ];
}

async function takesFolders(resource: HomeResource, signal: AbortSignal): Promise<boolean> {
  const { home } = resource;
  const collections = await home.collections(signal);
  return collections.some(
    ({ folder, owner }) =>
      folder.isDefault && folder.rights.createFolders && owner.address === home.owner.address,
  );
}
