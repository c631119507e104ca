// The instances of a series as plain values: what one is when nothing has changed it, and the names of dates in the
// series' own kind and zone.
import type { EventFields, EventItem, Override } from '../../model/item.ts';
import type { Instant, LocalDate, When, ZoneId } from '../../model/time.ts';
import { addDays, instantOf, instantOfWhen, localOf, whenAt } from '../../model/zones.ts';
import { occurrenceCount, occurrenceIndexOf } from '../occurrences.ts';
import { patternOf, type Pattern } from '../recurrence.ts';
import { isSameList } from './attachment-fields.ts';
import { seriesStartOf } from './event-fields.ts';
import { isEqual } from './row.ts';
import { dayMs } from './times.ts';

export function dateOf(when: When): LocalDate {
  return when.kind === 'date' ? when.date : when.local.slice(0, 10);
}

/** The start that the pattern gives for a date. */
export function originalOn(date: LocalDate, start: When): When {
  return start.kind === 'date'
    ? { kind: 'date', date }
    : { ...start, local: `${date}T${start.local.slice(11)}` };
}

/** Milliseconds between two points of one kind; whole days in days of 24 hours. */
export function durationMs(start: When, end: When): number {
  return instantOfWhen(end) - instantOfWhen(start);
}

/**
 * What an occurrence is if nothing has changed it.
 * Whole days are counted in days, timed ones last as long as the first one.
 */
export function plainOccurrence(master: EventItem, recurrenceId: When): Override {
  const { start, end } = master;
  return {
    ...fieldsOf(master),
    recurrenceId,
    start: recurrenceId,
    end: endAfter(recurrenceId, durationMs(start, end)),
  };
}

function endAfter(start: When, lastsMs: number): When {
  switch (start.kind) {
    case 'date':
      return { kind: 'date', date: addDays(start.date, Math.round(lastsMs / dayMs)) };
    case 'zoned':
      return whenAt(instantOf(start.local, start.zone) + lastsMs, start.zone);
    case 'floating':
      return { ...start, local: localOf(instantOf(start.local, 'UTC') + lastsMs, 'UTC') };
  }
}

/** Only what an occurrence may have of its own. */
export function fieldsOf(item: EventFields): EventFields {
  return {
    summary: item.summary,
    description: item.description,
    formatted: item.formatted,
    location: item.location,
    start: item.start,
    end: item.end,
    busy: item.busy,
    sensitivity: item.sensitivity,
    importance: item.importance,
    categories: item.categories,
    reminderMinutes: item.reminderMinutes,
    attendees: item.attendees,
    attachments: item.attachments,
    cancelled: item.cancelled,
    meetingUrl: item.meetingUrl,
    ownPartStat: item.ownPartStat,
  };
}

/** An override that changes nothing is none: Exchange keeps such occurrences after a change was taken back. */
export function isPlain(override: Override, master: EventItem): boolean {
  const compared = (fields: EventFields) => ({ ...fieldsOf(fields), start: 0, end: 0, attachments: [] });
  return (
    isEqual(compared(override), compared(master)) &&
    isSameList(override.attachments, master.attachments) &&
    isInPlace(override, master)
  );
}

function isInPlace({ recurrenceId, start, end }: Override, master: EventItem): boolean {
  const plain = plainOccurrence(master, recurrenceId);
  return (
    start.kind === plain.start.kind &&
    instantOfWhen(start) === instantOfWhen(plain.start) &&
    instantOfWhen(end) === instantOfWhen(plain.end)
  );
}

/** The date of the instance that was meant by an instant: the server's time zone table may differ from ours. */
export function dateNear(instant: Instant, start: When, zone: ZoneId): LocalDate {
  const local = localOf(instant, zone).slice(0, 10);
  const distance = (date: LocalDate): number =>
    Math.abs(instantOfWhen(originalOn(date, start), zone) - instant);
  return [local, addDays(local, -1), addDays(local, 1)].reduce((best, date) =>
    distance(date) < distance(best) ? date : best,
  );
}

export interface Series {
  readonly pattern: Pattern;
  readonly start: LocalDate;
  /** Undefined: without end. */
  readonly count: number | undefined;
}

/** Undefined for a single event, or for a rule that EWS has not. */
export function seriesOf({ recurrence, start }: Pick<EventItem, 'recurrence' | 'start'>): Series | undefined {
  if (recurrence === undefined) return undefined;
  const pattern = patternOf(recurrence, seriesStartOf(start));
  if (pattern.kind === 'refuse') return undefined;
  const date = dateOf(start);
  return { pattern, start: date, count: occurrenceCount(pattern, date, recurrence.end) };
}

/** 1-based InstanceIndex of the occurrence that was to be on a date; undefined when there is none. */
export function indexInSeries({ pattern, start, count }: Series, date: LocalDate): number | undefined {
  const index = occurrenceIndexOf(pattern, start, date);
  return index === undefined || (count !== undefined && index > count) ? undefined : index;
}
