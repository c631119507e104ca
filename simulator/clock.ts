// What time it is for the simulator: real time, real time with a shift, or standing still. Whoever needs the time asks here.
// Only waiting (latency, heartbeats, the end of a stream) goes by the real clock.

export interface Clock {
  readonly now: () => number;
  /** From now on it is `instant`; the clock keeps running, or keeps standing. */
  set(instant: number): void;
  advance(ms: number): void;
  /** Stands still until `run`. */
  freeze(): void;
  run(): void;
  readonly isFrozen: boolean;
  /** Real time again. */
  reset(): void;
}

export function openClock(real: () => number = Date.now): Clock {
  let shift = 0;
  let standing: number | undefined;
  const now = (): number => standing ?? real() + shift;
  const set = (instant: number): void => {
    if (standing === undefined) shift = instant - real();
    else standing = instant;
  };
  return {
    now,
    set,
    advance: (ms) => set(now() + ms),
    freeze() {
      standing = now();
    },
    run() {
      if (standing === undefined) return;
      shift = standing - real();
      standing = undefined;
    },
    get isFrozen() {
      return standing !== undefined;
    },
    reset() {
      shift = 0;
      standing = undefined;
    },
  };
}
