// The gateway in a process of its own, so that its CPU time and memory are its own; read from /proc (Linux).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface GatewayProcess {
  readonly url: string;
  /** User and system time so far, milliseconds. */
  cpuMs(): number;
  /** Now, and at its highest, in MB. */
  rssMb(): number;
  peakRssMb(): number;
  /** Longest time the event loop was held since the last call, milliseconds. */
  longestStallMs(): Promise<number>;
  stop(): Promise<void>;
}

const ticksPerSecond = 100;

export async function startGatewayProcess(
  ewsUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const port = await freePort();
  const top = `${import.meta.dirname}/..`;
  const child = spawn(
    process.execPath,
    ['--import', `${top}/bench/stall-probe.ts`, `${top}/bin/exdav.ts`, 'serve'],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: {
        ...process.env,
        TZ: 'UTC',
        NODE_ENV: 'production',
        EXDAV_LOG_LEVEL: 'silent',
        EXDAV_PORT: String(port),
        EXDAV_EWS_URL: ewsUrl,
        EXDAV_SECRET: 'only for this benchmark run',
        ...settings,
      },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilHealthy(url);
  const status = (name: string): number =>
    Number(
      new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(
        readFileSync(`/proc/${child.pid}/status`, 'utf8'),
      )?.[1] ?? 0,
    ) / 1024;
  return {
    url,
    cpuMs() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1000;
    },
    rssMb: () => status('VmRSS'),
    peakRssMb: () => status('VmHWM'),
    async longestStallMs() {
      child.send('stall');
      const [answer]: unknown[] = await once(child, 'message');
      return Number(answer);
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function untilHealthy(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`${url}/healthz`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error('the gateway did not start within 10 s');
}
