// The simulated Exchange: a server on a port of this machine, its users, faults, policies and clock, and what it did.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAuthority, type Authority } from './auth/authority.ts';
import { openAuthenticator, type Scheme } from './auth/sign-in.ts';
import { openCallLog, type CallFilter, type CallLog, type LoggedCall } from './call-log.ts';
import { openClock, type Clock } from './clock.ts';
import { openFaults, type Faults } from './faults.ts';
import { openTurnstile, type Policies } from './throttling.ts';
import { openPages } from './pages.ts';
import { seedWorld, type Seed } from './seed/index.ts';
import { openServer } from './server.ts';
import { addMailbox, openWorld, type SentMessage, type World } from './state/index.ts';
import { emptyWorld, restoreWorld, saveWorld, type Saved } from './state/saved.ts';
import { snapshotOf } from './state/snapshot.ts';
import { endSubscriptions, openSubscriptions } from './subscriptions.ts';

export type { CallFilter, LoggedCall } from './call-log.ts';
export type { Clock } from './clock.ts';
export type { Faults } from './faults.ts';
export type { Policies } from './throttling.ts';
export type { Seed } from './seed/index.ts';
export type { SentMessage, World } from './state/index.ts';
export type { Saved } from './state/saved.ts';

export interface SimulatorOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Serves the admin interface on this port of 127.0.0.1 (0: any free one); default: none. */
  readonly adminPort?: number;
  /** `none`, a believable mailbox, that with 10,000 more events, or so many plain events. */
  readonly seed?: Seed;
  readonly latencyMs?: number;
  /** How long after delivery a meeting request reaches the calendar; default: right after the answer. */
  readonly assistantDelayMs?: number;
  /** Which sign-ins are offered, in this order, and taken; default: NTLM and Basic, as Exchange does. */
  readonly schemes?: readonly Scheme[];
  /** Sees every SOAP envelope that comes and goes. */
  readonly envelope?: (direction: 'request' | 'answer', xml: string) => void;
}

export interface Simulator {
  readonly url: string;
  /** Of the admin interface. */
  readonly adminUrl: string | undefined;
  readonly users: readonly { readonly address: string; readonly password: string }[];
  readonly faults: Faults;
  readonly policies: Policies;
  readonly clock: Clock;
  /** The state itself, for tests that need what no client can do (simulator/state). */
  readonly world: World;
  /** Issues tokens for the scheme `bearer`; its endpoints are below `<origin>/oauth/`. */
  readonly authority: Authority;
  /** `account` (an address, or `app:` and a client id) may impersonate these mailboxes. */
  readonly allowImpersonation: (account: string, of?: readonly string[]) => void;
  sentMessages(): readonly SentMessage[];
  forgetSentMessages(): void;
  /** Plain comparable JSON of all folders and items. @throws Error for an unknown address */
  snapshot(address: string): unknown;
  /** How often each operation was called. */
  calls(): Readonly<Record<string, number>>;
  /** The last calls one by one, oldest first. */
  callLog(filter?: CallFilter): readonly LoggedCall[];
  resetCalls(): void;
  /** How often wrong credentials were tried. */
  refusedSignIns(): number;
  addUser(address: string, password: string, name?: string): void;
  /** The mailbox and all that is in it. */
  removeUser(address: string): void;
  /** Everything as after a start with that seed (default: the one it was started with): mailboxes, faults, policies, clock, log. */
  reset(seed?: Seed): void;
  /** More of a seed into what is there. */
  seed(seed: Seed): void;
  save(): Saved;
  /** Mailboxes, folders, items, rights and sent messages as they were; subscriptions end. */
  restore(saved: Saved): void;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const servers: Servers = {};
  const simulator = await startExchange(options, servers);
  if (options.adminPort === undefined) return simulator;
  // Loaded only here: most who embed the simulator call it directly.
  const { openAdmin } = await import('./admin/server.ts');
  const server = openAdmin(simulator);
  servers.admin = { server, url: `http://127.0.0.1:${await listen(server, options.adminPort)}` };
  return simulator;
}

interface Servers {
  admin?: { readonly server: Server; readonly url: string };
}

async function startExchange(options: SimulatorOptions, servers: Servers): Promise<Simulator> {
  const clock = openClock();
  const world = openWorld(clock.now);
  world.assistantDelayMs = options.assistantDelayMs ?? 0;
  seedWorld(world, options.seed ?? 'none');
  const faults = openFaults(options.latencyMs ?? 0, (ms) => (world.commitLagMs = ms));
  const authority = whenNeeded(() => openAuthority(world));
  const log = openCallLog(clock.now);
  const turnstile = openTurnstile(clock.now);
  const subscriptions = openSubscriptions(clock.now);
  const server = openServer({
    world,
    authenticate: openAuthenticator(world, authority, options.schemes),
    pages: openPages(authority),
    faults,
    turnstile,
    subscriptions,
    log,
    countRefusal: log.refuse,
    envelope: options.envelope,
  });
  const port = await listen(server, options.port ?? 0);
  const switches = { faults: faults.faults, policies: turnstile.policies, clock, world };
  const acts = {
    end: () => endSubscriptions(subscriptions),
    begin: () => begin(options, switches, log),
  };
  return {
    url: `http://127.0.0.1:${port}/EWS/Exchange.asmx`,
    get adminUrl() {
      return servers.admin?.url;
    },
    get users() {
      return usersOf(world);
    },
    ...switches,
    get authority() {
      return authority();
    },
    ...told(world, log),
    ...changed(world, acts, options.seed),
    async close() {
      if (servers.admin !== undefined) await closed(servers.admin.server);
      await closed(server);
    },
  };
}

type Switches = Pick<Simulator, 'faults' | 'policies' | 'clock' | 'world'>;

/** All switches as they are at a start. */
function begin(options: SimulatorOptions, { faults, policies, clock, world }: Switches, log: CallLog): void {
  faults.clear();
  faults.latencyMs = options.latencyMs ?? 0;
  policies.clear();
  clock.reset();
  log.clear();
  world.assistantDelayMs = options.assistantDelayMs ?? 0;
}

type Changed = Pick<
  Simulator,
  'allowImpersonation' | 'addUser' | 'removeUser' | 'reset' | 'seed' | 'save' | 'restore'
>;

function changed(
  world: World,
  acts: { readonly end: () => void; readonly begin: () => void },
  firstSeed: Seed = 'none',
): Changed {
  return {
    allowImpersonation: (account, of) => allowImpersonation(world, account, of),
    addUser(address, password, name) {
      addMailbox(world, { address, password, ...(name === undefined ? {} : { name }) });
    },
    removeUser(address) {
      const mailbox = world.mailboxes.get(address.toLowerCase());
      if (mailbox === undefined) return;
      acts.end();
      world.mailboxes.delete(address.toLowerCase());
      world.byNo.delete(mailbox.no);
    },
    reset(seed = firstSeed) {
      acts.end();
      emptyWorld(world);
      acts.begin();
      seedWorld(world, seed);
    },
    seed: (seed) => seedWorld(world, seed),
    save: () => saveWorld(world),
    restore(saved) {
      acts.end();
      restoreWorld(world, saved);
    },
  };
}

type Told = Pick<
  Simulator,
  'sentMessages' | 'forgetSentMessages' | 'snapshot' | 'calls' | 'callLog' | 'resetCalls' | 'refusedSignIns'
>;

function told(world: World, log: CallLog): Told {
  return {
    calls: log.counts,
    callLog: log.calls,
    resetCalls: log.clear,
    refusedSignIns: log.refusals,
    sentMessages: () => [...world.sent],
    forgetSentMessages() {
      world.sent.length = 0;
    },
    snapshot(address) {
      const mailbox = world.mailboxes.get(address.toLowerCase());
      if (mailbox === undefined) throw new Error(`no mailbox ${address}`);
      return snapshotOf(mailbox);
    },
  };
}

/** Made at the first call, and kept: the key pair of the authority takes a while. */
function whenNeeded<T>(make: () => T): () => T {
  const held: { value?: T } = {};
  return () => (held.value ??= make());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(portOf(server.address())));
  });
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Those who can sign in. */
function usersOf(world: World): Simulator['users'] {
  return [...world.mailboxes.values()]
    .filter(({ password }) => password !== '')
    .map(({ address, password }) => ({ address, password }));
}

function allowImpersonation(world: World, account: string, of: readonly string[] | undefined): void {
  const targets = of === undefined ? 'all' : new Set(of.map((address) => address.toLowerCase()));
  world.policy.impersonators.set(account.startsWith('app:') ? account : account.toLowerCase(), targets);
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
