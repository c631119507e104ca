// VTIMEZONE (RFC 5545 §3.6.5) of an IANA zone, written from the real transitions over the years an object needs.
// Right for past dates too; open-ended rules only where the offsets of the coming years really repeat.
import { weekdayOn, type Weekday } from '../model/recurrence.ts';
import type { Range, ZoneId } from '../model/time.ts';
import { localOf, offsetAt, transitionsOf, type Transition } from '../model/zones.ts';
import type { Jcal, JcalComponent } from './codec.ts';

const dayMs = 86_400_000;
/** Rules are judged over this many years after the last one needed. */
const horizonYears = 12;
/** A series without end gets its irregular changes until here. */
const lastOpenYear = 2037;

const rendered = new Map<string, JcalComponent>();

/** Definition of `zone` that holds from a year before `range.from` to `range.to` (absent: for ever); UTC needs none. */
export function renderVtimezone(zone: ZoneId, range: Range): JcalComponent | undefined {
  if (zone === 'UTC') return undefined;
  const firstYear = clampYear(range.from ?? 0) - 1;
  const lastYear = Math.max(firstYear + 1, range.to === undefined ? lastOpenYear : clampYear(range.to));
  const key = `${zone} ${firstYear} ${lastYear}`;
  const known = rendered.get(key);
  if (known !== undefined) return known;
  if (rendered.size > 2_000) rendered.clear();
  const component: JcalComponent = [
    'vtimezone',
    [
      ['tzid', {}, 'text', zone],
      ['x-lic-location', {}, 'unknown', zone],
    ],
    observancesOf(zone, firstYear, lastYear),
  ];
  rendered.set(key, component);
  return component;
}

function clampYear(instant: number): number {
  const year = new Date(instant).getUTCFullYear();
  return Number.isNaN(year) ? lastOpenYear : Math.min(Math.max(year, 1901), 2100);
}

/** A transition as its observance says it: by the wall clock that it ends. */
interface Onset {
  readonly at: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly daysInMonth: number;
  /** Zone offsets, kind of observance, month, weekday, time: what onsets of one rule share. */
  readonly key: string;
  readonly weekday: Weekday;
  readonly local: string;
  readonly transition: Transition;
  readonly name: 'standard' | 'daylight';
}

function observancesOf(zone: ZoneId, firstYear: number, lastYear: number): JcalComponent[] {
  const start = Date.UTC(firstYear, 0, 1);
  const horizon = lastYear + horizonYears;
  // Two years more, because the kind of an onset depends on the next one.
  const transitions = transitionsOf(zone, { from: start, to: Date.UTC(horizon + 3, 0, 1) });
  const onsets = onsetsOf(transitions).filter((onset) => onset.year <= horizon);
  const found: JcalComponent[] = [];
  if (onsets[0]?.year !== firstYear) found.push(fixedObservance(zone, start));
  const lone: Onset[] = [];
  for (const run of runsOf(onsets)) {
    if (run.onsets[0].year > lastYear) continue;
    if (run.rule === undefined || run.onsets.length < 3)
      lone.push(...run.onsets.filter((o) => o.year <= lastYear));
    else found.push(yearly(run, horizon));
  }
  for (const group of Map.groupBy(lone, (onset) => `${onset.name} ${offsets(onset)}`).values()) {
    found.push(...irregular(group));
  }
  return found;
}

function onsetsOf(transitions: readonly Transition[]): Onset[] {
  return transitions.map((transition, index) => {
    const wall = new Date(transition.at + transition.offsetBefore);
    const next = transitions[index + 1];
    const rises = transition.offsetAfter > transition.offsetBefore;
    // A rise that is not taken back within a year is a new standard time (Istanbul 2016).
    const name =
      rises &&
      next !== undefined &&
      next.offsetAfter < next.offsetBefore &&
      next.at - transition.at < 366 * dayMs
        ? 'daylight'
        : 'standard';
    const month = wall.getUTCMonth() + 1;
    const local = wall.toISOString().slice(0, 19);
    const weekday = weekdayOn(wall.getTime());
    const key = [name, transition.offsetBefore, transition.offsetAfter, month, weekday, local.slice(11)].join(
      ' ',
    );
    const year = wall.getUTCFullYear();
    const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
    return {
      at: transition.at,
      year,
      month,
      day: wall.getUTCDate(),
      daysInMonth,
      key,
      weekday,
      local,
      transition,
      name,
    };
  });
}

type Run = { readonly onsets: readonly [Onset, ...Onset[]]; readonly rule: YearlyRule | undefined };
type YearlyRule = { readonly byday: string; readonly bymonthday?: readonly number[] };

/** Longest stretches of consecutive years that one yearly rule tells. */
function runsOf(onsets: readonly Onset[]): Run[] {
  const runs: Run[] = [];
  for (const [first, ...rest] of Map.groupBy(onsets, (onset) => onset.key).values()) {
    if (first === undefined) continue;
    let run: [Onset, ...Onset[]] = [first];
    for (const onset of rest) {
      const follows = onset.year === (run.at(-1)?.year ?? 0) + 1 && ruleOf([...run, onset]) !== undefined;
      if (follows) {
        run.push(onset);
      } else {
        runs.push({ onsets: run, rule: ruleOf(run) });
        run = [onset];
      }
    }
    runs.push({ onsets: run, rule: ruleOf(run) });
  }
  return runs.sort((a, b) => a.onsets[0].at - b.onsets[0].at);
}

/** Last or n-th weekday of the month, or the weekday within a week of fixed days ("Friday on or after the 23rd"). */
function ruleOf(run: readonly [Onset, ...Onset[]]): YearlyRule | undefined {
  const [{ weekday }] = run;
  if (run.every((onset) => onset.day > onset.daysInMonth - 7)) return { byday: `-1${weekday}` };
  const ordinals = new Set(run.map((onset) => Math.ceil(onset.day / 7)));
  if (ordinals.size === 1) return { byday: `${[...ordinals].join('')}${weekday}` };
  const days = run.map((onset) => onset.day);
  if (Math.max(...days) - Math.min(...days) > 6) return undefined;
  const from = Math.min(...days, 25);
  return { byday: weekday, bymonthday: Array.from({ length: 7 }, (_, index) => from + index) };
}

function yearly({ onsets, rule }: Run, horizon: number): JcalComponent {
  const [first] = onsets;
  const last = onsets.at(-1) ?? first;
  const recur: Record<string, unknown> = { freq: 'YEARLY', bymonth: first.month, ...rule };
  if (last.year < horizon) recur['until'] = `${localOf(last.at, 'UTC')}Z`;
  return observance(first, [['rrule', {}, 'recur', recur]]);
}

/** Onsets that no rule tells: listed, in one component. */
function irregular(group: readonly Onset[]): JcalComponent[] {
  const [first, ...rest] = group.toSorted((a, b) => a.at - b.at);
  if (first === undefined) return [];
  const dates = rest.map((onset) => onset.local);
  return [observance(first, dates.length > 0 ? [['rdate', {}, 'date-time', ...dates]] : [])];
}

function observance(onset: Onset, recurrence: Jcal[]): JcalComponent {
  const properties: Jcal[] = [
    ['dtstart', {}, 'date-time', onset.local],
    ['tzoffsetfrom', {}, 'utc-offset', renderOffset(onset.transition.offsetBefore)],
    ['tzoffsetto', {}, 'utc-offset', renderOffset(onset.transition.offsetAfter)],
    ...recurrence,
  ];
  return [onset.name, properties, []];
}

function fixedObservance(zone: ZoneId, start: number): JcalComponent {
  const offset = renderOffset(offsetAt(zone, start));
  const properties: Jcal[] = [
    ['dtstart', {}, 'date-time', localOf(start, 'UTC')],
    ['tzoffsetfrom', {}, 'utc-offset', offset],
    ['tzoffsetto', {}, 'utc-offset', offset],
  ];
  return ['standard', properties, []];
}

function offsets({ transition }: Onset): string {
  return `${transition.offsetBefore} ${transition.offsetAfter}`;
}

/** jCal's form, `+01:00`; seconds only where a zone kept local mean time. */
function renderOffset(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return (ms < 0 ? '-' : '+') + (parts[2] === '00' ? parts.slice(0, 2) : parts).join(':');
}
