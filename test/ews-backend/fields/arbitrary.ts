// Random items as a client could send them: any text, any zone, any rule, occurrences changed and cancelled.
import * as fc from 'fast-check';
import { emptyGroup, type GroupItem, type GroupMember } from '../../../src/model/group.ts';
import type { Attendee, ContactItem, EventFields, EventItem, TaskItem } from '../../../src/model/item.ts';
import type { ByDay, RecurrenceEnd, RecurrenceRule, Weekday } from '../../../src/model/recurrence.ts';
import type { When } from '../../../src/model/time.ts';
import { addDays } from '../../../src/model/zones.ts';
import { emptyContact, emptyTask } from '../../../src/model/item.ts';
import { dateOf, originalOn, seriesOf } from '../../../src/ews-backend/fields/series.ts';
import { occurrenceDateAt } from '../../../src/ews-backend/occurrences.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ' a ', 'a\r\nb', 'a\rb\n', '<&>"\'', 'x'.repeat(300), '\u0001', '\ud800', ']]>'),
);

const zones = [
  'Europe/Vienna',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'UTC',
  'Africa/Cairo',
  'America/Sao_Paulo',
];
export const zone = fc.constantFrom(...zones);

export const date = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1995-01-01', days));
/** Exchange refuses a day of completion in the future (ErrorInvalidCompleteDate). */
const pastDate = fc.integer({ min: 0, max: 10_000 }).map((days) => addDays('1995-01-01', days));
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:00`);

const categories = fc.array(text, { maxLength: 3 });

export const attendee: fc.Arbitrary<Attendee> = fc.record({
  address: fc.constantFrom('a@example.test', 'B@example.test', 'c@example.test', 'a@EXAMPLE.test'),
  name: fc.option(text, { nil: undefined }),
  role: fc.constantFrom('required', 'optional', 'resource'),
  partStat: fc.constantFrom('needs-action', 'accepted'),
});

const plainFields = fc.record({
  summary: text,
  description: text,
  location: text,
  busy: fc.constantFrom('free', 'tentative', 'busy', 'out-of-office', 'working-elsewhere'),
  sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
  importance: fc.constantFrom('low', 'normal', 'high'),
  categories,
  reminderMinutes: fc.option(fc.integer({ min: -5, max: 3000 }), { nil: undefined }),
  attendees: fc.array(attendee, { maxLength: 3 }),
  attachments: fc.constant([]),
  cancelled: fc.constant(false),
} as const) satisfies fc.Arbitrary<Omit<EventFields, 'start' | 'end'>>;

const period: fc.Arbitrary<{ start: When; end: When }> = fc.oneof(
  fc.tuple(date, fc.integer({ min: 1, max: 4 })).map(([day, days]) => ({
    start: { kind: 'date', date: day } as const,
    end: { kind: 'date', date: addDays(day, days) } as const,
  })),
  fc.tuple(date, time, zone, zone, fc.boolean()).map(([day, clock, from, to, same]) => ({
    start: { kind: 'zoned', local: `${day}T${clock}`, zone: from } as const,
    end: {
      kind: 'zoned',
      local: `${addDays(day, 1)}T${same ? clock : '23:59:00'}`,
      zone: same ? from : to,
    } as const,
  })),
);

const weekday = fc.constantFrom<Weekday>('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
const plainDays = fc
  .uniqueArray(weekday, { minLength: 1, maxLength: 7 })
  .map((days): ByDay[] => days.map((each) => ({ weekday: each })));
const ordinal = fc.constantFrom(1, 2, 3, 4, 5, -1, -2);
const end: fc.Arbitrary<RecurrenceEnd> = fc.oneof(
  fc.constant({ kind: 'never' } as const),
  fc.integer({ min: 1, max: 40 }).map((count) => ({ kind: 'count', count }) as const),
  fc
    .integer({ min: 0, max: 9000 })
    .map((days) => ({ kind: 'until', until: addDays('2030-01-01', days) }) as const),
);

/** Also rules that EWS cannot have. */
export const rule: fc.Arbitrary<RecurrenceRule> = fc.oneof(
  fc.record({ freq: fc.constant('DAILY' as const), interval: fc.integer({ min: 1, max: 40 }), end }),
  fc.record({ freq: fc.constant('DAILY' as const), interval: fc.constant(1), end, byDay: plainDays }),
  fc.record(
    {
      freq: fc.constant('WEEKLY' as const),
      interval: fc.integer({ min: 1, max: 4 }),
      end,
      byDay: plainDays,
      wkst: weekday,
    },
    { requiredKeys: ['freq', 'interval', 'end'] },
  ),
  fc.record(
    {
      freq: fc.constantFrom('MONTHLY', 'YEARLY'),
      interval: fc.integer({ min: 1, max: 14 }),
      end,
      byDay: fc.oneof(
        plainDays,
        fc.tuple(weekday, ordinal).map(([each, nth]) => [{ weekday: each, ordinal: nth }]),
      ),
      byMonth: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
      bySetPos: ordinal.map((position) => [position]),
    },
    { requiredKeys: ['freq', 'interval', 'end'] },
  ),
  fc.record(
    {
      freq: fc.constantFrom('MONTHLY', 'YEARLY'),
      interval: fc.integer({ min: 1, max: 14 }),
      end,
      byMonthDay: fc.oneof(
        fc.integer({ min: -2, max: 31 }).map((day) => [day || 1]),
        fc.constantFrom([28, 29, 30], [28, 29]),
      ),
      byMonth: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
      bySetPos: fc.constantFrom([1], [-1]),
    },
    { requiredKeys: ['freq', 'interval', 'end'] },
  ),
);

const frame = {
  kind: 'event',
  isOrganizer: true,
  organizer: { address: 'owner@example.test', name: 'Owner' },
  overrides: [],
  cancelledDates: [],
} as const;

export const single: fc.Arbitrary<EventItem> = fc
  .tuple(
    plainFields,
    period,
    fc.option(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme-ascii' }), { nil: undefined }),
  )
  .map(([fields, times, uid]) => ({
    ...frame,
    ...fields,
    ...times,
    ...(uid?.trim() && { uid: uid.trim() }),
  }));

const changes = fc.array(
  fc.record({
    index: fc.integer({ min: 1, max: 9 }),
    kind: fc.constantFrom('cancel', 'change', 'move', 'shift', 'advance'),
    fields: fc.record(
      {
        summary: text,
        location: text,
        description: text,
        categories,
        busy: fc.constantFrom('free', 'busy'),
      } as const,
      { requiredKeys: [] },
    ),
  }),
  { maxLength: 4 },
);

/** Rules are drawn until the event starts on one of its own dates. */
export const series: fc.Arbitrary<EventItem> = fc
  .tuple(single, rule, changes)
  .map(([event, recurrence, wanted]) => withChanges(startingOnRule(event, recurrence), wanted));

/** The first date within a year on which the rule, started there, is its own. */
function startingOnRule(event: EventItem, recurrence: RecurrenceRule): EventItem {
  const first = dateOf(event.start);
  for (let days = 0; days < 400; days += 1) {
    const moved = { ...event, recurrence, start: originalOn(addDays(first, days), event.start) };
    if (seriesOf(moved) === undefined) continue;
    const end: When =
      moved.start.kind === 'date'
        ? { kind: 'date', date: addDays(moved.start.date, 1) }
        : moved.start.kind === 'zoned'
          ? { ...moved.start, local: `${moved.start.local.slice(0, 10)}T23:59:00` }
          : moved.start;
    return { ...moved, end };
  }
  return event;
}

type Wanted = ReturnType<typeof changes.generate>['value'][number];

export function withChanges(event: EventItem, wanted: readonly Wanted[]): EventItem {
  const series = seriesOf(event);
  if (series === undefined) return event;
  const made: EventItem['overrides'][number][] = [];
  const cancelled: When[] = [];
  const taken = new Set<number>();
  for (const { index, kind, fields } of wanted) {
    if (taken.has(index) || index > (series.count ?? Infinity)) continue;
    taken.add(index);
    const recurrenceId = originalOn(occurrenceDateAt(series.pattern, series.start, index), event.start);
    if (kind === 'cancel') {
      cancelled.push(recurrenceId);
      continue;
    }
    // Further than a neighbour is refused, as by Exchange.
    const date = addDays(dateOf(recurrenceId), kind === 'shift' ? 8 : kind === 'advance' ? -1 : 0);
    const clock = kind === 'move' ? ['05:00:00', '06:30:00'] : undefined;
    const at = (time: string | undefined): When =>
      event.start.kind === 'zoned'
        ? { ...event.start, local: `${date}T${time ?? event.start.local.slice(11)}` }
        : { kind: 'date', date };
    const ends: When =
      event.start.kind === 'zoned'
        ? { ...event.start, local: `${date}T${clock?.[1] ?? '23:59:00'}` }
        : { kind: 'date', date: addDays(date, 1) };
    const {
      kind: _kind,
      recurrence: _rule,
      overrides: _o,
      cancelledDates: _c,
      isOrganizer: _i,
      organizer: _p,
      uid: _u,
      ...own
    } = event;
    made.push({ ...own, ...fields, start: at(clock?.[0]), end: ends, recurrenceId });
  }
  return { ...event, overrides: made, cancelledDates: cancelled };
}

export { changes };

const line = text.map((each) => each);

export const task: fc.Arbitrary<TaskItem> = fc
  .record(
    {
      summary: text,
      description: text,
      start: date,
      due: date,
      completed: pastDate,
      percent: fc.integer({ min: 0, max: 100 }),
      status: fc.constantFrom('not-started', 'in-progress', 'completed', 'waiting', 'deferred'),
      sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
      importance: fc.constantFrom('low', 'normal', 'high'),
      categories,
      reminderAt: fc.integer({ min: 0, max: 2_000_000_000_000 }),
      totalWork: fc.integer({ min: 1, max: 1_000_000 }),
      actualWork: fc.integer({ min: 1, max: 1_000_000 }),
    } as const,
    { requiredKeys: ['summary', 'percent', 'status'] },
  )
  .map((fields): TaskItem => ({ ...emptyTask, ...fields }));

function slots<Slot extends string, Value>(
  names: readonly Slot[],
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Partial<Record<Slot, Value>>> {
  return fc.dictionary(fc.constantFrom(...names), value, { noNullPrototype: true }) as fc.Arbitrary<
    Partial<Record<Slot, Value>>
  >;
}

const address = fc.record(
  { street: line, city: line, region: line, postalCode: line, country: line, box: line },
  { requiredKeys: ['street', 'city', 'region', 'postalCode', 'country'] },
);

export const contact: fc.Arbitrary<ContactItem> = fc
  .record(
    {
      // Exchange makes a display name of the parts of the name where nobody wrote one; a card always has its FN.
      fullName: line.map((text) => `X${text}`),
      fileAs: line,
      name: fc.record({ prefix: line, given: line, middle: line, family: line, suffix: line }),
      nickname: line,
      emails: slots(
        ['email1', 'email2', 'email3'],
        fc.record({
          address: fc.constantFrom('a@example.test', 'b@example.test', ''),
          name: fc.option(line, { nil: undefined }),
        }),
      ),
      phones: slots(['assistant', 'business', 'mobile', 'home2', 'ttyTdd', 'otherFax'], line),
      addresses: slots(['business', 'home', 'other'], address),
      ims: slots(['im1', 'im2', 'im3'], line),
      company: line,
      department: line,
      office: line,
      title: line,
      profession: line,
      manager: line,
      assistant: line,
      spouse: line,
      children: categories,
      birthday: date,
      anniversary: date,
      pages: fc.record(
        {
          business: fc.oneof(
            line,
            fc.webUrl(),
            fc.constantFrom(
              'http://[::1]:80/[x]#a#b',
              'http://a:b',
              '//x y:z',
              '1:2',
              'www.example.test:8080/a',
            ),
            fc.string({ unit: fc.constantFrom(...':/?#[]@!%2aZ. '.split('')), maxLength: 12 }),
          ),
          personal: line,
        },
        { requiredKeys: [] },
      ),
      phonetic: fc.record({ given: line, family: line, company: line }),
      gender: fc.constantFrom('female', 'male'),
      mailingAddress: fc.constantFrom('business', 'home', 'other'),
      freeBusyUrl: line,
      hobbies: line,
      note: text,
      categories,
      sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
    } as const,
    { requiredKeys: ['fullName'] },
  )
  .map((fields): ContactItem => ({ ...emptyContact, ...fields }));

/** What somebody is called is told by the address, as a mailbox keeps it. */
const addressed: fc.Arbitrary<GroupMember> = fc
  .constantFrom('ada', 'Bob', 'bob', 'carl', 'dora')
  .map((name) => ({ address: `${name}@example.test`, ...(name > 'c' && { name: name.toUpperCase() }) }));
const unreachable: fc.Arbitrary<GroupMember> = fc.constantFrom(
  { address: '' },
  { address: 'no address' },
  { address: '', uid: 'unknown' },
);
const listed: fc.Arbitrary<GroupMember> = fc.constantFrom(
  { id: 'cONE', address: 'one@example.test', name: 'One' },
  { id: 'cTWO', address: 'two@example.test' },
  { id: 'cNONE', address: '' },
  { id: 'gLIST', address: '' },
);

function groupOf(member: fc.Arbitrary<GroupMember>): fc.Arbitrary<GroupItem> {
  return fc
    .record(
      {
        fullName: line,
        members: fc.array(member, { maxLength: 6 }),
        note: text,
        categories,
        sensitivity: fc.constantFrom('normal', 'personal', 'private', 'confidential'),
      } as const,
      { requiredKeys: ['fullName'] },
    )
    .map((fields): GroupItem => ({ ...emptyGroup, ...fields }));
}

export const group = groupOf(fc.oneof(addressed, unreachable, listed));
/** Of people who are no items. */
export const addressedGroup = groupOf(fc.oneof(addressed, unreachable));
