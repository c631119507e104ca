// Whose meeting is it? A mailbox has more addresses than the one it is known by; they are asked for, once, only where people
// are named and the known address is not among them (DESIGN §5: nothing is asked that nobody needs).
import type { Stored } from '../model/backend.ts';
import type { OpenFolder } from './open-folder.ts';

/** For a text that a client has written. */
export function knowingOwner(open: OpenFolder, text: string): Promise<OpenFolder> {
  const lines = text.replaceAll(/\r?\n[ \t]/g, '').match(/^(?:ORGANIZER|ATTENDEE)[;:].*$/gim) ?? [];
  return knowing(
    open,
    lines.flatMap((line) => line.match(/[^\s;,:"=<>/]+@[^\s;,:"=<>/]+/g) ?? []),
  );
}

/** For items that are to be shown; whose the owner's own meetings are, the mailbox tells itself. */
export function knowingOwnerOf(open: OpenFolder, stored: readonly Stored[]): Promise<OpenFolder> {
  const people = stored.flatMap(({ item }) =>
    item.kind === 'event' && !item.isOrganizer ? item.attendees.map(({ address }) => address) : [],
  );
  return knowing(open, people);
}

async function knowing(open: OpenFolder, people: readonly string[]): Promise<OpenFolder> {
  if (people.length === 0) return open;
  const named = new Set(people.map((each) => each.toLowerCase()));
  if (open.ownAddresses.some((own) => named.has(own.toLowerCase()))) return open;
  return { ...open, ownAddresses: ownFirst(open.ownAddresses, await open.allAddresses()) };
}

/** The first is the address under which somebody is shown who is not on the list. */
function ownFirst(known: readonly string[], all: readonly string[]): readonly string[] {
  const seen = new Set(known.map((each) => each.toLowerCase()));
  return [...known, ...all.filter((each) => !seen.has(each.toLowerCase()))];
}
