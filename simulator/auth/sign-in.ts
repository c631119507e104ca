// Who is calling: HTTP Basic or Bearer on each request, or NTLM bound to the connection (BEHAVIOUR §1).
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Authority } from './authority.ts';
import { openNtlm, type NtlmHandshake } from './ntlm.ts';
import { userNamed, userWith } from './passwords.ts';
import type { Mailbox, World } from '../state/index.ts';

/** The caller, or the WWW-Authenticate lines of a 401. */
export type SignIn =
  | {
      /** Undefined: an application, which has no mailbox of its own. */
      readonly user: Mailbox | undefined;
      /** An address, or `app:` and the id of the client. */
      readonly account: string;
    }
  | Challenge;

export interface Challenge {
  readonly challenge: readonly string[];
  /** Credentials were given and are wrong. */
  readonly isRefusal: boolean;
  /** x-ms-diagnostics. */
  readonly diagnostics?: string;
}

export type Authenticator = (request: IncomingMessage) => SignIn;

/** `negotiate-refused` is offered, and whatever comes is refused: a domain without Kerberos for this client. */
export type Scheme = 'basic' | 'ntlm' | 'negotiate' | 'negotiate-refused' | 'bearer';

interface Connection {
  handshake?: NtlmHandshake;
  user?: Mailbox;
}

interface SigningIn {
  readonly world: World;
  readonly authority: () => Authority;
  readonly schemes: readonly Scheme[];
  readonly refusal: Challenge;
}

export function openAuthenticator(
  world: World,
  authority: () => Authority,
  schemes: readonly Scheme[] = ['ntlm', 'basic'],
): Authenticator {
  const offers = schemes.map((scheme) => challenges[scheme]);
  const connections = new WeakMap<Socket, Connection>();
  const signing: SigningIn = { world, authority, schemes, refusal: { challenge: offers, isRefusal: true } };
  return (request) => {
    const connection = connections.get(request.socket) ?? {};
    connections.set(request.socket, connection);
    const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(/\s+/);
    if (scheme === '')
      return connection.user === undefined
        ? { challenge: offers, isRefusal: false }
        : signedIn(connection.user);
    return handlers[scheme.toLowerCase()]?.(signing, connection, credentials) ?? signing.refusal;
  };
}

const challenges = {
  ntlm: 'NTLM',
  negotiate: 'Negotiate',
  'negotiate-refused': 'Negotiate',
  basic: 'Basic realm="exchange"',
  bearer:
    'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1"',
} as const satisfies Record<Scheme, string>;

type Handler = (signing: SigningIn, connection: Connection, credentials: string) => SignIn | undefined;

const handlers: Readonly<Record<string, Handler>> = {
  basic({ world, schemes }, _, credentials) {
    if (!schemes.includes('basic')) return undefined;
    const plain = Buffer.from(credentials, 'base64').toString();
    const colon = Math.max(plain.indexOf(':'), 0);
    const user = userWith(world, plain.slice(0, colon), plain.slice(colon + 1));
    return user === undefined ? undefined : signedIn(user);
  },
  bearer(signing, _, token) {
    if (!signing.schemes.includes('bearer')) return undefined;
    const checked = signing.authority().check(token);
    if (checked.kind === 'user') return signedIn(checked.mailbox);
    if (checked.kind === 'application') return { user: undefined, account: `app:${checked.clientId}` };
    const isExpired = checked.reason === 'expired';
    return {
      isRefusal: true,
      challenge: signing.schemes.map((scheme) =>
        scheme === 'bearer' ? `${challenges.bearer}, error="invalid_token"` : challenges[scheme],
      ),
      diagnostics: isExpired
        ? '2000003;reason="The token has expired.";error_category="invalid_lifetime"'
        : '2000005;reason="The token has an invalid signature.";error_category="invalid_signature"',
    };
  },
  ntlm: (signing, connection, message) =>
    signing.schemes.includes('ntlm')
      ? ntlm(signing.world, connection, { message, scheme: 'NTLM' })
      : undefined,
  // Only NTLM inside of Negotiate: there is no Kerberos here.
  negotiate: (signing, connection, message) =>
    signing.schemes.includes('negotiate')
      ? ntlm(signing.world, connection, { message, scheme: 'Negotiate' })
      : undefined,
};

function signedIn(user: Mailbox): SignIn {
  return { user, account: user.address.toLowerCase() };
}

/** Message 1 is answered with a challenge, message 3 signs the connection in until it is closed. undefined: refused. */
function ntlm(
  world: World,
  connection: Connection,
  { message, scheme }: { readonly message: string; readonly scheme: string },
): SignIn | undefined {
  const bytes = Buffer.from(message, 'base64');
  const { handshake } = connection;
  delete connection.handshake;
  try {
    if (handshake === undefined) {
      const opened = openNtlm((name) => userNamed(world, name)?.password || undefined);
      const challenge = opened.challenge(bytes).toString('base64');
      connection.handshake = opened;
      return { challenge: [`${scheme} ${challenge}`], isRefusal: false };
    }
    const name = handshake.verify(bytes);
    const user = name === undefined ? undefined : userNamed(world, name);
    if (user === undefined) return undefined;
    connection.user = user;
    return signedIn(user);
  } catch {
    return undefined;
  }
}
