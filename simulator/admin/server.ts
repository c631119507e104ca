// The admin interface: JSON over HTTP on a port of its own, for this machine only. What can be asked is a table (routes.ts).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Simulator } from '../index.ts';
import { AdminError, type Route } from './route.ts';
import { openRoutes } from './routes.ts';

const maxBytes = 1024 * 1024;

export function openAdmin(simulator: Simulator): Server {
  const routes = openRoutes(simulator);
  return createServer((request, response) => {
    handle(routes, request).then(
      ({ status, value }) => respond(response, status, value),
      (error: unknown) => {
        if (error instanceof AdminError) return respond(response, error.status, { error: error.message });
        process.emitWarning(error instanceof Error ? error : String(error));
        return respond(response, 500, { error: String(error) });
      },
    );
  });
}

async function handle(
  routes: readonly Route[],
  request: IncomingMessage,
): Promise<{ status: number; value: unknown }> {
  demandLocal(request);
  const url = new URL(request.url ?? '/', 'http://localhost');
  const text = await bodyOf(request);
  const path = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const fitting = routes.flatMap((route) => {
    const given = matched(route.path, path);
    return given === undefined ? [] : [{ route, given }];
  });
  const found = fitting.find(({ route }) => route.method === request.method);
  if (found === undefined) {
    if (fitting.length === 0)
      throw new AdminError(404, `there is nothing at ${url.pathname}; GET / lists what is`);
    const methods = fitting.map(({ route }) => route.method).join(', ');
    throw new AdminError(405, `${url.pathname} takes ${methods}`);
  }
  const query = Object.fromEntries(url.searchParams);
  const value = found.route.run({ path: found.given, query, body: jsonOf(text) });
  return { status: value === undefined ? 204 : 200, value };
}

/** The names in braces with what stands in their place; undefined: another path. */
function matched(pattern: string, path: readonly string[]): Record<string, string> | undefined {
  const parts = pattern.split('/').filter((part) => part !== '');
  if (parts.length !== path.length) return undefined;
  const given: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const value = path[at] ?? '';
    if (part.startsWith('{')) given[part.slice(1, -1)] = value;
    else if (part !== value) return undefined;
  }
  return given;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new AdminError(400, 'the path is not understood');
  }
}

/** Another machine cannot connect; a web page in a browser of this one could, by a name that points here, or a plain form. */
function demandLocal(request: IncomingMessage): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (!['localhost', '127.0.0.1', '[::1]'].includes(host) || request.headers.origin !== undefined)
    throw new AdminError(403, 'only programs on this machine, at localhost or 127.0.0.1');
}

function jsonOf(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AdminError(400, 'the body is not JSON');
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) throw new AdminError(413, 'the body is larger than 1 MB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

function respond(response: ServerResponse, status: number, value: unknown): void {
  if (value === undefined) {
    response.writeHead(status).end();
    return;
  }
  const body = `${JSON.stringify(value, undefined, 2)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
