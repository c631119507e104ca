// A whole collection as one text. It fails rather than leave out a member: Nextcloud would delete what is missing.
import { BackendError, type Outcome, valueOf } from '../model/failure.ts';
import type { FolderObject } from './identity.ts';
import { type Loaded, loadTexts } from './load.ts';
import { allObjects, type OpenFolder, servedText } from './open-folder.ts';
import { openPace } from './pace.ts';
import { upToDate } from './refresh.ts';

export async function feedOf(
  open: OpenFolder,
  detail: 'whole' | 'busy-only',
  signal?: AbortSignal,
): Promise<string> {
  const texts = (await allTexts(open, false, signal)) ?? (await allTexts(open, true, signal));
  if (!texts)
    throw new BackendError({ kind: 'unavailable', message: 'members vanish faster than they can be read' });
  if (open.folder.kind === 'contacts') return open.translation.mergeCards(texts);
  const pace = openPace();
  const feed = open.translation.openCalendarFeed({ name: open.folder.displayName, detail });
  for (const text of texts) {
    feed.add(text);
    await pace();
  }
  return feed.text();
}

/** undefined: a member vanished between the listing and its reading. */
async function allTexts(
  open: OpenFolder,
  force: boolean,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  await upToDate(open, { force, signal });
  const objects = await allObjects(open);
  const variant = open.folder.kind === 'contacts' ? '3.0' : 'calendar';
  const texts = new Map<FolderObject, string>();
  for await (const [object, outcome] of loadTexts(open, objects, { variant, signal })) {
    if (isGone(outcome)) return undefined;
    texts.set(object, feedText(open, object, valueOf(outcome).text));
  }
  // Always in the same order.
  return objects.toSorted((a, b) => (a.href < b.href ? -1 : 1)).flatMap((object) => texts.get(object) ?? []);
}

/** Links to attachments need a sign-in: whoever reads by a secret link gets none. */
function feedText(open: OpenFolder, { href }: FolderObject, text: string): string {
  return open.servedAt === undefined
    ? open.translation.withoutAttachments(text)
    : servedText(open, href, text);
}

function isGone(outcome: Outcome<Loaded>): boolean {
  return !outcome.ok && outcome.failure.kind === 'not-found';
}
