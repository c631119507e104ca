// The first mirror of a calendar, and the same PUTs in a bare loop with the same number of writers (one).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openRemote } from '../src/dav-remote/index.ts';
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
    const mirror = await mirrored(folder);
    const bareMs = await bareLoop(nextcloud.url);
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

/** What the mirror stored, PUT once more into a collection beside it. */
async function bareLoop(url: string): Promise<number> {
  const home = await openRemote({ url, user: 'alice', password: 'alice password' });
  const from = await home.find({ displayName: 'Mirrored', kind: 'events' });
  const to = await home.create({ kind: 'events', displayName: 'Bare' });
  if (from === undefined) throw new Error('the mirror made no collection');
  const members = (await from.members()).map(({ href }) => href);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let ms = 0;
  for (let at = 0; at < members.length; at += 100) {
    const read = await from.read(members.slice(at, at + 100), { kind: 'whole' });
    const began = performance.now();
    for (const [href, outcome] of read)
      if (outcome.ok) await put(agent, `${to.url}${encodeURIComponent(href)}`, outcome.value.text);
    ms += performance.now() - began;
  }
  agent.destroy();
  return ms;
}

async function put(agent: Agent, url: string, text: string): Promise<void> {
  const sent = request(url, {
    agent,
    method: 'PUT',
    headers: {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
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
