// Watches a worker that tries cases: a finding, a crash, a hang of over a second and memory that grows are each told with what
// repeats it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { randomOf } from './random.ts';
import { targetAt, type Targets } from './target.ts';
import type { Order, Report } from './worker.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first case. */
  readonly from?: number;
  readonly cases: number;
  readonly seconds?: number;
  readonly only?: readonly string[];
  /** URL of a module that exports `openTargets`. */
  readonly module?: string;
  /** Where inputs of findings are kept. */
  readonly folder: string;
  readonly sampleEvery?: number;
  readonly maxGrowthBytes?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly cases: number;
  readonly findings: number;
  readonly heapBytes: number | undefined;
}

export interface Found {
  readonly kind: 'finding' | 'crash' | 'hang' | 'growth';
  readonly index: number;
  readonly target: string;
  readonly message: string;
  /** What was tried. */
  readonly file: string;
}

export interface Fuzzed {
  readonly cases: number;
  readonly byTarget: Readonly<Record<string, number>>;
  readonly found: readonly Found[];
  readonly samples: readonly { readonly index: number; readonly bytes: number }[];
  /** Cases that took over a second once and not again: the machine was busy. */
  readonly slow: number;
  readonly seconds: number;
}

interface TargetsModule {
  openTargets(): Targets;
}

const hangMs = 1000;
/** Opening the stack takes a while. */
const openingMs = 60_000;
const defaultModule = new URL('targets.ts', import.meta.url).href;
const maxFindings = 50;

export async function fuzz(options: FuzzOptions): Promise<Fuzzed> {
  const { seed, cases, folder, only = [], module = defaultModule } = options;
  const { openTargets } = (await import(module)) as TargetsModule;
  const all = openTargets().list;
  const list = only.length === 0 ? all : all.filter(({ name }) => only.includes(name));
  const began = performance.now();
  const until = began + (options.seconds ?? Number.POSITIVE_INFINITY) * 1000;
  const first = options.from ?? 0;
  const state = openState();
  mkdirSync(folder, { recursive: true });

  const note = (kind: Found['kind'], index: number, message: string): void => {
    const random = randomOf(seed, index);
    const target = targetAt(list, random);
    const file = join(folder, `${seed}-${index}-${target.name}`);
    writeFileSync(file, target.make(random));
    writeFileSync(`${file}.txt`, `${kind}\n${message}\n`);
    state.found.push({ kind, index, target: target.name, message, file });
  };

  let next = first;
  while (next < first + cases && performance.now() < until && state.found.length < maxFindings) {
    const order: Omit<Order, 'shared'> = {
      module,
      seed,
      from: next,
      to: first + cases,
      only,
      sampleEvery: options.sampleEvery ?? 5000,
    };
    const life = await watch(order, { state, note, until, progress: options.onProgress, first });
    next = life.next;
    if (life.suspect === undefined) continue;
    // Busy machines make anything slow once.
    const again = await watch(
      { ...order, from: life.suspect, to: life.suspect + 1, sampleEvery: Number.MAX_SAFE_INTEGER },
      { state, note, until: Number.POSITIVE_INFINITY, first },
    );
    if (again.suspect === undefined) state.slow += 1;
    else note('hang', life.suspect, `no sign of life for over ${hangMs} ms, twice`);
  }
  judgeGrowth(state, options.maxGrowthBytes ?? 48 * 1024 * 1024, note);
  return {
    cases: next - first,
    byTarget: state.totals(),
    found: state.found,
    samples: state.samples,
    slow: state.slow,
    seconds: (performance.now() - began) / 1000,
  };
}

interface State {
  readonly found: Found[];
  readonly samples: { index: number; bytes: number; life: number }[];
  lives: number;
  slow: number;
  readonly counts: Map<number, Readonly<Record<string, number>>>;
  totals(): Record<string, number>;
}

function openState(): State {
  const counts: State['counts'] = new Map();
  return {
    found: [],
    samples: [],
    lives: 0,
    slow: 0,
    counts,
    totals() {
      const sum: Record<string, number> = {};
      for (const each of counts.values())
        for (const [name, count] of Object.entries(each)) sum[name] = (sum[name] ?? 0) + count;
      return sum;
    },
  };
}

interface Watching {
  readonly state: State;
  readonly note: (kind: Found['kind'], index: number, message: string) => void;
  readonly until: number;
  readonly first: number;
  readonly progress?: ((progress: Progress) => void) | undefined;
}

/** One life of a worker: until its cases are done, its time is over, or it hangs or dies. */
function watch(
  order: Omit<Order, 'shared'>,
  { state, note, until, first, progress }: Watching,
): Promise<{ next: number; suspect?: number }> {
  const shared = new SharedArrayBuffer(16);
  const life = new Float64Array(shared);
  life[0] = -1;
  life[1] = performance.timeOrigin + performance.now() + openingMs;
  const number = (state.lives += 1);
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: { ...order, shared } satisfies Order,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    stderr: true,
    stdout: true,
  });
  return new Promise((resolve) => {
    let settled = false;
    const current = (): number => Math.max(life[0] ?? -1, order.from);
    const end = (outcome: { next: number; suspect?: number }): void => {
      if (settled) return;
      settled = true;
      clearInterval(timer);
      void worker.terminate().then(() => resolve(outcome));
    };
    const timer = setInterval(() => {
      const silentMs = performance.timeOrigin + performance.now() - (life[1] ?? 0);
      progress?.({
        cases: current() - first,
        findings: state.found.length,
        heapBytes: state.samples.at(-1)?.bytes,
      });
      if (silentMs > hangMs) end({ next: current() + 1, suspect: current() });
      else if (performance.now() > until || state.found.length >= maxFindings) end({ next: current() });
    }, 100);
    worker.on('message', (report: Report) => {
      if (report.kind === 'finding') note('finding', report.index, report.error);
      else if (report.kind === 'counts') state.counts.set(number, report.counts);
      else if (report.kind === 'sample')
        state.samples.push({ index: report.index, bytes: report.bytes, life: number });
      else end({ next: order.to });
    });
    worker.on('error', (error: unknown) => {
      note('crash', current(), error instanceof Error ? (error.stack ?? error.message) : String(error));
      end({ next: current() + 1 });
    });
    worker.on('exit', () => end({ next: order.to }));
  });
}

/** The end of each life against its beginning, after what is filled once has been filled. */
function judgeGrowth(state: State, maxBytes: number, note: Watching['note']): void {
  for (const samples of Map.groupBy(state.samples, ({ life }) => life).values()) {
    if (samples.length < 4) continue;
    const part = Math.max(1, Math.floor(samples.length / 4));
    const least = (list: readonly { bytes: number }[]): number => Math.min(...list.map(({ bytes }) => bytes));
    const growth = least(samples.slice(-part)) - least(samples.slice(1, 1 + part));
    if (growth > maxBytes)
      note('growth', samples.at(-1)?.index ?? 0, `the heap has grown by ${Math.round(growth / 1024)} KiB`);
  }
}
