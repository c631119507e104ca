// Exchange behind the model's ports: signs in, finds the server, shares connections and back-off between the mailboxes of an account.
import type { Backend, Credential } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import { openAutodiscover } from './autodiscover.ts';
import { knownFolders, type KnownFolders } from './folders.ts';
import { openMailbox } from './mailbox.ts';
import { mailboxOfId } from './operations/convert-id.ts';
import { openConnection, type Connection, type Login, type Offers } from './sign-in.ts';
import { firstVersion, openSoap, type CallRecord, type Dialect, type Soap } from './soap.ts';
import { openThrottle, type Throttle } from './throttle.ts';
import { openLanes } from './transport.ts';

export interface EwsOptions {
  /** Address of EWS, or how to find it; absent: autodiscover by the domain of the e-mail address. */
  readonly url?: string | ((address: string, credential: Credential) => Promise<string>);
  /** PEM text of CAs trusted beside the usual ones. */
  readonly ca?: string;
  readonly schemaVersion?: string;
  readonly timeoutMs?: number;
  /** Batches under way at once for one account. */
  readonly concurrency?: number;
  /** For sign-ins without a domain: `example.org` makes `user@example.org`, `CORP` makes `CORP\user`. */
  readonly domain?: string;
  readonly observe?: (call: CallRecord) => void;
}

export function openEwsBackend(options: EwsOptions): Backend {
  const offers: Offers = new Map();
  const dialects = new Map<string, Dialect>();
  const throttles = new Map<string, Throttle>();
  const connections = new WeakMap<Credential, Connection>();
  const addresses = new WeakMap<Credential, string>();
  const open = new Set<WeakRef<Connection>>();
  const lanes = {
    ca: options.ca,
    timeoutMs: options.timeoutMs ?? 60_000,
    keep: (options.concurrency ?? 4) * 2,
  };
  const discover = openAutodiscover(lanes);

  function connectionOf(credential: Credential): Connection {
    const known = connections.get(credential);
    if (known !== undefined) return known;
    const connection = openConnection(loginOf(credential, options.domain), offers, lanes);
    connections.set(credential, connection);
    for (const ref of open) if (ref.deref() === undefined) open.delete(ref);
    open.add(new WeakRef(connection));
    return connection;
  }
  async function urlFor(credential: Credential): Promise<string> {
    const { url } = options;
    if (typeof url === 'string') return url;
    const login = loginOf(credential, options.domain);
    const address =
      credential.kind === 'application' ? credential.mailbox : signInName(credential.user, options.domain);
    return url === undefined ? discover(address, login) : url(address, credential);
  }
  /** The address behind `DOMAIN\\user`: EWS tells whose the root folder is. */
  async function addressOf(credential: Credential, opened: Opened): Promise<string> {
    const before = addresses.get(credential);
    if (before !== undefined) return before;
    const own = opened.other === undefined ? opened.known : await knownFolders(opened.soap);
    const address = own.root === undefined ? undefined : await mailboxOfId(opened.soap, own.root);
    if (address?.includes('@') !== true) throw nameless();
    addresses.set(credential, address.toLowerCase());
    return address.toLowerCase();
  }
  return {
    async open(credential, mailbox) {
      const url = await urlFor(credential);
      const login = accountOf(credential, options.domain);
      const wanted = mailbox?.toLowerCase();
      const other = wanted === undefined || wanted === login ? undefined : wanted;
      const soap = openSoap({
        url,
        connection: connectionOf(credential),
        throttle: kept(throttles, login, () => openThrottle({ width: options.concurrency ?? 4 })),
        dialect: kept(dialects, url, () => ({
          version: options.schemaVersion ?? firstVersion,
          proven: false,
        })),
        mailbox: other ?? (login.includes('@') ? login : undefined),
        impersonate: credential.kind === 'application' ? credential.mailbox : undefined,
        observe: options.observe,
      });
      const known = await knownFolders(soap, other);
      const account = login.includes('@') ? login : await addressOf(credential, { soap, known, other });
      return openMailbox({ soap, account, other, known });
    },
    async ping() {
      if (typeof options.url === 'string') await ping(options.url, lanes);
    },
    close() {
      for (const ref of open) ref.deref()?.close();
      open.clear();
      return Promise.resolve();
    },
  };
}

function kept<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function loginOf(credential: Credential, domain: string | undefined): Login {
  return credential.kind === 'password'
    ? { kind: 'password', user: signInName(credential.user, domain), password: credential.password }
    : { kind: 'bearer', token: credential.token };
}

/** Who the calls are charged to; an address, or `domain\user` where the address must be asked for. */
function accountOf(credential: Credential, domain: string | undefined): string {
  return (
    credential.kind === 'application' ? credential.mailbox : signInName(credential.user, domain)
  ).toLowerCase();
}

/** `user@domain` and `DOMAIN\user` as they are; a plain name gets the configured domain. */
export function signInName(user: string, domain: string | undefined): string {
  if (domain === undefined || user.includes('@') || user.includes('\\')) return user;
  return domain.includes('.') ? `${user}@${domain}` : `${domain}\\${user}`;
}

function nameless(): BackendError {
  return new BackendError({
    kind: 'unavailable',
    message: 'Exchange does not tell the address of this account; sign in with the e-mail address instead',
    code: 'NoAddress',
  });
}

interface Opened {
  readonly soap: Soap;
  readonly known: KnownFolders;
  readonly other?: string;
}

/** Any answer of a web server that is not in trouble will do. */
async function ping(url: string, options: Parameters<typeof openLanes>[0]): Promise<void> {
  const lanes = openLanes(options);
  try {
    const answer = await lanes.take().ask({ url, method: 'GET', headers: {}, body: '', timeoutMs: 10_000 });
    await answer.drain();
    if (answer.status >= 500)
      throw new BackendError({
        kind: 'unavailable',
        message: `EWS answers ${answer.status}`,
        code: `Http${answer.status}`,
      });
  } finally {
    lanes.close();
  }
}
