// Exchange behind the model's ports: finds the server, signs in, opens mailboxes.
import type { Backend, Credential } from '../model/backend.ts';
import { BackendError } from '../model/failure.ts';
import { actsForOf, openAccounts, type Account } from './accounts.ts';
import { openAutodiscover } from './autodiscover.ts';
import { knownFolders } from './folders.ts';
import { openMailbox } from './mailbox.ts';
import { firstVersion, openSoap, type CallRecord, type Dialect } from './soap.ts';
import { openLanes, type LaneOptions } from './transport.ts';

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
  const width = options.concurrency ?? 4;
  // Beside the batches go single calls and one streaming connection.
  const lanes: LaneOptions = { ca: options.ca, timeoutMs: options.timeoutMs ?? 60_000, keep: width * 2 + 1 };
  const accounts = openAccounts({ lanes, width, domain: options.domain });
  const discover = openAutodiscover(lanes);
  const dialects = new Map<string, Dialect>();

  function dialectOf(url: string): Dialect {
    const dialect = dialects.get(url) ?? { version: options.schemaVersion ?? firstVersion, proven: false };
    dialects.set(url, dialect);
    return dialect;
  }
  async function urlFor(account: Account, credential: Credential): Promise<string> {
    if (options.url === undefined) return discover(account.name, account.login);
    return typeof options.url === 'string' ? options.url : options.url(account.name, credential);
  }
  return {
    async open(credential, mailbox) {
      const account = accounts.of(credential);
      const url = await urlFor(account, credential);
      const wanted = mailbox?.toLowerCase();
      const other = wanted === account.name ? undefined : wanted;
      const soap = openSoap({
        ...account,
        url,
        dialect: dialectOf(url),
        mailbox: other ?? (account.name.includes('@') ? account.name : undefined),
        impersonate: actsForOf(credential),
        observe: options.observe,
      });
      const known = await knownFolders(soap, other);
      const self = await account.self({ soap, known, isOwn: other === undefined });
      const isOwn = other === self.address || (known.root !== undefined && known.root === self.root);
      return openMailbox({ soap, self, other: isOwn ? undefined : other, known, names: account.names });
    },
    async ping() {
      if (typeof options.url === 'string') await ping(options.url, lanes);
    },
    close() {
      accounts.close();
      return Promise.resolve();
    },
  };
}

/** Any answer of a web server that is not in trouble will do. */
async function ping(url: string, options: LaneOptions): Promise<void> {
  const lanes = openLanes(options);
  try {
    const answer = await lanes.take().ask({ url, method: 'GET', headers: {}, body: '', timeoutMs: 10_000 });
    await answer.drain();
    const code = `Http${answer.status}`;
    if (answer.status >= 500)
      throw new BackendError({ kind: 'unavailable', message: 'EWS is in trouble', code });
  } finally {
    lanes.close();
  }
}
