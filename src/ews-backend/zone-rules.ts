// A TimeZoneDefinition (Periods, TransitionsGroups, Transitions; BEHAVIOUR §8) as changes of the offset year by year.
import type { Instant } from '../model/time.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../xml/index.ts';

export interface ZoneChange {
  readonly at: Instant;
  /** Milliseconds east of UTC from then on. */
  readonly offset: number;
}

export interface ZoneRules {
  transitions(year: number): readonly ZoneChange[];
  offsetAt(instant: Instant): number;
}

interface YearlyChange {
  readonly month: number;
  /** A weekday of the month by number, 0 = Sunday, or a plain day. */
  readonly day: { readonly weekday: number; readonly occurrence: number } | number;
  readonly timeMs: number;
  readonly offset: number;
}

/** Rules that hold from an instant on. */
interface Era {
  readonly from: Instant;
  readonly base: number;
  readonly changes: readonly YearlyChange[];
}

const dayMs = 86_400_000;
const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Undefined when the element carries no definition, only an id. */
export function parseZoneRules(element: XmlElement): ZoneRules | undefined {
  const periods = new Map<string, number>();
  const periodElements = listOf(element, 'Periods');
  for (const { attrs } of periodElements)
    periods.set(attrs['Id'] ?? '', 0 - parseDuration(attrs['Bias'] ?? ''));
  const [first] = periods.values();
  if (first === undefined) return undefined;
  const groups = new Map<string, Omit<Era, 'from'>>();
  for (const group of listOf(element, 'TransitionsGroups'))
    groups.set(group.attrs['Id'] ?? '', parseGroup(group, periods));
  const eras = listOf(element, 'Transitions').flatMap((transition) =>
    parseEra(transition, { periods, groups }),
  );
  if (eras.length === 0)
    eras.push({ from: -Infinity, ...([...groups.values()].at(-1) ?? { base: first, changes: [] }) });
  return rulesOf(eras.sort((a, b) => a.from - b.from));
}

function rulesOf(eras: readonly Era[]): ZoneRules {
  const eraAt = (instant: Instant): Era | undefined =>
    eras.findLast(({ from }) => from <= instant) ?? eras[0];
  const transitions = (year: number): readonly ZoneChange[] => {
    const era = eraAt(Date.UTC(year, 6, 1));
    if (era === undefined) return [];
    const { changes } = era;
    return changes.map((change, at) => ({
      at: localInstant(change, year) - (changes.at(at - 1)?.offset ?? era.base),
      offset: change.offset,
    }));
  };
  return {
    transitions,
    offsetAt(instant) {
      const year = new Date(instant).getUTCFullYear();
      const past = [...transitions(year - 1), ...transitions(year)].findLast(({ at }) => at <= instant);
      return past?.offset ?? eraAt(instant)?.base ?? 0;
    },
  };
}

function parseEra(
  transition: XmlElement,
  {
    periods,
    groups,
  }: { periods: ReadonlyMap<string, number>; groups: ReadonlyMap<string, Omit<Era, 'from'>> },
): Era[] {
  const to = childOf(transition, 'To');
  const target = textOf(to).trim();
  const at = Date.parse(`${textOf(childOf(transition, 'DateTime')).trim().replace(/Z$/, '')}Z`);
  const from = Number.isNaN(at) ? -Infinity : at;
  if (to?.attrs['Kind'] === 'Period') {
    const base = periods.get(target);
    return base === undefined ? [] : [{ from, base, changes: [] }];
  }
  const group = groups.get(target);
  return group === undefined ? [] : [{ from, ...group }];
}

function parseGroup(group: XmlElement, periods: ReadonlyMap<string, number>): Omit<Era, 'from'> {
  const changes: YearlyChange[] = [];
  let base = 0;
  for (const transition of childrenOf(group)) {
    const offset = periods.get(textOf(childOf(transition, 'To')).trim());
    if (offset === undefined) continue;
    base = offset;
    const month = Number(textOf(childOf(transition, 'Month')));
    if (!(month >= 1 && month <= 12)) continue;
    changes.push({
      month,
      day: parseDay(transition),
      timeMs: parseDuration(textOf(childOf(transition, 'TimeOffset'))),
      offset,
    });
  }
  changes.sort((a, b) => a.month - b.month);
  return { base, changes: changes.length < 2 ? [] : changes };
}

function parseDay(transition: XmlElement): YearlyChange['day'] {
  const weekday = weekdayNames.indexOf(textOf(childOf(transition, 'DayOfWeek')).trim());
  if (weekday < 0) return Number(textOf(childOf(transition, 'Day'))) || 1;
  return { weekday, occurrence: Number(textOf(childOf(transition, 'Occurrence'))) || 1 };
}

/** The wall time of a change as if it were UTC. */
function localInstant({ month, day, timeMs }: YearlyChange, year: number): number {
  if (typeof day === 'number') return Date.UTC(year, month - 1, day) + timeMs;
  if (day.occurrence > 0) {
    const first = Date.UTC(year, month - 1, 1);
    const ahead = (day.weekday - new Date(first).getUTCDay() + 7) % 7;
    return first + (ahead + 7 * (day.occurrence - 1)) * dayMs + timeMs;
  }
  const last = Date.UTC(year, month, 0);
  const back = (new Date(last).getUTCDay() - day.weekday + 7) % 7;
  return last - back * dayMs + timeMs;
}

/** xs:duration with hours, minutes and seconds: `-PT1H`, `PT2H30M`. */
function parseDuration(text: string): number {
  const match = /^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text.trim());
  if (!match) return 0;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const ms =
    ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60_000 +
    Math.round(Number(seconds)) * 1000; // 23:59:59.999 means midnight
  return sign === '-' ? -ms : ms;
}

function listOf(element: XmlElement, name: string): readonly XmlElement[] {
  const list = childOf(element, name);
  return list === undefined ? [] : childrenOf(list);
}
