// Tasks of a seeded mailbox: open, begun, waiting, done, and ones that come again.
import { datesFrom, type Pattern } from '../calendar/index.ts';
import { addItem, type Folder, type Item, type Values } from '../state/index.ts';
import { bodyOf, dateOf, dayMs, type Sowing } from './calendar.ts';
import type { Random } from './random.ts';
import { categories, taskSubjects } from './words-table.ts';

const states = [
  'NotStarted',
  'NotStarted',
  'NotStarted',
  'InProgress',
  'InProgress',
  'Completed',
  'Completed',
  'WaitingOnOthers',
  'Deferred',
] as const;

export function addTask(sowing: Sowing, folder: Folder): Item {
  const { random, today } = sowing;
  const status = random.pick(states);
  const dueDate = today + (random.below(120) - 60) * dayMs;
  return add(sowing, folder, {
    subject: random.pick(taskSubjects),
    ...details(random, dueDate),
    ...(random.chance(80) && {
      dueDate,
      ...(random.chance(50) && { startDate: dueDate - random.below(14) * dayMs }),
    }),
    ...progressOf(sowing, status),
  });
}

const recurring: readonly (readonly [subject: string, pattern: Pattern])[] = [
  ['Empty the letter box', { kind: 'Daily', interval: 2 }],
  ['Time sheet', { kind: 'Weekly', interval: 1, daysOfWeek: ['Friday'], firstDayOfWeek: 'Monday' }],
  ['Pay the rent', { kind: 'AbsoluteMonthly', interval: 1, dayOfMonth: 3 }],
  [
    'Check smoke detectors',
    { kind: 'RelativeMonthly', interval: 6, daysOfWeek: 'Saturday', dayOfWeekIndex: 'First' },
  ],
  ['Tax return', { kind: 'AbsoluteYearly', dayOfMonth: 31, month: 'May' }],
  [
    'Winter tyres',
    { kind: 'RelativeYearly', daysOfWeek: 'Weekday', dayOfWeekIndex: 'Last', month: 'October' },
  ],
  ['Descale the coffee machine', { kind: 'WeeklyRegeneration', interval: 6 }],
  ['Haircut', { kind: 'MonthlyRegeneration', interval: 2 }],
];

export const recurringTasks = recurring.length;

export function addRecurringTask(sowing: Sowing, folder: Folder, number: number): Item {
  const { random, today } = sowing;
  const [subject, pattern] = random.pick(
    recurring.slice(number % recurring.length, (number % recurring.length) + 1),
  );
  const begin = dateOf(today - random.below(20) * dayMs);
  const [first] = datesFrom({ pattern, range: { kind: 'NoEnd', startDate: begin } });
  const startDate = first?.date ?? begin;
  const dueDate = Date.parse(`${startDate}T00:00:00Z`);
  return add(sowing, folder, {
    subject,
    ...details(random, dueDate),
    startDate: dueDate,
    dueDate,
    recurrence: {
      pattern,
      range: random.chance(30) ? { kind: 'Numbered', startDate, count: 24 } : { kind: 'NoEnd', startDate },
    },
    status: 'NotStarted',
    percentComplete: 0,
  });
}

function add(sowing: Sowing, folder: Folder, values: Values): Item {
  const created = sowing.today - (70 + sowing.random.below(200)) * dayMs;
  return addItem(sowing.world, folder, {
    kind: 'task',
    values: { itemClass: 'IPM.Task', ...values },
    created,
  });
}

function details(random: Random, dueDate: number): Values {
  return {
    importance: random.pick(['Normal', 'Normal', 'High', 'Low']),
    sensitivity: random.pick(['Normal', 'Normal', 'Normal', 'Private']),
    reminderIsSet: random.chance(30),
    reminderDueBy: dueDate + 8 * 3_600_000,
    ...(random.chance(40) && { body: bodyOf(random) }),
    ...(random.chance(30) && { categories: [random.pick(categories)] }),
    ...(random.chance(10) && { totalWork: 480, actualWork: 120 }),
  };
}

function progressOf({ random, today }: Sowing, status: (typeof states)[number]): Values {
  if (status === 'Completed')
    return { status, percentComplete: 100, completeDate: today - random.below(60) * dayMs };
  const isBegun = status !== 'NotStarted';
  return { status, percentComplete: isBegun ? random.pick([10, 25, 50, 75]) : 0 };
}
