// Debian's Radicale and Xandikos, started on a free port with an empty store.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ForeignServer {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  stop(): Promise<void>;
}

type Start = (folder: string, port: number) => ChildProcess;

function spawned(program: string, words: readonly string[]): ChildProcess {
  return spawn(program, words, { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
}

export const startRadicale = (): Promise<ForeignServer> =>
  start((folder, port) => {
    writeFileSync(join(folder, 'users'), 'alice:alice\n');
    const config = join(folder, 'config');
    writeFileSync(
      config,
      `[server]\nhosts = 127.0.0.1:${port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = ${folder}/users\nhtpasswd_encryption = plain\n[storage]\nfilesystem_folder = ${folder}/data\n[logging]\nlevel = error\n`,
    );
    return spawned('radicale', ['--config', config]);
  });

/** It knows no passwords: whoever comes is alice. */
export const startXandikos = (): Promise<ForeignServer> =>
  start((folder, port) =>
    spawned(
      'xandikos',
      `-d ${folder}/data --autocreate --defaults --current-user-principal /alice/ -l 127.0.0.1 -p ${port}`.split(
        ' ',
      ),
    ),
  );

async function start(program: Start): Promise<ForeignServer> {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-dav-server-'));
  const port = await freePort();
  const child = program(folder, port);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(url, child);
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    url,
    user: 'alice',
    password: 'alice',
    async stop() {
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`);
    try {
      await fetch(url, { method: 'OPTIONS' });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`nobody answers at ${url}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
