// Properties of tasks ([MS-OXWSTASK] 2.2.4.6 t:TaskType), in the order of types.xsd. Dates are days: the time of day is
// dropped (BEHAVIOUR §10).
import { textOf } from '../../src/xml/index.ts';
import { parseRecurrence, renderRecurrence, utcZone } from '../calendar/index.ts';
import { EwsError } from '../errors.ts';
import { completeBy } from '../tasks.ts';
import { choice, number, scalar, strings, text, time, whole, type Row } from './row.ts';
import { parseTime } from './times.ts';

export const taskRows: readonly Row[] = [
  number({ uri: 'task:ActualWork', can: 'SUDF', shape: 'a' }, 'actualWork'),
  text({ uri: 'task:BillingInformation', can: 'SUDF', shape: 'a' }, 'billingInformation'),
  scalar({ uri: 'task:ChangeCount', can: 'F', shape: 'a' }, (view) => view.values.changeCount ?? 1),
  strings({ uri: 'task:Companies', can: 'SUDF', shape: 'a' }, 'companies'),
  {
    ...time({ uri: 'task:CompleteDate', can: 'SUDF', shape: 'a' }, (view) => view.values.completeDate),
    set(draft, given, context) {
      const date = parseTime(textOf(given), context.startZone);
      if (date > context.now) throw new EwsError('ErrorInvalidCompleteDate');
      completeBy.completeDate(draft, dayOf(date), context.now);
    },
    clear(draft) {
      delete draft.completeDate;
    },
  },
  strings({ uri: 'task:Contacts', can: 'SUDF', shape: 'a' }, 'contacts'),
  scalar({ uri: 'task:DelegationState', can: 'F', shape: 'a' }, () => 'NoMatch'),
  dateRow('DueDate', 'dueDate'),
  scalar({ uri: 'task:IsComplete', can: 'F', shape: 'a' }, (view) => view.values.status === 'Completed'),
  scalar({ uri: 'task:IsRecurring', can: 'F', shape: 'a' }, (view) => view.values.recurrence !== undefined),
  scalar({ uri: 'task:IsTeamTask', can: 'F', shape: '' }, () => false),
  text({ uri: 'task:Mileage', can: 'SUDF' }, 'mileage'),
  scalar({ uri: 'task:Owner', can: 'F', shape: 'a' }, (view) => view.values.owner ?? view.mailbox.name),
  {
    ...number({ uri: 'task:PercentComplete', can: 'SUF', shape: 'da' }, 'percentComplete', 0),
    set(draft, given, context) {
      const percent = Number(textOf(given));
      if (!(percent >= 0 && percent <= 100)) throw new EwsError('ErrorInvalidPercentCompleteValue');
      completeBy.percentComplete(draft, percent, context.now);
    },
  },
  whole(
    { uri: 'task:Recurrence', can: 'SUD', shape: 'a', getOnly: true },
    {
      render: (view) =>
        view.values.recurrence === undefined ? '' : renderRecurrence(view.values.recurrence, utcZone).xml,
      set(draft, given) {
        draft.recurrence = parseRecurrence(given);
      },
      clear(draft) {
        delete draft.recurrence;
      },
    },
  ),
  dateRow('StartDate', 'startDate'),
  {
    ...choice({ uri: 'task:Status', can: 'SUF', shape: 'da' }, 'status', 'NotStarted'),
    set(draft, given, context) {
      completeBy.status(draft, textOf(given), context.now);
    },
  },
  scalar(
    { uri: 'task:StatusDescription', can: 'F', shape: 'a' },
    (view) => statusDescriptions[view.values.status ?? 'NotStarted'],
  ),
  number({ uri: 'task:TotalWork', can: 'SUDF', shape: 'a' }, 'totalWork'),
];

const statusDescriptions: Readonly<Record<string, string>> = {
  NotStarted: 'Not Started',
  InProgress: 'In Progress',
  Completed: 'Completed',
  WaitingOnOthers: 'Waiting on someone else',
  Deferred: 'Deferred',
};

function dateRow(element: string, key: 'dueDate' | 'startDate'): Row {
  return {
    ...time({ uri: `task:${element}`, can: 'SUDF', shape: 'da' }, (view) => view.values[key]),
    set(draft, given, context) {
      draft[key] = dayOf(parseTime(textOf(given), context.startZone));
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

const dayMs = 86_400_000;

/** Midnight of the day, in the mailbox's zone, which is UTC here. */
function dayOf(instant: number): number {
  return Math.floor(instant / dayMs) * dayMs;
}
