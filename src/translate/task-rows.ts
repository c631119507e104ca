// The table of tasks: VTODO (RFC 5545 §3.6.2) ⇄ TaskItem. Mailboxes know days, clients times: what is finer is kept as residue.
import type { TaskItem, TaskStatus } from '../model/item.ts';
import type { LocalDate, When } from '../model/time.ts';
import { mergeAlarms, momentOf, renderAlarm } from './alarms.ts';
import { attachmentRow } from './attachments.ts';
import { TranslateError } from './errors.ts';
import { ruleOf } from './event-rows.ts';
import { renderRule } from './recurrence-rule.ts';
import { componentsOf, isDeepEqual, type ParseContext, type Rendered, type Row } from './rows.ts';
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
import { afterDuration, dateOfWhen, durationOf, renderWhen, textOfInstant, whenOf } from './times.ts';

function day(date: LocalDate): When {
  return { kind: 'date', date };
}

const startRow: Row<TaskItem> = {
  claims: ['dtstart'],
  fields: ['start'],
  render: ({ start }) => rendered(start === undefined ? undefined : renderWhen('dtstart', day(start))),
  parse: (parts, context) => ({ start: dateOf(parts, 'dtstart', context) }),
};

const dueRow: Row<TaskItem> = {
  claims: ['due', 'duration'],
  fields: ['due'],
  readsStart: true,
  render: ({ due }) => rendered(due === undefined ? undefined : renderWhen('due', day(due))),
  parse(parts, context) {
    const duration = firstOf(parts, 'duration');
    if (firstOf(parts, 'due') || !duration) return { due: dateOf(parts, 'due', context) };
    const length = durationOf(duration);
    if (!length || !context.start || hasLostStart(context))
      throw new TranslateError('invalid', 'DURATION needs a DTSTART', 'DURATION');
    return { due: dateOfWhen(afterDuration(context.start, length), context.defaultZone) };
  },
};

/** What was kept with a DTSTART says nothing without it. */
function hasLostStart({ isJudging, present }: ParseContext): boolean {
  return isJudging === true && present?.kind === 'task' && present.start === undefined;
}

function dateOf(parts: readonly Rendered[], name: string, context: ParseContext): LocalDate | undefined {
  const property = firstOf(parts, name);
  if (!property) return undefined;
  const when = whenOf(property, context.zoneOf);
  const isUtc = when.kind === 'zoned' && when.zone === 'UTC';
  // Midnight in UTC is how a mere day is written where only UTC is allowed (COMPLETED).
  if (isUtc && when.local.endsWith('T00:00:00')) return when.local.slice(0, 10);
  // Any other zone is the one in which the client meant the day.
  return dateOfWhen(when, when.kind === 'zoned' && !isUtc ? when.zone : context.defaultZone);
}

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
    const completed = dateOf(parts, 'completed', context);
    const status = statusOf(firstText(parts, 'status').toUpperCase(), percent, completed);
    if (status === 'completed') return { status, percent: 100, completed };
    return { status, percent: percent ?? 0, completed: undefined };
  },
  // Who says no day of completion leaves it to the mailbox.
  equal: (said, item) =>
    said.status === item.status &&
    said.percent === item.percent &&
    (said.completed === item.completed || (said.status === 'completed' && said.completed === undefined)),
};

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

const recurrenceRow: Row<TaskItem> = {
  claims: ['rrule', 'rdate', 'exrule', 'exdate'],
  fields: ['recurrence'],
  readsStart: true,
  render({ recurrence, start, due }) {
    const first = start ?? due;
    return rendered(recurrence && renderRule(recurrence, day(first ?? '1970-01-01')));
  },
  parse(parts, context) {
    const recurrence = ruleOf(parts, context.start);
    const held = context.present?.kind === 'task' ? context.present.recurrence : undefined;
    // iCalendar has no word for counting from completion: what it says unchanged stays so.
    const isSame = held?.regenerates && isDeepEqual({ ...held, regenerates: undefined }, recurrence);
    return { recurrence: isSame ? held : recurrence };
  },
};

const alarmRow: Row<TaskItem> = {
  claims: ['valarm'],
  fields: ['reminderAt'],
  readsStart: true,
  render: ({ reminderAt }) =>
    reminderAt === undefined ? [] : renderAlarm(['trigger', {}, 'date-time', textOfInstant(reminderAt)]),
  parse(parts, context) {
    const times = {
      ...(context.start && { start: context.start }),
      ...(context.end && { end: context.end }),
    };
    const moments = componentsOf(parts).map((alarm) =>
      momentOf(alarm, { ...times, zone: context.defaultZone }),
    );
    return { reminderAt: moments.find((moment) => moment !== undefined) };
  },
  merge: (kept, shown) =>
    mergeAlarms(kept, shown, (alarm) => {
      // Which one was the reminder: the first that shows at all, as `parse` takes it.
      const anyTime = day('2000-01-01');
      return momentOf(alarm, { start: anyTime, end: anyTime, zone: 'UTC' }) !== undefined;
    }),
};

const uidRow: Row<TaskItem> = {
  claims: ['uid'],
  fields: [],
  isStamp: true,
  render: renderUid,
  parse: () => ({}),
};

/** Start and due come first: other rows read them. */
export const taskRows: readonly Row<TaskItem>[] = [
  startRow,
  dueRow,
  uidRow,
  ...stampRows,
  textRow('summary', 'summary'),
  textRow('description', 'description'),
  progressRow,
  recurrenceRow,
  sensitivityRow,
  importanceRow,
  categoriesRow,
  attachmentRow,
  alarmRow,
];
