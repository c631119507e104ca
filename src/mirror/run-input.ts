// What one run of one pair is given, what it tells on its way, and what it answers.
import type { LeftOut, MirrorStore, Side } from '../model/mirror-store.ts';
import type { PairRules, Sides } from './pair.ts';
import type { PairTexts } from './texts.ts';

export interface RunInput {
  readonly rules: PairRules;
  readonly sides: Sides;
  readonly store: MirrorStore;
  readonly texts: PairTexts;
  readonly seal: (text: string) => string;
  /** In ms. */
  readonly now: () => number;
  /** `everything`: all members of both sides are compared with what is remembered, as once a day in any case; `texts`: by their texts, not their etags. */
  readonly scope: 'changes' | 'everything' | 'texts';
  /** Plans only; nothing is written anywhere. */
  readonly dryRun: boolean;
  /** Goes on where guard or an earlier stop says no. */
  readonly isForced: boolean;
  /** Writes under way at once. One for Nextcloud: parallel writers share change numbers (and changes get lost). */
  readonly writers: Readonly<Record<Side, number>>;
  /** Objects that are read with one request and journalled with one commit; default 50. */
  readonly batchSize?: number;
  readonly observe: (event: MirrorEvent) => void;
  readonly signal?: AbortSignal;
}

export type ActionName = 'created' | 'updated' | 'removed' | 'tied' | 'left-out' | 'unchanged' | 'troubled';

export type MirrorEvent =
  | { readonly kind: 'found'; readonly objects: number }
  /** Something went wrong that stands in nobody's way. */
  | { readonly kind: 'note'; readonly message: string }
  | {
      readonly kind: 'object';
      readonly action: ActionName;
      readonly uid: string;
      readonly side?: Side;
      readonly conflict?: boolean;
      readonly reason?: LeftOut['reason'];
      readonly message?: string;
    };

export interface RunReport {
  readonly run: number;
  readonly counts: Readonly<Partial<Record<ActionName | `${ActionName} on ${Side}` | 'conflicts', number>>>;
  /** Every member of both sides was compared with what is remembered. */
  readonly isComplete: boolean;
  /** Objects that are tried again later, after this run. */
  readonly troubled: number;
  /** Why nothing more was done; the next run will not begin before somebody looked. */
  readonly stopped?: string;
}
