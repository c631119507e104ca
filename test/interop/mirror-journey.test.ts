// The README's first steps with the mirror, typed as they stand there, but for the ports.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const project = resolve(import.meta.dirname, '../..');
const hasRadicale = existsSync('/usr/bin/radicale');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Two that follow each other: the demo takes the next one for Exchange. */
async function freePorts(): Promise<{ readonly demo: number; readonly dav: number }> {
  const [demo, dav] = await Promise.all([freePort(), freePort()]);
  return { demo, dav };
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => done(port));
    });
  });
}

/** The commands of the README's chapter, in order. */
function commandsOf(chapter: string): readonly string[] {
  const readme = readFileSync(join(project, 'README.md'), 'utf8');
  const [, text = ''] = new RegExp(`^## ${chapter}\\n(.*?)^## `, 'ms').exec(readme) ?? [];
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block = '']) => block.trim().split('\n'));
}

function begun(command: string, cwd: string, environment: Readonly<Record<string, string>> = {}) {
  const child: ChildProcess = spawn('bash', ['-c', `exec ${command}`], {
    cwd,
    detached: true,
    env: { ...process.env, ...environment },
  });
  let text = '';
  child.stdout?.on('data', (chunk) => (text += String(chunk)));
  child.stderr?.on('data', (chunk) => (text += String(chunk)));
  closers.push(() => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
  });
  return { text: () => text };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 200) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`it did not come to this: ${what}`);
}

describe.skipIf(!hasRadicale)("the README's first steps with the mirror", () => {
  it('mirror a calendar, carry a change each way, and take one back', { timeout: 300_000 }, async () => {
    const { demo, dav } = await freePorts();
    const folder = mkdtempSync(join(tmpdir(), 'exdav-journey-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const ported = (text: string): string =>
      text
        .replaceAll(':8080', `:${demo}`)
        .replaceAll(':8081', `:${demo + 1}`)
        .replaceAll(':5232', `:${dav}`);
    cpSync(join(project, 'deploy'), join(folder, 'deploy'), { recursive: true });
    const config = join(folder, 'deploy/mirror-demo.yaml');
    writeFileSync(config, ported(readFileSync(config, 'utf8')));
    const [server = '', watch = '', lunch = '', dinner = '', undo = '', ...more] = commandsOf('Mirror').map(
      (line) =>
        ported(line).replace('npm run mirror --', `${process.execPath} ${project}/bin/exdav.ts mirror`),
    );
    expect(more).toEqual([]);
    begun(`${process.execPath} ${project}/bin/exdav.ts demo`, folder, { PORT: String(demo) });
    begun(server, folder);
    await until('both servers answer', () =>
      answers(`http://127.0.0.1:${demo}/`, `http://127.0.0.1:${dav}/`),
    );
    const watching = begun(watch, folder);
    await until('300 are copied', () => watching.text().includes('"created on nextcloud":300'));
    const copied = (): Promise<string> => asked(`http://127.0.0.1:${dav}/alice/exchange/`, 'alice:any');
    expect((await copied()).match(/^BEGIN:VEVENT/gm)?.length).toBeGreaterThanOrEqual(300);
    await run('bash', ['-c', lunch], { cwd: folder });
    await until('lunch is copied', () => watching.text().includes('"created on nextcloud":1}'));
    expect(await copied()).toContain('SUMMARY:Lunch');
    await run('bash', ['-c', dinner], { cwd: folder });
    await until('dinner got to Exchange', () => watching.text().includes('"created on exchange":1'));
    const line =
      watching
        .text()
        .split('\n')
        .find((each) => each.includes('"created on exchange":1')) ?? '{}';
    const { run: number } = JSON.parse(line) as { run: number };
    const { stdout } = await run('bash', ['-c', undo.replace('RUN', String(number))], { cwd: folder });
    expect(stdout).toContain('1 of 1 taken back');
    const gateway = `http://127.0.0.1:${demo}/calendars/alice@example.test/calendar/`;
    const names = await asked(gateway, 'alice@example.test:alice', propfind);
    expect(names.match(/<D:response>/g)).toHaveLength(302);
  });
});

const propfind = { method: 'PROPFIND', headers: { depth: '1' } };

async function asked(
  url: string,
  user: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<string> {
  const authorization = `Basic ${Buffer.from(user).toString('base64')}`;
  return (await fetch(url, { method, headers: { ...headers, authorization } })).text();
}

async function answers(...urls: readonly string[]): Promise<boolean> {
  try {
    await Promise.all(urls.map((url) => fetch(url)));
    return true;
  } catch {
    return false;
  }
}
