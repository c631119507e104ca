// Writes changed and cancelled occurrences of series.
import { BackendError, type Outcome } from '../model/failure.ts';
import type { When } from '../model/time.ts';
import type { OccurrenceWrite } from './fields/index.ts';
import { dateOf } from './fields/series.ts';
import type { Places, WrittenSeries } from './occurrence-places.ts';
import { deleteItems } from './operations/delete-item.ts';
import { updateItems } from './operations/update-item.ts';
import type { Soap } from './soap.ts';
import type { Tells } from './telling.ts';

/** Of one series. */
export interface SeriesWrites {
  readonly series: WrittenSeries;
  readonly writes: readonly OccurrenceWrite[];
}

export interface PlacedWrites {
  readonly writes: readonly OccurrenceWrite[];
  readonly places: Places;
}

/**
 * Of all series: all cancelled dates in one call, then all changes in one, in the order given.
 * @throws BackendError with the first that failed
 */
export async function writeOccurrences(
  soap: Soap,
  all: readonly PlacedWrites[],
  tells: Tells,
): Promise<void> {
  const placed = all.flatMap(({ writes, places }) =>
    writes.map((write) => ({ write, id: places(write)?.id })),
  );
  // Cancelled ones first: a moved occurrence must not cross a neighbour, and one that is gone is none.
  const cancelled = placed.flatMap(({ write, id }) => (write.kind === 'cancel' && id ? [id] : []));
  const changes = placed.flatMap(({ write, id }) => {
    if (write.kind !== 'change') return [];
    if (id === undefined) throw noOccurrence(write.recurrenceId);
    return [{ id, changes: write.changes }];
  });
  const mail = tells === undefined ? 'silent' : 'send';
  if (cancelled.length > 0) expectAll(await deleteItems(soap, cancelled, { kind: 'event', mail }));
  if (changes.length > 0)
    expectAll(await updateItems(soap, changes, { kind: 'event', conflict: 'forced', tells }));
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
