// The table of tasks: VTODO (RFC 5545 §3.6.2) ⇄ TaskItem. What is finer than a mailbox knows is kept as residue.
import type { TaskItem, TaskStatus } from '../model/item.ts';
import type { RecurrenceRule } from '../model/recurrence.ts';
import type { LocalDate } from '../model/time.ts';
import { taskAlarmRow } from './alarm-rows.ts';
import { attachmentRow } from './attachments.ts';
import { descriptionRow } from './description-row.ts';
import { ruleOf } from './event-rows.ts';
import { renderRule } from './recurrence-rule.ts';
import type { Jcal, ParseContext, Rendered, Row } from './rows.ts';
import {
  categoriesRow,
  firstOf,
  firstText,
  importanceRow,
  rendered,
  renderUid,
  sensitivityRow,
  stampRows,
  textRow,
} from './shared-rows.ts';
import { day, dayOf, taskTimesRow } from './task-times-row.ts';
import { workRow } from './task-work-row.ts';
import { dateOfWhen, whenOf } from './times.ts';

const statusName = {
  'not-started': 'NEEDS-ACTION',
  'in-progress': 'IN-PROCESS',
  completed: 'COMPLETED',
  waiting: 'IN-PROCESS',
  deferred: 'NEEDS-ACTION',
} satisfies Record<TaskStatus, string>;

/** One row, because clients say "done" by any one of the three. */
const progressRow: Row<TaskItem> = {
  claims: ['status', 'percent-complete', 'completed'],
  fields: ['status', 'percent', 'completed'],
  render: ({ status, percent, completed }) =>
    rendered(
      ['status', {}, 'text', statusName[status]],
      percent > 0 ? ['percent-complete', {}, 'integer', percent] : undefined,
      completed === undefined ? undefined : ['completed', {}, 'date-time', `${completed}T00:00:00Z`],
    ),
  parse(parts, context) {
    const given = Number(firstOf(parts, 'percent-complete')?.[3] ?? Number.NaN);
    const percent = Number.isNaN(given) ? undefined : Math.min(Math.max(given, 0), 100);
    const completed = completedOn(parts, context);
    const name = firstText(parts, 'status').toUpperCase();
    const status = statusOf(name, percent, completed);
    if (status === 'completed') return { status, percent: 100, completed };
    // Who says in words that it is open has only forgotten the number.
    const open = percent === 100 ? (status === 'in-progress' ? 99 : 0) : (percent ?? 0);
    return { status: heldStatus(status, name, context), percent: open, completed: undefined };
  },
  // Who says no day of completion leaves it to the mailbox.
  equal: (said, item) =>
    said.status === item.status &&
    said.percent === item.percent &&
    (said.completed === item.completed || (said.status === 'completed' && said.completed === undefined)),
};

/** Never a day that has not come yet anywhere: Exchange refuses to have completed something tomorrow. */
function completedOn(parts: readonly Rendered[], context: ParseContext): LocalDate | undefined {
  const property = firstOf(parts, 'completed');
  if (!property) return undefined;
  const when = whenOf(property, context.zoneOf);
  const [inZone, inUtc] = [dayOf(when, context.defaultZone), dateOfWhen(when, 'UTC')];
  return inZone < inUtc ? inZone : inUtc;
}

function statusOf(name: string, percent: number | undefined, completed: LocalDate | undefined): TaskStatus {
  switch (name) {
    case 'COMPLETED':
      return 'completed';
    case 'IN-PROCESS':
      return 'in-progress';
    case 'CANCELLED':
      return 'deferred';
    case 'NEEDS-ACTION':
      return 'not-started';
    default:
      if (completed !== undefined || percent === 100) return 'completed';
      return percent ? 'in-progress' : 'not-started';
  }
}

/** Exchange has more words for open tasks: what a client says unchanged stays (a task that waits is IN-PROCESS). */
function heldStatus(status: TaskStatus, name: string, { present }: ParseContext): TaskStatus {
  const held = present?.kind === 'task' ? present.status : undefined;
  return held !== undefined && held !== 'completed' && statusName[held] === name ? held : status;
}

/** Exchange's regenerating series: the next instance is counted from the day the last one was done. RFC 5545 has no word for it. */
const regenerates = 'x-exdav-regenerates';

const recurrenceRow: Row<TaskItem> = {
  claims: ['rrule', 'rdate', 'exrule', 'exdate', regenerates],
  fields: ['recurrence'],
  readsStart: true,
  render({ recurrence, start, due }) {
    if (!recurrence) return [];
    const mark = recurrence.regenerates ? 'TRUE' : undefined;
    return rendered(
      renderRule(recurrence, day(start ?? due ?? '1970-01-01')),
      mark === undefined ? undefined : [regenerates, {}, 'unknown', mark],
    );
  },
  parse(parts, context) {
    // Instances that do not take place are no part of the rule (task-instances.ts).
    const isRule = ([name]: Jcal): boolean => name !== regenerates && name !== 'exdate';
    const rules = parts.filter((part) => 'property' in part && isRule(part.property));
    const rule = ruleOf(rules, context.start);
    const mark = firstText(parts, regenerates).trim().toUpperCase();
    const counts = mark === '' ? stillRegenerates(rule, context) : mark === 'TRUE';
    return { recurrence: rule && counts ? { ...rule, regenerates: true } : rule };
  },
};

/** A client that drops what it does not know never turns a regenerating series into a fixed one, as far as both can say its rule. */
function stillRegenerates(rule: RecurrenceRule | undefined, { present, isJudging }: ParseContext): boolean {
  const held = present?.kind === 'task' ? present.recurrence : undefined;
  if (!rule || held?.regenerates !== true || isJudging === true) return false;
  const { freq: _freq, interval: _interval, end, wkst: _wkst, ...days } = rule;
  return Object.keys(days).length === 0 && end.kind !== 'until';
}

const uidRow: Row<TaskItem> = {
  claims: ['uid'],
  fields: [],
  isStamp: true,
  render: renderUid,
  parse: () => ({}),
};

/** Start and due come first: other rows read them. */
export const taskRows: readonly Row<TaskItem>[] = [
  taskTimesRow,
  uidRow,
  ...stampRows,
  textRow('summary', 'summary'),
  descriptionRow,
  progressRow,
  recurrenceRow,
  sensitivityRow,
  importanceRow,
  categoriesRow,
  workRow('estimated-duration', 'totalWork'),
  workRow('x-exdav-actual-work', 'actualWork'),
  attachmentRow,
  taskAlarmRow,
];
