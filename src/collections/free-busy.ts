// Busy times of the members of a calendar (RFC 4791 §7.10).
import type { BusyTime } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import type { Range } from '../model/time.ts';
import type { FolderObject } from './identity.ts';
import { loadTexts } from './load.ts';
import { allObjects, type OpenFolder } from './open-folder.ts';
import { openPace } from './pace.ts';
import { touches } from './query.ts';
import { upToDate } from './refresh.ts';

export async function freeBusyOf(
  open: OpenFolder,
  range: Required<Range>,
  signal?: AbortSignal,
): Promise<readonly BusyTime[]> {
  if (open.folder.kind !== 'events') return [];
  await upToDate(open, { signal });
  const candidates = (await allObjects(open)).filter((object) => touches(object, range));
  const times: BusyTime[] = [];
  const pace = openPace();
  for await (const [object, outcome] of loadTexts(open, candidates, { variant: 'calendar', signal })) {
    if (outcome.ok) times.push(...open.translation.busyTimesOf(outcome.value.text, range));
    else if (outcome.failure.kind === 'unreadable') times.push(...spansOf(object, range));
    else if (outcome.failure.kind !== 'not-found') throw new BackendError(outcome.failure);
    await pace();
  }
  return times;
}

/** What cannot be read still takes its time; when a series falls nobody can say then. */
function spansOf(object: FolderObject, range: Required<Range>): BusyTime[] {
  return object.entries.flatMap(({ span, isSeries }) => {
    if (isSeries || span?.last === undefined) return [];
    const clipped = { from: Math.max(span.first, range.from), to: Math.min(span.last, range.to) };
    return clipped.from < clipped.to ? [{ range: clipped, busy: 'busy' as const }] : [];
  });
}
