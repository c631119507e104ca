// What an Exchange-like mailbox holds, in words of no product: the values that `translate` renders and backends store.
import type { GroupItem } from './group.ts';
import type { Instant, LocalDate, When } from './time.ts';
import type { RecurrenceRule } from './recurrence.ts';

export type BusyStatus = 'free' | 'tentative' | 'busy' | 'out-of-office' | 'working-elsewhere';
export type Sensitivity = 'normal' | 'personal' | 'private' | 'confidential';
export type Importance = 'low' | 'normal' | 'high';
export type PartStat = 'needs-action' | 'accepted' | 'tentative' | 'declined';
export type AttendeeRole = 'required' | 'optional' | 'resource';

export interface Person {
  /** SMTP address, without `mailto:`. Empty when the backend knows only a name. */
  readonly address: string;
  readonly name?: string;
}

export interface Attendee extends Person {
  readonly role: AttendeeRole;
  readonly partStat: PartStat;
}

/** A stored binary part: a photo or an attachment that `Mailbox.open` can fetch. */
export interface Part {
  readonly id: string;
  readonly name: string;
  readonly contentType?: string;
  /** In bytes, as told without opening it: an estimate. */
  readonly size?: number;
  readonly modified?: Instant;
  /** A link: the file lies there and has no bytes here. */
  readonly uri?: string;
  /** In an occurrence: the id of the series' own part, of which this one is the same file. */
  readonly copyOf?: string;
}

/** Bytes on their way in; base64 without line breaks. */
export interface NewPart {
  readonly name: string;
  readonly contentType: string;
  readonly base64: string;
}

/** What one occurrence of a series may have of its own. */
export interface EventFields {
  readonly summary: string;
  readonly description: string;
  /** HTML in the words of `description`, to be stored in its place. Only written: a read gives the words. */
  readonly formatted?: string;
  readonly location: string;
  readonly start: When;
  /** Exclusive end; for whole days the day after the last one. Same kind as `start`. */
  readonly end: When;
  readonly busy: BusyStatus;
  readonly sensitivity: Sensitivity;
  readonly importance: Importance;
  readonly categories: readonly string[];
  /** Minutes before start at which one reminder shows; absent: none. */
  readonly reminderMinutes?: number;
  readonly attendees: readonly Attendee[];
  /** Files and links, in the backend's order. Written: new ones, and the stored ones that stay. */
  readonly attachments: readonly (Part | NewPart)[];
  /** The organizer has cancelled it. */
  readonly cancelled: boolean;
  /** Where an online meeting takes place. Only read: the mailbox's own programs set it. */
  readonly meetingUrl?: string;
  /** The mailbox owner's own answer, when somebody else organises. */
  readonly ownPartStat?: PartStat;
}

/** One changed occurrence. `recurrenceId`: when it would have been, same kind (and zone) as the series' start. */
export interface Override extends EventFields {
  readonly recurrenceId: When;
}

/** An instance beside those of the rule (RDATE). */
export interface ExtraDate {
  readonly start: When;
  /** Where it does not last as long as the others. */
  readonly end?: When;
}

export interface EventItem extends EventFields {
  readonly kind: 'event';
  readonly uid?: string;
  readonly organizer?: Person;
  /** The mailbox this item lies in organises it (also true for an event without attendees). */
  readonly isOrganizer: boolean;
  /** The owner organises it and invitations have left. */
  readonly invitationsSent?: boolean;
  readonly recurrence?: RecurrenceRule;
  /** Instances beside those of the rule, or of the one start where there is no rule. */
  readonly extraDates?: readonly ExtraDate[];
  /** Set when this item is one instance to which the owner was invited without the series. */
  readonly recurrenceId?: When;
  readonly overrides: readonly Override[];
  /** Original starts of cancelled (deleted) occurrences. */
  readonly cancelledDates: readonly When[];
  readonly sequence?: number;
  readonly created?: Instant;
  readonly modified?: Instant;
}

export type TaskStatus = 'not-started' | 'in-progress' | 'completed' | 'waiting' | 'deferred';

export interface TaskItem {
  readonly kind: 'task';
  readonly summary: string;
  readonly description: string;
  /** HTML in the words of `description`, to be stored in its place. Only written. */
  readonly formatted?: string;
  readonly start?: LocalDate;
  readonly due?: LocalDate;
  readonly completed?: LocalDate;
  /** 0 to 100. */
  readonly percent: number;
  readonly status: TaskStatus;
  readonly sensitivity: Sensitivity;
  readonly importance: Importance;
  readonly categories: readonly string[];
  readonly reminderAt?: Instant;
  /** Minutes of work: planned, and done. */
  readonly totalWork?: number;
  readonly actualWork?: number;
  readonly recurrence?: RecurrenceRule;
  /** The present instance of the series is done, on a day if that is known; the series goes on. Only written. */
  readonly instanceDone?: { readonly on?: LocalDate };
  readonly attachments: readonly (Part | NewPart)[];
  readonly created?: Instant;
  readonly modified?: Instant;
}

export type EmailSlot = 'email1' | 'email2' | 'email3';
export type ImSlot = 'im1' | 'im2' | 'im3';
export type AddressSlot = 'business' | 'home' | 'other';
export type PageSlot = 'business' | 'personal';
export type PhoneSlot =
  | 'assistant'
  | 'business'
  | 'business2'
  | 'businessFax'
  | 'callback'
  | 'car'
  | 'companyMain'
  | 'home'
  | 'home2'
  | 'homeFax'
  | 'isdn'
  | 'mobile'
  | 'other'
  | 'otherFax'
  | 'pager'
  | 'primary'
  | 'radio'
  | 'telex'
  | 'ttyTdd';

export interface PostalAddress {
  readonly street: string;
  readonly city: string;
  readonly region: string;
  readonly postalCode: string;
  readonly country: string;
  /** A post office box that is kept apart from the street. */
  readonly box?: string;
}

export interface ContactName {
  readonly prefix: string;
  readonly given: string;
  readonly middle: string;
  readonly family: string;
  readonly suffix: string;
}

/** How names are pronounced. */
export interface PhoneticName {
  readonly given: string;
  readonly family: string;
  readonly company: string;
}

export interface ContactItem {
  readonly kind: 'contact';
  readonly fullName: string;
  /** How the contact is filed in lists; absent: the backend's own rule. */
  readonly fileAs?: string;
  readonly name: ContactName;
  readonly phonetic: PhoneticName;
  readonly nickname: string;
  readonly gender?: 'female' | 'male';
  /** Without address: somebody whom the backend knows by a name of its own only. */
  readonly emails: Readonly<Partial<Record<EmailSlot, Person>>>;
  readonly phones: Readonly<Partial<Record<PhoneSlot, string>>>;
  readonly addresses: Readonly<Partial<Record<AddressSlot, PostalAddress>>>;
  /** To which of them letters go. */
  readonly mailingAddress?: AddressSlot;
  readonly ims: Readonly<Partial<Record<ImSlot, string>>>;
  readonly company: string;
  readonly department: string;
  readonly office: string;
  readonly title: string;
  readonly profession: string;
  readonly manager: string;
  readonly assistant: string;
  readonly spouse: string;
  readonly children: readonly string[];
  readonly birthday?: LocalDate;
  readonly anniversary?: LocalDate;
  readonly pages: Readonly<Partial<Record<PageSlot, string>>>;
  /** Where the contact's free and busy times are published. */
  readonly freeBusyUrl: string;
  readonly hobbies: string;
  readonly note: string;
  readonly categories: readonly string[];
  readonly sensitivity: Sensitivity;
  /** Read: the stored photo (bytes through `Mailbox.open`). Written: new bytes, or the stored part to keep it. */
  readonly photo?: Part | NewPart;
  readonly created?: Instant;
  readonly modified?: Instant;
}

export type Item = EventItem | TaskItem | ContactItem | GroupItem;
export type ItemKind = Item['kind'];

/** An event of which nothing is known but when it is: what a reader or a parser starts from. */
export const emptyEvent: Omit<EventItem, 'start' | 'end'> = {
  kind: 'event',
  summary: '',
  description: '',
  location: '',
  busy: 'busy',
  sensitivity: 'normal',
  importance: 'normal',
  categories: [],
  attendees: [],
  attachments: [],
  cancelled: false,
  isOrganizer: true,
  overrides: [],
  cancelledDates: [],
};

export const emptyTask: TaskItem = {
  kind: 'task',
  summary: '',
  description: '',
  percent: 0,
  status: 'not-started',
  sensitivity: 'normal',
  importance: 'normal',
  categories: [],
  attachments: [],
};

export const emptyContact: ContactItem = {
  kind: 'contact',
  fullName: '',
  name: { prefix: '', given: '', middle: '', family: '', suffix: '' },
  phonetic: { given: '', family: '', company: '' },
  nickname: '',
  emails: {},
  phones: {},
  addresses: {},
  ims: {},
  company: '',
  department: '',
  office: '',
  title: '',
  profession: '',
  manager: '',
  assistant: '',
  spouse: '',
  children: [],
  pages: {},
  freeBusyUrl: '',
  hobbies: '',
  note: '',
  categories: [],
  sensitivity: 'normal',
};

export function isNewPart(part: Part | NewPart): part is NewPart {
  return 'base64' in part;
}

export function isStoredPart(part: Part | NewPart): part is Part {
  return !isNewPart(part);
}

/** What makes two parts of one series the same file: the series' own, which its occurrences share. */
export function fileIdOf({ id, copyOf }: Part): string {
  return copyOf ?? id;
}
