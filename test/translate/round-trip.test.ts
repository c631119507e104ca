// What a mailbox holds, shown and sent back unchanged, is what it holds.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EventItem, Item, Override, Part, TaskItem } from '../../src/model/item.ts';
import type { RecurrenceRule } from '../../src/model/recurrence.ts';
import type { When } from '../../src/model/time.ts';
import { addDays } from '../../src/model/zones.ts';
import { contactRows } from '../../src/translate/contact-rows.ts';
import { eventRows } from '../../src/translate/event-rows.ts';
import { isDeepEqual, type Row } from '../../src/translate/rows.ts';
import { taskRows } from '../../src/translate/task-rows.ts';
import { get, held, put, storedOf } from './mailbox.ts';

const text = fc
  .string({ unit: 'grapheme', maxLength: 30 })
  .map((given) => given.replaceAll(/[\0-\x08\x0B-\x1F\x7F]|\r\n?/g, '').toWellFormed());
const word = text.map((given) => given.trim().replaceAll(/\n/g, ' ')).filter((given) => given !== '');
const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((given) => given.toISOString().slice(0, 10));
const instant = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);
const time = fc
  .integer({ min: 0, max: 86_399 })
  .map((seconds) => new Date(seconds * 1000).toISOString().slice(11, 19));
const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Sydney', 'UTC');
const sensitivity = fc.constantFrom('normal', 'personal', 'private', 'confidential');
const importance = fc.constantFrom('low', 'normal', 'high');
const categories = fc.uniqueArray(word, { maxLength: 3 });

/** A start, and the same some days later. */
const start: fc.Arbitrary<(days: number) => When> = fc
  .tuple(date, fc.option(fc.tuple(time, fc.option(zone))))
  .map(([day, clock]) => (days: number) => {
    const at = addDays(day, days);
    if (!clock) return { kind: 'date', date: at };
    const [wall, name] = clock;
    return name === null
      ? { kind: 'floating', local: `${at}T${wall}` }
      : { kind: 'zoned', local: `${at}T${wall}`, zone: name };
  });

const rule: fc.Arbitrary<RecurrenceRule> = fc.record({
  freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  interval: fc.integer({ min: 1, max: 9 }),
  end: fc.oneof(
    fc.constant({ kind: 'never' as const }),
    fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ kind: fc.constant('until' as const), until: date }),
  ),
  byDay: fc.option(
    fc.uniqueArray(
      fc.record({
        weekday: fc.constantFrom('MO', 'WE', 'SU'),
        ordinal: fc.option(fc.constantFrom(1, 4, -1), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3, selector: ({ weekday, ordinal }) => `${ordinal}${weekday}` },
    ),
    { nil: undefined },
  ),
  byMonthDay: fc.option(fc.constant([31]), { nil: undefined }),
  byMonth: fc.option(fc.constant([2, 11]), { nil: undefined }),
  bySetPos: fc.option(fc.constant([-1]), { nil: undefined }),
  wkst: fc.option(fc.constantFrom('SU', 'MO'), { nil: undefined }),
});

const attendee = fc.record({
  address: fc.constantFrom('bob@example.test', 'carol@example.test', 'room@example.test'),
  name: fc.option(word, { nil: undefined }),
  role: fc.constantFrom('required', 'optional', 'resource'),
  partStat: fc.constantFrom('needs-action', 'accepted', 'tentative', 'declined'),
});

/** Files, and a link, as Exchange tells of them. */
const files = fc
  .array(
    fc.tuple(
      word,
      fc.constantFrom('application/pdf', 'text/plain', undefined),
      fc.option(fc.nat(), { nil: undefined }),
    ),
    { maxLength: 3 },
  )
  .chain((given) => fc.tuple(fc.constant(given), fc.boolean(), fc.uuid()))
  .map(([given, isLinked, some]): Part[] => [
    ...given.map(([name, contentType, size], at) => ({ id: `${some}-${at}`, name, contentType, size })),
    ...(isLinked ? [{ id: `${some}-l`, name: 'link', uri: `https://files.example.org/${some}` }] : []),
  ]);

const facts = fc.record({
  summary: text,
  description: text,
  location: text,
  busy: fc.constantFrom('free', 'tentative', 'busy', 'out-of-office', 'working-elsewhere'),
  sensitivity,
  importance,
  categories,
  attachments: files,
  reminderMinutes: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
});

const event: fc.Arbitrary<EventItem> = fc
  .record({
    start,
    facts,
    days: fc.integer({ min: 1, max: 3 }),
    recurrence: fc.option(rule, { nil: undefined }),
    attendees: fc.uniqueArray(attendee, { maxLength: 2, selector: (each) => each.address }),
    isForeign: fc.boolean(),
    overrides: fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), facts), {
      maxLength: 2,
      selector: ([days]) => days,
    }),
    cancelled: fc.uniqueArray(fc.integer({ min: 21, max: 40 }), { maxLength: 3 }),
    stamps: fc.record({ created: instant, modified: instant, sequence: fc.constantFrom(undefined, 3) }),
  })
  .map((given) => {
    const { attendees, facts } = given;
    const times = (days: number) => ({ start: given.start(days), end: given.start(days + given.days) });
    const people = {
      attendees,
      cancelled: given.isForeign && facts.busy === 'free',
      ...(given.days > 1 && { meetingUrl: 'https://meet.example.test/1' }),
    };
    const isSeries = given.recurrence !== undefined;
    return {
      kind: 'event',
      uid: 'uid-1',
      ...facts,
      ...people,
      ...times(0),
      ...given.stamps,
      isOrganizer: !given.isForeign,
      organizer: given.isForeign
        ? { address: 'dan@other.test' }
        : { address: 'alice@example.test', name: 'Alice' },
      ownPartStat: given.isForeign ? ('tentative' as const) : undefined,
      recurrence: given.recurrence,
      overrides: isSeries
        ? given.overrides.map(([days, own]): Override => ({
            recurrenceId: given.start(days),
            ...own,
            attachments: [...own.attachments, ...facts.attachments.map(copied)],
            ...people,
            ...times(days + 1),
          }))
        : [],
      cancelledDates: isSeries ? given.cancelled.sort((a, b) => a - b).map((days) => given.start(days)) : [],
    };
  });

/** An occurrence has a copy of each file of its series; a link is the same link. */
function copied(part: Part): Part {
  return part.uri === undefined ? { ...part, id: `copy-${part.id}`, copyOf: part.id } : part;
}

const status = fc.oneof(
  fc.record({
    status: fc.constantFrom('not-started', 'in-progress', 'waiting', 'deferred'),
    percent: fc.integer({ min: 0, max: 99 }),
  }),
  fc.record({
    status: fc.constant('completed' as const),
    percent: fc.constant(100),
    completed: fc.option(date, { nil: undefined }),
  }),
);

const regeneration: fc.Arbitrary<RecurrenceRule> = fc.record({
  freq: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
  interval: fc.integer({ min: 1, max: 9 }),
  end: fc.constantFrom({ kind: 'never' as const }, { kind: 'count' as const, count: 3 }),
  regenerates: fc.constant(true),
});

const task: fc.Arbitrary<TaskItem> = fc
  .record({
    own: fc.record({
      summary: text,
      description: text,
      sensitivity,
      importance,
      categories,
      attachments: files,
      start: fc.option(date, { nil: undefined }),
      due: fc.option(date, { nil: undefined }),
      reminderAt: fc.option(instant, { nil: undefined }),
      totalWork: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      actualWork: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
      created: instant,
      modified: instant,
    }),
    recurrence: fc.option(fc.oneof(rule, regeneration), { nil: undefined }),
    status,
  })
  .map(({ own, recurrence, status }) => {
    // What is done does not recur.
    const isOver = (own.start === undefined && own.due === undefined) || status.status === 'completed';
    return { kind: 'task', ...own, ...status, recurrence: isOver ? undefined : recurrence };
  });

function expectSame(given: Item, kind: 'events' | 'tasks'): void {
  const item = held(given);
  const stored = storedOf(item);
  const shown = get(stored);
  expect(get(stored)).toBe(shown);
  const after = put(shown, kind, stored);
  expect(
    isDeepEqual(after.item, held(item)),
    JSON.stringify([after.item, held(item), shown], undefined, 1),
  ).toBe(true);
  // Nothing was foreign, so nothing is kept.
  expect(after.tags.residue).toBe('');
}

test('events', () =>
  fc.assert(
    fc.property(event, (item) => expectSame(item, 'events')),
    { numRuns: 400 },
  ));
test('tasks', () =>
  fc.assert(
    fc.property(task, (item) => expectSame(item, 'tasks')),
    { numRuns: 400 },
  ));

describe('the tables', () => {
  const check = <T>(rows: readonly Row<T>[]): void => {
    const claims = rows.flatMap((row) => row.claims);
    expect(claims.toSorted()).toEqual([...new Set(claims)].sort());
    const fields = rows.flatMap((row) => row.fields).map(String);
    expect(fields.toSorted()).toEqual([...new Set(fields)].sort());
  };
  test('of events claim nothing twice', () => check(eventRows));
  test('of tasks claim nothing twice', () => check(taskRows));
  test('of contacts claim nothing twice', () => check(contactRows));
});
