// Runs each scenario some times to warm up and more times measured, and compares calls with the budget and time with the floor.
import { startSimulator } from '../simulator/index.ts';
import { basicOf, propfind } from './dav-client.ts';
import { floorMs, openRecorder, type Recorder } from './floor.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { median, type Row } from './row.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { alice, openWorld, type World } from './world.ts';

export interface MeasureOptions {
  readonly events: number;
  readonly latencyMs: number;
  readonly warmUps: number;
  readonly runs: number;
  /** Only scenarios with such a name. */
  readonly only: RegExp;
  /** Calls only: time and memory are not judged. */
  readonly isQuick?: boolean;
}

export const longestStallMs = 50;
/** A refresh counts for a second. */
const settleMs = 1050;

export async function measureScenarios(options: MeasureOptions): Promise<Row[]> {
  const recorder = openRecorder(options.latencyMs);
  const simulator = await startSimulator({
    seed: options.events,
    latencyMs: options.latencyMs,
    envelope: recorder.envelope,
  });
  // The smallest cache: texts that were just read are gone when their turn comes again.
  const gateway = await startGatewayProcess(simulator.url, { EXDAV_CACHE_MB: '1' });
  try {
    const world = await openWorld(gateway.url);
    const bench: Bench = { ...options, world, gateway, recorder, ewsUrl: simulator.url };
    const rows: Row[] = [];
    for (const scenario of scenarios)
      if (options.only.test(scenario.name)) rows.push(await measureScenario(scenario, bench));
    return rows;
  } finally {
    await gateway.stop();
    await simulator.close();
  }
}

interface Bench extends MeasureOptions {
  readonly world: World;
  readonly gateway: GatewayProcess;
  readonly recorder: Recorder;
  readonly ewsUrl: string;
}

interface Sample {
  readonly calls: number;
  readonly wallMs: number;
  readonly floorMs: number | undefined;
  readonly cpuMs: number;
  readonly stallMs: number;
  readonly bytes: number;
}

async function measureScenario(scenario: Scenario, bench: Bench): Promise<Row> {
  const { world, gateway, events, warmUps, runs } = bench;
  // Signed in and folders known, both for minutes to come.
  await world.client.send('PROPFIND', world.home, {
    body: propfind('D:displayname'),
    headers: { Depth: '1' },
  });
  const samples: Sample[] = [];
  for (let run = 0; run < warmUps + runs; run += 1) {
    const sample = await sampleOf(scenario, run, bench);
    if (run >= warmUps) samples.push(sample);
  }
  const of = (pick: (sample: Sample) => number): number[] => samples.map(pick);
  const row: Row = {
    name: scenario.name,
    events,
    calls: [Math.min(...of(({ calls }) => calls)), Math.max(...of(({ calls }) => calls))],
    budget: scenario.budget,
    wallMs: median(of(({ wallMs }) => wallMs)),
    floorMs: hasFloor(scenario, bench) ? median(of(({ floorMs = 0 }) => floorMs)) : undefined,
    cpuMs: median(of(({ cpuMs }) => cpuMs)),
    bytes: median(of(({ bytes }) => bytes)),
    peakRssMb: gateway.peakRssMb(),
    stallMs: Math.max(...of(({ stallMs }) => stallMs)),
    target: scenario.target?.events === events ? `≤ ${scenario.target.wallMs} ms` : undefined,
    missed: [],
  };
  return {
    ...row,
    missed: [...missedCalls(scenario, row), ...(bench.isQuick ? [] : missedTime(scenario, row))],
  };
}

async function sampleOf(scenario: Scenario, run: number, bench: Bench): Promise<Sample> {
  const { world, gateway, recorder } = bench;
  await scenario.prepare?.(world, run);
  await gateway.advance(settleMs);
  recorder.take();
  const before = await gateway.usage();
  const started = performance.now();
  const bytes = await scenario.run(world, run);
  const wallMs = performance.now() - started;
  const after = await gateway.usage();
  const calls = recorder.take();
  const floor = hasFloor(scenario, bench) ? await floorMs(bench.ewsUrl, basicOf(alice), calls) : undefined;
  const cpuMs = after.cpuMs - before.cpuMs;
  return { calls: calls.length, wallMs, floorMs: floor, cpuMs, stallMs: after.stallMs, bytes };
}

function hasFloor({ writes }: Scenario, { isQuick }: MeasureOptions): boolean {
  return !writes && !isQuick;
}

function missedCalls(
  { budget, atMost }: Scenario,
  { calls: [least, most] = [0, 0] }: Row,
): readonly string[] {
  if (most > budget) return [`${most} calls, ${budget} allowed`];
  return least < budget && !atMost ? [`${least} calls, ${budget} expected`] : [];
}

function missedTime({ target }: Scenario, { events, wallMs = 0, stallMs = 0 }: Row): readonly string[] {
  return [
    ...(target !== undefined && target.events === events && wallMs > target.wallMs
      ? [`${Math.round(wallMs)} ms, ${target.wallMs} allowed`]
      : []),
    ...(stallMs > longestStallMs ? [`event loop held for ${Math.round(stallMs)} ms`] : []),
  ];
}
