// Which series and single instances an event's rule and further dates are, before anything is changed or cancelled.
import type { EventItem } from '../model/item.ts';
import type { RecurrenceRule } from '../model/recurrence.ts';
import type { LocalDate, When, ZoneId } from '../model/time.ts';
import { boundedStrands, hasDate, withoutOverlap, type BoundedStrand } from './bounded-strands.ts';
import { maxParts } from './express-split.ts';
import { inSeries } from './express-series.ts';
import { seriesStartOf } from './fields/event-fields.ts';
import { dateOf, durationMs, originalOn, plainOccurrence } from './fields/series.ts';
import { isEqual } from './fields/row.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { instancesOfRule } from './rule-instances.ts';
import { strandsOf, type Strand } from './strands.ts';

/** An instance by the wall clock of its series: `YYYY-MM-DD`, with `THH:MM:SS` where it has a time. */
export type Wall = string;

export interface Skeleton {
  readonly strands: readonly BoundedStrand[];
  /** With an end of their own, or as long as the others. */
  readonly singles: ReadonlyMap<Wall, When | undefined>;
}

export function skeletonOf(
  item: EventItem,
  given: { readonly single: EventItem; readonly dayZone: ZoneId; readonly refusal: Refusal },
): Skeleton | Refusal {
  const { single, dayZone } = given;
  const ruled = item.recurrence === undefined ? once(single) : ruledSkeleton(item, item.recurrence, given);
  if ('reason' in ruled) return ruled;
  const singles = new Map(ruled.singles);
  for (const { start, end } of item.extraDates ?? []) {
    const instance = atTimeOf(inSeries(start, single.start, dayZone), single.start);
    const wall = wallOf(instance);
    const own = end === undefined ? undefined : inSeries(end, single.start, dayZone);
    const isOwn = own !== undefined && !isEqual(own, plainOccurrence(single, instance).end);
    const isKnown = singles.has(wall) || ruled.strands.some((strand) => hasWall(strand, wall));
    // One that the rule has, too, but that lasts otherwise, would be cancelled there: nobody writes that.
    if (isKnown && isOwn)
      return refuse('RDATE', 'a period that starts with an instance of the rule has another end');
    if (!isKnown) singles.set(wall, isOwn ? own : undefined);
  }
  return ruled.strands.length + singles.size === 0 ? given.refusal : { strands: ruled.strands, singles };
}

function once(single: EventItem): Skeleton {
  return { strands: [], singles: new Map([[wallOf(single.start), undefined]]) };
}

/** Of more of them at most `maxParts` have an instance at all, or there are too many anyway. */
const maxStrands = 1000;

function ruledSkeleton(
  item: EventItem,
  rule: RecurrenceRule,
  { single, refusal }: { readonly single: EventItem; readonly refusal: Refusal },
): Skeleton | Refusal {
  const start = seriesStartOf(single.start);
  const first = wallOf(single.start);
  const strands = strandsOf(rule, start);
  if (strands === undefined || strands.length > maxStrands) return singlesOf(item, rule, { single, refusal });
  // RFC 5545 §3.3.10: DTSTART always counts as the first instance, also where the rule has none then.
  const isOff = !strands.some((strand) => wallIn(strand, strand.first) === first);
  const end = isOff && rule.end.kind === 'count' ? { ...rule.end, count: rule.end.count - 1 } : rule.end;
  const apart = strands.map((strand) => withoutOverlap(strand, durationMs(single.start, single.end)));
  if (apart.includes(undefined)) return refusal;
  const bounded = boundedStrands(
    apart.flatMap((each) => each ?? []),
    end,
  );
  if (bounded === undefined) return refuse('COUNT', 'there are too many instances to count');
  const alone = bounded.filter(({ count }) => count === 1);
  return {
    strands: bounded.filter(({ count }) => count !== 1),
    singles: new Map(
      [...(isOff ? [first] : []), ...alone.map((each) => wallIn(each, each.first))].map((wall) => [
        wall,
        undefined,
      ]),
    ),
  };
}

/** What is no series at all is a few instances, if it ends. */
function singlesOf(
  item: EventItem,
  rule: RecurrenceRule,
  { single, refusal }: { readonly single: EventItem; readonly refusal: Refusal },
): Skeleton | Refusal {
  const walls = instancesOfRule(rule, seriesStartOf(single.start), maxParts + item.cancelledDates.length);
  if (walls === undefined) return refusal;
  const first = wallOf(single.start);
  const isOff = walls[0] !== first;
  const counted = isOff && rule.end.kind === 'count' ? walls.slice(0, -1) : walls;
  return {
    strands: [],
    singles: new Map([...(isOff ? [first] : []), ...counted].map((wall) => [wall, undefined])),
  };
}

export function wallIn({ time }: Strand, date: LocalDate): Wall {
  return time === undefined ? date : `${date}T${time}`;
}

function hasWall(strand: BoundedStrand, wall: Wall): boolean {
  const date = wall.slice(0, 10);
  return wallIn(strand, date) === wall && hasDate(strand, date);
}

function wallOf(when: When): Wall {
  return when.kind === 'date' ? when.date : when.local;
}

export function instanceAt(wall: Wall, start: When): When {
  return start.kind === 'date' ? { kind: 'date', date: wall } : { ...start, local: wall };
}

/** A day stands for the time of the series on it, a time for its day where the series has days. */
function atTimeOf(when: When, start: When): When {
  return when.kind === start.kind ? when : originalOn(dateOf(when), start);
}
