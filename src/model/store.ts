// What is kept between requests: caches that may vanish at any moment, and sealed secrets (DESIGN §1). Never texts of objects.

/** Small keyed values with a time to live. */
export interface Records {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
}

/** One folder seen by one access identity. Both parts are in the key of everything stored. */
export interface LedgerScope {
  readonly identity: string;
  readonly folder: string;
}

export interface LedgerHead {
  /** The backend's cursor of the last complete refresh. */
  readonly cursor?: string;
  /** Tokens older than this were not issued by this ledger. */
  readonly birth: number;
  /** The newest token. */
  readonly revision: number;
}

/** One member, or with `gone` the place where one was. */
export interface LedgerRow {
  readonly href: string;
  /** When it last changed. */
  readonly revision: number;
  readonly gone: boolean;
  /** What the writer wants to know again; opaque to the store, which keeps lines that resemble other rows' lines cheaply. */
  readonly value: string;
}

export interface LedgerEntry extends LedgerRow {
  /** Names under which `byKey` finds the row (item ids, UID). Several rows may share one. */
  readonly keys: readonly string[];
}

/** Members of a folder and their changes since a revision, with compare-and-set. Rows are few hundred bytes each. */
export interface Ledger {
  head(scope: LedgerScope): Promise<LedgerHead | undefined>;
  /** All rows that are not gone. */
  rows(scope: LedgerScope): Promise<readonly LedgerRow[]>;
  byHref(scope: LedgerScope, hrefs: readonly string[]): Promise<readonly LedgerRow[]>;
  byKey(scope: LedgerScope, keys: readonly string[]): Promise<readonly LedgerRow[]>;
  /** Rows changed after `revision`, gone ones included, by revision. */
  since(scope: LedgerScope, revision: number): Promise<readonly LedgerRow[]>;
  /**
   * Writes rows (by href) and head in one step, if the head's revision is still `expected` (`undefined`: no ledger yet).
   * `replace`: rows not named vanish without a trace; otherwise `birth` never goes back. Answers false when somebody else was first.
   */
  commit(
    scope: LedgerScope,
    expected: number | undefined,
    change: { readonly head: LedgerHead; readonly rows: readonly LedgerEntry[]; readonly replace?: boolean },
  ): Promise<boolean>;
  drop(scope: LedgerScope): Promise<void>;
}

export interface Store {
  readonly records: Records;
  readonly ledger: Ledger;
  /** Drops what was not used for `days`. */
  prune(days: number): Promise<void>;
  close(): Promise<void>;
}
