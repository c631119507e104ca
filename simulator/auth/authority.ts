// A small authority for Bearer sign-in (RFC 6749, RFC 6750): tokens of users and of applications, as signed JWTs
// (RFC 7519) that only this simulator accepts. Its endpoints are in authority-pages.ts.
import { createSign, createVerify, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Mailbox, World } from '../state/index.ts';

export interface Client {
  readonly id: string;
  /** Absent: a public client, which proves codes by PKCE (RFC 7636). */
  readonly secret?: string;
  /** May have tokens of its own (client_credentials), which need impersonation. */
  readonly actsAlone?: boolean;
}

/** Whom a token speaks for. */
export type Subject =
  | { readonly kind: 'user'; readonly mailbox: Mailbox }
  | { readonly kind: 'application'; readonly clientId: string };

export type Checked = Subject | { readonly kind: 'refused'; readonly reason: 'expired' | 'invalid' };

export interface Claims {
  readonly subject: Subject;
  readonly clientId: string;
  readonly issuer: string;
  readonly audience: string;
  readonly nonce?: string;
}

export interface Authority {
  readonly clients: Map<string, Client>;
  /** Life of access tokens. */
  lifeMs: number;
  /** Grants that were given and not yet used: authorization codes, device codes, refresh tokens. */
  readonly grants: Map<string, Grant>;
  readonly world: World;
  readonly publicKey: KeyObject;
  /** An access token without ceremony, for tests. @throws Error for an unknown user */
  issue(subject: { readonly user: string } | { readonly application: string }, lifeMs?: number): string;
  accessToken(claims: Claims, lifeMs?: number): string;
  idToken(claims: Claims): string;
  check(token: string): Checked;
  /** Every refresh token of the user is worthless from now on. */
  revoke(address: string): void;
}

export interface Grant {
  readonly kind: 'code' | 'device' | 'refresh';
  readonly clientId: string;
  readonly scope: string;
  readonly expires: number;
  /** Of a device code: absent until the user has said yes. */
  readonly mailbox?: Mailbox;
  readonly redirectUri?: string;
  /** RFC 7636 S256. */
  readonly challenge?: string;
  readonly nonce?: string;
  /** What the user types in (RFC 8628). */
  readonly userCode?: string;
  readonly isDenied?: boolean;
}

/** What EWS accepts tokens for. */
export const ewsAudience = 'https://outlook.office365.com';

const defaultClients: readonly Client[] = [
  { id: 'exdav-public' },
  { id: 'exdav-web', secret: 'web-secret' },
  { id: 'exdav-service', secret: 'service-secret', actsAlone: true },
];

export function openAuthority(world: World): Authority {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sign = (claims: object): string => {
    const text = `${encode({ typ: 'JWT', alg: 'RS256', kid: world.birth })}.${encode(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  };
  const authority: Authority = {
    clients: new Map(defaultClients.map((client) => [client.id, client])),
    lifeMs: 3_600_000,
    grants: new Map(),
    world,
    publicKey,
    issue: (subject, lifeMs) => authority.accessToken(claimsFor(world, subject), lifeMs),
    accessToken: (claims, lifeMs = authority.lifeMs) => sign(accessClaims(world, claims, lifeMs)),
    idToken: (claims) => sign(idClaims(world, claims, authority.lifeMs)),
    check: (token) => checkToken(world, publicKey, token),
    revoke(address) {
      for (const [key, grant] of authority.grants)
        if (grant.mailbox?.address.toLowerCase() === address.toLowerCase()) authority.grants.delete(key);
    },
  };
  return authority;
}

function claimsFor(world: World, subject: Parameters<Authority['issue']>[0]): Claims {
  const [who, clientId]: [Subject, string] =
    'user' in subject
      ? [{ kind: 'user', mailbox: mailboxNamed(world, subject.user) }, 'exdav-public']
      : [{ kind: 'application', clientId: subject.application }, subject.application];
  return { subject: who, clientId, issuer: 'simulator', audience: ewsAudience };
}

function commonClaims(world: World, claims: Claims, lifeMs: number): object {
  return {
    iss: claims.issuer,
    aud: claims.audience,
    iat: seconds(world.now()),
    nbf: seconds(world.now()),
    exp: seconds(world.now() + lifeMs),
    tid: world.birth,
    jti: randomBytes(9).toString('base64url'),
  };
}

function accessClaims(world: World, claims: Claims, lifeMs: number): object {
  const { subject, clientId } = claims;
  return {
    ...commonClaims(world, claims, lifeMs),
    appid: clientId,
    ...(subject.kind === 'user'
      ? { ...person(subject.mailbox), scp: 'EWS.AccessAsUser.All' }
      : { sub: clientId, roles: ['full_access_as_app'] }),
  };
}

function idClaims(world: World, claims: Claims, lifeMs: number): object {
  const { subject, clientId, nonce } = claims;
  return {
    ...commonClaims(world, { ...claims, audience: clientId }, lifeMs),
    ...(subject.kind === 'user' ? person(subject.mailbox) : {}),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

function mailboxNamed(world: World, address: string): Mailbox {
  const mailbox = world.mailboxes.get(address.toLowerCase());
  if (mailbox === undefined) throw new Error(`no mailbox ${address}`);
  return mailbox;
}

function person(mailbox: Mailbox): object {
  const upn = mailbox.address.toLowerCase();
  return {
    sub: upn,
    oid: `00000000-0000-0000-0000-${String(mailbox.no).padStart(12, '0')}`,
    upn,
    preferred_username: upn,
    name: mailbox.name,
    email: mailbox.address,
  };
}

function checkToken(world: World, publicKey: KeyObject, token: string): Checked {
  const [head = '', content = '', signature = ''] = token.split('.');
  const isOurs = createVerify('RSA-SHA256')
    .update(`${head}.${content}`)
    .verify(publicKey, Buffer.from(signature, 'base64url'));
  if (!isOurs) return { kind: 'refused', reason: 'invalid' };
  const claims = decode(content);
  if (typeof claims['exp'] !== 'number' || claims['exp'] * 1000 <= world.now())
    return { kind: 'refused', reason: 'expired' };
  if (claims['aud'] !== ewsAudience) return { kind: 'refused', reason: 'invalid' };
  if (Array.isArray(claims['roles'])) return { kind: 'application', clientId: String(claims['appid']) };
  const mailbox = world.mailboxes.get(String(claims['sub']));
  if (mailbox === undefined || claims['scp'] === undefined) return { kind: 'refused', reason: 'invalid' };
  return { kind: 'user', mailbox };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
