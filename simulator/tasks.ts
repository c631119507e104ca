// Completion of tasks ([MS-OXWSTASK] R67001–R67003; BEHAVIOUR §10): each of three properties sets the others, the last
// one in document order wins; a recurring task that is completed leaves a completed copy and moves on.
import { datesFrom, regeneratedDate, type Regeneration } from './calendar/index.ts';
import type { Draft, Instant, Values } from './state/index.ts';

const dayMs = 86_400_000;

export const completeBy = {
  status(draft: Draft, status: string, now: Instant): void {
    draft.status = status;
    if (status === 'Completed') {
      draft.percentComplete = 100;
      draft.completeDate ??= Math.floor(now / dayMs) * dayMs;
      return;
    }
    delete draft.completeDate;
    if (status === 'NotStarted' || draft.percentComplete === 100) draft.percentComplete = 0;
  },
  percentComplete(draft: Draft, percent: number, now: Instant): void {
    if (percent === 100) {
      completeBy.status(draft, 'Completed', now);
      return;
    }
    delete draft.completeDate;
    draft.percentComplete = percent;
    if (
      draft.status === 'Completed' ||
      draft.status === undefined ||
      (percent > 0 && draft.status === 'NotStarted')
    )
      draft.status = percent > 0 ? 'InProgress' : 'NotStarted';
  },
  completeDate(draft: Draft, date: Instant, now: Instant): void {
    completeBy.status(draft, 'Completed', now);
    draft.completeDate = date;
  },
};

/** What becomes of a recurring task that was completed: the copy that stays done, and the task that goes on. */
export function advance(
  values: Values,
): { readonly done: Values; readonly next: Values | undefined } | undefined {
  const { recurrence, completeDate } = values;
  if (recurrence === undefined || values.status !== 'Completed' || completeDate === undefined)
    return undefined;
  const { recurrence: _, ...done } = values;
  return { done, next: following(values, completeDate) };
}

/** A recurring task without its present occurrence (AffectedTaskOccurrences SpecifiedOccurrenceOnly); undefined: none is left. */
export function skip(values: Values): Values | undefined {
  const now = values.dueDate ?? values.startDate ?? 0;
  const { recurrence } = values;
  // What regenerates has no occurrence until it is done.
  if (recurrence === undefined || isRegeneration(recurrence.pattern)) return undefined;
  return following(values, now);
}

function following(values: Values, after: Instant): Values | undefined {
  const { recurrence } = values;
  if (recurrence === undefined) return undefined;
  const current = values.dueDate ?? values.startDate ?? Date.parse(`${recurrence.range.startDate}T00:00:00Z`);
  const date = nextDate(recurrence, current, after);
  if (date === undefined) return undefined;
  const shift = Date.parse(`${date}T00:00:00Z`) - current;
  const { completeDate: __, ...rest } = values;
  const next: Draft = {
    ...rest,
    status: 'NotStarted',
    percentComplete: 0,
    recurrence: remaining(recurrence),
  };
  if (values.dueDate !== undefined) next.dueDate = values.dueDate + shift;
  if (values.startDate !== undefined) next.startDate = values.startDate + shift;
  if (values.reminderDueBy !== undefined) next.reminderDueBy = values.reminderDueBy + shift;
  if (values.dueDate === undefined && values.startDate === undefined) next.dueDate = current + shift;
  return next;
}

type Recurrence = NonNullable<Values['recurrence']>;

function nextDate(recurrence: Recurrence, current: Instant, completed: Instant): string | undefined {
  const { pattern, range } = recurrence;
  if (isRegeneration(pattern)) {
    const date = regeneratedDate(pattern, new Date(completed).toISOString().slice(0, 10));
    if (range.kind === 'Numbered' && range.count <= 1) return undefined;
    return range.kind === 'EndDate' && date > range.endDate ? undefined : date;
  }
  const after = new Date(current + dayMs).toISOString().slice(0, 10);
  const found = datesFrom(recurrence, after).next();
  return found.done === true ? undefined : found.value.date;
}

function isRegeneration(
  pattern: Recurrence['pattern'],
): pattern is Extract<Recurrence['pattern'], { kind: Regeneration }> {
  return pattern.kind.endsWith('Regeneration');
}

/** A numbered regeneration counts down; other patterns keep their original range. */
function remaining(recurrence: Recurrence): Recurrence {
  return isRegeneration(recurrence.pattern) && recurrence.range.kind === 'Numbered'
    ? { ...recurrence, range: { ...recurrence.range, count: recurrence.range.count - 1 } }
    : recurrence;
}
