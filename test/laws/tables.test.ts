// The generators are built on the tables: a name that a row claims, or a field that a row writes, without a generator of its own
// fails here.
import { describe, expect, test } from 'vitest';
import { contactRows } from '../../src/translate/contact-rows.ts';
import { eventRows } from '../../src/translate/event-rows.ts';
import { groupRows } from '../../src/translate/group-rows.ts';
import { taskRows } from '../../src/translate/task-rows.ts';
import { contactRows as contactFields } from '../../src/ews-backend/fields/contact-fields.ts';
import { eventRows as eventFields } from '../../src/ews-backend/fields/event-fields.ts';
import { groupRows as groupFields } from '../../src/ews-backend/fields/group-fields.ts';
import type { Path } from '../../src/ews-backend/fields/path.ts';
import { taskRows as taskFields } from '../../src/ews-backend/fields/task-fields.ts';
import { contactTable, groupTable } from './contact-table.ts';
import { eventTable } from './event-table.ts';
import { outlookTable } from './outlook-table.ts';
import { taskTable } from './task-table.ts';

interface Claiming {
  readonly claims: readonly string[];
}
interface Naming {
  readonly names: readonly string[];
}

function unclaimed(rows: readonly Claiming[], table: readonly Naming[]): string[] {
  const generated = new Set(table.flatMap(({ names }) => names));
  return rows.flatMap(({ claims }) => claims).filter((name) => !generated.has(name));
}

describe('every claimed name has a generator', () => {
  test('events', () => expect(unclaimed(eventRows, eventTable)).toEqual([]));
  test('tasks', () => expect(unclaimed(taskRows, taskTable)).toEqual([]));
  test('contacts', () => expect(unclaimed(contactRows, contactTable)).toEqual([]));
  test('groups', () => expect(unclaimed(groupRows, groupTable)).toEqual([]));
});

/** Set by the server, or by no UpdateItem. */
const unwritable = new Set(['calendar:UID', 'distributionlist:Members']);

interface Writing {
  readonly asks: readonly Path[];
  readonly write?: unknown;
}

function unchanged(rows: readonly Writing[], kind: keyof typeof outlookTable): string[] {
  const edited = new Set(outlookTable[kind].flatMap(({ fields }) => fields));
  return rows
    .filter(({ write }) => write !== undefined)
    .map(({ asks }) => asks.map(nameOf))
    .filter(
      (names) =>
        !names.some((name) => unwritable.has(name) || [...edited].some((each) => isSame(each, name))),
    )
    .map((names) => names.join(' '));
}

function nameOf(path: Path): string {
  if (path.kind !== 'extended') return path.uri;
  return 'tag' in path ? path.tag : 'name' in path ? path.name : String(path.id);
}

/** `contacts:EmailAddresses` is written entry by entry, as `contacts:EmailAddress`. */
function isSame(edited: string, asked: string): boolean {
  return (
    asked === edited ||
    asked.startsWith(edited) ||
    (asked === 'contacts:PhysicalAddresses' && edited.startsWith('contacts:PhysicalAddress:'))
  );
}

describe('every row of Exchange that is written is also changed by somebody else', () => {
  test('events', () => expect(unchanged(eventFields, 'events')).toEqual([]));
  test('tasks', () => expect(unchanged(taskFields, 'tasks')).toEqual([]));
  test('contacts', () => expect(unchanged(contactFields, 'contacts')).toEqual([]));
  test('groups', () => expect(unchanged(groupFields, 'groups')).toEqual([]));
});
