// The values an item of the store holds: plain data, absent = never set. One interface for all kinds, because the
// property tables (fields/) address values by key; which kind has which is said by those tables ([MS-OXWSCORE], types.xsd).
import type { Recurrence, SimZone } from '../calendar/index.ts';

export type ItemKind =
  'event' | 'contact' | 'task' | 'message' | 'list' | 'request' | 'response' | 'cancellation';

/** What lies in an Inbox and can be unread. */
export const mailKinds: ReadonlySet<ItemKind> = new Set(['message', 'request', 'response', 'cancellation']);

/** Milliseconds since 1970, UTC. */
export type Instant = number;

export interface Body {
  readonly type: 'HTML' | 'Text';
  readonly text: string;
}

export interface Mail {
  readonly name?: string;
  readonly address?: string;
  readonly routingType?: string;
  /** Mailbox, OneOff, Contact …; default Mailbox. */
  readonly mailboxType?: string;
  /** ItemId of the contact it stands for. */
  readonly itemId?: string;
}

export type ResponseKind =
  'Unknown' | 'Organizer' | 'Tentative' | 'Accept' | 'Decline' | 'NoResponseReceived';

export interface Attendee {
  readonly mailbox: Mail;
  readonly response?: ResponseKind;
  readonly lastResponseTime?: Instant;
}

export interface PostalAddress {
  readonly street?: string;
  readonly city?: string;
  readonly state?: string;
  readonly countryOrRegion?: string;
  readonly postalCode?: string;
}

export interface EmailEntry {
  readonly address: string;
  readonly name?: string;
  readonly routingType?: string;
}

export interface Values {
  // item:
  readonly itemClass?: string;
  readonly subject?: string;
  readonly sensitivity?: string;
  readonly body?: Body;
  readonly categories?: readonly string[];
  readonly importance?: string;
  readonly inReplyTo?: string;
  readonly culture?: string;
  readonly dateTimeReceived?: Instant;
  readonly dateTimeSent?: Instant;
  readonly isDraft?: boolean;
  readonly isSubmitted?: boolean;
  readonly isRead?: boolean;
  readonly reminderIsSet?: boolean;
  readonly reminderDueBy?: Instant;
  readonly reminderMinutes?: number;
  readonly flagStatus?: string;
  // calendar:
  readonly uid?: string;
  readonly dateTimeStamp?: Instant;
  readonly start?: Instant;
  readonly end?: Instant;
  readonly startZone?: SimZone;
  readonly endZone?: SimZone;
  readonly isAllDay?: boolean;
  readonly busy?: string;
  readonly location?: string;
  readonly when?: string;
  readonly isCancelled?: boolean;
  readonly requestWasSent?: boolean;
  readonly isResponseRequested?: boolean;
  readonly myResponse?: ResponseKind;
  readonly organizer?: Mail;
  readonly requiredAttendees?: readonly Attendee[];
  readonly optionalAttendees?: readonly Attendee[];
  readonly resources?: readonly Attendee[];
  readonly replyTime?: Instant;
  readonly sequence?: number;
  readonly recurrence?: Recurrence;
  readonly allowNewTimeProposal?: boolean;
  readonly meetingWorkspaceUrl?: string;
  readonly netShowUrl?: string;
  readonly intendedBusy?: string;
  readonly doNotForward?: boolean;
  // meeting:
  /** Original start of the one instance that a message or an item is about. */
  readonly recurrenceId?: Instant;
  readonly meetingRequestType?: string;
  readonly hasBeenProcessed?: boolean;
  readonly responseType?: ResponseKind;
  /** Which of two messages about one meeting left later. */
  readonly sentRevision?: number;
  readonly proposedStart?: Instant;
  readonly proposedEnd?: Instant;
  // contacts:
  readonly fileAs?: string;
  readonly fileAsMapping?: string;
  readonly displayName?: string;
  readonly givenName?: string;
  readonly initials?: string;
  readonly middleName?: string;
  readonly nickname?: string;
  readonly title?: string;
  readonly companyName?: string;
  readonly emails?: Readonly<Record<string, EmailEntry>>;
  readonly addresses?: Readonly<Record<string, PostalAddress>>;
  readonly phones?: Readonly<Record<string, string>>;
  readonly ims?: Readonly<Record<string, string>>;
  readonly assistantName?: string;
  readonly birthday?: Instant;
  readonly businessHomePage?: string;
  readonly children?: readonly string[];
  readonly companies?: readonly string[];
  readonly department?: string;
  readonly generation?: string;
  readonly jobTitle?: string;
  readonly manager?: string;
  readonly mileage?: string;
  readonly officeLocation?: string;
  readonly postalAddressIndex?: string;
  readonly profession?: string;
  readonly spouseName?: string;
  readonly surname?: string;
  readonly weddingAnniversary?: Instant;
  // distributionlist:
  readonly members?: readonly Mail[];
  // task:
  readonly actualWork?: number;
  readonly totalWork?: number;
  readonly billingInformation?: string;
  readonly changeCount?: number;
  readonly completeDate?: Instant;
  readonly contacts?: readonly string[];
  readonly dueDate?: Instant;
  readonly startDate?: Instant;
  readonly owner?: string;
  readonly percentComplete?: number;
  readonly status?: string;
  readonly statusDescription?: string;
  // message:
  readonly from?: Mail;
  readonly sender?: Mail;
  readonly toRecipients?: readonly Mail[];
  readonly ccRecipients?: readonly Mail[];
  readonly bccRecipients?: readonly Mail[];
  readonly replyTo?: readonly Mail[];
  readonly receivedBy?: Mail;
  readonly isReadReceiptRequested?: boolean;
  readonly isDeliveryReceiptRequested?: boolean;
  readonly internetMessageId?: string;
  readonly references?: string;
}

/** Values while they are being written. */
export type Draft = { -readonly [K in keyof Values]: Values[K] };

/** Keys of Values that hold a T. */
export type KeyOf<T> = {
  [K in keyof Values]-?: NonNullable<Values[K]> extends T
    ? T extends NonNullable<Values[K]>
      ? K
      : never
    : never;
}[keyof Values];

/**
 * A MAPI property by `fieldKey`: type and value as EWS writes them (Binary as base64, SystemTime as UTC, Boolean as
 * true or false).
 */
export interface ExtendedValue {
  readonly type: string;
  readonly value: string | readonly string[];
}
export type Extended = Readonly<Record<string, ExtendedValue>>;
