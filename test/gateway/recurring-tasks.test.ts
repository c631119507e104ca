// Recurring tasks: however an instance is done or left out, by Outlook or by a client, the series goes on once and nothing is
// doubled (docs/decisions/0011-recurring-tasks.md).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareId, ok, path, set, updateBody } from '../simulator/soap-client.ts';
import { itemsIn } from '../simulator/scheduling/people.ts';
import {
  alice,
  asCalendar,
  asXml,
  calendarOf,
  calendarText,
  etagsBody,
  openStage,
  responsesOf,
  type Stage,
} from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.stop());

const folder = calendarOf(alice, 'tasks');
const href = `${folder}water.ics`;

const master = (...lines: readonly string[]): readonly string[] => [
  'BEGIN:VTODO',
  'UID:water@example.org',
  'DTSTAMP:20260101T000000Z',
  'SUMMARY:Water the plants',
  ...lines,
  'END:VTODO',
];
const times = (day: string): readonly string[] => [
  `DTSTART;TZID=Europe/Vienna:${day}T080000`,
  `DUE;TZID=Europe/Vienna:${day}T173000`,
];
const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;RELATED=END:-PT30M', 'DESCRIPTION:x', 'END:VALARM'];
const instance = (day: string, ...lines: readonly string[]): readonly string[] =>
  master(`RECURRENCE-ID;TZID=Europe/Vienna:${day}T080000`, ...times(day), ...lines);

async function put(lines: readonly string[], status: number): Promise<string> {
  const answer = await stage.ask('PUT', href, { body: calendarText(...lines), headers: asCalendar });
  expect(answer.status, answer.text).toBe(status);
  return answer.text;
}

async function get(at = href): Promise<readonly string[]> {
  stage.advance();
  const answer = await stage.ask('GET', at);
  expect(answer.status, answer.text).toBe(200);
  return answer.text
    .replaceAll('\r\n ', '')
    .replace(/BEGIN:VTIMEZONE[\s\S]*END:VTIMEZONE\r\n/, '')
    .split('\r\n');
}

async function members(): Promise<readonly string[]> {
  stage.advance();
  const answer = await stage.ask('PROPFIND', folder, { body: etagsBody, headers: { ...asXml, depth: '1' } });
  return [...responsesOf(answer).keys()].filter((each) => each !== folder);
}

/** Name of each field that an UpdateItem wrote. */
function written(): readonly string[] {
  return stage.sent.flatMap((text) =>
    [...text.matchAll(/<t:(?:Set|Delete)ItemField><t:FieldURI FieldURI="([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    ),
  );
}

const items = () => itemsIn(stage.simulator, 'alice', 'tasks');

/** The series at its second instance, and beside it the first one, done. */
async function expectGoneOn(): Promise<void> {
  const shown = await get();
  expect(shown).toEqual(expect.arrayContaining([...times('20261208'), 'RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU']));
  expect(shown).not.toContain('STATUS:COMPLETED');
  const hrefs = await members();
  expect(hrefs).toHaveLength(2);
  const [copy = ''] = hrefs.filter((each) => each !== href);
  const done = await get(copy);
  expect(done).toEqual(expect.arrayContaining([...times('20261201'), 'STATUS:COMPLETED']));
  expect(done.filter((line) => line.startsWith('RRULE'))).toEqual([]);
  expect(done).not.toContain('UID:water@example.org');
  expect((await items()).map((item) => path(item, 'Status')).toSorted()).toEqual(['Completed', 'NotStarted']);
}

describe('the present instance of a series is done', () => {
  beforeEach(() => put(master(...times('20261201'), 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU', ...alarm), 201));

  it('in Outlook: the series moves on with its times and its alarm', async () => {
    const [item] = await items();
    await ok(
      stage.simulator,
      updateBody(`Id="${bareId(item)}"`, set('task:Status', 'Task', '<t:Status>Completed</t:Status>')),
    );
    await expectGoneOn();
    expect(await get()).toEqual(expect.arrayContaining(alarm));
    await stage.restart();
    await expectGoneOn();
  });

  it('by a client that says so of the whole: Exchange goes on, as Outlook would', async () => {
    stage.sent.length = 0;
    await put(
      master(
        ...times('20261201'),
        'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU',
        'STATUS:COMPLETED',
        'COMPLETED:20260105T101112Z',
      ),
      204,
    );
    expect(written()).toEqual(['item:ReminderIsSet', 'task:CompleteDate']);
    await expectGoneOn();
  });

  it('by an override, as Thunderbird writes it; the same PUT again changes nothing', async () => {
    const text = [
      ...master(...times('20261201'), 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU', ...alarm),
      ...instance('20261201', 'STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260105T101112Z'),
    ];
    stage.sent.length = 0;
    await put(text, 204);
    expect(written()).toEqual(['task:CompleteDate']);
    await expectGoneOn();
    stage.sent.length = 0;
    await put(text, 204);
    expect(written()).toEqual([]);
    await expectGoneOn();
  });

  it('and the next one, too: one copy of the last', async () => {
    await put(
      [
        ...master(...times('20261201'), 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU'),
        ...instance('20261201', 'STATUS:COMPLETED'),
        ...instance('20261208', 'STATUS:COMPLETED'),
      ],
      204,
    );
    expect(await get()).toEqual(
      expect.arrayContaining([...times('20261215'), 'RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU']),
    );
    expect(await members()).toHaveLength(2);
  });

  it('by a client that moves the series itself (Tasks.org): there is nothing beside it', async () => {
    await put(master(...times('20261208'), 'RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU', ...alarm), 204);
    expect(await get()).toEqual(
      expect.arrayContaining([...times('20261208'), 'RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU', ...alarm]),
    );
    expect(await members()).toEqual([href]);
    const [item] = await items();
    expect(path(item, 'Recurrence/NumberedRecurrence/NumberOfOccurrences')).toBe('4');
    expect(path(item, 'DueDate')).toBe('2026-12-08T00:00:00Z');
  });

  it('and the series with it, when the rule goes too', async () => {
    await put(master(...times('20261201'), 'STATUS:COMPLETED'), 204);
    expect(await get()).toEqual(expect.arrayContaining([...times('20261201'), 'STATUS:COMPLETED']));
    expect(await members()).toEqual([href]);
  });
});

describe('an instance is left out', () => {
  const rule = 'RRULE:FREQ=WEEKLY;COUNT=5;BYDAY=TU';
  beforeEach(() => put(master(...times('20261201'), rule), 201));

  it.each([
    ['the present one', ['20261201'], '20261208', 4],
    ['two', ['20261201', '20261208'], '20261215', 3],
  ] as const)('%s', async (_, days, next, count) => {
    const gone = days.map((each) => `EXDATE;TZID=Europe/Vienna:${each}T080000`);
    await put(master(...times('20261201'), rule, ...gone), 204);
    expect(await get()).toEqual(
      expect.arrayContaining([...times(next), `RRULE:FREQ=WEEKLY;COUNT=${count};BYDAY=TU`]),
    );
    expect(await members()).toEqual([href]);
  });

  it.each([
    ['a later one', [...master(...times('20261201'), rule, 'EXDATE;TZID=Europe/Vienna:20261215T080000')]],
    [
      'all',
      master(
        ...times('20261201'),
        rule,
        ...[1, 8, 15, 22, 29].map(
          (day) => `EXDATE;TZID=Europe/Vienna:202612${String(day).padStart(2, '0')}T080000`,
        ),
      ),
    ],
    [
      'done, but a later one',
      [...master(...times('20261201'), rule), ...instance('20261215', 'STATUS:COMPLETED')],
    ],
    [
      'changed',
      [...master(...times('20261201'), rule), ...instance('20261201', 'STATUS:NEEDS-ACTION', 'PRIORITY:1')],
    ],
  ])('refused: %s', async (_, lines) => {
    stage.sent.length = 0;
    const text = await put(lines, 403);
    expect(text).toMatch(/RECURRENCE-ID|EXDATE/);
    expect(written()).toEqual([]);
  });
});

describe('a regenerating series', () => {
  const regenerating = ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY', 'X-EXDAV-REGENERATES:TRUE'];
  const pattern = async (): Promise<string[]> => {
    const [item] = await items();
    return ['WeeklyRegeneration', 'WeeklyRecurrence'].flatMap((name) => {
      const interval = path(item, `Recurrence/${name}/Interval`);
      return interval === '' ? [] : [`${name} ${interval}`];
    });
  };
  beforeEach(() => put(master(...regenerating), 201));

  it.each([
    ['stays one when a client edits something else', [...regenerating, 'PRIORITY:1'], 'WeeklyRegeneration 1'],
    [
      'also when the client drops the mark',
      ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY'],
      'WeeklyRegeneration 1',
    ],
    [
      'and changes the interval',
      ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;INTERVAL=2'],
      'WeeklyRegeneration 2',
    ],
    ['and when it is moved', ['DUE;VALUE=DATE:20261205', 'RRULE:FREQ=WEEKLY'], 'WeeklyRegeneration 1'],
    [
      'becomes a fixed one only by word',
      ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY', 'X-EXDAV-REGENERATES:FALSE'],
      'WeeklyRecurrence 1',
    ],
    [
      'or by a rule that no regenerating series can have',
      ['DUE;VALUE=DATE:20261201', 'RRULE:FREQ=WEEKLY;BYDAY=TU,TH'],
      'WeeklyRecurrence 1',
    ],
  ])('%s', async (_, lines, expected) => {
    await put(master(...lines), 204);
    expect(await pattern()).toEqual([expected]);
  });

  it.each(['RRULE:FREQ=WEEKLY;BYDAY=TU', 'RRULE:FREQ=WEEKLY;UNTIL=20270101', 'RRULE:FREQ=YEARLY;BYMONTH=12'])(
    'is refused with %s',
    async (rule) => {
      await put(master('DUE;VALUE=DATE:20261201', rule, 'X-EXDAV-REGENERATES:TRUE'), 403);
      expect(await pattern()).toEqual(['WeeklyRegeneration 1']);
    },
  );
});
