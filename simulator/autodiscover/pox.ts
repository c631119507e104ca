// POX Autodiscover ([MS-OXDSCLI]; BEHAVIOUR §16): /autodiscover/autodiscover.xml.
import { childOf, escapeText, parseXml, textOf, XmlError, type XmlElement } from '../../src/xml/index.ts';
import type { PageAnswer, PageRequest } from '../pages.ts';
import { entryOf, type DirectoryEntry, type World } from '../state/index.ts';
import { answerFor, discoverLimits, ewsUrlFor, serverOf } from './answers.ts';

const outlookRequest = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006';
const outlookResponse = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a';
const plainResponse = 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006';

/** The redirect probe of clients: a GET without credentials. */
export function poxProbe(method: string, world: World): boolean {
  return method === 'GET' && world.policy.autodiscoverLocation !== undefined;
}

export function poxPage(request: PageRequest): PageAnswer {
  const { world, method, origin } = request;
  if (method === 'GET' && world.policy.autodiscoverLocation !== undefined)
    return { status: 302, headers: { location: world.policy.autodiscoverLocation } };
  if (method !== 'POST') return xmlAnswer(errorOf(world, '600', 'Invalid Request'));
  const asked = parseAsked(request.body);
  if (asked === undefined) return xmlAnswer(errorOf(world, '600', 'Invalid Request'));
  if (asked.schema !== outlookResponse) return xmlAnswer(errorOf(world, '601', 'Provider is not available'));
  const special = answerFor(world, asked.address);
  switch (special?.kind) {
    case 'redirectAddr':
      return account(
        `<Action>redirectAddr</Action><RedirectAddr>${escapeText(special.address)}</RedirectAddr>`,
      );
    case 'redirectUrl':
      return account(`<Action>redirectUrl</Action><RedirectUrl>${escapeText(special.url)}</RedirectUrl>`);
    case 'error':
      return xmlAnswer(errorOf(world, special.code, special.message));
    case undefined:
      break;
  }
  const entry = entryOf(world, asked.address);
  if (entry === undefined || !world.mailboxes.has(entry.address.toLowerCase()))
    return xmlAnswer(errorOf(world, '500', "The email address can't be found."));
  return settings(entry, ewsUrlFor(world, origin));
}

function parseAsked(text: string): { readonly address: string; readonly schema: string } | undefined {
  const root = parsed(text);
  if (root?.name !== 'Autodiscover' || root.ns !== outlookRequest) return undefined;
  const request = childOf(root, 'Request');
  const address = textOf(childOf(request, 'EMailAddress')).trim();
  return address === ''
    ? undefined
    : { address, schema: textOf(childOf(request, 'AcceptableResponseSchema')).trim() };
}

function parsed(text: string): XmlElement | undefined {
  try {
    return parseXml(text, discoverLimits);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

function settings(entry: DirectoryEntry, ewsUrl: string): PageAnswer {
  const url = escapeText(ewsUrl);
  const host = escapeText(new URL(ewsUrl).host);
  const { server, serverDn } = serverOf(entry);
  const one = (name: string, value: string): string => `<${name}>${escapeText(value)}</${name}>`;
  const user =
    one('DisplayName', entry.name) +
    one('LegacyDN', entry.legacyDn) +
    one('AutoDiscoverSMTPAddress', entry.address) +
    one('DeploymentId', entry.guid);
  const urls = ['ASUrl', 'EwsUrl', 'EmwsUrl'].map((name) => `<${name}>${url}</${name}>`).join('');
  const inner = `<Protocol><Type>EXCH</Type>${one('Server', server)}${one('ServerDN', serverDn)}<ServerVersion>73C28A02</ServerVersion>${one('MdbDN', `${serverDn}/cn=Microsoft Private MDB`)}${urls}<OOFUrl>${url}</OOFUrl><ServerExclusiveConnect>off</ServerExclusiveConnect></Protocol>`;
  const outer = `<Protocol><Type>EXPR</Type><Server>${host}</Server><SSL>${ewsUrl.startsWith('https:') ? 'On' : 'Off'}</SSL><AuthPackage>Ntlm</AuthPackage>${urls}<OOFUrl>${url}</OOFUrl><ServerExclusiveConnect>on</ServerExclusiveConnect></Protocol>`;
  return xmlAnswer(
    `<Response xmlns="${outlookResponse}"><User>${user}</User><Account><AccountType>email</AccountType><Action>settings</Action><MicrosoftOnline>False</MicrosoftOnline>${inner}${outer}</Account></Response>`,
  );
}

function account(content: string): PageAnswer {
  return xmlAnswer(`<Response xmlns="${outlookResponse}"><Account>${content}</Account></Response>`);
}

function errorOf(world: World, code: string, message: string): string {
  const time = new Date(world.now()).toISOString().slice(11, 23);
  return `<Response><Error Time="${time}" Id="4130155072"><ErrorCode>${escapeText(code)}</ErrorCode><Message>${escapeText(message)}</Message><DebugData/></Error></Response>`;
}

function xmlAnswer(response: string): PageAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${plainResponse}">${response}</Autodiscover>`,
  };
}
