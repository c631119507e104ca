// What a mailbox may hold whoever wrote it: items, a generator for every field, which the types demand to be complete.
import * as fc from 'fast-check';
import {
  type Attendee,
  type ContactItem,
  type EmailSlot,
  emptyContact,
  emptyEvent,
  emptyTask,
  type EventItem,
  type Override,
  type Part,
  type Person,
  type PhoneSlot,
  type TaskItem,
} from '../../src/model/item.ts';
import { emptyGroup, type GroupItem, type GroupMember } from '../../src/model/group.ts';
import type { RecurrenceRule } from '../../src/model/recurrence.ts';
import type { LocalDate, When } from '../../src/model/time.ts';
import { parseRecurrence } from '../../src/ews-backend/fields/recurrence-fields.ts';
import { fieldsOf } from '../../src/ews-backend/fields/series.ts';
import { type Pattern, type Recurrence, renderRecurrence } from '../../simulator/calendar/index.ts';
import { parse } from '../ews-backend/fields/stand-in.ts';
import { own } from './box.ts';
import { type Frame, frame as anyFrame, instantOn } from './frame.ts';
import { addDays, firstDate, pattern as anyPattern } from './rules.ts';
import { address, date, instant, line, name, text } from './texts.ts';
import { localIn, utc } from './zones.ts';

/** Fields that follow from others or from the frame. */
type Free<T, Given extends keyof T> = { readonly [Name in Exclude<keyof T, Given>]-?: fc.Arbitrary<T[Name]> };

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const empty = fc.constant('');
const words: fc.Arbitrary<string> = fc.oneof({ arbitrary: line.map(trimmed), weight: 3 }, empty);
const body: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: text.map((each) => each.trimEnd()), weight: 3 },
  empty,
);
const categories = fc.uniqueArray(
  line.map(trimmed).filter((each) => each !== ''),
  { maxLength: 4 },
);
/** A name that is a link is one in a copy. */
const people = words.filter((each) => !/^(?:urn|https?|mailto|tel):/i.test(each));
const sensitivity = fc.constantFrom('normal', 'personal', 'private', 'confidential');
const importance = fc.constantFrom('low', 'normal', 'high');

function trimmed(given: string): string {
  return Array.from(given.trim()).slice(0, 200).join('').trim();
}

/** Files, and links that Exchange 2016 has among them. */
const attachments: fc.Arbitrary<readonly Part[]> = fc.uniqueArray(
  fc.oneof(
    fc.record({
      id: fc.constantFrom('file1', 'file2', 'file3'),
      name: fc.constantFrom('agenda.pdf', 'Grüße; a, b.txt', 'no type'),
      contentType: fc.constantFrom('application/pdf', 'text/plain'),
      size: fc.constantFrom(1, 2048),
    }),
    fc.record({
      id: fc.constant('link'),
      name: fc.constant('Plan'),
      uri: fc.constant('https://files.example.org/plan?a=1,2;b'),
    }),
  ),
  { maxLength: 3, selector: ({ id }) => id },
);

const person: fc.Arbitrary<Person> = fc.record({ address, name: maybe(name) });

const attendee: fc.Arbitrary<Attendee> = fc.record({
  // Some people of the own organisation have no address that others could use.
  address: fc.oneof({ arbitrary: address, weight: 6 }, empty),
  name: name.map((each): string | undefined => each),
  role: fc.constantFrom('required', 'optional', 'resource'),
  partStat: fc.constantFrom('needs-action', 'accepted', 'tentative', 'declined'),
});

const eventFields: Free<
  EventItem,
  | 'kind'
  | 'uid'
  | 'formatted'
  | 'start'
  | 'end'
  | 'recurrence'
  | 'recurrenceId'
  | 'extraDates'
  | 'overrides'
  | 'cancelledDates'
> = {
  summary: words,
  description: body,
  location: words,
  busy: fc.constantFrom('free', 'tentative', 'busy', 'out-of-office', 'working-elsewhere'),
  sensitivity,
  importance,
  categories,
  reminderMinutes: maybe(fc.constantFrom(0, 1, 15, 60, 1440, 10_080, 2_629_800)),
  attendees: fc.uniqueArray(attendee, { maxLength: 4, selector: (each) => each.address || each.name }),
  cancelled: fc.constantFrom(false, false, false, true),
  organizer: person.map((each): Person | undefined => each),
  isOrganizer: fc.boolean(),
  ownPartStat: maybe(fc.constantFrom('needs-action', 'accepted', 'tentative', 'declined')),
  attachments: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, attachments),
  meetingUrl: maybe(fc.constantFrom('https://meet.example.org/?a=1,2;b', 'https://meet.example.org/j/1')),
  invitationsSent: maybe(fc.boolean()),
  sequence: maybe(fc.constantFrom(0, 3)),
  created: maybe(instant),
  modified: maybe(instant),
};

const taskFields: Free<
  TaskItem,
  'kind' | 'formatted' | 'instanceDone' | 'recurrence' | 'percent' | 'status' | 'completed'
> = {
  summary: words,
  description: body,
  start: maybe(date),
  due: maybe(date),
  sensitivity,
  importance,
  categories,
  reminderAt: maybe(instant),
  totalWork: maybe(fc.constantFrom(1, 45, 480, 6000)),
  actualWork: maybe(fc.constantFrom(1, 45, 480, 6000)),
  attachments: fc.oneof({ arbitrary: fc.constant([]), weight: 3 }, attachments),
  created: maybe(instant),
  modified: maybe(instant),
};

const progress: fc.Arbitrary<Pick<TaskItem, 'percent' | 'status' | 'completed'>> = fc.oneof(
  fc.record({
    status: fc.constantFrom('not-started', 'in-progress', 'waiting', 'deferred'),
    percent: fc.integer({ min: 0, max: 99 }),
    completed: fc.constant(undefined),
  }),
  fc.record({ status: fc.constant('completed' as const), percent: fc.constant(100), completed: date }),
);

function slots<Slot extends string, Value>(
  names: readonly Slot[],
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Partial<Record<Slot, Value>>> {
  return fc
    .tuple(fc.subarray([...names]), fc.array(value, { minLength: names.length, maxLength: names.length }))
    .map(([chosen, values]) => {
      const made: Partial<Record<Slot, Value>> = {};
      for (const [index, slot] of chosen.entries()) made[slot] = values[index]!;
      return made;
    });
}

const phoneSlots: readonly PhoneSlot[] = [
  'assistant',
  'business',
  'business2',
  'businessFax',
  'callback',
  'car',
  'companyMain',
  'home',
  'home2',
  'homeFax',
  'isdn',
  'mobile',
  'other',
  'otherFax',
  'pager',
  'primary',
  'radio',
  'telex',
  'ttyTdd',
];
const emailSlots: readonly EmailSlot[] = ['email1', 'email2', 'email3'];
const addressOf = fc
  .record({
    street: words,
    city: words,
    region: words,
    postalCode: words,
    country: words,
    box: maybe(fc.constantFrom('Box 5', 'PO; 1, 2')),
  })
  .filter((each) => Object.values(each).some((part) => part !== '' && part !== undefined));
const birthday: fc.Arbitrary<LocalDate> = fc.oneof(
  date,
  fc.constantFrom('1604-02-29', '1604-12-31', '1899-12-31'),
);

const contactFields: Free<ContactItem, 'kind' | 'photo'> = {
  fullName: line.map(trimmed).filter((each) => each !== ''),
  fileAs: maybe(line.map(trimmed).filter((each) => each !== '')),
  name: fc.record({ prefix: words, given: words, middle: words, family: words, suffix: words }),
  nickname: words,
  emails: slots(emailSlots, person),
  phones: slots(
    phoneSlots,
    fc.constantFrom('+43 1 2345', '0800/123', '+1 (555) 010-9999', '112', 'ext. 5; ask'),
  ),
  addresses: slots(['business', 'home', 'other'], addressOf),
  ims: slots(
    ['im1', 'im2', 'im3'],
    fc.constantFrom('xmpp:a@example.org', 'skype name', 'im.user', 'sip:b@example.org', 'ICQ 1'),
  ),
  company: words,
  department: words,
  office: words,
  title: words,
  profession: words,
  manager: words,
  assistant: words,
  spouse: people,
  children: fc.uniqueArray(
    people.filter((each) => each !== ''),
    { maxLength: 3 },
  ),
  birthday: maybe(birthday),
  anniversary: maybe(birthday),
  pages: slots(
    ['business', 'personal'],
    fc.constantFrom('https://example.org/?a=b,c;d', 'www.example.org', 'http://example.org/%C3%BC'),
  ),
  phonetic: fc.record({ given: words, family: words, company: words }),
  gender: maybe(fc.constantFrom('female', 'male')),
  mailingAddress: maybe(fc.constantFrom('business', 'home', 'other')),
  freeBusyUrl: fc.constantFrom('', 'https://example.org/busy?a=1,2;b'),
  hobbies: words,
  note: body,
  categories,
  sensitivity,
  created: maybe(instant),
  modified: maybe(instant),
};

const regeneration: fc.Arbitrary<Pattern> = fc.record({
  kind: fc.constantFrom(
    'DailyRegeneration',
    'WeeklyRegeneration',
    'MonthlyRegeneration',
    'YearlyRegeneration',
  ),
  interval: fc.integer({ min: 1, max: 99 }),
});

/** A task counts from its start; one that regenerates has no last date. */
const dated = fc
  .record({
    from: date,
    pattern: fc.oneof({ arbitrary: anyPattern, weight: 3 }, regeneration),
    count: maybe(fc.integer({ min: 1, max: 60 })),
  })
  .map(({ from, pattern, count }): Pick<TaskItem, 'start' | 'recurrence'> => {
    const startDate = firstDate(pattern, from);
    const range =
      count === undefined
        ? ({ kind: 'NoEnd', startDate } as const)
        : ({ kind: 'Numbered', startDate, count } as const);
    return { start: startDate, recurrence: ruleOf({ pattern, range }) };
  });

export const taskItem: fc.Arbitrary<TaskItem> = fc
  .tuple(fc.record(taskFields), progress, maybe(dated))
  // What is done does not recur any more.
  .map(([fields, state, series]): TaskItem => ({
    ...emptyTask,
    ...fields,
    ...state,
    ...(state.status !== 'completed' && series),
  }));

export const contactItem: fc.Arbitrary<ContactItem> = fc
  .record(contactFields)
  .map(({ mailingAddress, ...fields }): ContactItem => ({
    ...emptyContact,
    ...fields,
    ims: Object.fromEntries(
      Object.entries(fields.ims).filter(
        ([, each], at, all) => all.findIndex(([, other]) => other === each) === at,
      ),
    ),
    ...(mailingAddress !== undefined && fields.addresses[mailingAddress] && { mailingAddress }),
  }));

const member: fc.Arbitrary<GroupMember> = fc.oneof(
  fc.record({ address, name: maybe(name) }),
  // An item of the mailbox that has no address of its own.
  fc.record({ address: empty, id: fc.constantFrom('cONE', 'gTWO'), name }),
);

const groupFields: Free<GroupItem, 'kind'> = {
  fullName: line.map(trimmed).filter((each) => each !== ''),
  members: fc.uniqueArray(member, { maxLength: 4, selector: (each) => each.address || each.name }),
  note: body,
  categories,
  sensitivity,
  created: maybe(instant),
  modified: maybe(instant),
};

export const groupItem: fc.Arbitrary<GroupItem> = fc.record(groupFields).map((fields) => ({
  ...emptyGroup,
  ...fields,
  members: fields.members.map((each, index): GroupMember => ({ ...each, key: `k${index}` })),
}));

const occurrenceFields = {
  summary: eventFields.summary,
  description: eventFields.description,
  location: eventFields.location,
  busy: eventFields.busy,
  sensitivity,
  importance,
  categories,
  reminderMinutes: eventFields.reminderMinutes,
};

interface Change {
  readonly at: number;
  readonly cancels: boolean;
  readonly fields: Partial<Override>;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(13),
  cancels: fc.boolean(),
  fields: fc.record(occurrenceFields, { requiredKeys: [] }),
});

export const eventItem: fc.Arbitrary<EventItem> = fc
  .record({
    frame: anyFrame,
    fields: fc.record(eventFields),
    changes: fc.uniqueArray(change, { maxLength: 4, selector: ({ at }) => at }),
  })
  .map(({ frame, fields, changes }) => {
    const master: EventItem = {
      ...emptyEvent,
      ...fields,
      ...meetingOf(fields),
      ...periodOn(frame, frame.start),
      recurrence: frame.rule && ruleOf(frame.rule.recurrence),
    };
    return master.recurrence === undefined ? master : withChanges(master, frame, changes);
  });

type Meeting = Pick<EventItem, 'organizer' | 'isOrganizer' | 'attendees' | 'ownPartStat' | 'cancelled'>;

/** The own calendar's meetings are its owner's; only others have answered them for us or called them off. */
function meetingOf(given: Meeting): Meeting {
  const { isOrganizer, organizer, ownPartStat = 'needs-action', cancelled } = given;
  const host = isOrganizer ? own : (organizer?.address ?? '');
  const attendees = given.attendees.filter(({ address }) => address.toLowerCase() !== host.toLowerCase());
  if (!isOrganizer) return { organizer, isOrganizer, attendees, ownPartStat, cancelled };
  return {
    organizer: attendees.length > 0 ? { address: own, name: 'Alice' } : undefined,
    isOrganizer,
    attendees,
    ownPartStat: undefined,
    cancelled: false,
  };
}

/** What the gateway reads of a pattern that the server has. */
function ruleOf(recurrence: Recurrence): RecurrenceRule | undefined {
  return parseRecurrence(parse(renderRecurrence(recurrence, utc.zone)));
}

/** Times as Exchange holds them: whole days, or a wall time in one of its own zones. */
function periodOn(frame: Frame, day: string): Pick<EventItem, 'start' | 'end'> {
  if (frame.kind === 'date') {
    const lasts = Math.max(1, frame.lasts / 86_400);
    return { start: { kind: 'date', date: day }, end: { kind: 'date', date: addDays(day, lasts) } };
  }
  const zone = frame.kind === 'zoned' ? frame.zone.iana : 'UTC';
  const end = instantOn(frame, day) + frame.lasts * 1000;
  return {
    start: { kind: 'zoned', local: `${day}T${frame.time}`, zone },
    end: { kind: 'zoned', local: localIn(frame.zone, end), zone },
  };
}

function withChanges(item: EventItem, frame: Frame, changes: readonly Change[]): EventItem {
  const overrides: Override[] = [];
  const cancelledDates: When[] = [];
  for (const { at, cancels, fields } of changes.filter(({ at }) => at < frame.dates.length - 1)) {
    const times = periodOn(frame, frame.dates[at] ?? frame.start);
    const { start: recurrenceId } = times;
    if (cancels) cancelledDates.push(recurrenceId);
    else overrides.push({ ...fieldsOf(item), ...fields, ...times, recurrenceId });
  }
  return { ...item, overrides, cancelledDates };
}
