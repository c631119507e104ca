// One HTTP request to a foreign server over node's own agents: keep-alive, time-out, abort, gzip, a bound on every body.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { BackendError } from '../model/failure.ts';

export interface HttpAsk {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface HttpPool {
  /** @throws BackendError `unavailable` (network), `too-large` (the answer); the caller's own reason when it gave up */
  ask(ask: HttpAsk): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpOptions {
  /** PEM text of CAs trusted beside the usual ones. */
  readonly ca?: string;
  /** The longest time without a byte from the server. */
  readonly timeoutMs: number;
  readonly maxSockets: number;
}

/** Apache closes idle connections after 5 s; we do it first, so that a request seldom meets a closing socket. */
const idleMs = 4_000;

export function openHttpPool(options: HttpOptions): HttpPool {
  const shared = { keepAlive: true, maxSockets: options.maxSockets, timeout: idleMs };
  const http = new HttpAgent(shared);
  const ca = options.ca === undefined ? {} : { ca: [...getCACertificates('default'), options.ca] };
  const https = new HttpsAgent({ ...shared, ...ca });
  return {
    ask: (ask) => (ask.url.protocol === 'https:' ? send(ask, https, options) : send(ask, http, options)),
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

async function send(ask: HttpAsk, agent: HttpAgent | HttpsAgent, options: HttpOptions): Promise<HttpAnswer> {
  ask.signal?.throwIfAborted();
  const common = { method: ask.method, signal: ask.signal, headers: headersOf(ask) };
  const outgoing =
    agent instanceof HttpsAgent
      ? httpsRequest(ask.url, { ...common, agent })
      : httpRequest(ask.url, { ...common, agent });
  // While a large body goes out nothing comes in: a slow line (20 KB/s) gets the time it needs.
  const waitMs = options.timeoutMs + Buffer.byteLength(ask.body ?? '') / 20;
  const state: { late?: Error } = {};
  const timer = setTimeout(() => {
    state.late = Object.assign(new Error('no answer in time'), { code: 'TimedOut' });
    outgoing.destroy(state.late);
  }, waitMs);
  try {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on('response', resolve);
      // Stays for the life of the request: a late error without a listener would end the process.
      outgoing.on('error', reject);
      outgoing.end(ask.body);
    });
    incoming.on('data', () => timer.refresh());
    incoming.pause();
    const body = await bodyOf(incoming, ask);
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body };
  } catch (error) {
    outgoing.destroy();
    if (error instanceof BackendError) throw error;
    if (ask.signal?.aborted === true) throw ask.signal.reason;
    throw networkFailure(state.late ?? error, ask.url.host);
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(ask: HttpAsk): Record<string, string> {
  return {
    ...ask.headers,
    // Size limits of Nextcloud are checked against Content-Length, and some servers refuse chunks.
    ...(ask.body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(ask.body)) }),
  };
}

async function bodyOf(incoming: IncomingMessage, ask: HttpAsk): Promise<Buffer> {
  const packed = /gzip/i.test(incoming.headers['content-encoding'] ?? '');
  // The callback is empty because an error reaches the loop below through the stream itself.
  const readable: Readable = packed ? pipeline(incoming, createGunzip(), () => {}) : incoming;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readable) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    length += bytes.length;
    if (length > ask.maxBytes) {
      throw new BackendError({
        kind: 'too-large',
        message: `${ask.url.host} answered with more than ${ask.maxBytes} bytes`,
        code: 'AnswerTooLarge',
      });
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refuses connections',
  ECONNRESET: 'dropped the connection',
  EPIPE: 'dropped the connection',
  ENOTFOUND: 'is not known to DNS',
  EAI_AGAIN: 'cannot be looked up in DNS at the moment',
  TimedOut: 'did not answer in time',
  CERT_HAS_EXPIRED: 'has an expired TLS certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'has a self-signed TLS certificate (name its CA file to trust it)',
  SELF_SIGNED_CERT_IN_CHAIN: 'has a TLS certificate of a private CA (name its CA file to trust it)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'has a TLS certificate of an unknown CA (name its CA file to trust it)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'has a TLS certificate of an unknown CA (name its CA file to trust it)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'has a TLS certificate for another name',
  EPROTO: 'does not speak TLS as expected',
};

/** The host is named, never path, user or content. */
function networkFailure(error: unknown, host: string): BackendError {
  const code = codeIn(error) ?? 'NetworkError';
  return new BackendError({
    kind: 'unavailable',
    message: `${host} ${words[code] ?? 'cannot be reached'} (${code})`,
    code,
  });
}

function codeIn(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The connection broke or stayed silent: the request may have been carried out all the same. */
const lostCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'TimedOut', 'HPE_INVALID_EOF_STATE']);
/** A second try at once may help. */
const droppedCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'EAI_AGAIN']);

export function isLost(error: unknown): boolean {
  return error instanceof BackendError && lostCodes.has(error.failure.code ?? '');
}

export function isDropped(error: unknown): boolean {
  return error instanceof BackendError && droppedCodes.has(error.failure.code ?? '');
}
