// A collection and a store that break when told: before a write, after it (the answer is lost), or by losing their memory.
import type { Collection } from '../../src/model/collection.ts';
import { BackendError, DavError } from '../../src/model/failure.ts';
import type { MirrorStore } from '../../src/model/mirror-store.ts';

/** The process is dead: nothing after this happens. */
export class Killed extends Error {}

export interface Faults {
  /** Steps (writes, commits) until the process is killed; undefined: it lives. */
  killIn?: number | undefined;
  /** Kinds of trouble for the next writes, one each. */
  next: ('none' | 'unavailable' | 'busy' | 'refused' | 'answer-lost' | 'no-etag')[];
}

function step(faults: Faults): void {
  if (faults.killIn === undefined) return;
  if (faults.killIn <= 0) throw new Killed('killed');
  faults.killIn -= 1;
}

export function faultyCollection(collection: Collection, faults: Faults): Collection {
  return {
    ...collection,
    async put(request, signal) {
      step(faults);
      const trouble = faults.next.shift() ?? 'none';
      throwIf(trouble);
      const result = await collection.put(request, signal);
      step(faults);
      if (trouble === 'answer-lost')
        throw new BackendError({ kind: 'unavailable', message: 'the answer was lost' });
      return trouble === 'no-etag' ? { created: result.created } : result;
    },
    async remove(href, condition, mail) {
      step(faults);
      const trouble = faults.next.shift() ?? 'none';
      throwIf(trouble);
      await collection.remove(href, condition, mail);
      step(faults);
      if (trouble === 'answer-lost')
        throw new BackendError({ kind: 'unavailable', message: 'the answer was lost' });
    },
  };
}

function throwIf(trouble: Faults['next'][number]): void {
  if (trouble === 'unavailable') throw new BackendError({ kind: 'unavailable', message: 'away' });
  if (trouble === 'busy') throw new BackendError({ kind: 'busy', message: 'busy', retryAfterMs: 1000 });
  if (trouble === 'refused') throw new DavError(403, 'refused for once');
}

export function faultyStore(store: MirrorStore, faults: Faults): MirrorStore {
  return {
    ...store,
    async commit(pair, change) {
      step(faults);
      await store.commit(pair, change);
      step(faults);
    },
  };
}
