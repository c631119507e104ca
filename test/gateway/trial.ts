// One mailbox, the gateway before it, another program beside it, and clients that synchronise: what the model test acts on.
import { expect } from 'vitest';
import { startSimulator } from '../../simulator/index.ts';
import { readConfig, startGateway } from '../../src/server/index.ts';
import { childOf, childrenOf, parseXml, textOf } from '../../src/xml/index.ts';
import { demandValid } from '../interop/gateway.ts';
import { openEnvelopeCheck } from '../simulator/envelopes.ts';
import { openOutlook } from './outlook.ts';

const alice = { address: 'alice@example.test', password: 'alice' };

export type Place = 'calendar' | 'second';

interface Client {
  token: string | undefined;
  readonly members: Map<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export async function openTrial() {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'none',
    envelope: (direction, text) => envelopes.check(direction, text),
  });
  const clock = { ms: Date.now() };
  const start = () =>
    startGateway(readConfig({ EXDAV_PORT: '0', EXDAV_LOG_LEVEL: 'silent', EXDAV_EWS_URL: simulator.url }), {
      now: () => clock.ms,
    });
  let gateway = await start();
  const outlook = openOutlook(simulator.url, alice);
  const clients: Record<Place, Client> = {
    calendar: { token: undefined, members: new Map() },
    second: { token: undefined, members: new Map() },
  };
  const authorization = `Basic ${Buffer.from(`${alice.address}:${alice.password}`).toString('base64')}`;
  const pathOf = (where: Place): string => `/calendars/${alice.address}/${where}/`;

  async function dav(
    method: string,
    path: string,
    body = '',
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      method,
      headers: { authorization, ...headers },
      ...(body === '' ? {} : { body }),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Tries again while a fault is spent on it, as a client does at its next synchronisation. */
  async function read(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    for (let tries = 0; ; tries += 1) {
      const answer = await dav(method, path, body, headers);
      if (answer.status < 500 || tries > 4) return answer;
      clock.ms += 60_000;
    }
  }

  const listing = async (where: Place): Promise<Map<string, string>> =>
    membersIn(
      await read('PROPFIND', pathOf(where), '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>', {
        Depth: '1',
      }),
      pathOf(where),
    ).present;

  /** One synchronisation of a client; a refused token makes it start over, as RFC 6578 §3.2 says. */
  async function synchronise(where: Place): Promise<void> {
    const client = clients[where];
    const body = `<sync-collection xmlns="DAV:"><sync-token>${client.token ?? ''}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>`;
    const answer = await read('REPORT', pathOf(where), body);
    if (answer.status === 403) {
      expect(answer.text).toContain('valid-sync-token');
      client.token = undefined;
      client.members.clear();
      return synchronise(where);
    }
    expect(answer.status).toBe(207);
    const delta = membersIn(answer, pathOf(where));
    for (const [href, etag] of delta.present) client.members.set(href, etag);
    for (const href of delta.gone) client.members.delete(href);
    client.token = delta.token;
  }

  async function summaries(where: Place, hrefs: readonly string[]): Promise<string[]> {
    const list = hrefs.map((href) => `<D:href>${href}</D:href>`).join('');
    const body = `<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/><C:calendar-data/></D:prop>${list}</C:calendar-multiget>`;
    const answer = await read('REPORT', pathOf(where), body);
    const texts = [
      ...answer.text.replaceAll('&#13;', '').matchAll(/BEGIN:VCALENDAR[\s\S]*?END:VCALENDAR/g),
    ].map((match) => match[0]);
    expect(texts).toHaveLength(hrefs.length);
    const uids = texts.map((text) => /^UID:(.*)$/m.exec(text)?.[1]?.trim());
    expect(new Set(uids).size).toBe(uids.length);
    // The master's summary; overrides have a RECURRENCE-ID.
    return texts.map((text) => {
      const events = [...text.matchAll(/BEGIN:VEVENT[\s\S]*?END:VEVENT/g)].map((match) => match[0]);
      const master = events.find((event) => !event.includes('RECURRENCE-ID')) ?? '';
      return /^SUMMARY:(.*)$/m.exec(master)?.[1]?.trim() ?? '';
    });
  }

  const folders = async (): Promise<Record<Place, string>> => {
    const known = await outlook.folders();
    return { calendar: 'calendar', second: known.get('second') ?? '' };
  };
  expect((await dav('MKCALENDAR', pathOf('second'))).status).toBe(201);
  const folderOf = await folders();

  /** What every client must see now. */
  async function check(): Promise<void> {
    for (const where of ['calendar', 'second'] as const) {
      clock.ms += 2000;
      await synchronise(where);
      const client = clients[where];
      expect([...client.members].sort()).toEqual([...(await listing(where))].sort());
      const held = (await outlook.items(folderOf[where])).map((item) => item.subject).sort();
      expect((await summaries(where, [...client.members.keys()])).sort()).toEqual(held);
    }
  }

  return {
    simulator,
    outlook,
    clients,
    folderOf,
    pathOf,
    dav,
    synchronise,
    check,
    listing,
    advance: () => (clock.ms += 2000),
    async loseLedger() {
      await gateway.close();
      gateway = await start();
    },
    async stop() {
      await gateway.close();
      await simulator.close();
      demandValid(envelopes, simulator);
    },
  };
}

export type Trial = Awaited<ReturnType<typeof openTrial>>;

function membersIn(
  answer: Answer,
  collection: string,
): { present: Map<string, string>; gone: string[]; token: string } {
  const root = parseXml(answer.text, {
    maxDepth: 20,
    maxElements: 1e6,
    maxLength: 1e8,
    mendCharacters: false,
  });
  const present = new Map<string, string>();
  const gone: string[] = [];
  for (const response of childrenOf(root).filter((child) => child.name === 'response')) {
    const href = textOf(childOf(response, 'href'));
    if (href === collection) continue;
    const etag = textOf(childOf(childOf(childOf(response, 'propstat'), 'prop'), 'getetag'));
    if (etag === '') gone.push(href);
    else present.set(href, etag);
  }
  return { present, gone, token: textOf(childOf(root, 'sync-token')) };
}
