// Long loops give way to other requests (DESIGN §5: no stretch of work over 10 ms).
import { setImmediate as nextTurn } from 'node:timers/promises';

const sliceMs = 2;

/** Call it once a step: it waits only when the slice is used up. */
export function openPace(): () => Promise<void> | undefined {
  let until = performance.now() + sliceMs;
  async function pause(): Promise<void> {
    await nextTurn();
    until = performance.now() + sliceMs;
  }
  return () => (performance.now() < until ? undefined : pause());
}
