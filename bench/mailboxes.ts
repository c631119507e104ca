// Many people at once: a thousand mailboxes open, five folders each, two texts read, ledgers in SQLite.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/index.ts';
import { openDavClient, propfind } from './dav-client.ts';
import { startGatewayProcess } from './gateway-process.ts';
import type { Row } from './measure.ts';
import { event, icalendar } from './scenarios.ts';

const maxRssMb = 700;

export async function measureMailboxes(count: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-bench-'));
  const simulator = await startSimulator({ seed: 'none' });
  const users = Array.from({ length: count }, (_unused, index) => ({
    address: `user${index}@example.test`,
    password: 'x',
  }));
  for (const user of users) simulator.addUser(user.address, user.password);
  const gateway = await startGatewayProcess(simulator.url, {
    EXDAV_STORE: `sqlite:${join(folder, 'exdav.db')}`,
  });
  try {
    const queue = [...users];
    const work = async (): Promise<void> => {
      for (let user = queue.shift(); user !== undefined; user = queue.shift()) await visit(gateway.url, user);
    };
    const started = performance.now();
    await Promise.all([work(), work(), work(), work()]);
    const rss = gateway.rssMb();
    return {
      name: `${count} mailboxes open`,
      wallMs: performance.now() - started,
      cpuMs: gateway.cpuMs(),
      peakRssMb: gateway.peakRssMb(),
      stallMs: await gateway.longestStallMs(),
      target: `≤ ${maxRssMb} MB resident`,
      missed: rss > maxRssMb ? [`${Math.round(rss)} MB resident`] : [],
    };
  } finally {
    await gateway.stop();
    await simulator.close();
    rmSync(folder, { recursive: true });
  }
}

/** Five collections, all listed; two events written and read. */
async function visit(
  url: string,
  user: { readonly address: string; readonly password: string },
): Promise<void> {
  const client = openDavClient(url, user);
  const home = `/calendars/${user.address}/`;
  for (const name of ['second', 'third']) await client.send('MKCALENDAR', `${home}${name}/`);
  for (const name of ['one', 'two']) {
    const href = `${home}calendar/${name}.ics`;
    await client.send('PUT', href, { body: event(`${name}-${user.address}`, name), headers: icalendar });
    await client.send('GET', href);
  }
  const body = propfind('D:getetag');
  const books = `/addressbooks/${user.address}/contacts/`;
  for (const path of [`${home}calendar/`, `${home}tasks/`, `${home}second/`, `${home}third/`, books]) {
    await client.send('PROPFIND', path, { body, headers: { Depth: '1' } });
  }
}
