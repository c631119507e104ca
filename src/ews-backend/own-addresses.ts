// Every address of a mailbox's owner: the one he signs in with, the main one and the further ones that the directory tells.
import { BackendError } from '../model/failure.ts';
import type { Directory } from '../model/directory.ts';
import { entryOf } from './directory.ts';
import { distinctAddresses } from './fields/people.ts';
import { mailboxOfId } from './operations/convert-id.ts';
import type { Soap } from './soap.ts';

/** ResolveNames shows three addresses of an entry at most, one of them SIP: whoever has two others may have more. */
const mayBeMore = 2;

interface Owner {
  readonly soap: Soap;
  readonly directory: Directory;
  /** As signed in with, or as the mailbox was opened by. */
  readonly address: string;
  /** Id of the mailbox's root folder. */
  readonly root?: string;
}

/** The first answer is kept, a failure is not. The main address comes first. */
export function openOwnAddresses(owner: Owner): () => Promise<readonly string[]> {
  const state: { asked?: Promise<readonly string[]> } = {};
  return () => {
    state.asked ??= addressesOf(owner);
    state.asked.catch(() => {
      state.asked = undefined;
    });
    return state.asked;
  };
}

async function addressesOf(owner: Owner): Promise<readonly string[]> {
  const { soap, directory, address, root } = owner;
  const direct = await unlessClosed(entryOf(soap, address));
  // A sign-in name that is no address: EWS tells whose the folder is.
  const main =
    direct === undefined && root !== undefined ? await unlessClosed(mailboxOfId(soap, root)) : undefined;
  const entry = direct ?? (isOther(main, address) ? await unlessClosed(entryOf(soap, main)) : undefined);
  const told = entry?.addresses ?? (main === undefined ? [] : [main]);
  const rest = told.length < mayBeMore ? [] : await further(directory, told);
  return distinctAddresses([...told, ...rest, address]);
}

function isOther(main: string | undefined, address: string): main is string {
  return main?.includes('@') === true && main.toLowerCase() !== address.toLowerCase();
}

/** FindPeople tells all of them. */
async function further(directory: Directory, [main = '']: readonly string[]): Promise<readonly string[]> {
  const people = await unlessClosed(directory.people(main));
  const self = people?.found.find(({ addresses }) =>
    addresses.some((each) => each.toLowerCase() === main.toLowerCase()),
  );
  return self?.addresses ?? [];
}

/** A directory that is closed to the user, or that the server has not, tells nothing. */
async function unlessClosed<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof BackendError && ['not-found', 'invalid', 'denied'].includes(error.failure.kind))
      return undefined;
    throw error;
  }
}
