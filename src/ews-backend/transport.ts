// HTTP to Exchange over node's own agents: keep-alive, one socket a lane so that NTLM stays bound to it, cookies, gzip, time-outs.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { Socket } from 'node:net';
import { createGunzip } from 'node:zlib';
import { networkFailure } from './failures.ts';

export interface HttpRequest {
  readonly url: string;
  readonly method: 'POST' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
  /** The longest time without a byte from the server. */
  readonly timeoutMs?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Decoded bytes. Leaving the loop early drops the connection. */
  readonly body: AsyncIterable<Buffer>;
  /** Bytes that came over the wire so far. */
  readonly received: () => number;
  /** Reads to the end and forgets. */
  drain(): Promise<void>;
}

/** One socket at a time, kept open between requests; what is known of the sign-in belongs to that socket. */
export interface Lane {
  readonly ask: (request: HttpRequest, authorization?: string) => Promise<HttpAnswer>;
  /** The socket last used, while it is open. */
  readonly socket: () => Socket | undefined;
  readonly drop: () => void;
}

/** Lanes of one access identity. */
export interface Lanes {
  /** A free lane, the one used last first, or a new one. `give` it back. */
  take(): Lane;
  give(lane: Lane): void;
  close(): void;
}

export interface LaneOptions {
  /** PEM text of CAs trusted beside the usual ones. */
  readonly ca?: string;
  readonly timeoutMs: number;
  /** Idle lanes kept. */
  readonly keep: number;
}

/** IIS closes idle connections after 120 s; we do it first, so that a request seldom meets a closing socket. */
const idleMs = 60_000;
/** Of an unpacked answer: each costs a turn through the thread pool. */
const pieceBytes = 64 * 1024;

export function openLanes(options: LaneOptions): Lanes {
  const idle: Lane[] = [];
  const all = new Set<Lane>();
  const cookies = new Map<string, string>();
  const state = { closed: false };
  return {
    take() {
      const lane = idle.pop() ?? openLane(options, cookies);
      all.add(lane);
      return lane;
    },
    give(lane) {
      if (!state.closed && idle.length < options.keep) {
        idle.push(lane);
        return;
      }
      lane.drop();
      all.delete(lane);
    },
    close() {
      state.closed = true;
      for (const lane of all) lane.drop();
      all.clear();
      idle.length = 0;
    },
  };
}

function openLane(options: LaneOptions, cookies: Map<string, string>): Lane {
  const shared = { keepAlive: true, maxSockets: 1, timeout: idleMs };
  const agents: { http?: HttpAgent; https?: HttpsAgent } = {};
  const state: { socket?: Socket } = {};

  function openRequest(request: HttpRequest, headers: Record<string, string>) {
    const common = { method: request.method, headers, signal: request.signal };
    if (request.url.startsWith('https:')) {
      agents.https ??= new HttpsAgent({ ...shared, ...trust(options.ca) });
      return httpsRequest(request.url, { ...common, agent: agents.https });
    }
    agents.http ??= new HttpAgent(shared);
    return httpRequest(request.url, { ...common, agent: agents.http });
  }

  return {
    socket: () => (state.socket?.destroyed === false ? state.socket : undefined),
    drop() {
      agents.http?.destroy();
      agents.https?.destroy();
    },
    async ask(request, authorization) {
      request.signal?.throwIfAborted();
      const deadline = openDeadline(request.timeoutMs ?? options.timeoutMs);
      const outgoing = openRequest(request, {
        ...request.headers,
        'Content-Length': String(Buffer.byteLength(request.body)),
        'Accept-Encoding': 'gzip',
        ...(cookies.size === 0 ? {} : { Cookie: renderCookies(cookies) }),
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      });
      deadline.onPassed((error) => outgoing.destroy(error));
      outgoing.on('socket', (socket) => {
        state.socket = socket;
      });
      const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
        outgoing.on('response', resolve);
        outgoing.on('error', (error) => {
          deadline.stop();
          reject(explained(error, request, deadline));
        });
        outgoing.end(request.body);
      });
      if (/\bclose\b/i.test(incoming.headers.connection ?? '')) state.socket = undefined;
      keepCookies(cookies, incoming.headers['set-cookie'] ?? []);
      return answerOf(incoming, request, deadline);
    },
  };
}

interface Deadline {
  readonly passed: () => Error | undefined;
  readonly onPassed: (act: (error: Error) => void) => void;
  /** A byte came: wait as long again. */
  readonly again: () => void;
  readonly stop: () => void;
}

function openDeadline(ms: number): Deadline {
  const state: { error?: Error; act?: (error: Error) => void } = {};
  const timer = setTimeout(() => {
    state.error = Object.assign(new Error(`no answer within ${ms} ms`), { code: 'TimedOut' });
    state.act?.(state.error);
  }, ms);
  return {
    passed: () => state.error,
    onPassed(act) {
      state.act = act;
    },
    again: () => timer.refresh(),
    stop: () => clearTimeout(timer),
  };
}

function answerOf(incoming: IncomingMessage, request: HttpRequest, deadline: Deadline): HttpAnswer {
  const state = { received: 0 };
  incoming.on('data', (chunk: Buffer) => {
    state.received += chunk.length;
    deadline.again();
  });
  incoming.pause();
  const body = bytesOf(incoming, request, deadline);
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    body,
    received: () => state.received,
    async drain() {
      for await (const _ of body);
    },
  };
}

async function* bytesOf(
  incoming: IncomingMessage,
  request: HttpRequest,
  deadline: Deadline,
): AsyncGenerator<Buffer> {
  const packed = /gzip/i.test(incoming.headers['content-encoding'] ?? '');
  // The callback is empty because an error reaches the loop below through the stream itself.
  const readable: Readable = packed
    ? pipeline(incoming, createGunzip({ chunkSize: pieceBytes }), () => {})
    : incoming;
  try {
    for await (const chunk of readable) {
      const bytes: unknown = chunk;
      if (Buffer.isBuffer(bytes)) yield bytes;
    }
  } catch (error) {
    throw explained(error, request, deadline);
  } finally {
    deadline.stop();
  }
}

/** The caller's own reason when it gave up, else a failure that names the host and what happened. */
function explained(error: unknown, request: HttpRequest, deadline: Deadline): unknown {
  if (request.signal?.aborted === true) return request.signal.reason;
  return networkFailure(deadline.passed() ?? error, new URL(request.url).host);
}

function trust(ca: string | undefined): { ca?: string[] } {
  return ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] };
}

/** Affinity cookies (X-BackEndCookie and others): name and value only, for the one server an identity speaks to. */
function keepCookies(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = '', ...attributes] = line.split(';');
    const equals = pair.indexOf('=');
    if (equals < 1) continue;
    const name = pair.slice(0, equals).trim();
    const value = pair.slice(equals + 1).trim();
    if (value === '' || attributes.some((text) => /^\s*max-age\s*=\s*0\s*$/i.test(text)))
      cookies.delete(name);
    else cookies.set(name, value);
  }
}

function renderCookies(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
}
