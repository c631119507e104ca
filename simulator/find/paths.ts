// What restrictions and sort orders may name, for items and for folders (CanFind of the property table).
import { EwsError } from '../errors.ts';
import { indexedRows } from '../fields/contact-rows.ts';
import { parseExtendedField } from '../fields/extended.ts';
import { folderRowByUri, type FolderView } from '../fields/folder-rows.ts';
import { anyRow, kinds } from '../fields/kinds.ts';
import { folderProperty, itemProperty } from '../fields/native-rows.ts';
import type { View } from '../fields/row.ts';
import type { ExtendedValue } from '../state/index.ts';
import type { PathReader, Reader } from './restriction.ts';

export const itemPath: PathReader<View> = (path, search): Reader<View> => {
  const uri = path.attrs['FieldURI'] ?? '';
  switch (path.name) {
    case 'ExtendedFieldURI': {
      const field = parseExtendedField(path);
      return (view) => scalarOf(itemProperty(view, field.key), field.type);
    }
    case 'IndexedFieldURI': {
      const row = indexedRows.find((indexed) => indexed.uri === uri);
      const key = path.attrs['FieldIndex'] ?? '';
      if (row === undefined) throw new EwsError('ErrorUnsupportedPathForQuery');
      return (view) => row.read(view, key);
    }
    default: {
      const known = anyRow.get(uri);
      // Bodies can be searched for words, and for being there.
      const findable =
        known?.can.includes('F') === true ||
        (uri === 'item:Body' && search !== 'compare') ||
        uri === 'item:ItemId';
      if (known?.read === undefined || !findable) throw new EwsError('ErrorUnsupportedPathForQuery');
      return (view) => kinds[view.item.kind].byUri.get(uri)?.read?.(view);
    }
  }
};

export const folderPath: PathReader<FolderView> = (path) => {
  if (path.name === 'ExtendedFieldURI') {
    const field = parseExtendedField(path);
    return (view) => scalarOf(folderProperty(view, field.key), field.type);
  }
  const row = folderRowByUri.get(path.attrs['FieldURI'] ?? '');
  if (row?.read === undefined) throw new EwsError('ErrorUnsupportedPathForQuery');
  return row.read;
};

function scalarOf(value: ExtendedValue | undefined, type: string): ReturnType<Reader<View>> {
  if (value === undefined || value.type !== type) return undefined;
  if (typeof value.value !== 'string') return value.value;
  if (numeric.has(type)) return Number(value.value);
  if (type === 'SystemTime') return Date.parse(value.value);
  return type === 'Boolean' ? value.value === 'true' : value.value;
}

const numeric = new Set(['Short', 'Integer', 'Long', 'Double', 'Float', 'Currency']);
