// Batches: cut a list, run the pieces side by side, hand results out as they come.

export function batchesOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  const batches: (readonly T[])[] = [];
  for (let at = 0; at < list.length; at += size) batches.push(list.slice(at, at + size));
  return batches;
}

export type Job<T> = (signal: AbortSignal) => Promise<T>;

/** Results in the order of completion, at most `width()` jobs at once. The first failure, or leaving the loop, ends the others. */
export async function* inParallel<T>(
  jobs: readonly Job<T>[],
  width: () => number,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  const stop = new AbortController();
  const both = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const running = new Map<number, Promise<readonly [number, T]>>();
  let next = 0;
  try {
    while (next < jobs.length || running.size > 0) {
      for (let job = jobs[next]; job !== undefined && running.size < width(); job = jobs[next]) {
        const index = next;
        const result = job(both).then((value) => [index, value] as const);
        // Only the race below reports; a job that fails after another one did must not count as unhandled.
        result.catch(() => {});
        running.set(index, result);
        next += 1;
      }
      const [index, value] = await Promise.race(running.values());
      running.delete(index);
      yield value;
    }
  } finally {
    if (running.size > 0) stop.abort();
  }
}
