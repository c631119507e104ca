// What a client's text is refused with: the preconditions of RFC 4791 §5.3.2.1 and RFC 6352 §6.3.2.1.
import type { FolderKind, Rights } from '../model/backend.ts';
import type { Expression } from '../model/expression.ts';
import { DavError, precondition } from '../model/failure.ts';
import { TranslateError, type TranslateProblem } from '../translate/index.ts';

interface Refusal {
  readonly calendar: string | undefined;
  readonly address: string | undefined;
}

const refusals = {
  malformed: { calendar: precondition.calendarValidData, address: precondition.addressValidData },
  'not-one-object': { calendar: precondition.calendarValidObject, address: precondition.addressValidData },
  'wrong-component': {
    calendar: precondition.calendarSupportedComponent,
    address: precondition.addressValidData,
  },
  'missing-uid': { calendar: precondition.calendarValidObject, address: precondition.addressValidData },
  // Well formed, but beyond what the mailbox holds: no condition of the RFCs says that.
  unsupported: { calendar: undefined, address: undefined },
  'too-large': {
    calendar: precondition.calendarMaxResourceSize,
    address: precondition.addressMaxResourceSize,
  },
  'two-organizers': { calendar: precondition.sameOrganizer, address: undefined },
  'organizer-change': { calendar: precondition.allowedOrganizerChange, address: undefined },
  'attendee-change': { calendar: precondition.allowedAttendeeChange, address: undefined },
  'unknown-attachment': { calendar: precondition.calendarValidManagedIdParameter, address: undefined },
  invalid: { calendar: precondition.calendarValidData, address: precondition.addressValidData },
} as const satisfies Record<TranslateProblem, Refusal>;

/** Runs a step of translation; what it refuses becomes the answer of the RFCs. */
export function translating<T>(kind: FolderKind, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof TranslateError)) throw error;
    const refusal = refusals[error.problem][family(kind)];
    throw new DavError(403, error.property ? `${error.property}: ${error.message}` : error.message, {
      precondition: refusal,
      cause: error,
    });
  }
}

export function uidConflict(kind: FolderKind, member: string, message: string): DavError {
  const conditions = {
    calendar: precondition.calendarNoUidConflict,
    address: precondition.addressNoUidConflict,
  };
  return new DavError(409, message, { precondition: conditions[family(kind)], member });
}

export function inexpressible({ part, reason }: Extract<Expression, { kind: 'refuse' }>): DavError {
  return new DavError(403, `${part}: ${reason}`);
}

/** The privilege is refused before the mailbox is asked: what is advertised and what is done agree. */
export function demandRight(rights: Rights, right: keyof Rights): void {
  if (rights[right]) return;
  throw new DavError(403, `The mailbox does not let you do this (${rightNames[right]}).`, {
    precondition: precondition.needPrivileges,
  });
}

const rightNames = {
  read: 'read items',
  create: 'create items',
  modify: 'change items',
  remove: 'delete items',
  createFolders: 'create folders',
  administer: 'change the folder',
} as const satisfies Record<keyof Rights, string>;

function family(kind: FolderKind): 'calendar' | 'address' {
  return kind === 'contacts' ? 'address' : 'calendar';
}
