// Response shapes ([MS-OXWSCORE] t:ItemResponseShapeType): which properties an answer has, worked out once for each kind
// of item and then run down as a list.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import type { ItemKind } from '../state/index.ts';
import { indexedRows } from './contact-rows.ts';
import { parseExtendedField, renderExtended, type ExtendedField } from './extended.ts';
import { renderItemId } from './item-rows.ts';
import { kinds } from './kinds.ts';
import { itemProperty } from './native-rows.ts';
import { tag, type Answer, type Row, type View } from './row.ts';

export interface Shape {
  readonly base: string;
  readonly bodyType: 'HTML' | 'Text';
  readonly includeMime: boolean;
  readonly uris: ReadonlySet<string>;
  readonly indexed: readonly { readonly uri: string; readonly index: string }[];
  readonly extended: readonly ExtendedField[];
  /** An attached item has no place in the store: no id, no parent. */
  readonly isAttached?: boolean;
}

/** @throws EwsError ErrorInvalidExtendedProperty */
export function parseShape(element: XmlElement | undefined): Shape {
  const additional = childOf(element, 'AdditionalProperties');
  const paths = additional === undefined ? [] : childrenOf(additional);
  return {
    base: textOf(childOf(element, 'BaseShape')),
    bodyType: textOf(childOf(element, 'BodyType')) === 'Text' ? 'Text' : 'HTML',
    includeMime: textOf(childOf(element, 'IncludeMimeContent')) === 'true',
    uris: new Set(
      paths.filter((path) => path.name === 'FieldURI').map((path) => path.attrs['FieldURI'] ?? ''),
    ),
    indexed: paths
      .filter((path) => path.name === 'IndexedFieldURI')
      .map((path) => ({ uri: path.attrs['FieldURI'] ?? '', index: path.attrs['FieldIndex'] ?? '' })),
    extended: paths.filter((path) => path.name === 'ExtendedFieldURI').map(parseExtendedField),
  };
}

/** FindItem refuses what only GetItem returns; SyncFolderItems leaves it out. @throws EwsError */
export function demandListable(shape: Shape): void {
  for (const { rows } of Object.values(kinds)) {
    for (const row of rows)
      if (row.getOnly && shape.uris.has(row.uri)) throw new EwsError('ErrorInvalidPropertyForOperation');
  }
}

/** Writes one item as its element. */
export type ItemWriter = (view: View, answer: Answer) => string;

/** The writer of a shape; it works out the rows of a kind at the first item of that kind. */
export function itemWriter(shape: Shape, listing: boolean): ItemWriter {
  const compiled = new Map<ItemKind, readonly Part[]>();
  return (view, answer) => {
    const { kind } = view.item;
    let parts = compiled.get(kind);
    if (parts === undefined) {
      parts = partsOf(shape, kind, listing);
      compiled.set(kind, parts);
    }
    let inner = '';
    for (const part of parts) inner += part(view, answer);
    return tag(kinds[kind].element, inner);
  };
}

/** Only the id, as writes answer, and what else they tell. */
export function renderIdOnly(view: View, further = ''): string {
  return tag(kinds[view.item.kind].element, renderItemId(view) + further);
}

type Part = (view: View, answer: Answer) => string;

function partsOf(shape: Shape, kind: ItemKind, listing: boolean): Part[] {
  const { rows, extendedAt } = kinds[kind];
  const parts: Part[] = [];
  const wanted = (row: Row): boolean => {
    if (shape.isAttached === true && placed.has(row.element)) return false;
    if (row.element === 'ItemId') return true;
    if (listing && row.getOnly) return false;
    return (
      shape.uris.has(row.uri) ||
      inBase(shape.base, row) ||
      (row.uri === 'item:MimeContent' && shape.includeMime)
    );
  };
  for (const [at, row] of rows.entries()) {
    if (at === extendedAt)
      for (const field of shape.extended)
        parts.push((view, answer) => renderExtended(field, itemProperty(view, field.key), answer.listing));
    if (wanted(row)) parts.push(row.render);
    else {
      const entries = shape.indexed.filter(({ uri }) => elementOfIndexed(uri) === row.element);
      if (kind === 'contact' && entries.length > 0) parts.push(dictionaryPart(row.element, entries));
    }
  }
  return parts;
}

const placed = new Set(['ItemId', 'ParentFolderId', 'InstanceKey', 'WebClientEditFormQueryString']);

function inBase(base: string, row: Row): boolean {
  if (base === 'Default') return row.shape.includes('d');
  return base === 'AllProperties' && row.shape.includes('a');
}

function elementOfIndexed(uri: string): string | undefined {
  return indexedRows.find((row) => row.uri === uri)?.element;
}

/** Some entries of a dictionary; the parts of one postal address stand in one entry. */
function dictionaryPart(element: string, wanted: readonly { uri: string; index: string }[]): Part {
  const rows = indexedRows.filter((row) => row.element === element);
  const keys = rows[0]?.keys ?? [];
  return (view) => {
    let entries = '';
    for (const key of keys) {
      const found = rows
        .filter((row) => wanted.some(({ uri, index }) => uri === row.uri && index === key))
        .map((row) => row.render(view, key))
        .filter((entry) => entry !== '');
      const [first, ...more] = found;
      if (first === undefined) continue;
      const joined = more
        .map((entry) => entry.slice(entry.indexOf('>') + 1))
        .reduce((whole, rest) => whole.slice(0, -'</t:Entry>'.length) + rest, first);
      entries += joined;
    }
    return entries === '' ? '' : tag(element, entries);
  };
}
