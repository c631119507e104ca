// If-Match and If-None-Match (RFC 9110 §13.1) against a member as it is now.
import type { FolderKind } from '../model/backend.ts';
import type { Condition, ETag } from '../model/collection.ts';
import { DavError, valueOf } from '../model/failure.ts';
import type { FolderObject } from './identity.ts';
import { loadTexts, textKey, type Variant } from './load.ts';
import { etagIn, type OpenFolder } from './open-folder.ts';
import { fingerprintOf, scheduleTagOf } from './text-hash.ts';

/** @throws DavError 412 */
export async function checkCondition(
  open: OpenFolder,
  object: FolderObject | undefined,
  condition: Condition,
): Promise<void> {
  const etag = object && etagIn(open, object);
  const { ifMatch, ifNoneMatch, ifScheduleTag } = condition;
  if (ifScheduleTag !== undefined && (await scheduleTagIn(open, object)) !== ifScheduleTag)
    throw new DavError(412, 'The meeting was changed (If-Schedule-Tag-Match).');
  if (names(ifNoneMatch, etag)) throw new DavError(412, 'There is such a member already (If-None-Match).');
  if (ifMatch === undefined || names(ifMatch, etag)) return;
  if (object && ifMatch !== '*' && (await saysTheSame(open, object, ifMatch))) return;
  throw new DavError(
    412,
    etag === undefined ? 'There is no such member (If-Match).' : 'It was changed (If-Match).',
  );
}

/** Whether the client wants to write over one version only. */
export function isVersioned(condition: Condition): boolean {
  return condition.ifMatch !== undefined && condition.ifMatch !== '*';
}

export function isConditional(condition: Condition): boolean {
  return Object.values(condition).some((value) => value !== undefined);
}

/** Of the text as it is now. */
async function scheduleTagIn(
  open: OpenFolder,
  object: FolderObject | undefined,
): Promise<string | undefined> {
  if (!object || open.folder.kind !== 'events') return undefined;
  for await (const [, outcome] of loadTexts(open, [object], { variant: 'calendar' }))
    return scheduleTagOf(valueOf(outcome).text);
  return undefined;
}

function names(etags: Condition['ifMatch'], etag: ETag | undefined): boolean {
  if (etags === undefined || etag === undefined) return false;
  return etags === '*' || etags.includes(etag);
}

/** DESIGN §4: a change that does not show in the text (a tallied reply) must not fail a write. */
async function saysTheSame(open: OpenFolder, object: FolderObject, etags: readonly ETag[]): Promise<boolean> {
  for (const variant of variantsOf[open.folder.kind]) {
    const served = etags.flatMap((etag) => open.cache.get(textKey(open, etag, variant)) ?? []);
    if (served.length === 0) continue;
    const prints = new Set(served.map(fingerprintOf));
    for await (const [, outcome] of loadTexts(open, [object], { variant })) {
      return (
        outcome.ok &&
        outcome.value.etag === etagIn(open, object) &&
        prints.has(fingerprintOf(outcome.value.text))
      );
    }
  }
  return false;
}

/** In which the text of an etag may have been read. */
const variantsOf = {
  events: ['calendar'],
  tasks: ['calendar'],
  contacts: ['3.0', '4.0'],
} as const satisfies Record<FolderKind, readonly Variant[]>;
