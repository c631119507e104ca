// The first mirror of a calendar (a process of its own, from its start to its end), and the same PUTs in a bare loop with the same
// number of writers (one): half of them before and half of them after, so that neither meets a server that is colder, or a machine
// that is busier, than the other.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openBareLoop } from './mirror-bare.ts';
import type { MirrorRow } from './mirror.ts';
import { startExchange, startTarget, type Target } from './mirror-servers.ts';
import { memoryMbOf } from './proc.ts';

const limits = { ratio: 1.3, megabytes: 250 } as const;

export async function measureFirstMirror(target: Target, events: number): Promise<readonly MirrorRow[]> {
  const [exchange, nextcloud] = [await startExchange(events), await startTarget(target)];
  const folder = mkdtempSync(join(tmpdir(), 'exdav-bench-'));
  try {
    writeFileSync(
      join(folder, 'mirror.yaml'),
      `exchange: { work: { user: alice@example.test, password: alice, url: "${exchange.url}" } }
nextcloud: { cloud: { url: "${nextcloud.url}", user: alice, password: alice password } }
pairs: [{ name: alice, exchange: { login: work }, nextcloud: { login: cloud, collection: Mirrored } }]
`,
    );
    const bare = await openBareLoop(exchange.url, nextcloud.url);
    const half = Math.floor(bare.members / 2);
    const firstHalfMs = await bare.run(0, half);
    const mirror = await mirrored(folder);
    const bareMs = firstHalfMs + (await bare.run(half, bare.members));
    bare.close();
    const ratio = mirror.ms / bareMs;
    const name = target === 'double' ? 'the double of Nextcloud' : 'Xandikos';
    return [
      {
        what: `first mirror of ${events} events into ${name}`,
        value: `${seconds(mirror.ms)} s, bare loop ${seconds(bareMs)} s: ${ratio.toFixed(2)}x`,
        target: `${limits.ratio}x`,
        isMissed: ratio > limits.ratio,
      },
      {
        what: `memory of that at its highest (${name})`,
        value: `${mirror.peakMb.toFixed(0)} MB`,
        target: `${limits.megabytes} MB`,
        isMissed: mirror.peakMb > limits.megabytes,
      },
    ];
  } finally {
    await exchange.stop();
    await nextcloud.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

async function mirrored(folder: string): Promise<{ readonly ms: number; readonly peakMb: number }> {
  const began = performance.now();
  const program = resolve(import.meta.dirname, '../bin/exdav.ts');
  const child = spawn(process.execPath, [program, 'mirror', '--once'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let peakMb = 0;
  const watching = setInterval(() => {
    try {
      peakMb = Math.max(peakMb, memoryMbOf(child.pid ?? 0, 'VmHWM'));
    } catch {
      // It has ended.
    }
  }, 100);
  const [code] = await once(child, 'exit');
  clearInterval(watching);
  if (code !== 0) throw new Error(`the mirror ended with ${String(code)}`);
  return { ms: performance.now() - began, peakMb };
}
