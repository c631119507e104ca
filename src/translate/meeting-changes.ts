// How a meeting differs from what its attendees know of it: only that is a reason to write to them (RFC 6638 §3.2.1).
import {
  fileIdOf,
  isNewPart,
  type EventFields,
  type EventItem,
  type NewPart,
  type Part,
} from '../model/item.ts';
import type { Instant, When } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { keyOf } from './calendar-user.ts';
import { eventKind } from './kinds.ts';
import { lastInstanceDate } from './recurrence.ts';
import { isDeepEqual } from './rows.ts';
import { keyOfWhen } from './times.ts';

type Files = readonly (Part | NewPart)[];

export interface MeetingChanges {
  /** Texts, place, times, pattern or files of the whole. */
  readonly whole: boolean;
  /** Somebody was added to the whole, or taken off it. */
  readonly people: boolean;
  /** Occurrences that changed otherwise than the whole did. */
  readonly occurrences: readonly OccurrenceChange[];
}

export interface OccurrenceChange {
  readonly recurrenceId: When;
  /** Texts, place or times, or whether it takes place. */
  readonly content: boolean;
  readonly files: boolean;
  /** Somebody was added or taken off here alone. */
  readonly people: boolean;
  /** Somebody attends here who does not attend the series. */
  readonly hasGuests: boolean;
  /** It was cancelled, and takes place again. */
  readonly returns: boolean;
  /** Its end, the later one of before and after. */
  readonly end: Instant;
}

/** Both as the mailbox holds them. */
export function changesOfMeeting(before: EventItem, after: EventItem): MeetingChanges {
  const people = delta(peopleOf(before), peopleOf(after));
  const whole =
    !isSameContent(before, after) ||
    !isSameSeries(before, after) ||
    !hasSameFiles(before.attachments, after.attachments);
  const whens = [before, after].flatMap(({ overrides, cancelledDates }) => [
    ...overrides.map(({ recurrenceId }) => recurrenceId),
    ...cancelledDates,
  ]);
  const byKey = new Map(whens.map((when) => [keyOfWhen(when), when]));
  const states = { was: occurrencesOf(before), is: occurrencesOf(after), people, series: peopleOf(after) };
  return {
    whole,
    people: people.size > 0,
    occurrences: [...byKey.values()].flatMap((recurrenceId) => occurrenceChange(states, recurrenceId)),
  };
}

interface States {
  readonly was: (when: When) => EventFields | undefined;
  readonly is: (when: When) => EventFields | undefined;
  /** What has changed for the whole. */
  readonly people: ReadonlySet<string>;
  readonly series: ReadonlySet<string>;
}

function occurrenceChange({ people, series, ...states }: States, recurrenceId: When): OccurrenceChange[] {
  const [was, is] = [states.was(recurrenceId), states.is(recurrenceId)];
  if (was === undefined && is === undefined) return [];
  const content = was === undefined || is === undefined || !isSameContent(was, is);
  const here = was === undefined || is === undefined ? new Set() : delta(peopleOf(was), peopleOf(is));
  const isOwn = [...here].some((each) => !people.has(String(each)));
  const files = was !== undefined && is !== undefined && !hasSameFiles(was.attachments, is.attachments);
  if (!content && !files && !isOwn) return [];
  const there = new Set([...(was ? peopleOf(was) : []), ...(is ? peopleOf(is) : [])]);
  return [
    {
      recurrenceId,
      content,
      files,
      people: isOwn,
      hasGuests: [...there].some((each) => !series.has(each) && !people.has(`- ${each}`)),
      returns: was === undefined,
      end: Math.max(...[was, is].flatMap((each) => (each ? [latest(each.end)] : []))),
    },
  ];
}

/** Occurrences as they are; undefined: it does not take place. */
export function occurrencesOf(item: EventItem): (when: When) => EventFields | undefined {
  const changed = new Map(item.overrides.map((each) => [keyOfWhen(each.recurrenceId), each]));
  const cancelled = new Set(item.cancelledDates.map(keyOfWhen));
  const rest: EventItem = { ...item, cancelledDates: [] };
  return (when) => {
    const key = keyOfWhen(when);
    return changed.get(key) ?? (cancelled.has(key) ? undefined : eventKind.plainView?.(rest, key));
  };
}

function peopleOf({ attendees }: Pick<EventFields, 'attendees'>): ReadonlySet<string> {
  return new Set(attendees.map(keyOf));
}

/** `+ address` and `- address`. */
function delta(before: ReadonlySet<string>, after: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([
    ...[...after].filter((each) => !before.has(each)).map((each) => `+ ${each}`),
    ...[...before].filter((each) => !after.has(each)).map((each) => `- ${each}`),
  ]);
}

function isSameContent(one: EventFields, other: EventFields): boolean {
  return (
    one.start.kind === other.start.kind &&
    instantOfWhen(one.start) === instantOfWhen(other.start) &&
    instantOfWhen(one.end) === instantOfWhen(other.end) &&
    one.cancelled === other.cancelled &&
    (['summary', 'location', 'description'] as const).every((name) => plain(one[name]) === plain(other[name]))
  );
}

/** A file that is not stored yet is another one. */
function hasSameFiles(one: Files, other: Files): boolean {
  const [keys, otherKeys] = [one, other].map((files) => files.map(keyOfFile).sort());
  return isDeepEqual(keys, otherKeys);
}

function keyOfFile(part: Part | NewPart): string {
  return isNewPart(part) ? `new ${part.name} ${part.base64}` : `stored ${fileIdOf(part)}`;
}

function plain(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trimEnd();
}

/** A series is counted in its zone; a single event is an instant. */
function isSameSeries(one: EventItem, other: EventItem): boolean {
  if (one.recurrence === undefined && other.recurrence === undefined) return true;
  return isDeepEqual([one.recurrence, zoneOf(one.start)], [other.recurrence, zoneOf(other.start)]);
}

function zoneOf(when: When): string {
  return when.kind === 'zoned' ? when.zone : '';
}

/** When the last of it is over; infinite for a series without end. */
export function endOfMeeting(item: EventItem): Instant {
  return Math.max(lastEnd(item), ...item.overrides.map(({ end }) => latest(end)));
}

function lastEnd(item: EventItem): Instant {
  const { recurrence, start, end } = item;
  if (recurrence === undefined) return latest(end);
  if (recurrence.end.kind === 'never') return Number.POSITIVE_INFINITY;
  try {
    const date = lastInstanceDate(recurrence, start);
    const lasts = instantOfWhen(end) - instantOfWhen(start);
    return date === undefined ? latest(end) : latest(onDate(start, date)) + lasts;
  } catch {
    // A pattern that only the mailbox understands may go on.
    return Number.POSITIVE_INFINITY;
  }
}

function onDate(start: When, date: string): When {
  return start.kind === 'date' ? { ...start, date } : { ...start, local: date + start.local.slice(10) };
}

const farWestMs = 12 * 3_600_000;

/** The instant of an end; a day ends last in the far west. */
export function latest(when: When): Instant {
  return instantOfWhen(when) + (when.kind === 'zoned' ? 0 : farWestMs);
}
