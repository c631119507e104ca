// What the mirror remembers between runs: twins, the journal of what it is about to do and has done, and who is shut out.
// Texts appear in it sealed only (DESIGN §1, §8).
import type { ETag, Href, SyncToken } from './collection.ts';

/** The two ends of a pair. */
export type Side = 'exchange' | 'nextcloud';

/** One side's object as it was last seen or written there. */
export interface Known {
  readonly href: Href;
  readonly etag: ETag;
  /** Of this side's own text: the two sides never render alike. */
  readonly hash: string;
  /** When it is another one than the twin's: an object adopted by its content. */
  readonly uid?: string;
}

/** A failure that is tried again later; the tokens go on without it. */
export interface Trouble {
  readonly attempts: number;
  readonly nextAt: number;
  readonly message: string;
}

/** One object on both sides, or the place where it would be. */
export interface Twin {
  readonly uid: string;
  readonly sides: Readonly<Partial<Record<Side, Known>>>;
  /** The side on which the mirror itself made the copy. */
  readonly madeOn?: Side;
  /** Why the other side has no copy: outside the window, outside the filter, not to be written there. */
  readonly leftOut?: LeftOut;
  readonly trouble?: Trouble;
}

export interface LeftOut {
  readonly reason: 'window' | 'filter' | 'foreign-meeting' | 'direction' | 'undone';
  /** When it takes place, in ms: it may come into the window by the clock. Absent bound: endless. */
  readonly first?: number;
  readonly last?: number;
}

export interface PairHead {
  readonly tokens: Readonly<Partial<Record<Side, SyncToken>>>;
  /** Number of the last run. */
  readonly run: number;
  /** When all members of both sides were last compared, in ms. */
  readonly comparedAt: number;
  /** The collections that all this is about, by the ids of their folders. */
  readonly places: Readonly<Record<Side, string>>;
  /** Nothing is done until somebody looks. */
  readonly stopped?: { readonly reason: string; readonly since: number };
}

/** Written before it is done. One that is still open after a crash may have been done, or not. */
export interface Intent {
  readonly id: string;
  /** As it goes to the history if nobody will know better. */
  readonly entry: HistoryEntry;
  /** Of a write: what is copied, and what people see of it; by this it is known again when it was done after all. */
  readonly copies?: { readonly source: Known; readonly essence: string };
}

/** One thing done, with what was there before. */
export interface HistoryEntry {
  readonly run: number;
  readonly at: number;
  readonly uid: string;
  readonly side: Side;
  readonly action: 'created' | 'updated' | 'removed' | 'lost-conflict' | 'undone' | 'interrupted';
  readonly href: Href;
  /** Of this side's object, when it is another one. */
  readonly ownUid?: string;
  /** Sealed; absent: nothing was there. For a lost conflict the text that lost. */
  readonly before?: string;
  /** Of the text that stood there afterwards: an undo touches nothing that was changed since. */
  readonly hashAfter?: string;
}

/** One transaction. */
export interface MirrorChange {
  readonly head?: PairHead;
  readonly twins?: readonly Twin[];
  /** UIDs of twins to forget. */
  readonly forgotten?: readonly string[];
  readonly opened?: readonly Intent[];
  /** Ids of intents that are done with. */
  readonly closed?: readonly string[];
  readonly history?: readonly HistoryEntry[];
}

export interface MirrorStore {
  head(pair: string): Promise<PairHead | undefined>;
  twins(pair: string, uids?: readonly string[]): Promise<readonly Twin[]>;
  twinsByHref(pair: string, side: Side, hrefs: readonly Href[]): Promise<readonly Twin[]>;
  /** Twins whose trouble is due. */
  troubled(pair: string, now: number): Promise<readonly Twin[]>;
  countTwins(pair: string): Promise<number>;
  intents(pair: string): Promise<readonly Intent[]>;
  history(
    pair: string,
    query: { readonly run?: number; readonly uid?: string },
  ): Promise<readonly HistoryEntry[]>;
  commit(pair: string, change: MirrorChange): Promise<void>;
  /** Forgets the pair: the next run starts as the first. History and open intents stay: lost texts are in them. */
  reset(pair: string): Promise<void>;
  /** Whom a server shut out, by a key of the caller. */
  latch(key: string): Promise<string | undefined>;
  setLatch(key: string, reason: string | undefined): Promise<void>;
  /**
   * While nobody else writes here: two processes at one pair would write everything twice. Several pieces of work of this
   * process may go on at once. @throws Error in plain words when another process does not come to an end
   */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Drops history older than `days`. */
  prune(days: number): Promise<void>;
  close(): Promise<void>;
}
