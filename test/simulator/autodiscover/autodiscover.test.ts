// Autodiscover, POX and SOAP (BEHAVIOUR §16; [MS-OXDSCLI], [MS-OXWSADISC]).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../../simulator/index.ts';
import { entryOf } from '../../../simulator/state/index.ts';
import {
  answerLimits,
  childOf,
  childrenOf,
  parseXml,
  textOf,
  type XmlElement,
} from '../../../src/xml/index.ts';
import { specFolder } from '../envelopes.ts';
import { all, at, basic, path } from '../soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await startSimulator({ seed: 'small' });
});
afterAll(() => sim.close());

const address = (name: string): string => sim.url.replace(/EWS.*/, `autodiscover/${name}`);
const send = (name: string, body: string, user = 'alice'): Promise<Response> =>
  fetch(address(name), {
    method: 'POST',
    headers: { authorization: basic(user), 'content-type': 'text/xml' },
    body,
  });

const poxRequest = (
  mail: string,
  schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
): string =>
  `<?xml version="1.0"?><Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request><EMailAddress>${mail}</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema></Request></Autodiscover>`;
const pox = async (body: string): Promise<XmlElement | undefined> =>
  childOf(parseXml(await (await send('autodiscover.xml', body)).text(), answerLimits), 'Response');

describe('POX', () => {
  it('names EWS for a mailbox, by any of its addresses', async () => {
    const response = await pox(poxRequest('a.example@example.test'));
    expect([
      path(response, 'User/AutoDiscoverSMTPAddress'),
      path(response, 'User/LegacyDN'),
      path(response, 'Account/Action'),
      ...all(response, 'Account/Protocol').map((one) => `${path(one, 'Type')} ${path(one, 'EwsUrl')}`),
    ]).toEqual([
      'alice@example.test',
      entryOf(sim.world, 'alice@example.test')!.legacyDn,
      'settings',
      `EXCH ${sim.url}`,
      `EXPR ${sim.url}`,
    ]);
  });

  it('asks to sign in, and sends a probe without credentials where it was told to', async () => {
    expect(
      (await fetch(address('autodiscover.xml'), { method: 'POST', body: poxRequest('alice@example.test') }))
        .status,
    ).toBe(401);
    expect((await fetch(address('Autodiscover.xml'))).status).toBe(401);
    sim.world.policy.autodiscoverLocation = 'https://elsewhere.example/autodiscover/autodiscover.xml';
    const probe = await fetch(address('autodiscover.xml'), { redirect: 'manual' });
    expect([probe.status, probe.headers.get('location')]).toEqual([
      302,
      'https://elsewhere.example/autodiscover/autodiscover.xml',
    ]);
    sim.world.policy.autodiscoverLocation = undefined;
  });

  it.each([
    ['an unknown address', poxRequest('nobody@example.test'), '500'],
    ['another schema', poxRequest('alice@example.test', 'http://x.example/'), '601'],
    ['no XML', 'hello', '600'],
    ['no address', poxRequest(''), '600'],
  ])('answers %s with an Error', async (_, body, code) => {
    expect(path(await pox(body), 'Error/ErrorCode')).toBe(code);
  });

  it('redirects and fails as it was told, for an address or a domain', async () => {
    const { autodiscover } = sim.world.policy;
    autodiscover.set('alice@example.test', { kind: 'redirectAddr', address: 'alice@other.example' });
    autodiscover.set('@moved.example', {
      kind: 'redirectUrl',
      url: 'https://new.example/autodiscover/autodiscover.xml',
    });
    autodiscover.set('bob@example.test', {
      kind: 'error',
      code: '603',
      message: 'Active Directory is unavailable',
    });
    const address = await pox(poxRequest('Alice@example.test'));
    expect([path(address, 'Account/Action'), path(address, 'Account/RedirectAddr')]).toEqual([
      'redirectAddr',
      'alice@other.example',
    ]);
    const url = await pox(poxRequest('x@moved.example'));
    expect([path(url, 'Account/Action'), path(url, 'Account/RedirectUrl')]).toEqual([
      'redirectUrl',
      'https://new.example/autodiscover/autodiscover.xml',
    ]);
    expect(path(await pox(poxRequest('bob@example.test')), 'Error/Message')).toBe(
      'Active Directory is unavailable',
    );
    const users = at(
      await soap(
        settingsOf(['alice@example.test', 'x@moved.example', 'bob@example.test'], ['ExternalEwsUrl']),
      ),
      'Response/UserResponses',
    );
    expect(
      childrenOf(users!).map((user) => `${path(user, 'ErrorCode')} ${path(user, 'RedirectTarget')}`),
    ).toEqual([
      'RedirectAddress alice@other.example',
      'RedirectUrl https://new.example/autodiscover/autodiscover.xml',
      '603 ',
    ]);
    autodiscover.clear();
  });
});

const soapRequest = (operation: string, request: string): string =>
  `<soap:Envelope xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover" xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header><a:RequestedServerVersion>Exchange2013</a:RequestedServerVersion><wsa:Action>http://schemas.microsoft.com/exchange/2010/Autodiscover/Autodiscover/${operation}</wsa:Action></soap:Header><soap:Body><a:${operation}RequestMessage><a:Request>${request}</a:Request></a:${operation}RequestMessage></soap:Body></soap:Envelope>`;
const settingsOf = (users: string[], settings: string[]): string =>
  soapRequest(
    'GetUserSettings',
    `<a:Users>${users.map((user) => `<a:User><a:Mailbox>${user}</a:Mailbox></a:User>`).join('')}</a:Users><a:RequestedSettings>${settings.map((name) => `<a:Setting>${name}</a:Setting>`).join('')}</a:RequestedSettings>`,
  );
const soap = async (body: string): Promise<XmlElement | undefined> => {
  const response = await send('autodiscover.svc', body);
  return childrenOf(childOf(parseXml(await response.text(), answerLimits), 'Body')!)[0];
};

describe('SOAP', () => {
  it('GetUserSettings answers user by user, setting by setting', async () => {
    const answer = await soap(
      settingsOf(
        ['alice@example.test', 'nobody@example.test'],
        [
          'InternalEwsUrl',
          'ExternalEwsUrl',
          'ActiveDirectoryServer',
          'UserDisplayName',
          'GroupingInformation',
        ],
      ),
    );
    expect([answer?.name, path(answer, 'Response/ErrorCode')]).toEqual([
      'GetUserSettingsResponseMessage',
      'NoError',
    ]);
    const [alice, nobody] = all(answer, 'Response/UserResponses/UserResponse');
    expect(
      all(alice, 'UserSettings/UserSetting').map((one) => [path(one, 'Name'), path(one, 'Value')]),
    ).toEqual([
      ['UserDisplayName', 'Alice Example'],
      ['InternalEwsUrl', sim.url],
      ['ExternalEwsUrl', sim.url],
      ['GroupingInformation', 'Default-First-Site-Name'],
    ]);
    expect(
      all(alice, 'UserSettingErrors/UserSettingError').map(
        (one) => `${path(one, 'ErrorCode')} ${path(one, 'SettingName')}`,
      ),
    ).toEqual(['SettingIsNotAvailable ActiveDirectoryServer']);
    expect(path(nobody, 'ErrorCode')).toBe('InvalidUser');
  });

  it('GetDomainSettings answers domain by domain', async () => {
    const answer = await soap(
      soapRequest(
        'GetDomainSettings',
        '<a:Domains><a:Domain>example.test</a:Domain><a:Domain>none.example</a:Domain></a:Domains><a:RequestedSettings><a:Setting>ExternalEwsUrl</a:Setting></a:RequestedSettings>',
      ),
    );
    const domains = all(answer, 'Response/DomainResponses/DomainResponse');
    expect(
      domains.map((one) => [path(one, 'ErrorCode'), path(one, 'DomainSettings/DomainSetting/Value')]),
    ).toEqual([
      ['NoError', sim.url],
      ['InvalidDomain', ''],
    ]);
  });

  it('refuses what it does not know with a fault', async () => {
    expect((await soap(soapRequest('GetNothing', '')))?.name).toBe('Fault');
    expect((await soap('hello'))?.name).toBe('Fault');
    expect(path(await soap(settingsOf([], ['ExternalEwsUrl'])), 'Response/ErrorCode')).toBe('InvalidRequest');
  });

  it.skipIf(specFolder === undefined)('has the shape of every captured answer', async () => {
    const folder = join(specFolder!, 'examples/Autodiscover-GetUserSettings');
    const captured = ['10', '11', '12', '13'].map((number) =>
      readFileSync(join(folder, `${number}-response.xml`), 'utf8'),
    );
    expect(readdirSync(folder).length).toBeGreaterThan(10);
    for (const text of captured) {
      const [real] = childrenOf(childOf(parseXml(text, answerLimits), 'Body')!);
      const user = all(real, 'Response/UserResponses/UserResponse')[0];
      const asked = all(user, 'UserSettings/UserSetting').map((one) => path(one, 'Name'));
      const mine = await soap(settingsOf(['alice@example.test'], asked));
      const names = (element: XmlElement | undefined): string[] =>
        element === undefined ? [] : childrenOf(element).map(({ name }) => name);
      expect(names(at(mine, 'Response'))).toEqual(names(at(real, 'Response')));
      expect(names(all(mine, 'Response/UserResponses/UserResponse')[0])).toEqual(names(user));
      expect(textOf(at(user, 'ErrorMessage'))).toBe('No error.');
    }
  });
});
