// Is the series that was stored the series that the client meant? Both rules are expanded by dateutil, the stored pattern by the
// arithmetic of the simulated server, and the text that is read back by our own expander in windows.
import { datesFrom, parseRecurrence, windowsZoneOf } from '../../simulator/calendar/index.ts';
import { parseRendered } from '../../src/translate/codec.ts';
import { TranslateError } from '../../src/translate/errors.ts';
import { instancesOf } from '../../src/translate/instances.ts';
import { zonesOf } from '../../src/translate/span.ts';
import { instantOf, localOf } from '../../src/model/zones.ts';
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { parseLines, type Property } from '../fidelity/content-lines.ts';
import { bare, type Box, get, isRefusal, putSeveral } from './box.ts';
import type { Dateutil, Question } from './dateutil.ts';
import type { Verdict } from './law.ts';

export interface Series {
  readonly text: string;
  readonly dayZone: string;
  /** IANA; null: whole days. */
  readonly zone: string | null;
  /** A name that only the client knows: several zones have its rules. */
  readonly isOwnZone: boolean;
  /** DTSTART, RRULE and EXDATE as the text has them. */
  readonly start: string;
  readonly rule: string;
  readonly exdates: readonly string[];
  /** Exchange has a pattern for it. */
  readonly isPattern: boolean;
  readonly windows: readonly Window[];
}

/** Around two instances, by any number. */
export interface Window {
  readonly from: number;
  readonly more: number;
  /** Seconds beside the instance. */
  readonly beside: number;
}

const mostOfEndless = 500;
/** More than a rule of the generators has. */
const mostOfFinite = 5000;
const daySeconds = 86_400;
/** Exchange computes no further (simulator/calendar/recurrence.ts). */
const lastDay = Date.parse('4500-09-01') / 1000;

export async function judgeExpansion(given: Series, dateutil: Dateutil): Promise<Verdict> {
  let put: ReturnType<typeof putSeveral>;
  try {
    put = putSeveral(given.text, { kind: 'events', dayZone: given.dayZone });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const why = `${'property' in error ? `${String(error.property)}: ` : ''}${error.message}`;
    return given.isPattern && !maySkip.test(why)
      ? { faults: [`a pattern of Exchange is refused: ${why}`] }
      : { refused: why, faults: [] };
  }
  const { boxes, shown } = put;
  const isSeveral = boxes.length > 1;
  const most = isEndless(given.rule) ? mostOfEndless : mostOfFinite;
  const plain = boxes.map((box) => get(bare(box)));
  const read = async (question: Question): Promise<readonly number[]> =>
    withinReach(await dateutil.expand(question), given);
  const wanted = await read({ ...given, most });
  // Each of several series without end was asked for as many as all of them together.
  const last = isEndless(given.rule) && isSeveral ? (wanted.at(-1) ?? -Infinity) : Infinity;
  const happening = isSeveral ? happeningIn(given.zone) : (walls: readonly number[]) => walls;
  const joined = (lists: readonly (readonly number[])[]): readonly number[] =>
    happening(lists.flat().filter((wall) => wall <= last)).toSorted((a, b) => a - b);
  const alone = await Promise.all(plain.map((text) => instancesIn(text, { given, most, read })));
  const stored = boxes.map((box) => withinReach(storedInstances(box, { zone: given.zone, most }), given));
  const inWindows = judgeWindows(given, isSeveral ? shown : plain.join(''), wanted);
  const faults = [
    ...plain.flatMap((text) => judgeZone(text, given)),
    ...compared('the text without residue', happening(wanted), joined(alone)),
    ...compared('the text', wanted, await instancesIn(shown, { given, most, read })),
    ...compared(
      'the stored pattern',
      happening(wanted).filter((wall) => wall < lastDay),
      joined(stored),
    ),
    ...inWindows.faults,
  ];
  return { ...inWindows, faults };
}

/** What is an item of its own lies at an instant, which in an hour that the clock skips has the later name (RFC 5545 §3.3.5). */
function happeningIn(zone: string | null): (walls: readonly number[]) => readonly number[] {
  if (zone === null) return (walls) => walls;
  return (walls) =>
    walls.map((wall) => Date.parse(`${localOf(instantOf(localText(wall), zone), zone)}Z`) / 1000);
}

/** A text without rule happens once. */
async function instancesIn(
  text: string,
  {
    given,
    most,
    read,
  }: { given: Series; most: number; read: (question: Question) => Promise<readonly number[]> },
): Promise<readonly number[]> {
  const question = asked(text, given.zone, most);
  return question.rule === '' ? withinReach([wallOf(question.start)], given) : await read(question);
}

function wallOf(text: string): number {
  const [, year = '', month = '', day = '', hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d))?$/.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) / 1000;
}

/** Days of the month are computed with a leap day every fourth year (docs/decisions/0013). */
function withinReach(walls: readonly number[], { isPattern }: Series): readonly number[] {
  return isPattern ? walls : walls.filter((wall) => wall < firstFault);
}

const firstFault = Date.parse('2100-02-01') / 1000;

/** The times of the generators are often those at which the clock goes forward. */
const maySkip = /in the hour that the clock skips/;

function localText(wall: number): string {
  return new Date(wall * 1000).toISOString().slice(0, 19);
}

function isEndless(rule: string): boolean {
  return !/(?:COUNT|UNTIL)=/.test(rule);
}

/** The first 500 and the last 20, and all between. */
function compared(what: string, wanted: readonly number[], got: readonly number[]): string[] {
  const at = Array.from({ length: Math.max(wanted.length, got.length) }, (_, index) => index).find(
    (index) => wanted[index] !== got[index],
  );
  if (at === undefined) return [];
  const told = (list: readonly number[]): string => isoOf(list[at]);
  return [
    `${what}: another instance\n  number ${at}: ${told(wanted)} wanted, ${told(got)} got (${wanted.length} and ${got.length})`,
  ];
}

function isoOf(seconds: number | undefined): string {
  return seconds === undefined ? 'none' : new Date(seconds * 1000).toISOString();
}

function asked(text: string, meant: string | null, most: number): Question {
  const event = parseLines(text).roots[0]?.components.find(({ name }) => name === 'VEVENT');
  const named = (name: string): readonly Property[] =>
    event?.properties.filter((each) => each.name === name) ?? [];
  const [start] = named('DTSTART');
  const [shown] = named('RRULE');
  if (start === undefined) throw new Error(`no event: ${text}`);
  return {
    start: start.value.replace(/Z$/, ''),
    zone: zoneOf(start, meant),
    rule: shown?.value ?? '',
    exdates: named('EXDATE').flatMap(({ value }) => value.split(',')),
    most,
  };
}

function zoneOf(start: Property, meant: string | null): string | null {
  if (start.params.get('VALUE')?.[0] === 'DATE') return null;
  if (start.value.endsWith('Z')) return 'UTC';
  const tzid = start.params.get('TZID')?.[0] ?? '';
  // Names that only the client knows mean what he meant by them.
  return windowsZoneOf(tzid) === undefined ? meant : tzid;
}

/** Another name for the same zone is none but one that the server has under the same Windows name. */
function judgeZone(text: string, { zone, isOwnZone }: Series): string[] {
  if (isOwnZone) return [];
  const { zone: shown } = asked(text, '', 1);
  const same = (name: string | null): string | undefined =>
    (name === null ? name : windowsZoneOf(name)?.id) ?? undefined;
  return shown === zone || same(shown) === same(zone) ? [] : [`zone ${String(zone)} became ${String(shown)}`];
}

function storedInstances(
  { state, stored }: Box,
  { zone, most }: { zone: string | null; most: number },
): number[] {
  const { master, deleted } = state;
  const element = childOf(master, 'Recurrence');
  const isDate = stored.item.kind === 'event' && stored.item.start.kind === 'date';
  const start = textIn(master, 'Start');
  // Of a series by the clock of its zone, of what happens once in UTC.
  const local = start.endsWith('Z') && zone !== null ? localOf(Date.parse(start), zone) : start;
  const clock = local.slice(10, 19);
  const wallOn = (date: string): number => Date.parse(`${date}${isDate ? 'T00:00:00' : clock}Z`) / 1000;
  if (element === undefined) return [wallOn(local.slice(0, 10))];
  const found: number[] = [];
  let counted = 0;
  for (const { date } of datesFrom(parseRecurrence(element))) {
    counted += 1;
    if (counted > most) break;
    if (!deleted.has(date)) found.push(wallOn(date));
  }
  return found;
}

function textIn(element: XmlElement, name: string): string {
  return textOf(childOf(element, name));
}

function judgeWindows({ zone, windows }: Series, text: string, wanted: readonly number[]): Verdict {
  if (wanted.length === 0) return { faults: [] };
  const root = parseRendered(text);
  const events = root[2].filter(([name]) => name === 'vevent');
  const clock = { zones: zonesOf(root), floatingZone: zone ?? 'UTC' };
  const lasts = zone === null ? daySeconds : 0;
  const all = wanted.map((wall) => instantOf(localText(wall), zone ?? 'UTC') / 1000);
  for (const { from, more, beside } of windows) {
    const index = from % all.length;
    const first = (all[index] ?? 0) + beside;
    const last = Math.max(first, (all[Math.min(index + more, all.length - 1)] ?? 0) + beside);
    const found = expanded(events, { from: first * 1000, to: last * 1000 }, clock);
    // A filter takes such a series as it is: the client expands it (src/translate/time-range.ts).
    if (found === undefined) return { refused: 'stored, but too sparse to be expanded here', faults: [] };
    const faults = compared(
      `the window ${isoOf(first)} to ${isoOf(last)}`,
      all.filter((at) => at + lasts >= first && at <= last),
      found.map((each) => each.from / 1000),
    );
    if (faults.length > 0) return { faults };
  }
  return { faults: [] };
}

function expanded(...given: Parameters<typeof instancesOf>): ReturnType<typeof instancesOf> | undefined {
  try {
    return instancesOf(...given);
  } catch (error) {
    if (error instanceof TranslateError && error.problem === 'too-large') return undefined;
    throw error;
  }
}
