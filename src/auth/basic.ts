// HTTP Basic (RFC 7617): the header taken apart; UTF-8, as the challenge asks for.
import type { Credential } from '../model/backend.ts';

export type PasswordCredential = Extract<Credential, { kind: 'password' }>;

/** The challenge every DAV path answers to a request that is not signed in. */
export const basicChallenge = 'Basic realm="Exdav", charset="UTF-8"';

/** Undefined when the header is absent, of another scheme, malformed, or names nobody. */
export function parseBasic(header: string | null): PasswordCredential | undefined {
  const encoded = /^basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined || encoded.length > maxEncodedLength) return undefined;
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) return undefined;
  const user = decoded.slice(0, colon);
  const password = decoded.slice(colon + 1);
  // A control character in a name could forge a log line or a header further down.
  if (password === '' || /[\0-\x1f\x7f]/.test(user)) return undefined;
  return { kind: 'password', user, password };
}

const maxEncodedLength = 4096;
