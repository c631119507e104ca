// Keeps pairs equal for as long as it may: a run when Exchange tells of a change, and at intervals.
import { setTimeout as sleep } from 'node:timers/promises';
import type { PairConfig } from '../../mirror/index.ts';
import type { MirrorService, PairOutcome } from './service.ts';

export interface WatchOptions {
  readonly pairs: readonly PairConfig[];
  readonly signal: AbortSignal;
  /** Listen to Exchange's notifications; otherwise only at intervals. */
  readonly isActive: boolean;
  readonly onOutcome: (outcome: PairOutcome) => void;
  readonly onWatchLost: (pair: string, error: unknown) => void;
}

/** Until the signal. */
export async function keepMirroring(service: MirrorService, options: WatchOptions): Promise<void> {
  await Promise.all(options.pairs.map((pair) => keepPair(service, pair, options)));
}

const firstRetryMs = 30_000;
const longestRetryMs = 3_600_000;
/** One act of a user makes several notifications. */
const settleMs = 1500;

async function keepPair(service: MirrorService, pair: PairConfig, options: WatchOptions): Promise<void> {
  const { signal } = options;
  const bell = openBell();
  const listening = options.isActive ? listen(service, pair, { ...options, ring: bell.ring }) : undefined;
  let failures = 0;
  while (!signal.aborted) {
    const outcome = await service.run(pair, { signal });
    if (signal.aborted) break;
    options.onOutcome(outcome);
    failures = outcome.kind === 'failed' ? failures + 1 : 0;
    await bell.wait(waitMs(pair, outcome, failures), signal);
  }
  await listening;
}

/** A look that found nothing changed is none. */
export function isNews(outcome: PairOutcome): boolean {
  if (outcome.kind === 'failed' || outcome.report.stopped !== undefined) return true;
  return Object.keys(outcome.report.counts).length > 0;
}

function waitMs(pair: PairConfig, outcome: PairOutcome, failures: number): number {
  if (outcome.kind === 'ran') return pair.intervalMs;
  const own = Math.min(firstRetryMs * 2 ** (failures - 1), longestRetryMs);
  return Math.max(own, outcome.retryAfterMs ?? 0);
}

async function listen(
  service: MirrorService,
  pair: PairConfig,
  { signal, ring, onWatchLost }: WatchOptions & { readonly ring: () => void },
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      for await (const _hint of service.watch(pair, signal)) {
        failures = 0;
        ring();
      }
    } catch (error) {
      if (signal.aborted) return;
      onWatchLost(pair.rules.name, error);
    }
    await pause(Math.min(firstRetryMs * 2 ** failures, longestRetryMs), signal);
  }
}

interface Bell {
  readonly ring: () => void;
  /** Until it rings (and has been quiet for a moment), the time is over, or the signal comes. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

function openBell(): Bell {
  let hasRung = false;
  let wake = (): void => undefined;
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async wait(ms, signal) {
      const end = new AbortController();
      const rung = new Promise<void>((resolve) => {
        wake = resolve;
        if (hasRung) resolve();
      });
      await Promise.race([rung, pause(ms, AbortSignal.any([signal, end.signal]))]);
      end.abort();
      if (hasRung) await pause(settleMs, signal);
      hasRung = false;
    },
  };
}

/** Ends early with the signal, without a complaint. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal, ref: true }).catch(() => undefined);
}
