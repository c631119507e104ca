// Every report by its Clark name; where each is answered is in supported.ts.
import { caldav, calendarServer, carddav, dav } from '../names.ts';
import { addressbookQuery } from './addressbook-query.ts';
import { calendarQuery } from './calendar-query.ts';
import { expandProperty } from './expand-property.ts';
import { freeBusyQuery } from './free-busy-query.ts';
import { multiget } from './multiget.ts';
import { principalMatch } from './principal-match.ts';
import { calendarServerPrincipalSearch, principalPropertySearch } from './principal-property-search.ts';
import { principalSearchPropertySet } from './principal-search-property-set.ts';
import type { Report } from './report.ts';
import { syncCollection } from './sync-collection.ts';

export const reports: ReadonlyMap<string, Report> = new Map([
  [caldav('calendar-query'), calendarQuery],
  [caldav('calendar-multiget'), multiget],
  [caldav('free-busy-query'), freeBusyQuery],
  [carddav('addressbook-query'), addressbookQuery],
  [carddav('addressbook-multiget'), multiget],
  [dav('sync-collection'), syncCollection],
  [dav('expand-property'), expandProperty],
  [dav('principal-match'), principalMatch],
  [dav('principal-property-search'), principalPropertySearch],
  [dav('principal-search-property-set'), principalSearchPropertySet],
  [calendarServer('calendarserver-principal-search'), calendarServerPrincipalSearch],
]);
