// Whole requests to the handlers, and their answers taken apart by meaning.
import { handleDav, type DavResponse, type Space } from '../../src/dav-handlers/index.ts';
import { DavError } from '../../src/model/failure.ts';
import { childOf, childrenOf, clarkOf, parseXml, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { MemoryFolder } from './memory-collection.ts';
import { MemoryHome } from './memory-home.ts';

export const D = 'DAV:';
export const C = 'urn:ietf:params:xml:ns:caldav';
export const CR = 'urn:ietf:params:xml:ns:carddav';
export const CS = 'http://calendarserver.org/ns/';
export const A = 'http://apple.com/ns/ical/';

export const alice = { address: 'alice@example.test', name: 'Alice Adams' };
export const bob = { address: 'bob@example.test', name: 'Bob Brown' };

export const folders: readonly MemoryFolder[] = [
  { key: 'calendar', kind: 'events', displayName: 'Calendar', isDefault: true },
  { key: 'team', kind: 'events', displayName: 'Team', properties: { color: '#AABBCCFF', order: '2' } },
  { key: 'tasks', kind: 'tasks', displayName: 'Tasks', isDefault: true },
  { key: 'contacts', kind: 'contacts', displayName: 'Contacts', isDefault: true },
];

export const home = '/calendars/alice@example.test/';
export const calendar = `${home}calendar/`;
export const book = '/addressbooks/alice@example.test/contacts/';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The document of an XML answer. */
  readonly xml: XmlElement;
  readonly responses: readonly ParsedResponse[];
  /** Of DAV:error: Clark names of its conditions. */
  readonly conditions: readonly string[];
  /** Of DAV:error: what it says to people. */
  readonly words: string;
}

export interface ParsedResponse {
  readonly href: string;
  readonly status: number | undefined;
  readonly conditions: readonly string[];
  /** Clark name → status and element. */
  readonly props: ReadonlyMap<string, { readonly status: number; readonly element: XmlElement }>;
}

export interface Setup {
  readonly space: Space;
  readonly home: MemoryHome;
  readonly ask: (
    method: string,
    path: string,
    options?: { headers?: Record<string, string>; body?: string | Uint8Array; space?: Partial<Space> },
  ) => Promise<Answer>;
}

export function setUp(
  options: {
    folders?: readonly MemoryFolder[];
    prefix?: string;
    others?: readonly MemoryHome[];
    space?: Partial<Space>;
  } = {},
): Setup {
  const own = new MemoryHome(alice, options.folders ?? folders);
  own.further.push('a.adams@example.test');
  const space: Space = {
    user: alice,
    prefix: options.prefix ?? '',
    limits: { maxResourceBytes: 10_000 },
    autoSchedule: true,
    now: () => Date.UTC(2026, 0, 1),
    home: async (address) => {
      const found = [own, ...(options.others ?? [])].find(({ owner, further }) =>
        [owner.address, ...further].some((each) => each.toLowerCase() === address.toLowerCase()),
      );
      if (found === undefined) throw new DavError(404, 'there is no such mailbox');
      return found;
    },
    ...options.space,
  };
  return {
    space,
    home: own,
    ask: askIn(space),
  };
}

export function askIn(space: Space): Setup['ask'] {
  return async (method, path, { headers = {}, body = '', space: changed = {} } = {}) => {
    const response = await handleDav(
      {
        method,
        path: path
          .replace(/\?.*$/s, '')
          .split('/')
          .filter((part) => part !== '')
          .map(decodeURIComponent),
        trailingSlash: path.replace(/\?.*$/s, '').endsWith('/'),
        query: new URLSearchParams(/\?(.*)$/s.exec(path)?.[1] ?? ''),
        headers: new Headers(headers),
        body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
        signal: new AbortController().signal,
        requestId: 'test',
      },
      { ...space, ...changed },
    );
    return answerOf(response);
  };
}

export function names(answer: { readonly props: ParsedResponse['props'] }, status = 200): readonly string[] {
  return [...answer.props].filter(([, prop]) => prop.status === status).map(([name]) => name);
}

export function propOf(
  response: ParsedResponse | undefined,
  ns: string,
  name: string,
): XmlElement | undefined {
  const prop = response?.props.get(`{${ns}}${name}`);
  return prop?.status === 200 ? prop.element : undefined;
}

export function textIn(response: ParsedResponse | undefined, ns: string, name: string): string | undefined {
  const element = propOf(response, ns, name);
  return element && textOf(element);
}

export function hrefsIn(element: XmlElement | undefined): readonly string[] {
  return element === undefined
    ? []
    : childrenOf(element).flatMap((child) =>
        clarkOf(child) === '{DAV:}href' ? [textOf(child)] : hrefsIn(child),
      );
}

export function childNames(element: XmlElement | undefined): readonly string[] {
  return element === undefined ? [] : childrenOf(element).map(clarkOf);
}

export function propfind(...props: readonly (readonly [ns: string, name: string])[]): string {
  const inner = props.map(([ns, name]) => `<p:${name} xmlns:p="${ns}"/>`).join('');
  return `<?xml version="1.0"?><propfind xmlns="DAV:"><prop>${inner}</prop></propfind>`;
}

export function event(uid: string, more: Record<string, string> = {}): string {
  return lines('VEVENT', {
    UID: uid,
    DTSTAMP: '20260101T000000Z',
    DTSTART: '20260110T100000Z',
    DTEND: '20260110T110000Z',
    SUMMARY: `Event ${uid}`,
    ...more,
  });
}

export function task(uid: string): string {
  return lines('VTODO', { UID: uid, DTSTAMP: '20260101T000000Z', SUMMARY: `Task ${uid}` });
}

export function card(uid: string, name: string): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, `FN:${name}`, `N:${name};;;;`, 'END:VCARD', ''].join(
    '\r\n',
  );
}

function lines(component: string, properties: Record<string, string>): string {
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Test//Test//EN',
    `BEGIN:${component}`,
    ...Object.entries(properties).map(([name, value]) => `${name}:${value}`),
    `END:${component}`,
    'END:VCALENDAR',
    '',
  ].join('\r\n');
}

function answerOf(response: DavResponse): Answer {
  const headers = new Headers(response.headers);
  const text =
    typeof response.body === 'string'
      ? response.body
      : new TextDecoder().decode(response.body ?? new Uint8Array());
  const isXml = headers.get('Content-Type')?.startsWith('application/xml') === true && text !== '';
  const xml = isXml ? parseXml(text) : { ns: '', name: '', attrs: {}, children: [] };
  return {
    status: response.status,
    headers,
    text,
    xml,
    responses: childrenOf(xml)
      .filter((child) => clarkOf(child) === '{DAV:}response')
      .map(parseResponse),
    conditions: clarkOf(xml) === '{DAV:}error' ? childrenOf(xml).map(clarkOf).filter(isCondition) : [],
    words: clarkOf(xml) === '{DAV:}error' ? textOf(childOf(xml, 'responsedescription', D)) : '',
  };
}

function isCondition(name: string): boolean {
  return name !== '{DAV:}responsedescription';
}

export function parseResponse(element: XmlElement): ParsedResponse {
  const props = new Map<string, { status: number; element: XmlElement }>();
  for (const propstat of childrenOf(element).filter((child) => child.name === 'propstat')) {
    const status = statusIn(propstat);
    for (const prop of childrenOf(childOf(propstat, 'prop', D)!))
      props.set(clarkOf(prop), { status: status!, element: prop });
  }
  const error = childOf(element, 'error', D);
  return {
    href: textOf(childOf(element, 'href', D)),
    status: statusIn(element),
    conditions: error === undefined ? [] : childrenOf(error).map(clarkOf),
    props,
  };
}

function statusIn(element: XmlElement): number | undefined {
  const status = childOf(element, 'status', D);
  return status === undefined ? undefined : Number(/^HTTP\/1\.1 (\d{3}) \S/.exec(textOf(status))?.[1]);
}
