// The embedded store on node:sqlite (libraries.md §7): one writing process, short transactions.
import { DatabaseSync } from 'node:sqlite';
import type { Records, Store } from '../model/store.ts';
import { keepPrivate } from './sqlite-file.ts';
import { openSqliteLedger } from './sqlite-ledger.ts';

/** Raised when the tables of the ledger change: what is in them can be thrown away, sealed secrets (`record`) cannot. */
const schemaVersion = 1;

const schema = `
  CREATE TABLE IF NOT EXISTS record(key TEXT PRIMARY KEY, value TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE scope(
    id INTEGER PRIMARY KEY, identity TEXT NOT NULL, folder TEXT NOT NULL,
    generation INTEGER NOT NULL, birth INTEGER NOT NULL, revision INTEGER NOT NULL,
    cursor BLOB, sample TEXT NOT NULL, used INTEGER NOT NULL, UNIQUE(identity, folder));
  CREATE TABLE generation(id INTEGER PRIMARY KEY AUTOINCREMENT, began INTEGER NOT NULL);
  CREATE TABLE member(
    id INTEGER PRIMARY KEY, generation INTEGER NOT NULL, revision INTEGER NOT NULL, gone INTEGER NOT NULL,
    data BLOB NOT NULL);
  CREATE INDEX member_revision ON member(generation, revision);
  CREATE TABLE lookup(
    generation INTEGER NOT NULL, hash INTEGER NOT NULL, member INTEGER NOT NULL,
    PRIMARY KEY(generation, hash, member)) WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

export async function openSqliteStore(path: string, now: () => number): Promise<Store> {
  if (path === '')
    throw new Error('The store "sqlite:" needs a path, for example sqlite:/var/lib/exdav/store.db.');
  keepPrivate(path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  prepareTables(database);
  const ledger = openSqliteLedger(database, now);
  return {
    records: sqliteRecords(database, now),
    ledger,
    prune: async (days) => {
      database.prepare('DELETE FROM record WHERE until <= ?').run(now());
      await ledger.prune(days);
    },
    close: async () => database.close(),
  };
}

function prepareTables(database: DatabaseSync): void {
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (version === schemaVersion) return;
  database.exec('BEGIN IMMEDIATE');
  for (const table of ['scope', 'generation', 'member', 'lookup']) {
    database.exec(`DROP TABLE IF EXISTS ${table}`);
  }
  database.exec(schema);
  database.exec('COMMIT');
}

function sqliteRecords(database: DatabaseSync, now: () => number): Records {
  const get = database.prepare('SELECT value FROM record WHERE key = ? AND until > ?');
  const set = database.prepare('INSERT OR REPLACE INTO record(key, value, until) VALUES (?, ?, ?)');
  const remove = database.prepare('DELETE FROM record WHERE key = ?');
  return {
    get: async (key) => {
      const value = get.get(key, now())?.['value'];
      return typeof value === 'string' ? value : undefined;
    },
    set: async (key, value, ttlMs) => void set.run(key, value, Math.ceil(now() + ttlMs)),
    delete: async (key) => void remove.run(key),
  };
}
