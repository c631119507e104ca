// The organisation's directory over EWS: ResolveNames for names with all that is told, FindPeople for words anywhere and for
// kinds, room lists (BEHAVIOUR §6). One call a question; the rooms are remembered for an hour.
import type { Card, Directory, Entry, Found } from '../model/directory.ts';
import { BackendError } from '../model/failure.ts';
import { cardOfPersona, cardOfResolution, roomOf } from './fields/directory-fields.ts';
import { findPeople } from './operations/find-people.ts';
import { getRoomLists, getRooms } from './operations/get-rooms.ts';
import { resolveNames } from './operations/resolve-names.ts';
import { inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';

/** What ResolveNames gives at most. */
const most = 100;
/** Room lists that are read: more calls than these no question may cost. */
const mostRoomLists = 20;
const roomsTrustMs = 3_600_000;
/** Longer is no beginning of a name. */
const maxText = 200;

const nothing = { found: [], truncated: false } as const;

export function openDirectory(soap: Soap): Directory {
  const state: { rooms?: Promise<readonly Entry[]>; roomsAt: number; hasFindPeople: boolean } = {
    roomsAt: 0,
    hasFindPeople: isAtLeast2013(soap.version()),
  };

  async function named(text: string, signal?: AbortSignal): Promise<Found<Card>> {
    const { found, truncated } = await resolveNames(soap, { text, scope: 'ActiveDirectory' }, signal);
    return { found: found.flatMap((each) => cardOfResolution(each) ?? []), truncated };
  }
  /** By words anywhere; servers before 2013, and others that only look alike, know names alone. */
  async function found(text: string, signal?: AbortSignal): Promise<Found<Card>> {
    if (!state.hasFindPeople) return named(text, signal);
    try {
      const { found, truncated } = await findPeople(soap, { text, most }, signal);
      return { found: found.flatMap((each) => cardOfPersona(each) ?? []), truncated };
    } catch (error) {
      if (!(error instanceof BackendError) || !['invalid', 'not-found'].includes(error.failure.kind))
        throw error;
      state.hasFindPeople = false;
      return named(text, signal);
    }
  }

  return {
    entry: (address, signal) => entryOf(soap, address, signal),
    cards(text, where, signal) {
      const wanted = text.trim().slice(0, maxText);
      if (wanted === '') return Promise.resolve(nothing);
      return where === 'names' ? named(wanted, signal) : found(wanted, signal);
    },
    people(text, signal) {
      const wanted = text.trim().slice(0, maxText);
      return wanted === '' ? Promise.resolve(nothing) : found(wanted, signal);
    },
    rooms() {
      if (state.rooms === undefined || Date.now() - state.roomsAt > roomsTrustMs) {
        state.roomsAt = Date.now();
        state.rooms = roomsOf(soap).catch(noRooms);
        // A failure is not remembered.
        state.rooms.catch(() => {
          state.rooms = undefined;
        });
      }
      return state.rooms;
    },
  };
}

/** The entry that has the address, main or further. */
export async function entryOf(soap: Soap, address: string, signal?: AbortSignal): Promise<Card | undefined> {
  const wanted = address.trim().toLowerCase();
  if (!/^[^@\s]+@[^@\s]+$/.test(wanted) || wanted.length > maxText) return undefined;
  const request = { text: `smtp:${wanted}`, scope: 'ActiveDirectory' } as const;
  const { found } = await resolveNames(soap, request, signal);
  const cards = found.flatMap((each) => cardOfResolution(each) ?? []);
  const exact = cards.find(({ addresses }) => addresses.some((each) => each.toLowerCase() === wanted));
  // The few addresses that are told may leave out the very one that was asked for.
  return exact ?? (cards.length === 1 ? cards[0] : undefined);
}

/** Servers without room lists, and those that show none to this user. */
function noRooms(error: unknown): readonly Entry[] {
  if (error instanceof BackendError && ['invalid', 'not-found', 'denied'].includes(error.failure.kind))
    return [];
  throw error;
}

async function roomsOf(soap: Soap): Promise<readonly Entry[]> {
  const lists = (await getRoomLists(soap)).slice(0, mostRoomLists);
  const rooms = new Map<string, Entry>();
  for await (const found of inParallel(
    lists.map((list) => (signal: AbortSignal) => getRooms(soap, list, signal)),
    soap.width,
  ))
    for (const room of found.flatMap((each) => roomOf(each) ?? []))
      rooms.set(room.address.toLowerCase(), room);
  return [...rooms.values()];
}

/** Exchange2007_SP1 < Exchange2010 < Exchange2013 < … < V2015_10_05: the names happen to sort by age. */
function isAtLeast2013(version: string): boolean {
  return version.startsWith('V') || version >= 'Exchange2013';
}
