// Tasks: EWS Task ⇄ TaskItem, a row for each fact (BEHAVIOUR §10).
import { emptyTask, type TaskItem } from '../../model/item.ts';
import type { RecurrenceRule } from '../../model/recurrence.ts';
import type { LocalDate } from '../../model/time.ts';
import { childOf } from '../../xml/index.ts';
import {
  descriptionRow,
  categoriesRow,
  importanceRow,
  sensitivityRow,
  stampRow,
  subjectRow,
} from './item-fields.ts';
import { addDays } from '../../model/zones.ts';
import { occurrenceIndexOf } from '../occurrences.ts';
import { isOffRule, patternOf } from '../recurrence.ts';
import { attachmentsRow } from './attachment-fields.ts';
import { field } from './path.ts';
import { parseRecurrence, rangeStartOf, renderRecurrence } from './recurrence-fields.ts';
import { childText, only, property, type Property, type Row, elementNameOf } from './row.ts';
import { nearestDate, parseInstant, renderInstant } from './times.ts';
import type { XmlElement } from '../../xml/index.ts';

/** Days of tasks are midnights; we write UTC's, others wrote their own zone's: the nearest day is meant. */
function dayRow(uri: string, name: 'start' | 'due'): Row<TaskItem> {
  const element = elementNameOf(uri);
  return {
    fields: [name],
    asks: [field(uri)],
    read: (from) => only<TaskItem>(name, dayIn(from, element)),
    write: (item) => [property(uri, midnightOf(item[name]))],
  };
}

function dayIn(from: XmlElement, name: string): LocalDate | undefined {
  const instant = parseInstant(childText(from, name));
  return instant === undefined ? undefined : nearestDate(instant);
}

function midnightOf(date: LocalDate | undefined): string | undefined {
  return date === undefined ? undefined : `${date}T00:00:00Z`;
}

const statusNames = {
  'not-started': 'NotStarted',
  'in-progress': 'InProgress',
  completed: 'Completed',
  waiting: 'WaitingOnOthers',
  deferred: 'Deferred',
} satisfies Record<TaskItem['status'], string>;

const statuses: readonly TaskItem['status'][] = [
  'not-started',
  'in-progress',
  'completed',
  'waiting',
  'deferred',
];

/** Each of the three sets the others, and the last in the request wins: only what decides is sent (MS-OXWSTASK R67001). */
const progressRow: Row<TaskItem> = {
  fields: ['status', 'percent', 'completed', 'instanceDone'],
  asks: [field('task:Status'), field('task:PercentComplete'), field('task:CompleteDate')],
  read(element) {
    const status = statuses.find((each) => statusNames[each] === childText(element, 'Status'));
    const percent = Math.round(Number(childText(element, 'PercentComplete')) || 0);
    const completed = dayIn(element, 'CompleteDate');
    return consistentProgress({ status: status ?? 'not-started', percent, completed });
  },
  write: writeProgress,
  // A done task without a day has the one that the server gave it.
  change: (before, after) =>
    before.status === 'completed' && after.status === 'completed' && after.completed === undefined
      ? []
      : writeProgress(after),
};

type Progress = Pick<TaskItem, 'status' | 'percent' | 'completed'>;

/** Exchange keeps status, percentage and date of completion consistent by itself (MS-OXWSTASK R67001). */
export function consistentProgress({ status, percent, completed }: Progress): Progress {
  const whole = Math.min(100, Math.max(0, Math.round(percent) || 0));
  if (status === 'completed' || whole === 100 || completed !== undefined)
    return { status: 'completed', percent: 100, completed };
  const started = whole > 0 && status === 'not-started';
  return { status: started ? 'in-progress' : status, percent: whole };
}

function writeProgress({ status, percent, completed, instanceDone }: TaskItem): readonly Property[] {
  // Exchange leaves a completed copy and goes on to the next instance by itself (BEHAVIOUR §10).
  if (instanceDone) return writeProgress({ ...emptyTask, status: 'completed', completed: instanceDone.on });
  const state = property('task:Status', statusNames[status]);
  if (status !== 'completed') return [property('task:PercentComplete', String(percent)), state];
  return completed === undefined ? [state] : [property('task:CompleteDate', midnightOf(completed))];
}

const reminderRow: Row<TaskItem> = {
  fields: ['reminderAt'],
  asks: [field('item:ReminderIsSet'), field('item:ReminderDueBy')],
  read: (element) => ({
    reminderAt:
      childText(element, 'ReminderIsSet') === 'true'
        ? parseInstant(childText(element, 'ReminderDueBy'))
        : undefined,
  }),
  write: writeReminder,
  change: (_before, after) => writeReminder(after),
};

function writeReminder({ reminderAt }: TaskItem): readonly Property[] {
  const isSet = property('item:ReminderIsSet', String(reminderAt !== undefined));
  return reminderAt === undefined
    ? [isSet]
    : [property('item:ReminderDueBy', renderInstant(reminderAt)), isSet];
}

const recurrenceRow: Row<TaskItem> = {
  fields: ['recurrence', 'start', 'due'],
  asks: [field('task:Recurrence'), field('task:IsRecurring')],
  read(element) {
    const recurrence = childOf(element, 'Recurrence');
    // The copy that a completed instance leaves may still tell the pattern of its series; it does not recur.
    if (recurrence === undefined || childText(element, 'Status') === statusNames.completed) return {};
    const rule = parseRecurrence(recurrence);
    // The first that is a date of the rule is the one it counts from, as in `firstDateOf`.
    const days = [dayIn(element, 'StartDate') ?? [], dayIn(element, 'DueDate') ?? []].flat();
    return rule === undefined ? {} : { recurrence: remainingOf(rule, rangeStartOf(recurrence), days) };
  },
  write(item) {
    const date = firstDateOf(item);
    const isSeries = item.recurrence !== undefined && date !== undefined;
    return [property('task:Recurrence', isSeries ? renderRecurrence(item.recurrence, { date }) : undefined)];
  },
};

/** The range goes on counting from the first instance, the task itself from the present one. */
function remainingOf(
  rule: RecurrenceRule,
  first: LocalDate | undefined,
  days: readonly LocalDate[],
): RecurrenceRule {
  // A regenerating one counts down by itself.
  if (rule.end.kind !== 'count' || rule.regenerates === true || first === undefined) return rule;
  const pattern = patternOf(rule, { date: first });
  if (pattern.kind === 'refuse') return rule;
  const [index = 1] = days.flatMap((date) => occurrenceIndexOf(pattern, first, date) ?? []);
  return { ...rule, end: { kind: 'count', count: Math.max(1, rule.end.count - index + 1) } };
}

function minutesRow(uri: string, name: 'totalWork' | 'actualWork'): Row<TaskItem> {
  const element = elementNameOf(uri);
  return {
    fields: [name],
    asks: [field(uri)],
    read: (from) => only<TaskItem>(name, Number(childText(from, element)) || undefined),
    write: (task) => [property(uri, task[name] === undefined ? undefined : String(task[name]))],
  };
}

/** The date from which a recurring task counts: one of its own rule, which the start or the due date need not be. */
export function firstDateOf({ start, due, recurrence }: Dated): LocalDate | undefined {
  const given = [start ?? [], due ?? []].flat();
  const [first] = given;
  if (recurrence === undefined || first === undefined) return first;
  const isOn = (date: LocalDate): boolean => !isOffRule(patternOf(recurrence, { date }));
  return given.find(isOn) ?? yearAfter(first).find(isOn) ?? first;
}

function* yearAfter(date: LocalDate): Generator<LocalDate, void> {
  for (let days = 1; days <= 366; days += 1) yield addDays(date, days);
}

type Dated = Pick<TaskItem, 'start' | 'due' | 'recurrence'>;

export const taskRows: readonly Row<TaskItem>[] = [
  subjectRow,
  sensitivityRow,
  descriptionRow,
  categoriesRow,
  importanceRow,
  reminderRow,
  dayRow('task:DueDate', 'due'),
  dayRow('task:StartDate', 'start'),
  recurrenceRow,
  progressRow,
  minutesRow('task:ActualWork', 'actualWork'),
  minutesRow('task:TotalWork', 'totalWork'),
  attachmentsRow,
  stampRow('created', 'item:DateTimeCreated'),
  stampRow('modified', 'item:LastModifiedTime'),
];
