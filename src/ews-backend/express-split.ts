// An event that no single series of Exchange can hold, as several items: series and single instances that together are exactly
// the client's set (docs/decisions/0013).
import type { Expression, ItemPart } from '../model/expression.ts';
import type { EventItem, Override } from '../model/item.ts';
import type { LocalDate, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { hasDate, type BoundedStrand } from './bounded-strands.ts';
import { isSkipped, skippedStart, type Present } from './express-event.ts';
import { crossingOf, inSeries, overrideAt, withOccurrences } from './express-series.ts';
import { heldAttachments, isSameList } from './fields/attachment-fields.ts';
import { dateOf, isPlain, plainOccurrence, seriesOf } from './fields/series.ts';
import { instanceAt, skeletonOf, wallIn, type Wall } from './split-skeleton.ts';
import { refuse, type Refusal } from './recurrence-days.ts';
import { ruleOf } from './recurrence-rule.ts';

/** More items are no longer something that a person can look at. */
export const maxParts = 50;

interface Given {
  /** The event as it happens once. */
  readonly single: EventItem;
  readonly dayZone: ZoneId;
  readonly present: Present;
  /** Why it is no single series. */
  readonly refusal: Refusal;
}

export function expressSplit(item: EventItem, whole: Given): Expression {
  const { refusal } = whole;
  if (!maySplit(item))
    return refuse(refusal.part, `${refusal.reason}; as several items each would be an invitation of its own`);
  const { attachments } = whole.single;
  if (!item.overrides.every((each) => isSameList(heldAttachments(each.attachments), attachments)))
    return refuse('ATTACH', `no occurrence can have files of its own here: ${refusal.reason}`);
  // Files lie with one of the parts, and which that is follows from what is there.
  const given = { ...whole, single: { ...whole.single, attachments: [] } };
  const { single, dayZone } = given;
  const skeleton = skeletonOf(item, given);
  if ('reason' in skeleton) return skeleton;
  const build = startBuild(skeleton);
  const cancelled = item.cancelledDates.flatMap((when) =>
    wallsNamed(inSeries(when, single.start, dayZone), single.start, build),
  );
  const overrides = new Map<Wall, Override>();
  for (const override of item.overrides) {
    const [wall] = wallsNamed(inSeries(override.recurrenceId, single.start, dayZone), single.start, build);
    if (wall === undefined) return refuse('RECURRENCE-ID', 'the series has no instance then');
    const held = overrideAt(override, instanceAt(wall, single.start), { ...given, master: single });
    if ('reason' in held) return held;
    overrides.set(wall, { ...held, attachments: [] });
  }
  for (const wall of new Set(cancelled)) if (!overrides.has(wall)) cancel(wall, build);
  for (const [wall, override] of overrides) change(wall, override, build);
  const parts = partsOf(build, given);
  if (parts.length === 0) return refuse('EXDATE', 'Exchange keeps no series without any instance');
  if (parts.length > maxParts)
    return refuse(refusal.part, `Exchange would need more than ${maxParts} items for it; ${refusal.reason}`);
  if (parts.some(({ item }) => item.kind === 'event' && beginsSkipped(item))) return skippedStart;
  // One series after all: by other words than the client's.
  const [only] = parts;
  if (only !== undefined && parts.length === 1 && build.singles.size === 0)
    return { kind: 'ok', held: only.item.kind === 'event' ? withFiles(only.item, attachments) : only.item };
  return {
    kind: 'split',
    held: withFiles(heldWhole(item, { ...given, overrides, cancelled }), attachments),
    parts,
  };
}

function beginsSkipped({ recurrence, start }: EventItem): boolean {
  return recurrence !== undefined && start.kind === 'zoned' && isSkipped(start.local, start.zone);
}

function withFiles(item: EventItem, attachments: EventItem['attachments']): EventItem {
  return { ...item, attachments, overrides: item.overrides.map((each) => ({ ...each, attachments })) };
}

/** Each part would be an invitation of its own. */
function maySplit({ isOrganizer, attendees, overrides }: EventItem): boolean {
  return isOrganizer && attendees.length === 0 && overrides.every((each) => each.attendees.length === 0);
}

interface SeriesBuild {
  readonly strand: BoundedStrand;
  readonly overrides: Map<LocalDate, Override>;
  readonly cancelled: Set<LocalDate>;
}

interface SingleBuild {
  /** Where it does not last as long as the others. */
  readonly end?: When;
  readonly isCancelled?: boolean;
  readonly override?: Override;
}

/** The parts while they are being made. */
interface Build {
  readonly series: readonly SeriesBuild[];
  readonly singles: Map<Wall, SingleBuild>;
}

function startBuild({ strands, singles }: Exclude<ReturnType<typeof skeletonOf>, Refusal>): Build {
  return {
    series: strands.map((strand) => ({ strand, overrides: new Map(), cancelled: new Set() })),
    singles: new Map([...singles].map(([wall, end]) => [wall, end === undefined ? {} : { end }])),
  };
}

/** The instances that a RECURRENCE-ID or EXDATE names: a plain day all on it (old Outlook writes so). */
function wallsNamed(when: When, start: When, { series, singles }: Build): readonly Wall[] {
  const date = dateOf(when);
  const onDay = [
    ...series.flatMap(({ strand }) => (hasDate(strand, date) ? [wallIn(strand, date)] : [])),
    ...[...singles.keys()].filter((wall) => wall.startsWith(date)),
  ];
  if (when.kind === 'date' || start.kind === 'date') return onDay.sort();
  // By instants: what lies in a gap of the clock has two names.
  return onDay.filter((wall) => instantOfWhen(instanceAt(wall, start)) === instantOfWhen(when));
}

function seriesAt(wall: Wall, { series }: Build): SeriesBuild | undefined {
  const date = wall.slice(0, 10);
  return series.find(({ strand }) => hasDate(strand, date) && wallIn(strand, date) === wall);
}

function cancel(wall: Wall, build: Build): void {
  const single = build.singles.get(wall);
  if (single !== undefined) build.singles.set(wall, { ...single, isCancelled: true });
  else seriesAt(wall, build)?.cancelled.add(wall.slice(0, 10));
}

function change(wall: Wall, override: Override, build: Build): void {
  const single = build.singles.get(wall);
  if (single !== undefined) build.singles.set(wall, { ...single, override });
  else seriesAt(wall, build)?.overrides.set(wall.slice(0, 10), override);
}

function partsOf(build: Build, given: Given): readonly ItemPart[] {
  const parts = build.series.flatMap((each) => seriesPart(each, build, given));
  const seen = new Set<number>();
  for (const [wall, each] of [...build.singles].sort(([a], [b]) => (a < b ? -1 : 1))) {
    // In a gap of the clock two times are one.
    const instant = instantOfWhen(instanceAt(wall, given.single.start));
    if (each.isCancelled !== true && !seen.has(instant)) parts.push(singlePart(wall, each, given));
    seen.add(instant);
  }
  return parts;
}

/** None of a series of which every instance is cancelled: its instances are single ones then, and cancelled. */
function seriesPart(made: SeriesBuild, build: Build, { single }: Given): ItemPart[] {
  const { strand, overrides, cancelled } = made;
  const start = instanceAt(wallIn(strand, strand.first), single.start);
  const { end } = plainOccurrence(single, start);
  const recurrence = ruleOf(strand.pattern, strand.first, strand.end);
  const master: EventItem = { ...single, start, end, recurrence };
  const series = seriesOf(master);
  if (series === undefined) return [];
  for (;;) {
    const date = crossingOf({ overrides, cancelled }, { master, series, known: [] });
    const override = date === undefined ? undefined : overrides.get(date);
    if (date === undefined || override === undefined) break;
    // Where its neighbours stand in the way it is cancelled, and an item of its own.
    overrides.delete(date);
    cancelled.add(date);
    build.singles.set(wallIn(strand, date), { override });
  }
  if (cancelled.size >= (strand.count ?? Infinity)) {
    for (const date of cancelled) {
      const wall = wallIn(strand, date);
      if (!build.singles.has(wall)) build.singles.set(wall, { isCancelled: true });
    }
    return [];
  }
  return [{ item: withOccurrences(master, { overrides, cancelled }) }];
}

function singlePart(wall: Wall, { end, override }: SingleBuild, { single }: Given): ItemPart {
  const instance = instanceAt(wall, single.start);
  const { recurrenceId: _id, ...plain } = plainOccurrence(single, instance);
  const { recurrenceId: _other, ...own } = override ?? {
    ...plain,
    recurrenceId: instance,
    end: end ?? plain.end,
  };
  return { item: { ...single, reminderMinutes: undefined, ...own }, instance };
}

/** What joining the parts shows. */
function heldWhole(
  item: EventItem,
  {
    single,
    dayZone,
    overrides,
    cancelled,
  }: Given & { overrides: ReadonlyMap<Wall, Override>; cancelled: readonly Wall[] },
): EventItem {
  const { recurrence, extraDates } = item;
  const extra = extraDates?.map(({ start, end }) => ({
    start: inSeries(start, single.start, dayZone),
    ...(end !== undefined && { end: inSeries(end, single.start, dayZone) }),
  }));
  return {
    ...single,
    recurrence,
    extraDates: extra,
    overrides: [...overrides]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, override]) => (isPlain(override, single) ? [] : [override])),
    cancelledDates: [...new Set(cancelled)]
      .filter((wall) => !overrides.has(wall))
      .sort()
      .map((wall) => instanceAt(wall, single.start)),
  };
}
