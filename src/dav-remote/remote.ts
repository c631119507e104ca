// The words of this room: what a foreign collection is and can, beyond the port all collections have.
import type { FolderKind, FolderProperties } from '../model/backend.ts';
import type {
  Collection,
  CollectionState,
  Delta,
  ETag,
  Href,
  Member,
  PutRequest,
  PutResult,
  SyncToken,
} from '../model/collection.ts';
import type { Person } from '../model/item.ts';

/** How a write is kept from sending mail (RFC 6638 servers deliver on their own). */
export type Quiet =
  /** The server schedules nothing. */
  | 'none'
  /** `x-nc-scheduling: false` is obeyed on PUT and DELETE. */
  | 'header'
  /** It is obeyed on PUT only. */
  | 'header-on-put'
  /** Only SCHEDULE-AGENT=CLIENT in the text helps. */
  | 'parameters';

export interface RemoteAbilities {
  /** sync-collection (RFC 6578); without it `changes` compares listings. */
  readonly sync: boolean;
  /** What is deleted lies in a trash bin, where its UID still counts, and this sign-in can reach it. */
  readonly trash: boolean;
  readonly quiet: Quiet;
  /** The etag of a PUT is left out when the text was not stored as sent. */
  readonly honestEtags: boolean;
  readonly cardVersions: readonly ('3.0' | '4.0')[];
  /** Longest UID in characters, where that is known. */
  readonly maxUidLength?: number;
}

/** What kind of collection it is; a mirror takes `own`, and `shared` when it may write or needs not to. */
export type Standing = 'own' | 'shared' | 'trashed' | 'subscribed' | 'birthdays' | 'generated';

export interface RemoteMember extends Member {
  /** VEVENT, VTODO …, where the server tells it in listings. */
  readonly component?: string;
}

export interface RemoteDelta extends Delta {
  readonly changed: readonly RemoteMember[];
  /** `changed` names every member there is: what it does not name is gone. */
  readonly full: boolean;
}

export interface RemoteState extends CollectionState {
  /** In the trash, although it still takes every write. */
  readonly trashed: boolean;
  /** May members be created, changed and deleted now? */
  readonly writable: boolean;
}

export interface RemotePutResult extends PutResult {
  /** As the server has it now. `text` is there when it is not what was sent: it may be somebody else's newer one already. */
  readonly stored?: { readonly etag: ETag; readonly text?: string };
}

export interface RemoteCollection extends Collection {
  readonly url: string;
  readonly abilities: RemoteAbilities;
  readonly standing: Standing;
  /** Components it takes; empty for address books. */
  readonly components: readonly string[];

  state(signal?: AbortSignal): Promise<RemoteState>;
  members(signal?: AbortSignal): Promise<readonly RemoteMember[]>;
  member(href: Href, signal?: AbortSignal): Promise<RemoteMember | undefined>;
  put(request: PutRequest, signal?: AbortSignal): Promise<RemotePutResult>;
  /**
   * Without `limit` everything, however often the server cuts it; a `limit` is only sent for address books.
   * Nextcloud forgets changes after some time (7 days at the least, 60 by default) without saying so: do not use older tokens.
   */
  changes(token: SyncToken | undefined, limit?: number, signal?: AbortSignal): Promise<RemoteDelta>;
  /** Deletes for good what was deleted from this collection and had one of these UIDs. Answers how many. */
  purgeTrash(uids: readonly string[], signal?: AbortSignal): Promise<number>;
}

export interface CollectionDraft {
  readonly kind: FolderKind;
  readonly displayName: string;
  /** Last segment of its path; by default made from the display name. */
  readonly name?: string;
  readonly properties?: Pick<FolderProperties, 'color' | 'description' | 'order' | 'timezone'>;
  /** Components of a calendar; by default what its kind says. */
  readonly components?: readonly string[];
}

export type Wanted =
  | { readonly url: string }
  /** Among those that can be mirrored. */
  | { readonly displayName: string; readonly kind: FolderKind };

/** The collections of one user of a foreign server. */
export interface RemoteHome {
  readonly owner: Person;
  /** The server's own name of the user: a login by e-mail has the same one. */
  readonly principal: string;
  /** Addresses that are the user's, without `mailto:`. */
  readonly addresses: readonly string[];
  /** Nextcloud's version, where it is one. */
  readonly version?: string;
  /** All of them, also those that cannot be mirrored: see `standing`. */
  collections(signal?: AbortSignal): Promise<readonly RemoteCollection[]>;
  /** @throws DavError 409 when several have that name */
  find(wanted: Wanted, signal?: AbortSignal): Promise<RemoteCollection | undefined>;
  /** @throws BackendError `denied` (CollectionLimit), `busy` (TooManyCreated), DavError 405 */
  create(draft: CollectionDraft, signal?: AbortSignal): Promise<RemoteCollection>;
}
