// What one pair is to do: the rules that planning obeys, and the two collections it is about.
import type { FolderKind } from '../model/backend.ts';
import type {
  Collection,
  CollectionState,
  Delta,
  ETag,
  PutRequest,
  PutResult,
  SyncToken,
} from '../model/collection.ts';
import type { Side } from '../model/mirror-store.ts';

export type Direction = 'both' | 'to-nextcloud' | 'to-exchange';

export interface PairRules {
  /** Unique among the pairs of a configuration; the key of everything remembered. */
  readonly name: string;
  readonly kind: FolderKind;
  readonly direction: Direction;
  /** Who wins when both sides changed. `newest`: by LAST-MODIFIED or REV; Exchange where that does not tell. */
  readonly conflict: Side | 'newest';
  /** Only what takes place within is copied anew; what is there already stays and is kept equal. */
  readonly window?: { readonly pastDays: number; readonly futureDays: number };
  /** Categories, any case. An object without any passes unless `include` is given. */
  readonly categories?: { readonly include?: readonly string[]; readonly exclude?: readonly string[] };
  readonly privacy: Privacy;
  readonly alarms: 'keep' | 'drop';
  readonly attachments: Attachments;
  /** TRANSP and STATUS in Nextcloud as ews-caldav-sync sets them: whoever works elsewhere is busy. */
  readonly followsBusyStatus?: boolean;
  readonly guard: Guard;
}

/** What becomes of objects that are not for everybody. One-way pairs only, but for `keep`. */
export type Privacy =
  | { readonly kind: 'keep' }
  /** Not copied. */
  | { readonly kind: 'leave-out' }
  /** Copied as a busy block. `who`: those that are private or confidential, or all. */
  | { readonly kind: 'busy-only'; readonly who: 'sensitive' | 'all'; readonly title: string };

export type Attachments =
  | { readonly kind: 'link' }
  | { readonly kind: 'copy'; readonly maxBytes: number }
  | { readonly kind: 'drop' };

/** A run that would remove more than both is stopped. */
export interface Guard {
  readonly share: number;
  readonly count: number;
}

export const defaultGuard: Guard = { share: 0.2, count: 10 };

/** What the mirror needs of a collection. */
export type MirroredSide = Pick<
  Collection,
  'folder' | 'changes' | 'read' | 'put' | 'remove' | 'state' | 'watch' | 'attachments'
> & {
  servedAt?(address: string): MirroredSide;
};

/** What a collection of another server may tell beyond what all collections do. */
export interface ForeignSide extends MirroredSide {
  /** `trashed`: it is in a trash bin, although it still takes every write. */
  state(
    signal?: AbortSignal,
  ): Promise<CollectionState & { readonly trashed?: boolean; readonly writable?: boolean }>;
  /** `stored`: what the server made of it, where it made something else of it. */
  put(
    request: PutRequest,
    signal?: AbortSignal,
  ): Promise<PutResult & { readonly stored?: { readonly etag: ETag; readonly text?: string } }>;
  /** `full`: `changed` names every member there is, whatever token was given (a server without sync tokens). */
  changes(
    token: SyncToken | undefined,
    limit?: number,
    signal?: AbortSignal,
  ): Promise<Delta & { readonly full?: boolean }>;
  readonly abilities?: { readonly cardVersions: readonly ('3.0' | '4.0')[] };
  /** Deletes for good what was deleted here: a trash bin keeps UIDs occupied. */
  purgeTrash?(uids: readonly string[], signal?: AbortSignal): Promise<number>;
}

export interface Sides {
  readonly exchange: MirroredSide;
  readonly nextcloud: ForeignSide;
}

export const bothSides = ['exchange', 'nextcloud'] as const satisfies readonly Side[];

export function otherSide(side: Side): Side {
  return side === 'exchange' ? 'nextcloud' : 'exchange';
}

/** The side that a one-way pair copies from. */
export function sourceOf(direction: Direction): Side | undefined {
  if (direction === 'both') return undefined;
  return direction === 'to-nextcloud' ? 'exchange' : 'nextcloud';
}
