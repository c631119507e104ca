// The calls of a write after its first: silent occurrences, files, the announcement, occurrences with messages of their own.
import { writeOccurrenceFiles } from './attachments.ts';
import { renderItemId, type EwsId } from './ids.ts';
import { updateItem } from './operations/update-item.ts';
import { placesOf, type Places, type WrittenSeries } from './occurrence-places.ts';
import { writeOccurrences } from './series.ts';
import type { Soap } from './soap.ts';
import type { Steps, ToldOccurrence } from './telling.ts';

export interface FurtherWrites extends Pick<Steps, 'silent' | 'told' | 'announcement'> {
  readonly series: WrittenSeries;
  readonly files: Parameters<typeof writeOccurrenceFiles>[2];
  /** Called before what cannot be taken back. */
  readonly willSend?: () => void;
}

/** `now`: the item as it is before. Its id after; undefined when only a listing can tell its version. */
export async function writeFurther(
  soap: Soap,
  now: EwsId,
  { silent, told, announcement, series, files, willSend }: FurtherWrites,
): Promise<EwsId | undefined> {
  const writes = [...silent, ...told.map(({ write }) => write)];
  const [places = nowhere] = await placesOf(soap, [{ series, writes }]);
  await writeOccurrences(soap, [{ writes: silent, places }], undefined);
  await writeOccurrenceFiles(soap, series, files);
  if (announcement || told.length > 0) willSend?.();
  const announced = announcement && (await announce(soap, now.id, announcement));
  await writeTold(soap, told, places);
  return writes.length + files.files.length > 0 ? undefined : (announced ?? now);
}

const nowhere: Places = () => undefined;

/** At most one sending write about the whole, when all the rest is done (DESIGN §6). */
function announce(
  soap: Soap,
  id: string,
  { changes, tells }: NonNullable<Steps['announcement']>,
): Promise<EwsId> {
  return updateItem(soap, { id: renderItemId(id), changes }, { kind: 'event', conflict: 'forced', tells });
}

async function writeTold(soap: Soap, told: readonly ToldOccurrence[], places: Places): Promise<void> {
  for (const [tells, group] of Map.groupBy(told, (each) => each.tells))
    await writeOccurrences(soap, [{ writes: group.map(({ write }) => write), places }], tells);
}
