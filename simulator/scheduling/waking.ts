// When the calendar assistant works: between calls, and by itself once its delay is over, so that notifications of its
// work need no call.
import type { World } from '../state/index.ts';
import { runAssistant } from './assistant.ts';

const longestMs = 500;
const awaited = new WeakSet<World>();

/** What is due is done; what comes later wakes it. The world's clock may be a virtual one, so it looks again and again. */
export function wakeAssistant(world: World): void {
  runAssistant(world);
  const next = Math.min(...world.unprocessed.map(({ due }) => due));
  if (!Number.isFinite(next) || awaited.has(world)) return;
  awaited.add(world);
  const ms = Math.min(Math.max(next - world.now(), 5), longestMs);
  setTimeout(() => {
    awaited.delete(world);
    wakeAssistant(world);
  }, ms).unref();
}
