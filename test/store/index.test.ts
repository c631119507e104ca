// Every store runs the one contract suite; Redis only where one is reachable.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/index.ts';
import { storeContract } from '../contracts/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'exdav-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

storeContract('memory:', { open: (now) => openStore('memory:', { now }), pass: async () => {} });
storeContract('sqlite:', {
  open: (now) => openStore(`sqlite:${join(folder, `${(files += 1)}.db`)}`, { now }),
  pass: async () => {},
});

const redisUrl = process.env['EXDAV_TEST_REDIS'];
if (redisUrl) {
  storeContract('redis:', {
    open: async (now) => {
      const redis = new Redis(redisUrl);
      await redis.flushdb();
      redis.disconnect();
      return openStore(redisUrl, { now });
    },
    pass: (ms) => new Promise((done) => setTimeout(done, ms)),
  });
} else {
  describe('store contract: redis:', () => {
    it.skip('needs EXDAV_TEST_REDIS, for example redis://127.0.0.1:6379/9 (that database is emptied)', () => {});
  });
}

describe('the SQLite file', () => {
  it('keeps sealed secrets when the tables of the ledger change', async () => {
    const file = join(folder, 'older.db');
    const before = await openStore(`sqlite:${file}`);
    await before.records.set('feed:x', 'sealed', 60_000);
    await before.ledger.commit({ identity: 'a', folder: 'f' }, undefined, {
      head: { birth: 1, revision: 1 },
      rows: [],
    });
    await before.close();
    const database = new DatabaseSync(file);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const after = await openStore(`sqlite:${file}`);
    expect(await after.records.get('feed:x')).toBe('sealed');
    expect(await after.ledger.head({ identity: 'a', folder: 'f' })).toBeUndefined();
    await after.close();
  });

  it('is readable by its owner only', async () => {
    const file = join(folder, 'private.db');
    const store = await openStore(`sqlite:${file}`);
    await store.records.set('k', 'v', 60_000);
    for (const name of [file, `${file}-wal`]) expect(statSync(name).mode & 0o077).toBe(0);
    await store.close();
  });
});

describe('openStore', () => {
  it.each(['', 'mysql://x', '/var/lib/x.db', 'sqlite:'])(
    'says in plain words what is wrong with "%s"',
    async (url) => {
      await expect(openStore(url)).rejects.toThrow(/use memory: or sqlite:|needs a path/);
    },
  );

  it('names a Redis that does not answer, without its password', async () => {
    await expect(openStore('redis://user:secret@127.0.0.1:1/0')).rejects.toThrow(
      'Redis at redis://127.0.0.1:1/0 does not answer.',
    );
  });

  it('opens a SQLite file again with what was in it', async () => {
    const url = `sqlite:${join(folder, 'again.db')}`;
    const first = await openStore(url);
    await first.records.set('key', 'value', 60_000);
    await first.close();
    const second = await openStore(url);
    expect(await second.records.get('key')).toBe('value');
    await second.close();
  });
});
