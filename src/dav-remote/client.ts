// Requests of one sign-in to one host: Basic sent up front, nowhere else; the latch, the host's back-off, redirects of reading
// requests on the same host, one more try of reading requests whose connection broke.
import { BackendError } from '../model/failure.ts';
import { failureOf, retryAfterMs } from './failures.ts';
import type { DavHosts, Host } from './hosts.ts';
import { isDropped, type HttpAnswer } from './http.ts';
import type { Latch, SignIn } from './latch.ts';

/** What an outsider may know of a request: no path, no text, no secret. */
export interface ObservedRequest {
  readonly method: string;
  readonly host: string;
  /** 0: there was no answer. */
  readonly status: number;
  readonly ms: number;
}

export interface DavAsk {
  readonly method: string;
  /** Absolute, as it goes over the wire. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** Sends no credentials. */
  readonly anonymous?: boolean;
}

export interface DavAnswer extends HttpAnswer {
  /** Where the answer comes from, after redirects. */
  readonly path: string;
}

export interface DavClient {
  readonly origin: string;
  readonly host: string;
  /**
   * Whatever the server says, except 401, 429 and 503, which concern more than this request.
   * @throws BackendError `unauthorized`, `busy`, `unavailable`
   */
  ask(ask: DavAsk): Promise<DavAnswer>;
  /** Runs writes to a collection one after the other. */
  inTurn<T>(path: string, work: () => Promise<T>): Promise<T>;
}

export interface ClientOptions {
  readonly origin: string;
  readonly user: string;
  readonly password: string;
  readonly hosts: DavHosts;
  readonly latch: Latch;
  readonly observe?: (request: ObservedRequest) => void;
}

const maxAnswerBytes = 64 * 1024 * 1024;
const maxRedirects = 5;
/** RFC 9110 §9.2.1, RFC 4918, RFC 3253: they change nothing. */
const reading: ReadonlySet<string> = new Set(['GET', 'OPTIONS', 'PROPFIND', 'REPORT']);

export function openClient(options: ClientOptions): DavClient {
  const { origin, hosts, latch, user, password } = options;
  const { host } = new URL(origin);
  const signIn: SignIn = { host, user, password };
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const shared = hosts.at(origin);

  async function once(ask: DavAsk): Promise<HttpAnswer> {
    const { method, headers, body, signal } = ask;
    const credentials: Record<string, string> =
      ask.anonymous === true ? {} : { Authorization: authorization };
    // All of it while the place is held: whoever waits for it must know what this answer says about the sign-in.
    return shared.run(async () => {
      if (ask.anonymous !== true) await demandOpen(latch, signIn);
      const url = new URL(origin + ask.path);
      const all = { 'User-Agent': 'Exdav', ...credentials, ...headers };
      const answer = await observed(options, { method, host }, () =>
        shared.http.ask({ url, method, headers: all, body, signal, maxBytes: maxAnswerBytes }),
      );
      await demandUsable(answer, { shared, latch, signIn, ask });
      return answer;
    }, signal);
  }

  return {
    origin,
    host,
    inTurn: (path, work) => hosts.inTurn(origin + path, work),
    async ask(ask) {
      let path = ask.path;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await tried({ ...ask, path }, once);
        const target = reading.has(ask.method) ? redirectOf(answer, origin + path) : undefined;
        if (target === undefined) return { ...answer, path };
        if (redirects === maxRedirects) throw redirectError(host, 'redirects in a circle');
        path = pathOnHost(target, origin);
      }
    },
  };
}

/** Reading requests get a second try where the connection broke or a proxy lost its server. */
async function tried(ask: DavAsk, once: (ask: DavAsk) => Promise<HttpAnswer>): Promise<HttpAnswer> {
  if (!reading.has(ask.method)) return once(ask);
  try {
    const answer = await once(ask);
    return answer.status === 502 || answer.status === 504 ? await once(ask) : answer;
  } catch (error) {
    if (isDropped(error)) return once(ask);
    throw error;
  }
}

async function observed(
  { observe }: ClientOptions,
  request: Pick<ObservedRequest, 'method' | 'host'>,
  work: () => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const begun = performance.now();
  let status = 0;
  try {
    const answer = await work();
    status = answer.status;
    return answer;
  } finally {
    observe?.({ ...request, status, ms: performance.now() - begun });
  }
}

async function demandOpen(latch: Latch, signIn: SignIn): Promise<void> {
  if (!(await latch.isShut(signIn))) return;
  throw new BackendError({
    kind: 'unauthorized',
    message: `${signIn.host} refused this user's password; it is not sent again until it is another one`,
    code: 'Latched',
  });
}

interface Exchange {
  readonly shared: Host;
  readonly latch: Latch;
  readonly signIn: SignIn;
  readonly ask: DavAsk;
}

async function demandUsable(answer: HttpAnswer, { shared, latch, signIn, ask }: Exchange): Promise<void> {
  const { status } = answer;
  if (status === 401 && ask.anonymous !== true) await latch.shut(signIn);
  if (status === 401 || status === 503) throw failureOf(answer, { subject: 'server' });
  if (status !== 429) {
    shared.calm();
    return;
  }
  const failure = failureOf(answer, { subject: 'server' });
  // A limit on new calendars concerns this user only; anything else is the address, and with it everybody here.
  const isForAll = !(failure instanceof BackendError && failure.failure.code === 'TooManyCreated');
  if (!isForAll) throw failure;
  const waitMs = shared.busy(retryAfterMs(answer));
  throw new BackendError({
    kind: 'busy',
    message: `${signIn.host} answered 429: too many requests or refused sign-ins from this address`,
    code: 'Http429',
    retryAfterMs: waitMs,
  });
}

function redirectOf(answer: HttpAnswer, from: string): URL | undefined {
  const { location } = answer.headers;
  if (![301, 302, 307, 308].includes(answer.status) || location === undefined) return undefined;
  return new URL(location, from);
}

/** Credentials stay on the host they were given for. @throws BackendError */
function pathOnHost(target: URL, origin: string): string {
  if (target.origin === origin) return target.pathname + target.search;
  const { host, hostname } = new URL(origin);
  const hint =
    target.hostname === hostname
      ? `redirects to ${target.origin}: give that address as its URL, or mend the server's idea of its own (overwriteprotocol)`
      : 'redirects to another host: give the address of that one';
  throw redirectError(host, hint);
}

function redirectError(host: string, words: string): BackendError {
  return new BackendError({ kind: 'unavailable', message: `${host} ${words}`, code: 'Redirect' });
}
