// POX autodiscover ([MS-OXDSCLI]; BEHAVIOUR §16): from an e-mail address to the address of EWS. Credentials go to https hosts
// only, after they have asked for them, and to no host outside the e-mail domain.
import { resolveSrv } from 'node:dns/promises';
import { BackendError } from '../model/failure.ts';
import {
  answerLimits,
  childOf,
  childrenOf,
  parseXml,
  renderXml,
  textOf,
  xml,
  XmlError,
  type XmlElement,
} from '../xml/index.ts';
import { openConnection, type Login, type Offers } from './sign-in.ts';
import { openLanes, type HttpAnswer, type HttpRequest, type LaneOptions } from './transport.ts';

/** What the search needs of the network. */
export interface AutodiscoverNetwork {
  /** Without credentials. */
  ask(request: HttpRequest): Promise<Pick<AutodiscoverAnswer, 'status' | 'location' | 'offers'>>;
  post(request: HttpRequest, login: Login): Promise<AutodiscoverAnswer>;
  /** Hosts of `_autodiscover._tcp`. */
  srv(name: string): Promise<readonly string[]>;
}

export interface AutodiscoverAnswer {
  readonly status: number;
  readonly location?: string;
  /** It asked to sign in. */
  readonly offers: boolean;
  readonly body: string;
}

const outlook = 'http://schemas.microsoft.com/exchange/autodiscover/outlook';
const path = '/autodiscover/autodiscover.xml';
const mostHops = 5;
const timeoutMs = 10_000;

/** Answers are kept: the server of an address seldom moves. A failure is not kept. */
export function openAutodiscover(options: LaneOptions, network = overHttp(options)) {
  const known = new Map<string, Promise<string>>();
  return (address: string, login: Login): Promise<string> => {
    const key = address.toLowerCase();
    const before = known.get(key);
    if (before !== undefined) return before;
    const search = discover(network, key, login);
    known.set(key, search);
    search.catch(() => known.delete(key));
    return search;
  };
}

/** @throws BackendError `unauthorized`, `unavailable` */
async function discover(network: AutodiscoverNetwork, address: string, login: Login): Promise<string> {
  let asked = address;
  const refusedHosts: string[] = [];
  for (let hop = 0; hop < mostHops; hop += 1) {
    const domain = domainOf(asked);
    const found = await searchDomain(network, { address: asked, domain, login, refusedHosts });
    if (found === undefined) break;
    if (found.kind === 'url') return found.url;
    if (domainOf(found.address) !== domain && !isWithin(domainOf(found.address), domainOf(address))) {
      refusedHosts.push(domainOf(found.address));
      break;
    }
    asked = found.address;
  }
  const led =
    refusedHosts.length === 0 ? '' : `; it leads to ${refusedHosts.join(', ')}, which is not followed`;
  throw new BackendError({
    kind: 'unavailable',
    message: `no Exchange was found by autodiscover for ${domainOf(address)}${led}; name its address in the configuration`,
    code: 'NoAutodiscover',
  });
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (!address.includes('@') || !/^[a-z0-9.-]+\.[a-z0-9-]+$/i.test(domain))
    throw new BackendError({
      kind: 'unavailable',
      message: 'autodiscover needs an e-mail address to sign in with',
      code: 'NoAutodiscover',
    });
  return domain;
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

interface Search {
  readonly address: string;
  readonly domain: string;
  readonly login: Login;
  /** Hosts of other domains that the search was led to. */
  readonly refusedHosts: string[];
}

type Found =
  { readonly kind: 'url'; readonly url: string } | { readonly kind: 'address'; readonly address: string };

async function searchDomain(network: AutodiscoverNetwork, search: Search): Promise<Found | undefined> {
  const { domain } = search;
  for (const place of places) {
    for (const url of await place(network, domain)) {
      const found = await follow(network, url, search);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

type Place = (network: AutodiscoverNetwork, domain: string) => Promise<readonly string[]>;

/** In the order of [MS-OXDISCO]. */
const places: readonly Place[] = [
  (_, domain) => Promise.resolve([`https://${domain}${path}`]),
  (_, domain) => Promise.resolve([`https://autodiscover.${domain}${path}`]),
  async (network, domain) => {
    const answer = await quietly(network.ask(request('GET', `http://autodiscover.${domain}${path}`, '')));
    return answer?.location === undefined ? [] : [answer.location];
  },
  async (network, domain) => {
    const hosts = (await quietly(network.srv(`_autodiscover._tcp.${domain}`))) ?? [];
    return hosts.map((host) => `https://${host}${path}`);
  },
];

/** One candidate and where it sends us; undefined: nothing here. */
async function follow(
  network: AutodiscoverNetwork,
  start: string,
  search: Search,
): Promise<Found | undefined> {
  let url = start;
  for (let hop = 0; hop < mostHops; hop += 1) {
    if (!mayAsk(url, search)) return undefined;
    const question = request('POST', url, renderRequest(search.address));
    const greeting = await quietly(network.ask({ ...question, body: '' }));
    if (greeting === undefined) return undefined;
    if (greeting.location !== undefined) {
      url = greeting.location;
      continue;
    }
    // A web site that does not ask to sign in is no autodiscover, and gets no password.
    if (!greeting.offers) return undefined;
    const answer = await passing(network.post(question, search.login));
    const found = answer?.status === 200 ? parseAnswer(answer.body) : undefined;
    if (found?.kind !== 'redirect') return found;
    url = found.url;
  }
  return undefined;
}

function mayAsk(url: string, { domain, refusedHosts }: Search): boolean {
  const target = URL.parse(url);
  if (target === null || target.protocol !== 'https:') return false;
  if (isWithin(target.hostname, domain)) return true;
  refusedHosts.push(target.hostname);
  return false;
}

function request(method: 'GET' | 'POST', url: string, body: string): HttpRequest {
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', Accept: 'text/xml', 'User-Agent': 'Exdav' };
  return { method, url, headers, body, timeoutMs };
}

function renderRequest(address: string): string {
  const question = xml(
    'Request',
    {},
    xml('EMailAddress', {}, address),
    xml('AcceptableResponseSchema', {}, `${outlook}/responseschema/2006a`),
  );
  return renderXml(xml('Autodiscover', { xmlns: `${outlook}/requestschema/2006` }, question));
}

function parseAnswer(text: string): Found | { readonly kind: 'redirect'; readonly url: string } | undefined {
  const account = childOf(childOf(parsed(text), 'Response'), 'Account');
  if (account === undefined) return undefined;
  const address = textOf(childOf(account, 'RedirectAddr')).trim();
  if (address !== '') return { kind: 'address', address };
  const redirect = textOf(childOf(account, 'RedirectUrl')).trim();
  if (redirect !== '') return { kind: 'redirect', url: redirect };
  const urls = childrenOf(account)
    .filter(({ name }) => name === 'Protocol')
    .map(
      (protocol) => [textOf(childOf(protocol, 'Type')), textOf(childOf(protocol, 'EwsUrl')).trim()] as const,
    )
    .filter(([, url]) => URL.parse(url)?.protocol === 'https:');
  // EXPR is the way in from outside.
  const url = (urls.find(([type]) => type === 'EXPR') ?? urls[0])?.[1];
  return url === undefined ? undefined : { kind: 'url', url };
}

function parsed(text: string): XmlElement | undefined {
  try {
    return parseXml(text, answerLimits);
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

/** Trouble with one candidate is no trouble: there are others. */
async function quietly<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch(() => undefined);
}

/** The same, but a refused password ends the search: trying it elsewhere could lock the account. */
async function passing<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof BackendError && error.failure.kind !== 'unauthorized') return undefined;
    throw error;
  });
}

function overHttp(options: LaneOptions): AutodiscoverNetwork {
  const offers: Offers = new Map();
  return {
    async ask(question) {
      const lanes = openLanes(options);
      try {
        const answer = await lanes.take().ask(question);
        await answer.drain();
        return {
          status: answer.status,
          location: locationOf(answer, question),
          offers: answer.status === 401,
        };
      } finally {
        lanes.close();
      }
    },
    async post(question, login) {
      const connection = openConnection(login, offers, options);
      try {
        return await connection.post(question, async (answer) => ({
          status: answer.status,
          location: locationOf(answer, question),
          offers: false,
          body: await bodyOf(answer),
        }));
      } finally {
        connection.close();
      }
    },
    srv: async (name) => (await resolveSrv(name)).filter(({ port }) => port === 443).map(({ name }) => name),
  };
}

function locationOf(answer: HttpAnswer, { url }: HttpRequest): string | undefined {
  const { location } = answer.headers;
  return answer.status < 300 || answer.status > 399 || location === undefined
    ? undefined
    : URL.parse(location, url)?.href;
}

async function bodyOf(answer: HttpAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
