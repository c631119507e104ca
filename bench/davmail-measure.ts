// Runs every scenario for one peer after the other: EWS calls, HTTP exchanges, wall time, CPU and memory.
import { subscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import { addContact } from '../simulator/seed/contacts.ts';
import { openRandom } from '../simulator/seed/random.ts';
import { folderOf } from '../simulator/state/index.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { hrefsOf } from './dav-client.ts';
import { alice, type Peer, type PeerName, type StartPeer } from './davmail-peers.ts';
import { firstPoll, list, scenarios, type Scenario, type Subject } from './davmail-scenarios.ts';

export interface Settings {
  readonly events: number;
  readonly contacts: number;
  readonly latencyMs: number;
  readonly runs: number;
  readonly warmUps: number;
}

export interface Figures {
  readonly ewsCalls: number;
  /** Exchanges on the way to Exchange, refused sign-ins included. */
  readonly httpCalls: number;
  readonly wallMs: number;
  /** Mean over the runs: the clock of the system ticks in 10 ms. */
  readonly cpuMs: number;
}

export interface Row {
  readonly name: string;
  readonly note?: string;
  readonly of: Partial<Record<PeerName, Figures>>;
}

export interface Memory {
  readonly startedMb: number;
  readonly peakMb: number;
}

export interface Comparison {
  readonly settings: Settings;
  readonly at: string;
  readonly rows: readonly Row[];
  readonly memory: Partial<Record<PeerName, Memory>>;
}

export async function compare(starts: readonly StartPeer[], settings: Settings): Promise<Comparison> {
  const found: { name: PeerName; rows: readonly Named[]; memory: Memory }[] = [];
  for (const start of starts) {
    const exchange = await openExchange(settings);
    found.push(await measurePeer(start, exchange, settings));
    await exchange.simulator.close();
  }
  const all = [coldName, ...scenarios.map(({ name }) => name)];
  return {
    settings,
    at: new Date().toISOString(),
    rows: all.map((name) => {
      const note = scenarios.find((scenario) => scenario.name === name)?.note;
      const of = Object.fromEntries(
        found.map((peer) => [peer.name, peer.rows.find((row) => row.name === name)?.figures]),
      );
      return { name, ...(note === undefined ? {} : { note }), of };
    }),
    memory: Object.fromEntries(found.map(({ name, memory }) => [name, memory])),
  };
}

interface Exchange {
  readonly simulator: Simulator;
  http(): number;
}

/** Each peer finds the same mailbox, made anew. */
async function openExchange({ events, contacts }: Settings): Promise<Exchange> {
  const simulator = await startSimulator({ seed: events, latencyMs: 0 });
  const { world } = simulator;
  const owner = world.mailboxes.get(alice.address);
  if (owner === undefined) throw new Error('the seed has no mailbox of alice');
  const dayMs = 86_400_000;
  const sowing = {
    world,
    random: openRandom(contacts),
    today: Math.floor(Date.now() / dayMs) * dayMs,
    owner,
  };
  for (let number = 0; number < contacts; number += 1)
    addContact(sowing, folderOf(owner, 'contacts'), number);
  // Nothing else in this process listens for HTTP.
  const counted = { http: 0 };
  subscribe('http.server.request.start', () => {
    counted.http += 1;
  });
  return { simulator, http: () => counted.http };
}

interface Named {
  readonly name: string;
  readonly figures: Figures;
}

async function measurePeer(
  start: StartPeer,
  exchange: Exchange,
  settings: Settings,
): Promise<{ name: PeerName; rows: readonly Named[]; memory: Memory }> {
  const rows = [await measureCold(start, exchange, settings)];
  const peer = await start(exchange.simulator.url);
  try {
    const startedMb = peer.rssMb();
    const subject = await subjectOf(peer);
    for (const scenario of scenarios) {
      process.stderr.write(`${peer.name}: ${scenario.name}\n`);
      rows.push(await measure(scenario, subject, { exchange, settings }));
    }
    return { name: peer.name, rows, memory: { startedMb, peakMb: peer.peakRssMb() } };
  } finally {
    await peer.stop();
  }
}

const coldName = 'first request of a user after the start';
const coldRuns = 5;

/** A new process for each run. */
async function measureCold(start: StartPeer, exchange: Exchange, settings: Settings): Promise<Named> {
  const samples: Figures[] = [];
  for (let run = 0; run < coldRuns; run += 1) {
    const peer = await start(exchange.simulator.url);
    exchange.simulator.faults.latencyMs = settings.latencyMs;
    samples.push(await sampleOf(peer, exchange, () => firstPoll(peer)));
    exchange.simulator.faults.latencyMs = 0;
    await peer.stop();
  }
  return { name: coldName, figures: summaryOf(samples) };
}

/** Hands out the members of both collections in turn. */
async function subjectOf(peer: Peer): Promise<Subject> {
  const dealer = async (path: string): Promise<(count: number) => readonly string[]> => {
    const members = hrefsOf(await list(peer, path)).filter((href) => !href.endsWith('/'));
    const next = { at: 0 };
    return (count) => {
      if (next.at + count > members.length) next.at = 0;
      next.at += count;
      return members.slice(next.at - count, next.at);
    };
  };
  const [events, cards] = [await dealer(peer.calendar), await dealer(peer.book)];
  return { ...peer, events, cards };
}

/** The time in which a refresh of the gateway still counts, gone by before each run. */
const settleMs = 1050;

interface Bench {
  readonly exchange: Exchange;
  readonly settings: Settings;
}

async function measure(scenario: Scenario, subject: Subject, bench: Bench): Promise<Named> {
  const { exchange, settings } = bench;
  const { faults } = exchange.simulator;
  const samples: Figures[] = [];
  for (let run = 0; run < settings.warmUps + settings.runs; run += 1) {
    const isWarmUp = run < settings.warmUps;
    // Warm-ups are for compilers and pools: no need to wait for the network in them.
    await scenario.prepare?.(subject, run);
    if (!isWarmUp) await sleep(settleMs);
    faults.latencyMs = isWarmUp ? 0 : settings.latencyMs;
    const sample = await sampleOf(subject, exchange, () => scenario.run(subject, run));
    faults.latencyMs = 0;
    if (!isWarmUp) samples.push(sample);
  }
  return { name: scenario.name, figures: summaryOf(samples) };
}

async function sampleOf(peer: Peer, exchange: Exchange, work: () => Promise<void>): Promise<Figures> {
  const calls = (): number =>
    Object.values(exchange.simulator.calls()).reduce((sum, count) => sum + count, 0);
  const before = { calls: calls(), http: exchange.http(), cpu: await peer.cpuMs(), at: performance.now() };
  await work();
  const wallMs = performance.now() - before.at;
  return {
    ewsCalls: calls() - before.calls,
    httpCalls: exchange.http() - before.http,
    wallMs,
    cpuMs: (await peer.cpuMs()) - before.cpu,
  };
}

function summaryOf(samples: readonly Figures[]): Figures {
  const of = (pick: (figures: Figures) => number): number => median(samples.map(pick));
  return {
    ewsCalls: of(({ ewsCalls }) => ewsCalls),
    httpCalls: of(({ httpCalls }) => httpCalls),
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: samples.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / samples.length,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
