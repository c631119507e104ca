// SOAP Autodiscover ([MS-OXWSADISC]; BEHAVIOUR §16): GetUserSettings and GetDomainSettings of autodiscover.svc.
import {
  childOf,
  childrenOf,
  escapeText,
  parseXml,
  textOf,
  XmlError,
  type XmlElement,
} from '../../src/xml/index.ts';
import type { PageAnswer, PageRequest } from '../pages.ts';
import { entryOf, type DirectoryEntry } from '../state/index.ts';
import { answerFor, discoverLimits, ewsUrlFor, serverOf } from './answers.ts';

const soapNs = 'http://schemas.xmlsoap.org/soap/envelope/';
const discoverNs = 'http://schemas.microsoft.com/exchange/2010/Autodiscover';
const version = '15.02.2562.017';
const schemas =
  'Exchange2007, Exchange2007_SP1, Exchange2010, Exchange2010_SP1, Exchange2010_SP2, Exchange2013, Exchange2013_SP1, Exchange2016';

export function soapPage(request: PageRequest): PageAnswer {
  if (request.method !== 'POST') return { status: 405 };
  const body = bodyOf(request.body);
  const operation = body?.name.replace(/RequestMessage$/, '') ?? '';
  const run = operations[operation];
  const asked = childOf(body, 'Request');
  if (run === undefined || asked === undefined) return envelope(500, '', fault('The request is not valid.'));
  const answer = `<${operation}ResponseMessage xmlns="${discoverNs}"><Response xmlns:i="http://www.w3.org/2001/XMLSchema-instance">${run(asked, request)}</Response></${operation}ResponseMessage>`;
  return envelope(200, operation, answer);
}

function bodyOf(text: string): XmlElement | undefined {
  try {
    const root = parseXml(text, discoverLimits);
    const body = childOf(root, 'Body', soapNs);
    return body === undefined ? undefined : childrenOf(body)[0];
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

const operations: Readonly<Record<string, (asked: XmlElement, request: PageRequest) => string>> = {
  GetUserSettings(asked, request) {
    const users = listed(childOf(asked, 'Users')).map((user) => textOf(childOf(user, 'Mailbox')).trim());
    const settings = listed(childOf(asked, 'RequestedSettings')).map((setting) => textOf(setting).trim());
    if (users.length === 0) return problem('InvalidRequest', 'At least one user must be requested.');
    if (settings.length === 0) return problem('InvalidRequest', 'At least one setting must be requested.');
    const answers = users.map((address) => userResponse(address, settings, request));
    return `<ErrorCode>NoError</ErrorCode><ErrorMessage/><UserResponses>${answers.join('')}</UserResponses>`;
  },
  GetDomainSettings(asked, request) {
    const domains = listed(childOf(asked, 'Domains')).map((domain) => textOf(domain).trim());
    const settings = listed(childOf(asked, 'RequestedSettings')).map((setting) => textOf(setting).trim());
    const answers = domains.map((domain) => domainResponse(domain, settings, request));
    return `<ErrorCode>NoError</ErrorCode><ErrorMessage/><DomainResponses>${answers.join('')}</DomainResponses>`;
  },
};

function listed(element: XmlElement | undefined): readonly XmlElement[] {
  return element === undefined ? [] : childrenOf(element);
}

function problem(code: string, message: string): string {
  return `<ErrorCode>${code}</ErrorCode><ErrorMessage>${escapeText(message)}</ErrorMessage>`;
}

function userResponse(address: string, settings: readonly string[], request: PageRequest): string {
  const { world, origin } = request;
  const nothing = '<UserSettingErrors/><UserSettings/>';
  const response = (content: string): string => `<UserResponse>${content}</UserResponse>`;
  const special = answerFor(world, address);
  switch (special?.kind) {
    case 'redirectAddr':
      return response(
        `${problem('RedirectAddress', 'Redirection address.')}<RedirectTarget>${escapeText(special.address)}</RedirectTarget>${nothing}`,
      );
    case 'redirectUrl':
      return response(
        `${problem('RedirectUrl', 'Redirection URL.')}<RedirectTarget>${escapeText(special.url)}</RedirectTarget>${nothing}`,
      );
    case 'error':
      return response(`${problem(special.code, special.message)}<RedirectTarget i:nil="true"/>${nothing}`);
    case undefined:
      break;
  }
  const entry = entryOf(world, address);
  if (entry === undefined || !world.mailboxes.has(entry.address.toLowerCase()))
    return response(
      `${problem('InvalidUser', `Invalid user: '${address}'`)}<RedirectTarget i:nil="true"/>${nothing}`,
    );
  const known = { entry, ewsUrl: ewsUrlFor(world, origin) };
  const missing = settings.filter((name) => userSettings[name] === undefined);
  const errors = missing.map(
    (name) =>
      `<UserSettingError><ErrorCode>SettingIsNotAvailable</ErrorCode><ErrorMessage>User setting '${escapeText(name)}' is not available. </ErrorMessage><SettingName>${escapeText(name)}</SettingName></UserSettingError>`,
  );
  const found = Object.entries(userSettings).filter(([name]) => settings.includes(name));
  const values = found.map(
    ([name, value]) =>
      `<UserSetting i:type="StringSetting"><Name>${name}</Name><Value>${escapeText(value(known))}</Value></UserSetting>`,
  );
  return response(
    `${problem('NoError', 'No error.')}<RedirectTarget i:nil="true"/><UserSettingErrors>${errors.join('')}</UserSettingErrors><UserSettings>${values.join('')}</UserSettings>`,
  );
}

interface Known {
  readonly entry: DirectoryEntry;
  readonly ewsUrl: string;
}

/** In the order of answers; those it does not have are "not available". */
const userSettings: Readonly<Record<string, (known: Known) => string>> = {
  UserDisplayName: ({ entry }) => entry.name,
  UserDN: ({ entry }) => entry.legacyDn,
  UserDeploymentId: ({ entry }) => entry.guid,
  UserMSOnline: () => 'False',
  AutoDiscoverSMTPAddress: ({ entry }) => entry.address,
  CasVersion: () => version,
  MailboxVersion: () => version,
  EwsSupportedSchemas: () => schemas,
  InternalMailboxServer: ({ entry }) => serverOf(entry).server,
  InternalRpcClientServer: ({ entry }) => serverOf(entry).server,
  InternalMailboxServerDN: ({ entry }) => serverOf(entry).serverDn,
  MailboxDN: ({ entry }) => `${serverOf(entry).serverDn}/cn=Microsoft Private MDB`,
  InternalEwsUrl: ({ ewsUrl }) => ewsUrl,
  ExternalEwsUrl: ({ ewsUrl }) => ewsUrl,
  EwsPartnerUrl: ({ ewsUrl }) => ewsUrl,
  ExternalEwsVersion: () => version,
  GroupingInformation: () => 'Default-First-Site-Name',
};

function domainResponse(domain: string, settings: readonly string[], { world, origin }: PageRequest): string {
  const known = [...world.directory.keys()].some((address) => address.endsWith(`@${domain.toLowerCase()}`));
  const response = (content: string): string => `<DomainResponse>${content}</DomainResponse>`;
  if (!known)
    return response(
      `${problem('InvalidDomain', 'Invalid domain.')}<DomainSettingErrors/><DomainSettings/><RedirectTarget i:nil="true"/>`,
    );
  const values: Readonly<Record<string, string>> = {
    ExternalEwsUrl: ewsUrlFor(world, origin),
    ExternalEwsVersion: version,
  };
  const errors = settings
    .filter((name) => values[name] === undefined)
    .map(
      (name) =>
        `<DomainSettingError><ErrorCode>SettingIsNotAvailable</ErrorCode><ErrorMessage>Domain setting '${escapeText(name)}' is not available.</ErrorMessage><SettingName>${escapeText(name)}</SettingName></DomainSettingError>`,
    );
  const found = settings
    .filter((name) => values[name] !== undefined)
    .map(
      (name) =>
        `<DomainSetting i:type="DomainStringSetting"><Name>${name}</Name><Value>${escapeText(values[name] ?? '')}</Value></DomainSetting>`,
    );
  return response(
    `${problem('NoError', 'No error.')}<DomainSettingErrors>${errors.join('')}</DomainSettingErrors><DomainSettings>${found.join('')}</DomainSettings><RedirectTarget i:nil="true"/>`,
  );
}

function fault(text: string): string {
  return `<s:Fault><faultcode>s:Client</faultcode><faultstring>${escapeText(text)}</faultstring></s:Fault>`;
}

function envelope(status: number, operation: string, content: string): PageAnswer {
  const action =
    operation === ''
      ? ''
      : `<a:Action s:mustUnderstand="1">${discoverNs}/Autodiscover/${operation}Response</a:Action>`;
  const server = `<h:ServerVersionInfo xmlns:h="${discoverNs}" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><h:MajorVersion>15</h:MajorVersion><h:MinorVersion>2</h:MinorVersion><h:MajorBuildNumber>2562</h:MajorBuildNumber><h:MinorBuildNumber>17</h:MinorBuildNumber><h:Version>Exchange2016</h:Version></h:ServerVersionInfo>`;
  return {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${soapNs}" xmlns:a="http://www.w3.org/2005/08/addressing"><s:Header>${action}${server}</s:Header><s:Body>${content}</s:Body></s:Envelope>`,
  };
}
