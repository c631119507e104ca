// HTTP in, HTTP out: the gateway's routes around the DAV tree. hono enters here.
import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { failureResponse, type DavResponse } from '../dav-handlers/index.ts';
import { DavError } from '../model/failure.ts';
import { type Call, type CallNote, plain } from './call.ts';
import type { DavService } from './dav-service.ts';
import type { FeedService } from './feed-service.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { parsePath, parseQuery } from './path.ts';
import type { Proxies } from './proxies.ts';

export interface AppOptions {
  readonly dav: DavService;
  readonly feeds: FeedService;
  readonly proxies: Proxies;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Throws with a plain message when the gateway cannot serve. */
  readonly ready: () => Promise<void>;
}

interface Connection {
  readonly incoming?: { readonly url?: string; readonly socket?: { readonly remoteAddress?: string } };
}

type Route = (call: Call) => Promise<DavResponse>;

export function openApp(options: AppOptions): Hono<{ Bindings: Connection }> {
  const app = new Hono<{ Bindings: Connection }>();
  app.all('*', (context) => answer(context, options));
  return app;
}

async function answer(context: Context<{ Bindings: Connection }>, options: AppOptions): Promise<Response> {
  const started = performance.now();
  const request = context.req.raw;
  const requestId = randomUUID();
  const note: CallNote = { route: 'unknown' };
  const response = await respond(context, { ...options, requestId, note });
  const seconds = (performance.now() - started) / 1000;
  const method = knownMethods.has(request.method) ? request.method : 'OTHER';
  options.metrics.davRequest({ method, status: response.status, seconds });
  if (response.error !== undefined) logReason(options.log, response, requestId);
  const line = { requestId, method, status: response.status, ms: Math.round(seconds * 1000), ...note };
  options.log[response.status >= 500 ? 'error' : 'info'](line, 'request');
  return toResponse(response, request.method, requestId);
}

function logReason(log: Log, { status, error }: DavResponse, requestId: string): void {
  if (status >= 500) log.error({ requestId, err: error }, 'request failed');
  else log.debug({ requestId, err: error }, 'request refused');
}

async function respond(
  context: Context<{ Bindings: Connection }>,
  options: AppOptions & { requestId: string; note: CallNote },
): Promise<DavResponse> {
  const { requestId, note } = options;
  try {
    const incoming = context.env?.incoming;
    const request = context.req.raw;
    const peer = incoming?.socket?.remoteAddress;
    const prefix = options.proxies.prefixOf(request.headers, peer);
    const hosts = options.proxies.hostsOf(request.headers, peer);
    const origin = options.proxies.originOf(request.headers, peer);
    const target = incoming?.url ?? request.url;
    const path = parsePath(target, prefix);
    const [first = ''] = path.segments;
    const routes = routesOf(options);
    // A path may be called like what every object inherits.
    const route = (Object.hasOwn(routes, first) ? routes[first] : undefined) ?? options.dav.handle;
    return await route({ request, path, query: parseQuery(target), prefix, origin, hosts, requestId, note });
  } catch (error) {
    return failureResponse(error) ?? { ...internalError(requestId), error };
  }
}

function routesOf({ feeds, metrics, ready, dav }: AppOptions): Readonly<Record<string, Route | undefined>> {
  return {
    healthz: probe('healthz', async () => plain(200, 'ok')),
    readyz: probe('readyz', async () => {
      await ready();
      return plain(200, 'ready');
    }),
    metrics: probe('metrics', async ({ request }) => {
      if (proxyHeaders.some((name) => request.headers.has(name))) throw new DavError(404, 'not found');
      const { contentType, text } = await metrics.render();
      return { status: 200, headers: { 'Content-Type': contentType }, body: text };
    }),
    feeds: feeds.handle,
    '.well-known': async (call) => {
      const service = call.path.segments[1] ?? '';
      if (!/^(cal|card)dav$/.test(service) || call.path.segments.length > 2) return dav.handle(call);
      call.note.route = 'well-known';
      // RFC 6764 §5: the context path
      return { status: 301, headers: { Location: `${call.prefix}/`, 'Cache-Control': 'no-cache' } };
    },
  };
}

/** What comes through a proxy comes from outside. */
const proxyHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

function probe(name: string, answerTo: Route): Route {
  return async (call) => {
    call.note.route = name;
    if (['GET', 'HEAD'].includes(call.request.method)) return answerTo(call);
    return { status: 405, headers: { Allow: 'GET, HEAD' } };
  };
}

function internalError(requestId: string): DavResponse {
  return plain(500, `The gateway failed. Its log has the cause under request ${requestId}.`);
}

function toResponse(response: DavResponse, method: string, requestId: string): Response {
  const headers = new Headers(response.headers);
  headers.set('X-Request-Id', requestId);
  headers.set('X-Content-Type-Options', 'nosniff');
  const bytes = typeof response.body === 'string' ? Buffer.from(response.body) : response.body;
  const bodiless = response.status === 204 || response.status === 304;
  // The adapter drops the length of a HEAD answer unless it is said.
  if (!bodiless)
    headers.set('Content-Length', headers.get('Content-Length') ?? String(bytes?.byteLength ?? 0));
  const body = bodiless || method === 'HEAD' || bytes === undefined ? null : bytes;
  return new Response(body, { status: response.status, headers });
}

const knownMethods = new Set(
  'OPTIONS PROPFIND PROPPATCH REPORT GET HEAD PUT DELETE MKCALENDAR MKCOL MOVE COPY POST'.split(' '),
);
