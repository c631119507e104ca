// Loaded into the gateway's process before it starts: tells what it used, and turns its clock, so that no run has to wait
// for the second in which a refresh counts.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Asked over the channel between the processes. */
export type Question = { readonly ask: 'usage' } | { readonly ask: 'advance'; readonly ms: number };
export interface Usage {
  /** User and system time of all threads so far. */
  readonly cpuMs: number;
  /** The longest time that the event loop was held since the last question. */
  readonly stallMs: number;
}

const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();

const realNow = Date.now;
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;

process.on('message', (question: Question) => {
  if (question.ask === 'advance') aheadMs += question.ms;
  const { user, system } = process.cpuUsage();
  const stallMs = Math.max(0, delay.max / 1e6 - resolutionMs);
  process.send?.({ cpuMs: (user + system) / 1000, stallMs } satisfies Usage);
  delay.reset();
});
// The channel alone must not keep the process alive.
process.channel?.unref();
