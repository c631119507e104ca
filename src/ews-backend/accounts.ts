// What all mailboxes opened with one credential share: the connection, the back-off, the account's own address and zone.
import type { Credential } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import type { ZoneId } from '../model/time.ts';
import { ianaZoneOf } from '../model/zones.ts';
import { cardOfResolution } from './fields/directory-fields.ts';
import { knownFolders, type KnownFolders } from './folders.ts';
import { mailboxOfId } from './operations/convert-id.ts';
import { mailboxZone } from './operations/get-user-configuration.ts';
import { resolveNames } from './operations/resolve-names.ts';
import { openConnection, type Connection, type Login, type Offers } from './sign-in.ts';
import type { Soap } from './soap.ts';
import { openThrottle, type Throttle } from './throttle.ts';
import { openX500Names, type X500Names } from './x500.ts';
import type { LaneOptions } from './transport.ts';

export interface Account {
  /** An address, or `domain\user`, lower case. */
  readonly name: string;
  readonly login: Login;
  readonly connection: Connection;
  readonly throttle: Throttle;
  /** People of the organisation whom stored items call by X.500 names. */
  readonly names: X500Names;
  /** Asked once. */
  readonly self: (opened: Opened) => Promise<Self>;
}

/** The account as Exchange knows it. */
export interface Self {
  readonly address: string;
  /** Whose midnights are its whole days. */
  readonly zone: ZoneId;
  /** Its root folder, when it was seen: by it the mailbox is known again under a further address. */
  readonly root?: string;
}

/** A mailbox just opened, by which the account is asked about itself. */
export interface Opened {
  readonly soap: Soap;
  readonly known: KnownFolders;
  readonly isOwn: boolean;
}

export interface Accounts {
  of(credential: Credential): Account;
  close(): void;
}

export function openAccounts(options: {
  readonly lanes: LaneOptions;
  readonly width: number;
  readonly domain?: string;
}): Accounts {
  const offers: Offers = new Map();
  // Weak: a stranger who tries a million names must leave nothing behind.
  const throttles = new Map<string, WeakRef<Throttle>>();
  const accounts = new WeakMap<Credential, Account>();
  const open = new Set<WeakRef<Connection>>();

  let forgetAt = 1000;
  /** When there are twice as many as the last time, so that no sign-in pays for all others. */
  function forgetUnused(): void {
    if (open.size < forgetAt) return;
    for (const ref of open) if (ref.deref() === undefined) open.delete(ref);
    for (const [name, ref] of throttles) if (ref.deref() === undefined) throttles.delete(name);
    forgetAt = Math.max(1000, 2 * open.size);
  }
  function openAccount(credential: Credential): Account {
    const login = loginOf(credential, options.domain);
    const connection = openConnection(login, offers, options.lanes);
    forgetUnused();
    open.add(new WeakRef(connection));
    const name = ownerOfRights(credential, options.domain).toLowerCase();
    const throttle = throttles.get(name)?.deref() ?? openThrottle({ width: options.width });
    throttles.set(name, new WeakRef(throttle));
    return { name, login, connection, throttle, names: openX500Names(), self: asked(name) };
  }

  return {
    of(credential) {
      const account = accounts.get(credential) ?? openAccount(credential);
      accounts.set(credential, account);
      return account;
    },
    close() {
      for (const ref of open) ref.deref()?.close();
      open.clear();
    },
  };
}

/** The first answer is kept, a failure is not. */
function asked(name: string): Account['self'] {
  const state: { self?: Promise<Self> } = {};
  return (opened) => {
    state.self ??= selfOf(name, opened);
    state.self.catch(() => {
      state.self = undefined;
    });
    return state.self;
  };
}

async function selfOf(name: string, opened: Opened): Promise<Self> {
  const address = name.includes('@') ? name : await addressOf(name, opened);
  const zone = await mailboxZone(opened.soap);
  const root = opened.isOwn ? opened.known.root : undefined;
  return {
    address,
    zone: (zone === undefined ? undefined : ianaZoneOf(zone)) ?? 'UTC',
    ...(root !== undefined && { root }),
  };
}

/** The address behind `DOMAIN\user`: EWS tells whose the root folder is, or the directory who that user is. */
async function addressOf(name: string, { soap, known, isOwn }: Opened): Promise<string> {
  const own = isOwn ? known : await knownFolders(soap);
  const address =
    (await ownerOf(soap, own.root)) ?? (await addressIn(soap, name.slice(name.indexOf('\\') + 1)));
  if (address !== undefined) return address.toLowerCase();
  throw new BackendError({
    kind: 'unavailable',
    message: 'Exchange does not tell the address of this account; sign in with the e-mail address instead',
    code: 'NoAddress',
  });
}

async function ownerOf(soap: Soap, root: string | undefined): Promise<string | undefined> {
  if (root === undefined) return undefined;
  try {
    const address = await mailboxOfId(soap, root);
    return address?.includes('@') === true ? address : undefined;
  } catch (error) {
    if (error instanceof BackendError && ['not-found', 'invalid', 'denied'].includes(error.failure.kind))
      return undefined;
    throw error;
  }
}

/** Only when the name means one person. */
async function addressIn(soap: Soap, user: string): Promise<string | undefined> {
  const { found } = await resolveNames(soap, { text: user, scope: 'ActiveDirectoryContacts' });
  const [card, ...others] = found.flatMap((each) => cardOfResolution(each) ?? []);
  return others.length === 0 ? card?.address : undefined;
}

/** A service account is not itself: it is charged, throttled and known as the mailbox for which it acts. */
export function actsForOf(credential: Credential): string | undefined {
  if (credential.kind === 'application') return credential.mailbox;
  return credential.kind === 'password' ? credential.actsFor : undefined;
}

function ownerOfRights(credential: Credential, domain: string | undefined): string {
  if (credential.kind === 'application') return credential.mailbox;
  return actsForOf(credential) ?? signInName(credential.user, domain);
}

function loginOf(credential: Credential, domain: string | undefined): Login {
  return credential.kind === 'password'
    ? { kind: 'password', user: signInName(credential.user, domain), password: credential.password }
    : { kind: 'bearer', token: credential.token };
}

/** `user@domain` and `DOMAIN\user` as they are; a plain name gets the configured domain. */
export function signInName(user: string, domain: string | undefined): string {
  if (domain === undefined || user.includes('@') || user.includes('\\')) return user;
  return domain.includes('.') ? `${user}@${domain}` : `${domain}\\${user}`;
}
