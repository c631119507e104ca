// DTSTART, DUE and DURATION of a task ⇄ its two days. Mailboxes know days, clients times: the time of day is kept, and goes
// along when the day is moved.
import type { TaskItem } from '../model/item.ts';
import type { LocalDate, When, ZoneId } from '../model/time.ts';
import { instantOf, localOf } from '../model/zones.ts';
import { paramOf, type Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { propertiesOf, type ParseContext, type Rendered, type Row } from './rows.ts';
import { firstOf, rendered } from './shared-rows.ts';
import { afterDuration, dateOfWhen, durationOf, renderWhen, textOfInstant, whenOf } from './times.ts';

const names = { start: 'dtstart', due: 'due' } as const;

/** One row, because the two are to be of one kind (RFC 5545 §3.8.2.3), and a DURATION counts from the start. */
export const taskTimesRow: Row<TaskItem> = {
  claims: ['dtstart', 'due', 'duration'],
  fields: ['start', 'due'],
  render: ({ start, due }) =>
    rendered(
      start === undefined ? undefined : renderWhen('dtstart', day(start)),
      due === undefined ? undefined : renderWhen('due', day(due)),
    ),
  parse(parts, context) {
    const start = firstOf(parts, 'dtstart');
    const first = start && whenOf(start, context.zoneOf);
    const due = firstOf(parts, 'due');
    const last = due && whenOf(due, context.zoneOf);
    // Judged, the context knows the days of the mailbox only.
    const zone = dayZoneOf({ ...context, ...withStart(first ?? last) });
    const end = last ?? endOf(parts, first);
    return { start: first && dayOf(first, zone), due: end && dayOf(end, zone) };
  },
  refresh: (kept, task, context) => onDaysOf(kept, task, shownZoneOf(kept, task, context.zone ?? 'UTC')),
  merge: (kept, shown, { view, zone: readers }) => {
    const zone = shownZoneOf(kept, view, readers);
    const model = propertiesOf(kept).find((line) => isTime(line));
    const moved = onDaysOf(kept, view, zone);
    return propertiesOf(shown).map((line) => {
      const own = firstOf(moved, line[0]);
      return { property: own ?? (model ? likeTime(line, model, zone) : line) };
    });
  },
};

/** The days of a rule are those of the clock that the series is told by; of a single time in UTC the day of the reader counts. */
export function dayZoneOf({ start, recurs, defaultZone }: ParseContext): ZoneId {
  return recurs === true && start?.kind === 'zoned' && start.zone === 'UTC' ? 'UTC' : defaultZone;
}

function shownZoneOf(kept: readonly Rendered[], task: TaskItem, zone: ZoneId): ZoneId {
  const first = firstOf(kept, names.start) ?? firstOf(kept, names.due);
  const isUtc = typeof first?.[3] === 'string' && first[3].endsWith('Z');
  return isUtc && task.recurrence !== undefined ? 'UTC' : zone;
}

export function day(date: LocalDate): When {
  return { kind: 'date', date };
}

function withStart(start: When | undefined): Pick<ParseContext, 'start'> {
  return start ? { start } : {};
}

function endOf(parts: readonly Rendered[], first: When | undefined): When | undefined {
  const duration = firstOf(parts, 'duration');
  if (!duration) return undefined;
  const length = durationOf(duration);
  if (!length || !first) throw new TranslateError('invalid', 'DURATION needs a DTSTART', 'DURATION');
  return afterDuration(first, length);
}

export function dayOf(when: When, zone: ZoneId): LocalDate {
  const isUtc = when.kind === 'zoned' && when.zone === 'UTC';
  // Midnight in UTC is how a mere day is written where only UTC is allowed (COMPLETED).
  if (isUtc && when.local.endsWith('T00:00:00')) return when.local.slice(0, 10);
  // Any other zone is the one in which the client meant the day.
  return dateOfWhen(when, when.kind === 'zoned' && !isUtc ? when.zone : zone);
}

/** The kept lines with the days that the mailbox has now; without such a day as they were. */
function onDaysOf(kept: readonly Rendered[], task: TaskItem, zone: ZoneId): readonly Rendered[] {
  return kept.map((part) => {
    if (!('property' in part)) return part;
    const { property } = part;
    const wanted =
      property[0] === names.start ? task.start : property[0] === names.due ? task.due : undefined;
    return wanted === undefined ? part : { property: onDay(property, wanted, zone) };
  });
}

/** Of a time in UTC the day of the reader counts. */
function onDay(line: Jcal, wanted: LocalDate, zone: ZoneId): Jcal {
  const [name, params, type, value] = line;
  if (typeof value !== 'string') return line;
  if (!isTime(line)) return [name, params, type, wanted];
  if (!value.endsWith('Z') || value.endsWith('T00:00:00Z'))
    return [name, params, type, wanted + value.slice(10)];
  const local = localOf(Date.parse(value), zone);
  return [name, params, type, textOfInstant(instantOf(wanted + local.slice(10), zone))];
}

function isTime(line: Jcal): boolean {
  return typeof line[3] === 'string' && line[3].length > 10;
}

/** A day that came from elsewhere, as a time like the one that the client wrote beside it: its first or last minute. */
function likeTime(line: Jcal, model: Jcal, zone: ZoneId): Jcal {
  const [name, , , date] = line;
  const local = `${String(date)}T${name === names.start ? '00:00:00' : '23:59:00'}`;
  const tzid = paramOf(model, 'tzid');
  if (tzid !== undefined) return [name, { tzid }, 'date-time', local];
  const isUtc = String(model[3]).endsWith('Z');
  return [name, {}, 'date-time', isUtc ? textOfInstant(instantOf(local, zone)) : local];
}
