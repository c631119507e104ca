// What the server makes of a calendar item that was written: defaults, rounding, checks (BEHAVIOUR §7, §8).
import { datesFrom, toInstant, toLocal, utcZone, type Recurrence, type SimZone } from './calendar/index.ts';
import { EwsError } from './errors.ts';
import type { WriteContext } from './fields/row.ts';
import { demandSoundSeries } from './series.ts';
import type { Draft, Instant, Item, Values } from './state/index.ts';

const dayMs = 86_400_000;
const halfHourMs = 1_800_000;
const longestMs = 5 * 366 * dayMs;

/** A new event: zones, times, and the reminder that is on unless it was switched off. @throws EwsError */
export function completeNewEvent(draft: Draft, context: WriteContext): void {
  draft.startZone ??= context.startZone;
  draft.endZone ??= context.endZone;
  draft.start ??= Math.ceil(context.now / halfHourMs) * halfHourMs;
  draft.end ??= draft.start + halfHourMs;
  draft.reminderIsSet ??= true;
  draft.reminderMinutes ??= 15;
  draft.busy ??= 'Busy';
  settleTimes(draft);
}

/** Fields that make a series begin anew. */
const seriesFields = [
  'calendar:Start',
  'calendar:End',
  'calendar:StartTimeZone',
  'calendar:EndTimeZone',
  'calendar:IsAllDayEvent',
] as const;

/**
 * A changed event. True when its exceptions and deletions are dropped: the pattern is evaluated anew when Recurrence is
 * set, or start, end or zone differ. @throws EwsError
 */
export function completeChangedEvent(draft: Draft, before: Values, touched: ReadonlySet<string>): boolean {
  if (!seriesFields.some((uri) => touched.has(uri)) && !touched.has('calendar:Recurrence')) return false;
  const { recurrence } = draft;
  const zoneMoved = draft.startZone?.id !== before.startZone?.id || draft.endZone?.id !== before.endZone?.id;
  const isReplaced = touched.has('calendar:Recurrence');
  if (recurrence !== undefined && !isReplaced && (zoneMoved || draft.start !== before.start))
    draft.recurrence = movedTo(recurrence, draft);
  settleTimes(draft);
  return isReplaced || zoneMoved || draft.start !== before.start || draft.end !== before.end;
}

/** The times of one occurrence after an edit. @throws EwsError */
export function settleOccurrence(draft: Draft): void {
  roundAllDay(draft);
  demandLength(draft);
}

function settleTimes(draft: Draft): void {
  roundAllDay(draft);
  demandLength(draft);
  if (draft.recurrence !== undefined) alignSeries(draft);
}

/** Start down and End up to midnight of the creation zone; End is exclusive. */
function roundAllDay(draft: Draft): void {
  const { start, end, startZone = utcZone } = draft;
  if (draft.isAllDay !== true || start === undefined || end === undefined) return;
  const endZone = draft.endZone ?? startZone;
  const first = toLocal(start, startZone).slice(0, 10);
  const local = toLocal(end, endZone);
  const until = local.endsWith('T00:00:00') ? local.slice(0, 10) : plusDays(local.slice(0, 10), 1);
  draft.start = midnight(first, startZone);
  draft.end = midnight(until > first ? until : plusDays(first, 1), endZone);
}

function demandLength(draft: Draft): void {
  const { start, end } = draft;
  if (start === undefined || end === undefined) return;
  if (end < start) throw new EwsError('ErrorCalendarEndDateIsEarlierThanStartDate');
  if (end - start > longestMs) throw new EwsError('ErrorCalendarDurationIsTooLong');
}

/** The range begins on the first date of the pattern, and so does the item itself. */
function alignSeries(draft: Draft): void {
  const { recurrence, start, end, startZone = utcZone } = draft;
  if (recurrence === undefined || start === undefined || end === undefined) return;
  const first = datesFrom(recurrence).next();
  if (first.done === true) throw new EwsError('ErrorRecurrenceHasNoOccurrence');
  const { date } = first.value;
  const local = toLocal(start, startZone);
  const moved = toInstant(`${date}${local.slice(10)}`, startZone);
  const endZone = draft.endZone ?? startZone;
  const length = wallMs(toLocal(end, endZone)) - wallMs(local);
  draft.end = toInstant(
    new Date(wallMs(`${date}${local.slice(10)}`) + length).toISOString().slice(0, 19),
    endZone,
  );
  draft.start = moved;
  draft.recurrence = { ...recurrence, range: { ...recurrence.range, startDate: date } };
  demandSoundSeries(probe(draft));
}

function movedTo(recurrence: Recurrence, draft: Draft): Recurrence {
  const startDate = toLocal(draft.start ?? 0, draft.startZone ?? utcZone).slice(0, 10);
  return { ...recurrence, range: { ...recurrence.range, startDate } };
}

/** An item of these values that is in no folder, to compute with. */
function probe(values: Values): Item {
  return {
    no: 0,
    kind: 'event',
    values,
    searchKeyNo: 0,
    created: 0,
    modified: 0,
    modifiedBy: '',
    revision: 0,
    contentRevision: 0,
    arrived: 0,
  };
}

function midnight(date: string, zone: SimZone): Instant {
  return toInstant(`${date}T00:00:00`, zone);
}

function plusDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

function wallMs(local: string): number {
  return Date.parse(`${local}Z`);
}
