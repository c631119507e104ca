// text-match of RFC 4791 §9.7.5 and RFC 6352 §10.5.4.
import { DavError } from '../../model/failure.ts';
import type { Collation, TextMatch } from '../../model/filter.ts';
import { textOf, type XmlElement } from '../../xml/index.ts';

export const collations = ['i;ascii-casemap', 'i;octet', 'i;unicode-casemap'] as const satisfies Collation[];

const matches = ['equals', 'contains', 'starts-with', 'ends-with'] as const satisfies TextMatch['match'][];

export interface Dialect {
  /** When no collation is named, or `default`. */
  readonly collation: Collation;
  readonly unsupportedCollation: string;
  readonly invalid: string;
}

/** @throws DavError 403 with supported-collation or the dialect's precondition for a filter that is not valid */
export function parseTextMatch(element: XmlElement, dialect: Dialect): TextMatch {
  return {
    text: textOf(element),
    collation: parseCollation(element.attrs['collation'], dialect),
    negate: parseNegate(element, dialect),
    match: parseMatch(element, dialect),
  };
}

export function parseTest(
  element: XmlElement,
  fallback: 'anyof' | 'allof',
  dialect: Dialect,
): 'anyof' | 'allof' {
  const test = element.attrs['test'] ?? fallback;
  if (test === 'anyof' || test === 'allof') return test;
  throw invalidFilter('test must be anyof or allof', dialect);
}

/** The name attribute. */
export function nameOf(element: XmlElement, dialect: Dialect): string {
  const name = element.attrs['name']?.trim() ?? '';
  if (name === '') throw invalidFilter(`${element.name} needs a name`, dialect);
  return name.toUpperCase();
}

export function invalidFilter(message: string, dialect: Dialect): DavError {
  return new DavError(403, `the filter is not valid: ${message}`, { precondition: dialect.invalid });
}

function parseCollation(name: string | undefined, dialect: Dialect): Collation {
  if (name === undefined || name === 'default') return dialect.collation;
  const known = collations.find((each) => each === name.toLowerCase());
  if (known !== undefined) return known;
  throw new DavError(403, `the collation ${name} is not supported`, {
    precondition: dialect.unsupportedCollation,
  });
}

function parseNegate(element: XmlElement, dialect: Dialect): boolean {
  const negate = element.attrs['negate-condition'] ?? 'no';
  if (negate !== 'yes' && negate !== 'no') throw invalidFilter('negate-condition is yes or no', dialect);
  return negate === 'yes';
}

function parseMatch(element: XmlElement, dialect: Dialect): TextMatch['match'] {
  const name = element.attrs['match-type'] ?? 'contains';
  const known = matches.find((each) => each === name);
  if (known === undefined) throw invalidFilter(`match-type ${name} is not known`, dialect);
  return known;
}
