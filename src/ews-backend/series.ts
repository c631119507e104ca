// Writes changed and cancelled occurrences of series. Each is found by the number its date has in the pattern, and believed
// only when the server names the same original start (BEHAVIOUR §7): at most two reads and a view before the writes, however
// many occurrences there are and whatever their numbers.
import type { Mail } from '../model/backend.ts';
import { BackendError, type Outcome } from '../model/failure.ts';
import type { EventItem } from '../model/item.ts';
import type { Instant, LocalDate, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { childOf, textOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { instanceIndexOf, type OccurrenceWrite } from './fields/index.ts';
import { ewsIdIn, renderItemId } from './ids.ts';
import { deleteItems } from './operations/delete-item.ts';
import { findInstances, longestViewMs } from './operations/find-item.ts';
import { getItems } from './operations/get-item.ts';
import { field } from './operations/shape.ts';
import { updateItems } from './operations/update-item.ts';
import { batchesOf, inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';

export interface WrittenSeries {
  readonly id: string;
  /** As Exchange holds it now: the pattern that is in force. */
  readonly item: EventItem;
  readonly uid?: string;
  readonly dayZone?: ZoneId;
}

export interface SeriesWrites {
  readonly series: WrittenSeries;
  readonly writes: readonly OccurrenceWrite[];
}

/** One write and the series in which its occurrence is. */
interface Target {
  readonly series: WrittenSeries;
  readonly write: OccurrenceWrite;
}

/** All cancelled dates in one call, then all changes in one, in the order given. @throws BackendError with the first that failed */
export async function writeOccurrences(soap: Soap, all: readonly SeriesWrites[], mail: Mail): Promise<void> {
  const targets = all.flatMap(({ series, writes }) => writes.map((write) => ({ series, write })));
  if (targets.length === 0) return;
  const places = await locate(soap, targets);
  const options = { kind: 'event', conflict: 'forced', mail } as const;
  // Cancelled ones first: a moved occurrence must not cross a neighbour, and one that is gone is none.
  const cancelled = targets.flatMap((target) =>
    target.write.kind === 'cancel' ? (places.get(target) ?? []) : [],
  );
  const changes = targets.flatMap((target) => {
    const { write } = target;
    if (write.kind !== 'change') return [];
    const id = places.get(target);
    if (id === undefined) throw noOccurrence(write.recurrenceId);
    return [{ id, changes: write.changes }];
  });
  if (cancelled.length > 0) expectAll(await deleteItems(soap, cancelled, options));
  if (changes.length > 0) expectAll(await updateItems(soap, changes, options));
}

function expectAll(outcomes: readonly Outcome<unknown>[]): void {
  for (const outcome of outcomes) if (!outcome.ok) throw new BackendError(outcome.failure);
}

function noOccurrence(when: When): BackendError {
  return new BackendError({
    kind: 'invalid',
    message: `the series has no occurrence on ${dateOf(when)} that could be changed`,
    code: 'NoOccurrence',
  });
}

type Places = ReadonlyMap<Target, Markup>;

/** t:OccurrenceItemId or t:ItemId for each that the server has; cancelled ones have none. */
async function locate(soap: Soap, targets: readonly Target[]): Promise<Places> {
  const first = await byNumber(soap, targets, [0]);
  // A server that counts a little otherwise than we do.
  const second = await byNumber(soap, first.missing, [-1, 1, -2, 2, -3, 3]);
  const seen = await inView(soap, second.missing, first.folder);
  return new Map([...first.places, ...second.places, ...seen]);
}

interface Search {
  readonly places: Places;
  /** Neither found nor known to be cancelled. */
  readonly missing: readonly Target[];
  readonly folder?: string;
}

/** By the number that the pattern gives, so many steps on. */
async function byNumber(soap: Soap, targets: readonly Target[], steps: readonly number[]): Promise<Search> {
  const asked = targets.flatMap((target) => {
    const number = instanceIndexOf(target.series.item, target.write.recurrenceId);
    const numbers = number === undefined ? [] : steps.map((step) => number + step).filter((each) => each > 0);
    return numbers.map((each) => ({ target, id: occurrenceId(target.series.id, each) }));
  });
  const [one] = targets;
  if (one === undefined) return { places: new Map(), missing: [] };
  // The master itself comes along, for its folder.
  const answers = await readOriginals(soap, [renderItemId(one.series.id), ...asked.map(({ id }) => id)]);
  const places = new Map<Target, Markup>();
  const cancelled = new Set<Target>();
  for (const [index, { target, id }] of asked.entries()) {
    const state = stateOf(answers[index + 1]);
    if (state === 'deleted' && steps.includes(0)) cancelled.add(target);
    if (typeof state === 'number' && isSame(state, target.write.recurrenceId, target.series.dayZone))
      places.set(target, id);
  }
  const [master] = answers;
  const folder = master?.ok === true ? ewsIdIn(master.value, 'ParentFolderId')?.id : undefined;
  const missing = targets.filter((target) => !places.has(target) && !cancelled.has(target));
  return { places, missing, ...(folder !== undefined && { folder }) };
}

function dateOf(when: When): LocalDate {
  return when.kind === 'date' ? when.date : when.local.slice(0, 10);
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
async function inView(soap: Soap, targets: readonly Target[], folder: string | undefined): Promise<Places> {
  const places = new Map<Target, Markup>();
  const wanted = targets.filter(({ series }) => series.uid !== undefined);
  const days = wanted.map(whereNow);
  const [from, to] = [Math.min(...days) - 24 * hourMs, Math.max(...days) + 24 * hourMs];
  if (folder === undefined || wanted.length === 0 || to - from > longestViewMs) return places;
  const shape = ['calendar:Start', 'calendar:OriginalStart', 'calendar:UID'].map(field);
  for (const item of await findInstances(soap, { folder, shape, from, to })) {
    const original = Date.parse(textOf(childOf(item, 'OriginalStart')));
    const uid = textOf(childOf(item, 'UID'));
    const found = ewsIdIn(item);
    const target = wanted.find(
      ({ series, write }) => series.uid === uid && isSame(original, write.recurrenceId, series.dayZone),
    );
    if (target !== undefined && found !== undefined) places.set(target, renderItemId(found.id));
  }
  return places;
}

function whereNow({ series, write }: Target): Instant {
  const key = dateOf(write.recurrenceId);
  const moved = series.item.overrides.find((override) => dateOf(override.recurrenceId) === key);
  return instantOfWhen(moved?.start ?? write.recurrenceId, series.dayZone);
}
