// How Exchange would hold an event, recurring or not: as one item where it can, else as several that are one object.
import type { Expression } from '../model/expression.ts';
import type { EventItem } from '../model/item.ts';
import type { ZoneId } from '../model/time.ts';
import { shortestGapMs } from './bounded-strands.ts';
import { heldPeriod, heldSingle, presentOf, type Present } from './express-event.ts';
import { heldSeries, inSeries, instanceOf } from './express-series.ts';
import { expressSplit } from './express-split.ts';
import { seriesStartOf } from './fields/event-fields.ts';
import { isEqual } from './fields/row.ts';
import { dateOf, durationMs, originalOn, plainOccurrence, seriesOf } from './fields/series.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { patternOf } from './recurrence.ts';
import { ruleOf } from './recurrence-rule.ts';

export function expressEvent(given: EventItem, dayZone: ZoneId, present?: EventItem): Expression {
  const item = repeatsInstances(given, dayZone) ? { ...given, extraDates: undefined } : given;
  const kept = present !== undefined && isSameSeries(item, present) ? present : undefined;
  const period = kept ? { start: kept.start, end: kept.end } : heldPeriod(item, dayZone);
  if ('kind' in period) return period;
  const single = heldSingle(item, period, presentOf(present));
  if (item.recurrence === undefined && item.extraDates === undefined) return { kind: 'ok', held: single };
  const within = { single, dayZone, kept, present: presentOf(present) };
  const whole = item.extraDates === undefined ? expressSeries(item, within) : noFurtherDates;
  if (whole.kind !== 'refuse') return whole;
  return expressSplit(item, { ...within, refusal: whole });
}

/** Further dates that are all instances of the rule add nothing to it (RFC 5545 §3.8.5.2: duplicates count once). */
function repeatsInstances(item: EventItem, dayZone: ZoneId): boolean {
  const { start, recurrence, extraDates } = item;
  const series = seriesOf({ recurrence, start });
  if (series === undefined || extraDates === undefined) return false;
  return extraDates.every((extra) => {
    const date = instanceOf(extra.start, { master: item, series, dayZone });
    if (date === undefined || extra.end === undefined) return date !== undefined;
    const plain = plainOccurrence(item, originalOn(date, start));
    return isEqual(inSeries(extra.end, start, dayZone), plain.end);
  });
}

const noFurtherDates: Refusal = refuse('RDATE', 'a series in Exchange has no dates beside its pattern');

interface Given {
  readonly single: EventItem;
  readonly dayZone: ZoneId;
  /** What Exchange holds, where times and pattern are the same. */
  readonly kept: EventItem | undefined;
  readonly present: Present;
}

/** By one pattern. */
function expressSeries(item: EventItem, { single, dayZone, kept, present }: Given): Expression {
  if (item.recurrence === undefined) return { kind: 'ok', held: single };
  const pattern = patternOf(item.recurrence, seriesStartOf(single.start));
  if (pattern.kind === 'refuse') {
    if (kept === undefined || !isEqual(occurrencesOf(item), occurrencesOf(kept))) return pattern;
    return { kind: 'ok', held: { ...single, recurrence: kept.recurrence, ...occurrencesOf(kept) } };
  }
  const first = dateOf(single.start);
  const master = { ...single, recurrence: ruleOf(pattern, first, item.recurrence.end) };
  const series = seriesOf(master);
  if (series === undefined) return { kind: 'ok', held: master };
  if (
    kept === undefined &&
    durationMs(master.start, master.end) > shortestGapMs({ pattern, first }, series.count)
  )
    return refuse('DTEND', 'the instances of a series must not overlap in Exchange');
  return heldSeries(item, { master, series, dayZone, known: kept?.overrides ?? [], present });
}

function occurrencesOf({
  overrides,
  cancelledDates,
}: EventItem): Pick<EventItem, 'overrides' | 'cancelledDates'> {
  return { overrides, cancelledDates };
}

/** What Exchange holds it can hold, also where it is more lenient than our rules. */
function isSameSeries(a: EventItem, b: EventItem): boolean {
  return isEqual([a.start, a.end, a.recurrence, a.extraDates], [b.start, b.end, b.recurrence, b.extraDates]);
}
