// Runs each scenario 5 times to warm up and 20 times measured, and compares calls with the budget and time with the floor.
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulator } from '../simulator/index.ts';
import { basicOf, hrefsOf, openDavClient, propfind } from './dav-client.ts';
import { floorMs, type Recorded } from './floor.ts';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.ts';
import { dailySeries, icalendar, type Scenario, scenarios, type World } from './scenarios.ts';

export interface Row {
  readonly name: string;
  readonly events?: number;
  readonly calls?: number;
  readonly budget?: number;
  readonly wallMs?: number;
  readonly floorMs?: number;
  readonly cpuMs?: number;
  readonly bytes?: number;
  readonly peakRssMb?: number;
  readonly stallMs?: number;
  /** What must hold, in words. */
  readonly target?: string;
  /** Which of budget and target do not. */
  readonly missed: readonly string[];
}

export const alice = { address: 'alice@example.test', password: 'alice' } as const;

const warmUps = 5;
const runs = 20;
const longestStallMs = 50;

/** Wall-time targets by name and number of events. */
const targets: Readonly<Record<string, { readonly events: number; readonly wallMs: number } | undefined>> = {
  'multiget of 100, cold': { events: 1000, wallMs: 100 },
  'PROPFIND depth 1 of a calendar': { events: 1000, wallMs: 60 },
};

export async function measureScenarios(options: { events: number; latencyMs: number }): Promise<Row[]> {
  const recorded: Recorded[] = [];
  const simulator = await startSimulator({
    seed: options.events,
    latencyMs: options.latencyMs,
    envelope: (direction, text) => direction === 'request' && recorded.push({ body: text }),
  });
  // The smallest cache: texts that were just read are gone when their turn comes again.
  const gateway = await startGatewayProcess(simulator.url, { EXDAV_CACHE_MB: '1' });
  try {
    const world = await openWorld(gateway, options.events);
    const rows: Row[] = [];
    for (const scenario of scenarios) {
      const counters = {
        calls: () => Object.values(simulator.calls()).reduce((sum, count) => sum + count, 0),
        take: () => recorded.splice(0),
      };
      rows.push(await measureScenario(scenario, { world, gateway, ewsUrl: simulator.url, ...counters }));
    }
    return rows;
  } finally {
    await gateway.stop();
    await simulator.close();
  }
}

interface Bench {
  readonly world: World;
  readonly gateway: GatewayProcess;
  readonly ewsUrl: string;
  readonly calls: () => number;
  readonly take: () => Recorded[];
}

async function measureScenario(scenario: Scenario, bench: Bench): Promise<Row> {
  const { world, gateway } = bench;
  const samples: { wall: number; floor: number; cpu: number; bytes: number; calls: number }[] = [];
  await gateway.longestStallMs();
  for (let run = 0; run < warmUps + runs; run += 1) {
    await scenario.prepare?.(world, run);
    bench.take();
    const before = { calls: bench.calls(), cpu: gateway.cpuMs(), at: performance.now() };
    const bytes = await scenario.run(world, run);
    const wall = performance.now() - before.at;
    const calls = bench.calls() - before.calls;
    const cpu = gateway.cpuMs() - before.cpu;
    // The first call must end before the others can begin; those run side by side.
    const [first, ...others] = bench.take();
    const waves = first === undefined ? [] : [[first], others];
    const floor = isWrite(scenario) ? Number.NaN : await floorMs(bench.ewsUrl, basicOf(alice), waves);
    if (run >= warmUps) samples.push({ wall, floor, cpu, bytes, calls });
  }
  const budget = scenario.budget(world);
  const wallMs = median(samples.map((sample) => sample.wall));
  const calls = Math.max(...samples.map((sample) => sample.calls));
  const stallMs = await gateway.longestStallMs();
  const target = targets[scenario.name]?.events === world.events ? targets[scenario.name] : undefined;
  const missed = [
    ...(calls > budget ? [`${calls} calls, ${budget} allowed`] : []),
    ...(target !== undefined && wallMs > target.wallMs
      ? [`${Math.round(wallMs)} ms, ${target.wallMs} allowed`]
      : []),
    ...(stallMs > longestStallMs ? [`event loop held for ${Math.round(stallMs)} ms`] : []),
  ];
  const floor = median(samples.map((sample) => sample.floor));
  return {
    name: scenario.name,
    events: world.events,
    calls,
    budget,
    wallMs,
    floorMs: Number.isNaN(floor) ? undefined : floor,
    cpuMs: samples.reduce((sum, sample) => sum + sample.cpu, 0) / samples.length,
    bytes: median(samples.map((sample) => sample.bytes)),
    peakRssMb: gateway.peakRssMb(),
    stallMs,
    target: target === undefined ? undefined : `≤ ${target.wallMs} ms`,
    missed,
  };
}

/** Sending a write again would change the mailbox: writes have no floor. */
function isWrite(scenario: Scenario): boolean {
  return /^(PUT|DELETE)/.test(scenario.name);
}

async function openWorld(gateway: GatewayProcess, events: number): Promise<World> {
  const client = openDavClient(gateway.url, alice);
  const home = `/calendars/${alice.address}/`;
  const calendar = `${home}calendar/`;
  const series = `${calendar}bench-series.ics`;
  const list = await client.send('PROPFIND', calendar, {
    body: propfind('D:getetag'),
    headers: { Depth: '1' },
  });
  const plain = hrefsOf(list).filter((href) => href !== calendar);
  await client.send('PUT', series, { body: dailySeries(10, 'first change'), headers: icalendar });
  let next = 0;
  return {
    client,
    home,
    calendar,
    events,
    plain,
    series,
    take(count) {
      if (next + count > plain.length) next = 0;
      next += count;
      return plain.slice(next - count, next);
    },
    settle: () => sleep(1050),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
