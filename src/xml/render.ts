// Writes XML. The writer chooses prefixes and declares them on the root; everything else is escaped here.
import { type XmlElement } from './element.ts';

/** Text that is already XML. */
export class Markup {
  readonly xml: string;
  constructor(xml: string) {
    this.xml = xml;
  }
}

export type XmlContent = Markup | string | number | boolean | undefined | readonly XmlContent[];
export type XmlAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** One element. `name` carries its prefix (`D:prop`); undefined attributes and contents are left out. */
export function xml(name: string, attributes: XmlAttributes, ...content: readonly XmlContent[]): Markup {
  let text = `<${name}`;
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) text += ` ${key}="${escapeAttribute(String(value))}"`;
  }
  const inner = contentOf(content);
  return new Markup(inner === '' ? `${text}/>` : `${text}>${inner}</${name}>`);
}

/** A document with its declaration. */
export function renderXml(root: Markup): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n${root.xml}`;
}

/** A parsed element written again, with namespaces declared where they change. */
export function markupOf(element: XmlElement, inherited = ''): Markup {
  const attributes: Record<string, string> = {};
  if (element.ns !== inherited) attributes['xmlns'] = element.ns;
  let extra = 0;
  for (const [key, value] of Object.entries(element.attrs)) {
    const end = key.indexOf('}');
    if (end < 0) attributes[key] = value;
    else if (key.startsWith('{http://www.w3.org/XML/1998/namespace}'))
      attributes[`xml:${key.slice(end + 1)}`] = value;
    else {
      extra += 1;
      attributes[`xmlns:a${extra}`] = key.slice(1, end);
      attributes[`a${extra}:${key.slice(end + 1)}`] = value;
    }
  }
  const content = element.children.map((child) =>
    typeof child === 'string' ? child : markupOf(child, element.ns),
  );
  return xml(element.name, attributes, ...content);
}

function contentOf(content: readonly XmlContent[]): string {
  let text = '';
  for (const part of content) {
    if (part === undefined) continue;
    if (part instanceof Markup) text += part.xml;
    else if (typeof part === 'object') text += contentOf(part);
    else text += escapeText(String(part));
  }
  return text;
}

/** Characters that XML 1.0 cannot carry are dropped; lone surrogates become U+FFFD. */
export function escapeText(text: string): string {
  if (!/[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;'); // one by one is faster than a function called for each
}

/** For the inside of double quotes; blanks other than the space are kept from being normalised (XML 1.0 §3.3.3). */
export function escapeAttribute(text: string): string {
  const escaped = escapeText(text);
  if (!/["\n\t]/.test(escaped)) return escaped;
  return escaped.replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');
}
