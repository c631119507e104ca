// Signs requests in: Basic (RFC 7617) where offered, else NTLM bound to the connection (MS-NTHT §3), or Bearer (RFC 6750).
import { TLSSocket } from 'node:tls';
import type { Socket } from 'node:net';
import { BackendError } from '../model/failure.ts';
import {
  authenticateMessage,
  freshnessOver,
  negotiateMessage,
  parseChallenge,
  type NtlmLogin,
} from './ntlm.ts';
import { openLanes, type HttpAnswer, type HttpRequest, type Lane, type LaneOptions } from './transport.ts';

export type Login =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: () => Promise<string> };

/** Requests of one access identity. */
export interface Connection {
  /** Sends a request signed in; `read` has the answer to itself until it settles. */
  post<T>(request: HttpRequest, read: (answer: HttpAnswer) => Promise<T>): Promise<T>;
  close(): void;
}

/** What endpoints (origins) have shown to accept; shared by all identities, so that only the first request asks. */
export type Offers = Map<string, ReadonlySet<Scheme>>;
type Scheme = 'basic' | 'ntlm' | 'negotiate';

export function openConnection(login: Login, offers: Offers, options: LaneOptions): Connection {
  const lanes = openLanes(options);
  const signedIn = new WeakSet<Socket>();
  const ask =
    login.kind === 'bearer'
      ? async (lane: Lane, request: HttpRequest) => lane.ask(request, `Bearer ${await login.token()}`)
      : (lane: Lane, request: HttpRequest) => askWithPassword({ lane, login, offers, signedIn }, request);
  return {
    async post(request, read) {
      const lane = lanes.take();
      let whole = false;
      try {
        const answer = await ask(lane, request);
        if (answer.status === 401) throw await refused(answer, request);
        const result = await read(answer);
        // Exchange front ends keep a connection after a 500 in a state of their own; a new one is cheaper than finding out.
        whole = answer.status < 500;
        return result;
      } finally {
        if (!whole) lane.drop();
        lanes.give(lane);
      }
    },
    close: () => lanes.close(),
  };
}

interface SigningIn {
  readonly lane: Lane;
  readonly login: { readonly user: string; readonly password: string };
  readonly offers: Offers;
  readonly signedIn: WeakSet<Socket>;
}

async function askWithPassword(signing: SigningIn, request: HttpRequest): Promise<HttpAnswer> {
  const { origin, protocol } = new URL(request.url);
  // Over TLS the first request already carries Basic; in the clear the server must have offered it.
  if (!signing.offers.has(origin) && protocol === 'http:') await learnOffers(signing, request);
  const offered = signing.offers.get(origin);
  if (offered === undefined || offered.has('basic')) {
    const answer = await signing.lane.ask(request, basic(signing.login));
    if (answer.status !== 401) return answer;
    const offersNow = parseOffers(answer.headers['www-authenticate']);
    signing.offers.set(origin, offersNow);
    if (offersNow.has('basic') || offersNow.size === 0) return answer;
    await answer.drain();
  }
  return askWithNtlm(signing, request);
}

/** An empty request, only to hear which schemes the server wants. */
async function learnOffers(signing: SigningIn, request: HttpRequest): Promise<void> {
  const answer = await signing.lane.ask({ ...request, body: '' });
  await answer.drain();
  const offers = parseOffers(answer.headers['www-authenticate']);
  signing.offers.set(new URL(request.url).origin, offers.size === 0 ? new Set(['basic']) : offers);
}

async function askWithNtlm(signing: SigningIn, request: HttpRequest): Promise<HttpAnswer> {
  const { lane, signedIn } = signing;
  const socket = lane.socket();
  if (socket !== undefined && signedIn.has(socket)) {
    const answer = await lane.ask(request);
    if (answer.status !== 401) return answer;
    await answer.drain();
  }
  const offered = signing.offers.get(new URL(request.url).origin);
  const scheme =
    offered?.has('ntlm') === true ? 'NTLM' : offered?.has('negotiate') === true ? 'Negotiate' : undefined;
  if (scheme === undefined) throw unsupported(offered);
  const greeting = await lane.ask(
    { ...request, body: '' },
    `${scheme} ${negotiateMessage.toString('base64')}`,
  );
  await greeting.drain();
  const greeted = lane.socket();
  const challenge = parseChallenge(tokenIn(greeting.headers['www-authenticate'], scheme));
  if (challenge === undefined || greeted === undefined) throw unsupported(offered);
  const certificate = greeted instanceof TLSSocket ? greeted.getPeerCertificate().raw : undefined;
  const message = authenticateMessage(ntlmLogin(signing.login), challenge, freshnessOver(certificate));
  const answer = await lane.ask(request, `${scheme} ${message.toString('base64')}`);
  const used = lane.socket();
  if (answer.status !== 401 && used !== undefined) signedIn.add(used);
  return answer;
}

/** `DOMAIN\user` apart; `user@domain` goes whole, with an empty domain. */
function ntlmLogin(login: { readonly user: string; readonly password: string }): NtlmLogin {
  const slash = login.user.indexOf('\\');
  return {
    domain: slash < 0 ? '' : login.user.slice(0, slash),
    user: login.user.slice(slash + 1),
    password: login.password,
  };
}

function basic(login: { readonly user: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
}

function parseOffers(header: string | undefined): ReadonlySet<Scheme> {
  const found = new Set<Scheme>();
  for (const [, name = ''] of (header ?? '').matchAll(/(?:^|,)\s*([A-Za-z]+)/g)) {
    const scheme = name.toLowerCase();
    if (scheme === 'basic' || scheme === 'ntlm' || scheme === 'negotiate') found.add(scheme);
  }
  return found;
}

function tokenIn(header: string | undefined, scheme: string): string {
  return new RegExp(`(?:^|,)\\s*${scheme} ([A-Za-z0-9+/=]+)`, 'i').exec(header ?? '')?.[1] ?? '';
}

async function refused(answer: HttpAnswer, request: HttpRequest): Promise<BackendError> {
  await answer.drain();
  return new BackendError({
    kind: 'unauthorized',
    message: `${new URL(request.url).host} did not accept the sign-in (401)`,
    code: 'Http401',
  });
}

function unsupported(offered: ReadonlySet<Scheme> | undefined): BackendError {
  const names = [...(offered ?? [])].join(', ');
  return new BackendError({
    kind: 'unauthorized',
    message: `the server offers no sign-in that works here (Basic or NTLM); it offers: ${names || 'none'}`,
    code: 'NoScheme',
  });
}
