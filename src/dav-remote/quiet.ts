// Writes that no header and no mark in their own text can silence: what is stored already decides whether mail would leave.
import type { Condition, Href, Permission, Resource } from '../model/collection.ts';
import { BackendError } from '../model/failure.ts';
import { isMarked, unmarked } from './marks.ts';
import type { Place } from './place.ts';
import { readOne } from './read.ts';
import { quietText, wouldSchedule } from './scheduling.ts';

/** @throws BackendError: nobody asks this side to send */
export function demandSilent(mail: Permission): void {
  if (mail === 'silent') return;
  throw new BackendError({
    kind: 'invalid',
    message: 'a foreign DAV server is never asked to send mail',
    code: 'SilentOnly',
  });
}

/**
 * Where only the text helps, a meeting that is stored without the mark is not written over: its attendees would be told.
 * @throws BackendError `would-send-mail`
 */
export async function demandQuietPut(
  place: Place,
  { href, condition }: { readonly href: Href; readonly condition: Condition },
  signal?: AbortSignal,
): Promise<void> {
  if (!isMarked(place) || place.abilities.quiet !== 'parameters' || condition.ifNoneMatch === '*') return;
  const present = await readOne(unmarked(place), href, { signal });
  if (present && wouldSchedule(present.text, place.addresses)) throw wouldSend();
}

/** What must be written before a DELETE is silent: the present text with the mark. @throws BackendError `would-send-mail` */
export async function quietedBeforeDelete(place: Place, href: Href): Promise<Resource | undefined> {
  if (!isMarked(place)) return undefined;
  const present = await readOne(unmarked(place), href);
  if (present === undefined || !wouldSchedule(present.text, place.addresses)) return undefined;
  if (place.abilities.quiet === 'parameters') throw wouldSend();
  return { ...present, text: quietText(present.text) };
}

export function wouldSend(): BackendError {
  return new BackendError({
    kind: 'would-send-mail',
    message: 'this server would mail the other parties of the meeting, and is too old to be told not to',
    code: 'WouldSendMail',
  });
}
