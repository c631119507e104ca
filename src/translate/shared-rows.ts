// Rows that events and tasks have in common, made for one kind by a call.
import type { Importance, Sensitivity } from '../model/item.ts';
import type { Instant } from '../model/time.ts';
import type { Jcal } from './codec.ts';
import { propertiesOf, type RenderContext, type Rendered, type Row } from './rows.ts';
import { instantOfStamp, renderInstant } from './times.ts';

export function rendered(...properties: readonly (Jcal | undefined)[]): Rendered[] {
  const parts: Rendered[] = [];
  for (const property of properties) if (property) parts.push({ property });
  return parts;
}

export function firstOf(parts: readonly Rendered[], name: string): Jcal | undefined {
  return propertiesOf(parts).find((property) => property[0] === name);
}

export function firstText(parts: readonly Rendered[], name: string): string {
  const value = firstOf(parts, name)?.[3];
  return typeof value === 'string' ? value : '';
}

/** A text that is simply there or not. `companions`: what speaks of the same and says nothing once the text is another. */
export function textRow<Field extends string>(
  name: string,
  field: Field,
  companions: readonly string[] = [],
): Row<Record<Field, string>> {
  return {
    claims: [name, ...companions],
    fields: [field],
    render: (item) => (item[field] === '' ? [] : rendered([name, {}, 'text', item[field]])),
    parse: (parts) => record(field, withLineFeeds(plainText(firstOf(parts, name)))),
    // Backends say line ends in their own way.
    equal: (one, other) => withLineFeeds(one[field]) === withLineFeeds(other[field]),
  };
}

/** The codec unescapes texts only: with a VALUE that it does not know a text stands as on the wire. */
export function plainText(property: Jcal | undefined): string {
  const value = property?.[3];
  if (typeof value !== 'string') return '';
  if (property?.[2] === 'text') return value;
  return value.replaceAll(/\\([nN,;\\])/g, (_, char: string) => (/n/i.test(char) ? '\n' : char));
}

export function withLineFeeds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

function record<Field extends string, Value>(field: Field, value: Value): Partial<Record<Field, Value>> {
  const made: Partial<Record<Field, Value>> = {};
  made[field] = value;
  return made;
}

/** Names of CLASS, in calendars and in cards (RFC 5545 §3.8.1.3, RFC 2426 §3.7.1). */
export const classNames = {
  normal: undefined,
  // Clients treat a name they do not know as PRIVATE (RFC 5545 §3.8.1.3).
  personal: 'X-PERSONAL',
  private: 'PRIVATE',
  confidential: 'CONFIDENTIAL',
} satisfies Record<Sensitivity, string | undefined>;

export const sensitivityRow: Row<{ readonly sensitivity: Sensitivity }> = {
  claims: ['class'],
  fields: ['sensitivity'],
  render({ sensitivity }) {
    const name = classNames[sensitivity];
    return name === undefined ? [] : rendered(['class', {}, 'text', name]);
  },
  parse(parts) {
    const given = firstText(parts, 'class').trim().toUpperCase();
    if (given === '' || given === 'PUBLIC') return { sensitivity: 'normal' };
    if (given === 'CONFIDENTIAL') return { sensitivity: 'confidential' };
    return { sensitivity: given === 'X-PERSONAL' ? 'personal' : 'private' };
  },
};

const priorityOf = { high: 1, normal: undefined, low: 9 } satisfies Record<Importance, number | undefined>;

/** RFC 5545 §3.8.1.9: 1 to 4 is high, 5 medium, 6 to 9 low, 0 none. */
export const importanceRow: Row<{ readonly importance: Importance }> = {
  claims: ['priority', 'x-microsoft-cdo-importance'],
  fields: ['importance'],
  render({ importance }) {
    const priority = priorityOf[importance];
    return priority === undefined ? [] : rendered(['priority', {}, 'integer', priority]);
  },
  parse(parts) {
    const given = firstOf(parts, 'priority')?.[3];
    // What Outlook and Exchange write beside PRIORITY, or alone ([MS-OXCICAL]).
    if (given === undefined)
      return { importance: cdoImportance(firstText(parts, 'x-microsoft-cdo-importance')) };
    const priority = Number(given);
    if (priority >= 1 && priority <= 4) return { importance: 'high' };
    return { importance: priority >= 6 && priority <= 9 ? 'low' : 'normal' };
  },
};

function cdoImportance(text: string): Importance {
  const importances = new Map<string, Importance>([
    ['0', 'low'],
    ['2', 'high'],
  ]);
  return importances.get(text.trim()) ?? 'normal';
}

export const categoriesRow: Row<{ readonly categories: readonly string[] }> = {
  claims: ['categories'],
  fields: ['categories'],
  render({ categories }) {
    if (categories.length === 0) return [];
    // The codec takes the comma after an escaped backslash for an escaped comma.
    const lists = categories.some((name) => name.endsWith('\\'))
      ? categories.map((name) => [name])
      : [categories];
    return rendered(...lists.map((names): Jcal => ['categories', {}, 'text', ...names]));
  },
  parse(parts) {
    const names = propertiesOf(parts).flatMap((property) => property.slice(3));
    const texts = names.flatMap((name) =>
      typeof name === 'string' && name.trim() !== '' ? [name.trim()] : [],
    );
    return { categories: [...new Set(texts)] };
  },
};

interface Stamped {
  readonly created?: Instant;
  readonly modified?: Instant;
}

export const stampRows: readonly Row<Stamped>[] = [
  {
    claims: ['dtstamp'],
    fields: [],
    isStamp: true,
    // Never "now": the same item always gives the same text.
    render: ({ modified, created }) => rendered(renderInstant('dtstamp', modified ?? created ?? 0)),
    parse: () => ({}),
  },
  {
    claims: ['created'],
    fields: ['created'],
    isStamp: true,
    render: ({ created }) => rendered(created === undefined ? undefined : renderInstant('created', created)),
    parse: (parts) => ({ created: instantOfStamp(firstOf(parts, 'created')) }),
  },
  {
    claims: ['last-modified'],
    fields: ['modified'],
    isStamp: true,
    render: ({ modified }) =>
      rendered(modified === undefined ? undefined : renderInstant('last-modified', modified)),
    parse: (parts) => ({ modified: instantOfStamp(firstOf(parts, 'last-modified')) }),
  },
];

export function renderUid(_: unknown, context: RenderContext): readonly Rendered[] {
  return rendered(['uid', {}, 'text', context.uid]);
}
