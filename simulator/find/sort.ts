// SortOrder of FindItem: several fields, absent values first when ascending.
import { childrenOf, type XmlElement } from '../../src/xml/index.ts';
import type { Scalar } from '../fields/row.ts';
import { EwsError } from '../errors.ts';
import { compareText, type PathReader } from './restriction.ts';

export function sorted<T>(
  all: readonly T[],
  order: XmlElement | undefined,
  read: PathReader<T>,
): readonly T[] {
  if (order === undefined) return all;
  const fields = childrenOf(order).map((field) => {
    const [path] = childrenOf(field);
    if (path === undefined) throw new EwsError('ErrorUnsupportedPathForSortGroup');
    return { value: read(path, 'compare'), sign: field.attrs['Order'] === 'Descending' ? -1 : 1 };
  });
  return [...all].sort((a, b) => {
    for (const { value, sign } of fields) {
      const compared = compare(value(a), value(b));
      if (compared !== 0) return compared * sign;
    }
    return 0;
  });
}

function compare(a: Scalar, b: Scalar): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Number(a) - Number(b);
}
