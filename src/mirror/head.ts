// How a run of a pair begins and what is remembered at its end: tokens, run numbers, and the two collections it is about.
import type { PairHead, Side } from '../model/mirror-store.ts';
import type { RunInput } from './run-input.ts';
import type { Deltas } from './units.ts';

export type Scope = RunInput['scope'];

export interface Beginning {
  readonly head: PairHead;
  /** Number of this run. */
  readonly run: number;
  readonly scope: Scope;
  /** Why nothing is done. */
  readonly stopped?: string;
}

/** Run numbers count from here in seconds: they go on rising when the memory was lost, so no name is used twice. */
const epochSeconds = Date.UTC(2025, 0, 1) / 1000;

/** Nextcloud's tokens can miss changes, and are forgotten after some days without a word (DESIGN §8). */
const compareEveryMs = 24 * 3_600_000;

export async function beginning(input: RunInput): Promise<Beginning> {
  const { store, rules, now, dryRun, isForced } = input;
  const places = placesOf(input);
  const known = await store.head(rules.name);
  const moved = known && movedSide(known.places, places);
  const isOther = moved !== undefined;
  // What is remembered is of another collection: to be taken for this one's, it would delete what it does not find here.
  if (isOther && isForced && !dryRun) await store.reset(rules.name);
  const fresh: PairHead = { tokens: {}, run: known?.run ?? 0, comparedAt: 0, places };
  const head = known === undefined || (isOther && isForced) ? fresh : known;
  const stopped =
    isOther && !isForced
      ? `the collection of ${moved} is another one than before: \`--force\` joins it anew by UID`
      : head.stopped?.reason;
  const isDue = now() - head.comparedAt >= compareEveryMs;
  return {
    head,
    run: Math.max(head.run + 1, Math.floor(now() / 1000 - epochSeconds)),
    scope: input.scope === 'changes' && isDue ? 'everything' : input.scope,
    ...(stopped !== undefined && (isOther || !dryRun) && !isForced && { stopped }),
  };
}

function placesOf({ sides }: RunInput): PairHead['places'] {
  return { exchange: sides.exchange.folder.id, nextcloud: sides.nextcloud.folder.id };
}

function movedSide(known: PairHead['places'], now: PairHead['places']): Side | undefined {
  if (known.exchange !== now.exchange) return 'exchange';
  return known.nextcloud === now.nextcloud ? undefined : 'nextcloud';
}

export function nextHead(
  head: PairHead,
  ended: {
    readonly run: number;
    readonly deltas: Deltas;
    readonly stopped: string | undefined;
    readonly now: number;
  },
): PairHead {
  const { run, deltas, stopped, now } = ended;
  const { exchange, nextcloud } = deltas;
  if (stopped !== undefined)
    return { ...head, run, stopped: { reason: stopped, since: head.stopped?.since ?? now } };
  return {
    run,
    places: head.places,
    tokens: { exchange: exchange.token, nextcloud: nextcloud.token },
    comparedAt: exchange.isWhole && nextcloud.isWhole ? now : head.comparedAt,
  };
}
