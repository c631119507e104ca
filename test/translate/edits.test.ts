// Whatever Outlook changes in what a client wrote, the text never says anything else than what the mailbox holds.
import * as fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Stored } from '../../src/model/backend.ts';
import type { EventItem, Override, TaskItem } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import { addDays } from '../../src/model/zones.ts';
import { isDeepEqual } from '../../src/translate/rows.ts';
import { get, put } from './mailbox.ts';

const folder = new URL('golden/', import.meta.url);
const texts = (pattern: RegExp): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.ics'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .filter((text) => pattern.test(text));

const facts = fc.record(
  {
    summary: fc.constantFrom('', 'edited'),
    description: fc.constantFrom('', 'edited'),
    location: fc.constantFrom('', 'edited'),
    busy: fc.constantFrom('free', 'tentative', 'busy', 'out-of-office', 'working-elsewhere'),
    sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
    importance: fc.constantFrom('low', 'normal', 'high'),
    categories: fc.constantFrom([], ['edited']),
    reminderMinutes: fc.constantFrom(undefined, 0, 15, 1440),
  },
  { requiredKeys: [] },
);

const shift = fc.record({ days: fc.constantFrom(0, 1, -7), hours: fc.constantFrom(0, 1, -9) });

function moved(when: When, { days, hours }: { days: number; hours: number }): When {
  if (when.kind === 'date') return { ...when, date: addDays(when.date, days) };
  const date = addDays(when.local.slice(0, 10), days);
  const hour = (Number(when.local.slice(11, 13)) + hours + 24) % 24;
  return { ...when, local: `${date}T${String(hour).padStart(2, '0')}${when.local.slice(13)}` };
}

const eventEdit = fc.record({
  text: fc.constantFrom(...texts(/BEGIN:VEVENT/)),
  facts,
  shift: fc.option(shift),
  override: fc.option(fc.record({ facts, shift })),
  isSingle: fc.boolean(),
  uncancelled: fc.boolean(),
});

test('events', () => {
  fc.assert(
    fc.property(eventEdit, (edit) => {
      const stored = put(edit.text);
      const item = stored.item as EventItem;
      let after: EventItem = { ...item, ...edit.facts };
      // Exchange drops exceptions when the times or the pattern of a series change.
      if (edit.shift || edit.isSingle) after = { ...after, overrides: [], cancelledDates: [] };
      if (edit.shift) {
        after = { ...after, start: moved(item.start, edit.shift), end: moved(item.end, edit.shift) };
        if (after.start.kind !== 'date' && after.end.kind !== 'date' && after.end.local < after.start.local)
          return;
      }
      if (edit.isSingle) after = { ...after, recurrence: undefined };
      if (edit.uncancelled) after = { ...after, cancelledDates: after.cancelledDates.slice(1) };
      after = { ...after, overrides: after.overrides.map((each) => editedOverride(each, edit.override)) };
      expectShown({ ...stored, item: after }, 'events');
    }),
    { numRuns: 500 },
  );
});

function editedOverride(
  override: Override,
  edit: { facts: Partial<Override>; shift: { days: number; hours: number } } | null,
): Override {
  if (!edit) return override;
  const { start, end } = override;
  // One hour of length each: what wraps around midnight does so on both sides.
  return {
    ...override,
    ...edit.facts,
    start: moved(start, { ...edit.shift, hours: 0 }),
    end: moved(end, { ...edit.shift, hours: 0 }),
  };
}

const date = fc.constantFrom(undefined, '2026-03-01', '2026-03-02', '2026-04-05');

test('tasks', () => {
  fc.assert(
    fc.property(
      fc.record({
        text: fc.constantFrom(...texts(/BEGIN:VTODO/)),
        edit: fc.record(
          {
            summary: fc.constantFrom('', 'edited'),
            start: date,
            due: date,
            importance: fc.constantFrom('low', 'normal', 'high'),
            reminderAt: fc.constantFrom(undefined, 1_772_470_800_000, 1_772_467_200_000),
            recurrence: fc.constant(undefined),
          },
          { requiredKeys: [] },
        ),
      }),
      ({ text, edit }) => {
        const stored = put(text, 'tasks');
        const item = { ...(stored.item as TaskItem), ...edit };
        if (item.recurrence && item.start === undefined && item.due === undefined) return;
        expectShown({ ...stored, item }, 'tasks');
      },
    ),
    { numRuns: 500 },
  );
});

function expectShown(stored: Stored, kind: 'events' | 'tasks'): void {
  const shown = get(stored);
  const { item } = put(shown, kind);
  expect(isDeepEqual(item, stored.item), JSON.stringify([item, stored.item, shown], undefined, 1)).toBe(true);
}
