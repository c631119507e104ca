// Rows about properties that items of every kind have (ItemType of types.xsd), each over the smallest type that has the field.
import type { Importance, Sensitivity } from '../../model/item.ts';
import type { Instant } from '../../model/time.ts';
import { xml, type XmlElement } from '../../xml/index.ts';
import { field } from './path.ts';
import {
  childText,
  choiceRow,
  listRow,
  only,
  property,
  textRow,
  type Property,
  type Row,
  elementNameOf,
} from './row.ts';
import { heldBody, heldLine, heldText } from './texts.ts';
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
export const noteRow: Row<{ readonly note: string }> = {
  fields: ['note'],
  asks: [field('item:Body')],
  read: (element) => ({ note: bodyIn(element) }),
  write: ({ note }) => [bodyOf(note)],
};

/** HTML is written where a client gave some, and never over what was not touched (the words would be the same). */
export const descriptionRow: Row<{ readonly description: string; readonly formatted?: string }> = {
  fields: ['description', 'formatted'],
  asks: [field('item:Body')],
  read: (element) => ({ description: bodyIn(element) }),
  write: ({ description, formatted }) => [
    formatted === undefined
      ? bodyOf(description)
      : property('item:Body', xml('t:Body', { BodyType: 'HTML' }, heldText(formatted))),
  ],
};

function bodyIn(element: XmlElement): string {
  return heldBody(childText(element, 'Body'));
}

function bodyOf(text: string): Property {
  return property('item:Body', text === '' ? undefined : xml('t:Body', { BodyType: 'Text' }, text));
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
