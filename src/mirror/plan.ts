// What is to be done with one object, from what both sides show and what is remembered. Pure: decides, never does (STYLE §4).
import type { LeftOut, Side, Twin } from '../model/mirror-store.ts';
import { passes } from './filter.ts';
import { otherSide, sourceOf, type Direction, type PairRules } from './pair.ts';
import type { ObjectFacts } from './texts.ts';

/** What one side shows of an object. */
export type Seen =
  /** Nothing is there, and nothing was. */
  | { readonly kind: 'none' }
  /** As it was when last looked at. */
  | { readonly kind: 'same' }
  /** New there, or changed. */
  | { readonly kind: 'fresh'; readonly facts: ObjectFacts }
  | { readonly kind: 'gone' };

export type SeenBySide = Readonly<Record<Side, Seen>>;

export type Action =
  | { readonly kind: 'nothing' }
  /** Both sides say the same: only remembered. */
  | { readonly kind: 'tie' }
  /** Copied from the other side. `loser`: what stands there was changed too and goes to the journal. */
  | { readonly kind: 'write'; readonly to: Side; readonly loser?: Side }
  | { readonly kind: 'remove'; readonly from: Side; readonly leftOut?: LeftOut }
  /** Not copied to the other side, for a reason. */
  | { readonly kind: 'leave'; readonly leftOut: LeftOut }
  | { readonly kind: 'forget' };

type Verdict = 'nothing' | 'forget' | 'compare' | 'leave' | `write-${Side}` | `remove-${Side}`;
type Cases = Readonly<Record<Seen['kind'], Readonly<Record<Seen['kind'], Verdict>>>>;

/** Exchange's state, then Nextcloud's. A change beats a deletion: nothing is lost. */
const bothWays: Cases = {
  none: { none: 'nothing', same: 'nothing', fresh: 'write-exchange', gone: 'forget' },
  same: { none: 'nothing', same: 'nothing', fresh: 'write-exchange', gone: 'remove-exchange' },
  fresh: { none: 'write-nextcloud', same: 'write-nextcloud', fresh: 'compare', gone: 'write-nextcloud' },
  gone: { none: 'forget', same: 'remove-nextcloud', fresh: 'write-exchange', gone: 'forget' },
};

/** The source's state, then the copy's, named as if Exchange were the source: what the copy says is put right. */
const oneWay: Cases = {
  none: { none: 'nothing', same: 'nothing', fresh: 'leave', gone: 'forget' },
  same: { none: 'nothing', same: 'nothing', fresh: 'write-nextcloud', gone: 'write-nextcloud' },
  fresh: { none: 'write-nextcloud', same: 'write-nextcloud', fresh: 'compare', gone: 'write-nextcloud' },
  gone: { none: 'forget', same: 'remove-nextcloud', fresh: 'remove-nextcloud', gone: 'forget' },
};

const swapped = {
  nothing: 'nothing',
  forget: 'forget',
  compare: 'compare',
  leave: 'leave',
  'write-exchange': 'write-nextcloud',
  'write-nextcloud': 'write-exchange',
  'remove-exchange': 'remove-nextcloud',
  'remove-nextcloud': 'remove-exchange',
} as const satisfies Record<Verdict, Verdict>;

function verdictOn(direction: Direction, seen: SeenBySide): Verdict {
  const { exchange, nextcloud } = seen;
  if (direction === 'both') return bothWays[exchange.kind][nextcloud.kind];
  if (direction === 'to-nextcloud') return oneWay[exchange.kind][nextcloud.kind];
  return swapped[oneWay[nextcloud.kind][exchange.kind]];
}

export function planObject(rules: PairRules, twin: Twin | undefined, seen: SeenBySide): Action {
  const verdict = verdictOn(rules.direction, seen);
  switch (verdict) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'forget':
      return { kind: 'forget' };
    case 'leave':
      return left(rules, seen);
    case 'compare':
      return compared(rules, { twin, seen });
    case 'write-exchange':
    case 'write-nextcloud':
      return written(rules, { twin, seen }, verdict === 'write-exchange' ? 'exchange' : 'nextcloud');
    case 'remove-exchange':
    case 'remove-nextcloud':
      return { kind: 'remove', from: verdict === 'remove-exchange' ? 'exchange' : 'nextcloud' };
  }
}

/** On the copy's side only. What another mirror copied there is gone from Exchange since; anything else is none of ours. */
function left({ direction }: PairRules, seen: SeenBySide): Action {
  const from = direction === 'to-nextcloud' ? 'nextcloud' : 'exchange';
  const there = seen[from];
  if (there.kind === 'fresh' && there.facts.isCopy) return { kind: 'remove', from };
  return { kind: 'leave', leftOut: { reason: 'direction' } };
}

interface Case {
  readonly twin: Twin | undefined;
  readonly seen: SeenBySide;
}

/** Both sides are new or changed. */
function compared(rules: PairRules, each: Case): Action {
  const { exchange, nextcloud } = each.seen;
  if (exchange.kind !== 'fresh' || nextcloud.kind !== 'fresh') return { kind: 'nothing' };
  if (exchange.facts.essence === nextcloud.facts.essence && !isWithheld(rules, each.seen))
    return { kind: 'tie' };
  const winner =
    sourceOf(rules.direction) ??
    winnerOf(rules, each.twin, { exchange: exchange.facts, nextcloud: nextcloud.facts });
  const action = written(rules, each, otherSide(winner));
  return action.kind === 'write' ? { ...action, loser: otherSide(winner) } : action;
}

/** What the copy says already, and should not. */
function isWithheld({ privacy, direction }: PairRules, seen: SeenBySide): boolean {
  const source = sourceOf(direction);
  const there = source && seen[source];
  return (
    privacy.kind === 'busy-only' &&
    there?.kind === 'fresh' &&
    (privacy.who === 'all' || there.facts.isSensitive)
  );
}

/**
 * A tie, or a date that is missing, goes to Exchange: it is the truth (DESIGN §1). So does an object that the mirror meets for the
 * first time: a copy that another program made is younger than its original, and often poorer.
 */
function winnerOf(
  { conflict }: PairRules,
  twin: Twin | undefined,
  { exchange, nextcloud }: Readonly<Record<Side, ObjectFacts>>,
): Side {
  if (conflict !== 'newest') return conflict;
  if (twin === undefined || exchange.modified === undefined || nextcloud.modified === undefined)
    return 'exchange';
  return nextcloud.modified > exchange.modified ? 'nextcloud' : 'exchange';
}

/** The other side's object goes to `to`, if the rules let it. */
function written(rules: PairRules, { twin, seen }: Case, to: Side): Action {
  const source = seen[otherSide(to)];
  // Unchanged there, so the rules let it pass before: it is put back.
  const write: Action = {
    kind: 'write',
    to,
    ...(sourceOf(rules.direction) === otherSide(to) && seen[to].kind === 'fresh' && { loser: to }),
  };
  if (source.kind !== 'fresh') return write;
  const isThere = seen[to].kind === 'same' || seen[to].kind === 'fresh';
  const leftOut = passes(rules, source.facts, { to, isThere });
  if (leftOut === undefined) return write;
  // It lost its category or turned private: only what the mirror itself put there is taken away again.
  if (isThere && twin?.madeOn === to) return { kind: 'remove', from: to, leftOut };
  return { kind: 'leave', leftOut };
}
