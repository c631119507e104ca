// What all sign-ins of a process share: connections, back-off and open requests of each host, one writer for each collection.
import { BackendError } from '../model/failure.ts';
import { openHttpPool, type HttpPool } from './http.ts';

export interface HostOptions {
  /** PEM text of CAs trusted beside the usual ones. */
  readonly ca?: string;
  /** The longest time without a byte from a server. */
  readonly timeoutMs?: number;
  /** Requests open at once to one host. */
  readonly width?: number;
  readonly now?: () => number;
}

/** One for the whole process. */
export interface DavHosts {
  at(origin: string): Host;
  /** Runs work on a collection after the work before it: parallel writers can set back the sync tokens of Nextcloud. */
  inTurn<T>(collectionUrl: string, work: () => Promise<T>): Promise<T>;
  close(): void;
}

export interface Host {
  readonly http: HttpPool;
  /** Runs one request when there is room. @throws BackendError `busy` at once while the host has asked to wait */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** The host said 429: answers how long nobody asks it. */
  busy(retryAfterMs: number | undefined): number;
  /** It answered in order. */
  calm(): void;
}

const firstBackOffMs = 60_000;
const longestBackOffMs = 30 * 60_000;

export function openDavHosts(options: HostOptions = {}): DavHosts {
  const hosts = new Map<string, Host>();
  const writers = new Map<string, Promise<unknown>>();
  return {
    at(origin) {
      const known = hosts.get(origin) ?? openHost(options);
      hosts.set(origin, known);
      return known;
    },
    async inTurn(collectionUrl, work) {
      const before = writers.get(collectionUrl);
      const turn = afterwards(before, work);
      writers.set(collectionUrl, turn);
      try {
        return await turn;
      } finally {
        if (writers.get(collectionUrl) === turn) writers.delete(collectionUrl);
      }
    },
    close() {
      for (const host of hosts.values()) host.http.close();
      hosts.clear();
    },
  };
}

async function afterwards<T>(before: Promise<unknown> | undefined, work: () => Promise<T>): Promise<T> {
  // How the one before ended is for who asked for it.
  await before?.catch(() => undefined);
  return work();
}

function openHost({ ca, timeoutMs = 60_000, width = 4, now = Date.now }: HostOptions): Host {
  const state = { open: 0, until: 0, backOffMs: firstBackOffMs };
  const waiting: (() => void)[] = [];
  function demandCalm(): void {
    const left = state.until - now();
    if (left > 0) {
      throw new BackendError({
        kind: 'busy',
        message: 'the server asked everybody here to wait (429)',
        code: 'BackOff',
        retryAfterMs: left,
      });
    }
  }
  return {
    http: openHttpPool({ timeoutMs, maxSockets: width, ...(ca !== undefined && { ca }) }),
    async run(work, signal) {
      for (demandCalm(); state.open >= width; demandCalm()) await place(waiting, signal);
      state.open += 1;
      try {
        return await work();
      } finally {
        state.open -= 1;
        waiting.shift()?.();
      }
    },
    busy(retryAfterMs) {
      const ms = retryAfterMs ?? state.backOffMs;
      if (retryAfterMs === undefined) state.backOffMs = Math.min(state.backOffMs * 2, longestBackOffMs);
      state.until = Math.max(state.until, now() + ms);
      // Whoever waits for a place is told at once.
      for (const go of waiting.splice(0)) go();
      return ms;
    },
    calm() {
      state.backOffMs = firstBackOffMs;
    },
  };
}

/** Until somebody leaves, or the caller gives up. */
function place(waiting: (() => void)[], signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const go = (): void => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    const leave = (): void => {
      const index = waiting.indexOf(go);
      if (index >= 0) waiting.splice(index, 1);
      reject(signal?.reason instanceof Error ? signal.reason : new DOMException('aborted', 'AbortError'));
    };
    if (signal?.aborted === true) return leave();
    signal?.addEventListener('abort', leave, { once: true });
    waiting.push(go);
  });
}
