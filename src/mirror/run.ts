// One run of one pair: gather, plan, apply (DESIGN §8). A function of the pair alone: killed anywhere and started again it ends in
// the same state.
import { randomUUID } from 'node:crypto';
import type { Intent, Side, Twin } from '../model/mirror-store.ts';
import { applyStep, type Result } from './apply.ts';
import { decide, type Decision } from './decide.ts';
import { deltaOf } from './delta.ts';
import { emptiedSide, lossesOf, openBrake, type Brake } from './guard.ts';
import { unitsOf } from './join.ts';
import { beginning, nextHead, type Scope } from './head.ts';
import { settleInterrupted } from './recover.ts';
import { openReader, type Reader } from './look.ts';
import { openCounter, type Counter } from './report.ts';
import type { RunInput, RunReport } from './run-input.ts';
import { entryOf, knownOf, type Step } from './steps.ts';
import { bothSides } from './pair.ts';
import { closedSide, purgeOwnDeletions } from './foreign.ts';
import { ahead, inParallel, otherTurn } from './turns.ts';
import { hrefToRead, workListOf, type Deltas, type Unit } from './units.ts';

interface Run {
  readonly input: RunInput;
  readonly reader: Reader;
  readonly run: number;
  readonly brake: Brake;
  readonly counter: Counter;
}

/** @throws BackendError, DavError when a side cannot be worked with at all; the next run goes on from here */
export async function runPair(input: RunInput): Promise<RunReport> {
  const { store, rules, dryRun } = input;
  const begun = await beginning(input);
  const { head, run, scope } = begun;
  const counter = openCounter(input.observe);
  const troubled = async (): Promise<number> =>
    (await store.troubled(rules.name, Number.MAX_SAFE_INTEGER)).length;
  if (begun.stopped !== undefined)
    return {
      run: head.run,
      counts: {},
      isComplete: false,
      troubled: await troubled(),
      stopped: begun.stopped,
    };
  const tokens = scope === 'changes' ? head.tokens : {};
  const [exchange, nextcloud] = await Promise.all([
    deltaOf(input.sides.exchange, tokens.exchange, input.signal),
    deltaOf(input.sides.nextcloud, tokens.nextcloud, input.signal),
  ]);
  const deltas: Deltas = { exchange, nextcloud };
  const stopped = await worked(input, { deltas, run, scope, counter });
  if (!dryRun)
    await store.commit(rules.name, { head: nextHead(head, { run, deltas, stopped, now: input.now() }) });
  return {
    run,
    counts: counter.counts(),
    isComplete: stopped === undefined && exchange.isWhole && nextcloud.isWhole,
    troubled: await troubled(),
    ...(stopped !== undefined && { stopped }),
  };
}

/** Why it stopped, if it did. */
async function worked(
  input: RunInput,
  given: {
    readonly deltas: Deltas;
    readonly run: number;
    readonly scope: Scope;
    readonly counter: Counter;
  },
): Promise<string | undefined> {
  const { deltas, run, scope, counter } = given;
  const { store, rules } = input;
  if (isQuiet(deltas) && (await isAtRest(input))) return undefined;
  await settleInterrupted(input);
  const work = await workListOf(input, { deltas, scope });
  const emptied = input.isForced ? undefined : emptiedSide(deltas, work.known);
  if (emptied !== undefined) return emptied;
  // In a first run no twins are known yet, and copies that another mirror left may have to go.
  const objects = Math.max(await store.countTwins(rules.name), work.unknown.nextcloud.size);
  const brake = openBrake(rules, objects, input.isForced);
  input.observe({
    kind: 'found',
    objects: work.known.length + Math.max(work.unknown.exchange.size, work.unknown.nextcloud.size),
  });
  const losses = openBrake(rules, objects, input.isForced).check(lossesOf(work.known));
  if (losses !== undefined) return losses;
  const reader = openReader(input);
  if (work.known.length + work.unknown.exchange.size + work.unknown.nextcloud.size === 0) return undefined;
  const closed = await closedSide(input);
  if (closed !== undefined) return closed;
  const context: Run = { input, reader, run, brake, counter };
  // The writers never wait: while they write one batch, the next is read, decided and journalled, the last one remembered.
  const planned = ahead(plannedIn(context, unitsOf({ input, reader }, work)));
  for await (const written of ahead(writtenIn(context, planned))) {
    if (written.stopped !== undefined) return written.stopped;
    await remember(context, written);
  }
  const forgotten = work.standIns.filter((uid) => !counter.isTroubled(uid));
  if (forgotten.length > 0 && !input.dryRun) await store.commit(rules.name, { forgotten });
  if (!input.dryRun && counter.counts()['removed on nextcloud'] !== undefined)
    await purgeOwnDeletions(input, run);
  return undefined;
}

function isQuiet({ exchange, nextcloud }: Deltas): boolean {
  return [exchange, nextcloud].every(
    ({ changed, gone, isWhole }) => changed.size + gone.size === 0 && !isWhole,
  );
}

async function isAtRest({ store, rules, now }: RunInput): Promise<boolean> {
  const [troubled, intents] = await Promise.all([
    store.troubled(rules.name, now()),
    store.intents(rules.name),
  ]);
  return troubled.length + intents.length === 0;
}

const maxTries = 3;

/** A batch that is decided and journalled: it may be written. */
interface Planned {
  readonly decisions: readonly Decision[];
  readonly intents: readonly Intent[];
  /** Why it must not be. */
  readonly stopped?: string;
}

async function* plannedIn(context: Run, batches: AsyncIterable<readonly Unit[]>): AsyncIterable<Planned> {
  for await (const units of batches) {
    const next = await planned(context, units);
    yield next;
    if (next.stopped !== undefined) return;
  }
}

async function planned(context: Run, units: readonly Unit[]): Promise<Planned> {
  const { input, brake } = context;
  input.signal?.throwIfAborted();
  const decisions = await decide(context, units);
  const steps = decisions.flatMap((each) => (each.kind === 'step' ? [each.step] : []));
  const stopped = brake.check(steps.filter(({ kind }) => kind === 'remove').length);
  if (stopped !== undefined) return { decisions: [], intents: [], stopped };
  if (input.dryRun) return { decisions, intents: [] };
  const intents = steps.map((step) => intentOf(context, step));
  if (intents.length > 0) await input.store.commit(input.rules.name, { opened: intents });
  return { decisions, intents };
}

/** A batch whose writes have ended, one way or the other. */
interface Written extends Planned {
  readonly settled: readonly Settled[];
}

async function* writtenIn(context: Run, batches: AsyncIterable<Planned>): AsyncIterable<Written> {
  for await (const batch of batches) {
    for (let next: Planned | undefined = batch; next !== undefined;) {
      const { overtaken, ...written } = await performed(context, next);
      yield written;
      if (written.stopped !== undefined) return;
      next = overtaken.length > 0 ? await planned(context, overtaken) : undefined;
    }
  }
}

/** `overtaken`: to be looked at again. */
async function performed(
  context: Run,
  batch: Planned,
): Promise<Written & { readonly overtaken: readonly Unit[] }> {
  const steps = context.input.dryRun
    ? []
    : batch.decisions.flatMap((each) => (each.kind === 'step' ? [each.step] : []));
  const overtaken: Unit[] = [];
  const settled = (await appliedAll(context, steps)).flatMap(({ step, result }): Settled[] => {
    if (result.kind !== 'overtaken') return [{ step, result }];
    if (result.unit.tries < maxTries) {
      overtaken.push(result.unit);
      return [];
    }
    return [{ step, result: { kind: 'failed', message: `${step.side}: it is being changed all the time` } }];
  });
  return { ...batch, settled, overtaken };
}

async function remember(context: Run, { decisions, settled, intents }: Written): Promise<void> {
  const { input, counter } = context;
  if (input.dryRun) {
    for (const decision of decisions) counter.planned(decision);
    return;
  }
  // First the next write goes out: a commit takes the thread as long as the disk takes.
  await otherTurn();
  await input.store.commit(input.rules.name, changeOf(context, { decisions, settled, intents }));
}

function intentOf({ input, run }: Run, step: Step): Intent {
  const { uid, side, href, before } = step;
  const entry = { uid, side, href, action: 'interrupted', ...(before && { before }) } as const;
  return {
    id: randomUUID(),
    entry: entryOf(input, run, entry),
    ...(step.kind === 'put' && {
      copies: { source: knownOf(step.source, uid), essence: step.facts.essence },
    }),
  };
}

interface Settled {
  readonly step: Step;
  readonly result: Exclude<Result, { kind: 'overtaken' }>;
}

/** Both sides at once, each with its own number of writers. @throws after what was under way has ended and is remembered */
async function appliedAll(
  context: Run,
  steps: readonly Step[],
): Promise<readonly { readonly step: Step; readonly result: Result }[]> {
  const { writers, signal } = context.input;
  const bySide = (side: Side): readonly Step[] => steps.filter((step) => step.side === side);
  const run = (side: Side) =>
    inParallel(bySide(side), writers[side], async (step) => {
      signal?.throwIfAborted();
      return { step, result: await applyStep(context, step) };
    });
  const all = await Promise.all([run('exchange'), run('nextcloud')]);
  const results = all.flatMap(({ results }) => results);
  const failure = all.find(({ error }) => error !== undefined)?.error;
  if (failure === undefined) return results;
  await context.input.store.commit(
    context.input.rules.name,
    changeOf(context, {
      decisions: [],
      settled: results.flatMap(({ step, result }) => (result.kind === 'overtaken' ? [] : [{ step, result }])),
      intents: [],
    }),
  );
  throw failure;
}

function changeOf(
  context: Run,
  done: {
    readonly decisions: readonly Decision[];
    readonly settled: readonly Settled[];
    readonly intents: readonly Intent[];
  },
) {
  const { counter } = context;
  const twins: Twin[] = [];
  const forgotten: string[] = [];
  const keep = (uid: string, twin: Twin | undefined): void => {
    if (twin) twins.push(twin);
    else forgotten.push(uid);
  };
  for (const decision of done.decisions) {
    if (decision.kind === 'remember') keep(decision.uid, decision.twin);
    if (decision.kind === 'trouble') keep(decision.uid, troubledTwin(context, decision));
    counter.remembered(decision);
  }
  for (const { step, result } of done.settled) {
    counter.settled(step, result);
    if (result.kind === 'done') keep(step.uid, result.twin);
    else keep(step.uid, troubledTwin(context, { look: step.look, uid: step.uid, message: result.message }));
  }
  return {
    twins,
    forgotten,
    closed: done.intents.map(({ id }) => id),
    history: done.settled.flatMap(({ result }) => (result.kind === 'done' ? result.history : [])),
  };
}

const firstRetryMs = 5 * 60_000;
const longestRetryMs = 24 * 3_600_000;

/** As before, so that the change is still one when it is looked at again. */
function troubledTwin(
  { input }: Run,
  { look, uid, message }: Pick<Extract<Decision, { kind: 'trouble' }>, 'look' | 'uid' | 'message'>,
): Twin {
  const { twin, touched, trouble } = look.unit;
  const attempts = ((twin?.trouble ?? trouble)?.attempts ?? 0) + 1;
  const nextAt = input.now() + Math.min(firstRetryMs * 2 ** (attempts - 1), longestRetryMs);
  const sides = { ...twin?.sides };
  for (const side of bothSides) {
    const href = hrefToRead(touched[side]);
    if (href !== undefined) sides[side] ??= { href, etag: '', hash: '' };
  }
  const madeOn = twin?.madeOn;
  return { uid, sides, ...(madeOn && { madeOn }), trouble: { attempts, nextAt, message } };
}
