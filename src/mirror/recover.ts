// What a killed run was about to do: what was done after all is known again by what it shows, and the texts that it replaced are
// kept, because they are nowhere else.
import type { Intent, Side, Twin } from '../model/mirror-store.ts';
import { openReader } from './look.ts';
import { bothSides, otherSide } from './pair.ts';
import type { RunInput } from './run-input.ts';
import { knownOf } from './steps.ts';

export async function settleInterrupted(input: RunInput): Promise<void> {
  const { store, rules, dryRun } = input;
  const open = await store.intents(rules.name);
  if (open.length === 0 || dryRun) return;
  const written = await Promise.all(bothSides.map((side) => writtenOn(input, side, open)));
  await store.commit(rules.name, {
    twins: written.flat(),
    closed: open.map(({ id }) => id),
    history: open.map(({ entry }) => entry).filter(({ before }) => before !== undefined),
  });
}

/** Without these a copy of what its owner has deleted meanwhile would look like something new. */
async function writtenOn(input: RunInput, side: Side, open: readonly Intent[]): Promise<readonly Twin[]> {
  const wanted = open.filter(({ entry, copies }) => entry.side === side && copies !== undefined);
  if (wanted.length === 0) return [];
  const shown = await openReader(input).read(
    side,
    wanted.map(({ entry }) => entry.href),
  );
  const uids = wanted.map(({ entry }) => entry.uid);
  const known = new Map((await input.store.twins(input.rules.name, uids)).map((twin) => [twin.uid, twin]));
  return wanted.flatMap(({ entry: { uid, href, before }, copies }) => {
    const there = shown.get(href);
    if (copies === undefined || there?.kind !== 'present') return [];
    const { essence, hash } = there.present.facts;
    const { leftOut: _leftOut, trouble: _trouble, ...twin } = known.get(uid) ?? { uid, sides: {} };
    // What is there as it was says nothing: a change that people do not see may still have to be written.
    const isAsBefore = before !== undefined && [undefined, hash].includes(twin.sides[side]?.hash);
    if (essence !== copies.essence || isAsBefore) return [];
    const sides = { ...twin.sides, [otherSide(side)]: copies.source, [side]: knownOf(there.present, uid) };
    return [{ ...twin, sides, ...(before === undefined && { madeOn: side }) }];
  });
}
