// The mirror's memory in a file (node:sqlite): one writing process. Texts in it are sealed by whoever hands them over.
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type {
  HistoryEntry,
  Intent,
  MirrorChange,
  MirrorStore,
  PairHead,
  Side,
  Twin,
} from '../model/mirror-store.ts';
import { keepPrivate, openProcessLock } from './sqlite-file.ts';

const schemaVersion = 1;

const schema = `
  CREATE TABLE head(pair TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE twin(
    pair TEXT NOT NULL, uid TEXT NOT NULL, exchange TEXT, nextcloud TEXT, due INTEGER, data TEXT NOT NULL,
    PRIMARY KEY(pair, uid)) WITHOUT ROWID;
  CREATE INDEX twin_exchange ON twin(pair, exchange) WHERE exchange IS NOT NULL;
  CREATE INDEX twin_nextcloud ON twin(pair, nextcloud) WHERE nextcloud IS NOT NULL;
  CREATE INDEX twin_due ON twin(pair, due) WHERE due IS NOT NULL;
  CREATE TABLE intent(pair TEXT NOT NULL, id TEXT NOT NULL, data TEXT NOT NULL, PRIMARY KEY(pair, id)) WITHOUT ROWID;
  CREATE TABLE history(
    pair TEXT NOT NULL, run INTEGER NOT NULL, at INTEGER NOT NULL, uid TEXT NOT NULL, data TEXT NOT NULL);
  CREATE INDEX history_run ON history(pair, run);
  CREATE INDEX history_uid ON history(pair, uid);
  CREATE INDEX history_at ON history(at);
  CREATE TABLE latch(key TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${schemaVersion};
`;

/** @throws Error in plain words when the file was written by a newer version */
export function openSqliteMirrorStore(path: string, now: () => number = Date.now): MirrorStore {
  keepPrivate(path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  // FULL: what was journalled must be on the disk before the write that it announces.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  prepareTables(database, path);
  const read = readerOf(database);
  const write = writerOf(database);
  const lock = openProcessLock(`${path}.lock`);
  return {
    ...read,
    commit: async (pair, change) => {
      if (Object.values(change).some((part) => !Array.isArray(part) || part.length > 0))
        write.commit(pair, change);
    },
    reset: async (pair) => write.reset(pair),
    setLatch: async (key, reason) => write.latch(key, reason),
    exclusively: (work) => lock.during(work),
    prune: async (days) =>
      void database.prepare('DELETE FROM history WHERE at < ?').run(now() - days * 86_400_000),
    async close() {
      lock.close();
      database.close();
    },
  };
}

function prepareTables(database: DatabaseSync, path: string): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === schemaVersion) return;
  // What is in it cannot be thrown away: a later version brings the way from this one.
  if (version > schemaVersion) throw new Error(`${path} was written by a newer version of Exdav.`);
  database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);
}

type Reading = Pick<
  MirrorStore,
  'head' | 'twins' | 'twinsByHref' | 'troubled' | 'countTwins' | 'intents' | 'history' | 'latch'
>;

function readerOf(database: DatabaseSync): Reading {
  const head = database.prepare('SELECT data FROM head WHERE pair = ?');
  const all = database.prepare('SELECT data FROM twin WHERE pair = ?');
  const byUid = database.prepare(
    'SELECT data FROM twin WHERE pair = ? AND uid IN (SELECT value FROM json_each(?))',
  );
  const byHref = {
    exchange: database.prepare(
      'SELECT data FROM twin WHERE pair = ? AND exchange IN (SELECT value FROM json_each(?))',
    ),
    nextcloud: database.prepare(
      'SELECT data FROM twin WHERE pair = ? AND nextcloud IN (SELECT value FROM json_each(?))',
    ),
  } satisfies Record<Side, StatementSync>;
  const due = database.prepare('SELECT data FROM twin WHERE pair = ? AND due <= ?');
  const count = database.prepare('SELECT count(*) AS n FROM twin WHERE pair = ?');
  const intents = database.prepare('SELECT data FROM intent WHERE pair = ?');
  const history = database.prepare(
    'SELECT data FROM history WHERE pair = ?1 AND (?2 IS NULL OR run = ?2) AND (?3 IS NULL OR uid = ?3) ORDER BY at, rowid',
  );
  const latch = database.prepare('SELECT reason FROM latch WHERE key = ?');
  return {
    head: async (pair) => rowsOf<PairHead>(head.all(pair))[0],
    twins: async (pair, uids) =>
      rowsOf<Twin>(uids === undefined ? all.all(pair) : byUid.all(pair, JSON.stringify(uids))),
    twinsByHref: async (pair, side, hrefs) => rowsOf<Twin>(byHref[side].all(pair, JSON.stringify(hrefs))),
    troubled: async (pair, at) => rowsOf<Twin>(due.all(pair, at)),
    countTwins: async (pair) => Number(count.get(pair)?.['n']),
    intents: async (pair) => rowsOf<Intent>(intents.all(pair)),
    history: async (pair, { run, uid }) => rowsOf<HistoryEntry>(history.all(pair, run ?? null, uid ?? null)),
    latch: async (key) => {
      const reason = latch.get(key)?.['reason'];
      return typeof reason === 'string' ? reason : undefined;
    },
  };
}

/** Only this file writes these rows: the shape is ours. */
function rowsOf<T>(rows: readonly Record<string, unknown>[]): T[] {
  return rows.map(({ data }): T => JSON.parse(String(data)));
}

function writerOf(database: DatabaseSync) {
  const setHead = database.prepare('INSERT OR REPLACE INTO head VALUES (?, ?)');
  const setTwin = database.prepare('INSERT OR REPLACE INTO twin VALUES (?, ?, ?, ?, ?, ?)');
  const forget = database.prepare('DELETE FROM twin WHERE pair = ? AND uid = ?');
  const open = database.prepare('INSERT OR REPLACE INTO intent VALUES (?, ?, ?)');
  const close = database.prepare('DELETE FROM intent WHERE pair = ? AND id = ?');
  const add = database.prepare('INSERT INTO history VALUES (?, ?, ?, ?, ?)');
  const setLatch = database.prepare('INSERT OR REPLACE INTO latch VALUES (?, ?)');
  const unlatch = database.prepare('DELETE FROM latch WHERE key = ?');
  const commit = (pair: string, change: MirrorChange): void => {
    for (const uid of change.forgotten ?? []) forget.run(pair, uid);
    for (const twin of change.twins ?? []) {
      const { exchange, nextcloud } = twin.sides;
      setTwin.run(
        pair,
        twin.uid,
        exchange?.href ?? null,
        nextcloud?.href ?? null,
        twin.trouble?.nextAt ?? null,
        JSON.stringify(twin),
      );
    }
    for (const intent of change.opened ?? []) open.run(pair, intent.id, JSON.stringify(intent));
    for (const id of change.closed ?? []) close.run(pair, id);
    for (const entry of change.history ?? [])
      add.run(pair, entry.run, entry.at, entry.uid, JSON.stringify(entry));
    if (change.head) setHead.run(pair, JSON.stringify(change.head));
  };
  return {
    commit: (pair: string, change: MirrorChange) => inTransaction(database, () => commit(pair, change)),
    reset: (pair: string) =>
      inTransaction(database, () => {
        for (const table of ['head', 'twin'])
          database.prepare(`DELETE FROM ${table} WHERE pair = ?`).run(pair);
      }),
    latch: (key: string, reason: string | undefined) =>
      void (reason === undefined ? unlatch.run(key) : setLatch.run(key, reason)),
  };
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
