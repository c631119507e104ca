// Signs a client in on the mail server (DESIGN §9): results are remembered for minutes under keyed hashes, a refused password
// is not tried again for 15 minutes, so that a telephone with an old password cannot lock a domain account.
import { LRUCache } from 'lru-cache';
import type { Backend, Mailbox } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import type { Records } from '../model/store.ts';
import type { PasswordCredential } from './basic.ts';
import type { Keys } from './keys.ts';

export interface Session {
  readonly mailbox: Mailbox;
  /** Keyed hash of the account, for logs. */
  readonly account: string;
  /** Another mailbox under this account's own rights; opened once per session. @throws BackendError */
  other(address: string): Promise<Mailbox>;
}

export interface SignInOptions {
  readonly backend: Backend;
  readonly records: Records;
  readonly keys: Keys;
  readonly maxSessions?: number;
  readonly sessionMs?: number;
}

export interface SignIn {
  /** @throws BackendError `unauthorized` when the password is wrong, or was refused in the last 15 minutes */
  open(credential: PasswordCredential): Promise<Session>;
  /** The server has refused this credential meanwhile: forget the session and remember the refusal. */
  refuse(credential: PasswordCredential): Promise<void>;
}

const refusalMs = 15 * 60_000;

export function openSignIn(options: SignInOptions): SignIn {
  const { backend, records, keys, maxSessions = 5000, sessionMs = 10 * 60_000 } = options;
  const sessions = new LRUCache<string, Promise<Session>>({ max: maxSessions, ttl: sessionMs });
  const keyOf = (credential: PasswordCredential): string =>
    keys.digest('session', credential.user.toLowerCase(), credential.password);
  const refuse = async (key: string): Promise<void> => {
    sessions.delete(key);
    // Asking again within the time must not make it longer, or a client that asks every ten minutes never gets in.
    if ((await records.get(`refused:${key}`)) === undefined)
      await records.set(`refused:${key}`, '1', refusalMs);
  };

  async function start(credential: PasswordCredential, key: string): Promise<Session> {
    try {
      if ((await records.get(`refused:${key}`)) !== undefined) throw refusedBefore();
      const mailbox = await backend.open(credential);
      const account = keys.digest('account', mailbox.identity).slice(0, 12);
      return { mailbox, account, other: openOthers((address) => backend.open(credential, address)) };
    } catch (error) {
      sessions.delete(key);
      if (isNewRefusal(error)) await refuse(key);
      throw error;
    }
  }

  return {
    open(credential) {
      const key = keyOf(credential);
      const known = sessions.get(key);
      if (known !== undefined) return known;
      // The promise itself is kept, so that ten parallel requests of one client try one password once.
      const opening = start(credential, key);
      sessions.set(key, opening);
      return opening;
    },
    refuse: (credential) => refuse(keyOf(credential)),
  };
}

/** Each other mailbox is opened once. */
function openOthers(open: (address: string) => Promise<Mailbox>): Session['other'] {
  const others = new Map<string, Promise<Mailbox>>();
  return (address) => {
    const key = address.toLowerCase();
    const known = others.get(key);
    if (known !== undefined) return known;
    const opening = open(key);
    others.set(key, opening);
    // A refusal must not outlive the moment: rights may be given later.
    opening.catch(() => others.delete(key));
    return opening;
  };
}

function isNewRefusal(error: unknown): boolean {
  return (
    error instanceof BackendError &&
    error.failure.kind === 'unauthorized' &&
    error.failure.code !== refusedCode
  );
}

const refusedCode = 'refused-before';

function refusedBefore(): BackendError {
  return new BackendError({
    kind: 'unauthorized',
    message: 'this password was refused less than 15 minutes ago and is not tried again yet',
    code: refusedCode,
  });
}
