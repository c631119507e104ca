// Hints that folders may have changed: a streaming subscription, renewed whenever it breaks (BEHAVIOUR §13).
import { setTimeout as sleep } from 'node:timers/promises';
import type { FolderId } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import { parseId } from './ids.ts';
import { streamingEvents } from './operations/get-streaming-events.ts';
import { subscribe, unsubscribe } from './operations/subscribe.ts';
import type { Soap } from './soap.ts';

const firstPauseMs = 2_000;
const longestPauseMs = 300_000;
/** Where the server gives no subscription (delegates, limits), "may have changed" is said by the clock. */
const withoutPushMs = 120_000;

export async function* watchFolders(
  soap: Soap,
  folders: readonly FolderId[],
  signal: AbortSignal,
): AsyncGenerator<FolderId> {
  if (folders.length === 0) return;
  let pause = firstPauseMs;
  while (!signal.aborted) {
    try {
      for await (const folder of subscribed(soap, folders, signal)) {
        pause = firstPauseMs;
        yield folder;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof BackendError) || error.failure.kind === 'unauthorized') throw error;
      if (error.failure.kind === 'denied') pause = withoutPushMs;
      if (error.failure.kind === 'denied') yield* folders;
      pause = Math.max(pause, error.failure.retryAfterMs ?? 0);
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(pause * 2, longestPauseMs);
  }
}

/** One subscription as long as it lives; its connections end every half hour and are opened again. */
async function* subscribed(
  soap: Soap,
  folders: readonly FolderId[],
  signal: AbortSignal,
): AsyncGenerator<FolderId> {
  const byId = new Map(folders.map((folder) => [parseId(folder).id, folder]));
  const subscription = await subscribe(soap, [...byId.keys()], signal);
  try {
    // What happened before, or while there was no subscription, gives no event.
    yield* folders;
    while (!signal.aborted) {
      for await (const ids of streamingEvents(soap, subscription, signal)) {
        for (const id of new Set(ids)) {
          const folder = byId.get(id);
          if (folder !== undefined) yield folder;
        }
      }
    }
  } finally {
    // The server forgets it by itself after half an hour; this only spares its count.
    if (signal.aborted) await unsubscribe(soap, subscription).catch(() => {});
  }
}

/** Where there is nothing to subscribe to. */
export async function* tellByTheClock(
  folders: readonly FolderId[],
  signal: AbortSignal,
): AsyncGenerator<FolderId> {
  while (!signal.aborted) {
    yield* folders;
    await sleep(withoutPushMs, undefined, { signal }).catch(() => {});
  }
}
