// A small HTTP server that behaves like Nextcloud where a mirror meets it: sign-in, throttling, versions, and the methods of DAV.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { parseXml, type XmlElement } from '../../src/xml/index.ts';
import { refuse, type Answer } from './answer.ts';
import { make, propfind, proppatch, removeCollection } from './collections.ts';
import { cardAs } from './properties.ts';
import { report } from './reports.ts';
import { nodeAt, root, textFor, type Node } from './tree.ts';
import { behaviours, type Behaviour, type Version } from './versions.ts';
import { move, put, remove } from './writes.ts';
import { etagOf, World, type Collection, type Gate, type User } from './world.ts';

export interface Ask {
  readonly user: User;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Logged {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** What happens to the next request of a method instead of an answer. */
export type Mishap =
  /** Carried out, and the connection breaks before the answer. */
  | { readonly kind: 'lost-answer'; readonly method: string }
  /** The connection breaks before anything is done. */
  | { readonly kind: 'dropped'; readonly method: string }
  | { readonly kind: 'status'; readonly method: string; readonly status: number; readonly body?: string };

/** Refused sign-ins from one address after which everybody there gets 429. */
const maxRefused = 10;
const maxCalendars = 30;

export class Double {
  readonly world = new World();
  readonly log: Logged[] = [];
  readonly mishaps: Mishap[] = [];
  version: Version = '33.0.3';
  /** `calendarRetentionObligation` other than 0. */
  keepsDeleted = true;
  /** Not in debug mode: a 500 says nothing. */
  hidesErrors = false;
  maintenance = false;
  gate: Gate | undefined;
  /** Told the body of every request. */
  onBody: ((body: string) => void) | undefined;
  /** Reports it does not know: for servers that are less than this one. */
  readonly withoutReports = new Set<string>();
  /** Most members in one answer about an address book, asked for or not. */
  bookPage: number | undefined;
  /** Every request waits for this first. */
  hold: Promise<void> | undefined;
  /** Fires limits on new collections also without a session cookie. */
  strictLimits: '429' | '403' | undefined;
  /** Writes under way at once, at most, by collection. */
  readonly writers = new Map<Collection, { now: number; most: number }>();
  readonly #refused = { count: 0 };
  readonly #created = new Map<string, number>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      // A fault of the double's own ends the test as an unhandled rejection.
      void this.#serve(request, response).finally(() => response.end());
    });
  }

  get behaviour(): Behaviour {
    return behaviours[this.version];
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Nobody here is throttled any more. */
  forgive(): void {
    this.#refused.count = 0;
  }

  creationLimit(ask: Ask, kind: Collection['kind']): Answer | undefined {
    const session = /nc_session=(\w+)/.exec(ask.headers['cookie'] ?? '')?.[1];
    const count = (this.#created.get(session ?? '') ?? 0) + 1;
    if (session !== undefined) this.#created.set(session, count);
    const word = kind === 'calendar' ? 'calendar' : 'addressbook';
    if (this.strictLimits === '429' || count > 10)
      return refuse(429, 'TooManyRequests', `Too many ${word}s created`);
    const isFull = session !== undefined && ask.user.collections.length >= maxCalendars;
    return this.strictLimits === '403' || isFull
      ? refuse(403, 'Forbidden', `${word === 'calendar' ? 'Calendar' : 'AddressBook'} limit reached`)
      : undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await this.hold;
    const { method = 'GET', url = '/' } = request;
    this.onBody?.(Buffer.concat(chunks).toString('utf8'));
    const mishap = this.#mishapFor(method);
    if (mishap?.kind === 'dropped') return void request.socket.destroy();
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const path = new URL(url, 'http://double').pathname;
    const answer =
      mishap?.kind === 'status'
        ? { status: mishap.status, ...(mishap.body !== undefined && { body: mishap.body }) }
        : await this.#answer({ method, path, headers, body: Buffer.concat(chunks).toString('utf8') });
    this.log.push({ method, path, status: answer.status, headers });
    if (mishap?.kind === 'lost-answer') return void request.socket.destroy();
    const isPacked = /gzip/.test(headers['accept-encoding'] ?? '') && answer.body !== undefined;
    response.writeHead(answer.status, {
      'Set-Cookie': 'nc_session=abc123; path=/; HttpOnly',
      DAV: features,
      ...answer.headers,
      // Apache's mod_deflate renames the etag of what it packs.
      ...(isPacked && {
        'Content-Encoding': 'gzip',
        ...(answer.headers?.['ETag'] && { ETag: answer.headers['ETag'].replace(/"$/, '-gzip"') }),
      }),
    });
    response.end(isPacked ? gzipSync(answer.body ?? '') : answer.body);
  }

  #mishapFor(method: string): Mishap | undefined {
    const index = this.mishaps.findIndex((each) => each.method === method);
    return index < 0 ? undefined : this.mishaps.splice(index, 1)[0];
  }

  async #answer(ask: Omit<Ask, 'user'>): Promise<Answer> {
    if (ask.path === '/status.php') return status(this.version);
    if (/^\/\.well-known\/(caldav|carddav)\/?$/.test(ask.path))
      return { status: 301, headers: { Location: root } };
    if (!ask.path.startsWith(root)) return { status: 405, body: '<html><body>not here</body></html>' };
    if (this.maintenance)
      return refuse(503, 'OCA\\DAV\\Exception\\ServerMaintenanceMode', 'System is in maintenance mode.');
    if (this.#refused.count >= maxRefused)
      return refuse(429, 'OCP\\Security\\Bruteforce\\MaxDelayReached', 'Reached maximum delay');
    const user = this.#signIn(ask.headers['authorization']);
    if (user === undefined) {
      this.#refused.count += 1;
      return {
        ...refuse(
          401,
          'NotAuthenticated',
          'No public access to this resource., Username or password was incorrect',
        ),
        headers: { 'WWW-Authenticate': 'Basic realm="Nextcloud"' },
      };
    }
    if (user.disabled) return refuse(503, 'OC\\User\\DisabledUserException', 'Account disabled');
    return this.#handle({ ...ask, user });
  }

  /** Account password with uid or e-mail; app passwords likewise. */
  #signIn(authorization: string | undefined): User | undefined {
    const [, packed = ''] = /^Basic (.+)$/.exec(authorization ?? '') ?? [];
    const [name = '', ...rest] = Buffer.from(packed, 'base64').toString('utf8').split(':');
    const password = rest.join(':');
    const user = [...this.world.users.values()].find((each) => each.uid === name || each.email === name);
    return user && [user.password, ...user.appPasswords].includes(password) ? user : undefined;
  }

  async #handle(ask: Ask): Promise<Answer> {
    const node = nodeAt(this.world, ask.user, ask.path);
    switch (ask.method) {
      case 'OPTIONS':
        return {
          status: 200,
          headers: { Allow: 'OPTIONS, GET, HEAD, DELETE, PROPFIND, PUT, PROPPATCH, COPY, MOVE, REPORT' },
        };
      case 'PROPFIND':
        return propfind(this, ask, node, tree(ask.body));
      case 'PROPPATCH':
        return proppatch(ask, node, parseXml(ask.body));
      case 'REPORT':
        return report(this, ask, node, parseXml(ask.body));
      case 'MKCALENDAR':
      case 'MKCOL':
        return make(this, ask, node, tree(ask.body));
      case 'GET':
        return get(ask, node);
      case 'PUT':
        return this.#writing(node, () => put(this, ask, node));
      case 'DELETE':
        return node.kind === 'collection'
          ? removeCollection(ask, node)
          : this.#writing(node, () => remove(this, ask, node));
      case 'MOVE':
        return this.#writing(node, () => move(this, ask, node));
      default:
        return refuse(501, 'NotImplemented', ask.method);
    }
  }

  async #writing(node: Node, work: () => Promise<Answer>): Promise<Answer> {
    const place = 'in' in node && node.in !== undefined ? node.in.collection : undefined;
    if (place === undefined) return work();
    const count = this.writers.get(place) ?? { now: 0, most: 0 };
    this.writers.set(place, count);
    count.now += 1;
    count.most = Math.max(count.most, count.now);
    try {
      return await work();
    } finally {
      count.now -= 1;
    }
  }
}

const features =
  '1, 3, extended-mkcol, access-control, calendarserver-principal-property-search, oc-resource-sharing, calendar-access, calendar-proxy, calendar-auto-schedule, calendar-availability, nc-calendar-trashbin, nc-calendar-webcal-cache, calendarserver-subscribed, nc-calendar-search, nc-enable-birthday-calendar, addressbook';

function status(version: Version): Answer {
  const body = {
    installed: true,
    maintenance: false,
    needsDbUpgrade: false,
    version: `${version}.1`,
    versionstring: version,
    edition: '',
    productname: 'Nextcloud',
    extendedSupport: false,
  };
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function tree(body: string): XmlElement | undefined {
  return body === '' ? undefined : parseXml(body);
}

function get(ask: Ask, node: Node): Answer {
  if (node.kind !== 'member') return refuse(404, 'NotFound', 'File not found');
  const isCard = node.in.collection.kind === 'book';
  const [, version = '3.0'] = /version="?(\d\.\d)/.exec(ask.headers['accept'] ?? '') ?? [];
  const text = isCard ? cardAs(node.row.text, version) : textFor(node.in, node.row);
  return {
    status: 200,
    headers: {
      'Content-Type': isCard ? 'text/vcard; charset=utf-8' : 'text/calendar; charset=utf-8',
      ETag: etagOf(node.row),
    },
    body: text,
  };
}
