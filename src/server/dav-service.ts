// Signs a request in and hands it to the DAV handlers with the homes its user may see.
import type { PasswordCredential, Session, SignIn } from '../auth/index.ts';
import { basicChallenge, parseBasic } from '../auth/index.ts';
import { type Note, type ObjectCache, openHome } from '../collections/index.ts';
import { type DavRequest, type DavResponse, handleDav, type Space } from '../dav-handlers/index.ts';
import type { Mailbox } from '../model/backend.ts';
import type { Home } from '../model/collection.ts';
import { BackendError, DavError, precondition } from '../model/failure.ts';
import type { Ledger } from '../model/store.ts';
import { type Call, plain } from './call.ts';
import { readBody } from './body.ts';

export interface DavServiceOptions {
  readonly signIn: SignIn;
  readonly ledger: Ledger;
  readonly cache: ObjectCache;
  readonly maxResourceBytes: number;
  readonly maxAttachmentBytes: number;
  /** Messages about meetings may leave. */
  readonly autoSchedule: boolean;
  /** Reader → mailboxes shown among the reader's own; `*` stands for everybody. */
  readonly sharedMailboxes: ReadonlyMap<string, readonly string[]>;
  /** Paths of public folders shown among everybody's own. */
  readonly publicFolders: readonly string[];
  /** Whether users may look into the organisation's directory. */
  readonly hasDirectory: boolean;
  readonly now: () => number;
  readonly note: (event: Note) => void;
}

export interface DavService {
  readonly handle: (call: Call) => Promise<DavResponse>;
  /** Runs work in the home of a credential, for feeds. A credential that is refused meanwhile is not tried again. */
  inHome<T>(
    place: { readonly credential: PasswordCredential; readonly mailbox?: string },
    work: (home: Home) => Promise<T>,
  ): Promise<T>;
}

export function openDavService(options: DavServiceOptions): DavService {
  const homes = new WeakMap<Session, Map<string, Promise<Home>>>();

  function homeOf(session: Session, address: string): Promise<Home> {
    const known = homes.get(session) ?? new Map<string, Promise<Home>>();
    homes.set(session, known);
    const key = address.toLowerCase();
    const opening = known.get(key) ?? openHomeOf(session, key, options);
    known.set(key, opening);
    opening.catch(() => known.delete(key));
    return opening;
  }

  return {
    async handle(call) {
      const credential = parseBasic(call.request.headers.get('authorization'));
      if (credential === undefined) return unauthorized('Sign in with your Exchange account.');
      try {
        const session = await options.signIn.open(credential);
        call.note.account = session.account;
        const space = spaceOf(session, call, { homeOf, options });
        const answer = await handleDav(await davRequest(call, options), space);
        if (answer.status !== 401) return answer;
        throw new BackendError({ kind: 'unauthorized', message: 'the password is no longer accepted' });
      } catch (error) {
        if (!(error instanceof BackendError) || error.failure.kind !== 'unauthorized') throw error;
        await options.signIn.refuse(credential);
        return { ...unauthorized(`Exchange refused this sign-in: ${error.failure.message}`), error };
      }
    },
    async inHome({ credential, mailbox }, work) {
      try {
        const session = await options.signIn.open(credential);
        return await work(await homeOf(session, mailbox ?? session.mailbox.owner.address));
      } catch (error) {
        if (error instanceof BackendError && error.failure.kind === 'unauthorized')
          await options.signIn.refuse(credential);
        throw error;
      }
    },
  };
}

async function openHomeOf(session: Session, address: string, options: DavServiceOptions): Promise<Home> {
  const { ledger, cache, publicFolders, hasDirectory, now, note, maxAttachmentBytes } = options;
  const common = { ledger, cache, now, note, maxAttachmentBytes };
  const own = session.mailbox;
  if (address !== own.owner.address.toLowerCase())
    return openHome(await otherMailbox(session, address), {
      ...common,
      actor: [own.owner.address],
      hasDirectory: false,
    });
  const sharedMailboxes = await sharedWith(session, options.sharedMailboxes);
  return openHome(own, { ...common, sharedMailboxes, publicFolders, hasDirectory });
}

/** A mailbox that cannot be opened is, for this user, not there. */
async function otherMailbox(session: Session, address: string): Promise<Mailbox> {
  try {
    return await session.other(address);
  } catch (error) {
    if (!(error instanceof BackendError) || !hidden.has(error.failure.kind)) throw error;
    throw new DavError(404, 'there is no such mailbox, or you may not open it', { cause: error });
  }
}

const hidden: ReadonlySet<string> = new Set(['not-found', 'denied', 'invalid']);

/** Configured mailboxes; one that this user may not open is left out. */
async function sharedWith(
  session: Session,
  configured: DavServiceOptions['sharedMailboxes'],
): Promise<readonly Mailbox[]> {
  const own = session.mailbox.owner.address.toLowerCase();
  const addresses = [...(configured.get('*') ?? []), ...(configured.get(own) ?? [])].filter(
    (address) => address !== own,
  );
  const opened = await Promise.allSettled(
    [...new Set(addresses)].map((address) => otherMailbox(session, address)),
  );
  return opened.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return [outcome.value];
    if (outcome.reason instanceof DavError) return [];
    throw outcome.reason;
  });
}

interface SpaceParts {
  readonly homeOf: (session: Session, address: string) => Promise<Home>;
  readonly options: Pick<DavServiceOptions, 'maxResourceBytes' | 'autoSchedule'>;
}

function spaceOf(session: Session, call: Call, parts: SpaceParts): Space {
  return {
    user: session.mailbox.owner,
    prefix: call.prefix,
    ...(call.origin === undefined ? {} : { origin: call.origin }),
    ...(call.hosts === undefined ? {} : { hosts: call.hosts }),
    home: (address) => parts.homeOf(session, address),
    limits: { maxResourceBytes: parts.options.maxResourceBytes },
    autoSchedule: parts.options.autoSchedule,
  };
}

async function davRequest(call: Call, limits: DavServiceOptions): Promise<DavRequest> {
  const { request, path, query, requestId } = call;
  call.note.route = routeNames.get(path.segments[0] ?? '') ?? 'unknown';
  return {
    method: request.method,
    path: path.segments,
    trailingSlash: path.trailingSlash,
    query,
    headers: request.headers,
    body: await bodyOf(call, limits),
    signal: request.signal,
    requestId,
  };
}

/** One byte more than is taken: who looks at it says what is wrong with it. */
async function bodyOf(
  { request, path }: Call,
  { maxResourceBytes, maxAttachmentBytes }: DavServiceOptions,
): Promise<Uint8Array> {
  const refuse = (what: string, maxBytes: number, condition: string) => () =>
    new DavError(403, `${what} may have at most ${maxBytes} bytes`, { precondition: condition });
  if (request.method === 'POST') {
    const tooLarge = refuse('a file', maxAttachmentBytes, precondition.calendarMaxAttachmentSize);
    return readBody(request, maxAttachmentBytes + 1, tooLarge);
  }
  const condition = request.method === 'PUT' ? sizeConditions.get(path.segments[0] ?? '') : undefined;
  if (condition === undefined) return readBody(request, maxResourceBytes + 1);
  return readBody(request, maxResourceBytes, refuse('an object', maxResourceBytes, condition));
}

/** RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1. */
const sizeConditions = new Map([
  ['calendars', precondition.calendarMaxResourceSize],
  ['addressbooks', precondition.addressMaxResourceSize],
]);

const routeNames: ReadonlyMap<string, string> = new Map([
  ['', 'root'],
  ...['principals', 'calendars', 'addressbooks'].map((name) => [name, name] as const),
]);

function unauthorized(message: string): DavResponse {
  const answer = plain(401, message);
  return { ...answer, headers: { ...answer.headers, 'WWW-Authenticate': basicChallenge } };
}
