// What a pair copies: window, categories, privacy, and whose meetings may be written where.
import type { LeftOut, Side } from '../model/mirror-store.ts';
import type { PairRules } from './pair.ts';
import type { ObjectFacts } from './texts.ts';

interface Passage {
  readonly to: Side;
  /** A copy is there already. */
  readonly isThere: boolean;
}

/** Why an object is not copied; undefined: it is. */
export function passes(rules: PairRules, facts: ObjectFacts, passage: Passage): LeftOut | undefined {
  // Somebody else's meeting would become one of the mailbox's own (DESIGN §6); one that Exchange holds is answered there only.
  if (passage.to === 'exchange' && facts.isForeignMeeting && !passage.isThere)
    return { reason: 'foreign-meeting' };
  if (!passesCategories(rules, facts)) return { reason: 'filter' };
  if (rules.privacy.kind === 'leave-out' && facts.isSensitive) return { reason: 'filter' };
  // By the clock nothing is taken away, and an edit that moves an object out is propagated.
  // A series takes part as a whole as soon as one instance lies within.
  return passage.isThere || facts.isInWindow ? undefined : { reason: 'window', ...facts.span };
}

function passesCategories({ categories }: PairRules, facts: ObjectFacts): boolean {
  if (categories === undefined) return true;
  const own = new Set(facts.categories.map((each) => each.toLowerCase()));
  const has = (names: readonly string[]): boolean => names.some((name) => own.has(name.toLowerCase()));
  return (categories.include === undefined || has(categories.include)) && !has(categories.exclude ?? []);
}
