// Looking into parsed bodies by Clark name.
import { childrenOf, clarkOf, type XmlElement } from '../xml/index.ts';

export function childElement(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent === undefined ? undefined : childrenOf(parent).find((child) => clarkOf(child) === name);
}

export function childElements(parent: XmlElement | undefined, name: string): readonly XmlElement[] {
  return parent === undefined ? [] : childrenOf(parent).filter((child) => clarkOf(child) === name);
}

/** All text inside, at any depth. */
export function deepTextOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : deepTextOf(child))).join('');
}
