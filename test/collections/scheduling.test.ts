// Which messages a write sends: the decision alone, from values. What then really leaves: test/gateway/scheduling*.test.ts.
import { describe, expect, it } from 'vitest';
import {
  planCreate,
  planRemoval,
  planUpdate,
  type Around,
  type Asked,
} from '../../src/collections/scheduling.ts';
import type { Stored } from '../../src/model/backend.ts';
import type { Permission } from '../../src/model/collection.ts';
import {
  emptyEvent,
  type Attendee,
  type EventItem,
  type NewPart,
  type Override,
  type Part,
} from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import type { Wishes } from '../../src/translate/index.ts';

const now = Date.UTC(2026, 5, 10);
const around: Around = { now: () => now };
const at = (day: number, hour = 10): When => ({
  kind: 'zoned',
  local: `2026-06-${String(day).padStart(2, '0')}T${hour}:00:00`,
  zone: 'UTC',
});
const person = (name: string): Attendee => ({
  address: `${name}@example.test`,
  role: 'required',
  partStat: 'needs-action',
});
const meeting = (more: Partial<EventItem> = {}): EventItem => ({
  ...emptyEvent,
  summary: 'Plan',
  start: at(20),
  end: at(20, 11),
  organizer: { address: 'alice@example.test' },
  attendees: [person('bob')],
  invitationsSent: true,
  ...more,
});
const series = (more: Partial<EventItem> = {}): EventItem =>
  meeting({
    start: at(1),
    end: at(1, 11),
    recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 20 } },
    ...more,
  });
const on = (day: number, more: Partial<Override> = {}): Override => ({
  ...meeting(),
  recurrenceId: at(day),
  start: at(day),
  end: at(day, 11),
  ...more,
});
const stored = (item: EventItem, tags: Stored['tags'] = {}): Stored => ({
  id: 'i',
  version: 'v',
  tags,
  item,
});
const noWishes: Wishes = {
  isScheduling: true,
  declines: false,
  forcesRequest: false,
  forcesReply: false,
  answersItself: false,
  sentBy: [],
  comments: new Map(),
};
const asked = (mail: Permission = 'send', wishes: Partial<Wishes> = {}): Asked => ({
  mail,
  wishes: { ...noWishes, ...wishes },
});
const whole = (to: 'all' | 'changed', ...occurrences: readonly (readonly [number, 'all' | 'changed'])[]) => ({
  mail: 'send',
  answers: [],
  telling: {
    whole: to,
    occurrences: occurrences.map(([day, each]) => ({ recurrenceId: at(day), to: each })),
  },
});
const only = (...occurrences: readonly (readonly [number, 'all' | 'changed'])[]) => ({
  mail: 'send',
  answers: [],
  telling: { occurrences: occurrences.map(([day, to]) => ({ recurrenceId: at(day), to })) },
});
const silent = { mail: 'silent', answers: [] };
const file: NewPart = { name: 'a.txt', contentType: 'text/plain', base64: 'AAAA' };
const held = (id: string): Part => ({ id, name: 'a.txt' });
const files = [held('f'), held('g')];
const guests = { attendees: [person('bob'), person('dan')] };

describe('an organizer’s update', () => {
  const rows: readonly (readonly [string, EventItem, EventItem, object, Asked?])[] = [
    ['nothing', meeting(), meeting(), silent],
    ['a text', meeting(), meeting({ location: 'x' }), whole('all')],
    ['a text, where nothing may leave', meeting(), meeting({ location: 'x' }), silent, asked('silent')],
    [
      'a text, where no reply may leave',
      meeting(),
      meeting({ location: 'x' }),
      whole('all'),
      asked('no-reply'),
    ],
    [
      'line ends and blanks at the end',
      meeting({ description: 'a\r\nb\r\n' }),
      meeting({ description: 'a\nb' }),
      silent,
    ],
    [
      'the same instant in another zone',
      meeting(),
      meeting({ start: { kind: 'zoned', local: '2026-06-20T12:00:00', zone: 'Europe/Berlin' } }),
      silent,
    ],
    ['a new file', meeting(), meeting({ attachments: [file] }), whole('all')],
    ['a file that goes', meeting({ attachments: [held('f')] }), meeting(), whole('all')],
    ['the same files', meeting({ attachments: files }), meeting({ attachments: files.toReversed() }), silent],
    ['a file and somebody more', meeting(), meeting({ ...guests, attachments: [file] }), whole('all')],
    [
      'an occurrence that has the files of its series',
      series({ attachments: [held('f')] }),
      series({
        attachments: [held('f')],
        overrides: [on(15, { attachments: [{ ...held('g'), copyOf: 'f' }] })],
      }),
      silent,
    ],
    [
      'a file of one occurrence, told with the whole',
      series(),
      series({ overrides: [on(15, { attachments: [file] })] }),
      whole('all'),
    ],
    [
      'a file of one occurrence that is over',
      series(),
      series({ overrides: [on(5, { attachments: [file] })] }),
      silent,
    ],
    ['somebody more', meeting(), meeting(guests), whole('changed')],
    ['nobody left', meeting(), meeting({ attendees: [] }), whole('changed')],
    [
      'what is over',
      meeting({ start: at(2), end: at(2, 11) }),
      meeting({ start: at(2), end: at(2, 11), location: 'x' }),
      silent,
    ],
    [
      'what was over, and is not any more',
      meeting({ start: at(2), end: at(2, 11) }),
      meeting(),
      whole('all'),
    ],
    ['what is moved into the past', meeting(), meeting({ start: at(2), end: at(2, 11) }), whole('all')],
    [
      'a day that may still last in the far west',
      meeting({ start: { kind: 'date', date: '2026-06-09' }, end: { kind: 'date', date: '2026-06-10' } }),
      meeting({
        start: { kind: 'date', date: '2026-06-09' },
        end: { kind: 'date', date: '2026-06-10' },
        location: 'x',
      }),
      whole('all'),
    ],
    ['a series of which the last is to come', series(), series({ location: 'x' }), whole('all')],
    [
      'a series that is over',
      series({ recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 5 } } }),
      series({ location: 'x', recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 5 } } }),
      silent,
    ],
    [
      'a series that is over but for an occurrence moved out',
      series({
        recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 5 } },
        overrides: [on(5, { start: at(25), end: at(25, 11) })],
      }),
      series({
        location: 'x',
        recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 5 } },
        overrides: [on(5, { start: at(25), end: at(25, 11) })],
      }),
      whole('all'),
    ],
    ['one occurrence', series(), series({ overrides: [on(15, { location: 'x' })] }), only([15, 'all'])],
    ['one occurrence that is over', series(), series({ overrides: [on(5, { location: 'x' })] }), silent],
    [
      'one that is over and one to come',
      series(),
      series({ overrides: [on(5, { location: 'x' }), on(15, { location: 'x' })] }),
      only([15, 'all']),
    ],
    [
      'two occurrences',
      series(),
      series({ overrides: [on(14, { location: 'x' }), on(15, { location: 'x' })] }),
      whole('all'),
    ],
    ['one cancelled', series(), series({ cancelledDates: [at(15)] }), only([15, 'all'])],
    [
      'one cancelled before',
      series({ cancelledDates: [at(15)] }),
      series({ cancelledDates: [at(15)] }),
      silent,
    ],
    ['one that takes place again', series({ cancelledDates: [at(15)] }), series(), whole('all')],
    [
      'one occurrence, somebody more',
      series(),
      series({ overrides: [on(15, guests)] }),
      only([15, 'changed']),
    ],
    [
      'one occurrence, somebody more elsewhere',
      series(),
      series({ overrides: [on(15, { ...guests, location: 'x' })] }),
      only([15, 'all']),
    ],
    [
      'two occurrences, each somebody more',
      series(),
      series({ overrides: [on(14, guests), on(15, guests)] }),
      only([14, 'changed'], [15, 'changed']),
    ],
    [
      'one occurrence, and somebody more in another',
      series(),
      series({ overrides: [on(14, { location: 'x' }), on(15, guests)] }),
      only([15, 'changed'], [14, 'all']),
    ],
    [
      'somebody more everywhere',
      series({ overrides: [on(15, { location: 'x' })] }),
      series({ ...guests, overrides: [on(15, { ...guests, location: 'x' })] }),
      whole('changed'),
    ],
    [
      'somebody more, and one occurrence',
      series(),
      series({ ...guests, overrides: [on(15, { ...guests, location: 'x' })] }),
      whole('all'),
    ],
    [
      'a text, where an occurrence has a guest',
      series({ overrides: [on(15, guests)] }),
      series({ location: 'x', overrides: [on(15, { ...guests, location: 'x' })] }),
      whole('all', [15, 'all']),
    ],
    [
      'a text, where the occurrence of a guest stays',
      series({ overrides: [on(15, guests)] }),
      series({ location: 'x', overrides: [on(15, guests)] }),
      whole('all'),
    ],
    [
      'what was never sent, irrelevant',
      meeting({ invitationsSent: false }),
      meeting({ invitationsSent: false, categories: ['x'] }),
      silent,
    ],
    [
      'what was never sent',
      meeting({ invitationsSent: false }),
      meeting({ invitationsSent: false, location: 'x' }),
      whole('all'),
    ],
    [
      'what was never sent, somebody more',
      meeting({ invitationsSent: false }),
      meeting({ invitationsSent: false, ...guests }),
      whole('all'),
    ],
    [
      'what was never sent, one occurrence',
      series({ invitationsSent: false }),
      series({ invitationsSent: false, overrides: [on(15, guests)] }),
      whole('all', [15, 'changed']),
    ],
    ['nothing, forced', meeting(), meeting(), whole('all'), asked('send', { forcesRequest: true })],
    [
      'an event of nobody else',
      meeting({ attendees: [] }),
      meeting({ attendees: [], location: 'x' }),
      silent,
    ],
  ];
  it.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    (_, [, before, after, plan, request = asked()]) => {
      expect(planUpdate(around, { before: stored(before), after }, request)).toEqual(plan);
    },
  );

  it('that was begun and not ended is told in full', () => {
    const before = stored(meeting(), { unsent: '1' });
    expect(planUpdate(around, { before, after: meeting() }, asked())).toEqual(whole('all'));
    expect(planUpdate(around, { before, after: meeting() }, asked('silent'))).toEqual(silent);
  });
});

describe('in somebody else’s calendar', () => {
  const delegate: Around = { ...around, actor: new Set(['eve@example.test']) };
  const change = { before: stored(meeting()), after: meeting({ location: 'x' }) };
  it('only what is said to be on his behalf is sent', () => {
    expect(planUpdate(delegate, change, asked())).toEqual(silent);
    expect(planUpdate(delegate, change, asked('send', { sentBy: ['dan@example.test'] }))).toEqual(silent);
    expect(planUpdate(delegate, change, asked('send', { sentBy: ['eve@example.test'] }))).toEqual(
      whole('all'),
    );
    expect(planUpdate(delegate, change, asked('silent', { sentBy: ['eve@example.test'] }))).toEqual(silent);
    expect(planCreate(delegate, meeting(), asked())).toBe('silent');
    expect(planRemoval(delegate, stored(meeting()), { mail: 'send' })).toEqual({
      kind: 'remove',
      mail: 'silent',
    });
  });
});

describe('a new event', () => {
  it.each([
    ['a meeting', meeting(), 'send', 'send'],
    ['a meeting, where nothing may leave', meeting(), 'silent', 'silent'],
    ['a meeting that is over', meeting({ start: at(2), end: at(2, 11) }), 'send', 'silent'],
    ['an event of one’s own', meeting({ attendees: [] }), 'send', 'silent'],
    [
      'a series to one occurrence of which somebody is invited',
      series({ attendees: [], overrides: [on(15)] }),
      'send',
      'send',
    ],
  ] as const)('%s', (_, item, mail, planned) => {
    expect(planCreate(around, item, asked(mail))).toBe(planned);
  });
});

describe('an attendee’s update', () => {
  const invited = (more: Partial<EventItem> = {}): EventItem =>
    series({ isOrganizer: false, ownPartStat: 'needs-action', ...more });
  const of = (day: number, ownPartStat: Override['ownPartStat'], more: Partial<Override> = {}): Override =>
    on(day, { ownPartStat, ...more });
  const rows: readonly (readonly [string, EventItem, EventItem, readonly object[], Asked?])[] = [
    ['nothing', invited(), invited(), []],
    ['an answer', invited(), invited({ ownPartStat: 'accepted' }), [{ partStat: 'accepted', mail: 'send' }]],
    [
      'an answer, where no reply may leave',
      invited(),
      invited({ ownPartStat: 'accepted' }),
      [{ partStat: 'accepted', mail: 'silent' }],
      asked('no-reply'),
    ],
    [
      'an answer that the client sends',
      invited(),
      invited({ ownPartStat: 'accepted' }),
      [{ partStat: 'accepted', mail: 'silent' }],
      asked('send', { answersItself: true }),
    ],
    [
      'an answer with words',
      invited(),
      invited({ ownPartStat: 'tentative' }),
      [{ partStat: 'tentative', mail: 'send', comment: 'maybe' }],
      asked('send', { comments: new Map([['', 'maybe']]) }),
    ],
    [
      'an answer to what was called off',
      invited({ cancelled: true }),
      invited({ cancelled: true, ownPartStat: 'accepted' }),
      [],
    ],
    ['no answer, forced', invited(), invited(), [], asked('send', { forcesReply: true })],
    [
      'the same, forced',
      invited({ ownPartStat: 'accepted' }),
      invited({ ownPartStat: 'accepted' }),
      [{ partStat: 'accepted', mail: 'send' }],
      asked('send', { forcesReply: true }),
    ],
    [
      'an occurrence',
      invited(),
      invited({ overrides: [of(15, 'accepted')] }),
      [{ occurrence: at(15), partStat: 'accepted', mail: 'send' }],
    ],
    [
      'an occurrence with words of its own',
      invited(),
      invited({ overrides: [of(15, 'accepted')] }),
      [{ occurrence: at(15), partStat: 'accepted', mail: 'send', comment: 'late' }],
      asked('send', { comments: new Map([['2026-06-15T10:00:00Z', 'late']]) }),
    ],
    [
      'an occurrence that is over',
      invited(),
      invited({ overrides: [of(5, 'accepted')] }),
      [{ occurrence: at(5), partStat: 'accepted', mail: 'silent' }],
    ],
    [
      'an occurrence as the series has it',
      invited({ ownPartStat: 'accepted' }),
      invited({ ownPartStat: 'accepted', overrides: [of(15, 'accepted')] }),
      [],
    ],
    [
      'all alike',
      invited({ overrides: [of(15, 'needs-action')] }),
      invited({ ownPartStat: 'accepted', overrides: [of(15, 'accepted')] }),
      [
        { partStat: 'accepted', mail: 'send' },
        { occurrence: at(15), partStat: 'accepted', mail: 'silent' },
      ],
    ],
    [
      'one taken out',
      invited(),
      invited({ cancelledDates: [at(15)] }),
      [{ occurrence: at(15), partStat: 'declined', mail: 'send' }],
    ],
    ['one taken out that is over', invited(), invited({ cancelledDates: [at(5)] }), []],
    [
      'one taken out that was declined',
      invited({ overrides: [of(15, 'declined')] }),
      invited({ cancelledDates: [at(15)] }),
      [],
    ],
    [
      'one taken out that was called off',
      invited({ overrides: [of(15, 'needs-action', { cancelled: true })] }),
      invited({ cancelledDates: [at(15)] }),
      [],
    ],
    ['one that is out', invited({ cancelledDates: [at(15)] }), invited({ cancelledDates: [at(15)] }), []],
  ];
  it.each(rows.map((row) => [row[0], row] as const))(
    '%s',
    (_, [, before, after, answers, request = asked()]) => {
      expect(planUpdate(around, { before: stored(before), after }, request)).toEqual({
        mail: 'silent',
        answers,
      });
    },
  );
});

describe('a removal', () => {
  const invited = (more: Partial<EventItem> = {}): EventItem =>
    meeting({ isOrganizer: false, ownPartStat: 'accepted', ...more });
  const quiet = { kind: 'remove', mail: 'silent' };
  const loud = { kind: 'remove', mail: 'send' };
  const decline = { kind: 'decline' };
  it.each<readonly [string, EventItem, Permission, object]>([
    ['an own meeting', meeting(), 'send', loud],
    ['an own meeting with Schedule-Reply: F', meeting(), 'no-reply', loud],
    ['an own meeting, where nothing may leave', meeting(), 'silent', quiet],
    ['an own meeting that was never sent', meeting({ invitationsSent: false }), 'send', quiet],
    ['an own meeting that is over', meeting({ start: at(2), end: at(2, 11) }), 'send', quiet],
    ['an own event', meeting({ attendees: [] }), 'send', quiet],
    ['an invitation', invited(), 'send', decline],
    ['an invitation with Schedule-Reply: F', invited(), 'no-reply', quiet],
    ['an invitation that was declined', invited({ ownPartStat: 'declined' }), 'send', quiet],
    ['an invitation that was called off', invited({ cancelled: true }), 'send', quiet],
    ['an invitation to what is over', invited({ start: at(2), end: at(2, 11) }), 'send', quiet],
  ])('%s', (_, item, mail, plan) => {
    expect(planRemoval(around, stored(item), { mail })).toEqual(plan);
  });

  it('of a series takes leave of those who attend single occurrences to come', () => {
    const item = series({ overrides: [on(5, guests), on(14, { location: 'x' }), on(15, guests)] });
    const plan = planRemoval(around, stored(item), { mail: 'send' });
    expect(plan).toMatchObject({
      ...loud,
      farewell: { telling: { occurrences: [{ recurrenceId: at(15), to: 'changed' }] } },
    });
    const after = plan.kind === 'remove' ? plan.farewell?.after.overrides : undefined;
    expect(after?.map(({ attendees }) => attendees.length)).toEqual([2, 1, 1]);
  });
});
