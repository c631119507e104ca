// PUT of what is several invitations to single instances of somebody else's series: each is answered and keeps what is the
// owner's own; the rest is the organizer's.
import type { Change, Stored } from '../model/backend.ts';
import type { PutResult } from '../model/collection.ts';
import { DavError } from '../model/failure.ts';
import type { LedgerHead } from '../model/store.ts';
import { instanceTexts, keyOfWhen } from '../translate/index.ts';
import { answerFirst } from './answers.ts';
import type { FolderObject } from './identity.ts';
import { parsedOf, recognised, type Parsed, type PutWork } from './incoming.ts';
import { loadStored } from './load.ts';
import type { OpenFolder } from './open-folder.ts';
import { recordWrite } from './refresh.ts';
import { translating, uidConflict } from './refusals.ts';
import { planUpdate } from './scheduling.ts';

interface Write {
  readonly before: Stored;
  readonly parsed: Parsed;
}

export async function putInstances(
  open: OpenFolder,
  request: PutWork,
  { head, object }: { readonly head: LedgerHead; readonly object: FolderObject },
): Promise<PutResult> {
  const stored = await Promise.all(object.entries.map((entry) => loadStored(open, entry)));
  // All is read and checked before anything is written.
  const writes = await writesOf(open, request, { object, stored });
  const changes: Change[] = [];
  for (const write of writes) changes.push(...(await writeInstance(open, request, write)));
  await recordWrite(open, head, changes);
  const gone = changes.filter(({ kind }) => kind === 'gone').length;
  const isLeft = gone < object.entries.length || changes.some(({ kind }) => kind === 'present');
  return { created: false, ...(!isLeft && { gone: true }) };
}

/** An instance that the text leaves out stays as it is. */
async function writesOf(
  open: OpenFolder,
  request: PutWork,
  { object, stored }: { readonly object: FolderObject; readonly stored: readonly Stored[] },
): Promise<readonly Write[]> {
  const texts = translating(open.folder.kind, () => instanceTexts(request.text));
  const writes: Write[] = [];
  for (const before of stored) {
    const { item } = before;
    if (!texts || item.kind !== 'event' || item.isOrganizer || !item.recurrenceId)
      throw new DavError(
        403,
        'This is made of several invitations to single instances: it can be answered, not rewritten.',
      );
    const text = texts.get(keyOfWhen(item.recurrenceId));
    if (text === undefined) continue;
    const parsed = await parsedOf(open, { ...request, text }, before);
    if (parsed.uid !== object.uid)
      throw uidConflict(open.folder.kind, object.href, 'A member keeps its UID: this text has another one.');
    writes.push({ before, parsed });
  }
  return writes;
}

async function writeInstance(
  open: OpenFolder,
  request: PutWork,
  { before, parsed }: Write,
): Promise<readonly Change[]> {
  const { item, held: after } = await recognised(open, before, parsed);
  const { wishes } = parsed;
  const { answers } = planUpdate(open, { before, after }, { ...request, wishes });
  const base = await answerFirst(open, { before, answers });
  const gone: Change[] = base?.id === before.id ? [] : [{ kind: 'gone', id: before.id }];
  if (base === undefined) return gone;
  const draft = parsed.draft(before.nativeUid);
  const written = await open.mailbox.update({
    before: base,
    after: { ...draft, item },
    mail: 'silent',
    // Nothing of the organizer's is written, so nobody is overwritten.
    conflict: 'forced',
  });
  return [...gone, { kind: 'present', listed: written.listed }];
}
