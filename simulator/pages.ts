// What the server answers beside EWS itself: Autodiscover, pictures, and the authority, by path.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Authority } from './auth/authority.ts';
import { openAuthorityPages } from './auth/authority-pages.ts';
import { poxPage, poxProbe } from './autodiscover/pox.ts';
import { soapPage } from './autodiscover/soap.ts';
import { photoPage } from './operations/get-user-photo.ts';
import type { Mailbox, World } from './state/index.ts';

export interface PageRequest {
  readonly world: World;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Scheme and host the client used. */
  readonly origin: string;
  /** Undefined for pages without sign-in, and for applications. */
  readonly user: Mailbox | undefined;
}

export interface PageAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Page {
  /** Shown to everybody, for this method. */
  isOpen(method: string, world: World): boolean;
  readonly answer: (request: PageRequest) => PageAnswer;
}

export type Pages = (path: string) => Page | undefined;

const closed = (): boolean => false;
const open = (): boolean => true;

/** By lower-case path. */
export function openPages(authority: () => Authority): Pages {
  const pages = new Map<string, Page>([
    ['/autodiscover/autodiscover.xml', { isOpen: poxProbe, answer: poxPage }],
    ['/autodiscover/autodiscover.svc', { isOpen: closed, answer: soapPage }],
    ['/ews/exchange.asmx/s/getuserphoto', { isOpen: closed, answer: photoPage }],
  ]);
  for (const [path, answer] of Object.entries(openAuthorityPages(authority)))
    pages.set(path, { isOpen: open, answer });
  return (path) => pages.get(path);
}

interface Shown {
  readonly world: World;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: string;
  readonly user?: Mailbox | undefined;
}

export function showPage(page: Page, { world, request, response, url, body, user }: Shown): void {
  const answered = page.answer({
    world,
    method: request.method ?? '',
    query: url.searchParams,
    headers: request.headers,
    body,
    origin: url.origin,
    user,
  });
  const content = answered.body ?? '';
  response.writeHead(answered.status, { ...answered.headers, 'content-length': Buffer.byteLength(content) });
  response.end(content);
}
