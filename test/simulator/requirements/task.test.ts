// Statements of [MS-OXWSTASK] about tasks; each test is named with the ids it checks.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerLimits, childrenOf, parseXml, textOf, type XmlElement } from '../../../src/xml/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { at, bareId, codeOf, folder, ok, path, start } from '../soap-client.ts';
import {
  codeOfUpdate,
  create,
  createBody,
  deleteBody,
  forms,
  idsIn,
  plain,
  setField,
  show,
  update,
} from './asking.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
});
afterAll(() => sim.close());

const task = (inner: string): Promise<XmlElement> => create(sim, 'Task', inner);
const strings = (...values: string[]): string =>
  values.map((value) => `<t:String>${value}</t:String>`).join('');

it.each([
  ['TASK_R213 TASK_R42', 'ActualWork', '125', '126', forms.int],
  ['TASK_R215 TASK_R44', 'BillingInformation', 'room 7', 'room 8', /room/],
  ['TASK_R227 TASK_R58', 'Mileage', '12 km', '13 km', /km/],
  ['TASK_R222 TASK_R53', 'DueDate', '2025-06-05T00:00:00Z', '2025-06-06T00:00:00Z', forms.dateTime],
  ['TASK_R231 TASK_R63', 'StartDate', '2025-06-02T00:00:00Z', '2025-06-03T00:00:00Z', forms.dateTime],
  ['TASK_R229', 'PercentComplete', '25', '50', forms.double],
  ['TASK_R234 TASK_R67', 'TotalWork', '480', '481', forms.int],
  ['TASK_R232 TASK_R65', 'Status', 'InProgress', 'Deferred', /^[A-Z][A-Za-z]+$/],
])('%s: %s is kept as it was created and as it was changed', async (_, element, first, second, form) => {
  const made = await task(`<t:${element}>${first}</t:${element}>`);
  expect(plain(await show(sim, made, `task:${element}`), element)).toBe(first);
  await update(sim, made, setField(`task:${element}`, 'Task', `<t:${element}>${second}</t:${element}>`));
  const shown = plain(await show(sim, made, `task:${element}`), element);
  expect(shown).toBe(second);
  expect(shown).toMatch(form);
});

it.each([
  ['TASK_R217 TASK_R47', 'Companies'],
  ['TASK_R219 TASK_R49', 'Contacts'],
])('%s: %s is an array of strings', async (_, element) => {
  const made = await task(`<t:${element}>${strings('Ann', 'Ben')}</t:${element}>`);
  const shown = at(await show(sim, made), element)!;
  expect(childrenOf(shown).map((child) => [child.name, textOf(child)])).toEqual([
    ['String', 'Ann'],
    ['String', 'Ben'],
  ]);
});

it.each(
  [
    'TASK_R105:NotStarted',
    'TASK_R104:InProgress',
    'TASK_R102:Completed',
    'TASK_R106:WaitingOnOthers',
    'TASK_R103:Deferred',
  ].map((row) => row.split(':') as [string, string]),
)('%s: Status can be %s, and its description says so', async (_, status) => {
  const shown = await show(sim, await task(`<t:Status>${status}</t:Status>`), 'task:StatusDescription');
  expect(path(shown, 'Status')).toBe(status);
  expect(path(shown, 'IsComplete')).toBe(String(status === 'Completed'));
  expect(path(shown, 'StatusDescription')).not.toBe('');
});

it('TASK_R233: StatusDescription is a text that differs by status', async () => {
  const said = [];
  for (const status of ['NotStarted', 'InProgress', 'Completed', 'WaitingOnOthers', 'Deferred'])
    said.push(plain(await show(sim, await task(`<t:Status>${status}</t:Status>`)), 'StatusDescription'));
  expect(new Set(said).size).toBe(5);
});

it('TASK_R216 TASK_R45: ChangeCount counts the changes since the creation', async () => {
  const made = await task('<t:Subject>a</t:Subject>');
  const count = async (): Promise<number> => {
    const text = plain(await show(sim, made), 'ChangeCount');
    expect(text).toMatch(forms.int);
    return Number(text);
  };
  const first = await count();
  await update(sim, made, setField('item:Subject', 'Task', '<t:Subject>b</t:Subject>'));
  await update(sim, made, setField('item:Subject', 'Task', '<t:Subject>c</t:Subject>'));
  expect(await count()).toBe(first + 2);
});

it('TASK_R218 TASK_R48: CompleteDate is the day on which the task was completed', async () => {
  const shown = await show(sim, await task('<t:CompleteDate>2025-05-01T00:00:00Z</t:CompleteDate>'));
  expect(plain(shown, 'CompleteDate')).toMatch(forms.dateTime);
  expect(plain(shown, 'CompleteDate')).toBe('2025-05-01T00:00:00Z');
});

it('TASK_R224 TASK_R55 TASK_R5555 TASK_R5556: IsComplete is true for completed tasks only', async () => {
  for (const [status, isComplete] of [
    ['Completed', 'true'],
    ['InProgress', 'false'],
  ] as const) {
    const shown = await show(sim, await task(`<t:Status>${status}</t:Status>`));
    expect(plain(shown, 'IsComplete')).toBe(isComplete);
  }
});

const daily = '<t:DailyRecurrence><t:Interval>1</t:Interval></t:DailyRecurrence>';
const numbered =
  '<t:NumberedRecurrence><t:StartDate>2025-06-02</t:StartDate><t:NumberOfOccurrences>5</t:NumberOfOccurrences></t:NumberedRecurrence>';
const recurring = (pattern: string, range = numbered): string =>
  `<t:DueDate>2025-06-02T00:00:00Z</t:DueDate><t:Recurrence>${pattern}${range}</t:Recurrence>`;

it('TASK_R225 TASK_R56 TASK_R5666 TASK_R5667: IsRecurring is true for recurring tasks only', async () => {
  expect(plain(await show(sim, await task(recurring(daily))), 'IsRecurring')).toBe('true');
  expect(plain(await show(sim, await task('')), 'IsRecurring')).toBe('false');
});

it('TASK_R226: IsTeamTask is a boolean', async () => {
  expect(plain(await show(sim, await task(''), 'task:IsTeamTask'), 'IsTeamTask')).toMatch(forms.boolean);
});

it('TASK_R228: Owner names whose task it is', async () => {
  expect(plain(await show(sim, await task(''), 'task:Owner'), 'Owner')).not.toBe('');
});

it('TASK_R60: PercentComplete is 0 to 100, anything else is refused', async () => {
  for (const percent of ['0', '37.5', '100']) {
    const shown = await show(sim, await task(`<t:PercentComplete>${percent}</t:PercentComplete>`));
    expect(path(shown, 'PercentComplete')).toBe(percent);
  }
  for (const percent of ['-1', '101'])
    expect(await codeOf(sim, createBody('Task', `<t:PercentComplete>${percent}</t:PercentComplete>`))).toBe(
      'ErrorInvalidPercentCompleteValue',
    );
});

it.each([
  ['TASK_R45001', 'ChangeCount', '7'],
  ['TASK_R5556001', 'IsComplete', 'true'],
  ['TASK_R5667001', 'IsRecurring', 'true'],
  ['TASK_R226001', 'IsTeamTask', 'true'],
  ['TASK_R66001', 'StatusDescription', 'x'],
  ['TASK_R221001', 'Delegator', 'x'],
  ['TASK_R214001', 'AssignedTime', '2025-06-02T00:00:00Z'],
  ['TASK_R223001', 'IsAssignmentEditable', '1'],
])('%s: %s cannot be written', async (_, element, value) => {
  const xml = `<t:${element}>${value}</t:${element}>`;
  expect(await codeOf(sim, createBody('Task', xml))).toBe('ErrorInvalidPropertySet');
  const made = await task('');
  expect(await codeOfUpdate(sim, made, setField(`task:${element}`, 'Task', xml))).toBe(
    'ErrorInvalidPropertySet',
  );
});

it('TASK_R228001: Owner cannot be changed once the task is there', async () => {
  expect(
    await codeOfUpdate(sim, await task(''), setField('task:Owner', 'Task', '<t:Owner>x</t:Owner>')),
  ).toBe('ErrorInvalidPropertySet');
});

const completion = (shown: XmlElement): string[] => [
  path(shown, 'Status'),
  path(shown, 'PercentComplete'),
  String(path(shown, 'CompleteDate') !== ''),
  path(shown, 'IsComplete'),
];

it('TASK_R67001: each of CompleteDate, PercentComplete 100 and Status Completed completes a task', async () => {
  const ways = [
    ['CompleteDate', '2025-05-01T00:00:00Z'],
    ['PercentComplete', '100'],
    ['Status', 'Completed'],
  ];
  for (const [element, value] of ways) {
    const made = await task('');
    await update(sim, made, setField(`task:${element}`, 'Task', `<t:${element}>${value}</t:${element}>`));
    expect(completion(await show(sim, made))).toEqual(['Completed', '100', 'true', 'true']);
  }
});

it('TASK_R67002 TASK_R67003: of several of them the last one in the request decides', async () => {
  const percent = setField('task:PercentComplete', 'Task', '<t:PercentComplete>100</t:PercentComplete>');
  const date = setField('task:CompleteDate', 'Task', '<t:CompleteDate>2007-01-01T00:00:00Z</t:CompleteDate>');
  const status = setField('task:Status', 'Task', '<t:Status>NotStarted</t:Status>');
  const open = await task('');
  await update(sim, open, percent + date + status);
  expect(completion(await show(sim, open))).toEqual(['NotStarted', '0', 'false', 'false']);
  const done = await task('');
  await update(sim, done, status + percent);
  expect(completion(await show(sim, done))).toEqual(['Completed', '100', 'true', 'true']);
});

const regeneration = (name: string): string => `<t:${name}><t:Interval>3</t:Interval></t:${name}>`;

it.each([
  [
    'TASK_R235 TASK_R115 CDATA_R1640 CDATA_R1260 CDATA_R1641 CDATA_R1262 CDATA_R1642 CDATA_R1264',
    '<t:RelativeYearlyRecurrence><t:DaysOfWeek>Monday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex><t:Month>June</t:Month></t:RelativeYearlyRecurrence>',
  ],
  [
    'TASK_R236 TASK_R117',
    '<t:AbsoluteYearlyRecurrence><t:DayOfMonth>2</t:DayOfMonth><t:Month>June</t:Month></t:AbsoluteYearlyRecurrence>',
  ],
  [
    'TASK_R237 TASK_R119 CDATA_R1638 CDATA_R1256 CDATA_R1639 CDATA_R1257',
    '<t:RelativeMonthlyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex></t:RelativeMonthlyRecurrence>',
  ],
  [
    'TASK_R238 TASK_R121',
    '<t:AbsoluteMonthlyRecurrence><t:Interval>2</t:Interval><t:DayOfMonth>2</t:DayOfMonth></t:AbsoluteMonthlyRecurrence>',
  ],
  [
    'TASK_R240 TASK_R125 CDATA_R1632 CDATA_R1179',
    '<t:DailyRecurrence><t:Interval>4</t:Interval></t:DailyRecurrence>',
  ],
  ['TASK_R241 TASK_R127', regeneration('DailyRegeneration')],
  ['TASK_R242 TASK_R129', regeneration('WeeklyRegeneration')],
  ['TASK_R243 TASK_R131', regeneration('MonthlyRegeneration')],
  ['TASK_R244 TASK_R133', regeneration('YearlyRegeneration')],
])('TASK_R230 %s: the pattern of a task comes back as it was given', async (_, pattern) => {
  const shown = at(await show(sim, await task(recurring(pattern))), 'Recurrence')!;
  expect(flat(childrenOf(shown)[0]!)).toEqual(flat(parsed(pattern)));
});

it('TASK_R239 TASK_R123 CDATA_R1653 CDATA_R1308 CDATA_R4005: a weekly pattern has days and a first day of the week', async () => {
  const shown = await show(
    sim,
    await task(
      recurring(
        '<t:WeeklyRecurrence><t:Interval>2</t:Interval><t:DaysOfWeek>Monday Friday</t:DaysOfWeek><t:FirstDayOfWeek>Sunday</t:FirstDayOfWeek></t:WeeklyRecurrence>',
      ),
    ),
  );
  const weekly = at(shown, 'Recurrence/WeeklyRecurrence');
  expect(['Interval', 'DaysOfWeek', 'FirstDayOfWeek'].map((name) => plain(weekly, name))).toEqual([
    '2',
    'Monday Friday',
    'Sunday',
  ]);
});

it.each([
  ['CDATA_R1660 CDATA_R1352', '<t:NoEndRecurrence><t:StartDate>2025-06-02</t:StartDate></t:NoEndRecurrence>'],
  [
    'CDATA_R1661 CDATA_R1353',
    '<t:EndDateRecurrence><t:StartDate>2025-06-02</t:StartDate><t:EndDate>2025-06-20</t:EndDate></t:EndDateRecurrence>',
  ],
  ['CDATA_R1662 CDATA_R1354', numbered],
])('%s: a range of a task comes back as it was given', async (_, range) => {
  const shown = at(await show(sim, await task(recurring(daily, range))), 'Recurrence')!;
  // Dates of ranges carry an offset in answers.
  expect(flat(childrenOf(shown)[1]!).map((line) => line.replace(/(\d{4}-\d\d-\d\d).*/, '$1'))).toEqual(
    flat(parsed(range)),
  );
});

it.each([
  ['CDATA_R997', '<t:AbsoluteMonthlyRecurrence><t:Interval>1</t:Interval></t:AbsoluteMonthlyRecurrence>'],
  ['CDATA_R1001', '<t:AbsoluteYearlyRecurrence><t:Month>June</t:Month></t:AbsoluteYearlyRecurrence>'],
  ['CDATA_R1003', '<t:AbsoluteYearlyRecurrence><t:DayOfMonth>2</t:DayOfMonth></t:AbsoluteYearlyRecurrence>'],
  [
    'CDATA_R1261',
    '<t:RelativeYearlyRecurrence><t:DayOfWeekIndex>First</t:DayOfWeekIndex><t:Month>June</t:Month></t:RelativeYearlyRecurrence>',
  ],
  [
    'CDATA_R1263',
    '<t:RelativeYearlyRecurrence><t:DaysOfWeek>Monday</t:DaysOfWeek><t:Month>June</t:Month></t:RelativeYearlyRecurrence>',
  ],
  [
    'CDATA_R1265',
    '<t:RelativeYearlyRecurrence><t:DaysOfWeek>Monday</t:DaysOfWeek><t:DayOfWeekIndex>First</t:DayOfWeekIndex></t:RelativeYearlyRecurrence>',
  ],
])('%s: a pattern without a part that it must have is refused', async (_, pattern) => {
  expect(await codeOf(sim, createBody('Task', recurring(pattern)))).toBe('fault ErrorSchemaValidation');
});

it('TASK_R174: DeleteItem with AllOccurrences takes the whole recurring task', async () => {
  const made = await task(recurring(daily));
  await ok(sim, deleteBody(made));
  expect(await idsIn(sim, folder('tasks'))).not.toContain(bareId(made));
});

it('TASK_R175: DeleteItem with SpecifiedOccurrenceOnly takes the present occurrence only', async () => {
  const made = await task(recurring(daily));
  await ok(sim, deleteBody(made, 'HardDelete', 'SpecifiedOccurrenceOnly'));
  expect(path(await show(sim, made), 'DueDate')).toBe('2025-06-03T00:00:00Z');
});

function parsed(xml: string): XmlElement {
  return parseXml(
    xml.replace(/^<t:\w+/, '$& xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"'),
    answerLimits,
  );
}

/** Names and texts, one line each. */
function flat(element: XmlElement): string[] {
  return [element.name, ...childrenOf(element).map((child) => `${child.name} ${textOf(child)}`)];
}
