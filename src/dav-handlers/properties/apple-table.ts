// Properties of calendarserver.org and of Apple's calendar: change tag, mail addresses, colour and order.
import { xml } from '../../xml/index.ts';
import { apple, calendarServer } from '../names.ts';
import { folderText } from './folder-text.ts';
import { absent, calendars, onCollection, onPrincipal, type PropertyRow } from './row.ts';

export const appleRows = [
  onCollection(calendarServer('getctag'), async (resource) => (await resource.state())?.ctag),
  onPrincipal(calendarServer('email-address-set'), async ({ addresses }) =>
    (await addresses()).map((address) => xml('CS:email-address', {}, address)),
  ),
  folderText(apple('calendar-color'), { field: 'color', kinds: calendars, maxLength: 64 }),
  folderText(apple('calendar-order'), { field: 'order', kinds: calendars, maxLength: 32 }),
  // Asked by macOS and iOS; nothing here has them.
  absent(calendarServer('dropbox-home-URL')),
  absent(calendarServer('notification-URL')),
  absent(calendarServer('calendar-proxy-read-for')),
  absent(calendarServer('calendar-proxy-write-for')),
] satisfies readonly PropertyRow[];
