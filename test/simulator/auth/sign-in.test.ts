// Bearer, Negotiate and impersonation (BEHAVIOUR §1, §15), and the authority's own protocol (RFC 6749, 7636, 8628).
import { createHash, createPublicKey, verify } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/index.ts';
import { entryOf } from '../../../simulator/state/index.ts';
import { parseXml, answerLimits, childOf, childrenOf } from '../../../src/xml/index.ts';
import { envelope, path, start } from '../soap-client.ts';

let sim: Simulator;
afterEach(() => sim.close());
const open = async (options: SimulatorOptions = {}): Promise<void> => {
  sim = await start({ schemes: ['bearer'], ...options });
};

const getFolder =
  '<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="calendar"/></m:FolderIds></m:GetFolder>';
const basic = (name: string): string =>
  `Basic ${Buffer.from(`${name}@example.test:${name}`).toString('base64')}`;
const act = (kind: string, text: string): string =>
  `<t:ExchangeImpersonation><t:ConnectingSID><t:${kind}>${text}</t:${kind}></t:ConnectingSID></t:ExchangeImpersonation>`;

async function ask(authorization: string, header = '', headers: Record<string, string> = {}) {
  const response = await fetch(sim.url, {
    method: 'POST',
    headers: { ...(authorization === '' ? {} : { authorization }), ...headers },
    body: envelope(getFolder, { header }),
  });
  const text = await response.text();
  const [body] = text === '' ? [] : childrenOf(childOf(parseXml(text, answerLimits), 'Body')!);
  return {
    status: response.status,
    headers: response.headers,
    text,
    code:
      path(body, 'detail/ResponseCode') ||
      path(body, 'ResponseMessages/GetFolderResponseMessage/ResponseCode'),
  };
}

const oauth = (name: string): string => sim.url.replace(/EWS.*/, `oauth/${name}`);
const post = async (name: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const response = await fetch(oauth(name), {
    method: 'POST',
    headers,
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location') ?? '',
    json: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>,
  };
};

describe('Bearer (§1)', () => {
  it('takes tokens of users, and says what is wrong with others', async () => {
    await open();
    expect((await ask(`Bearer ${sim.authority.issue({ user: 'alice@example.test' })}`)).code).toBe('NoError');
    const expired = await ask(`Bearer ${sim.authority.issue({ user: 'alice@example.test' }, -1)}`);
    expect([expired.status, expired.headers.get('x-ms-diagnostics')]).toEqual([
      401,
      '2000003;reason="The token has expired.";error_category="invalid_lifetime"',
    ]);
    expect(expired.headers.get('www-authenticate')).toMatch(/^Bearer client_id=.*error="invalid_token"$/);
    const forged = sim.authority.issue({ user: 'alice@example.test' }).replace(/\.[^.]+$/, '.AAAA');
    expect((await ask(`Bearer ${forged}`)).status).toBe(401);
    expect((await ask('Bearer nonsense')).status).toBe(401);
    expect((await ask('')).headers.get('www-authenticate')).toMatch(/^Bearer client_id=/);
    expect((await ask(basic('alice'))).status).toBe(401);
    expect(sim.refusedSignIns()).toBe(4);
  });

  it('takes tokens of applications only with impersonation, within what was allowed', async () => {
    await open();
    const token = `Bearer ${sim.authority.issue({ application: 'exdav-service' })}`;
    expect((await ask(token)).code).toBe('ErrorImpersonationFailed');
    expect((await ask(token, act('SmtpAddress', 'bob@example.test'))).code).toBe('NoError');
    sim.allowImpersonation('app:exdav-service', ['alice@example.test']);
    expect((await ask(token, act('SmtpAddress', 'bob@example.test'))).code).toBe(
      'ErrorImpersonateUserDenied',
    );
    expect((await ask(token, act('SmtpAddress', 'alice@example.test'))).code).toBe('NoError');
  });
});

describe('Negotiate (§1)', () => {
  it('is offered and refused, so that a client goes on to the next', async () => {
    await open({ schemes: ['negotiate-refused', 'ntlm', 'basic'] });
    expect((await ask('')).headers.get('www-authenticate')).toBe('Negotiate, NTLM, Basic realm="exchange"');
    expect((await ask('Negotiate YIIGdAYGKwYBBQUC')).status).toBe(401);
    expect((await ask(basic('alice'))).code).toBe('NoError');
  });

  it('takes NTLM inside of it, and answers in its own name', async () => {
    await open({ schemes: ['negotiate'] });
    const type1 = Buffer.concat([
      Buffer.from('NTLMSSP\0'),
      Buffer.from([1, 0, 0, 0, 0x07, 0x82, 0x08, 0xa2]),
      Buffer.alloc(24),
    ]).toString('base64');
    expect((await ask(`Negotiate ${type1}`)).headers.get('www-authenticate')).toMatch(
      /^Negotiate TlRMTVNTUAAC/,
    );
    expect((await ask(`NTLM ${type1}`)).headers.get('www-authenticate')).toBe('Negotiate');
  });
});

describe('impersonation (§15)', () => {
  it('needs a right for the account', async () => {
    await open({ schemes: ['basic'] });
    const asAlice = act('PrimarySmtpAddress', 'alice@example.test');
    const denied = await ask(basic('bob'), asAlice);
    expect([
      denied.status,
      denied.code,
      denied.text.includes('The account does not have permission to impersonate the requested user.'),
    ]).toEqual([500, 'ErrorImpersonateUserDenied', true]);
    expect((await ask(basic('alice'), asAlice)).code).toBe('NoError');
    sim.allowImpersonation('bob@example.test', ['alice@example.test']);
    expect((await ask(basic('bob'), asAlice)).code).toBe('NoError');
    expect((await ask(basic('bob'), act('SmtpAddress', 'carol@example.test'))).code).toBe(
      'ErrorImpersonateUserDenied',
    );
  });

  it.each([
    ['PrincipalName', 'alice@example.test', 'NoError'],
    ['PrincipalName', 'nobody@example.test', 'ErrorNonExistentMailbox'],
    ['PrimarySmtpAddress', 'a.example@example.test', 'ErrorNonPrimarySmtpAddress'],
    ['SmtpAddress', 'a.example@example.test', 'NoError'],
    ['SmtpAddress', 'nobody@example.test', 'ErrorNonExistentMailbox'],
    ['SID', 'alice', 'ErrorInvalidSid'],
    ['SID', 'S-1-5-21-1-2-3-4', 'ErrorInvalidUserSid'],
  ])('by %s %s: %s', async (kind, text, code) => {
    await open({ schemes: ['basic'], seed: 'small' });
    sim.allowImpersonation('bob@example.test');
    expect((await ask(basic('bob'), act(kind, text))).code).toBe(code);
  });

  it('by SID, with cookies of the back end, and 503 where the anchor is demanded and missing (§1)', async () => {
    await open({ schemes: ['basic'] });
    sim.allowImpersonation('bob@example.test');
    const sid = act('SID', entryOf(sim.world, 'alice@example.test')!.sid);
    const first = await ask(basic('bob'), sid);
    const cookie = first.headers.get('set-cookie')!;
    expect([first.code, cookie]).toEqual([
      'NoError',
      expect.stringMatching(/^X-BackEndCookie=be\d+~alice@example\.test; path=\/EWS/),
    ]);
    expect(
      (await ask(basic('bob'), sid, { cookie: cookie.replace(/;.*/, '') })).headers.get('set-cookie'),
    ).toBeNull();
    expect(
      (await ask(basic('bob'), '', { cookie: cookie.replace(/;.*/, '') })).headers.get('set-cookie'),
    ).toContain('~bob@');
    sim.world.policy.demandsAnchor = true;
    expect((await ask(basic('bob'), sid)).status).toBe(503);
    expect((await ask(basic('bob'), sid, { 'x-anchormailbox': 'Alice@example.test' })).code).toBe('NoError');
    expect((await ask(basic('bob'))).code).toBe('NoError');
  });
});

describe('the authority', () => {
  const verifier = 'a-verifier-of-forty-three-characters-or-more-0123';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const authorize = (more: Record<string, string> = {}): string =>
    `authorize?${new URLSearchParams({ client_id: 'exdav-public', response_type: 'code', redirect_uri: 'http://localhost/back', scope: 'openid offline_access', state: 's1', nonce: 'n1', code_challenge: challenge, code_challenge_method: 'S256', ...more }).toString()}`;
  const credentials = { username: 'alice@example.test', password: 'alice' };
  const codeIn = (location: string): string => new URL(location).searchParams.get('code')!;
  const exchange = (code: string, more: Record<string, string> = {}) =>
    post('token', {
      grant_type: 'authorization_code',
      client_id: 'exdav-public',
      code,
      redirect_uri: 'http://localhost/back',
      code_verifier: verifier,
      ...more,
    });

  it('gives codes for a password, tokens for a code with its proof, once (RFC 7636)', async () => {
    await open();
    expect(await (await fetch(oauth(authorize()))).text()).toContain('name="password"');
    expect((await post(authorize(), { ...credentials, password: 'wrong' })).status).toBe(401);
    const back = await post(authorize(), credentials);
    expect([back.status, new URL(back.location).searchParams.get('state')]).toEqual([302, 's1']);
    const code = codeIn(back.location);
    const tokens = await exchange(code);
    expect(tokens.json).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'openid offline_access',
    });
    expect((await ask(`Bearer ${tokens.json['access_token']}`)).code).toBe('NoError');
    expect((await exchange(code)).json['error']).toBe('invalid_grant');
    const other = codeIn((await post(authorize(), credentials)).location);
    expect((await exchange(other, { code_verifier: 'another' })).json['error']).toBe('invalid_grant');
    const refreshed = await post('token', {
      grant_type: 'refresh_token',
      client_id: 'exdav-public',
      refresh_token: tokens.json['refresh_token']!,
    });
    expect(refreshed.json['access_token']).toBeDefined();
    sim.authority.revoke('alice@example.test');
    expect(
      (
        await post('token', {
          grant_type: 'refresh_token',
          client_id: 'exdav-public',
          refresh_token: refreshed.json['refresh_token']!,
        })
      ).json['error'],
    ).toBe('invalid_grant');
  });

  it('publishes what it is and the key of its id tokens (OpenID Connect Discovery)', async () => {
    await open();
    const discovery = (await (await fetch(oauth('.well-known/openid-configuration'))).json()) as Record<
      string,
      string
    >;
    expect(discovery).toMatchObject({
      issuer: oauth('').replace(/\/$/, ''),
      token_endpoint: oauth('token'),
      authorization_endpoint: oauth('authorize'),
      device_authorization_endpoint: oauth('devicecode'),
    });
    const { keys } = (await (await fetch(discovery['jwks_uri']!)).json()) as { keys: { kid: string }[] };
    const tokens = await exchange(codeIn((await post(authorize(), credentials)).location));
    const [head, body, signature] = tokens.json['id_token']!.split('.');
    const key = createPublicKey({ key: keys[0]!, format: 'jwk' });
    expect(
      verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature!, 'base64url')),
    ).toBe(true);
    const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      aud: 'exdav-public',
      iss: discovery['issuer'],
      nonce: 'n1',
      email: 'alice@example.test',
    });
    // An id token is no key to EWS.
    expect((await ask(`Bearer ${tokens.json['id_token']}`)).status).toBe(401);
  });

  it.each([
    ['an unknown client', { client_id: 'x' }, 400, ''],
    ['no challenge of a public client', { code_challenge: '' }, 302, 'invalid_request'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 302, 'invalid_request'],
    ['another response type', { response_type: 'token' }, 302, 'unsupported_response_type'],
  ])('refuses %s', async (_, more, status, error) => {
    await open();
    const url = oauth(authorize(more)).replace(/code_challenge=&/, '');
    const answer = await fetch(url, { redirect: 'manual' });
    const location = answer.headers.get('location');
    expect([answer.status, location === null ? '' : new URL(location).searchParams.get('error')]).toEqual([
      status,
      error,
    ]);
  });

  it('gives applications tokens of their own for a secret (RFC 6749 §4.4)', async () => {
    await open();
    const asked = {
      grant_type: 'client_credentials',
      client_id: 'exdav-service',
      scope: 'https://outlook.office365.com/.default',
    };
    expect(await post('token', { ...asked, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      json: { error: 'invalid_client' },
    });
    const tokens = await post('token', { ...asked, client_secret: 'service-secret' });
    expect(
      (await ask(`Bearer ${tokens.json['access_token']}`, act('SmtpAddress', 'alice@example.test'))).code,
    ).toBe('NoError');
    const authorization = `Basic ${Buffer.from('exdav-web:web-secret').toString('base64')}`;
    expect((await post('token', { grant_type: 'client_credentials' }, { authorization })).json['error']).toBe(
      'unauthorized_client',
    );
    expect((await post('token', { grant_type: 'password' }, { authorization })).json['error']).toBe(
      'unsupported_grant_type',
    );
  });

  it('waits for the user to type a code in (RFC 8628)', async () => {
    await open();
    const device = (await post('devicecode', { client_id: 'exdav-public', scope: 'offline_access' })).json;
    const poll = () =>
      post('token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'exdav-public',
        device_code: device['device_code']!,
      });
    expect((await poll()).json['error']).toBe('authorization_pending');
    expect(
      await (await fetch(`${device['verification_uri']}?user_code=${device['user_code']}`)).text(),
    ).toContain(`value="${device['user_code']}"`);
    expect(
      (await post('device', { user_code: device['user_code']!, ...credentials, password: 'x' })).status,
    ).toBe(401);
    await post('device', { user_code: device['user_code']!, ...credentials });
    expect((await ask(`Bearer ${(await poll()).json['access_token']}`)).code).toBe('NoError');
    expect((await poll()).json['error']).toBe('invalid_grant');
    const denied = (await post('devicecode', { client_id: 'exdav-public' })).json;
    await post('device', { user_code: denied['user_code']!, ...credentials, deny: 'yes' });
    expect(
      (
        await post('token', {
          grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
          client_id: 'exdav-public',
          device_code: denied['device_code']!,
        })
      ).json['error'],
    ).toBe('access_denied');
  });
});
