// Properties of RFC 4918 §15, RFC 3744 §4 and §5, RFC 5397, RFC 6578 §4 and RFC 3253 §3.1.
import { DavError } from '../../model/failure.ts';
import { textOf, xml } from '../../xml/index.ts';
import { delegatorsOf, membersOf } from '../delegation.ts';
import { caldav, calendarServer, carddav, dav, element, hrefElement } from '../names.ts';
import { contentTypeOf } from '../media.ts';
import { privilegesOf } from '../privileges.ts';
import type { Context, Space } from '../request.ts';
import { isSelf, principalHref, proxyResource, selfPrincipal } from '../principals.ts';
import type { CollectionResource, Resource } from '../resource.ts';
import { reportNamesOf } from '../reports/supported.ts';
import {
  absent,
  onAll,
  onCollection,
  onMember,
  onPrincipal,
  type PropertyRow,
  type PropertyValue,
} from './row.ts';
import { renderHref } from '../href.ts';
import { supportedPrivileges } from '../supported-privileges.ts';

export const webdavRows = [
  onAll(dav('resourcetype'), (resource) => typesOf(resource).map((name) => element(name)), {
    inAllprop: true,
  }),
  onAll(dav('displayname'), displayNameOf, {
    inAllprop: true,
    write: (draft, value) => {
      const displayName = textOf(value).trim();
      if (displayName === '') return new DavError(403, 'a folder must have a name');
      if (displayName.length > 255) return new DavError(507, 'longer than 255 characters');
      return { ...draft, displayName };
    },
  }),
  onMember(dav('getetag'), ({ member }) => member.etag, { inAllprop: true }),
  onAll(dav('getcontenttype'), contentTypeIn, { inAllprop: true }),
  onCollection(dav('sync-token'), async (resource) => (await resource.state())?.syncToken),
  onAll(dav('owner'), ownerOf),
  onAll(dav('current-user-principal'), (_, { space }) => hrefElement(selfPrincipal(space).href)),
  onAll(dav('current-user-privilege-set'), async (resource, context) =>
    (await privilegesOf(resource, context)).map((name) => xml('D:privilege', {}, element(name))),
  ),
  onAll(dav('supported-privilege-set'), (resource) => supportedPrivileges(resource)),
  onAll(dav('principal-collection-set'), (_, { space }) =>
    hrefElement(renderHref(space.prefix, ['principals'], 'collection')),
  ),
  onAll(dav('principal-URL'), (resource) =>
    resource.kind === 'principal' || resource.kind === 'proxy' ? hrefElement(resource.href) : undefined,
  ),
  onPrincipal(dav('alternate-URI-set'), async ({ addresses }) =>
    (await addresses()).map((address) => hrefElement(`mailto:${address}`)),
  ),
  onAll(dav('group-member-set'), async (resource, context) => {
    if (resource.kind === 'principal') return [];
    return resource.kind === 'proxy' ? (await membersOf(resource, context)).map(hrefElement) : undefined;
  }),
  onAll(dav('group-membership'), async (resource, context) => {
    if (resource.kind !== 'principal') return resource.kind === 'proxy' ? [] : undefined;
    if (!isSelf(context.space, resource.person.address)) return [];
    const delegators = await delegatorsOf(context);
    return delegators.map(({ person, access }) =>
      hrefElement(proxyResource(context.space, person, access).href),
    );
  }),
  onAll(dav('supported-report-set'), (resource) =>
    reportNamesOf(resource).map((name) => xml('D:supported-report', {}, xml('D:report', {}, element(name)))),
  ),
  // Known names that nothing here has: a length or a date would cost a fetch, a quota is the mailbox's, locks are class 2.
  absent(dav('creationdate')),
  absent(dav('getcontentlanguage')),
  absent(dav('getcontentlength')),
  absent(dav('getlastmodified')),
  absent(dav('lockdiscovery')),
  absent(dav('supportedlock')),
  absent(dav('quota-available-bytes')),
  absent(dav('quota-used-bytes')),
  absent(dav('acl')),
  absent(dav('acl-restrictions')),
  absent(dav('inherited-acl-set')),
  absent(dav('group')),
  absent(dav('resource-id')),
  absent(dav('parent-set')),
  absent(dav('add-member')),
] satisfies readonly PropertyRow[];

function typesOf(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case 'principal':
      return [dav('collection'), dav('principal')];
    case 'collection':
      return [dav('collection'), ...typesOfCollection(resource)];
    case 'proxy':
      return [dav('principal'), calendarServer(`calendar-proxy-${resource.access}`)];
    case 'outbox':
      return [dav('collection'), caldav('schedule-outbox')];
    case 'member':
      return [];
    case 'root':
    case 'principals':
    case 'homes':
    case 'home':
      return [dav('collection')];
  }
}

function typesOfCollection({ family, collection }: CollectionResource): readonly string[] {
  switch (collection.folder.role) {
    case 'schedule-inbox':
      return [caldav('schedule-inbox')];
    case 'directory':
      return [carddav('addressbook'), carddav('directory')];
    case undefined:
      return [family === 'calendars' ? caldav('calendar') : carddav('addressbook')];
  }
}

function displayNameOf(resource: Resource): string | undefined {
  switch (resource.kind) {
    case 'principal':
      return resource.person.name ?? resource.person.address;
    case 'home':
      return resource.home.owner.name ?? resource.home.owner.address;
    case 'proxy':
      return `calendar-proxy-${resource.access}`;
    case 'outbox':
      return 'Outbox';
    case 'collection':
      return resource.collection.folder.displayName;
    case 'root':
    case 'principals':
    case 'homes':
    case 'member':
      return undefined;
  }
}

function contentTypeIn(resource: Resource): string | undefined {
  return resource.kind === 'member'
    ? contentTypeOf(resource.parent.collection.folder.kind, resource.version)
    : undefined;
}

function ownerOf(resource: Resource, { space }: Context): ReturnType<PropertyRow['value']> {
  switch (resource.kind) {
    case 'home':
    case 'outbox':
      return hrefElement(principalHref(space, resource.home.owner.address));
    case 'collection':
      return ownerLink(resource, space);
    case 'member':
      return ownerLink(resource.parent, space);
    case 'principal':
      return hrefElement(resource.href);
    case 'proxy':
      return hrefElement(principalHref(space, resource.person.address));
    case 'root':
    case 'principals':
    case 'homes':
      return undefined;
  }
}

/** Public folders are nobody's. */
function ownerLink({ collection }: CollectionResource, space: Space): PropertyValue {
  const { address } = collection.owner;
  return address === '' ? undefined : hrefElement(principalHref(space, address));
}
