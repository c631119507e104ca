// DavMail (Debian's package, headless) in a process of its own before an EWS server, in a folder that goes with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface DavmailProcess {
  /** CalDAV and CardDAV: `/users/<address>/calendar/`, `/users/<address>/contacts/`. */
  readonly url: string;
  readonly pid: number;
  readonly ldapPort: number;
  /** What it logged at WARN and above. */
  log(): string;
  stop(): Promise<void>;
}

export const davmailJar = '/usr/share/davmail/davmail.jar';

export async function startDavmail(
  ewsUrl: string,
  options: { readonly javaOptions?: readonly string[]; readonly logLevel?: string } = {},
): Promise<DavmailProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-davmail-'));
  const [caldavPort, ldapPort] = [await freePort(), await freePort()];
  const settings = join(folder, 'davmail.properties');
  const log = join(folder, 'davmail.log');
  writeFileSync(
    settings,
    propertiesOf({ ewsUrl, caldavPort, ldapPort, log, level: options.logLevel ?? 'WARN' }),
  );
  const child = spawn('java', [...(options.javaOptions ?? []), '-jar', davmailJar, settings], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore'],
    env: { ...process.env, TZ: 'UTC', HOME: folder },
  });
  const url = `http://127.0.0.1:${caldavPort}`;
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await once(child, 'exit');
      clearTimeout(killer);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await untilListening(url, () => child.exitCode !== null);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    ldapPort,
    log: () => textOf(log),
    stop,
  };
}

interface Settings {
  readonly ewsUrl: string;
  readonly caldavPort: number;
  readonly ldapPort: number;
  readonly log: string;
  readonly level: string;
}

function propertiesOf({ ewsUrl, caldavPort, ldapPort, log, level }: Settings): string {
  const values = {
    'davmail.server': 'true',
    'davmail.mode': 'EWS',
    'davmail.url': ewsUrl,
    'davmail.caldavPort': String(caldavPort),
    'davmail.ldapPort': String(ldapPort),
    'davmail.imapPort': '',
    'davmail.popPort': '',
    'davmail.smtpPort': '',
    'davmail.allowRemote': 'false',
    'davmail.bindAddress': '127.0.0.1',
    'davmail.disableUpdateCheck': 'true',
    // All of the past, as it is with the gateway.
    'davmail.caldavPastDelay': '0',
    'davmail.logFilePath': log,
    'davmail.logFileSize': '0',
    'log4j.rootLogger': level,
    'log4j.logger.davmail': level,
    'log4j.logger.httpclient.wire': 'WARN',
    'log4j.logger.org.apache.http.wire': 'WARN',
    'log4j.logger.org.apache.http': 'WARN',
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const startMs = 60_000;

async function untilListening(url: string, hasEnded: () => boolean): Promise<void> {
  const deadline = performance.now() + startMs;
  while (performance.now() < deadline && !hasEnded()) {
    const answer = await fetch(url, { method: 'OPTIONS' }).catch(() => undefined);
    if (answer !== undefined) return;
    await sleep(100);
  }
  throw new Error(`DavMail did not start within ${startMs / 1000} s`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
