// Properties of calendarserver.org and of Apple's calendar: change tag, mail addresses, colour and order.
import { xml } from '../../xml/index.ts';
import { delegatorsOf } from '../delegation.ts';
import { apple, calendarServer, hrefElement } from '../names.ts';
import { isSelf, principalHref } from '../principals.ts';
import type { Access } from '../resource.ts';
import { folderText } from './folder-text.ts';
import { absent, calendars, onCollection, onPrincipal, type PropertyRow } from './row.ts';

export const appleRows = [
  onCollection(calendarServer('getctag'), async (resource) => (await resource.state())?.ctag),
  onPrincipal(calendarServer('email-address-set'), async ({ addresses }) =>
    (await addresses()).map((address) => xml('CS:email-address', {}, address)),
  ),
  proxyFor('read'),
  proxyFor('write'),
  folderText(apple('calendar-color'), { field: 'color', kinds: calendars, maxLength: 64 }),
  folderText(apple('calendar-order'), { field: 'order', kinds: calendars, maxLength: 32 }),
  // Asked by macOS and iOS; nothing here has them.
  absent(calendarServer('dropbox-home-URL')),
  absent(calendarServer('notification-URL')),
] satisfies readonly PropertyRow[];

/** For whom the signed-in user acts; of others nobody is told. */
function proxyFor(access: Access): PropertyRow {
  return onPrincipal(calendarServer(`calendar-proxy-${access}-for`), async ({ person }, context) => {
    if (!isSelf(context.space, person.address)) return undefined;
    return (await delegatorsOf(context))
      .filter((each) => each.access === access)
      .map((each) => hrefElement(principalHref(context.space, each.person.address)));
  });
}
