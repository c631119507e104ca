// A new client reads everything from a gateway that knows nothing: list, then all texts in hundreds. Each run in a process of
// its own: no ledger, no cache, nothing compiled.
import { startSimulator } from '../simulator/index.ts';
import { basicOf, type DavClient, hrefsOf, multiget, openDavClient, propfind } from './dav-client.ts';
import { floorMs, openRecorder, type Recorded, type Recorder } from './floor.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { longestStallMs } from './measure.ts';
import { median, type Row } from './row.ts';
import { alice } from './world.ts';

const maxFloors = 3;
const maxCpuMsPerEvent = 0.4;
/** SyncFolderItems gives so many a call. */
const pageSize = 512;

const home = `/calendars/${alice.address}/`;
const calendar = `${home}calendar/`;

interface Step {
  readonly calls: number;
  readonly wallMs: number;
  readonly floorMs: number;
  readonly cpuMs: number;
  readonly stallMs: number;
  readonly peakRssMb: number;
  readonly bytes: number;
}

export async function measureFirstRead(options: {
  events: number;
  latencyMs: number;
  runs: number;
}): Promise<Row[]> {
  const recorder = openRecorder(options.latencyMs);
  const simulator = await startSimulator({
    seed: options.events,
    latencyMs: options.latencyMs,
    envelope: recorder.envelope,
  });
  const steps: { readonly list: Step; readonly whole: Step }[] = [];
  for (let run = 0; run < options.runs; run += 1) steps.push(await firstRead(simulator.url, recorder));
  await simulator.close();
  const list = summary(steps.map((each) => each.list));
  const whole = summary(steps.map((each) => each.whole));
  const { events } = options;
  const pages = Math.ceil(events / pageSize);
  return [
    {
      name: 'PROPFIND depth 1 of a calendar, ledger lost',
      events,
      ...list,
      budget: pages,
      missed: list.calls.every((count) => count === pages)
        ? []
        : [`${list.calls.join('–')} calls, ${pages} expected`],
    },
    {
      name: 'first complete read',
      events,
      ...whole,
      ...judged(whole, events),
    },
  ];
}

/** Of 10,000 events: of fewer, compiling the code for the first time is most of the CPU time. */
function judged(
  { wallMs, floorMs, cpuMs, stallMs }: Pick<Step, 'wallMs' | 'floorMs' | 'cpuMs' | 'stallMs'>,
  events: number,
): Pick<Row, 'target' | 'missed'> {
  const floors = wallMs / floorMs;
  const perEvent = cpuMs / events;
  const isJudged = events >= 10_000;
  return {
    target: isJudged
      ? `≤ ${maxFloors}× floor, ≤ ${maxCpuMsPerEvent} ms CPU an event, no stall over ${longestStallMs} ms`
      : `no stall over ${longestStallMs} ms`,
    missed: [
      ...(isJudged && floors > maxFloors ? [`${floors.toFixed(1)}× the floor`] : []),
      ...(isJudged && perEvent > maxCpuMsPerEvent ? [`${perEvent.toFixed(2)} ms CPU an event`] : []),
      ...(stallMs > longestStallMs ? [`event loop held for ${Math.round(stallMs)} ms`] : []),
    ],
  };
}

function summary(steps: readonly Step[]) {
  const of = (name: keyof Step): number[] => steps.map((step) => step[name]);
  return {
    calls: [Math.min(...of('calls')), Math.max(...of('calls'))] as const,
    wallMs: median(of('wallMs')),
    floorMs: median(of('floorMs')),
    cpuMs: median(of('cpuMs')),
    bytes: median(of('bytes')),
    peakRssMb: Math.max(...of('peakRssMb')),
    stallMs: Math.max(...of('stallMs')),
  };
}

async function firstRead(ewsUrl: string, recorder: Recorder): Promise<{ list: Step; whole: Step }> {
  const gateway = await startGatewayProcess(ewsUrl);
  try {
    const client = openDavClient(gateway.url, alice);
    // Signing in, and which folders there are, belong to no row.
    await client.send('PROPFIND', `${home}tasks/`, {
      body: propfind('D:resourcetype'),
      headers: { Depth: '0' },
    });
    recorder.take();
    const before = await gateway.usage();
    const started = performance.now();
    const list = await listAll(client);
    const listed = {
      wallMs: performance.now() - started,
      ...(await gateway.usage()),
      calls: recorder.take(),
    };
    const bytes = list.bytes + (await readAll(client, list.hrefs));
    const wallMs = performance.now() - started;
    const after = { ...(await gateway.usage()), peakRssMb: gateway.peakRssMb() ?? 0 };
    const calls = [...listed.calls, ...later(recorder.take(), listed.calls.length)];
    const cost = async (recorded: readonly Recorded[]) => ({
      calls: recorded.length,
      floorMs: await floorMs(ewsUrl, basicOf(alice), recorded),
    });
    return {
      list: {
        ...(await cost(listed.calls)),
        wallMs: listed.wallMs,
        cpuMs: listed.cpuMs - before.cpuMs,
        stallMs: listed.stallMs,
        peakRssMb: after.peakRssMb,
        bytes: list.bytes,
      },
      whole: {
        ...(await cost(calls)),
        wallMs,
        cpuMs: after.cpuMs - before.cpuMs,
        stallMs: Math.max(listed.stallMs, after.stallMs),
        peakRssMb: after.peakRssMb,
        bytes,
      },
    };
  } finally {
    await gateway.stop();
  }
}

/** Calls of a second step as they follow on the first. */
function later(calls: readonly Recorded[], count: number): readonly Recorded[] {
  return calls.map(({ body, after }) => ({ body, after: after + count }));
}

async function listAll(client: DavClient): Promise<{ hrefs: readonly string[]; bytes: number }> {
  const options = { body: propfind('D:getetag'), headers: { Depth: '1' } };
  const list = await client.send('PROPFIND', calendar, options);
  return { hrefs: hrefsOf(list).filter((href) => href !== calendar), bytes: list.bytes };
}

async function readAll(client: DavClient, hrefs: readonly string[]): Promise<number> {
  let [found, bytes] = [0, 0];
  for (let at = 0; at < hrefs.length; at += 100) {
    const body = multiget(hrefs.slice(at, at + 100));
    const answer = await client.send('REPORT', calendar, { body, headers: { Depth: '1' } });
    found += answer.text.split('BEGIN:VCALENDAR').length - 1;
    bytes += answer.bytes;
  }
  if (found !== hrefs.length)
    throw new Error(`the first read gave ${found} texts for ${hrefs.length} members`);
  return bytes;
}
