// Why one object is as it is: what both sides show, what is remembered, what was done, and what the next run would do.
import type { HistoryEntry, Side, Twin } from '../model/mirror-store.ts';
import { lookAt, openReader, type Present } from './look.ts';
import { bothSides } from './pair.ts';
import { planObject, type Action } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { Touched } from './units.ts';

export interface Explanation {
  readonly uid: string;
  readonly twin: Twin | undefined;
  readonly present: Readonly<Partial<Record<Side, Pick<Present, 'href' | 'etag' | 'facts'>>>>;
  readonly history: readonly Omit<HistoryEntry, 'before'>[];
  readonly next: Action;
  readonly failure?: string;
}

/** `undefined`: neither remembered nor done anything with. */
export async function explainObject(input: RunInput, uid: string): Promise<Explanation | undefined> {
  const { store, rules } = input;
  const [twin] = await store.twins(rules.name, [uid]);
  const history = (await store.history(rules.name, { uid })).map(({ before: _sealed, ...entry }) => entry);
  if (twin === undefined)
    return history.length === 0 ? undefined : { uid, twin, present: {}, history, next: { kind: 'nothing' } };
  const touched: Partial<Record<Side, Touched>> = {};
  for (const side of bothSides) {
    const known = twin.sides[side];
    if (known) touched[side] = { kind: 'fresh', href: known.href, etag: known.etag };
  }
  const [look] = await lookAt(openReader(input), [{ twin, touched, tries: 0 }]);
  const present: Explanation['present'] = look?.present ?? {};
  return {
    uid,
    twin,
    present,
    history,
    next: look && look.failure === undefined ? planObject(rules, twin, look.seen) : { kind: 'nothing' },
    ...(look?.failure !== undefined && { failure: look.failure }),
  };
}
