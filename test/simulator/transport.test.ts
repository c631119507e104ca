// HTTP, SOAP, sign-in, faults (BEHAVIOUR §1, §2, §14).
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Agent, request } from 'node:http';
import { answerLimits, parseXml } from '../../src/xml/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import {
  all,
  basic,
  call,
  codeOf,
  createEvent,
  envelope,
  folder,
  getItemBody,
  idOf,
  path,
  post,
  start,
  startUnjudged,
  sync,
} from './soap-client.ts';

let sim: Simulator;
beforeEach(async () => {
  sim = await start();
});
afterEach(() => sim.close());

const getFolder = `<m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>${folder('calendar')}</m:FolderIds></m:GetFolder>`;
const head = (authorization: string | undefined, body = envelope(getFolder)): Promise<Response> =>
  fetch(sim.url, { method: 'POST', headers: authorization === undefined ? {} : { authorization }, body });

describe('HTTP', () => {
  it('offers NTLM and Basic, takes the address or the local part, and nothing else', async () => {
    const refused = await head(undefined);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
      401,
      'NTLM, Basic realm="exchange"',
    ]);
    const as = (credentials: string): Promise<Response> =>
      head(`Basic ${Buffer.from(credentials).toString('base64')}`);
    expect((await as('alice@example.test:alice')).status).toBe(200);
    expect((await as('alice:alice')).status).toBe(200);
    expect((await as('EXAMPLE\\alice:alice')).status).toBe(200);
    expect((await as('alice:bob')).status).toBe(401);
    expect((await as('nobody:alice')).status).toBe(401);
  });

  it('answers text/xml, packed when asked, whatever the case of the path', async () => {
    const response = await fetch(sim.url.toLowerCase(), {
      method: 'POST',
      headers: { authorization: basic('alice') },
      body: envelope('<m:GetServerTimeZones ReturnFullTimeZoneData="true"/>'),
    });
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect((await response.text()).length).toBeGreaterThan(10_000);
    expect((await fetch(sim.url.replace('Exchange.asmx', 'Other.asmx'), { method: 'POST' })).status).toBe(
      404,
    );
  });

  it('binds NTLM to its connection', async () => {
    // A type 1 message asks for a challenge; nothing else is signed in by it.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const type1 = Buffer.concat([
      Buffer.from('NTLMSSP\0'),
      Buffer.from([1, 0, 0, 0, 0x07, 0x82, 0x08, 0xa2]),
      Buffer.alloc(24),
    ]).toString('base64');
    const ask = (authorization: string | undefined): Promise<{ status: number; offers: string[] }> =>
      new Promise((resolve, reject) => {
        const sent = request(
          sim.url,
          { method: 'POST', agent, headers: authorization === undefined ? {} : { authorization } },
          (response) => {
            response.resume().on('end', () =>
              resolve({
                status: response.statusCode!,
                offers: [response.headers['www-authenticate'] ?? ''].flat(),
              }),
            );
          },
        );
        sent.on('error', reject).end(envelope(getFolder));
      });
    const challenged = await ask(`NTLM ${type1}`);
    expect([challenged.status, challenged.offers[0]?.startsWith('NTLM TlRMTVNTUAAC')]).toEqual([401, true]);
    expect((await ask('NTLM bm9uc2Vuc2U=')).status).toBe(401);
    expect((await ask(undefined)).status).toBe(401);
    agent.destroy();
  });
});

describe('SOAP', () => {
  it('names the version of the server in answers', async () => {
    const reply = await call(sim, getFolder);
    expect(reply.text).toContain(
      '<h:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="2562" MinorBuildNumber="17" Version="V2017_07_11"',
    );
  });

  it.each([
    ['an unknown folder name', getFolder.replace('calendar', 'nonsense')],
    [
      'elements in the wrong order',
      '<m:GetFolder><m:FolderIds/><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape></m:GetFolder>',
    ],
    ['an unknown element', '<m:Nonsense/>'],
    ['no element', ''],
  ])('refuses %s with HTTP 500 and ErrorSchemaValidation', async (_, body) => {
    const reply = await call(sim, body);
    expect([reply.status, path(reply.body, 'detail/ResponseCode'), path(reply.body, 'faultcode')]).toEqual([
      500,
      'ErrorSchemaValidation',
      'a:ErrorSchemaValidation',
    ]);
    expect(path(reply.body, 'detail/MessageXml/Violation')).not.toBe('');
    expect(reply.text).toContain('s:mustUnderstand="1"');
  });

  it('refuses what is not XML, versions it does not know, and operations that are too new for the version', async () => {
    const broken = await head(basic('alice'), '<s:Envelope');
    expect([broken.status, (await broken.text()).includes('ErrorSchemaValidation')]).toEqual([500, true]);
    expect(await codeOf(sim, getFolder, { version: 'V2099_01_01' })).toBe('fault ErrorInvalidServerVersion');
    expect(await codeOf(sim, '<m:GetServerTimeZones/>', { version: 'Exchange2007_SP1' })).toBe(
      'fault ErrorIncorrectSchemaVersion',
    );
  });

  it('names what it does not simulate', async () => {
    const reply = await call(
      sim,
      '<m:GetPasswordExpirationDate><m:MailboxSmtpAddress>a@example.test</m:MailboxSmtpAddress></m:GetPasswordExpirationDate>',
    );
    expect([reply.status, path(reply.body, 'faultstring')]).toEqual([
      500,
      'The operation GetPasswordExpirationDate is not simulated.',
    ]);
  });
});

describe('faults', () => {
  it('busy as a fault, n times, for one operation', async () => {
    sim.faults.on('busy-fault', { operation: 'GetFolder', count: 1, backOffMs: 4321 });
    expect((await sync(sim, '')).isLast).toBe(true);
    const reply = await call(sim, getFolder);
    expect([
      reply.status,
      path(reply.body, 'detail/ResponseCode'),
      path(reply.body, 'detail/MessageXml/Value'),
    ]).toEqual([500, 'ErrorServerBusy', '4321']);
    expect(await codeOf(sim, getFolder)).toBe('NoError');
  });

  it('busy in the message', async () => {
    sim.faults.on('busy-message', { count: 1 });
    const [message] = (await call(sim, getFolder)).messages;
    expect([message?.class, message?.code, path(message?.element, 'MessageXml/Value')]).toEqual([
      'Error',
      'ErrorServerBusy',
      '1000',
    ]);
  });

  it('401, a page of HTML, a dropped connection, latency', async () => {
    sim.faults.on('unauthorized', { count: 1 });
    expect((await post(sim, getFolder)).status).toBe(401);
    sim.faults.on('html-500', { count: 1 });
    const html = await post(sim, getFolder);
    expect([html.status, html.headers.get('content-type')]).toEqual([500, 'text/html']);
    sim.faults.on('dropped', { count: 1 });
    await expect(post(sim, getFolder)).rejects.toThrow();
    sim.faults.latencyMs = 60;
    const before = performance.now();
    await post(sim, getFolder);
    expect(performance.now() - before).toBeGreaterThan(55);
  });

  it('one poisoned item spoils no other', async () => {
    const bad = await createEvent(sim, '<t:Subject>bad</t:Subject>');
    const good = await createEvent(sim, '<t:Subject>good</t:Subject>');
    sim.faults.poison('bad');
    const ask = getItemBody(`<t:ItemId ${idOf(bad)}/><t:ItemId ${idOf(good)}/>`);
    expect((await call(sim, ask)).messages.map(({ code }) => code)).toEqual(['ErrorCorruptData', 'NoError']);
    sim.faults.poison('bad', 'garbage');
    const [garbage] = (await call(sim, ask)).messages;
    expect(path(garbage?.entity, 'End') < path(garbage?.entity, 'Start')).toBe(true);
    sim.faults.clear();
    expect((await call(sim, ask)).messages.map(({ code }) => code)).toEqual(['NoError', 'NoError']);
  });

  it('control characters in texts', async () => {
    const raw = await startUnjudged();
    const event = await createEvent(raw, '<t:Subject>x</t:Subject>');
    raw.faults.controlCharacters = true;
    const text = await (await post(raw, getItemBody(`<t:ItemId ${idOf(event)}/>`))).text();
    expect(text).toContain('<t:Subject>x&#x1;</t:Subject>');
    expect(() => parseXml(text, { ...answerLimits, mendCharacters: false })).toThrow();
    await raw.close();
  });
});

describe('limits', () => {
  it('27 calls of one account at once', async () => {
    sim.faults.latencyMs = 100;
    const codes = await Promise.all(Array.from({ length: 30 }, () => codeOf(sim, getFolder)));
    expect(codes.filter((code) => code === 'NoError')).toHaveLength(27);
    expect(codes.filter((code) => code === 'fault ErrorServerBusy')).toHaveLength(3);
    expect(await codeOf(sim, getFolder)).toBe('NoError');
  });

  it('gives back ids and a cookie for affinity', async () => {
    const response = await fetch(sim.url, {
      method: 'POST',
      headers: {
        authorization: basic('alice'),
        'client-request-id': 'mine',
        'return-client-request-id': 'true',
      },
      body: envelope(getFolder),
    });
    expect([
      response.headers.get('client-request-id'),
      response.headers.get('set-cookie')?.startsWith('X-BackEndCookie='),
    ]).toEqual(['mine', true]);
    expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('what the simulator tells', () => {
  it('counts calls, shows a snapshot, and takes new users', async () => {
    sim.resetCalls();
    await call(sim, getFolder);
    await call(sim, getFolder);
    expect(sim.calls()).toEqual({ GetFolder: 2 });
    const before = sim.snapshot('alice@example.test');
    expect(sim.snapshot('alice@example.test')).toEqual(before);
    await createEvent(sim, '<t:Subject>new</t:Subject>');
    expect(sim.snapshot('alice@example.test')).not.toEqual(before);
    sim.addUser('dave@example.test', 'dave');
    expect(sim.users.map(({ address }) => address)).toEqual(
      ['alice', 'bob', 'carol', 'dave'].map((name) => `${name}@example.test`),
    );
    expect(await codeOf(sim, getFolder, { user: 'dave' })).toBe('NoError');
  });

  it('resolves names', async () => {
    const ask = (entry: string): string =>
      `<m:ResolveNames ReturnFullContactData="true"><m:UnresolvedEntry>${entry}</m:UnresolvedEntry></m:ResolveNames>`;
    expect(await codeOf(sim, ask('nobody'))).toBe('ErrorNameResolutionNoResults');
    const [one] = (await call(sim, ask('bob'))).messages;
    expect(
      all(one?.element, 'ResolutionSet/Resolution').map((hit) => path(hit, 'Mailbox/EmailAddress')),
    ).toEqual(['bob@example.test']);
    const [many] = (await call(sim, ask('example'))).messages;
    expect([many?.class, many?.code, all(many?.element, 'ResolutionSet/Resolution').length]).toEqual([
      'Warning',
      'ErrorNameResolutionMultipleResults',
      3,
    ]);
  });
});
