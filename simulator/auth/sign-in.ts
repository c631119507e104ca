// Who is calling: HTTP Basic on each request, or NTLM bound to the connection (BEHAVIOUR §1).
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { openNtlm, type NtlmHandshake } from './ntlm.ts';
import type { Mailbox, World } from '../state/index.ts';

/** The caller, or the WWW-Authenticate lines of a 401. */
export type SignIn =
  | { readonly user: Mailbox }
  | {
      readonly challenge: readonly string[];
      /** Credentials were given and are wrong. */
      readonly isRefusal: boolean;
    };

export type Authenticator = (request: IncomingMessage) => SignIn;

export type Scheme = 'basic' | 'ntlm';

const challenges = { ntlm: 'NTLM', basic: 'Basic realm="exchange"' } as const satisfies Record<
  Scheme,
  string
>;

interface Connection {
  handshake?: NtlmHandshake;
  user?: Mailbox;
}

export function openAuthenticator(
  world: World,
  schemes: readonly Scheme[] = ['ntlm', 'basic'],
): Authenticator {
  const offers = schemes.map((scheme) => challenges[scheme]);
  const refusal: SignIn = { challenge: offers, isRefusal: true };
  const connections = new WeakMap<Socket, Connection>();
  return (request) => {
    const connection = connections.get(request.socket) ?? {};
    connections.set(request.socket, connection);
    const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(/\s+/);
    switch (scheme.toLowerCase()) {
      case 'basic': {
        const user = schemes.includes('basic') ? basic(world, credentials) : undefined;
        return user === undefined ? refusal : { user };
      }
      case 'ntlm':
      case 'negotiate':
        return schemes.includes('ntlm') ? (ntlm(world, connection, credentials) ?? refusal) : refusal;
      default:
        return connection.user === undefined || !world.byNo.has(connection.user.no)
          ? { challenge: offers, isRefusal: false }
          : { user: connection.user };
    }
  };
}

/** By address, local part, or DOMAIN\name. */
export function userNamed(world: World, name: string): Mailbox | undefined {
  const plain = name.replace(/^.*\\/, '').toLowerCase();
  const known = world.mailboxes.get(plain);
  if (known !== undefined || plain.includes('@')) return known;
  return [...world.mailboxes.values()].find((mailbox) =>
    mailbox.address.toLowerCase().startsWith(`${plain}@`),
  );
}

function basic(world: World, credentials: string): Mailbox | undefined {
  const plain = Buffer.from(credentials, 'base64').toString();
  const colon = plain.indexOf(':');
  const user = userNamed(world, plain.slice(0, Math.max(colon, 0)));
  return user !== undefined && user.password === plain.slice(colon + 1) ? user : undefined;
}

/** Message 1 is answered with a challenge, message 3 signs the connection in until it is closed. undefined: refused. */
function ntlm(world: World, connection: Connection, credentials: string): SignIn | undefined {
  const message = Buffer.from(credentials, 'base64');
  const { handshake } = connection;
  delete connection.handshake;
  try {
    if (handshake === undefined) {
      const opened = openNtlm((name) => userNamed(world, name)?.password);
      const challenge = opened.challenge(message).toString('base64');
      connection.handshake = opened;
      return { challenge: [`NTLM ${challenge}`], isRefusal: false };
    }
    const name = handshake.verify(message);
    const user = name === undefined ? undefined : userNamed(world, name);
    if (user === undefined) return undefined;
    connection.user = user;
    return { user };
  } catch {
    return undefined;
  }
}
