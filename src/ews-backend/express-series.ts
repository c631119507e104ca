// A series with its changed and cancelled occurrences as Exchange would hold it, each by the date of its instance.
import type { Expression } from '../model/expression.ts';
import type { EventItem, Override } from '../model/item.ts';
import type { LocalDate, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { checkedPeriod, heldFields, inZone, type Present } from './express-event.ts';
import { isEqual } from './fields/row.ts';
import { dateOf, indexInSeries, isPlain, originalOn, plainOccurrence, type Series } from './fields/series.ts';
import { occurrenceDateAt } from './occurrences.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { knownZoneOf } from './zones.ts';

export interface Within {
  readonly master: EventItem;
  readonly series: Series;
  readonly dayZone: ZoneId;
  /** Overrides that Exchange holds already. */
  readonly known: readonly Override[];
  readonly present: Present;
}

export function heldSeries(item: EventItem, within: Within): Expression {
  const { master, series } = within;
  const overrides = new Map<string, Override>();
  for (const override of item.overrides) {
    const held = heldOverride(override, within);
    if ('kind' in held) return held;
    overrides.set(dateOf(held.recurrenceId), held);
  }
  const cancelled = new Set(item.cancelledDates.flatMap((when) => instanceOf(when, within) ?? []));
  for (const date of overrides.keys()) cancelled.delete(date);
  if (series.count !== undefined && cancelled.size >= series.count)
    return refuse('EXDATE', 'Exchange keeps no series without any instance');
  if (crossingOf({ overrides, cancelled }, within) !== undefined)
    return refuse(
      'RECURRENCE-ID',
      'Exchange moves no occurrence to or past the day of its neighbours, nor into them',
    );
  return { kind: 'ok', held: withOccurrences(master, { overrides, cancelled }) };
}

export interface Occurrences {
  /** By the date of the instance. */
  readonly overrides: ReadonlyMap<LocalDate, Override>;
  readonly cancelled: ReadonlySet<LocalDate>;
}

export function withOccurrences(master: EventItem, { overrides, cancelled }: Occurrences): EventItem {
  return {
    ...master,
    overrides: [...overrides.values()].filter((override) => !isPlain(override, master)).sort(byDate),
    cancelledDates: [...cancelled].sort().map((date) => originalOn(date, master.start)),
  };
}

function byDate(a: Override, b: Override): number {
  return dateOf(a.recurrenceId) < dateOf(b.recurrenceId) ? -1 : 1;
}

function heldOverride(override: Override, within: Within): Override | Refusal {
  const { master } = within;
  const date = instanceOf(override.recurrenceId, within);
  if (date === undefined) return refuse('RECURRENCE-ID', 'the series has no instance then');
  return overrideAt(override, originalOn(date, master.start), within);
}

/** Of the instance that was to start at `recurrenceId`. */
export function overrideAt(
  override: Override,
  recurrenceId: When,
  { master, dayZone, present }: Pick<Within, 'master' | 'dayZone' | 'present'>,
): Override | Refusal {
  const zone = master.start.kind === 'zoned' ? master.start.zone : (knownZoneOf(dayZone)?.zone ?? 'UTC');
  if ((override.start.kind === 'date') !== (override.end.kind === 'date'))
    return refuse('DTEND', 'start and end must both be days or both be times');
  const start = inZone(override.start, zone, zone);
  const period = checkedPeriod({ start, end: inZone(override.end, zone, zone) });
  if ('kind' in period) return period;
  const date = dateOf(recurrenceId);
  const same = present.item?.overrides.find((each) => dateOf(each.recurrenceId) === date);
  const fields = heldFields(override, { master, present, ...(same && { known: same.attendees }) });
  return { ...fields, ...period, recurrenceId };
}

/** The date of the instance that a RECURRENCE-ID, EXDATE or RDATE names, if there is one. */
export function instanceOf(
  when: When,
  { master, series, dayZone }: Pick<Within, 'master' | 'series' | 'dayZone'>,
): LocalDate | undefined {
  const { start } = master;
  const there = inSeries(when, start, dayZone);
  const date = dateOf(there);
  if (indexInSeries(series, date) === undefined) return undefined;
  // A plain day also names the instance of a timed series on it, and the other way round: old Outlook writes so.
  const isSame = there.kind !== start.kind || instantOfWhen(there) === instantOfWhen(originalOn(date, start));
  return isSame ? date : undefined;
}

/** In the zone of the series, where both have one. */
export function inSeries(when: When, start: When, dayZone: ZoneId): When {
  return start.kind === 'zoned'
    ? inZone(when, start.zone, when.kind === 'floating' ? start.zone : dayZone)
    : when;
}

/**
 * The date of an override that Exchange would not take: it moves no occurrence to or past the day of a neighbour, nor into
 * one (ErrorOccurrenceCrossingBoundary).
 */
export function crossingOf(
  { overrides, cancelled }: Occurrences,
  { master, series, known }: Pick<Within, 'master' | 'series' | 'known'>,
): LocalDate | undefined {
  const { pattern, start, count = Infinity } = series;
  const next = (index: number, step: number): Pick<Override, 'start' | 'end'> | undefined => {
    for (let at = index + step; at >= 1 && at <= count; at += step) {
      const date = occurrenceDateAt(pattern, start, at);
      if (cancelled.has(date)) continue;
      return overrides.get(date) ?? plainOccurrence(master, originalOn(date, master.start));
    }
    return undefined;
  };
  for (const [date, override] of overrides) {
    const index = indexInSeries(series, date);
    if (index === undefined || known.some((each) => isEqual(each, override))) continue;
    if (isInPlace(override, master)) continue;
    const [before, after] = [next(index, -1), next(index, 1)];
    if ((before && !isAfter(override, before)) || (after && !isAfter(after, override))) return date;
  }
  return undefined;
}

function isInPlace({ recurrenceId, start, end }: Override, master: EventItem): boolean {
  const plain = plainOccurrence(master, recurrenceId);
  return isEqual([start, end], [plain.start, plain.end]);
}

type Period = Pick<Override, 'start' | 'end'>;

function isAfter(later: Period, earlier: Period): boolean {
  return (
    dateOf(later.start) > dateOf(earlier.start) && instantOfWhen(later.start) >= instantOfWhen(earlier.end)
  );
}
