// DELETE of a member: to the mailbox's deleted items.
import type { Mail } from '../model/backend.ts';
import type { Condition, Href } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import type { LedgerHead } from '../model/store.ts';
import { checkCondition, isConditional, isVersioned } from './conditions.ts';
import { doubt } from './freshness.ts';
import type { FolderObject } from './identity.ts';
import { objectAt, type OpenFolder } from './open-folder.ts';
import { recordWrite, upToDate } from './refresh.ts';
import { demandRight } from './refusals.ts';
import { inTurn } from './turns.ts';

export interface RemoveRequest {
  readonly href: Href;
  readonly condition: Condition;
  readonly mail: Mail;
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
  const isGuarded = isVersioned(condition);
  const [{ id, version, kind }, ...others] = object.entries;
  if (others.length === 0) return open.mailbox.remove(id, { kind, mail, ...(isGuarded && { version }) });
  const remove = object.entries.map((entry) => ({
    id: entry.id,
    ...(isGuarded && { version: entry.version }),
  }));
  await open.mailbox.writeAll({ folder: open.folder.id, update: [], create: [], remove, mail });
  return undefined;
}
