// When a generated event is: the times that its properties, exceptions and alarms hang on.
import * as fc from 'fast-check';
import {
  addDays,
  ended,
  ending,
  firstDate,
  firstDates,
  pattern,
  spellings,
  type Placed,
  type Rule,
} from './rules.ts';
import { basic, durationText, param, time } from './texts.ts';
import { instantIn, localIn, named, type Named, utc } from './zones.ts';

export interface Frame extends Placed {
  readonly named: Named;
  /** Seconds; of whole days a multiple of a day. */
  readonly lasts: number;
  readonly rule?: Rule;
  /** Dates of the first instances; of an event that happens once its own. */
  readonly dates: readonly string[];
  /** Days between two instances that are nearest to each other. */
  readonly gap: number;
}

const anchor = fc.integer({ min: 0, max: 10_000 }).map((days) => addDays('2008-01-01', days));

/** Times that changes of the offset skip or repeat are likely. */
const clock = fc.oneof(
  time,
  fc.constantFrom('00:00:00', '00:30:00', '01:30:00', '02:00:00', '02:30:00', '03:00:00', '23:59:59'),
);

export const frame: fc.Arbitrary<Frame> = fc
  .record({
    kind: fc.constantFrom('date', 'zoned', 'zoned', 'zoned', 'utc', 'floating'),
    named,
    anchor,
    clock,
    lasts: fc.constantFrom(0, 900, 1800, 3600, 5400, 86_399, 86_400, 90_000, 172_800, 259_200),
    series: fc.option(fc.record({ pattern, ending, spelling: fc.nat() }), { freq: 3 }),
  })
  .map((given): Frame => {
    const { kind, series } = given;
    const isDate = kind === 'date';
    const zone = kind === 'zoned' ? given.named.of : utc;
    const start = series ? firstDate(series.pattern, given.anchor) : given.anchor;
    const at: Placed = { kind, zone, start, time: isDate ? '00:00:00' : given.clock };
    const texts = series ? spellings(series.pattern, start) : [];
    const rule =
      series &&
      ended({
        pattern: series.pattern,
        text: texts[series.spelling % texts.length] ?? '',
        ending: series.ending,
        at,
      });
    const dates = rule ? firstDates(rule.recurrence, 14) : [start];
    const gap = Math.min(
      ...dates.slice(1).map((date, index) => daysBetween(dates[index] ?? date, date)),
      400,
    );
    // The instances of a series must not overlap in Exchange; an hour for a change of the offset.
    const longest = rule ? Math.min(259_200, gap * 86_400 - (isDate ? 0 : 7200)) : 259_200;
    const lasts = isDate
      ? Math.max(86_400, Math.floor(Math.min(given.lasts, longest) / 86_400) * 86_400)
      : Math.min(given.lasts, longest);
    return { ...at, named: given.named, lasts, ...(rule && { rule }), dates, gap };
  });

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** A time of the series' own kind: `DTSTART;TZID=Europe/Berlin:20260301T090000`. */
export function timeLine(name: string, date: string, frame: Frame, clock = frame.time): string {
  const local = `${basic(date)}T${basic(clock)}`;
  switch (frame.kind) {
    case 'date':
      return `${name};VALUE=DATE:${basic(date)}`;
    case 'zoned':
      return `${name}${param('TZID', frame.named.tzid)}:${local}`;
    case 'utc':
      return `${name}:${local}Z`;
    case 'floating':
      return `${name}:${local}`;
  }
}

/** The instant of a date of the series; floating times are taken for UTC. */
export function instantOn(frame: Frame, date: string): number {
  return instantIn(frame.zone, `${date}T${frame.time}`);
}

/** The end of the instance that starts on a date, in one of the ways to say it. */
export function endLine(frame: Frame, date: string, style: 'end' | 'duration' | 'utc'): string[] {
  const { kind, lasts, zone } = frame;
  if (kind === 'date') {
    const days = lasts / 86_400;
    if (style === 'duration') return [`DURATION:P${days}D`];
    return [`DTEND;VALUE=DATE:${basic(addDays(date, days))}`];
  }
  if (lasts === 0) return [];
  if (style === 'duration') return [`DURATION:${durationText(lasts)}`];
  const end = instantOn(frame, date) + lasts * 1000;
  const local = localIn(zone, end);
  // The second of two equal wall times can only be said in UTC.
  const isSaid = instantIn(zone, local) === end;
  if (kind !== 'floating' && (style === 'utc' || !isSaid)) return [`DTEND:${basic(localIn(utc, end))}Z`];
  return [timeLine('DTEND', local.slice(0, 10), frame, local.slice(11))];
}
