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
    davmail: 'newest rules of a zone only',
  },
  UID: { nextcloud: 'replaced unless it looks like a UUID', oneWay: 'kept' },
  SUMMARY: { nextcloud: 'kept', oneWay: 'kept' },
  DESCRIPTION: {
    nextcloud: 'text on create, HTML on update',
    oneWay: 'kept',
    davmail: 'plain only: HTML is lost',
  },
  LOCATION: { nextcloud: 'kept', oneWay: 'kept' },
  RRULE: {
    nextcloud: 'simple rules',
    oneWay: 'kept',
    davmail: '6.0 drops COUNT and weekdays by number on edit',
  },
  'RECURRENCE-ID': { nextcloud: 'not written', oneWay: 'first VEVENT only is edited' },
  TRANSP: {
    nextcloud: 'free or busy: the other three become busy',
    oneWay: 'free or opaque, tentative',
    davmail: 'CONFIRMED overwrites all with busy',
  },
  CLASS: { nextcloud: 'personal is lost', oneWay: 'kept' },
  PRIORITY: { nextcloud: 'becomes 2, 5 or 8', oneWay: 'kept' },
  CATEGORIES: { nextcloud: 'kept', oneWay: 'kept' },
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

export const peersOfTasks: Readonly<Record<string, Peers>> = {
  DTSTART: { nextcloud: 'day' },
  DUE: { nextcloud: 'day: the time is lost' },
  SUMMARY: { nextcloud: 'kept' },
  DESCRIPTION: { nextcloud: 'kept' },
  STATUS: { nextcloud: 'waiting becomes IN-PROCESS' },
  RRULE: { nextcloud: 'no regenerating patterns' },
  CLASS: { nextcloud: 'personal is lost' },
  PRIORITY: { nextcloud: 'becomes 2, 5 or 8' },
  CATEGORIES: { nextcloud: 'kept' },
  ATTACH: { nextcloud: 'as for events' },
  VALARM: { nextcloud: 'as for events' },
};

export const peersOfContacts: Readonly<Record<string, Peers>> = {
  FN: { nextcloud: 'kept' },
  N: { nextcloud: 'kept; phonetic names read wrongly' },
  NICKNAME: { nextcloud: 'kept' },
  EMAIL: { nextcloud: 'one of each type; without type an error', davmail: 'three' },
  TEL: { nextcloud: 'twelve slots; seven others deleted in Exchange on any change', davmail: 'fixed slots' },
  ADR: {
    nextcloud: 'one of each type; box and extended part lost; erased on the way back',
    davmail: 'home, work, other',
  },
  IMPP: { nextcloud: 'lost', davmail: 'lost' },
  ORG: { nextcloud: 'units not split' },
  TITLE: { nextcloud: 'kept' },
  ROLE: { nextcloud: 'kept' },
  'X-MANAGER': { nextcloud: 'written, not read' },
  'X-ASSISTANT': { nextcloud: 'written, not read' },
  RELATED: { nextcloud: 'spouse at most', davmail: 'lost' },
  BDAY: { nextcloud: 'with a time: days shift; without year lost' },
  ANNIVERSARY: { nextcloud: 'with a time: days shift' },
  URL: { nextcloud: 'lost', davmail: 'one' },
  NOTE: { nextcloud: 'kept' },
  CATEGORIES: { nextcloud: 'kept' },
  PHOTO: { nextcloud: 'written; reading looks broken', davmail: 'kept' },
};
