// The HTTP side of the simulator: one path, keep-alive, gzip when asked, 401 with the schemes on offer.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { routeTo } from './affinity.ts';
import { actingUser, type Caller } from './auth/impersonation.ts';
import type { Authenticator, Challenge } from './auth/sign-in.ts';
import { cut, isBroken, isSentBroken } from './broken-answers.ts';
import { codesIn, type CallLog, type LoggedCall } from './call-log.ts';
import type { Context } from './context.ts';
import { dispatch } from './dispatch.ts';
import { EwsFault } from './errors.ts';
import type { FaultState } from './faults.ts';
import type { Stream } from './operations/operation.ts';
import { showPage, type Pages } from './pages.ts';
import type { Turn, Turnstile } from './throttling.ts';
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
  readonly turnstile: Turnstile;
  readonly log: CallLog;
  readonly countRefusal: () => void;
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

interface Arrived {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly caller: Caller;
  readonly body: string;
}

interface Call extends Arrived {
  /** Empty: the request was not understood. */
  readonly operation: string;
  readonly faults: FaultState;
  readonly entry: LoggedCall;
}

/** Ids of request and server. */
function mark(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('request-id', randomUUID());
  response.setHeader('x-feserver', 'SIMULATOR');
  const given = request.headers['client-request-id'];
  if (given !== undefined && request.headers['return-client-request-id'] === 'true')
    response.setHeader('client-request-id', given);
}

async function inTurn(options: ServerOptions, given: Arrived): Promise<void> {
  options.envelope?.('request', given.body);
  const asked = understand(options, given);
  const operation = asked instanceof EwsFault ? '' : asked.request.operation;
  // Whom a call works for is charged (BEHAVIOUR §14).
  const address = asked instanceof EwsFault ? given.caller.account : asked.user.address;
  const entry = options.log.begin({ user: address, operation, bytesIn: Buffer.byteLength(given.body) });
  const begun = performance.now();
  given.response.on('close', () => {
    entry.ms = Math.round(performance.now() - begun);
  });
  const turn = enter(options, address, operation);
  const faults = options.faults.of({
    mailbox: address,
    operation,
    refusal: turn instanceof EwsFault ? undefined : turn.syncRefusal,
    struck: (kind) => entry.faults.push(kind),
  });
  const call: Call = { ...given, operation, faults, entry };
  if (turn instanceof EwsFault) return sendFault(options, call, turn);
  try {
    const lateMs = turn.delayMs + faults.latencyMs(operation);
    if (lateMs > 0) await wait(lateMs);
    if (asked instanceof EwsFault) await sendFault(options, call, asked);
    else await answer(options, call, asked);
  } finally {
    turn.leave();
  }
}

interface Asked {
  readonly request: Request;
  readonly user: Mailbox;
}

function understand({ world }: ServerOptions, { body, caller }: Arrived): Asked | EwsFault {
  try {
    const request = parseRequest(body);
    return { request, user: actingUser(world, caller, request.impersonation) };
  } catch (error) {
    return faultOf(error);
  }
}

function enter(options: ServerOptions, address: string, operation: string): Turn | EwsFault {
  try {
    return options.turnstile.enter(address, operation);
  } catch (error) {
    return faultOf(error);
  }
}

async function answer(options: ServerOptions, call: Call, asked: Asked): Promise<void> {
  if (isBroken(call.faults, call.operation, call.response)) {
    call.entry.status = call.response.statusCode;
    return;
  }
  if (routeTo(asked.user, options.world, call) === 'unreachable')
    return finish(call.response, { status: 503, body: '' });
  let answered;
  try {
    wakeAssistant(options.world);
    answered = dispatch(asked.request, contextOf(options, call, asked));
    wakeAssistant(options.world);
  } catch (error) {
    return sendFault(options, call, faultOf(error));
  }
  if (typeof answered === 'string')
    return send(options, call, { status: 200, body: renderEnvelope(answered) });
  // Streaming is counted apart, so nothing waits for its end here.
  call.entry.status = 200;
  run(options, answered, call.response).catch(() => call.response.destroy());
}

function contextOf(options: ServerOptions, call: Call, { request, user }: Asked): Context {
  const { world, subscriptions, turnstile } = options;
  const { faults, entry } = call;
  return {
    world,
    user,
    throttling: turnstile.policies.of(user.address),
    zone: request.zone,
    time: request.time,
    faults,
    subscriptions,
    operation: request.operation,
    note(code) {
      entry.codes[code] = (entry.codes[code] ?? 0) + 1;
    },
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

interface Answer {
  readonly status: number;
  readonly body: string;
}

const compress = promisify(gzip);
const worthCompressing = 1400;

async function send(options: ServerOptions, call: Call, given: Answer): Promise<void> {
  const { response, request, entry, faults, operation } = call;
  options.envelope?.('answer', given.body);
  entry.status = given.status;
  if (Object.keys(entry.codes).length === 0) entry.codes = codesIn(given.body);
  const text = cut(faults, operation, given.body);
  const accepts = request.headers['accept-encoding'] ?? '';
  const isPacked = accepts.includes('gzip') && text.length >= worthCompressing;
  const body = isPacked ? await compress(text, { level: 1 }) : Buffer.from(text);
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    ...(isPacked ? { 'content-encoding': 'gzip' } : {}),
  };
  entry.bytesOut = body.length;
  const packed = { status: given.status, headers, body, response };
  if (await isSentBroken(faults, operation, packed)) return;
  response.writeHead(given.status, { ...headers, 'content-length': body.length });
  response.end(body);
}

function sendFault(options: ServerOptions, call: Call, fault: EwsFault): Promise<void> {
  return send(options, call, { status: 500, body: renderFault(worded(call, fault)) });
}

/** In the language of this call. */
function worded({ faults }: Call, fault: EwsFault): EwsFault {
  const text = faults.textOf(fault.code, fault.message);
  if (text === fault.message) return fault;
  return new EwsFault(fault.code, { text, ...(fault.detail === undefined ? {} : { detail: fault.detail }) });
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
