// text-match and param-filter, which calendar-query (RFC 4791 §9.7.3, §9.7.5) and addressbook-query (RFC 6352 §10.5)
// share. Collations of RFC 4790 and RFC 5051.
import type { Collation, ParamFilter, TextMatch } from '../model/filter.ts';
import type { Jcal } from './codec.ts';

const foldings = {
  'i;octet': (text) => text,
  'i;ascii-casemap': (text) => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()),
  'i;unicode-casemap': (text) => text.normalize('NFKD').toUpperCase().normalize('NFKD'),
} satisfies Record<Collation, (text: string) => string>;

const tests = {
  equals: (text, wanted) => text === wanted,
  contains: (text, wanted) => text.includes(wanted),
  'starts-with': (text, wanted) => text.startsWith(wanted),
  'ends-with': (text, wanted) => text.endsWith(wanted),
} satisfies Record<TextMatch['match'], (text: string, wanted: string) => boolean>;

/** Whether any of the texts (the values of one property, or of one parameter) is what the filter looks for. */
export function matchesText(texts: readonly string[], filter: TextMatch): boolean {
  const fold = foldings[filter.collation];
  const wanted = fold(filter.text);
  return texts.some((text) => tests[filter.match](fold(text), wanted)) !== filter.negate;
}

export function matchesParam(property: Jcal, filter: ParamFilter): boolean {
  const values = paramValues(property, filter.name.toLowerCase());
  if (filter.isNotDefined) return values === undefined;
  if (values === undefined) return false;
  return filter.textMatch === undefined || matchesText(values, filter.textMatch);
}

/** Types that a VALUE parameter must have named, because no property has them by default. */
const namedTypes = new Set(['date', 'period', 'binary', 'boolean', 'float', 'time', 'utc-offset']);

function paramValues([, params, type]: Jcal, name: string): readonly string[] | undefined {
  if (name === 'value') return namedTypes.has(type) ? [type.toUpperCase()] : undefined;
  const value = params[name];
  return typeof value === 'string' ? [value] : value;
}

/** Values as they stand on the wire, unescaped; several values also as one text. */
export function textsOf(property: Jcal): readonly string[] {
  const [, , type, ...values] = property;
  const texts = values.map((value) => wireText(value, type));
  return texts.length > 1 ? [...texts, texts.join(',')] : texts;
}

const times = new Set(['date', 'date-time', 'period', 'utc-offset', 'time']);

function wireText(value: unknown, type: string): string {
  if (typeof value === 'string') return times.has(type) ? value.replaceAll(/[-:]/g, '') : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) {
    return value.map((each: unknown) => wireText(each, type)).join(type === 'period' ? '/' : ';');
  }
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(
      ([name, part]: [string, unknown]) =>
        `${name.toUpperCase()}=${Array.isArray(part) ? part.join(',') : wireText(part, 'text')}`,
    )
    .join(';');
}
