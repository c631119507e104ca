// Several things at once, a few at a time.
import { setImmediate } from 'node:timers/promises';

/** Whoever computes for long lets answers in between: a writer that waits for its turn writes nothing. */
export const otherTurn = (): Promise<void> => setImmediate();

/** Results in order of finishing; after the first failure nothing new is begun, and what is under way is awaited. */
export async function inParallel<T, R>(
  all: readonly T[],
  width: number,
  work: (each: T) => Promise<R>,
): Promise<{ readonly results: readonly R[]; readonly error: unknown }> {
  const results: R[] = [];
  let error: unknown;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < all.length && error === undefined; at = next++) {
      const each = all[at];
      if (each === undefined) return;
      try {
        results.push(await work(each));
      } catch (caught) {
        error ??= caught;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, worker));
  return { results, error };
}

/** The next one is fetched while this one is worked on; nothing of it goes on after the end. */
export async function* ahead<T>(all: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = all[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = iterator.next();
      // Its failure is told when it is awaited.
      next.catch(() => undefined);
      yield value;
    }
  } finally {
    // Waits for what is under way: a generator does one thing after the other.
    await iterator.return?.();
  }
}
