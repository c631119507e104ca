// Occurrences of a stored series: which there are, when, and how far one may be moved (BEHAVIOUR §7). A series is
// computed on the wall clock of its creation zone; exceptions and deletions are looked up by index.
import {
  datesFrom,
  instanceDate,
  lastIndex,
  toInstant,
  toLocal,
  utcZone,
  type Recurrence,
  type SimZone,
} from './calendar/index.ts';
import { EwsError } from './errors.ts';
import type { Exception, Instant, Item } from './state/index.ts';

export interface Instance {
  readonly index: number;
  readonly originalStart: Instant;
  readonly start: Instant;
  readonly end: Instant;
  readonly exception: Exception | undefined;
}

const dayMs = 86_400_000;

/** How the instances of one series are computed; remembered as long as the item lives. */
interface Course {
  readonly recurrence: Recurrence;
  readonly startZone: SimZone;
  readonly endZone: SimZone;
  /** `T10:00:00`. */
  readonly startTime: string;
  /** Length on the wall clock. */
  readonly lengthMs: number;
  readonly exceptions: ReadonlyMap<number, Exception>;
  readonly deletions: ReadonlySet<number>;
}

const courses = new WeakMap<Item, Course>();

function courseOf(item: Item): Course | undefined {
  const known = courses.get(item);
  if (known !== undefined) return known;
  const { recurrence, start, end, startZone = utcZone } = item.values;
  if (item.kind === 'task' || recurrence === undefined || start === undefined || end === undefined)
    return undefined;
  const endZone = item.values.endZone ?? startZone;
  const localStart = toLocal(start, startZone);
  const course: Course = {
    recurrence,
    startZone,
    endZone,
    startTime: localStart.slice(10),
    lengthMs: wallMs(toLocal(end, endZone)) - wallMs(localStart),
    exceptions: new Map(item.exceptions?.map((exception) => [exception.index, exception])),
    deletions: new Set(item.deletions),
  };
  courses.set(item, course);
  return course;
}

export function isSeries(item: Item): boolean {
  return item.kind === 'event' && item.values.recurrence !== undefined;
}

/** The instance of that index, deleted or not; undefined: there is none. */
export function instanceOf(item: Item, index: number): Instance | undefined {
  const course = courseOf(item);
  const date = course === undefined ? undefined : instanceDate(course.recurrence, index);
  return course === undefined || date === undefined ? undefined : instanceOn(course, { index, date });
}

/** @throws EwsError when there is none, or it is deleted */
export function demandInstance(item: Item, index: number): Instance {
  const instance = instanceOf(item, index);
  if (instance === undefined) throw new EwsError('ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange');
  if (item.deletions?.includes(index) === true)
    throw new EwsError('ErrorCalendarOccurrenceIsDeletedFromRecurrence');
  return instance;
}

/** Instances that touch a span of time (end > from, start < to), moved ones by where they are now; by start. */
export function instancesIn(item: Item, from: Instant, to: Instant): Instance[] {
  const course = courseOf(item);
  if (course === undefined) return [];
  const found: Instance[] = [];
  const first = toLocal(from - Math.max(course.lengthMs, 0) - dayMs, course.startZone).slice(0, 10);
  const last = toLocal(to + dayMs, course.startZone).slice(0, 10);
  for (const date of datesFrom(course.recurrence, first)) {
    if (date.date > last) break;
    if (course.deletions.has(date.index) || course.exceptions.has(date.index)) continue;
    const instance = instanceOn(course, date);
    if (touches(instance, from, to)) found.push(instance);
  }
  for (const index of course.exceptions.keys()) {
    const instance = instanceOf(item, index);
    if (instance !== undefined && touches(instance, from, to)) found.push(instance);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** First and last instance that is not deleted; no last one without end. */
export function boundsOf(item: Item): { readonly first?: Instance; readonly last?: Instance } {
  const course = courseOf(item);
  if (course === undefined) return {};
  const end = lastIndex(course.recurrence);
  const first = nearest(item, course, { from: 1, step: 1 });
  const last = end === undefined ? undefined : nearest(item, course, { from: end, step: -1 });
  return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
}

/** Exceptions in order of their index. */
export function exceptionsOf(item: Item): Instance[] {
  const indexes = (item.exceptions ?? []).map((exception) => exception.index).sort((a, b) => a - b);
  return indexes.flatMap((index) => instanceOf(item, index) ?? []);
}

/** @throws EwsError ErrorOccurrenceCrossingBoundary: on the day of a neighbour, or past it */
export function demandBetweenNeighbours(
  item: Item,
  index: number,
  moved: { start: Instant; end: Instant },
): void {
  const course = courseOf(item);
  if (course === undefined) return;
  const day = (at: Instant): string => toLocal(at, course.startZone).slice(0, 10);
  const before = nearest(item, course, { from: index - 1, step: -1 });
  const after = nearest(item, course, { from: index + 1, step: 1 });
  const crosses =
    (before !== undefined && (day(moved.start) <= day(before.start) || moved.start < before.end)) ||
    (after !== undefined && (day(moved.start) >= day(after.start) || moved.end > after.start));
  if (crosses) throw new EwsError('ErrorOccurrenceCrossingBoundary');
}

/** @throws EwsError ErrorOccurrenceTimeSpanTooBig when instances overlap, ErrorRecurrenceHasNoOccurrence */
export function demandSoundSeries(item: Item): void {
  const course = courseOf(item);
  if (course === undefined) return;
  const checked = 12;
  const dates = datesFrom(course.recurrence);
  let before: Instance | undefined;
  for (let count = 0; count < checked; count += 1) {
    const next = dates.next();
    if (next.done === true) break;
    const instance = instanceOn(course, next.value);
    if (before !== undefined && before.end > instance.start)
      throw new EwsError('ErrorOccurrenceTimeSpanTooBig');
    before = instance;
  }
  if (before === undefined) throw new EwsError('ErrorRecurrenceHasNoOccurrence');
}

/** Midnight of the date of the last instance, in the creator's zone (0x8236); undefined: no end. */
export function clipEndOf(item: Item): Instant | undefined {
  const course = courseOf(item);
  const end = course === undefined ? undefined : lastIndex(course.recurrence);
  const date = course === undefined || end === undefined ? undefined : instanceDate(course.recurrence, end);
  return course === undefined || date === undefined
    ? undefined
    : toInstant(`${date}T00:00:00`, course.startZone);
}

function nearest(item: Item, course: Course, walk: { from: number; step: 1 | -1 }): Instance | undefined {
  for (let index = walk.from; index >= 1; index += walk.step) {
    if (course.deletions.has(index)) continue;
    return instanceOf(item, index);
  }
  return undefined;
}

function instanceOn(course: Course, at: { readonly index: number; readonly date: string }): Instance {
  const local = `${at.date}${course.startTime}`;
  const start = toInstant(local, course.startZone);
  const endLocal = new Date(wallMs(local) + course.lengthMs).toISOString().slice(0, 19);
  const exception = course.exceptions.get(at.index);
  return {
    index: at.index,
    originalStart: start,
    start: exception?.values.start ?? start,
    end: exception?.values.end ?? toInstant(endLocal, course.endZone),
    exception,
  };
}

function touches(instance: Instance, from: Instant, to: Instant): boolean {
  return instance.end > from && instance.start < to;
}

function wallMs(local: string): number {
  return Date.parse(`${local}Z`);
}
