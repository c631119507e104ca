// A mailbox in memory with a home in front of it, and a clock that only moves when told.
import { type HomeOptions, openHome, openObjectCache } from '../../src/collections/index.ts';
import type { Mailbox } from '../../src/model/backend.ts';
import type { Collection, Home, Resource } from '../../src/model/collection.ts';
import { DavError, type Outcome, valueOf } from '../../src/model/failure.ts';
import type { Store } from '../../src/model/store.ts';
import { openStore } from '../../src/store/index.ts';
import {
  type MemoryBackend,
  type MemoryOptions,
  openMemoryBackend,
  type Outside,
} from '../memory-backend/index.ts';

export interface Fixture {
  readonly backend: MemoryBackend;
  readonly outside: Outside;
  readonly store: Store;
  readonly mailbox: Mailbox;
  readonly home: Home;
  readonly calendar: Collection;
  readonly tasks: Collection;
  readonly contacts: Collection;
  /** Another calendar. */
  readonly other: Collection;
  /** By default past everything that counts as fresh. */
  readonly pass: (ms?: number) => void;
  readonly now: () => number;
  /** Calls to the mailbox that `work` needed. */
  readonly callsOf: (work: () => Promise<unknown>) => Promise<Readonly<Record<string, number>>>;
  /** Another process on the same store. */
  readonly replica: (more?: Partial<HomeOptions>) => Promise<Home>;
}

export async function openFixture(
  options: MemoryOptions & { store?: string; home?: Partial<HomeOptions> } = {},
): Promise<Fixture> {
  let time = Date.UTC(2026, 5, 1);
  const now = (): number => time;
  const backend = openMemoryBackend({ now, ...options });
  const outside = backend.outside('alice@example.test');
  outside.folder({ key: 'calendar', kind: 'events', isDefault: true });
  outside.folder({ key: 'tasks', kind: 'tasks', isDefault: true });
  outside.folder({ key: 'contacts', kind: 'contacts', isDefault: true });
  outside.folder({ key: 'other', kind: 'events' });
  const store = await openStore(options.store ?? 'memory:', { now });
  const signIn = () => backend.open({ kind: 'password', user: 'alice@example.test', password: 'alice' });
  const mailbox = await signIn();
  const home = openHome(mailbox, {
    ledger: store.ledger,
    cache: openObjectCache(50_000_000),
    now,
    ...options.home,
  });
  const at = async (key: string): Promise<Collection> => {
    const found = await home.collection(key);
    if (!found) throw new Error(`no collection ${key}`);
    return found;
  };
  const [calendar, tasks, contacts, other] = [
    await at('calendar'),
    await at('tasks'),
    await at('contacts'),
    await at('other'),
  ];
  backend.resetCalls();
  return {
    backend,
    outside,
    store,
    mailbox,
    home,
    calendar,
    tasks,
    contacts,
    other,
    now,
    pass: (ms = 5000) => {
      time += ms;
    },
    callsOf: async (work) => {
      backend.resetCalls();
      await work();
      return backend.calls();
    },
    // A ledger object of its own: nothing in memory is shared with the first process.
    replica: async (more) =>
      openHome(await signIn(), {
        ledger: { ...store.ledger },
        cache: openObjectCache(50_000_000),
        now,
        ...more,
      }),
  };
}

export async function readOne(collection: Collection, href: string): Promise<Resource> {
  const [found] = await collection.read([href], { kind: 'whole' });
  if (!found) throw new Error('nothing was answered');
  return valueOf(found[1]);
}

export function failureKind(outcome: Outcome<unknown> | undefined): string {
  return outcome === undefined ? 'nothing' : outcome.ok ? 'ok' : outcome.failure.kind;
}

/** Status and precondition of what `work` throws. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DavError)) throw error;
    return [error.status, error.precondition?.replace(/^\{.*\}/, '')].filter(Boolean).join(' ');
  }
  return 'met';
}
