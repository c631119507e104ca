// What other connectors do with a property, in few words: Nextcloud's "EWS Connector" (integration_ews, 1.0), ews-caldav-sync
// (one way, events only, what Exchange's own MIME text has) and DavMail 6. By the first name that a row claims.
export interface Peers {
  readonly nextcloud: string;
  readonly oneWay?: string;
  readonly davmail?: string;
}

export const peersOfEvents: Readonly<Record<string, Peers>> = {
  DTSTART: {
    nextcloud: 'UTC and a full zone definition; DURATION not read; whole days without VALUE=DATE',
    oneWay: 'as Exchange’s MIME',
    davmail: 'newest rules of a zone only; whole days by the zone of the program',
  },
  UID: {
    nextcloud: 'replaced unless it looks like a UUID',
    oneWay: 'kept',
    davmail: 'kept; of changed occurrences repaired',
  },
  DTSTAMP: { nextcloud: 'set anew', oneWay: 'as Exchange’s MIME', davmail: 'as Exchange’s MIME' },
  CREATED: { nextcloud: 'set anew', oneWay: 'as Exchange’s MIME', davmail: 'as Exchange’s MIME' },
  'LAST-MODIFIED': { nextcloud: 'set anew', oneWay: 'as Exchange’s MIME', davmail: 'of Exchange' },
  SEQUENCE: { nextcloud: 'lost', oneWay: 'as Exchange’s MIME', davmail: 'as Exchange’s MIME' },
  SUMMARY: { nextcloud: 'kept', oneWay: 'kept', davmail: 'kept' },
  DESCRIPTION: {
    nextcloud: 'text on create, HTML on update',
    oneWay: 'kept',
    davmail: 'plain only: HTML is lost',
  },
  LOCATION: { nextcloud: 'kept; GEO is lost', oneWay: 'kept', davmail: 'kept; GEO is lost' },
  CONFERENCE: { nextcloud: 'lost', oneWay: 'as Exchange’s MIME', davmail: 'lost' },
  RRULE: {
    nextcloud: 'simple rules',
    oneWay: 'kept',
    davmail: '6.0 drops COUNT and weekdays by number on edit',
  },
  EXDATE: {
    nextcloud: 'read; never written',
    oneWay: 'kept',
    davmail: 'a call for each instance up to it; may send mail',
  },
  'RECURRENCE-ID': {
    nextcloud: 'lost both ways',
    oneWay: 'first VEVENT only is edited',
    davmail: 'a call for each instance up to it, with every PUT',
  },
  TRANSP: {
    nextcloud: 'free or busy: the other three become busy',
    oneWay: 'free or opaque, tentative',
    davmail: 'without TRANSP free; CONFIRMED overwrites all with busy',
  },
  CLASS: {
    nextcloud: 'personal is lost',
    oneWay: 'kept',
    davmail: 'for Apple’s programs PRIVATE and CONFIDENTIAL change places',
  },
  PRIORITY: { nextcloud: 'becomes 2, 5 or 8', oneWay: 'kept', davmail: 'not written on edit' },
  CATEGORIES: { nextcloud: 'kept', oneWay: 'kept', davmail: 'cannot be taken away' },
  ORGANIZER: {
    nextcloud: 'organizer not shown; no CUTYPE, RSVP, DELEGATED-*',
    oneWay: 'kept',
    davmail: 'foreign meetings look one’s own',
  },
  ATTACH: { nextcloud: 'files of Nextcloud; the way in looks broken', davmail: 'lost' },
  VALARM: {
    nextcloud: 'first only, and not in the form -PT15M',
    oneWay: 'kept',
    davmail: 'one; some forms become 0 or are refused',
  },
};

const noTasks = 'no tasks';

export const peersOfTasks: Readonly<Record<string, Peers>> = {
  DTSTART: { nextcloud: 'days: the time is lost', oneWay: noTasks, davmail: 'days: the time is lost' },
  UID: { nextcloud: 'replaced unless it looks like a UUID', oneWay: noTasks },
  DTSTAMP: { nextcloud: 'set anew', oneWay: noTasks },
  CREATED: { nextcloud: 'set anew', oneWay: noTasks },
  'LAST-MODIFIED': { nextcloud: 'set anew', oneWay: noTasks, davmail: 'of Exchange' },
  SUMMARY: { nextcloud: 'kept', oneWay: noTasks, davmail: 'kept' },
  DESCRIPTION: { nextcloud: 'kept', oneWay: noTasks, davmail: 'plain only' },
  STATUS: {
    nextcloud: 'waiting becomes IN-PROCESS',
    oneWay: noTasks,
    davmail: 'NEEDS-ACTION becomes waiting',
  },
  RRULE: { nextcloud: 'no regenerating patterns', oneWay: noTasks, davmail: 'lost' },
  CLASS: { nextcloud: 'personal is lost', oneWay: noTasks },
  PRIORITY: { nextcloud: 'becomes 2, 5 or 8', oneWay: noTasks, davmail: 'three levels' },
  CATEGORIES: { nextcloud: 'kept', oneWay: noTasks },
  'ESTIMATED-DURATION': { nextcloud: 'lost', oneWay: noTasks, davmail: 'lost' },
  'X-EXDAV-ACTUAL-WORK': { nextcloud: 'lost', oneWay: noTasks, davmail: 'lost' },
  ATTACH: { nextcloud: 'as for events', oneWay: noTasks, davmail: 'lost' },
  VALARM: { nextcloud: 'as for events', oneWay: noTasks, davmail: 'lost' },
};

export const peersOfContacts: Readonly<Record<string, Peers>> = {
  UID: { nextcloud: 'kept (DAV:uid)', davmail: 'the name of the item' },
  FN: { nextcloud: 'kept' },
  N: { nextcloud: 'kept' },
  'X-PHONETIC-FIRST-NAME': { nextcloud: 'read wrongly: taken for dates', davmail: 'lost' },
  'X-EVOLUTION-FILE-AS': { nextcloud: 'untouched', davmail: 'set when the contact is made, never again' },
  NICKNAME: { nextcloud: 'kept' },
  EMAIL: { nextcloud: 'one of each type; without type an error', davmail: 'three' },
  TEL: { nextcloud: 'twelve slots; seven others deleted in Exchange on any change', davmail: 'fixed slots' },
  ADR: {
    nextcloud: 'one of each type; box and extended part lost; erased on the way back',
    davmail: 'home, work, other',
  },
  IMPP: { nextcloud: 'lost', davmail: 'lost' },
  ORG: { nextcloud: 'units not split, department never written' },
  TITLE: { nextcloud: 'kept' },
  ROLE: { nextcloud: 'kept' },
  'X-MANAGER': { nextcloud: 'written, not read' },
  'X-ASSISTANT': { nextcloud: 'written, not read' },
  'X-OFFICE': { nextcloud: 'never written' },
  RELATED: { nextcloud: 'spouse at most', davmail: 'lost' },
  BDAY: { nextcloud: 'with a time: days shift; without year lost' },
  ANNIVERSARY: { nextcloud: 'with a time: days shift' },
  GENDER: { nextcloud: 'written as a text into a number, never read', davmail: 'in ways of its own' },
  HOBBY: { nextcloud: 'lost' },
  URL: { nextcloud: 'lost', davmail: 'one' },
  FBURL: { nextcloud: 'lost' },
  NOTE: { nextcloud: 'kept' },
  CATEGORIES: { nextcloud: 'kept' },
  PHOTO: {
    nextcloud: 'written; reading looks broken',
    davmail: 'shrunk to 90 pixels; one more call for each card without',
  },
};

export const peersOfGroups: Readonly<Record<string, Peers>> = {
  KIND: { nextcloud: 'distribution lists are not seen', davmail: 'made and read, not changed' },
};
