// Restrictions ([MS-OXWSSRCH] t:SearchExpressionType): a tree of elements becomes one test. Strings compare without
// case, as MAPI restrictions do.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { utcZone } from '../calendar/index.ts';
import type { Scalar } from '../fields/row.ts';
import { parseTime } from '../fields/times.ts';

export type Test<T> = (of: T) => boolean;
export type Reader<T> = (of: T) => Scalar;
/** Reads what a path (t:FieldURI, t:IndexedFieldURI, t:ExtendedFieldURI) names. @throws EwsError */
export type PathReader<T> = (path: XmlElement, search: 'compare' | 'contain' | 'exist') => Reader<T>;

/** The test of m:Restriction; everything passes without one. @throws EwsError */
export function parseRestriction<T>(element: XmlElement | undefined, read: PathReader<T>): Test<T> {
  const expression = element === undefined ? undefined : childrenOf(element)[0];
  return expression === undefined ? () => true : parseExpression(expression, read);
}

function parseExpression<T>(element: XmlElement, read: PathReader<T>): Test<T> {
  const compare = comparisons[element.name];
  if (compare !== undefined) return parseComparison(element, read, compare);
  const children = childrenOf(element);
  switch (element.name) {
    case 'And': {
      const tests = children.map((child) => parseExpression(child, read));
      return (of) => tests.every((test) => test(of));
    }
    case 'Or': {
      const tests = children.map((child) => parseExpression(child, read));
      return (of) => tests.some((test) => test(of));
    }
    case 'Not': {
      const [inner] = children.map((child) => parseExpression(child, read));
      return (of) => inner?.(of) !== true;
    }
    case 'Exists': {
      const value = read(pathOf(element), 'exist');
      return (of) => value(of) !== undefined;
    }
    case 'Excludes':
      return parseExcludes(element, read);
    case 'Contains':
      return parseContains(element, read);
    default:
      throw new EwsError('ErrorInvalidRestriction');
  }
}

/** How `value` compares with `constant`: negative, 0, positive; undefined: not at all. */
type Order = number | undefined;
const comparisons: Readonly<Record<string, (order: Order) => boolean>> = {
  IsEqualTo: (order) => order === 0,
  IsNotEqualTo: (order) => order !== 0,
  IsLessThan: (order) => order !== undefined && order < 0,
  IsLessThanOrEqualTo: (order) => order !== undefined && order <= 0,
  IsGreaterThan: (order) => order !== undefined && order > 0,
  IsGreaterThanOrEqualTo: (order) => order !== undefined && order >= 0,
};

function parseComparison<T>(
  element: XmlElement,
  read: PathReader<T>,
  holds: (order: Order) => boolean,
): Test<T> {
  const value = read(pathOf(element), 'compare');
  const other = childOf(element, 'FieldURIOrConstant');
  const constant = childOf(other, 'Constant');
  if (constant !== undefined) {
    const text = constant.attrs['Value'] ?? '';
    return (of) => holds(orderOf(value(of), text));
  }
  const [path] = other === undefined ? [] : childrenOf(other);
  if (path === undefined) throw new EwsError('ErrorInvalidRestriction');
  const second = read(path, 'compare');
  return (of) => {
    const compared = second(of);
    return holds(compared === undefined ? undefined : orderOf(value(of), textValue(compared)));
  };
}

/** Order of a value and the text of a constant. */
export function orderOf(value: Scalar, constant: string): Order {
  if (value === undefined) return undefined;
  if (typeof value === 'number') return value - numberOf(constant);
  if (typeof value === 'boolean') return Number(value) - Number(/^(true|1)$/i.test(constant));
  if (typeof value === 'string') return compareText(value, constant);
  return value.some((one) => compareText(one, constant) === 0) ? 0 : 1;
}

export function compareText(a: string, b: string): number {
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function numberOf(constant: string): number {
  return /^\s*\d{4,}-\d\d-\d\dT/.test(constant) ? parseTime(constant, utcZone) : Number(constant);
}

function textValue(value: Exclude<Scalar, undefined>): string {
  return typeof value === 'object' ? value.join(' ') : String(value);
}

function parseExcludes<T>(element: XmlElement, read: PathReader<T>): Test<T> {
  const value = read(pathOf(element), 'compare');
  const mask = Number(childOf(element, 'Bitmask')?.attrs['Value']);
  return (of) => {
    const bits = value(of);
    return bits !== undefined && (Number(bits) & mask) === 0;
  };
}

function parseContains<T>(element: XmlElement, read: PathReader<T>): Test<T> {
  const value = read(pathOf(element), 'contain');
  const mode = element.attrs['ContainmentMode'] ?? 'FullString';
  const fold = folding(element.attrs['ContainmentComparison'] ?? 'Exact');
  const wanted = fold(childOf(element, 'Constant')?.attrs['Value'] ?? textOf(childOf(element, 'Constant')));
  const matches = containment[mode];
  if (matches === undefined) throw new EwsError('ErrorInvalidRestriction');
  return (of) => {
    const held = value(of);
    if (held === undefined) return false;
    const texts = typeof held === 'object' ? held : [String(held)];
    return texts.some((text) => matches(fold(text), wanted));
  };
}

const containment: Readonly<Record<string, (text: string, wanted: string) => boolean>> = {
  FullString: (text, wanted) => text === wanted,
  Prefixed: (text, wanted) => text.startsWith(wanted),
  Substring: (text, wanted) => text.includes(wanted),
  PrefixOnWords: (text, wanted) => text.split(/\W+/).some((word) => word.startsWith(wanted)),
  ExactPhrase: (text, wanted) => ` ${text.replace(/\W+/g, ' ')} `.includes(` ${wanted} `),
};

function folding(comparison: string): (text: string) => string {
  const ignoreCase = comparison !== 'Exact' && comparison !== 'IgnoreNonSpacingCharacters';
  const ignoreMarks = comparison !== 'Exact' && comparison !== 'IgnoreCase';
  return (text) => {
    const plain = ignoreMarks ? text.normalize('NFD').replace(/\p{Mn}/gu, '') : text;
    return ignoreCase ? plain.toLowerCase() : plain;
  };
}

function pathOf(element: XmlElement): XmlElement {
  const [path] = childrenOf(element);
  if (path === undefined) throw new EwsError('ErrorInvalidRestriction');
  return path;
}
