// The gateway in a process of its own, so that its CPU time and memory are its own; memory is read from /proc.
// EXDAV_BENCH_PROFILE=FOLDER writes a CPU profile of each gateway process there.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Question, Usage } from './gateway-probe.ts';
import { memoryMbOf } from './proc.ts';

export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  usage(): Promise<Usage>;
  /** Turns the gateway's clock on. */
  advance(ms: number): Promise<void>;
  /** At its highest; undefined where there is no /proc. */
  peakRssMb(): number | undefined;
  stop(): Promise<void>;
}

export async function startGatewayProcess(
  ewsUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const port = await freePort();
  const top = `${import.meta.dirname}/..`;
  const profiles = process.env['EXDAV_BENCH_PROFILE'];
  const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  const child = spawn(
    process.execPath,
    [...profiling, '--import', `${top}/bench/gateway-probe.ts`, `${top}/bin/exdav.ts`, 'serve'],
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
  const ask = async (question: Question): Promise<Usage> => {
    child.send(question);
    const [usage]: Usage[] = await once(child, 'message');
    if (usage === undefined) throw new Error('the gateway process did not answer');
    return usage;
  };
  const { pid = 0 } = child;
  return {
    url,
    pid,
    usage: () => ask({ ask: 'usage' }),
    advance: async (ms) => void (await ask({ ask: 'advance', ms })),
    peakRssMb: () => (existsSync('/proc/self/status') ? memoryMbOf(pid, 'VmHWM') : undefined),
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
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
