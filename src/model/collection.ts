// A folder as a DAV collection: what handlers and mirror see. `collections` implements it over a Mailbox, `dav-remote` over HTTP.
import type { AccessIdentity, BusyTime, Delegate, Folder, FolderKind, FolderProperties } from './backend.ts';
import type { Mail } from './messages.ts';
import type { Directory } from './directory.ts';
import type { Outcome } from './failure.ts';
import type { AddressFilter, CalendarFilter } from './filter.ts';
import type { NewPart, Person } from './item.ts';
import type { Range } from './time.ts';

/** A member's own name inside its collection: one path segment, decoded. */
export type Href = string;
/** Strong entity tag, with its quotes. */
export type ETag = string;
/** `http://sabre.io/ns/sync/<integer>` (DESIGN §4). */
export type SyncToken = string;

export interface Member {
  readonly href: Href;
  readonly etag: ETag;
}

export interface Resource extends Member {
  readonly text: string;
  readonly contentType: string;
  readonly scheduleTag?: string;
}

/** How a text is asked for. */
export type Shape =
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'calendar';
      readonly expand?: Required<Range>;
      readonly limitRecurrenceSet?: Required<Range>;
      readonly limitFreeBusySet?: Required<Range>;
      readonly parts?: ComponentParts;
    }
  | {
      readonly kind: 'address';
      readonly version: '3.0' | '4.0';
      /** Chosen property names, upper case; absent: all. `noValue`: the name without its value. */
      readonly properties?: readonly { readonly name: string; readonly noValue: boolean }[];
    };

/** CALDAV:comp (RFC 4791 §9.6.1): absent lists mean all. */
export interface ComponentParts {
  readonly name: string;
  readonly properties?: readonly { readonly name: string; readonly noValue: boolean }[];
  readonly components?: readonly ComponentParts[];
}

export interface Condition {
  /** Etags of If-Match; `*`: it must exist. */
  readonly ifMatch?: readonly ETag[] | '*';
  /** Etags of If-None-Match; `*`: it must not exist. */
  readonly ifNoneMatch?: readonly ETag[] | '*';
  /** RFC 6638 §8.3: nothing but attendees' answers may have changed since. */
  readonly ifScheduleTag?: string;
}

/** Which messages a request lets go out: all, all but an attendee's answers (RFC 6638 §8.1), or none. */
export type Permission = Mail | 'no-reply';

export interface PutRequest {
  readonly href: Href;
  readonly text: string;
  readonly condition: Condition;
  readonly mail: Permission;
}

export interface PutResult {
  readonly created: boolean;
  /** Only when a read will give exactly what was sent (RFC 4791 §5.3.4). */
  readonly etag?: ETag;
  /** Of a scheduling object, where it is known without reading it back. */
  readonly scheduleTag?: string;
  /** There is no such member afterwards: an invitation that was declined leaves the calendar. */
  readonly gone?: boolean;
}

export interface CollectionState {
  readonly syncToken: SyncToken;
  readonly ctag: string;
}

export interface Delta {
  readonly changed: readonly Member[];
  readonly gone: readonly Href[];
  readonly token: SyncToken;
  /** A limit cut the answer; `token` stands for what was given. */
  readonly truncated: boolean;
}

export type Filter =
  | { readonly kind: 'calendar'; readonly filter: CalendarFilter }
  | { readonly kind: 'address'; readonly filter: AddressFilter };

/** Stored attachments of members (RFC 8607). */
export interface Attachments {
  readonly maxBytes: number;
  readonly maxPerMember: number;
  /** A file by the MANAGED-ID that its member's text shows; undefined when there is none. */
  find(href: Href, managedId: string, signal?: AbortSignal): Promise<AttachedFile | undefined>;
  /** Bytes of several files of one member by MANAGED-ID, at once; those that are not there are left out. */
  contents(
    href: Href,
    managedIds: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  /** @throws DavError with the precondition that was not met */
  change(request: AttachmentRequest): Promise<{
    /** Of the file that was made. */
    readonly managedId?: string;
  }>;
}

export interface AttachedFile {
  readonly name: string;
  readonly contentType: string;
  /** In bytes, as told without opening it: an estimate. */
  readonly size?: number;
  readonly etag: ETag;
  read(signal?: AbortSignal): Promise<Uint8Array>;
}

export interface AttachmentRequest {
  readonly href: Href;
  readonly change: AttachmentChange;
  /** The occurrences meant, as RFC 8607 §3.3.2 writes them; absent: the whole object. */
  readonly instances?: readonly string[];
  readonly condition: Condition;
  readonly mail: Permission;
}

export type AttachmentChange =
  | { readonly kind: 'add'; readonly file: NewPart }
  | { readonly kind: 'replace'; readonly managedId: string; readonly file: NewPart }
  | { readonly kind: 'remove'; readonly managedId: string };

export interface Collection {
  readonly folder: Folder;
  readonly owner: Person;
  readonly identity: AccessIdentity;

  state(signal?: AbortSignal): Promise<CollectionState>;
  members(signal?: AbortSignal): Promise<readonly Member[]>;
  /** One member without its text; undefined when there is none. */
  member(href: Href, signal?: AbortSignal): Promise<Member | undefined>;
  /** Members that match, read in the shape asked for (`none`: without text, `text` is empty). */
  query(
    request: { filter: Filter; shape: Shape | 'none'; limit?: number },
    signal?: AbortSignal,
  ): Promise<{
    readonly found: readonly (readonly [Href, Outcome<Resource>])[];
    readonly truncated: boolean;
  }>;
  /** In the order asked; an unknown href is `not-found`. */
  read(
    hrefs: readonly Href[],
    shape: Shape,
    signal?: AbortSignal,
  ): Promise<readonly (readonly [Href, Outcome<Resource>])[]>;
  /** @throws DavError with the precondition that was not met */
  put(request: PutRequest, signal?: AbortSignal): Promise<PutResult>;
  remove(href: Href, condition: Condition, mail: Permission): Promise<void>;
  /** Without a token: everything. @throws DavError 403 valid-sync-token */
  changes(token: SyncToken | undefined, limit?: number, signal?: AbortSignal): Promise<Delta>;
  /** Everything as one text/calendar or text/vcard. @throws rather than leaving a member out by trouble. */
  feed(detail: 'whole' | 'busy-only', signal?: AbortSignal): Promise<string>;
  /** Busy times of the members (RFC 4791 §7.10). */
  freeBusy(range: Required<Range>, signal?: AbortSignal): Promise<readonly BusyTime[]>;
  watch(signal: AbortSignal): AsyncIterable<void>;
  /** Absent: members have none that this server keeps. */
  readonly attachments?: Attachments;
  /** The same for readers who reach it at this absolute address: with it begin the links to attachments in its texts. */
  servedAt?(address: string): Collection;
}

/** All collections of one mailbox as one signed-in user sees them. */
export interface Home {
  readonly owner: Person;
  readonly identity: AccessIdentity;
  collections(signal?: AbortSignal): Promise<readonly Collection[]>;
  /** One collection, from the list known already: asks the server only when the key is unknown or the list is old. */
  collection(key: string, signal?: AbortSignal): Promise<Collection | undefined>;
  /** Invitations that wait for an answer: read-only but for DELETE, which puts one away. */
  readonly inbox?: Collection;
  create(draft: {
    key: string;
    kind: FolderKind;
    displayName: string;
    properties: FolderProperties;
  }): Promise<Collection>;
  patch(key: string, changes: { displayName?: string; properties?: FolderProperties }): Promise<void>;
  remove(key: string): Promise<void>;
  /** MOVE and COPY of a member between collections of this home (RFC 4918 §9.8, §9.9). */
  transfer(request: {
    readonly verb: 'move' | 'copy';
    readonly from: { readonly key: string; readonly href: Href };
    readonly to: { readonly key: string; readonly href: Href };
    readonly overwrite: boolean;
    readonly condition: Condition;
  }): Promise<{ readonly created: boolean }>;
  busyTimes(
    addresses: readonly string[],
    range: Required<Range>,
  ): Promise<ReadonlyMap<string, Outcome<readonly BusyTime[]>>>;
  /** Every address of the owner, the main one first. */
  addresses(): Promise<readonly string[]>;
  /** Absent: it is not to be looked into. */
  readonly directory?: Directory;
  /** The same as an address book: read-only, found by queries and names only, never listed. */
  readonly addressList?: Collection;
  /** Other mailboxes whose collections are among these. */
  readonly sharedOwners: readonly Person[];
  /** Whom the owner has made his delegates; nobody when that is not told. */
  delegates(): Promise<readonly Delegate[]>;
}
