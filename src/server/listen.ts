// The HTTP server around the app: limits against slow clients, and an end that lets running answers finish.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

type Fetch = (
  request: Request,
  bindings: { incoming: unknown; outgoing: unknown },
) => Response | Promise<Response>;

/** @throws Error with the system's reason when the address cannot be had */
export async function listen(fetch: Fetch, address: { host: string; port: number }): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: 20_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 65_000,
      connectionsCheckingInterval: 5_000,
    },
    getRequestListener((request, bindings) => fetch(request, bindings)),
  );
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return { port: portOf(server), close: () => closeServer(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const graceMs = 5000;

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(force);
}
