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
  readonly element: {
    ns: string;
    name: string;
    attrs: Record<string, string>;
    children: (XmlElement | string)[];
  };
}

/**
 * A reader that takes the text in pieces. `onElement` may take a finished element out of the tree as soon as it closes
 * (return true), so that a long answer never stands in memory whole.
 * @throws XmlError on anything malformed or over a limit
 */
export function openXmlReader(
  limits: XmlLimits,
  onElement?: (element: XmlElement, depth: number) => boolean,
): XmlReader {
  const state = { depth: 0, elements: 0, length: 0 };
  const stack: Growing['element'][] = [];
  const done: { root?: XmlElement } = {};
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
    state.elements += 1;
    if (stack.length >= limits.maxDepth) throw new XmlError(`deeper than ${limits.maxDepth} elements`);
    if (state.elements > limits.maxElements) throw new XmlError(`more than ${limits.maxElements} elements`);
    stack.push({ ns: tag.uri, name: tag.local, attrs: attributesOf(tag.attributes), children: [] });
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element === undefined) return;
    const parent = stack.at(-1);
    if (parent === undefined) done.root = element;
    else if (onElement?.(element, stack.length) !== true) parent.children.push(element);
  });
  const onText = (text: string): void => {
    const top = stack.at(-1);
    if (top === undefined) return;
    const last = top.children.length - 1;
    const before = top.children[last];
    if (typeof before === 'string') top.children[last] = before + text;
    else top.children.push(text);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  return {
    write(chunk) {
      state.length += chunk.length;
      if (state.length > limits.maxLength) throw new XmlError(`longer than ${limits.maxLength} characters`);
      parser.write(limits.mendCharacters ? mend(chunk) : chunk);
    },
    close() {
      parser.close();
      if (done.root === undefined) throw new XmlError('no document element');
      return done.root;
    },
  };
}

/** @throws XmlError */
export function parseXml(text: string, limits: XmlLimits = requestLimits): XmlElement {
  const reader = openXmlReader(limits);
  reader.write(text);
  return reader.close();
}

function attributesOf(attributes: Record<string, SaxesAttributeNS>): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const attribute of Object.values(attributes)) {
    if (attribute.uri === 'http://www.w3.org/2000/xmlns/') continue;
    found[attribute.uri === '' ? attribute.local : `{${attribute.uri}}${attribute.local}`] = attribute.value;
  }
  return found;
}

const illegalReference =
  /&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]|d[89a-f][0-9a-f]{2})|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));/gi;
const illegalCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

function mend(chunk: string): string {
  return chunk.replace(illegalCharacter, '\ufffd').replace(illegalReference, '\ufffd');
}
