// A new client reads everything from a gateway that knows nothing: list, then all texts in hundreds.
import { startSimulator } from '../simulator/index.ts';
import { basicOf, openDavClient } from './dav-client.ts';
import { floorMs, type Recorded } from './floor.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { alice, median, type Row } from './measure.ts';
import { firstRead } from './scenarios.ts';

const runs = 5;
const maxFloors = 3;
const maxCpuMsPerEvent = 0.4;

export async function measureFirstRead(options: { events: number; latencyMs: number }): Promise<Row> {
  const recorded: Recorded[] = [];
  const simulator = await startSimulator({
    seed: options.events,
    latencyMs: options.latencyMs,
    envelope: (direction, text) => direction === 'request' && recorded.push({ body: text }),
  });
  const samples: { wall: number; cpu: number; floor: number; stall: number; peak: number; calls: number }[] =
    [];
  for (let run = 0; run < runs; run += 1) {
    // A process of its own for each run: no ledger, no cache, nothing compiled.
    const gateway = await startGatewayProcess(simulator.url);
    recorded.length = 0;
    const before = gateway.cpuMs();
    const started = performance.now();
    await firstRead({
      client: openDavClient(gateway.url, alice),
      calendar: `/calendars/${alice.address}/calendar/`,
    });
    const wall = performance.now() - started;
    const cpu = gateway.cpuMs() - before;
    const [stall, peak] = [await gateway.longestStallMs(), gateway.peakRssMb()];
    await gateway.stop();
    const calls = recorded.splice(0);
    const floor = await floorMs(simulator.url, basicOf(alice), wavesOf(calls));
    samples.push({ wall, cpu, floor, stall, peak, calls: calls.length });
  }
  await simulator.close();
  const of = (pick: (sample: (typeof samples)[number]) => number): number => median(samples.map(pick));
  const [wallMs, floor, cpuMs, stallMs] = [
    of((one) => one.wall),
    of((one) => one.floor),
    of((one) => one.cpu),
    of((one) => one.stall),
  ];
  return {
    name: 'first complete read',
    events: options.events,
    calls: of((one) => one.calls),
    wallMs,
    floorMs: floor,
    cpuMs,
    peakRssMb: of((one) => one.peak),
    stallMs,
    target: `≤ ${maxFloors}× floor, ≤ ${maxCpuMsPerEvent} ms CPU an event, no stall over 50 ms`,
    missed: [
      ...(wallMs > maxFloors * floor ? [`${(wallMs / floor).toFixed(1)}× the floor`] : []),
      ...(cpuMs > maxCpuMsPerEvent * options.events
        ? [`${(cpuMs / options.events).toFixed(2)} ms CPU an event`]
        : []),
      ...(stallMs > 50 ? [`event loop held for ${Math.round(stallMs)} ms`] : []),
    ],
  };
}

/** The listing goes page after page; the texts of one multiget side by side. */
function wavesOf(calls: readonly Recorded[]): Recorded[][] {
  const waves: Recorded[][] = [];
  for (const call of calls) {
    const isItems = call.body.includes('GetItem');
    const last = waves.at(-1);
    if (isItems && last !== undefined && last.length < 2 && last[0]?.body.includes('GetItem'))
      last.push(call);
    else waves.push([call]);
  }
  return waves;
}
