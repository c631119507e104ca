// The brake (DESIGN §8): a run that would remove much, or sees a side that is suddenly empty, stops before it does.
import type { PairRules } from './pair.ts';
import { bothSides } from './pair.ts';
import { isMissing, type Deltas, type Unit } from './units.ts';

export interface Brake {
  /** Why the run must stop before this many more removals; undefined: go on. */
  check(removals: number): string | undefined;
}

export function openBrake({ guard }: PairRules, objects: number, isForced: boolean): Brake {
  const limit = Math.max(guard.count, Math.floor(guard.share * objects));
  let removed = 0;
  return {
    check(removals) {
      if (removals === 0 || isForced) return undefined;
      removed += removals;
      return removed <= limit
        ? undefined
        : `${removed} of ${objects} objects would be removed, more than the ${limit} that the guard allows`;
    },
  };
}

/** Known before anything is done: what one side lost since the last run. */
export function lossesOf(known: readonly Unit[]): number {
  return known.filter(({ touched }) => {
    const gone = bothSides.filter((side) => isMissing(touched[side]));
    return gone.length === 1;
  }).length;
}

/** An empty listing where there were objects is more often a fault than a wish; one alone may well have been the last. */
export function emptiedSide(deltas: Deltas, known: readonly Unit[]): string | undefined {
  for (const side of bothSides) {
    if (!deltas[side].isWhole || deltas[side].changed.size > 0) continue;
    const missing = known.filter(({ touched }) => isMissing(touched[side])).length;
    if (missing > 1) return `${side} is empty, and the mirror knows ${missing} objects there`;
  }
  return undefined;
}
