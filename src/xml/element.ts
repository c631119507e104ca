// XML as values: what was parsed (namespaces resolved), and what is to be written (prefixes chosen by the writer).

export interface XmlElement {
  /** Namespace URI; empty for none. */
  readonly ns: string;
  /** Local name. */
  readonly name: string;
  /** By local name for attributes without namespace, by Clark name `{uri}local` for others. */
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
}

export function childrenOf(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of element.children) if (typeof child !== 'string') found.push(child);
  return found;
}

/** The first child of that local name, in the namespace if one is given. */
export function childOf(element: XmlElement | undefined, name: string, ns?: string): XmlElement | undefined {
  if (element === undefined) return undefined;
  for (const child of element.children) {
    if (typeof child !== 'string' && child.name === name && (ns === undefined || child.ns === ns))
      return child;
  }
  return undefined;
}

/** All text directly inside; the empty string for an absent element. */
export function textOf(element: XmlElement | undefined): string {
  if (element === undefined) return '';
  const [only] = element.children;
  if (element.children.length === 1 && typeof only === 'string') return only;
  let text = '';
  for (const child of element.children) if (typeof child === 'string') text += child;
  return text;
}

/** `{namespace}local`. */
export function clarkOf(element: XmlElement): string {
  return `{${element.ns}}${element.name}`;
}

/** Namespace and local name of a Clark name. */
export function parseClark(clark: string): { readonly ns: string; readonly name: string } {
  const end = clark.indexOf('}');
  return clark.startsWith('{') && end > 0
    ? { ns: clark.slice(1, end), name: clark.slice(end + 1) }
    : { ns: '', name: clark };
}
