// Loaded into the gateway's process before it starts: answers how long the event loop was held at most since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;
const delay = monitorEventLoopDelay({ resolution: resolutionMs });
delay.enable();
process.on('message', () => {
  process.send?.(Math.max(0, delay.max / 1e6 - resolutionMs));
  delay.reset();
});
// The channel alone must not keep the process alive.
process.channel?.unref();
