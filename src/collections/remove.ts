// DELETE of a member: to the mailbox's deleted items.
import type { Stored } from '../model/backend.ts';
import type { Condition, Href, Permission } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { LedgerHead } from '../model/store.ts';
import { checkCondition, isConditional, isVersioned } from './conditions.ts';
import { doubt } from './freshness.ts';
import type { Entry, FolderObject } from './identity.ts';
import { loadStored } from './load.ts';
import { demandAllUnmasked } from './masked.ts';
import { objectAt, type OpenFolder } from './open-folder.ts';
import { isSplit } from './parts.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { demandRight } from './refusals.ts';
import { planRemoval, type Farewell, type RemovalPlan } from './scheduling.ts';
import { inTurn } from './turns.ts';

export interface RemoveRequest {
  readonly href: Href;
  readonly condition: Condition;
  readonly mail: Permission;
}

export async function removeMember(open: OpenFolder, request: RemoveRequest): Promise<void> {
  demandRight(open.folder.rights, 'remove');
  return inTurn(open.freshness, `href ${request.href}`, () => removeInTurn(open, request));
}

async function removeInTurn(open: OpenFolder, request: RemoveRequest): Promise<void> {
  const { head, object } = await findKnown(open, request);
  await checkCondition(open, object, request.condition);
  if (!object) throw new DavError(404, 'There is no such member.');
  try {
    await removeObject(open, object, request);
  } catch (error) {
    doubt(open.freshness);
    const isChanged = error instanceof BackendError && error.failure.kind === 'changed';
    throw isChanged ? new DavError(412, 'It was changed meanwhile (If-Match).', { cause: error }) : error;
  }
  await recordWrite(
    open,
    head,
    object.entries.map(({ id }) => ({ kind: 'gone', id })),
  );
}

/** Without a condition, what the ledger knows is enough: one call less (DESIGN §5). */
async function findKnown(
  open: OpenFolder,
  { href, condition }: RemoveRequest,
): Promise<{ head: LedgerHead | undefined; object: FolderObject | undefined }> {
  if (!isConditional(condition)) {
    const head = await open.ledger.head(open.scope);
    const object = head && (await objectAt(open, href).catch(() => undefined));
    if (object) return { head, object };
  }
  const head = await upToDate(open);
  return { head, object: await objectAt(open, href) };
}

export async function removeObject(
  open: OpenFolder,
  object: FolderObject,
  { condition, mail }: Pick<RemoveRequest, 'condition' | 'mail'>,
): Promise<void> {
  await demandAllUnmasked(open, object);
  if (isSplit(object)) return removeItems(open, object.entries, isVersioned(condition));
  for (const entry of object.entries) {
    const { id, version, kind } = entry;
    // An invitation is put away: the mail that it came by is the user's.
    if (open.folder.role === 'schedule-inbox') {
      await open.mailbox.dismiss(id);
      continue;
    }
    const stored = entry.isMeeting && mail !== 'silent' ? await meetingOf(open, entry) : undefined;
    const plan = stored ? planRemoval(open, stored, { mail }) : quietly;
    if (stored && plan.kind === 'decline' && (await declined(open, stored))) continue;
    if (stored && plan.kind === 'remove' && plan.farewell) await sayFarewell(open, stored, plan.farewell);
    await open.mailbox.remove(id, {
      kind,
      mail: plan.kind === 'remove' ? plan.mail : 'silent',
      ...(isVersioned(condition) && { version }),
    });
  }
  return undefined;
}

/** Items that concern nobody else, in one call. */
export async function removeItems(
  open: OpenFolder,
  items: readonly Pick<Entry, 'id' | 'version'>[],
  isGuarded = false,
): Promise<void> {
  const remove = items.map(({ id, version }) => ({ id, ...(isGuarded && { version }) }));
  await open.mailbox.writeAll({ folder: open.folder.id, update: [], create: [], remove });
}

const quietly: RemovalPlan = { kind: 'remove', mail: 'silent' };

/** One that cannot be read can be deleted all the same. */
async function meetingOf(open: OpenFolder, entry: Entry): Promise<Stored | undefined> {
  try {
    return await loadStored(open, entry);
  } catch (error) {
    if (error instanceof BackendError && error.failure.kind === 'unreadable') return undefined;
    throw error;
  }
}

/** False where the mailbox does not let it be answered: then it is deleted. */
async function declined(open: OpenFolder, stored: Stored): Promise<boolean> {
  try {
    await open.mailbox.respond(stored, [{ partStat: 'declined', mail: 'send' }]);
    return true;
  } catch (error) {
    if (error instanceof BackendError && error.failure.kind === 'invalid') return false;
    throw error;
  }
}

async function sayFarewell(open: OpenFolder, before: Stored, { after, telling }: Farewell): Promise<void> {
  const draft = { item: after, tags: before.tags };
  await open.mailbox.update({ before, after: draft, mail: 'send', telling, conflict: 'forced' });
}
