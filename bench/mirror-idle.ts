// What many pairs cost while nothing changes: CPU of one cycle of all of them, spread over their interval.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMirrorConfig } from '../src/mirror/index.ts';
import { openConfigured } from '../src/server/mirror/open.ts';
import type { MirrorRow } from './mirror.ts';

const intervalMs = 5 * 60_000;
const limit = 0.05;

export async function measureIdlePairs(pairs: number): Promise<MirrorRow> {
  const servers = spawn(process.execPath, [join(import.meta.dirname, 'mirror-many.ts'), String(pairs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(servers.stdout, 'data');
  const [exchange = '', nextcloud = ''] = String(line).trim().split(' ');
  const folder = mkdtempSync(join(tmpdir(), 'exdav-bench-'));
  let time = Date.now();
  const mirror = await openConfigured(configFor(pairs, exchange, nextcloud), folder, {
    environment: {},
    now: () => time,
  });
  const cycle = async (): Promise<void> => {
    time += intervalMs;
    for (const outcome of await Promise.all(mirror.pairs.map((pair) => mirror.run(pair))))
      if (outcome.kind === 'failed') throw outcome.error;
  };
  try {
    await cycle();
    await cycle();
    const before = process.cpuUsage();
    await cycle();
    const { user, system } = process.cpuUsage(before);
    const share = (user + system) / 1000 / intervalMs;
    return {
      what: `${pairs} idle pairs at 5-minute intervals`,
      value: `${(share * 100).toFixed(1)} % of a core`,
      target: `${limit * 100} %`,
      isMissed: share > limit,
    };
  } finally {
    await mirror.close();
    const exit = once(servers, 'exit');
    servers.kill('SIGTERM');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  }
}

function configFor(pairs: number, exchange: string, nextcloud: string) {
  const lines = ['exchange:', 'nextcloud:', 'pairs:'].map((key) => [key]);
  for (let n = 0; n < pairs; n += 1) {
    lines[0]?.push(`  e${n}: { user: user${n}@example.test, password: secret, url: "${exchange}" }`);
    lines[1]?.push(`  n${n}: { url: "${nextcloud}", user: user${n}, password: secret }`);
    lines[2]?.push(
      `  - { name: p${n}, exchange: { login: e${n} }, nextcloud: { login: n${n}, collection: Personal } }`,
    );
  }
  return readMirrorConfig(lines.flat().join('\n'));
}
