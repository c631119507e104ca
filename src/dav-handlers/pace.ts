// Long lists let others have their turn: no stretch of work holds the event loop for long (DESIGN §5).
import { setImmediate } from 'node:timers/promises';

const stretchMs = 8;

/** To be awaited between pieces of work; really waits only when the last wait is a while ago. */
export function openPace(): () => Promise<void> {
  const last = { at: performance.now() };
  return async () => {
    if (performance.now() - last.at < stretchMs) return;
    await setImmediate();
    last.at = performance.now();
  };
}
