// The namespaces spoken with foreign servers, and elements of them: parsed by Clark name, written by prefix.
import { childOf, parseClark, xml, type Markup, type XmlContent, type XmlElement } from '../xml/index.ts';

const namespaces = {
  D: 'DAV:',
  C: 'urn:ietf:params:xml:ns:caldav',
  CR: 'urn:ietf:params:xml:ns:carddav',
  CS: 'http://calendarserver.org/ns/',
  A: 'http://apple.com/ns/ical/',
  NC: 'http://nextcloud.com/ns',
  OC: 'http://owncloud.org/ns',
} as const;

type Prefix = keyof typeof namespaces;
/** `D:displayname`: how this room names elements. */
export type Name = `${Prefix}:${string}`;

const declarations: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
);

/** A document element: it declares every prefix. */
export function documentElement(name: Name, ...content: readonly XmlContent[]): Markup {
  return xml(name, declarations, ...content);
}

export function element(name: Name, ...content: readonly XmlContent[]): Markup {
  return xml(name, {}, ...content);
}

export function clark(name: Name): string {
  const [prefix, local] = split(name);
  return `{${namespaces[prefix]}}${local}`;
}

export function child(parent: XmlElement | undefined, name: Name): XmlElement | undefined {
  const { ns, name: local } = parseClark(clark(name));
  return childOf(parent, local, ns);
}

export function isNamed(candidate: XmlElement, name: Name): boolean {
  const { ns, name: local } = parseClark(clark(name));
  return candidate.ns === ns && candidate.name === local;
}

function split(name: Name): readonly [Prefix, string] {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, colon);
  if (!isPrefix(prefix)) throw new Error(`no namespace for ${name}`);
  return [prefix, name.slice(colon + 1)];
}

function isPrefix(text: string): text is Prefix {
  return text in namespaces;
}
