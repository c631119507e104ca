// One folder with its items and the tombstones that SyncFolderItems needs.
import type { Item } from './item.ts';
import type { Rights } from './rights.ts';
import type { Extended, Instant } from './values.ts';

/** Something that left a folder (moved or deleted). */
export interface Tombstone {
  readonly no: number;
  readonly arrived: number;
  readonly gone: number;
}

export interface Folder {
  /** Unique in the whole simulator; kept on a move. */
  readonly no: number;
  readonly mailboxNo: number;
  parentNo: number | undefined;
  readonly distinguished: string | undefined;
  folderClass: string;
  displayName: string;
  extended: Extended;
  /** By lower-case address; the owner of the mailbox needs none, `default` is everybody else. */
  permissions: Map<string, Rights>;
  /** In order of their revision: an item that changes is taken out and put in again. */
  readonly items: Map<number, Item>;
  /** The values of `items` as an array, made when asked for. */
  ordered: readonly Item[] | undefined;
  readonly tombstones: Tombstone[];
  readonly arrived: number;
  /** Last change of the folder itself or of its contents. */
  revision: number;
  /** 0x670A LocalCommitTimeMax. */
  lastCommit: Instant;
  /** 0x670B DeletedCountTotal. */
  deletedCount: number;
}
