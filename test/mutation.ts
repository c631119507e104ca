// A rule and how it is broken, for scripts/mutations.ts: the tests must notice.

export interface Mutation {
  /** The rule that is broken, in words. */
  readonly rule: string;
  /** Below the folder of the table. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files that may turn red, below the folder of the table's tests. */
  readonly tests: readonly string[];
}

/** A table of mutations and what it is about. */
export interface MutationTable {
  readonly code: string;
  readonly tests: string;
  readonly mutations: readonly Mutation[];
}
