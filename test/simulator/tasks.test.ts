// Tasks: what completes them, what a recurring one leaves behind, what is refused ([MS-OXWSTASK]; BEHAVIOUR §10).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { XmlElement } from '../../src/xml/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import {
  at,
  bareId,
  codeOf,
  createOther,
  get,
  idOf,
  keyOf,
  ok,
  path,
  set,
  start,
  updateBody,
} from './soap-client.ts';
import { itemsIn } from './scheduling/people.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
  // Wednesday 18 June 2025, at noon.
  Object.assign(sim.world, { now: () => Date.UTC(2025, 5, 18, 12) });
});
afterEach(() => sim.close());

const numbered = (count: number): string =>
  `<t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>${count}</t:NumberOfOccurrences></t:NumberedRecurrence>`;
const noEnd = '<t:NoEndRecurrence><t:StartDate>2025-06-02</t:StartDate></t:NoEndRecurrence>';
const pattern = (name: string, interval = 1, more = ''): string =>
  `<t:${name}><t:Interval>${interval}</t:Interval>${more}</t:${name}>`;
const task = (recurrence: string): string =>
  `<t:Task><t:Subject>Water</t:Subject><t:DueDate>2025-06-04T00:00:00Z</t:DueDate>${recurrence === '' ? '' : `<t:Recurrence>${recurrence}</t:Recurrence>`}<t:StartDate>2025-06-02T00:00:00Z</t:StartDate></t:Task>`;
const complete = set('task:Status', 'Task', '<t:Status>Completed</t:Status>');
const day = (item: XmlElement | undefined, name: string): string => path(item, name).slice(0, 10);
const state = (item: XmlElement | undefined): string[] => [
  path(item, 'Status'),
  path(item, 'PercentComplete'),
  day(item, 'CompleteDate'),
  path(item, 'IsComplete'),
];
const remove = (id: string, affected: string): string =>
  `<m:DeleteItem DeleteType="HardDelete"${affected === '' ? '' : ` AffectedTaskOccurrences="${affected}"`}><m:ItemIds><t:ItemId ${id}/></m:ItemIds></m:DeleteItem>`;

describe('a task', () => {
  it.each([
    ['Status Completed', complete],
    [
      'PercentComplete 100',
      set('task:PercentComplete', 'Task', '<t:PercentComplete>100</t:PercentComplete>'),
    ],
    [
      'CompleteDate',
      set('task:CompleteDate', 'Task', '<t:CompleteDate>2025-06-18T08:00:00Z</t:CompleteDate>'),
    ],
  ])('is complete by %s, which sets the others (MS-OXWSTASK_R67001, R48, R55, R5555)', async (_, updates) => {
    const id = idOf(await createOther(sim, task('')));
    expect(state(await get(sim, id))).toEqual(['NotStarted', '0', '', 'false']);
    await ok(sim, updateBody(id, updates));
    expect(state(await get(sim, id))).toEqual(['Completed', '100', '2025-06-18', 'true']);
  });

  it('takes the last of several in one request (MS-OXWSTASK_R67002)', async () => {
    const half = set('task:PercentComplete', 'Task', '<t:PercentComplete>50</t:PercentComplete>');
    const first = idOf(await createOther(sim, task('')));
    await ok(sim, updateBody(first, complete + half));
    expect(state(await get(sim, first))).toEqual(['InProgress', '50', '', 'false']);
    const second = idOf(await createOther(sim, task('')));
    await ok(sim, updateBody(second, half + complete));
    expect(state(await get(sim, second))).toEqual(['Completed', '100', '2025-06-18', 'true']);
  });

  it('is not complete any more when its status goes back (MS-OXWSTASK_R5556, R104)', async () => {
    const id = idOf(await createOther(sim, task('')));
    await ok(sim, updateBody(id, complete));
    await ok(sim, updateBody(id, set('task:Status', 'Task', '<t:Status>WaitingOnOthers</t:Status>')));
    expect(state(await get(sim, id))).toEqual(['WaitingOnOthers', '0', '', 'false']);
  });

  it('refuses a date of completion in the future, and percents that are none (ErrorInvalidCompleteDate; MS-OXWSTASK_R60)', async () => {
    const id = idOf(await createOther(sim, task('')));
    const tomorrow = set(
      'task:CompleteDate',
      'Task',
      '<t:CompleteDate>2025-06-19T00:00:00Z</t:CompleteDate>',
    );
    expect(await codeOf(sim, updateBody(id, tomorrow))).toBe('ErrorInvalidCompleteDate');
    const much = set('task:PercentComplete', 'Task', '<t:PercentComplete>101</t:PercentComplete>');
    expect(await codeOf(sim, updateBody(id, much))).toBe('ErrorInvalidPercentCompleteValue');
    expect(state(await get(sim, id))[0]).toBe('NotStarted');
  });

  it.each(['IsComplete', 'IsRecurring', 'StatusDescription', 'ChangeCount'])(
    'does not let %s be set (MS-OXWSTASK_R5556001, R66001; §10)',
    async (name) => {
      const id = idOf(await createOther(sim, task('')));
      const value = name === 'StatusDescription' ? 'x' : name === 'ChangeCount' ? '7' : 'true';
      expect(
        await codeOf(sim, updateBody(id, set(`task:${name}`, 'Task', `<t:${name}>${value}</t:${name}>`))),
      ).toBe('ErrorInvalidPropertySet');
    },
  );
});

describe('a recurring task that is completed', () => {
  it.each([
    ['DailyRecurrence', pattern('DailyRecurrence', 3), '2025-06-05'],
    [
      'WeeklyRecurrence',
      pattern('WeeklyRecurrence', 1, '<t:DaysOfWeek>Wednesday</t:DaysOfWeek>'),
      '2025-06-11',
    ],
    [
      'AbsoluteMonthlyRecurrence',
      pattern('AbsoluteMonthlyRecurrence', 1, '<t:DayOfMonth>4</t:DayOfMonth>'),
      '2025-07-04',
    ],
  ])(
    'by %s leaves a completed copy and goes on at the next date of the pattern (§10; MS-OXWSTASK_R121–R125)',
    async (_, recurrence, due) => {
      const created = await createOther(sim, task(recurrence + noEnd));
      await ok(sim, updateBody(idOf(created), complete));
      const items = await itemsIn(sim, 'alice', 'tasks');
      expect(items).toHaveLength(2);
      const next = items.find((item) => bareId(item) === bareId(created));
      const copy = items.find((item) => bareId(item) !== bareId(created));
      expect([...state(copy), path(copy, 'IsRecurring'), day(copy, 'DueDate')]).toEqual([
        'Completed',
        '100',
        '2025-06-18',
        'true',
        'false',
        '2025-06-04',
      ]);
      expect([...state(next), path(next, 'IsRecurring'), day(next, 'DueDate')]).toEqual([
        'NotStarted',
        '0',
        '',
        'false',
        'true',
        due,
      ]);
      expect(keyOf(next)).not.toBe(keyOf(created));
      expect(Date.parse(path(next, 'DueDate')) - Date.parse(path(next, 'StartDate'))).toBe(2 * 86_400_000);
    },
  );

  it.each([
    ['DailyRegeneration', 3, '2025-06-21'],
    ['WeeklyRegeneration', 2, '2025-07-02'],
    ['MonthlyRegeneration', 1, '2025-07-18'],
    ['YearlyRegeneration', 1, '2026-06-18'],
  ])(
    'by %s %i regenerates from the day it was done (MS-OXWSTASK_R127, R129, R131, R133)',
    async (name, interval, due) => {
      const id = idOf(await createOther(sim, task(pattern(name, interval) + noEnd)));
      expect(path(await get(sim, id), `Recurrence/${name}/Interval`)).toBe(String(interval));
      await ok(sim, updateBody(id, complete));
      const next = await get(sim, id.replace(/ .*/, ''));
      expect([path(next, 'Status'), day(next, 'DueDate'), path(next, 'IsRecurring')]).toEqual([
        'NotStarted',
        due,
        'true',
      ]);
      expect(await itemsIn(sim, 'alice', 'tasks')).toHaveLength(2);
    },
  );

  it('as often as it says, and then it is done (MS-OXWSTASK_R115; MS-OXWSCDATA_R1354)', async () => {
    const bare = idOf(await createOther(sim, task(pattern('DailyRegeneration', 1) + numbered(2)))).replace(
      / .*/,
      '',
    );
    await ok(sim, updateBody(bare, complete));
    expect(path(await get(sim, bare), 'Recurrence/NumberedRecurrence/NumberOfOccurrences')).toBe('1');
    await ok(sim, updateBody(bare, complete));
    expect(path(await get(sim, bare), 'Status')).toBe('Completed');
    expect(await itemsIn(sim, 'alice', 'tasks')).toHaveLength(2);
  });
});

describe('DeleteItem of a task', () => {
  it('demands AffectedTaskOccurrences (§10)', async () => {
    const id = idOf(await createOther(sim, task('')));
    expect(await codeOf(sim, remove(id, ''))).toBe('ErrorAffectedTaskOccurrencesRequired');
  });

  it('AllOccurrences takes the series, SpecifiedOccurrenceOnly the present one (MS-OXWSTASK_R174, R175)', async () => {
    const id = idOf(await createOther(sim, task(pattern('DailyRecurrence', 1) + noEnd)));
    await ok(sim, remove(id, 'SpecifiedOccurrenceOnly'));
    const next = await get(sim, id.replace(/ .*/, ''));
    expect([day(next, 'DueDate'), path(next, 'Status'), at(next, 'Recurrence') !== undefined]).toEqual([
      '2025-06-05',
      'NotStarted',
      true,
    ]);
    await ok(sim, remove(id.replace(/ .*/, ''), 'AllOccurrences'));
    expect(await itemsIn(sim, 'alice', 'tasks')).toEqual([]);
  });

  it.each([
    ['one that does not recur', ''],
    ['one that regenerates', pattern('DailyRegeneration') + noEnd],
    ['the last occurrence', pattern('DailyRecurrence', 30) + numbered(1)],
  ])('SpecifiedOccurrenceOnly refuses %s (ErrorCannotDeleteTaskOccurrence)', async (_, recurrence) => {
    const id = idOf(await createOther(sim, task(recurrence)));
    expect(await codeOf(sim, remove(id, 'SpecifiedOccurrenceOnly'))).toBe('ErrorCannotDeleteTaskOccurrence');
    expect(await itemsIn(sim, 'alice', 'tasks')).toHaveLength(1);
  });
});
