// Reads XML with saxes into elements: no DOCTYPE, one closed root, bounded depth, count and size (DESIGN §9).
import { SaxesParser, type SaxesAttributeNS } from 'saxes';
import type { XmlElement } from './element.ts';

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export interface XmlLimits {
  readonly maxDepth: number;
  readonly maxElements: number;
  /** Characters. */
  readonly maxLength: number;
  /** Illegal characters and references become U+FFFD instead of an error; Exchange writes them in user texts. */
  readonly mendCharacters: boolean;
}

/** For bodies of DAV requests: a stranger wrote them. */
export const requestLimits: XmlLimits = {
  maxDepth: 40,
  maxElements: 50_000,
  maxLength: 1_000_000,
  mendCharacters: false,
};

/** For answers of a mail server: large, trusted to be meant well, not to be well-formed in every character. */
export const answerLimits: XmlLimits = {
  maxDepth: 100,
  maxElements: 5_000_000,
  maxLength: 512 * 1024 * 1024,
  mendCharacters: true,
};

export interface XmlReader {
  write(chunk: string): void;
  /** @throws XmlError when the document is not complete */
  close(): XmlElement;
}

interface Growing {
  readonly ns: string;
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
}

/** Takes a finished element out of the tree (answers true), so that a long answer never stands in memory whole. */
export type OnElement = (element: XmlElement, depth: number) => boolean;

/**
 * A reader that takes the text in pieces.
 * @throws XmlError on anything malformed or over a limit
 */
export function openXmlReader(limits: XmlLimits, onElement?: OnElement): XmlReader {
  const tree = new Tree(limits, onElement);
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    if (limits.mendCharacters && /disallowed character|malformed character entity/.test(error.message))
      return;
    throw new XmlError(error.message);
  });
  parser.on('doctype', () => {
    throw new XmlError('a document type declaration is not accepted');
  });
  parser.on('opentag', (tag) => {
    tree.open({ ns: tag.uri, name: tag.local, attrs: attributesOf(tag.attributes), children: [] });
  });
  parser.on('closetag', () => tree.closeElement());
  parser.on('text', (text) => tree.addText(text));
  parser.on('cdata', (text) => tree.addText(text));
  let length = 0;
  return {
    write(chunk) {
      length += chunk.length;
      if (length > limits.maxLength) throw new XmlError(`longer than ${limits.maxLength} characters`);
      parser.write(limits.mendCharacters ? mend(chunk) : chunk);
    },
    close() {
      parser.close();
      if (tree.root === undefined) throw new XmlError('no document element');
      return tree.root;
    },
  };
}

/** The elements that are still open, and the root once it has closed. */
class Tree {
  root: XmlElement | undefined;
  readonly #stack: Growing[] = [];
  readonly #limits: XmlLimits;
  readonly #onElement: OnElement | undefined;
  #elements = 0;

  constructor(limits: XmlLimits, onElement: OnElement | undefined) {
    this.#limits = limits;
    this.#onElement = onElement;
  }

  open(element: Growing): void {
    this.#elements += 1;
    if (this.#stack.length >= this.#limits.maxDepth)
      throw new XmlError(`deeper than ${this.#limits.maxDepth} elements`);
    if (this.#elements > this.#limits.maxElements)
      throw new XmlError(`more than ${this.#limits.maxElements} elements`);
    this.#stack.push(element);
  }

  closeElement(): void {
    const element = this.#stack.pop();
    if (element === undefined) return;
    const parent = this.#stack.at(-1);
    if (parent === undefined) this.root = element;
    else if (this.#onElement?.(element, this.#stack.length) !== true) parent.children.push(element);
  }

  addText(text: string): void {
    const children = this.#stack.at(-1)?.children;
    if (children === undefined) return;
    const before = children.at(-1);
    if (typeof before === 'string') children[children.length - 1] = before + text;
    else children.push(text);
  }
}

/** @throws XmlError */
export function parseXml(text: string, limits: XmlLimits = requestLimits): XmlElement {
  const reader = openXmlReader(limits);
  reader.write(text);
  return reader.close();
}

/** Without a prototype: an attribute may be called like one of its members. */
function emptyRecord(): Record<string, string> {
  return Object.create(null);
}

/** Most elements have none, and share this. */
const noAttributes: Readonly<Record<string, string>> = Object.freeze(emptyRecord());

function attributesOf(attributes: Record<string, SaxesAttributeNS>): Readonly<Record<string, string>> {
  let found: Record<string, string> | undefined;
  for (const name in attributes) {
    const attribute = attributes[name];
    if (attribute === undefined || attribute.uri === 'http://www.w3.org/2000/xmlns/') continue;
    found ??= emptyRecord();
    found[attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`] = attribute.value;
  }
  return found ?? noAttributes;
}

const illegalReference =
  /&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f][0-9a-f]{2})|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));/gi;
const illegalCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function mend(chunk: string): string {
  return chunk.replace(illegalCharacter, '\ufffd').replace(illegalReference, '\ufffd');
}
