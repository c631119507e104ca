// What MKCALENDAR and extended MKCOL share: place, properties, and that a folder is made whole or not at all.
import type { FolderKind } from '../../model/backend.ts';
import { DavError } from '../../model/failure.ts';
import { dav } from '../names.ts';
import {
  applyInstructions,
  isRefused,
  type FolderDraft,
  type Instruction,
  type Verdict,
} from '../folder-draft.ts';
import { requireNewFolders } from '../privileges.ts';
import type { Context } from '../request.ts';
import type { Family, Place, Unmapped } from '../resource.ts';

export interface NewFolder {
  readonly kind: FolderKind;
  readonly instructions: readonly Instruction[];
}

/** The free place inside a home of the family. @throws DavError 403, 405, 409 */
export function requireFree(place: Place, family: Family, misplaced: string): Required<Unmapped> {
  switch (place.kind) {
    case 'unmapped':
      if (place.parent === undefined) throw new DavError(409, 'there is nothing to put the collection into');
      if (place.parent.family !== family)
        throw new DavError(403, `this belongs below /${family}/`, { precondition: misplaced });
      return { ...place, parent: place.parent };
    case 'slot':
    case 'attachment':
      throw new DavError(403, 'a collection holds no collections', { precondition: misplaced });
    case 'root':
    case 'principals':
    case 'homes':
    case 'principal':
    case 'proxy':
    case 'home':
    case 'outbox':
    case 'collection':
      throw new DavError(405, 'something is here already', { precondition: dav('resource-must-be-null') });
  }
}

/** What is wrong with the properties, each by its name; empty when the folder has been made. */
export async function makeFolder(
  place: Required<Unmapped>,
  wanted: NewFolder,
  context: Context,
): Promise<readonly Verdict[]> {
  await requireNewFolders(place.parent, context.signal);
  const empty: FolderDraft = { kind: wanted.kind, displayName: place.name, properties: {} };
  const { draft, verdicts } = applyInstructions(empty, wanted.instructions);
  if (isRefused(verdicts)) return verdicts;
  await place.parent.home.create({
    key: place.name,
    kind: draft.kind,
    displayName: draft.displayName,
    properties: draft.properties,
  });
  return [];
}
