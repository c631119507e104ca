// A gateway before a simulated Exchange, both in this process, with all that a test looks at: the log, the clock, the envelopes.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { type Simulator, startSimulator, type SimulatorOptions } from '../../simulator/index.ts';
import { readConfig, startGateway } from '../../src/server/index.ts';
import { childOf, childrenOf, parseXml, textOf, type XmlElement } from '../../src/xml/index.ts';
import { expect } from 'vitest';
import { type EnvelopeCheck, openEnvelopeCheck } from '../simulator/envelopes.ts';

export interface User {
  readonly address: string;
  readonly password: string;
}
export const alice: User = { address: 'alice@example.test', password: 'alice' };
export const bob: User = { address: 'bob@example.test', password: 'bob' };
export const carol: User = { address: 'carol@example.test', password: 'carol' };

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
}

export interface Asking {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: alice; null: nobody. */
  readonly user?: User | null;
  readonly signal?: AbortSignal;
}

export interface Stage {
  readonly simulator: Simulator;
  readonly envelopes: EnvelopeCheck;
  /** Requests to Exchange since the last `clear`. */
  readonly sent: string[];
  /** The raw log. */
  log(): string;
  lines(): readonly Readonly<Record<string, unknown>>[];
  /** The request target goes out as it is written. */
  ask(method: string, target: string, asking?: Asking): Promise<Answer>;
  port(): number;
  /** The clock of the gateway goes on, so that a refresh no longer counts as fresh. */
  advance(ms?: number): void;
  /** Ends the gateway and starts one that knows nothing. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface StageOptions extends Pick<SimulatorOptions, 'seed' | 'schemes'> {
  readonly settings?: Readonly<Record<string, string>>;
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const envelopes = openEnvelopeCheck();
  const sent: string[] = [];
  const simulator = await startSimulator({
    seed: options.seed ?? 'none',
    ...(options.schemes === undefined ? {} : { schemes: options.schemes }),
    envelope(direction, text) {
      envelopes.check(direction, text);
      if (direction === 'request') sent.push(text);
    },
  });
  const clock = { aheadMs: 0 };
  const written: string[] = [];
  const start = () =>
    startGateway(
      readConfig({
        EXDAV_PORT: '0',
        EXDAV_LOG_LEVEL: 'debug',
        EXDAV_SECRET: 'only for this test run',
        EXDAV_EWS_URL: simulator.url,
        ...options.settings,
      }),
      { now: () => Date.now() + clock.aheadMs, logTo: { write: (line: string) => void written.push(line) } },
    );
  let gateway = await start();
  return {
    simulator,
    envelopes,
    sent,
    log: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
    ask: (method, target, asking = {}) => ask(gateway.port, method, { target, ...asking }),
    port: () => gateway.port,
    advance(ms = 2000) {
      clock.aheadMs += ms;
    },
    async restart() {
      await gateway.close();
      gateway = await start();
    },
    async stop() {
      await gateway.close();
      await simulator.close();
      // Answers may be spoiled by a fault; what we ask never is.
      expect(envelopes.failures.filter(({ direction }) => direction === 'request')).toEqual([]);
    },
  };
}

export function basic({ address, password }: User): string {
  return `Basic ${Buffer.from(`${address}:${password}`).toString('base64')}`;
}

function ask(port: number, method: string, asking: Asking & { target: string }): Promise<Answer> {
  const { target, body, user = alice, signal } = asking;
  const headers: Record<string, string | number> = { ...asking.headers };
  if (user !== null) headers['authorization'] ??= basic(user);
  if (body !== undefined) headers['content-length'] = Buffer.byteLength(body);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path: target, headers, agent: false, ...(signal && { signal }) },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode: status = 0, headers } = response;
          resolve({ status, headers, text: bytes.toString(), bytes });
        });
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

export function eventText(uid: string, ...lines: readonly string[]): string {
  const has = (name: string): boolean => lines.some((line) => line.startsWith(name));
  return calendarText(
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260101T000000Z',
    ...(has('DTSTART') ? [] : ['DTSTART:20261203T100000Z', 'DTEND:20261203T110000Z']),
    ...(has('SUMMARY') ? [] : [`SUMMARY:About ${uid}`]),
    ...lines,
    'END:VEVENT',
  );
}

export function calendarText(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
}

export function cardText(uid: string, ...lines: readonly string[]): string {
  const own = lines.some((line) => line.startsWith('FN')) ? [] : [`FN:Card ${uid}`, `N:${uid};Card;;;`];
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, ...own, ...lines, 'END:VCARD', ''].join('\r\n');
}

export const calendarOf = (user: User, key = 'calendar'): string => `/calendars/${user.address}/${key}/`;
export const cardsOf = (user: User): string => `/addressbooks/${user.address}/contacts/`;

export const asCalendar = { 'content-type': 'text/calendar; charset=utf-8' } as const;
export const asCard = { 'content-type': 'text/vcard; charset=utf-8' } as const;
export const asXml = { 'content-type': 'application/xml; charset=utf-8' } as const;

export function parseAnswer(answer: Answer): XmlElement {
  return parseXml(answer.text, {
    maxDepth: 30,
    maxElements: 1e6,
    maxLength: 1e8,
    mendCharacters: false,
  });
}

/** href → status of the response (its own, or of the first propstat) and the text of getetag and of the data property. */
export function responsesOf(
  answer: Answer,
): Map<string, { status: number; etag: string; data: string; element: XmlElement }> {
  const found = new Map<string, { status: number; etag: string; data: string; element: XmlElement }>();
  for (const response of childrenOf(parseAnswer(answer)).filter((child) => child.name === 'response')) {
    const propstat = childOf(response, 'propstat');
    const status = textOf(childOf(response, 'status') ?? childOf(propstat, 'status'));
    const prop = childOf(propstat, 'prop');
    found.set(textOf(childOf(response, 'href')), {
      status: Number(/ (\d{3}) /.exec(`${status} `)?.[1] ?? 0),
      etag: textOf(childOf(prop, 'getetag')),
      data: textOf(childOf(prop, 'calendar-data') ?? childOf(prop, 'address-data')),
      element: response,
    });
  }
  return found;
}

/** The name of the precondition element inside DAV:error; '' when there is none. */
export function conditionOf(answer: Answer): string {
  if (!(answer.headers['content-type'] ?? '').includes('xml') || answer.text === '') return '';
  const root = parseAnswer(answer);
  return root.name === 'error' ? (childrenOf(root)[0]?.name ?? '') : '';
}

export const etagsBody = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>';

export function multigetBody(...hrefs: readonly string[]): string {
  const list = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
  return `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>${list}</C:calendar-multiget>`;
}

export function syncBody(token = ''): string {
  return `<sync-collection xmlns="DAV:"><sync-token>${token}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
}

export function syncTokenIn(answer: Answer): string {
  return textOf(childOf(parseAnswer(answer), 'sync-token'));
}
