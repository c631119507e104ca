// What the rows of contacts have in common: values of card properties, and rows that hold one text.
import type { ContactItem } from '../model/item.ts';
import type { Jcal } from './codec.ts';
import { propertiesOf, type Rendered, type Row } from './rows.ts';
import { firstText, rendered } from './shared-rows.ts';

export type ContactRow = Row<ContactItem>;

/** Fields that hold one text. */
type TextField = 'title' | 'profession' | 'manager' | 'assistant' | 'office' | 'note';

/** The first name is written, all are read; a mailbox holds the first value. */
export function text(names: readonly [string, ...string[]], field: TextField): ContactRow {
  return {
    claims: names,
    fields: [field],
    render: (item) => (item[field] === '' ? [] : rendered([names[0], {}, 'text', item[field]])),
    parse: (parts) =>
      fieldOf(field, names.map((name) => firstText(parts, name)).find((value) => value !== '') ?? ''),
    merge: (kept, shown) => mergeFirst(names, kept, shown),
  };
}

export function fieldOf<Field extends keyof ContactItem>(
  field: Field,
  value: ContactItem[Field],
): Partial<ContactItem> {
  const made: Partial<{ -readonly [Key in keyof ContactItem]: ContactItem[Key] }> = {};
  made[field] = value;
  return made;
}

/** The value that the mailbox holds has changed: it is shown in the client's words, and other values stay beside it. */
export function mergeFirst(
  names: readonly string[],
  kept: readonly Rendered[],
  shown: readonly Rendered[],
): readonly Rendered[] {
  const given = propertiesOf(kept);
  const held = names
    .map((name) => given.find((each) => each[0] === name && textValue(each) !== ''))
    .find((each) => each !== undefined);
  const [now] = propertiesOf(shown);
  const said = new Set([textValue(held), textValue(now)]);
  const others = given.filter((each) => each !== held && !said.has(textValue(each)));
  return rendered(now && held ? inWordsOf(held, now) : now, ...others);
}

/** The present value under the name and with the parameters that the client chose. */
export function inWordsOf(words: Jcal, [, , type, ...values]: Jcal): Jcal {
  return [words[0], words[1], type, ...values];
}

export function typesOf(property: Jcal): readonly string[] {
  return [property[1]['type'] ?? []].flat();
}

export function textValue(property: Jcal | undefined): string {
  const value = property?.[3];
  return typeof value === 'string' ? value.trim() : '';
}

export function textsOf(parts: readonly Rendered[], name: string): string[] {
  return propertiesOf(parts)
    .filter((property) => property[0] === name)
    .flatMap((property) => property.slice(3))
    .flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : []));
}

/** The components of N, ADR or ORG; one that is itself a list becomes one text. */
export function partsOf(property: Jcal | undefined, separator = ', '): string[] {
  const value = property?.[3];
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part) => {
    if (Array.isArray(part))
      return part.filter((each) => typeof each === 'string' && each !== '').join(separator);
    return typeof part === 'string' ? part.trim() : '';
  });
}
