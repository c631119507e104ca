// The two shapes of an error (STYLE §6): a whole request that is impossible throws, one failure among many is an Outcome.

/** What can go wrong in a backend, named by what the reader can do about it. */
export type FailureKind =
  | 'not-found'
  | 'changed' // somebody else changed it first
  | 'exists'
  | 'denied'
  | 'unauthorized'
  | 'busy' // throttled: see retryAfterMs
  | 'unavailable'
  | 'too-large'
  | 'invalid' // the server refuses the content
  | 'inexpressible' // the backend cannot hold this content: see part and reason
  | 'would-send-mail'
  | 'unreadable' // stored, but cannot be understood
  | 'cursor-lost';

export interface Failure {
  readonly kind: FailureKind;
  /** Plain words for the log and the client; no personal data. */
  readonly message: string;
  /** The backend's own code, for the log. */
  readonly code?: string;
  readonly retryAfterMs?: number;
}

export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function success<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function failed(failure: Failure): Outcome<never> {
  return { ok: false, failure };
}

/** A whole backend request failed. */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.kind}: ${failure.message}`, options);
    this.failure = failure;
  }
}

/** The value, or the failure thrown: for callers for whom one failure is the whole request's. */
export function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new BackendError(outcome.failure);
}

/** A condition of an RFC that was not met: HTTP status and the element that names it, `{namespace}name`. */
export class DavError extends Error {
  override readonly name = 'DavError';
  readonly status: number;
  readonly precondition?: string;
  readonly retryAfterMs?: number;
  /** Name of the member that stands in the way (no-uid-conflict: the one that has the UID). */
  readonly member?: string;
  /** Key of the collection in which that member is, when it is another one. */
  readonly collection?: string;

  constructor(
    status: number,
    message: string,
    details: {
      precondition?: string;
      retryAfterMs?: number;
      member?: string;
      collection?: string;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.status = status;
    this.precondition = details.precondition;
    this.retryAfterMs = details.retryAfterMs;
    this.member = details.member;
    this.collection = details.collection;
  }
}

/** Clark names of the preconditions the rooms speak of. */
export const precondition = {
  validSyncToken: '{DAV:}valid-sync-token',
  needPrivileges: '{DAV:}need-privileges',
  numberOfMatches: '{DAV:}number-of-matches-within-limits',
  cannotModifyProtected: '{DAV:}cannot-modify-protected-property',
  supportedReport: '{DAV:}supported-report',
  propfindFiniteDepth: '{DAV:}propfind-finite-depth',
  validResourceType: '{DAV:}valid-resourcetype',
  calendarNoUidConflict: '{urn:ietf:params:xml:ns:caldav}no-uid-conflict',
  calendarValidData: '{urn:ietf:params:xml:ns:caldav}valid-calendar-data',
  calendarValidObject: '{urn:ietf:params:xml:ns:caldav}valid-calendar-object-resource',
  calendarSupportedData: '{urn:ietf:params:xml:ns:caldav}supported-calendar-data',
  calendarSupportedComponent: '{urn:ietf:params:xml:ns:caldav}supported-calendar-component',
  calendarMaxResourceSize: '{urn:ietf:params:xml:ns:caldav}max-resource-size',
  calendarValidFilter: '{urn:ietf:params:xml:ns:caldav}valid-filter',
  calendarSupportedFilter: '{urn:ietf:params:xml:ns:caldav}supported-filter',
  calendarSupportedCollation: '{urn:ietf:params:xml:ns:caldav}supported-collation',
  uniqueSchedulingObject: '{urn:ietf:params:xml:ns:caldav}unique-scheduling-object-resource',
  sameOrganizer: '{urn:ietf:params:xml:ns:caldav}same-organizer-in-all-components',
  allowedOrganizerChange: '{urn:ietf:params:xml:ns:caldav}allowed-organizer-scheduling-object-change',
  allowedAttendeeChange: '{urn:ietf:params:xml:ns:caldav}allowed-attendee-scheduling-object-change',
  calendarMaxAttachmentSize: '{urn:ietf:params:xml:ns:caldav}max-attachment-size',
  calendarMaxAttachments: '{urn:ietf:params:xml:ns:caldav}max-attachments-per-resource',
  calendarValidManagedIdParameter: '{urn:ietf:params:xml:ns:caldav}valid-managed-id-parameter',
  calendarValidManagedId: '{urn:ietf:params:xml:ns:caldav}valid-managed-id',
  calendarValidAction: '{urn:ietf:params:xml:ns:caldav}valid-action',
  calendarValidRid: '{urn:ietf:params:xml:ns:caldav}valid-rid',
  calendarCollectionLocation: '{urn:ietf:params:xml:ns:caldav}calendar-collection-location-ok',
  calendarValidMessage: '{urn:ietf:params:xml:ns:caldav}valid-scheduling-message',
  calendarValidOrganizer: '{urn:ietf:params:xml:ns:caldav}valid-organizer',
  addressNoUidConflict: '{urn:ietf:params:xml:ns:carddav}no-uid-conflict',
  addressValidData: '{urn:ietf:params:xml:ns:carddav}valid-address-data',
  addressSupportedData: '{urn:ietf:params:xml:ns:carddav}supported-address-data',
  addressMaxResourceSize: '{urn:ietf:params:xml:ns:carddav}max-resource-size',
  addressSupportedFilter: '{urn:ietf:params:xml:ns:carddav}supported-filter',
  addressSupportedCollation: '{urn:ietf:params:xml:ns:carddav}supported-collation',
  addressCollectionLocation: '{urn:ietf:params:xml:ns:carddav}addressbook-collection-location-ok',
} as const;
