// An attendee's PUT: invitations are answered first, because an answer may make another item of them or take them away.
import type { Stored } from '../model/backend.ts';
import type { Answer } from '../model/messages.ts';
import type { Href } from '../model/collection.ts';
import type { FolderObject } from './identity.ts';
import type { Freshness } from './freshness.ts';
import type { OpenFolder } from './open-folder.ts';

/** From where the rest of the write goes on; undefined: the meeting was declined, its item has left the calendar. */
export async function answerFirst(
  open: OpenFolder,
  { before, answers }: { readonly before: Stored; readonly answers: readonly Answer[] },
): Promise<Stored | undefined> {
  if (answers.length === 0) return before;
  const written = await open.mailbox.respond(before, answers);
  if (written === undefined || before.item.kind !== 'event') return undefined;
  const { item } = before;
  const declined = answers.flatMap(({ occurrence, partStat }) =>
    occurrence && partStat === 'declined' ? [occurrence] : [],
  );
  const cancelledDates = [...item.cancelledDates, ...declined];
  return { ...before, id: written.id, version: written.version, item: { ...item, cancelledDates } };
}

const declined = new WeakMap<Freshness, Map<Href, string>>();
const maxRemembered = 1000;

/** What was declined has gone to the deleted items. A client that puts the same again must not make a new event of it. */
export function noteDeclined({ freshness }: OpenFolder, { href, uid }: FolderObject): void {
  const known = declined.get(freshness) ?? new Map<Href, string>();
  declined.set(freshness, known.set(href, uid));
  const [oldest] = known.keys();
  if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest);
}

export function hasDeclined({ freshness }: OpenFolder, href: Href, uid: string): boolean {
  return declined.get(freshness)?.get(href) === uid;
}
