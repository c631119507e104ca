// Looking into XML trees, and writing them as text again.
import { childrenOf, escapeText, type XmlElement } from '../../../src/xml/index.ts';

/** The first one of that name, at any depth. */
export function find(element: XmlElement, name: string): XmlElement | undefined {
  return findAll(element, name)[0];
}

export function findAll(element: XmlElement, name: string): XmlElement[] {
  const below = childrenOf(element).flatMap((child) => findAll(child, name));
  return element.name === name ? [element, ...below] : below;
}

/** As XML, each element with its own namespace. */
export function written(element: XmlElement): string {
  const attributes = Object.entries(element.attrs)
    .filter(([name]) => !name.startsWith('{'))
    .map(([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`);
  const inner = element.children.map((child) =>
    typeof child === 'string' ? escapeText(child) : written(child),
  );
  return `<${element.name} xmlns="${element.ns}"${attributes.join('')}>${inner.join('')}</${element.name}>`;
}
