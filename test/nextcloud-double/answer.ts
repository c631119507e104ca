// Answers as SabreDAV writes them.
import { markupOf, renderXml, xml, type Markup, type XmlElement } from '../../src/xml/index.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const declarations = {
  'xmlns:d': 'DAV:',
  'xmlns:s': 'http://sabredav.org/ns',
  'xmlns:cal': 'urn:ietf:params:xml:ns:caldav',
  'xmlns:card': 'urn:ietf:params:xml:ns:carddav',
  'xmlns:cs': 'http://calendarserver.org/ns/',
  'xmlns:oc': 'http://owncloud.org/ns',
  // Only declared: the properties live in http://nextcloud.com/ns.
  'xmlns:nc': 'http://nextcloud.org/ns',
  'xmlns:x1': 'http://nextcloud.com/ns',
};

export function refuse(status: number, exception: string, message: string, ...conditions: Markup[]): Answer {
  const name = exception.includes('\\') ? exception : `Sabre\\DAV\\Exception\\${exception}`;
  return xmlAnswer(
    status,
    xml('d:error', declarations, xml('s:exception', {}, name), xml('s:message', {}, message), ...conditions),
  );
}

export function xmlAnswer(status: number, root: Markup): Answer {
  return { status, headers: { 'Content-Type': 'application/xml; charset=utf-8' }, body: renderXml(root) };
}

export interface ResponseRow {
  readonly href: string;
  readonly status?: number;
  readonly found?: readonly Markup[];
  readonly missing?: readonly Markup[];
}

export function multistatus(rows: readonly ResponseRow[], syncToken?: string): Answer {
  const responses = rows.map(({ href, status, found = [], missing = [] }) =>
    xml(
      'd:response',
      {},
      xml('d:href', {}, href),
      status === undefined ? undefined : xml('d:status', {}, statusLine(status)),
      found.length === 0 ? undefined : propstat(200, found),
      missing.length === 0 ? undefined : propstat(404, missing),
      // A response without any property gets an empty propstat, because RFC 2518 wanted one.
      found.length + missing.length === 0 ? propstat(418, []) : undefined,
    ),
  );
  const token = syncToken === undefined ? undefined : xml('d:sync-token', {}, syncToken);
  return xmlAnswer(207, xml('d:multistatus', declarations, responses, token));
}

function propstat(status: number, props: readonly Markup[]): Markup {
  return xml('d:propstat', {}, xml('d:prop', {}, props), xml('d:status', {}, statusLine(status)));
}

const phrases: Readonly<Record<number, string>> = {
  200: 'OK',
  404: 'Not Found',
  418: "I'm a teapot",
  507: 'Insufficient Storage',
};

function statusLine(status: number): string {
  return `HTTP/1.1 ${status} ${phrases[status] ?? ''}`;
}

/** An empty element of a Clark name, for a propstat that names what is not there. */
export function emptyOf(element: Pick<XmlElement, 'ns' | 'name'>): Markup {
  return markupOf({ ns: element.ns, name: element.name, attrs: {}, children: [] }, '');
}
