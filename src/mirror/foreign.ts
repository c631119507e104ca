// What only a foreign server has: collections that lie in a trash bin or refuse writes, and a trash bin that keeps UIDs occupied.
import { BackendError, DavError } from '../model/failure.ts';
import type { HistoryEntry, MirrorStore } from '../model/mirror-store.ts';
import { chunksOf } from './unknown.ts';
import type { RunInput } from './run-input.ts';

/** Why nothing can be done; asked only when there is something to do: a cycle without changes costs one request a side. */
export async function closedSide({ sides, rules, isForced, signal }: RunInput): Promise<string | undefined> {
  if (sides.nextcloud.purgeTrash === undefined || isForced) return undefined;
  const { trashed = false, writable = true } = await sides.nextcloud.state(signal);
  if (trashed) return 'the collection of nextcloud lies in its trash bin: restore it, or take the pair out';
  if (!writable && rules.direction !== 'to-exchange')
    return 'the collection of nextcloud cannot be written to';
  return undefined;
}

/** What this run deleted there, for good. What stays in the bin after all is met when its UID is wanted again. */
export async function purgeOwnDeletions(
  { sides, store, rules, observe, signal }: RunInput,
  run: number,
): Promise<void> {
  if (sides.nextcloud.purgeTrash === undefined) return;
  const uids = new Set((await removedIn(store, rules.name, run)).map(({ uid, ownUid }) => ownUid ?? uid));
  try {
    for (const batch of chunksOf([...uids], 500)) await sides.nextcloud.purgeTrash(batch, signal);
  } catch (error) {
    if (!(error instanceof BackendError || error instanceof DavError)) throw error;
    observe({ kind: 'note', message: `nextcloud: the trash bin was not emptied: ${error.message}` });
  }
}

async function removedIn(store: MirrorStore, pair: string, run: number): Promise<readonly HistoryEntry[]> {
  const done = await store.history(pair, { run });
  return done.filter(({ side, action }) => side === 'nextcloud' && action === 'removed');
}
