// What a mirror is measured against: the PUTs that it does and nothing else, one after the other over one connection, as it does
// them, with the texts and the headers that it sends. Reading the texts is not counted.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { openRemote } from '../src/dav-remote/index.ts';
import { valueOf } from '../src/model/failure.ts';
import { openExchangeCalendar } from './mirror-servers.ts';

export interface BareLoop {
  readonly members: number;
  /** PUTs the members from here up to there; answers how long that took. */
  run(from: number, to: number): Promise<number>;
  close(): void;
}

const batchSize = 100;

export async function openBareLoop(exchange: string, nextcloud: string): Promise<BareLoop> {
  const calendar = await openExchangeCalendar(exchange);
  const hrefs = (await calendar.members()).map(({ href }) => href);
  const home = await openRemote({ url: nextcloud, user: 'alice', password: 'alice password' });
  const to = await home.create({ kind: 'events', displayName: 'Bare' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    members: hrefs.length,
    async run(first, last) {
      let ms = 0;
      for (let at = first; at < last; at += batchSize) {
        const read = await calendar.read(hrefs.slice(at, Math.min(at + batchSize, last)), { kind: 'whole' });
        const texts = read.map(([href, outcome]) => [href, valueOf(outcome).text] as const);
        const began = performance.now();
        for (const [href, text] of texts) await put(agent, `${to.url}${encodeURIComponent(href)}`, text);
        ms += performance.now() - began;
      }
      return ms;
    },
    close: () => agent.destroy(),
  };
}

async function put(agent: Agent, url: string, text: string): Promise<void> {
  const sent = request(url, {
    agent,
    method: 'PUT',
    headers: {
      'User-Agent': 'Exdav',
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Accept-Encoding': 'identity',
      'x-nc-scheduling': 'false',
      'Schedule-Reply': 'F',
      'If-None-Match': '*',
      Authorization: `Basic ${Buffer.from('alice:alice password').toString('base64')}`,
    },
  });
  sent.end(text);
  const [answer] = await once(sent, 'response');
  if (answer.statusCode >= 300) throw new Error(`PUT ${url}: ${String(answer.statusCode)}`);
  answer.resume();
  await once(answer, 'end');
}
