// Does what was decided, one object at a time on each side; every write is silent and carries its condition.
import type { ETag, Href } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { HistoryEntry, Known, Side, Twin } from '../model/mirror-store.ts';
import type { Present, Reader } from './look.ts';
import type { ForeignSide } from './pair.ts';
import type { ActionName, RunInput } from './run-input.ts';
import { entryOf, twinAfter, type Step } from './steps.ts';
import type { Unit } from './units.ts';

export type Result =
  | {
      readonly kind: 'done';
      readonly action: ActionName;
      readonly twin: Twin | undefined;
      readonly history: readonly HistoryEntry[];
    }
  /** Somebody was faster, or it is there already: to be looked at again. */
  | { readonly kind: 'overtaken'; readonly unit: Unit }
  | { readonly kind: 'failed'; readonly message: string };

interface Context {
  readonly input: RunInput;
  readonly reader: Reader;
  readonly run: number;
}

/** @throws what stops the whole run: a side that is away, busy or closed */
export async function applyStep(context: Context, step: Step): Promise<Result> {
  try {
    return await (step.kind === 'put' ? put(context, step) : remove(context, step));
  } catch (error) {
    return afterFailure(step, error);
  }
}

async function put(context: Context, step: Extract<Step, { kind: 'put' }>): Promise<Result> {
  const { input } = context;
  const { side, href, text, condition, before } = step;
  const collection: ForeignSide = input.sides[side];
  const result = await collection.put({ href, text, condition, mail: 'silent' }, input.signal);
  const shown = await shownAfter(context, step, result);
  if (shown === undefined)
    return { kind: 'failed', message: `${side}: it cannot be read back after it was written` };
  const uid = step.uid;
  const known: Known = {
    href,
    etag: shown.etag,
    hash: shown.hash,
    ...(shown.uid !== uid && { uid: shown.uid }),
  };
  const twin = twinAfter(step.look, uid);
  const madeOn = before === undefined ? side : twin.madeOn;
  return {
    kind: 'done',
    action: result.created ? 'created' : 'updated',
    twin: {
      ...twin,
      sides: { ...twin.sides, [side]: known },
      ...(madeOn !== undefined && { madeOn }),
    },
    history: [
      entryOf(input, context.run, {
        uid,
        side,
        action: before === undefined ? 'created' : step.isConflict ? 'lost-conflict' : 'updated',
        href,
        ...(before && { before }),
        hashAfter: shown.hash,
      }),
    ],
  };
}

interface ShownAfter {
  readonly etag: ETag;
  readonly hash: string;
  readonly uid: string;
}

/** With an etag the text stands there as it was sent (RFC 4791 §5.3.4); without, it is read. */
async function shownAfter(
  { input, reader }: Context,
  { side, href, facts }: Extract<Step, { kind: 'put' }>,
  { etag, stored }: Awaited<ReturnType<ForeignSide['put']>>,
): Promise<ShownAfter | undefined> {
  const known = stored ?? (etag === undefined ? undefined : { etag });
  if (known !== undefined) {
    const { hash, uid } = stored?.text === undefined ? facts : input.texts.facts(stored.text);
    return { etag: known.etag, hash, uid };
  }
  const shown = (await reader.read(side, [href])).get(href);
  return shown?.kind === 'present' ? shownOf(shown.present) : undefined;
}

function shownOf({ etag, facts }: Present): ShownAfter {
  return { etag, hash: facts.hash, uid: facts.uid };
}

async function remove({ input, run }: Context, step: Extract<Step, { kind: 'remove' }>): Promise<Result> {
  const { side, href, before, condition, uid, action } = step;
  try {
    await input.sides[side].remove(href, condition, 'silent');
  } catch (error) {
    // Somebody removed it first: what was wanted is so.
    if (!isNotThere(error)) throw error;
  }
  const twin = twinAfter(
    {
      ...step.look,
      seen: { ...step.look.seen, [side]: { kind: 'gone' } },
      present: without(step.look.present, side),
    },
    uid,
  );
  const { madeOn: _madeOn, ...rest } = twin;
  return {
    kind: 'done',
    action: 'removed',
    twin:
      Object.keys(twin.sides).length === 0
        ? undefined
        : { ...rest, ...(action.leftOut && { leftOut: action.leftOut }) },
    history: [
      entryOf(input, run, {
        uid,
        side,
        action: 'removed',
        href,
        ...(before && { before }),
        ...(before && before.facts.uid !== uid && { ownUid: before.facts.uid }),
      }),
    ],
  };
}

function without<T>(record: Readonly<Partial<Record<Side, T>>>, side: Side): Partial<Record<Side, T>> {
  const rest = { ...record };
  delete rest[side];
  return rest;
}

function isNotThere(error: unknown): boolean {
  return (
    (error instanceof DavError && error.status === 404) ||
    (error instanceof BackendError && error.failure.kind === 'not-found')
  );
}

/** Kinds that say nothing about this object, only about the side. */
const wholeSide: ReadonlySet<string> = new Set(['busy', 'unavailable', 'unauthorized']);

function afterFailure(step: Step, error: unknown): Result {
  if (error instanceof BackendError) {
    if (wholeSide.has(error.failure.kind)) throw error;
    if (error.failure.kind === 'changed' || error.failure.kind === 'exists')
      return overtaken(step, step.href);
    return { kind: 'failed', message: `${step.side}: ${error.failure.message}` };
  }
  if (!(error instanceof DavError)) throw error;
  if (error.status === 412 || error.status === 404) return overtaken(step, step.href);
  if (error.member !== undefined) return overtaken(step, error.member);
  return { kind: 'failed', message: `${step.side}: ${error.message}` };
}

function overtaken(step: Step, href: Href): Result {
  const { unit } = step.look;
  const touched = { ...unit.touched, [step.side]: { kind: 'fresh', href, etag: undefined } as const };
  return { kind: 'overtaken', unit: { ...unit, touched, tries: unit.tries + 1 } };
}
