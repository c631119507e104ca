// The two servers that a mirror stands between, each in a process of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHome, openObjectCache } from '../src/collections/index.ts';
import { openEwsBackend } from '../src/ews-backend/index.ts';
import type { Collection } from '../src/model/collection.ts';
import { openStore } from '../src/store/index.ts';

const top = resolve(import.meta.dirname, '..');

export interface Server {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startExchange(events: number): Promise<Server> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/EWS/Exchange.asmx`;
  const child = spawn(
    process.execPath,
    [join(top, 'bin/exdav.ts'), 'simulator', '--port', String(port), '--seed', String(events)],
    { stdio: 'ignore', env: { ...process.env, TZ: 'UTC' } },
  );
  await untilAnswered(url);
  return { url, stop: () => stopped(child) };
}

/** Alice's, through the rooms that the mirror reads it with. */
export async function openExchangeCalendar(url: string, now: () => number = Date.now): Promise<Collection> {
  const mailbox = await openEwsBackend({ url }).open({
    kind: 'password',
    user: 'alice@example.test',
    password: 'alice',
  });
  const { ledger } = await openStore('memory:');
  const home = openHome(mailbox, { ledger, cache: openObjectCache(1e7), now });
  const calendar = await home.collection('calendar');
  if (calendar === undefined) throw new Error('alice has no calendar');
  return calendar;
}

export type Target = 'double' | 'xandikos';

/** A CalDAV server that knows alice. */
export async function startTarget(target: Target): Promise<Server> {
  return target === 'double' ? startDouble() : startXandikos();
}

async function startDouble(): Promise<Server> {
  const child = spawn(process.execPath, [join(top, 'bench/mirror-double.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  return { url: String(line).trim(), stop: () => stopped(child) };
}

async function startXandikos(): Promise<Server> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'exdav-bench-'));
  const child = spawn('xandikos', ['-d', folder, '--defaults', '-l', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswered(url);
  return {
    url,
    stop: async () => {
      await stopped(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function stopped(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilAnswered(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer !== undefined) {
      await answer.text();
      return;
    }
    await sleep(100);
  }
  throw new Error(`${url} did not answer within a minute`);
}
