// From units to steps: look at both sides, plan, read what a plan needs beside, plan again if that was news.
import type { Side, Twin } from '../model/mirror-store.ts';
import { lookAt, type Look, type Reader } from './look.ts';
import { bothSides } from './pair.ts';
import { planObject, type Action } from './plan.ts';
import type { RunInput } from './run-input.ts';
import { neededFor, putStep, removeStep, twinAfter, type Step } from './steps.ts';
import { hrefToRead, standInFor, type Touched, type Unit } from './units.ts';

/** What is to become of one object. */
export type Decision =
  | { readonly kind: 'step'; readonly step: Step }
  /** Only remembered; undefined twin: forgotten. */
  | {
      readonly kind: 'remember';
      readonly look: Look;
      readonly uid: string;
      readonly twin: Twin | undefined;
      readonly action: Action;
    }
  | { readonly kind: 'trouble'; readonly look: Look; readonly uid: string; readonly message: string };

interface Context {
  readonly input: RunInput;
  readonly reader: Reader;
  readonly run: number;
}

export async function decide(context: Context, units: readonly Unit[]): Promise<readonly Decision[]> {
  const { input, reader } = context;
  const looks = await lookAt(reader, units);
  const planned = looks.map((look) => ({ look, action: actionOf(input, look) }));
  const isComplete = ({ look, action }: (typeof planned)[number]): boolean =>
    Object.keys(neededFor(look, action)).length === 0;
  const incomplete = planned.filter((each) => !isComplete(each));
  // Read beside, these may turn out to have changed meanwhile: then the plan is another one.
  const again = await lookAt(
    reader,
    incomplete.map(({ look, action }) => withNeeded(look, action)),
  );
  const complete = [
    ...planned.filter(isComplete),
    ...again.map((look, index) => {
      const merged = mergedLook(incomplete[index]?.look, look);
      return { look: merged, action: actionOf(input, merged) };
    }),
  ];
  return complete.map(({ look, action }) => decisionOf(context, look, action));
}

function actionOf({ rules }: RunInput, { unit, seen, failure }: Look): Action {
  return failure === undefined ? planObject(rules, unit.twin, seen) : { kind: 'nothing' };
}

function withNeeded(look: Look, action: Action): Unit {
  const touched: Partial<Record<Side, Touched>> = {};
  for (const side of bothSides) {
    const href = neededFor(look, action)[side];
    if (href !== undefined) touched[side] = { kind: 'fresh', href, etag: undefined };
  }
  return { ...look.unit, touched };
}

/** What the first look saw, and what was read beside. */
function mergedLook(first: Look | undefined, second: Look): Look {
  if (first === undefined) return second;
  const seen = { ...first.seen };
  for (const side of bothSides) if (second.unit.touched[side] !== undefined) seen[side] = second.seen[side];
  return {
    unit: first.unit,
    seen,
    present: { ...first.present, ...second.present },
    ...(second.failure !== undefined && { failure: second.failure }),
  };
}

function decisionOf({ input, run }: Context, look: Look, action: Action): Decision {
  const uid = uidOf(look);
  if (look.failure !== undefined) return { kind: 'trouble', look, uid, message: look.failure };
  try {
    const step =
      action.kind === 'write'
        ? putStep(input, look, { action, run })
        : action.kind === 'remove'
          ? removeStep(look, action)
          : undefined;
    if (step !== undefined && !changesNothing(step)) return { kind: 'step', step };
  } catch (error) {
    return { kind: 'trouble', look, uid, message: error instanceof Error ? error.message : String(error) };
  }
  return { kind: 'remember', look, uid, action, twin: remembered(look, uid, action) };
}

/** What would be written stands there already. */
function changesNothing(step: Step): boolean {
  return step.kind === 'put' && step.facts.hash === step.before?.facts.hash;
}

function uidOf({ unit, present }: Look): string {
  const { twin, touched } = unit;
  const seen = twin?.uid ?? present.exchange?.facts.uid ?? present.nextcloud?.facts.uid;
  if (seen !== undefined) return seen;
  const unread = bothSides.flatMap((side) => hrefToRead(touched[side]) ?? []);
  return standInFor(unread[0] ?? '');
}

function remembered(look: Look, uid: string, action: Action): Twin | undefined {
  if (action.kind === 'forget') return undefined;
  const leftOut = action.kind === 'leave' ? action.leftOut : look.unit.twin?.leftOut;
  const twin = twinAfter(look, uid, action.kind === 'tie' || leftOut === undefined ? {} : { leftOut });
  return bothSides.some((side) => twin.sides[side] !== undefined) ? twin : undefined;
}
