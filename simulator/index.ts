// The simulated Exchange: a server on a port of this machine, its users, its faults, and what it did.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAuthority, type Authority } from './auth/authority.ts';
import { openAuthenticator, type Scheme } from './auth/sign-in.ts';
import { openFaults, type Faults } from './faults.ts';
import { openPages } from './pages.ts';
import { seedWorld, type Seed } from './seed/index.ts';
import { openServer } from './server.ts';
import { addMailbox, openWorld, type SentMessage, type World } from './state/index.ts';
import { snapshotOf } from './state/snapshot.ts';
import { openSubscriptions } from './subscriptions.ts';

export type { Faults } from './faults.ts';
export type { SentMessage, World } from './state/index.ts';

export interface SimulatorOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** `none`, a believable mailbox, that with 10,000 more events, or so many plain events. */
  readonly seed?: Seed;
  readonly latencyMs?: number;
  /** Which sign-ins are offered, in this order, and taken; default: NTLM and Basic, as Exchange does. */
  readonly schemes?: readonly Scheme[];
  /** Sees every SOAP envelope that comes and goes. */
  readonly envelope?: (direction: 'request' | 'answer', xml: string) => void;
}

export interface Simulator {
  readonly url: string;
  readonly users: readonly { readonly address: string; readonly password: string }[];
  readonly faults: Faults;
  /** The state itself, for tests that need what no client can do (simulator/state). */
  readonly world: World;
  /** Issues tokens for the scheme `bearer`; its endpoints are below `<origin>/oauth/`. */
  readonly authority: Authority;
  /** `account` (an address, or `app:` and a client id) may impersonate these mailboxes. */
  allowImpersonation(account: string, of?: readonly string[]): void;
  sentMessages(): readonly SentMessage[];
  /** Plain comparable JSON of all folders and items. */
  snapshot(address: string): unknown;
  calls(): Readonly<Record<string, number>>;
  resetCalls(): void;
  /** How often wrong credentials were tried. */
  refusedSignIns(): number;
  addUser(address: string, password: string): void;
  close(): Promise<void>;
}

export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const world = openWorld();
  seedWorld(world, options.seed ?? 'none');
  const faults = openFaults(options.latencyMs ?? 0, (ms) => (world.commitLagMs = ms));
  const authority = whenNeeded(() => openAuthority(world));
  const calls = new Map<string, number>();
  const refused = { count: 0 };
  const server = openServer({
    world,
    authenticate: openAuthenticator(world, authority, options.schemes),
    pages: openPages(authority),
    faults,
    subscriptions: openSubscriptions(world.now),
    count: (operation) => calls.set(operation, (calls.get(operation) ?? 0) + 1),
    countRefusal: () => {
      refused.count += 1;
    },
    underWay: new Map(),
    envelope: options.envelope,
  });
  const port = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}/EWS/Exchange.asmx`,
    get users() {
      return usersOf(world);
    },
    faults: faults.faults,
    world,
    get authority() {
      return authority();
    },
    allowImpersonation: (account, of) => allowImpersonation(world, account, of),
    sentMessages: () => [...world.sent],
    snapshot(address) {
      const mailbox = world.mailboxes.get(address.toLowerCase());
      if (mailbox === undefined) throw new Error(`no mailbox ${address}`);
      return snapshotOf(mailbox);
    },
    calls: () => Object.fromEntries(calls),
    resetCalls: () => calls.clear(),
    refusedSignIns: () => refused.count,
    addUser(address, password) {
      addMailbox(world, { address, password });
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
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
