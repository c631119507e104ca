// Runs every scenario with both peers in turn: EWS calls, HTTP exchanges, wall time, CPU and memory.
import { subscribe } from 'node:diagnostics_channel';
import { loadavg } from 'node:os';
import { addContact } from '../simulator/seed/contacts.ts';
import { openRandom } from '../simulator/seed/random.ts';
import { folderOf } from '../simulator/state/index.ts';
import { startSimulator, type Simulator } from '../simulator/index.ts';
import { hrefsOf } from './dav-client.ts';
import type { Peer, PeerName, StartPeer } from './davmail-peers.ts';
import { firstPoll, list, scenarios, type Scenario, type Subject } from './davmail-scenarios.ts';
import { alice } from './world.ts';

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
  /** Of the machine over the minute before: above the number of its processors, wall times say little. */
  readonly load: number;
  readonly rows: readonly Row[];
  readonly memory: Partial<Record<PeerName, Memory>>;
}

export async function compare(starts: readonly StartPeer[], settings: Settings): Promise<Comparison> {
  const load = loadavg()[0] ?? 0;
  const exchanges = await Promise.all(starts.map(() => openExchange(settings)));
  const entrants = starts.flatMap((start, index) => {
    const exchange = exchanges[index];
    return exchange === undefined ? [] : [{ start, exchange }];
  });
  const rows = [await measureCold(entrants, settings)];
  const runners: Runner[] = [];
  try {
    for (const { start, exchange } of entrants) {
      const peer = await start(exchange.simulator.url);
      runners.push({ exchange, startedMb: peer.rssMb(), subject: await subjectOf(peer) });
    }
    for (const scenario of scenarios) {
      process.stderr.write(`${scenario.name}\n`);
      rows.push(await measure(scenario, runners, settings));
    }
    const memory = runners.map(
      ({ subject, startedMb }) => [subject.name, { startedMb, peakMb: subject.peakRssMb() }] as const,
    );
    return { settings, at: new Date().toISOString(), load, rows, memory: Object.fromEntries(memory) };
  } finally {
    for (const { subject } of runners) await subject.stop();
    for (const { simulator } of exchanges) await simulator.close();
  }
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

interface Entrant {
  readonly start: StartPeer;
  readonly exchange: Exchange;
}

const coldRuns = 5;

/** A new process for each run. */
async function measureCold(entrants: readonly Entrant[], settings: Settings): Promise<Row> {
  const samples = new Map<PeerName, Figures[]>();
  for (let run = 0; run < coldRuns; run += 1) {
    for (const { start, exchange } of entrants) {
      const peer = await start(exchange.simulator.url);
      const sample = await sampleOf(peer, exchange, {
        work: () => firstPoll(peer),
        latencyMs: settings.latencyMs,
      });
      samples.set(peer.name, [...(samples.get(peer.name) ?? []), sample]);
      await peer.stop();
    }
  }
  return rowOf({ name: 'first request of a user after the start' }, samples);
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

interface Runner {
  readonly exchange: Exchange;
  readonly subject: Subject;
  readonly startedMb: number;
}

/** Run by run one after the other, so that what else the machine does meets both. */
async function measure(scenario: Scenario, runners: readonly Runner[], settings: Settings): Promise<Row> {
  const samples = new Map<PeerName, Figures[]>();
  for (let run = 0; run < settings.warmUps + settings.runs; run += 1) {
    // Warm-ups are for compilers and pools: no need to wait for the network in them.
    const isWarmUp = run < settings.warmUps;
    for (const { subject, exchange } of runners) {
      await scenario.prepare?.(subject, run);
      await subject.settle();
      const latencyMs = isWarmUp ? 0 : settings.latencyMs;
      const sample = await sampleOf(subject, exchange, { work: () => scenario.run(subject, run), latencyMs });
      if (!isWarmUp) samples.set(subject.name, [...(samples.get(subject.name) ?? []), sample]);
    }
  }
  return rowOf(scenario, samples);
}

interface Task {
  readonly work: () => Promise<void>;
  readonly latencyMs: number;
}

async function sampleOf(peer: Peer, exchange: Exchange, { work, latencyMs }: Task): Promise<Figures> {
  const { faults } = exchange.simulator;
  const calls = (): number =>
    Object.values(exchange.simulator.calls()).reduce((sum, count) => sum + count, 0);
  faults.latencyMs = latencyMs;
  const before = { calls: calls(), http: exchange.http(), cpu: peer.cpuMs(), at: performance.now() };
  await work();
  const wallMs = performance.now() - before.at;
  faults.latencyMs = 0;
  return {
    ewsCalls: calls() - before.calls,
    httpCalls: exchange.http() - before.http,
    wallMs,
    cpuMs: peer.cpuMs() - before.cpu,
  };
}

function rowOf(
  { name, note }: Pick<Scenario, 'name' | 'note'>,
  samples: ReadonlyMap<PeerName, readonly Figures[]>,
): Row {
  const of = Object.fromEntries([...samples].map(([peer, all]) => [peer, summaryOf(all)]));
  return { name, ...(note === undefined ? {} : { note }), of };
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
