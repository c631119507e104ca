// Principals by words: the signed-in user, and the people, groups and rooms of the organisation's directory, where the user may
// look into it. The directory knows beginnings of words; what it gives is judged again by who searches.
import type { Directory, Entry, EntryKind, Found } from '../model/directory.ts';
import { isNamed, principalOfEntry, selfPrincipal } from './principals.ts';
import type { Context } from './request.ts';
import type { PrincipalResource } from './resource.ts';

/** Questions that one search may cost. */
const mostQuestions = 4;

export interface PrincipalSearch {
  /** Texts of which the name or an address of everybody who is meant begins with one. */
  readonly texts: readonly string[];
  /** Absent: all. */
  readonly kinds?: ReadonlySet<EntryKind>;
  readonly isMeant: (principal: PrincipalResource) => Promise<boolean>;
  readonly limit?: number;
}

export async function findPrincipals(
  search: PrincipalSearch,
  context: Context,
): Promise<Found<PrincipalResource>> {
  const { kinds, isMeant, limit = Number.POSITIVE_INFINITY } = search;
  const { space } = context;
  const own = selfPrincipal(space);
  const { found, truncated } = await entriesOf(search, context);
  const others = found
    .filter(({ address }) => address.toLowerCase() !== space.user.address.toLowerCase())
    .filter(({ kind }) => kinds?.has(kind) ?? true)
    .map((entry) => principalOfEntry(space, entry));
  const candidates = kinds?.has('individual') === false ? others : [own, ...others];
  const meant: PrincipalResource[] = [];
  for (const candidate of candidates) if (await isMeant(candidate)) meant.push(candidate);
  return { found: meant.slice(0, limit), truncated: truncated || meant.length > limit };
}

async function entriesOf(search: PrincipalSearch, { space, signal }: Context): Promise<Found<Entry>> {
  const { directory } = await space.home(space.user.address);
  if (directory === undefined) return { found: [], truncated: false };
  const { kinds } = search;
  const rooms = kinds?.has('room') === true ? await directory.rooms(signal) : [];
  // Where there are room lists, they name every room that may be booked.
  if (kinds?.size === 1 && rooms.length > 0) return { found: rooms, truncated: false };
  const texts = [...new Set(search.texts.map(wordsOf))].filter((text) => text !== '');
  const answers = await Promise.all(
    texts.slice(0, mostQuestions).map((text) => namedIn(directory, text, signal)),
  );
  const found = [...answers.flatMap((answer) => answer.found), ...rooms];
  const byAddress = new Map(found.map((entry) => [entry.address.toLowerCase(), entry]));
  return {
    found: [...byAddress.values()],
    truncated: texts.length > mostQuestions || answers.some(({ truncated }) => truncated),
  };
}

/** What looks like a whole address may be a further one, which is told only where it is asked for. */
async function namedIn(directory: Directory, text: string, signal: AbortSignal): Promise<Found<Entry>> {
  const answer = await directory.people(text, signal);
  const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text);
  if (!isAddress || answer.found.some((entry) => isNamed(entry, text))) return answer;
  const entry = await directory.entry(text, signal);
  return entry ? { ...answer, found: [entry, ...answer.found] } : answer;
}

function wordsOf(text: string): string {
  const address = /\/principals\/([^/?#]+)\/?$/.exec(text)?.[1];
  return (address ?? text)
    .trim()
    .replace(/^mailto:/i, '')
    .toLowerCase();
}
