// Instances of a recurring task that a client says are done or gone: a mailbox knows the present one only, and goes on to the
// next when that is done. See docs/decisions/0011-recurring-tasks.md.
import type { TaskItem } from '../model/item.ts';
import type { LocalDate } from '../model/time.ts';
import { addDays } from '../model/zones.ts';
import { TranslateError } from './errors.ts';
import { expandRule } from './recurrence.ts';
import { day } from './task-times-row.ts';

/** What a text says beside its master. */
export interface Instances {
  /** Days of instances that are done ⇄ the day on which they were. */
  readonly done: ReadonlyMap<LocalDate, LocalDate | undefined>;
  /** Days of instances that do not take place. */
  readonly skipped: ReadonlySet<LocalDate>;
}

/** `task`: what the master says; `present`: what the mailbox holds. @throws TranslateError `unsupported` */
export function withInstances(task: TaskItem, instances: Instances, present: TaskItem | undefined): TaskItem {
  if (task.status === 'completed') return completed(task, present);
  const told = new Set([...instances.done.keys(), ...instances.skipped]);
  if (told.size === 0) return task;
  const now = present?.recurrence && firstDayOf(present);
  const from = task.recurrence && firstDayOf(task);
  if (!present || now === undefined || from === undefined) throw unsupported();
  const pending = daysOf(task, { from: now, to: latest(told) });
  // Only the present one and those right after it.
  if (
    !pending.every((date) => told.has(date)) ||
    [...told].some((date) => date >= now && !pending.includes(date))
  )
    throw unsupported();
  const last = pending.at(-1);
  if (last === undefined) return from < now ? onDay(task, now, present) : task;
  if (!instances.done.has(last)) return onDay(task, nextAfter(task, last), present);
  const { status, percent } = present;
  const on = instances.done.get(last);
  return { ...onDay(task, last, present), status, percent, instanceDone: on === undefined ? {} : { on } };
}

/** Done as a whole: of a series that goes on in the mailbox it is the present instance; anything else does not recur any more. */
function completed(task: TaskItem, present: TaskItem | undefined): TaskItem {
  if (!task.recurrence) return task;
  if (!present?.recurrence) return { ...task, recurrence: undefined };
  const { status, percent } = present;
  const instanceDone = task.completed === undefined ? {} : { on: task.completed };
  return { ...task, status, percent, completed: undefined, instanceDone };
}

function unsupported(): TranslateError {
  const message = 'of a recurring task the present instance can be done or left out, and no other be changed';
  return new TranslateError('unsupported', message, 'RECURRENCE-ID');
}

/** By which clients name instances: the start, where there is one. */
function firstDayOf({ start, due }: TaskItem): LocalDate | undefined {
  return start ?? due;
}

/** Days of instances, both ends included. */
function daysOf(task: TaskItem, { from, to }: { from: LocalDate; to: LocalDate }): readonly LocalDate[] {
  const first = firstDayOf(task);
  if (!task.recurrence || first === undefined || to < from) return [];
  const found = expandRule(task.recurrence, day(first), { from: instantOf(from), to: instantOf(to) });
  return found.map((instant) => new Date(instant).toISOString().slice(0, 10));
}

function instantOf(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function latest(dates: ReadonlySet<LocalDate>): LocalDate {
  return [...dates].reduce((one, other) => (one > other ? one : other));
}

/** The longest interval of a mailbox is 99 months. */
const furthestDays = 9 * 366;

function nextAfter(task: TaskItem, date: LocalDate): LocalDate {
  const [next] = daysOf(task, { from: addDays(date, 1), to: addDays(date, furthestDays) });
  if (next === undefined)
    throw new TranslateError('unsupported', 'no instance of the task is left', 'EXDATE');
  return next;
}

/** The series from another of its instances on; its reminder goes along. */
function onDay(task: TaskItem, date: LocalDate, present: TaskItem): TaskItem {
  const days = daysBetween(firstDayOf(present) ?? date, date);
  const moved = (one: LocalDate | undefined): LocalDate | undefined => one && addDays(one, days);
  const ahead = daysBetween(firstDayOf(task) ?? date, date) * dayMs;
  return {
    ...task,
    start: moved(present.start),
    due: moved(present.due),
    recurrence: ruleFrom(task, date),
    ...(task.reminderAt !== undefined && { reminderAt: task.reminderAt + ahead }),
  };
}

const dayMs = 86_400_000;

function daysBetween(one: LocalDate, other: LocalDate): number {
  return Math.round((instantOf(other) - instantOf(one)) / dayMs);
}

function ruleFrom(task: TaskItem, date: LocalDate): TaskItem['recurrence'] {
  const { recurrence } = task;
  if (recurrence?.end.kind !== 'count') return recurrence;
  const before = daysOf(task, { from: firstDayOf(task) ?? date, to: addDays(date, -1) }).length;
  return { ...recurrence, end: { kind: 'count', count: Math.max(1, recurrence.end.count - before) } };
}
