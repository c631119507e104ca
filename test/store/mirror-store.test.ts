// Both memories of the mirror run the one contract suite; beyond it, what a file on a disk must stand.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { openMirrorStore } from '../../src/store/index.ts';
import { entryOf, mirrorStoreContract, twinOf } from '../contracts/mirror-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'exdav-mirror-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function newFile(): string {
  return join(folder, `${(files += 1)}.db`);
}

mirrorStoreContract('memory:', (now) => openMirrorStore('memory:', { now }));
mirrorStoreContract('sqlite:', (now) => openMirrorStore(`sqlite:${newFile()}`, { now }));

describe("the mirror's SQLite file", () => {
  it('has everything again after it was closed', async () => {
    const url = `sqlite:${newFile()}`;
    const before = await openMirrorStore(url);
    const head = {
      tokens: { exchange: 't' },
      run: 3,
      comparedAt: 1,
      places: { exchange: 'f', nextcloud: 'c' },
    };
    await before.commit('p', { head, twins: [twinOf('a')], history: [entryOf('a')] });
    await before.setLatch('k', 'refused');
    await before.close();
    const after = await openMirrorStore(url);
    expect(await after.head('p')).toEqual(head);
    expect(await after.twins('p')).toEqual([twinOf('a')]);
    expect(await after.history('p', { uid: 'a' })).toEqual([entryOf('a')]);
    expect(await after.latch('k')).toBe('refused');
    await after.close();
  });

  it('is readable by its owner only, also what SQLite puts beside it', async () => {
    const file = newFile();
    const store = await openMirrorStore(`sqlite:${file}`);
    await store.commit('p', { twins: [twinOf('a')] });
    await store.exclusively(async () => undefined);
    for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`])
      expect(statSync(name).mode & 0o077).toBe(0);
    await store.close();
  });

  it('keeps nothing of a change of which a part cannot be written', async () => {
    const file = newFile();
    const store = await openMirrorStore(`sqlite:${file}`);
    await store.commit('p', { twins: [twinOf('a')] });
    const other = new DatabaseSync(file);
    other.exec("CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'disk is full'); END");
    other.close();
    const change = { forgotten: ['a'], twins: [twinOf('b')], history: [entryOf('b')] };
    await expect(store.commit('p', change)).rejects.toThrow('disk is full');
    expect(await store.twins('p')).toEqual([twinOf('a')]);
    await store.commit('p', { twins: [twinOf('c')] });
    expect(await store.countTwins('p')).toBe(2);
    await store.close();
  });

  it('says so when somebody keeps it locked, and goes on afterwards', async () => {
    const file = newFile();
    const store = await openMirrorStore(`sqlite:${file}`);
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.commit('p', { twins: [twinOf('a')] })).rejects.toThrow(/locked/);
    other.exec('COMMIT');
    await store.commit('p', { twins: [twinOf('a')] });
    expect(await store.countTwins('p')).toBe(1);
    other.close();
    await store.close();
  });

  it('has what was committed, and only that, after its process was killed', async () => {
    const file = newFile();
    const program = join(folder, 'killed.ts');
    writeFileSync(
      program,
      `import { openMirrorStore } from ${JSON.stringify(resolve(import.meta.dirname, '../../src/store/index.ts'))};
const store = await openMirrorStore(process.argv[2]);
for (let n = 0; ; n += 1) {
  await store.commit('p', {
    head: { tokens: {}, run: n, comparedAt: 0, places: { exchange: '', nextcloud: '' } },
    twins: [{ uid: String(n), sides: {} }],
    history: [{ run: n, at: 0, uid: String(n), side: 'exchange', action: 'created', href: 'x' }],
  });
  if (n === 20) process.stdout.write('going');
}`,
    );
    const child = spawn(process.execPath, [program, `sqlite:${file}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((done) => child.on('exit', done));
    await new Promise((going) => child.stdout.once('data', going));
    child.kill('SIGKILL');
    await ended;
    const store = await openMirrorStore(`sqlite:${file}`);
    const run = (await store.head('p'))?.run ?? -1;
    expect(run).toBeGreaterThanOrEqual(20);
    expect(await store.countTwins('p')).toBe(run + 1);
    expect(await store.history('p', {})).toHaveLength(run + 1);
    await store.close();
  });

  it('of a later version is left alone', async () => {
    const file = newFile();
    await (await openMirrorStore(`sqlite:${file}`)).close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(openMirrorStore(`sqlite:${file}`)).rejects.toThrow('newer version of Exdav');
  });
});

describe('openMirrorStore', () => {
  it.each(['', 'redis://x', 'mirror.db', 'sqlite:'])(
    'says in plain words what is wrong with "%s"',
    async (url) => {
      await expect(openMirrorStore(url)).rejects.toThrow(/use sqlite:/);
    },
  );
});
