// The HTTP side of the simulator: one path, keep-alive, gzip when asked, 401 with the schemes on offer.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { xml } from '../src/xml/index.ts';
import { routeTo } from './affinity.ts';
import { actingUser, type Caller } from './auth/impersonation.ts';
import type { Authenticator, Challenge } from './auth/sign-in.ts';
import type { Context } from './context.ts';
import { dispatch } from './dispatch.ts';
import { EwsFault } from './errors.ts';
import type { FaultState } from './faults.ts';
import type { Stream } from './operations/operation.ts';
import { showPage, type Pages } from './pages.ts';
import { refusalOf } from './responses.ts';
import { wakeAssistant } from './scheduling/waking.ts';
import { maxRequestBytes, parseRequest, renderEnvelope, renderFault, type Request } from './soap.ts';
import type { Mailbox, World } from './state/index.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface ServerOptions {
  readonly world: World;
  readonly authenticate: Authenticator;
  readonly pages: Pages;
  readonly faults: FaultState;
  readonly subscriptions: Subscriptions;
  readonly count: (operation: string) => void;
  readonly countRefusal: () => void;
  /** Calls under way by address of the user. */
  readonly underWay: Map<string, number>;
  readonly envelope: ((direction: 'request' | 'answer', xml: string) => void) | undefined;
}

export function openServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      // A bug of the simulator: seen by the client as Exchange's own 500, and by whoever runs it.
      process.emitWarning(error instanceof Error ? error : String(error));
      if (response.headersSent) response.destroy();
      else finish(response, { status: 500, body: renderFault(new EwsFault('ErrorInternalServerError')) });
    });
  });
  server.keepAliveTimeout = 120_000;
  return server;
}

async function handle(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await bodyOf(request);
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
  const path = url.pathname.toLowerCase();
  const page = options.pages(path);
  if (page === undefined && path !== '/ews/exchange.asmx') return finish(response, { status: 404, body: '' });
  if (page?.isOpen(request.method ?? '', options.world) === true)
    return showPage(page, { world: options.world, request, response, url, body: body ?? '' });
  const signIn = options.authenticate(request);
  if ('challenge' in signIn) {
    if (signIn.isRefusal) options.countRefusal();
    // The way there and back takes its time whatever the answer is.
    const { latencyMs } = options.faults.faults;
    if (latencyMs > 0) await wait(latencyMs);
    return challenge(response, signIn);
  }
  if (page !== undefined)
    return showPage(page, {
      world: options.world,
      request,
      response,
      url,
      body: body ?? '',
      user: signIn.user,
    });
  if (request.method !== 'POST') return finish(response, { status: 405, body: '' });
  if (body === undefined) return finish(response, { status: 413, body: '' });
  mark(request, response);
  await inTurn(options, { request, response, caller: signIn, body });
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly body: string;
}

/** Ids of request and server. */
function mark(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('request-id', randomUUID());
  response.setHeader('x-feserver', 'SIMULATOR');
  const given = request.headers['client-request-id'];
  if (given !== undefined && request.headers['return-client-request-id'] === 'true')
    response.setHeader('client-request-id', given);
}

/** EWSMaxConcurrency (BEHAVIOUR §14): more calls of one account at once are refused. */
const mostAtOnce = 27;

async function inTurn(options: ServerOptions, call: Call): Promise<void> {
  const address = call.caller.account;
  const underWay = options.underWay.get(address) ?? 0;
  if (underWay >= mostAtOnce) {
    const detail = xml('t:Value', { Name: 'Policy' }, 'MaxConcurrency');
    const body = renderFault(new EwsFault('ErrorServerBusy', { detail }));
    await send(options, call, { status: 500, body });
    return;
  }
  options.underWay.set(address, underWay + 1);
  const { latencyMs } = options.faults.faults;
  try {
    if (latencyMs > 0) await wait(latencyMs);
    await answer(options, call);
  } finally {
    options.underWay.set(address, (options.underWay.get(address) ?? 1) - 1);
  }
}

async function answer(options: ServerOptions, call: Call): Promise<void> {
  options.envelope?.('request', call.body);
  try {
    const parsed = parseRequest(call.body);
    options.count(parsed.operation);
    if (isBroken(options.faults, parsed.operation, call.response)) return;
    const user = actingUser(options.world, call.caller, parsed.impersonation);
    if (routeTo(user, options.world, call) === 'unreachable')
      return finish(call.response, { status: 503, body: '' });
    wakeAssistant(options.world);
    const answered = dispatch(parsed, contextOf(options, parsed, user));
    wakeAssistant(options.world);
    if (typeof answered !== 'string') {
      // Streaming is counted apart, so nothing waits for its end here.
      run(options, answered, call.response).catch(() => call.response.destroy());
      return;
    }
    if (options.faults.take('dropped-after', parsed.operation) !== undefined) {
      call.response.destroy();
      return;
    }
    await send(options, call, { status: 200, body: renderEnvelope(answered) });
  } catch (error) {
    await send(options, call, { status: 500, body: renderFault(faultOf(error)) });
  }
}

function contextOf(options: ServerOptions, parsed: Request, user: Mailbox): Context {
  const { world, faults, subscriptions } = options;
  return {
    world,
    user,
    zone: parsed.zone,
    time: parsed.time,
    faults,
    subscriptions,
    operation: parsed.operation,
  };
}

/** A refusal outside of any message is one of the whole request. */
function faultOf(error: unknown): EwsFault {
  if (error instanceof EwsFault) return error;
  const refusal = refusalOf(error);
  return new EwsFault(refusal.code, {
    text: refusal.message,
    ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
  });
}

/** Faults below SOAP. */
function isBroken(faults: FaultState, operation: string, response: ServerResponse): boolean {
  if (faults.take('dropped', operation) !== undefined) {
    response.destroy();
    return true;
  }
  if (faults.take('unauthorized', operation) !== undefined) {
    refuse(response, ['NTLM', 'Basic realm="exchange"']);
    return true;
  }
  if (faults.take('html-500', operation) !== undefined) {
    response.writeHead(500, { 'content-type': 'text/html' });
    response.end(
      '<html><head><title>Runtime Error</title></head><body><h1>Server Error in /EWS</h1></body></html>',
    );
    return true;
  }
  return false;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

const compress = promisify(gzip);
const worthCompressing = 1400;

async function send(options: ServerOptions, call: Call, given: Answer): Promise<void> {
  options.envelope?.('answer', given.body);
  const { response, request } = call;
  response.setHeader('content-type', 'text/xml; charset=utf-8');
  const accepts = request.headers['accept-encoding'] ?? '';
  if (!accepts.includes('gzip') || given.body.length < worthCompressing) return finish(response, given);
  const packed = await compress(given.body, { level: 1 });
  response.writeHead(given.status, { 'content-encoding': 'gzip', 'content-length': packed.length });
  response.end(packed);
}

function finish(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

function challenge(response: ServerResponse, { challenge: lines, diagnostics }: Challenge): void {
  if (diagnostics !== undefined) response.setHeader('x-ms-diagnostics', diagnostics);
  refuse(response, lines);
}

function refuse(response: ServerResponse, challenge: readonly string[]): void {
  response.setHeader('www-authenticate', [...challenge]);
  finish(response, { status: 401, body: '' });
}

/** Many envelopes on one connection, until the client or the time ends it. */
async function run(options: ServerOptions, stream: Stream, response: ServerResponse): Promise<void> {
  const closing = new AbortController();
  response.on('close', () => closing.abort());
  response.writeHead(200, { 'content-type': 'text/xml; charset=utf-8' });
  await stream.run((payload) => {
    const envelope = renderEnvelope(payload);
    options.envelope?.('answer', envelope);
    response.write(envelope);
  }, closing.signal);
  response.end();
}

/** Undefined: larger than Exchange takes. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length <= maxRequestBytes) chunks.push(bytes);
  }
  if (length > maxRequestBytes) return undefined;
  const whole = Buffer.concat(chunks);
  const packed = request.headers['content-encoding'] === 'gzip';
  return (packed ? gunzipSync(whole, { maxOutputLength: maxRequestBytes }) : whole).toString();
}
