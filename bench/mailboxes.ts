// Many people at once: a thousand mailboxes open, five folders each, two texts read, ledgers in SQLite.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../simulator/index.ts';
import { openDavClient, propfind } from './dav-client.ts';
import { startGatewayProcess } from './gateway-process.ts';
import { longestStallMs } from './measure.ts';
import type { Row } from './row.ts';
import { event, icalendar } from './world.ts';

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
    await gateway.usage();
    const started = performance.now();
    await Promise.all([work(), work(), work(), work()]);
    const wallMs = performance.now() - started;
    const { cpuMs, stallMs } = await gateway.usage();
    const peakRssMb = gateway.peakRssMb() ?? 0;
    return {
      name: `${count} mailboxes open`,
      wallMs,
      cpuMs,
      peakRssMb,
      stallMs,
      target: `≤ ${maxRssMb} MB resident, no stall over ${longestStallMs} ms`,
      missed: [
        ...(peakRssMb > maxRssMb ? [`${Math.round(peakRssMb)} MB resident`] : []),
        ...(stallMs > longestStallMs ? [`event loop held for ${Math.round(stallMs)} ms`] : []),
      ],
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
  for (const path of [`${home}calendar/`, `${home}tasks/`, `${home}second/`, `${home}third/`, books])
    await client.send('PROPFIND', path, { body, headers: { Depth: '1' } });
  client.close();
}
