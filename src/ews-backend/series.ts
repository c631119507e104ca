// Writes changed and cancelled occurrences of a series. Each is found by the number its date has in the pattern, and believed
// only when the server names the same original start (BEHAVIOUR §7): at most a read and a view before the writes.
import { BackendError, type Outcome } from '../model/failure.ts';
import type { EventItem } from '../model/item.ts';
import type { Instant, When, ZoneId } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { childOf, textOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { instanceIndexOf, type OccurrenceWrite } from './fields/index.ts';
import { dateOf } from './fields/series.ts';
import { ewsIdIn, renderItemId, type EwsId } from './ids.ts';
import { deleteItems } from './operations/delete-item.ts';
import { findInstances } from './operations/find-item.ts';
import { getItems, itemsPerGet } from './operations/get-item.ts';
import { field } from './operations/shape.ts';
import { updateItems } from './operations/update-item.ts';
import { batchesOf, inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';
import type { Tells } from './telling.ts';

export interface WrittenSeries {
  readonly id: string;
  /** As Exchange holds it now: the pattern that is in force. */
  readonly item: EventItem;
  readonly uid?: string;
  readonly dayZone?: ZoneId;
}

/** Where an occurrence is; undefined where the series has none (any more). */
export type Place = { readonly id: Markup; readonly item: EwsId } | undefined;

/** All cancelled dates in one call, then all changes in one, in the order given. @throws BackendError with the first that failed */
export async function writeOccurrences(
  soap: Soap,
  writes: readonly OccurrenceWrite[],
  { places, tells }: { readonly places: Places; readonly tells: Tells },
): Promise<void> {
  // Cancelled ones first: a moved occurrence must not cross a neighbour, and one that is gone is none.
  const cancelled = writes.flatMap((write) => (write.kind === 'cancel' ? (places(write)?.id ?? []) : []));
  const changes = writes.flatMap((write) => {
    if (write.kind !== 'change') return [];
    const id = places(write)?.id;
    if (id === undefined) throw noOccurrence(write.recurrenceId);
    return [{ id, changes: write.changes }];
  });
  const mail = tells === undefined ? 'silent' : 'send';
  if (cancelled.length > 0) expectAll(await deleteItems(soap, cancelled, { kind: 'event', mail }));
  if (changes.length > 0)
    expectAll(await updateItems(soap, changes, { kind: 'event', conflict: 'forced', tells }));
}

type Dated = Pick<OccurrenceWrite, 'recurrenceId'>;
export type Places = (write: Dated) => Place;

/** Finds all of them at once. */
export async function placesOf(soap: Soap, series: WrittenSeries, writes: readonly Dated[]): Promise<Places> {
  if (writes.length === 0) return () => undefined;
  const places = await locate(soap, series, writes);
  const byDate = new Map(writes.map(({ recurrenceId }, index) => [dateOf(recurrenceId), places[index]]));
  return ({ recurrenceId }) => byDate.get(dateOf(recurrenceId));
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

/** t:OccurrenceItemId or t:ItemId for each write; undefined where the series has no occurrence. */
export async function locate(
  soap: Soap,
  series: WrittenSeries,
  writes: readonly Dated[],
): Promise<readonly Place[]> {
  const numbered = writes.map(({ recurrenceId }) => instanceIndexOf(series.item, recurrenceId));
  const asked = numbered.flatMap((index) => (index === undefined ? [] : [occurrenceId(series.id, index)]));
  const answers = await readOriginals(soap, series.id, asked);
  const states = new Map(asked.map((id, index) => [id.xml, stateOf(answers.occurrences[index])]));
  const items = new Map(asked.map((id, index) => [id.xml, itemOf(answers.occurrences[index])]));
  const places: Place[] = [];
  for (const [index, { recurrenceId }] of writes.entries()) {
    const number = numbered[index];
    const id = number === undefined ? undefined : occurrenceId(series.id, number);
    const state = id === undefined ? undefined : states.get(id.xml);
    if (state === 'deleted') places.push(undefined);
    else if (typeof state === 'number' && isSame(state, recurrenceId, series.dayZone))
      places.push(placeAt(id, id && items.get(id.xml)));
    else places.push(await inView(soap, series, { recurrenceId, folder: answers.folder }));
  }
  return places;
}

function itemOf(outcome: Outcome<XmlElement> | undefined): EwsId | undefined {
  return outcome?.ok ? ewsIdIn(outcome.value) : undefined;
}

function placeAt(id: Markup | undefined, item: EwsId | undefined): Place {
  return id && item && { id, item };
}

function occurrenceId(master: string, index: number): Markup {
  return xml('t:OccurrenceItemId', { RecurringMasterId: master, InstanceIndex: index });
}

const originalShape = [field('calendar:OriginalStart'), field('item:ParentFolderId')];

/** What the server says of the numbered occurrences; the master itself comes along, for its folder. */
async function readOriginals(
  soap: Soap,
  master: string,
  occurrences: readonly Markup[],
): Promise<{ readonly occurrences: readonly Outcome<XmlElement>[]; readonly folder?: string }> {
  const all = [renderItemId(master), ...occurrences];
  const jobs = batchesOf(all, itemsPerGet).map((ids, batch) => async (signal: AbortSignal) => ({
    batch,
    outcomes: await getItems(soap, { ids, shape: originalShape }, signal),
  }));
  const found: (readonly Outcome<XmlElement>[])[] = [];
  for await (const { batch, outcomes } of inParallel(jobs, soap.width)) found[batch] = outcomes;
  const [first, ...rest] = found.flat();
  return {
    occurrences: rest,
    folder: first?.ok === true ? ewsIdIn(first.value, 'ParentFolderId')?.id : undefined,
  };
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

/** By a view around the day on which the occurrence now lies. */
async function inView(
  soap: Soap,
  series: WrittenSeries,
  { recurrenceId, folder }: { readonly recurrenceId: When; readonly folder?: string },
): Promise<Place> {
  if (folder === undefined || series.uid === undefined) return undefined;
  const key = dateOf(recurrenceId);
  const moved = series.item.overrides.find((override) => dateOf(override.recurrenceId) === key);
  const around = instantOfWhen(moved?.start ?? recurrenceId, series.dayZone);
  const shape = ['calendar:Start', 'calendar:OriginalStart', 'calendar:UID'].map(field);
  const request = { folder, shape, from: around - 24 * hourMs, to: around + 24 * hourMs };
  for (const item of await findInstances(soap, request)) {
    const original = Date.parse(textOf(childOf(item, 'OriginalStart')));
    const found = ewsIdIn(item);
    const isOurs = textOf(childOf(item, 'UID')) === series.uid;
    if (isOurs && found !== undefined && isSame(original, recurrenceId, series.dayZone))
      return { id: renderItemId(found.id), item: found };
  }
  return undefined;
}
