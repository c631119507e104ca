// How many calls one account may have open, and when it must wait: adaptive width and back-off (BEHAVIOUR §14, DESIGN §6).
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError } from '../model/failure.ts';

export interface Throttle {
  /** Batches that may be under way at once; shrinks when the server is busy and grows back slowly. */
  readonly width: () => number;
  /**
   * Runs one call when there is room and no back-off.
   * @throws BackendError `busy` at once when the wait would be long
   */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The server said it is busy, and perhaps for how long. Answers how long this account now waits. */
  busy(backOffMs?: number): number;
  /** A call was answered in order. */
  answered(): void;
}

export interface ThrottleOptions {
  readonly width: number;
  readonly now?: () => number;
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** Longer waits are the client's business: it gets 503 and Retry-After, never a hung connection. */
const longestWaitMs = 2_000;
/** Without a time from the server the wait starts here and doubles. */
const firstBackOffMs = 5_000;
const longestBackOffMs = 60_000;
/** Budgets of Exchange fill up within minutes: an answer that says more is garbage, and must not shut an account out for days. */
const longestAskedMs = 15 * 60_000;
const answersToGrow = 20;
/** Single calls go beside batches: so many times the width may be open in all. */
const callsPerWidth = 2;

export function openThrottle(options: ThrottleOptions): Throttle {
  const now = options.now ?? Date.now;
  const pause = options.sleep ?? defaultSleep;
  const state = { width: options.width, open: 0, until: 0, answers: 0, nextBackOffMs: firstBackOffMs };
  const waiting: (() => void)[] = [];

  async function room(signal?: AbortSignal): Promise<void> {
    while (state.open >= state.width * callsPerWidth) await turn(waiting, signal);
    state.open += 1;
  }
  async function calm(signal?: AbortSignal): Promise<void> {
    for (let left = state.until - now(); left > 0; left = state.until - now()) {
      if (left > longestWaitMs) throw busyError(left);
      await pause(left, signal);
    }
  }
  return {
    width: () => state.width,
    async run(work, signal) {
      await calm(signal);
      await room(signal);
      try {
        await calm(signal);
        return await work();
      } finally {
        state.open -= 1;
        waiting.shift()?.();
      }
    },
    busy(backOffMs) {
      const ms = Math.min(backOffMs ?? state.nextBackOffMs, longestAskedMs);
      if (backOffMs === undefined) state.nextBackOffMs = Math.min(state.nextBackOffMs * 2, longestBackOffMs);
      state.until = Math.max(state.until, now() + ms);
      state.width = Math.max(1, Math.floor(state.width / 2));
      state.answers = 0;
      return ms;
    },
    answered() {
      state.nextBackOffMs = firstBackOffMs;
      state.answers += 1;
      if (state.answers < answersToGrow || state.width >= options.width) return;
      state.answers = 0;
      state.width += 1;
      waiting.shift()?.();
    },
  };
}

function busyError(retryAfterMs: number): BackendError {
  return new BackendError({
    kind: 'busy',
    message: 'Exchange asked this account to wait',
    code: 'BackOff',
    retryAfterMs,
  });
}

function turn(waiting: (() => void)[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      const place = waiting.indexOf(go);
      if (place >= 0) waiting.splice(place, 1);
      reject(reasonOf(signal));
    };
    if (signal?.aborted === true) return leave();
    signal?.addEventListener('abort', leave, { once: true });
    waiting.push(go);
  });
}

function reasonOf(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError');
}

async function defaultSleep(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}
