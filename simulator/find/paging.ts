// Views of a result: indexed and fractional pages ([MS-OXWSSRCH]; BEHAVIOUR §6), cut by the find count limit.
import type { XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';

export interface Page<T> {
  readonly entries: readonly T[];
  /** Attributes of m:RootFolder. */
  readonly attributes: string;
}

/** @throws EwsError ErrorExceededFindCountLimit | ErrorInvalidPagingMaxRows | … */
export function pageOf<T>(all: readonly T[], view: XmlElement | undefined, findCountLimit: number): Page<T> {
  if (view === undefined) {
    if (all.length > findCountLimit) throw new EwsError('ErrorExceededFindCountLimit');
    return { entries: all, attributes: attributesOf(all.length, true) };
  }
  const rows = view.attrs['MaxEntriesReturned'];
  if (rows !== undefined && Number(rows) < 1) throw new EwsError('ErrorInvalidPagingMaxRows');
  const most = Math.min(rows === undefined ? findCountLimit : Number(rows), findCountLimit);
  return view.name.startsWith('Fractional') ? fraction(all, view, most) : indexed(all, view, most);
}

export function attributesOf(total: number, isLast: boolean): string {
  return `TotalItemsInView="${total}" IncludesLastItemInRange="${String(isLast)}"`;
}

function indexed<T>(all: readonly T[], view: XmlElement, most: number): Page<T> {
  const offset = Number(view.attrs['Offset']);
  if (offset < 0) throw new EwsError('ErrorInvalidIndexedPagingParameters');
  if (view.attrs['BasePoint'] === 'End') {
    const end = Math.max(all.length - offset, 0);
    const start = Math.max(end - most, 0);
    const attributes = `IndexedPagingOffset="${offset + end - start}" ${attributesOf(all.length, start === 0)}`;
    return { entries: all.slice(start, end), attributes };
  }
  const end = Math.min(offset + most, all.length);
  const attributes = `IndexedPagingOffset="${Math.max(end, 0)}" ${attributesOf(all.length, end >= all.length)}`;
  return { entries: all.slice(offset, end), attributes };
}

function fraction<T>(all: readonly T[], view: XmlElement, most: number): Page<T> {
  const numerator = Number(view.attrs['Numerator']);
  const denominator = Number(view.attrs['Denominator']);
  if (denominator < 1 || numerator < 0 || numerator > denominator)
    throw new EwsError('ErrorInvalidFractionalPagingParameters');
  const start = Math.floor((all.length * numerator) / denominator);
  const end = Math.min(start + most, all.length);
  return {
    entries: all.slice(start, end),
    attributes: `NumeratorOffset="${end}" AbsoluteDenominator="${all.length}" ${attributesOf(all.length, end >= all.length)}`,
  };
}
