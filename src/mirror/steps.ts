// A decided action as the writes it takes: names, conditions and texts. Still nothing is done.
import type { Condition, Href } from '../model/collection.ts';
import type { HistoryEntry, Known, Side, Twin } from '../model/mirror-store.ts';
import type { Look, Present } from './look.ts';
import { nameFor } from './names.ts';
import { otherSide } from './pair.ts';
import type { Action } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { ObjectFacts } from './texts.ts';
import { isMissing } from './units.ts';

export type Step =
  | {
      readonly kind: 'put';
      readonly look: Look;
      readonly side: Side;
      readonly href: Href;
      readonly text: string;
      /** Of that text. */
      readonly facts: ObjectFacts;
      readonly condition: Condition;
      readonly source: Present;
      readonly before?: Present;
      readonly isConflict: boolean;
      readonly uid: string;
    }
  | {
      readonly kind: 'remove';
      readonly look: Look;
      readonly side: Side;
      readonly href: Href;
      readonly condition: Condition;
      readonly before?: Present;
      readonly action: Extract<Action, { kind: 'remove' }>;
      readonly uid: string;
    };

/** Names whose text the action needs and the look did not bring. */
export function neededFor({ unit, present }: Look, action: Action): Partial<Record<Side, Href>> {
  const sides: Side[] =
    action.kind === 'write' ? ['exchange', 'nextcloud'] : action.kind === 'remove' ? [action.from] : [];
  const needed: Partial<Record<Side, Href>> = {};
  for (const side of sides) {
    const href = unit.twin?.sides[side]?.href;
    if (present[side] === undefined && href !== undefined && !isMissing(unit.touched[side]))
      needed[side] = href;
  }
  return needed;
}

export function putStep(
  input: RunInput,
  look: Look,
  { action, run }: { readonly action: Extract<Action, { kind: 'write' }>; readonly run: number },
): Step | undefined {
  const source = look.present[otherSide(action.to)];
  if (source === undefined) return undefined;
  const before = look.present[action.to];
  const { twin } = look.unit;
  const uid = twin?.uid ?? source.facts.uid;
  const ownUid = before?.facts.uid ?? uid;
  const text = input.texts.passed(source.text, action.to, {
    ...(before && { present: before.text }),
    ...(ownUid !== source.facts.uid && { uid: ownUid }),
  });
  return {
    kind: 'put',
    look,
    side: action.to,
    href: before?.href ?? nameFor(uid, run, input.texts.extension),
    text,
    // Most texts pass as they are: read once, they are not read again.
    facts: text === source.text ? source.facts : input.texts.facts(text),
    condition: before ? { ifMatch: [before.etag] } : { ifNoneMatch: '*' },
    source,
    ...(before && { before }),
    isConflict: action.loser !== undefined,
    uid,
  };
}

export function removeStep(look: Look, action: Extract<Action, { kind: 'remove' }>): Step | undefined {
  const before = look.present[action.from];
  if (before === undefined) return undefined;
  return {
    kind: 'remove',
    look,
    side: action.from,
    href: before.href,
    condition: { ifMatch: [before.etag] },
    before,
    action,
    uid: look.unit.twin?.uid ?? before.facts.uid,
  };
}

/** What is remembered of an object that stands there now; `uid`: of its twin. */
export function knownOf({ href, etag, facts }: Present, uid: string): Known {
  return { href, etag, hash: facts.hash, ...(facts.uid !== uid && { uid: facts.uid }) };
}

/** The twin after a look that needs no write: what both sides show is known now. */
export function twinAfter(look: Look, uid: string, more: Partial<Twin> = {}): Twin {
  const { twin } = look.unit;
  const sides = { ...twin?.sides };
  for (const side of ['exchange', 'nextcloud'] as const) {
    const present = look.present[side];
    if (present !== undefined) sides[side] = knownOf(present, uid);
    else if (look.seen[side].kind === 'gone') delete sides[side];
  }
  return {
    uid,
    sides,
    ...(twin?.madeOn !== undefined && { madeOn: twin.madeOn }),
    ...more,
  };
}

export function entryOf(
  input: RunInput,
  run: number,
  entry: Omit<HistoryEntry, 'run' | 'at' | 'before'> & { readonly before?: Present },
): HistoryEntry {
  const { before, ...rest } = entry;
  return { ...rest, run, at: input.now(), ...(before && { before: input.seal(before.text) }) };
}
