// Where changed and cancelled occurrences of series are. Each is found by the number its date has in the pattern, and believed
// only when the server names the same original start (BEHAVIOUR §7): at most two reads and a view, however many occurrences
// there are and whatever their numbers.
import type { Outcome } from '../model/failure.ts';
import type { EventItem } from '../model/item.ts';
import type { Instant, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { childOf, textOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { instanceIndexOf, type OccurrenceWrite } from './fields/index.ts';
import { dateOf } from './fields/series.ts';
import { ewsIdIn, renderItemId, type EwsId } from './ids.ts';
import { findInstances, longestViewMs } from './operations/find-item.ts';
import { getItems } from './operations/get-item.ts';
import { field } from './operations/shape.ts';
import { batchesOf, inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';

export interface WrittenSeries {
  readonly id: string;
  /** As Exchange holds it now: the pattern that is in force. */
  readonly item: EventItem;
  readonly uid?: string;
  readonly dayZone?: ZoneId;
}

/** t:OccurrenceItemId or t:ItemId, and the id of the item itself. */
interface Found {
  readonly id: Markup;
  readonly item: EwsId;
}

/** Undefined where the series has no such occurrence (any more). */
export type Place = Found | undefined;

type Dated = Pick<OccurrenceWrite, 'recurrenceId'>;
export type Places = (write: Dated) => Place;

/** Finds occurrences of several series at once; an answer for each series. */
export async function placesOf(
  soap: Soap,
  all: readonly { readonly series: WrittenSeries; readonly writes: readonly Dated[] }[],
): Promise<readonly Places[]> {
  const targets = all.map(({ series, writes }) =>
    writes.map(({ recurrenceId }): Target => ({ series, recurrenceId })),
  );
  const found = await find(soap, targets.flat());
  return targets.map((own) => {
    const byDate = new Map(own.map((target) => [dateOf(target.recurrenceId), found.get(target)]));
    return ({ recurrenceId }) => byDate.get(dateOf(recurrenceId));
  });
}

interface Target {
  readonly series: WrittenSeries;
  readonly recurrenceId: When;
}

type PlacesFound = ReadonlyMap<Target, Found>;

async function find(soap: Soap, targets: readonly Target[]): Promise<PlacesFound> {
  const first = await byNumber(soap, targets, [0]);
  // A server that counts a little otherwise than we do.
  const second = await byNumber(soap, first.missing, [-1, 1, -2, 2, -3, 3]);
  const seen = await inView(soap, second.missing, first.folder);
  return new Map([...first.places, ...second.places, ...seen]);
}

interface Search {
  readonly places: PlacesFound;
  /** Neither found nor known to be cancelled. */
  readonly missing: readonly Target[];
  readonly folder?: string;
}

/** By the number that the pattern gives, so many steps on. */
async function byNumber(soap: Soap, targets: readonly Target[], steps: readonly number[]): Promise<Search> {
  const asked = targets.flatMap((target) => {
    const number = instanceIndexOf(target.series.item, target.recurrenceId);
    const numbers = number === undefined ? [] : steps.map((step) => number + step).filter((each) => each > 0);
    return numbers.map((each) => ({ target, id: occurrenceId(target.series.id, each) }));
  });
  const [one] = targets;
  if (one === undefined) return { places: new Map(), missing: [] };
  // The master itself comes along, for its folder.
  const answers = await readOriginals(soap, [renderItemId(one.series.id), ...asked.map(({ id }) => id)]);
  const places = new Map<Target, Found>();
  const cancelled = new Set<Target>();
  for (const [index, { target, id }] of asked.entries()) {
    const answer = answers[index + 1];
    const state = stateOf(answer);
    const item = answer?.ok === true ? ewsIdIn(answer.value) : undefined;
    if (state === 'deleted' && steps.includes(0)) cancelled.add(target);
    if (typeof state === 'number' && item && isSame(state, target.recurrenceId, target.series.dayZone))
      places.set(target, { id, item });
  }
  const [master] = answers;
  const folder = master?.ok === true ? ewsIdIn(master.value, 'ParentFolderId')?.id : undefined;
  const missing = targets.filter((target) => !places.has(target) && !cancelled.has(target));
  return { places, missing, ...(folder !== undefined && { folder }) };
}

function occurrenceId(master: string, index: number): Markup {
  return xml('t:OccurrenceItemId', { RecurringMasterId: master, InstanceIndex: index });
}

const originalShape = [field('calendar:OriginalStart'), field('item:ParentFolderId')];

/** Two small fields each: as many as the server takes. */
const originalsPerGet = 500;

async function readOriginals(soap: Soap, ids: readonly Markup[]): Promise<readonly Outcome<XmlElement>[]> {
  const jobs = batchesOf(ids, originalsPerGet).map((batch, at) => async (signal: AbortSignal) => ({
    at,
    outcomes: await getItems(soap, { ids: batch, shape: originalShape }, signal),
  }));
  const found: (readonly Outcome<XmlElement>[])[] = [];
  for await (const { at, outcomes } of inParallel(jobs, soap.width)) found[at] = outcomes;
  return found.flat();
}

function stateOf(outcome: Outcome<XmlElement> | undefined): Instant | 'deleted' | undefined {
  if (outcome === undefined) return undefined;
  if (outcome.ok) return Date.parse(textOf(childOf(outcome.value, 'OriginalStart')));
  return outcome.failure.code === 'ErrorCalendarOccurrenceIsDeletedFromRecurrence' ? 'deleted' : undefined;
}

const hourMs = 3_600_000;

/** Whole days are midnights of a zone that may be unknown here; no two of them are less than a day apart. */
function isSame(original: Instant, when: When, dayZone: ZoneId | undefined): boolean {
  if (when.kind !== 'date') return original === instantOfWhen(when, dayZone);
  return dayZone === undefined
    ? Math.abs(original - instantOfWhen(when)) <= 14 * hourMs
    : original === instantOfWhen(when, dayZone);
}

/** By one view over all days on which the occurrences now lie, where one can be that long. */
async function inView(
  soap: Soap,
  targets: readonly Target[],
  folder: string | undefined,
): Promise<PlacesFound> {
  const places = new Map<Target, Found>();
  const wanted = targets.filter(({ series }) => series.uid !== undefined);
  const days = wanted.map(whereNow);
  const [from, to] = [Math.min(...days) - 24 * hourMs, Math.max(...days) + 24 * hourMs];
  if (folder === undefined || wanted.length === 0 || to - from > longestViewMs) return places;
  const shape = ['calendar:Start', 'calendar:OriginalStart', 'calendar:UID'].map(field);
  for (const element of await findInstances(soap, { folder, shape, from, to })) {
    const original = Date.parse(textOf(childOf(element, 'OriginalStart')));
    const uid = textOf(childOf(element, 'UID'));
    const item = ewsIdIn(element);
    const target = wanted.find(
      ({ series, recurrenceId }) => series.uid === uid && isSame(original, recurrenceId, series.dayZone),
    );
    if (target !== undefined && item !== undefined) places.set(target, { id: renderItemId(item.id), item });
  }
  return places;
}

function whereNow({ series, recurrenceId }: Target): Instant {
  const key = dateOf(recurrenceId);
  const moved = series.item.overrides.find((override) => dateOf(override.recurrenceId) === key);
  return instantOfWhen(moved?.start ?? recurrenceId, series.dayZone);
}
