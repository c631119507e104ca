// The endpoints of the authority: discovery (OpenID Connect Discovery 1.0), authorize with PKCE (RFC 6749 §4.1, RFC 7636),
// token, device codes (RFC 8628), keys (RFC 7517). Pages for people are plain forms, so that a test can fill them in.
import { createHash, randomBytes } from 'node:crypto';
import { escapeText } from '../../src/xml/index.ts';
import type { Mailbox } from '../state/index.ts';
import type { PageAnswer, PageRequest } from '../pages.ts';
import { ewsAudience, type Authority, type Client, type Grant } from './authority.ts';
import { userWith } from './passwords.ts';

const minuteMs = 60_000;
const codeLifeMs = 10 * minuteMs;
const deviceLifeMs = 15 * minuteMs;
const refreshLifeMs = 90 * 24 * 60 * minuteMs;

type Answer = (request: PageRequest) => PageAnswer;

/** The key pair is made when it is first needed. */
export function openAuthorityPages(authority: () => Authority): Readonly<Record<string, Answer>> {
  return {
    '/oauth/.well-known/openid-configuration': ({ origin }) => json(200, discoveryOf(origin)),
    '/oauth/keys': () => json(200, keysOf(authority())),
    '/oauth/authorize': (request) => authorize(authority(), request),
    '/oauth/token': (request) => token(authority(), request),
    '/oauth/devicecode': (request) => deviceCode(authority(), request),
    '/oauth/device': (request) => device(authority(), request),
  };
}

function discoveryOf(origin: string): object {
  const at = (name: string): string => `${origin}/oauth/${name}`;
  return {
    issuer: `${origin}/oauth`,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('token'),
    device_authorization_endpoint: at('devicecode'),
    jwks_uri: at('keys'),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: Object.keys(grantTypes),
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'none'],
    code_challenge_methods_supported: ['S256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'name', 'preferred_username', 'oid', 'email', 'nonce'],
  };
}

function keysOf({ publicKey, world }: Authority): object {
  return {
    keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: world.birth }],
  };
}

function authorize(authority: Authority, request: PageRequest): PageAnswer {
  const { query } = request;
  const redirectUri = query.get('redirect_uri') ?? '';
  const target = URL.parse(redirectUri);
  const client = authority.clients.get(query.get('client_id') ?? '');
  // RFC 6749 §4.1.2.1: without a client and an address that can be trusted nobody is sent anywhere.
  if (client === undefined || target === null) return text(400, 'unauthorized_client');
  const back = (parameters: Readonly<Record<string, string>>): PageAnswer => {
    const state = query.get('state');
    for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
    if (state !== null) target.searchParams.set('state', state);
    return { status: 302, headers: { location: target.href } };
  };
  if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
  const challenge = query.get('code_challenge') ?? undefined;
  const isPublic = client.secret === undefined;
  if (
    (isPublic && challenge === undefined) ||
    (challenge !== undefined && query.get('code_challenge_method') !== 'S256')
  )
    return back({ error: 'invalid_request', error_description: 'code_challenge of method S256 expected' });
  if (request.method !== 'POST')
    return form('Sign in', ['username', 'password'], { hint: query.get('login_hint') });
  const mailbox = signedInBy(authority, new URLSearchParams(request.body));
  if (mailbox === undefined) return form('Wrong user or password', ['username', 'password'], { status: 401 });
  const nonce = query.get('nonce') ?? undefined;
  const code = keep(authority, {
    kind: 'code',
    clientId: client.id,
    scope: query.get('scope') ?? '',
    expires: authority.world.now() + codeLifeMs,
    mailbox,
    redirectUri,
    ...(challenge === undefined ? {} : { challenge }),
    ...(nonce === undefined ? {} : { nonce }),
  });
  return back({ code });
}

interface TokenRequest {
  readonly authority: Authority;
  readonly client: Client;
  readonly given: URLSearchParams;
  readonly origin: string;
}

const grantTypes: Readonly<Record<string, (asked: TokenRequest) => PageAnswer>> = {
  authorization_code({ authority, client, given, origin }) {
    const grant = take(authority, given.get('code'), 'code');
    const proof = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url');
    if (
      grant === undefined ||
      grant.clientId !== client.id ||
      grant.redirectUri !== given.get('redirect_uri') ||
      (grant.challenge !== undefined && grant.challenge !== proof)
    )
      return oauthError('invalid_grant');
    return granted(authority, grant, origin);
  },
  refresh_token({ authority, client, given, origin }) {
    const grant = take(authority, given.get('refresh_token'), 'refresh');
    if (grant === undefined || grant.clientId !== client.id) return oauthError('invalid_grant');
    return granted(authority, grant, origin);
  },
  client_credentials({ authority, client, origin }) {
    if (client.actsAlone !== true) return oauthError('unauthorized_client');
    const accessToken = authority.accessToken({
      subject: { kind: 'application', clientId: client.id },
      clientId: client.id,
      issuer: `${origin}/oauth`,
      audience: ewsAudience,
    });
    return json(200, bearer(authority, accessToken));
  },
  'urn:ietf:params:oauth:grant-type:device_code'({ authority, client, given, origin }) {
    const code = given.get('device_code') ?? '';
    const grant = authority.grants.get(code);
    if (grant?.kind !== 'device' || grant.clientId !== client.id) return oauthError('invalid_grant');
    if (grant.expires <= authority.world.now()) return oauthError('expired_token');
    if (grant.isDenied === true) return oauthError('access_denied');
    if (grant.mailbox === undefined) return oauthError('authorization_pending');
    authority.grants.delete(code);
    return granted(authority, grant, origin);
  },
};

function token(authority: Authority, request: PageRequest): PageAnswer {
  if (request.method !== 'POST') return { status: 405 };
  const given = new URLSearchParams(request.body);
  const client = clientOf(authority, request, given);
  if (client === undefined) return oauthError('invalid_client', 401);
  const run = grantTypes[given.get('grant_type') ?? ''];
  if (run === undefined) return oauthError('unsupported_grant_type');
  return run({ authority, client, given, origin: request.origin });
}

/** By client_secret_basic or client_secret_post; public clients by name alone. */
function clientOf(authority: Authority, request: PageRequest, given: URLSearchParams): Client | undefined {
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(/\s+/);
  const [id = '', secret = ''] =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(credentials, 'base64').toString().split(':').map(decodeURIComponent)
      : [given.get('client_id') ?? '', given.get('client_secret') ?? ''];
  const client = authority.clients.get(id);
  return client === undefined || (client.secret ?? '') !== secret ? undefined : client;
}

function deviceCode(authority: Authority, request: PageRequest): PageAnswer {
  const given = new URLSearchParams(request.body);
  const client = authority.clients.get(given.get('client_id') ?? '');
  if (request.method !== 'POST' || client === undefined) return oauthError('invalid_client');
  const userCode = randomBytes(4).toString('hex').toUpperCase();
  const code = keep(authority, {
    kind: 'device',
    clientId: client.id,
    scope: given.get('scope') ?? '',
    expires: authority.world.now() + deviceLifeMs,
    userCode,
  });
  const page = `${request.origin}/oauth/device`;
  return json(200, {
    device_code: code,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: deviceLifeMs / 1000,
    interval: 1,
    message: `Open ${page} and enter the code ${userCode}.`,
  });
}

/** The page at which the user types the code in; `deny` in the form says no. */
function device(authority: Authority, request: PageRequest): PageAnswer {
  const fields = ['user_code', 'username', 'password'];
  if (request.method !== 'POST')
    return form('Enter the code', fields, { hint: request.query.get('user_code') });
  const given = new URLSearchParams(request.body);
  const found = [...authority.grants].find(
    ([, grant]) => grant.userCode !== undefined && grant.userCode === given.get('user_code'),
  );
  const mailbox = signedInBy(authority, given);
  if (found === undefined || mailbox === undefined)
    return form('Wrong code, user or password', fields, { status: 401 });
  const [code, grant] = found;
  authority.grants.set(code, given.has('deny') ? { ...grant, isDenied: true } : { ...grant, mailbox });
  return text(200, 'You may close this page.');
}

function granted(authority: Authority, grant: Grant, origin: string): PageAnswer {
  if (grant.mailbox === undefined) return oauthError('invalid_grant');
  const scopes = grant.scope.split(/\s+/);
  const claims = {
    subject: { kind: 'user', mailbox: grant.mailbox },
    clientId: grant.clientId,
    issuer: `${origin}/oauth`,
    audience: ewsAudience,
    ...(grant.nonce === undefined ? {} : { nonce: grant.nonce }),
  } as const;
  return json(200, {
    ...bearer(authority, authority.accessToken(claims)),
    scope: grant.scope,
    ...(scopes.includes('openid') ? { id_token: authority.idToken(claims) } : {}),
    ...(scopes.includes('offline_access')
      ? {
          refresh_token: keep(authority, {
            kind: 'refresh',
            clientId: grant.clientId,
            scope: grant.scope,
            mailbox: grant.mailbox,
            expires: authority.world.now() + refreshLifeMs,
          }),
        }
      : {}),
  });
}

function bearer(authority: Authority, accessToken: string): object {
  return { token_type: 'Bearer', access_token: accessToken, expires_in: Math.floor(authority.lifeMs / 1000) };
}

function signedInBy(authority: Authority, given: URLSearchParams): Mailbox | undefined {
  return userWith(authority.world, given.get('username') ?? '', given.get('password') ?? '');
}

function keep(authority: Authority, grant: Grant): string {
  const key = randomBytes(24).toString('base64url');
  authority.grants.set(key, grant);
  return key;
}

/** Codes and refresh tokens are good once. */
function take(authority: Authority, key: string | null, kind: Grant['kind']): Grant | undefined {
  const grant = authority.grants.get(key ?? '');
  if (key === null || grant?.kind !== kind) return undefined;
  authority.grants.delete(key);
  return grant.expires <= authority.world.now() ? undefined : grant;
}

function oauthError(error: string, status = 400): PageAnswer {
  return json(status, { error, error_description: `The simulated authority says: ${error}` });
}

function json(status: number, value: object): PageAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function text(status: number, body: string): PageAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** `hint` stands in the first field already. */
function form(
  title: string,
  fields: readonly string[],
  how: { hint?: string | null; status?: number } = {},
): PageAnswer {
  const { hint = null, status = 200 } = how;
  const inputs = fields.map((name, index) => {
    const value =
      index === 0 && hint !== null ? ` value="${escapeText(hint).replaceAll('"', '&quot;')}"` : '';
    return `<label>${name} <input name="${name}"${name === 'password' ? ' type="password"' : ''}${value}></label>`;
  });
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><title>${title}</title><form method="post">${inputs.join('')}<button>${title}</button></form>`,
  };
}
