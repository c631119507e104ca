// A small DAV client over one kept connection: what a scenario needs to ask, and how many bytes came.
import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: number;
}

export interface DavClient {
  send(
    method: string,
    path: string,
    options?: { readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  close(): void;
}

/** Every answer must have one of the expected statuses: a benchmark of errors measures nothing. */
export function openDavClient(
  base: string,
  user: { readonly address: string; readonly password: string },
): DavClient {
  const agent = new Agent({ keepAlive: true });
  const authorization = basicOf(user);
  return {
    send(method, path, options = {}) {
      const body = options.body ?? '';
      return new Promise((resolve, reject) => {
        const headers = { authorization, 'content-length': Buffer.byteLength(body), ...options.headers };
        const outgoing = request(`${base}${path}`, { method, agent, headers }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const status = incoming.statusCode ?? 0;
            if (status < 200 || status > 299)
              reject(new Error(`${method} ${path} answered ${status}: ${bytes.toString().slice(0, 300)}`));
            else resolve({ status, text: bytes.toString(), bytes: bytes.byteLength });
          });
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

export function basicOf(user: { readonly address: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${user.address}:${user.password}`).toString('base64')}`;
}

export function hrefsOf(answer: { readonly text: string }): string[] {
  return [...answer.text.matchAll(/<(?:\w+:)?href>([^<]+)<\/(?:\w+:)?href>/g)].map((match) => match[1] ?? '');
}

export function propfind(...properties: readonly string[]): string {
  const names = properties.map((property) => `<${property}/>`).join('');
  return `<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"><D:prop>${names}</D:prop></D:propfind>`;
}

export function multiget(hrefs: readonly string[]): string {
  const list = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
  return `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>${list}</C:calendar-multiget>`;
}

export function syncCollection(token: string): string {
  return `<D:sync-collection xmlns:D="DAV:"><D:sync-token>${token}</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>`;
}

export function calendarQuery(from: string, to: string): string {
  return `<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:time-range start="${from}" end="${to}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>`;
}
