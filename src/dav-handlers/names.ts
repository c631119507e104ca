// The namespaces this server writes, their prefixes, and elements by Clark name.
import { parseClark, xml, type Markup, type XmlContent } from '../xml/index.ts';

export const namespaces = {
  D: 'DAV:',
  C: 'urn:ietf:params:xml:ns:caldav',
  CR: 'urn:ietf:params:xml:ns:carddav',
  CS: 'http://calendarserver.org/ns/',
  A: 'http://apple.com/ns/ical/',
} as const;

export const dav = (name: string): string => `{${namespaces.D}}${name}`;
export const caldav = (name: string): string => `{${namespaces.C}}${name}`;
export const carddav = (name: string): string => `{${namespaces.CR}}${name}`;
export const calendarServer = (name: string): string => `{${namespaces.CS}}${name}`;
export const apple = (name: string): string => `{${namespaces.A}}${name}`;

/** Attributes of every document element: the prefixes `element` relies on. */
export const declarations: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(namespaces).map(([prefix, uri]) => [`xmlns:${prefix}`, uri]),
);

const prefixOf: ReadonlyMap<string, string> = new Map(
  Object.entries(namespaces).map(([prefix, uri]) => [uri, prefix]),
);

export interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Cannot be a default namespace (Namespaces in XML §3). */
const reservedPrefixOf: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/XML/1998/namespace', 'xml'],
]);

/** How a Clark name is written below a root that carries `declarations`. */
export function tagOf(clark: string): Tag {
  const { ns, name } = parseClark(clark);
  const prefix = prefixOf.get(ns) ?? reservedPrefixOf.get(ns);
  return prefix === undefined
    ? { name, attributes: { xmlns: ns } }
    : { name: `${prefix}:${name}`, attributes: {} };
}

export function element(clark: string, ...content: readonly XmlContent[]): Markup {
  const tag = tagOf(clark);
  return xml(tag.name, tag.attributes, ...content);
}

export function hrefElement(href: string): Markup {
  return xml('D:href', {}, href);
}
