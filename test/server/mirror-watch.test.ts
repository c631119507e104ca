// The mirror that goes on: `exdav mirror --watch` and `exdav serve` as processes of their own. Nothing here is timed; states are
// awaited.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventText } from '../mirror/stage.ts';
import { linesOf, type MirrorScene, openMirrorScene, pairFile } from './mirror-stage.ts';

const program = resolve(import.meta.dirname, '../../bin/exdav.ts');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function sceneWith(more = ''): Promise<MirrorScene> {
  const scene = await openMirrorScene();
  closers.push(() => scene.close());
  scene.write('mirror.yaml', pairFile(scene, more));
  return scene;
}

interface Running {
  readonly out: () => string;
  /** The exit code after this signal. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

function start(
  scene: MirrorScene,
  words: readonly string[],
  environment: Record<string, string> = {},
): Running {
  const child: ChildProcess = spawn(process.execPath, [program, ...words], {
    cwd: scene.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  let out = '';
  child.stdout?.on('data', (chunk) => void (out += String(chunk)));
  const ended = once(child, 'exit').then(() => child.exitCode);
  closers.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    out: () => out,
    async end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Long enough for a slow machine; whoever waits for nothing is told for what. */
async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 45_000; waited += 100) {
    if (await isSo()) return;
    await sleep(100);
  }
  throw new Error(`waited in vain until ${what}`);
}

const hourly = '    interval: 12h\n';

describe('exdav mirror --watch', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'brings a change at once when Exchange tells of it, and ends with %s',
    async (signal) => {
      const scene = await sceneWith(hourly);
      await scene.toExchange('a.ics', eventText('a'));
      const running = start(scene, ['mirror', '--watch', '--config', join(scene.folder, 'mirror.yaml')]);
      await until('the first run is done', () => scene.inCloud()['a'] !== undefined);
      await until('it listens', () => (scene.simulator.calls()['GetStreamingEvents'] ?? 0) > 0);
      await scene.toExchange('b.ics', eventText('b', ['SUMMARY:News']));
      await until('the news is in Nextcloud', () => scene.inCloud()['b']?.includes('SUMMARY:News') === true);
      await scene.dropFromExchange('a.ics');
      await until('what is gone is gone there, too', () => scene.inCloud()['a'] === undefined);
      expect(await running.end(signal)).toBe(0);
      for (const line of linesOf(running.out())) expect(line).toMatchObject({ pair: 'alice', level: 'info' });
      expect(scene.simulator.sentMessages()).toEqual([]);
    },
  );

  it('looks at intervals when it is to be passive, for changes of both sides', async () => {
    const scene = await sceneWith('    interval: 1s\n');
    const running = start(scene, [
      'mirror',
      '--watch',
      '--passive',
      '--config',
      join(scene.folder, 'mirror.yaml'),
    ]);
    await until('two runs are done', () => (scene.simulator.calls()['SyncFolderItems'] ?? 0) > 1);
    await scene.toExchange('a.ics', eventText('a'));
    await scene.toCloud('b.ics', eventText('b', ['SUMMARY:Other']));
    await until('each has the other', async () => {
      const here = await fetch(scene.calendarUrl, {
        method: 'PROPFIND',
        headers: {
          depth: '1',
          authorization: `Basic ${Buffer.from('alice@example.test:alice').toString('base64')}`,
        },
      });
      return scene.inCloud()['a'] !== undefined && ((await here.text()).match(/\.ics</g)?.length ?? 0) === 2;
    });
    expect(scene.simulator.calls()['GetStreamingEvents'] ?? 0).toBe(0);
    expect(await running.end('SIGTERM')).toBe(0);
  });

  it('goes on after Nextcloud was away, and tells why it waited', async () => {
    const scene = await sceneWith('    interval: 1s\n');
    scene.cloud.double.maintenance = true;
    const running = start(scene, [
      'mirror',
      '--watch',
      '--passive',
      '--config',
      join(scene.folder, 'mirror.yaml'),
    ]);
    await until('it has told that it failed', () => running.out().includes('"failed"'));
    const [line] = linesOf(running.out());
    expect(line).toMatchObject({ level: 'error', failed: expect.stringMatching(/maintenance/i) });
    expect(await running.end('SIGTERM')).toBe(0);
  });
});

describe('exdav serve with EXDAV_MIRROR_FILE', () => {
  it('mirrors beside the gateway, and tells it in the metrics without a word about people', async () => {
    const scene = await sceneWith(hourly);
    await scene.toExchange('a.ics', eventText('a-very-own-uid', ['SUMMARY:Very own words']));
    const running = start(scene, ['serve'], {
      EXDAV_MIRROR_FILE: join(scene.folder, 'mirror.yaml'),
      EXDAV_EWS_URL: scene.simulator.url,
      EXDAV_PORT: '0',
      EXDAV_LOG_LEVEL: 'info',
    });
    await until('it mirrors', () => scene.inCloud()['a-very-own-uid'] !== undefined);
    await until('it has told so', () => running.out().includes('"mirrored"'));
    const port = linesOf(running.out()).find(({ msg }) => msg === 'listening')?.['port'];
    const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
    for (const series of [
      /^exdav_mirror_objects_total\{pair="alice",action="created",side="nextcloud"\} 1$/m,
      /^exdav_mirror_requests_total\{side="nextcloud",status="207"\} \d+$/m,
      /^exdav_mirror_requests_total\{side="exchange",status="[^"]+"\} \d+$/m,
      /^exdav_mirror_lag_seconds\{pair="alice"\} [\d.]+$/m,
      /^exdav_mirror_troubled_objects\{pair="alice"\} 0$/m,
      /^exdav_mirror_stopped\{pair="alice"\} 0$/m,
    ])
      expect(metrics).toMatch(series);
    const own = metrics.split('\n').filter((line) => line.startsWith('exdav_mirror'));
    for (const word of ['example.test', 'a-very-own-uid', 'Very own words', '.ics'])
      expect(own.join('\n')).not.toContain(word);
    await until('it listens', () => (scene.simulator.calls()['GetStreamingEvents'] ?? 0) > 0);
    await scene.toExchange('b.ics', eventText('b'));
    await until('news arrives', () => scene.inCloud()['b'] !== undefined);
    expect(await running.end('SIGTERM')).toBe(0);
    expect(running.out()).not.toContain('Very own words');
  });

  it('does not start with a configuration that cannot be used', async () => {
    const scene = await sceneWith();
    const running = start(scene, ['serve'], {
      EXDAV_MIRROR_FILE: join(scene.folder, 'none.yaml'),
      EXDAV_EWS_URL: scene.simulator.url,
      EXDAV_PORT: '0',
    });
    await until(
      'it has ended',
      async () => (await Promise.race([running.end('SIGCONT'), sleep(50)])) !== undefined,
    );
    expect(await running.end('SIGCONT')).toBe(1);
  });
});
