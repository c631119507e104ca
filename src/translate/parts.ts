// How the parts of an object that the mailbox holds as several items are named, and what is remembered of the whole
// (docs/decisions/0013).
import { hash } from 'node:crypto';
import type { Expression, ItemPart } from '../model/expression.ts';
import type { Item, Override } from '../model/item.ts';
import { eventRows } from './event-rows.ts';
import type { SplitResidue } from './residue.ts';
import { propertiesOf } from './rows.ts';
import { keyOfWhen } from './times.ts';

export type Split = Extract<Expression, { kind: 'split' }>;

/** Of a series by its times and pattern: another one has another name. Of a single instance by when it was to be. */
export function nameOfPart({ item, instance }: ItemPart): string {
  return digest(instance ? `instance ${keyOfWhen(instance)}` : `series ${skeletonText(item)}`, 12);
}

function skeletonText(item: Item): string {
  return item.kind === 'event' ? canonical([item.start, item.end, item.recurrence]) : '';
}

function digest(text: string, length: number): string {
  return hash('sha256', text, 'hex').slice(0, length);
}

/** JSON that does not depend on the order of names. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  fields.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, each]) => `${name}:${canonical(each)}`).join()}}`;
}

/** Times and recurrence: the rows of the whole that no part has. */
export const wholeRows = eventRows.filter(
  ({ claims }) => claims.includes('dtstart') || claims.includes('rrule'),
);

export function splitResidueOf({ held, parts }: Split): SplitResidue | undefined {
  if (held.kind !== 'event') return undefined;
  const context = { uid: '', ownAddresses: [] };
  const inSeries = new Set(
    parts.flatMap(({ item, instance }) =>
      item.kind === 'event' && instance === undefined ? item.cancelledDates.map(keyOfWhen) : [],
    ),
  );
  // Cancelled ones that no series has are missing from the start.
  const absent = held.cancelledDates.filter((when) => !inSeries.has(keyOfWhen(when)));
  return {
    rows: wholeRows.flatMap((row) => propertiesOf(row.render(held, context))),
    parts: new Map([
      ...parts.map((part) => [nameOfPart(part), part.instance ? keyOfWhen(part.instance) : ''] as const),
      ...absent.map((instance) => [nameOfPart({ item: held, instance }), keyOfWhen(instance)] as const),
    ]),
    prints: new Map(Object.entries(commonOf(held)).map(([name, value]) => [name, printOf(value)])),
  };
}

/** What all instances have of the whole unless they have something of their own. Parts concern nobody else. */
export type Common = Omit<
  Override,
  'recurrenceId' | 'start' | 'end' | 'formatted' | 'attachments' | 'ownPartStat'
>;

export function commonOf(fields: Common): Common {
  const { summary, description, location, busy, sensitivity, importance } = fields;
  const { categories, reminderMinutes, attendees, cancelled, meetingUrl } = fields;
  return {
    summary,
    description,
    location,
    busy,
    sensitivity,
    importance,
    categories,
    reminderMinutes,
    attendees,
    cancelled,
    meetingUrl,
  };
}

/** Complete: the compiler sees to it. */
const common = {
  summary: true,
  description: true,
  location: true,
  busy: true,
  sensitivity: true,
  importance: true,
  categories: true,
  reminderMinutes: true,
  attendees: true,
  cancelled: true,
  meetingUrl: true,
} satisfies Record<keyof Common, true>;

export const commonNames = namesIn(common);

function namesIn<T extends object>(value: T): readonly (keyof T)[] {
  const names: (keyof T)[] = [];
  for (const name in value) names.push(name);
  return names;
}

export function printOf(value: unknown): string {
  return digest(canonical(value), 6);
}
