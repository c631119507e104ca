// The port to a mail server. `ews-backend` implements it, a Graph backend will; nothing above it knows which.
import type { Directory } from './directory.ts';
import type { Expression } from './expression.ts';
import type { Outcome } from './failure.ts';
import type { Item, ItemKind, Part, Person } from './item.ts';
import type { Answer, Mail, Telling } from './messages.ts';
import type { Range, Span, ZoneId } from './time.ts';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]?: Name };

/** Opaque ids of the backend: compared and handed back, never read. */
export type FolderId = Branded<'FolderId'>;
export type ItemId = Branded<'ItemId'>;
/** Changes whenever the item changes. */
export type Version = Branded<'Version'>;
/** Where a listing of changes goes on. */
export type Cursor = Branded<'Cursor'>;
/** Whose rights apply: part of every cache and ledger key (DESIGN §4). */
export type AccessIdentity = Branded<'AccessIdentity'>;

export type Credential =
  /** `actsFor`: a service account, with the own rights of that mailbox. */
  | {
      readonly kind: 'password';
      readonly user: string;
      readonly password: string;
      readonly actsFor?: string;
    }
  | { readonly kind: 'user-token'; readonly user: string; readonly token: () => Promise<string> }
  | { readonly kind: 'application'; readonly mailbox: string; readonly token: () => Promise<string> };

export interface Backend {
  /**
   * Signs in and answers the mailbox of the credential, or `mailbox` (an SMTP address) under the credential's own rights.
   * @throws BackendError `unauthorized`, `not-found`, `unavailable`, `busy`
   */
  open(credential: Credential, mailbox?: string): Promise<Mailbox>;
  /** Is the server there at all? Without signing in. @throws BackendError `unavailable` */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What the code above may ask instead of "is this EWS?". */
export interface Abilities {
  /** A meeting can be stored as ours without a message leaving. */
  readonly silentOrganizer: boolean;
  /** An event keeps the UID it is created with. */
  readonly settableUid: boolean;
  /** A task's due has a time. */
  readonly timedDue: boolean;
  readonly percentComplete: boolean;
  readonly push: boolean;
  readonly maxAttachmentBytes: number;
}

export type FolderKind = 'events' | 'tasks' | 'contacts';

/** What the signed-in user may do in a folder. */
export interface Rights {
  readonly read: boolean;
  /** Create members. */
  readonly create: boolean;
  /** Change members. */
  readonly modify: boolean;
  /** Delete members. */
  readonly remove: boolean;
  readonly createFolders: boolean;
  /** Rename the folder or change its properties. */
  readonly administer: boolean;
}

/** Texts that a DAV client keeps with a folder; stored with the folder itself. */
export interface FolderProperties {
  readonly color?: string;
  readonly order?: string;
  readonly description?: string;
  readonly timezone?: string;
  /** Dead properties: Clark name → XML text of the whole element. */
  readonly dead?: Readonly<Record<string, string>>;
}

export interface Folder {
  readonly id: FolderId;
  /** Stable name for URLs: the role of a default folder, the client's own name, else a hash; never the id. */
  readonly key: string;
  readonly kind: FolderKind;
  readonly displayName: string;
  /** The mailbox's standard calendar, task list or contacts: cannot be deleted. */
  readonly isDefault: boolean;
  readonly rights: Rights;
  /** Which of several views this user has of the items, where rights decide that; absent: whole. A text of one is not that of another. */
  readonly view?: 'without-private';
  /** What it is besides, or instead of, a folder: invitations that wait for an answer, the organisation's directory. */
  readonly role?: 'schedule-inbox' | 'directory';
  readonly properties: FolderProperties;
  /** A text that differs when the folder's contents may have changed; absent: unknown. A hint, never proof. */
  readonly stamp?: string;
  /** How long ago, by the server's own clock, the contents last changed. Absent: unknown. */
  readonly stampAgeMs?: number;
}

/** What stands beside the folders of a home under keys that no folder has. */
export const reservedKeys = ['inbox', 'outbox', 'directory'] as const;

/** Short texts that Exdav keeps on an item. `uid` and `href` are shown in listings, the others only by fetch. */
export interface Tags {
  readonly uid?: string;
  readonly href?: string;
  readonly residue?: string;
  /** A write that was to send messages about the whole was begun and has not ended: they are still to be sent. */
  readonly unsent?: string;
}

/** What a listing tells of an item without fetching it. */
export interface Listed {
  readonly id: ItemId;
  readonly version: Version;
  readonly kind: ItemKind;
  /** The UID under which other programs know it: an event's own, for others one derived from a stable property. */
  readonly nativeUid?: string;
  readonly tags: Tags;
  /** Orders items that claim the same name: the lowest is the original, a copy is higher. */
  readonly rank: string;
  readonly span?: Span;
  readonly isSeries: boolean;
  /** Somebody else is concerned: an event with attendees, or one that another organises. */
  readonly isMeeting?: boolean;
  /** Which instance of a series this item alone stands for (invited without the series); any text, same instance same text. */
  readonly instance?: string;
}

/** `gone` may name ids that were never listed. */
export type Change =
  { readonly kind: 'present'; readonly listed: Listed } | { readonly kind: 'gone'; readonly id: ItemId };

export interface ChangePage {
  /** `full`: the pages together name every item; what is missing is gone. */
  readonly mode: 'delta' | 'full';
  readonly changes: readonly Change[];
  readonly cursor: Cursor;
}

export interface Stored {
  readonly id: ItemId;
  readonly version: Version;
  readonly nativeUid?: string;
  readonly tags: Tags;
  readonly item: Item;
  /** Something of it could not be told this time and may be the next: its text is not the last word of this version. */
  readonly isProvisional?: boolean;
  /** Several native items put together: no one of them holds this. */
  readonly isJoined?: boolean;
  /** Of a message in the Inbox: what it asks (RFC 5546 §1.4). */
  readonly method?: 'REQUEST' | 'CANCEL';
  /** The zone whose midnights the backend takes for the item's whole days; handed back with an update, never read above. */
  readonly dayZone?: ZoneId;
}

/** What one native item holds. */
export function heldBy(stored: Pick<Stored, 'item' | 'isJoined'> | undefined): Item | undefined {
  return stored?.isJoined === true ? undefined : stored?.item;
}

export interface Draft {
  readonly item: Item;
  readonly tags: Tags;
}

export interface Written {
  readonly id: ItemId;
  readonly version: Version;
  /** What a listing would now tell of it. */
  readonly listed: Listed;
  /** Ids of the attachments that this write made for the item itself, in its order. */
  readonly madeParts?: readonly string[];
}

export interface UpdateRequest {
  readonly before: Stored;
  readonly after: Draft;
  readonly mail: Mail;
  /** Of a sending write; absent: the whole, to everybody. */
  readonly telling?: Telling;
  /** `guarded`: fails with `changed` unless `before.version` is current. `forced`: writes over whatever is there. */
  readonly conflict: 'guarded' | 'forced';
}

/** Writes to several items of one folder that are one object and concern nobody else: no messages leave. */
export interface GroupWrite {
  readonly folder: FolderId;
  /** Each fails with `changed` unless its `before.version` is current. */
  readonly update: readonly Pick<UpdateRequest, 'before' | 'after'>[];
  readonly create: readonly Draft[];
  /** To the deleted items; one that is gone already is no failure. */
  readonly remove: readonly { readonly id: ItemId; readonly version?: Version }[];
}

export interface BusyTime {
  readonly range: { readonly from: number; readonly to: number };
  readonly busy: 'busy' | 'tentative' | 'out-of-office';
}

/** Somebody whom the owner lets act for him in his calendar. */
export interface Delegate extends Person {
  readonly calendar: 'read' | 'write';
}

/** One signed-in view of one mailbox. Every call may throw BackendError; `signal` ends it early. */
export interface Mailbox {
  readonly identity: AccessIdentity;
  /** Whose folders these are; without an address: nobody's. */
  readonly owner: Person;
  /** The owner's time zone, in which days and times without a zone are meant; absent: not known. */
  readonly zone?: ZoneId;
  readonly abilities: Abilities;

  /**
   * Invitations and cancellations that wait to be seen, as a folder of events for `changes` (always in full, one call) and
   * `fetch`. No other call takes what is in it, except `dismiss`.
   */
  readonly inbox: Folder;
  /** Takes a message out of `inbox` for good. The mail itself stays where it is. */
  dismiss(id: ItemId): Promise<void>;

  /** Every folder of events, tasks and contacts that the user may see; technical ones left out. One call. */
  folders(signal?: AbortSignal): Promise<readonly Folder[]>;
  createFolder(draft: {
    key: string;
    kind: FolderKind;
    displayName: string;
    properties: FolderProperties;
  }): Promise<Folder>;
  /** `properties`, when given, replaces all of them. */
  updateFolder(
    folder: Folder,
    changes: { displayName?: string; properties?: FolderProperties },
  ): Promise<Folder>;
  /** Moves the folder to the deleted items. */
  removeFolder(folder: Folder): Promise<void>;

  /** @throws BackendError `cursor-lost` when the listing must start over without a cursor. */
  changes(folder: FolderId, cursor?: Cursor, signal?: AbortSignal): AsyncIterable<ChangePage>;
  /** Ids of the events (masters of series included) that take up time within the range, by the server's own reckoning. */
  find(folder: FolderId, range: Range, signal?: AbortSignal): Promise<readonly ItemId[]>;
  /** Each id once, in any order; series whole, with overrides and cancelled dates. Batches run in parallel. */
  fetch(ids: readonly ItemId[], signal?: AbortSignal): AsyncIterable<readonly [ItemId, Outcome<Stored>]>;
  /** Pure: no call. `present`: what the mailbox holds under this item; what it holds it can hold. */
  express(item: Item, present?: Item): Expression;

  create(folder: FolderId, draft: Draft, mail: Mail): Promise<Written>;
  /** Sends the difference only. */
  update(request: UpdateRequest): Promise<Written>;
  /** To the deleted items. Without a version: whatever is there. */
  remove(id: ItemId, options: { version?: Version; kind: ItemKind; mail: Mail }): Promise<void>;
  /** Into another folder of the same mailbox; the id may be new. Tags travel along unless given anew. */
  move(id: ItemId, target: FolderId, options: { version?: Version; tags?: Tags }): Promise<Written>;
  /**
   * As many calls as for one item, however many there are: updates, then creations, then removals, then changed occurrences.
   * Answers what was updated and created, in the order given.
   */
  writeAll(write: GroupWrite): Promise<readonly Written[]>;
  /** Like `move`, in as many calls as for one. */
  moveAll(
    items: readonly { readonly id: ItemId; readonly version?: Version; readonly tags?: Tags }[],
    target: FolderId,
  ): Promise<readonly Written[]>;
  /** Answers an invitation, or occurrences of it. The id may be new; undefined: the item has left its folder (declined). */
  respond(before: Stored, answers: readonly Answer[]): Promise<Written | undefined>;

  /** Bytes of photos and attachments, in batches. */
  open(parts: readonly Part[], signal?: AbortSignal): AsyncIterable<readonly [string, Outcome<Uint8Array>]>;
  busyTimes(
    addresses: readonly string[],
    range: Range,
  ): Promise<ReadonlyMap<string, Outcome<readonly BusyTime[]>>>;
  /** Every address of the owner that the server tells, the main one first; asked once. */
  addresses(signal?: AbortSignal): Promise<readonly string[]>;
  readonly directory: Directory;
  /** Whom the owner has made his delegates. @throws BackendError `denied` to everybody else */
  delegates(signal?: AbortSignal): Promise<readonly Delegate[]>;
  /**
   * The organisation's public folders at these paths (`/Company/Holidays`; case does not count), as a mailbox that nobody
   * owns and that never sends mail. No call; what is not there, or closed to the user, is not among its folders.
   */
  publicFolders(paths: readonly string[]): Mailbox;
  /** Yields whenever a folder may have changed. Ends with the signal. */
  watch(folders: readonly FolderId[], signal: AbortSignal): AsyncIterable<FolderId>;
}
