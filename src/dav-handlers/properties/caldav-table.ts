// Properties of RFC 4791 §5.2, §6.2, §7.5.1, of RFC 6638 §9.1 and §2.4 as far as they need no inbox, and calendar-data of reports.
import { xml } from '../../xml/index.ts';
import { collations } from '../filters/text-match.ts';
import type { Collection } from '../../model/collection.ts';
import { renderHref } from '../href.ts';
import { componentOf } from '../media.ts';
import { caldav, element, hrefElement } from '../names.ts';
import type { CollectionResource } from '../resource.ts';
import { homeHref, inboxHref, outboxHref } from '../standing.ts';
import type { Context } from '../request.ts';
import { checkTimezone, zoneNameOf } from '../timezone.ts';
import { deadElement, withDead } from './dead.ts';
import { folderChoice, folderText } from './folder-text.ts';
import {
  absent,
  calendars,
  onAll,
  onCalendars,
  onCollection,
  onHome,
  onInbox,
  onMember,
  onPrincipal,
  type PropertyRow,
} from './row.ts';

const transparency = caldav('schedule-calendar-transp');

export const caldavRows = [
  onPrincipal(caldav('calendar-home-set'), ({ person, hasHome }, { space }) =>
    hasHome ? hrefElement(homeHref(space, 'calendars', person.address)) : undefined,
  ),
  onPrincipal(caldav('calendar-user-address-set'), async ({ addresses, href }) => [
    ...(await addresses()).map((address) => hrefElement(`mailto:${address}`)),
    hrefElement(href),
  ]),
  onPrincipal(caldav('calendar-user-type'), async ({ type }) => (await type()).toUpperCase()),
  onPrincipal(caldav('schedule-inbox-URL'), ({ person, hasHome }, { space }) =>
    hasHome ? hrefElement(inboxHref(space, person.address)) : undefined,
  ),
  onPrincipal(caldav('schedule-outbox-URL'), ({ person, hasHome }, { space }) =>
    hasHome ? hrefElement(outboxHref(space, person.address)) : undefined,
  ),
  folderText(caldav('calendar-description'), { field: 'description', kinds: calendars, maxLength: 4_000 }),
  folderText(caldav('calendar-timezone'), {
    field: 'timezone',
    kinds: calendars,
    maxLength: 32_000,
    check: checkTimezone,
  }),
  onCollection(
    caldav('calendar-timezone-id'),
    ({ collection }) => {
      const { timezone } = collection.folder.properties;
      return timezone === undefined ? undefined : zoneNameOf(timezone);
    },
    { kinds: calendars },
  ),
  onCollection(
    caldav('supported-calendar-component-set'),
    ({ collection }) => xml('C:comp', { name: componentOf[collection.folder.kind] }),
    { kinds: calendars },
  ),
  // Apple: which sets a new calendar may have; a folder of Exchange holds one kind.
  onHome(caldav('supported-calendar-component-sets'), ({ family }) =>
    family === 'calendars'
      ? ['VEVENT', 'VTODO'].map((name) =>
          xml('C:supported-calendar-component-set', {}, xml('C:comp', { name })),
        )
      : undefined,
  ),
  onCalendars(caldav('supported-calendar-data'), () =>
    xml('C:calendar-data', { 'content-type': 'text/calendar', version: '2.0' }),
  ),
  onCalendars(caldav('max-resource-size'), (_, { space }) => space.limits.maxResourceBytes),
  // RFC 8607 §6.2, §6.3.
  onCollection(caldav('max-attachment-size'), ({ collection }) => collection.attachments?.maxBytes, {
    kinds: calendars,
  }),
  onCollection(
    caldav('max-attachments-per-resource'),
    ({ collection }) => collection.attachments?.maxPerMember,
    {
      kinds: calendars,
    },
  ),
  // RFC 4791 §7.5.1: on every resource that answers a report with text-match.
  onAll(caldav('supported-collation-set'), (resource) =>
    resource.kind === 'collection' && resource.family === 'calendars'
      ? collations.map((name) => xml('C:supported-collation', {}, name))
      : undefined,
  ),
  folderChoice(transparency, {
    kinds: ['events'],
    values: ['opaque', 'transparent'],
    standard: () => element(caldav('opaque')),
    keep: (draft, value) => withDead(draft, transparency, value),
  }),
  onInbox(caldav('schedule-default-calendar-URL'), async (resource, context) => {
    const first = (await eventCalendars(resource, context)).find(({ folder }) => folder.isDefault);
    return first && hrefElement(hrefOf(resource, first, context));
  }),
  // Of the drafts before RFC 6638; schedule-calendar-transp took its place.
  onInbox(caldav('calendar-free-busy-set'), async (resource, context) =>
    (await eventCalendars(resource, context))
      .filter((each) => !isTransparent(each))
      .map((each) => hrefElement(hrefOf(resource, each, context))),
  ),
  onMember(caldav('calendar-data'), ({ parent, text }) => (parent.family === 'calendars' ? text : undefined)),
  onMember(caldav('schedule-tag'), ({ scheduleTag }) => scheduleTag),
  // Known names that nothing here has.
  absent(caldav('min-date-time')),
  absent(caldav('max-date-time')),
  absent(caldav('max-instances')),
  absent(caldav('max-attendees-per-instance')),
  absent(caldav('managed-attachments-server-URL')),
] satisfies readonly PropertyRow[];

/** Calendars of the mailbox itself: what others share is not the owner's time. */
async function eventCalendars(
  { home }: CollectionResource,
  { signal }: Context,
): Promise<readonly Collection[]> {
  const collections = await home.collections(signal);
  return collections.filter(
    ({ folder, owner }) => folder.kind === 'events' && owner.address === home.owner.address,
  );
}

function hrefOf({ home }: CollectionResource, { folder }: Collection, { space }: Context): string {
  return renderHref(space.prefix, ['calendars', home.owner.address, folder.key], 'collection');
}

function isTransparent({ folder }: Collection): boolean {
  return deadElement(folder.properties, transparency)?.whole.xml.includes('transparent') === true;
}
