// Rows about properties that items of every kind have (ItemType of types.xsd), each over the smallest type that has the field.
import type { Importance, Sensitivity } from '../../model/item.ts';
import type { Instant } from '../../model/time.ts';
import { xml } from '../../xml/index.ts';
import { field } from './path.ts';
import { childText, choiceRow, listRow, only, property, textRow, type Row, elementNameOf } from './row.ts';
import { heldBody, heldLine } from './texts.ts';
import { parseInstant } from './times.ts';

export const subjectRow = textRow<{ readonly summary: string }>('item:Subject', 'summary', heldLine);

export const categoriesRow = listRow<{ readonly categories: readonly string[] }>(
  'item:Categories',
  'categories',
);

export const sensitivityRow = choiceRow<{ readonly sensitivity: Sensitivity }, 'sensitivity'>(
  'item:Sensitivity',
  'sensitivity',
  { normal: 'Normal', personal: 'Personal', private: 'Private', confidential: 'Confidential' },
);

export const importanceRow = choiceRow<{ readonly importance: Importance }, 'importance'>(
  'item:Importance',
  'importance',
  { low: 'Low', normal: 'Normal', high: 'High' },
);

/** GetItem must be asked for text (`BodyType`); what is stored as HTML is converted by the server. */
export function bodyRow<Name extends 'description' | 'note'>(
  name: Name,
): Row<Readonly<Record<Name, string>>> {
  return {
    fields: [name],
    asks: [field('item:Body')],
    read: (element) => only<Readonly<Record<Name, string>>>(name, heldBody(childText(element, 'Body'))),
    write(item) {
      const text = item[name];
      return [property('item:Body', text === '' ? undefined : xml('t:Body', { BodyType: 'Text' }, text))];
    },
  };
}

/** A moment that the server keeps itself. */
export function stampRow<Name extends 'created' | 'modified'>(
  name: Name,
  uri: string,
): Row<Readonly<Partial<Record<Name, Instant>>>> {
  const element = elementNameOf(uri);
  return {
    fields: [name],
    asks: [field(uri)],
    read: (from) =>
      only<Readonly<Partial<Record<Name, Instant>>>>(name, parseInstant(childText(from, element))),
  };
}
