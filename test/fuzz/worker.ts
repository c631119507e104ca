// Tries cases one after the other and tells, in memory that is shared, where it is: who watches it sees when it hangs.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { randomOf } from './random.ts';
import { Finding, targetAt, type Targets } from './target.ts';

export interface Order {
  readonly module: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Names of targets; none: all. */
  readonly only: readonly string[];
  readonly sampleEvery: number;
  /** [case, sign of life in ms of `performance.timeOrigin + now`]. */
  readonly shared: SharedArrayBuffer;
}

export type Report =
  | { readonly kind: 'finding'; readonly index: number; readonly error: string }
  | { readonly kind: 'sample'; readonly index: number; readonly bytes: number }
  | { readonly kind: 'counts'; readonly counts: Readonly<Record<string, number>> }
  | { readonly kind: 'done' };

interface TargetsModule {
  openTargets(): Targets;
}

/** What is opened and closed between cases takes a while. */
const openingMs = 60_000;

const countEvery = 100;

setFlagsFromString('--expose-gc');
const collect: unknown = runInNewContext('gc');

async function work({ module, seed, from, to, only, sampleEvery, shared }: Order): Promise<void> {
  const life = new Float64Array(shared);
  let graceMs = 0;
  const alive = (): void => void (life[1] = performance.timeOrigin + performance.now() + graceMs);
  const { openTargets } = (await import(module)) as TargetsModule;
  const targets = openTargets();
  const list = only.length === 0 ? targets.list : targets.list.filter(({ name }) => only.includes(name));
  const counts: Record<string, number> = {};
  setInterval(alive, 50).unref();
  const failed = (index: number, error: unknown): void =>
    tell({ kind: 'finding', index, error: textOf(error) });
  for (let index = from; index < to; index += 1) {
    const random = randomOf(seed, index);
    const target = targetAt(list, random);
    const input = target.make(random);
    life[0] = index;
    graceMs = openingMs;
    alive();
    await target.open?.();
    graceMs = 0;
    alive();
    try {
      const pending = target.run(input);
      if (pending !== undefined) await pending;
    } catch (error) {
      failed(index, error);
    }
    counts[target.name] = (counts[target.name] ?? 0) + 1;
    if ((index + 1) % countEvery === 0) tell({ kind: 'counts', counts });
    if ((index + 1) % sampleEvery !== 0) continue;
    graceMs = openingMs;
    alive();
    await targets.rest().catch((error: unknown) => failed(index, error));
    tell({ kind: 'counts', counts });
    tell({ kind: 'sample', index, bytes: await heapBytes() });
  }
  graceMs = openingMs;
  alive();
  await targets.rest().catch((error: unknown) => failed(to, error));
  tell({ kind: 'counts', counts });
  tell({ kind: 'done' });
}

function textOf(error: unknown): string {
  if (error instanceof Finding) return error.message;
  return error instanceof Error ? (error.stack ?? String(error)) : String(error);
}

/** What is still held after everything that can go has gone. */
async function heapBytes(): Promise<number> {
  for (let left = 2; left > 0; left -= 1) {
    await new Promise((done) => setTimeout(done, 20));
    if (typeof collect === 'function') collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function tell(report: Report): void {
  parentPort?.postMessage(report, []);
}

void work(workerData as Order).then(
  () => process.exit(0),
  (error: unknown) => {
    throw error;
  },
);
