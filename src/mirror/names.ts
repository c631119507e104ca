// The mirror's own names for objects: never the UID (slashes, length), never one that was used before (Nextcloud reports a
// name that was deleted and used again as gone).
import { createHash } from 'node:crypto';
import type { Href } from '../model/collection.ts';

/** `generation`: differs when an object comes back after it was deleted; the number of the run does. */
export function nameFor(uid: string, generation: number, extension: string): Href {
  return createHash('sha256').update(`${generation}\n${uid}`).digest('hex').slice(0, 40) + extension;
}
