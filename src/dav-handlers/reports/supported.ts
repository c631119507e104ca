// Which report is answered where: what supported-report-set tells and what REPORT accepts (RFC 3253 §3.1.5).
import { caldav, calendarServer, carddav, dav } from '../names.ts';
import { isDirectory, isInbox, type Resource } from '../resource.ts';

type Where = (resource: Resource) => boolean;

const calendar: Where = (resource) => resource.kind === 'collection' && resource.family === 'calendars';
const addressBook: Where = (resource) => resource.kind === 'collection' && resource.family === 'addressbooks';
const event: Where = (resource) => resource.kind === 'member' && resource.parent.family === 'calendars';
const card: Where = (resource) => resource.kind === 'member' && resource.parent.family === 'addressbooks';
const listed: Where = (resource) => resource.kind === 'collection' && !isDirectory(resource);
const diary: Where = (resource) => calendar(resource) && !isInbox(resource);
const anything: Where = () => true;
const collection: Where = (resource) => resource.kind !== 'member';
const aboveFolders: Where = (resource) => resource.kind !== 'member' && resource.kind !== 'collection';

export const reportWhere = {
  [caldav('calendar-query')]: calendar,
  [caldav('calendar-multiget')]: (resource) => calendar(resource) || event(resource),
  [caldav('free-busy-query')]: diary,
  [carddav('addressbook-query')]: addressBook,
  [carddav('addressbook-multiget')]: (resource) => addressBook(resource) || card(resource),
  [dav('sync-collection')]: listed,
  [dav('expand-property')]: anything,
  [dav('principal-match')]: collection,
  [dav('principal-property-search')]: aboveFolders,
  [dav('principal-search-property-set')]: aboveFolders,
  [calendarServer('calendarserver-principal-search')]: aboveFolders,
} satisfies Readonly<Record<string, Where>>;

export function reportNamesOf(resource: Resource): readonly string[] {
  return Object.entries(reportWhere)
    .filter(([, where]) => where(resource))
    .map(([name]) => name);
}
