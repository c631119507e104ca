// Two processes at one file: the second waits for the first, and a dead one holds nobody up.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openProcessLock } from '../../src/store/sqlite-file.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function lockPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'exdav-lock-'));
  folders.push(folder);
  return join(folder, 'mirror.db.lock');
}

describe('a process lock', () => {
  it('lets several pieces of work of one process go on at once, and others wait for all of them', async () => {
    const path = lockPath();
    const [first, second] = [openProcessLock(path), openProcessLock(path)];
    const order: string[] = [];
    let finish = (): void => undefined;
    const finished = new Promise<void>((done) => (finish = done));
    const long = first.during(() => finished);
    await first.during(async () => void order.push('beside'));
    const waiting = second.during(async () => void order.push('after'));
    await new Promise((done) => setTimeout(done, 300));
    expect(order).toEqual(['beside']);
    finish();
    await Promise.all([long, waiting]);
    expect(order).toEqual(['beside', 'after']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    first.close();
    second.close();
  });

  it('is let go when its process is killed', async () => {
    const path = lockPath();
    const module = resolve(import.meta.dirname, '../../src/store/sqlite-file.ts');
    const script = `import { openProcessLock } from ${JSON.stringify(module)};
      openProcessLock(${JSON.stringify(path)}).during(() => { console.log('held'); return new Promise(() => setInterval(() => 0, 1000)); });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await once(child.stdout, 'data');
    const lock = openProcessLock(path);
    let isIn = false;
    const waiting = lock.during(async () => void (isIn = true));
    await new Promise((done) => setTimeout(done, 300));
    expect(isIn).toBe(false);
    child.kill('SIGKILL');
    await waiting;
    expect(isIn).toBe(true);
    lock.close();
  });

  it('says so when the other does not come to an end', async () => {
    const path = lockPath();
    const [first, second] = [openProcessLock(path), openProcessLock(path, 400)];
    let finish = (): void => undefined;
    const long = first.during(() => new Promise<void>((done) => (finish = done)));
    await expect(second.during(async () => 1)).rejects.toThrow('another process of Exdav is at work with');
    finish();
    await long;
    expect(await second.during(async () => 1)).toBe(1);
    first.close();
    second.close();
  });
});
