// Members of the SQLite ledger. To keep a row near 150 bytes (DESIGN §5) its texts are packed against a sample and its
// keys are 48-bit hashes: in `lookup`, and in front of the row's data, so that they can be removed with it.
import { hash } from 'node:crypto';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LedgerEntry, LedgerRow } from '../model/store.ts';
import { packLines, unpackLines } from './packing.ts';
import { integer } from './sqlite-scopes.ts';

interface Target {
  readonly generation: number;
  readonly sample: readonly string[];
}

/** A row on its way from one generation to another: its keys are known as hashes only. */
interface HashedEntry extends LedgerRow {
  readonly hashes: readonly number[];
}

export interface MemberTable {
  newGeneration(): number;
  isEmpty(generation: number): boolean;
  /** Inserts or replaces by href. */
  write(target: Target, entries: readonly (LedgerEntry | HashedEntry)[]): void;
  byHref(target: Target, hrefs: readonly string[]): LedgerRow[];
  byKey(target: Target, keys: readonly string[]): LedgerRow[];
  /** Rows with a later revision, by revision; gone ones included. */
  after(target: Target, revision: number): Promise<LedgerRow[]>;
  /** All rows but those that `entries` name. */
  others(target: Target, entries: readonly LedgerEntry[]): Promise<HashedEntry[]>;
  /** Answers whether some may be left. */
  clearSome(generation: number, limit: number): boolean;
  /** Left behind by a process that died. */
  invisibleGenerations(): readonly number[];
  /** The highest revision forgotten. */
  forgetTombstones(generation: number, upTo: number): number | undefined;
}

const rowsPerPage = 500;
const hashBytes = 6;
/** A generation that is not visible so long after it began was left by a process that died. */
const abandonedAfterMs = 3_600_000;

type RawRow = Record<string, SQLOutputValue>;
type Statements = ReturnType<typeof statements>;

/** What most rows of a folder resemble: the longest has something in every line. */
export function sampleOf(entries: readonly LedgerRow[]): readonly string[] {
  const texts = entries.slice(0, 100).map(textOf);
  return texts.reduce((a, b) => (b.length > a.length ? b : a), '').split('\n');
}

export function openMemberTable(database: DatabaseSync, now: () => number): MemberTable {
  const sql = statements(database);
  const { find, insert, remove } = rowWork(sql);
  return {
    newGeneration: () => Number(sql.newGeneration.run(now()).lastInsertRowid),
    isEmpty: (generation) => sql.any.get(generation) === undefined,
    write: (target, entries) => entries.forEach((entry) => insert(target, entry)),
    byHref: (target, hrefs) =>
      [...new Set(hrefs)].flatMap((href) =>
        find(target, hrefHash(href)).flatMap(({ row }) => (row.href === href ? [row] : [])),
      ),
    byKey: (target, keys) => {
      const found = keys.flatMap((key) => find(target, keyHash(key)).map(({ row }) => row));
      return [...new Map(found.map((row) => [row.href, row])).values()];
    },
    after: (target, revision) => pages(sql, target, revision),
    others: async (target, entries) => {
      const named = new Set(entries.map((entry) => entry.href));
      return (await pages(sql, target, -1)).filter((row) => !named.has(row.href));
    },
    clearSome: (generation, limit) => {
      const rows = sql.page.all(generation, -1, -1, limit);
      for (const row of rows) remove(generation, row);
      if (rows.length === 0) sql.removeGeneration.run(generation);
      return rows.length > 0;
    },
    invisibleGenerations: () => sql.invisible.all(now() - abandonedAfterMs).map((row) => integer(row['id'])),
    forgetTombstones: (generation, upTo) => {
      const rows = sql.tombstones.all(generation, upTo);
      for (const row of rows) remove(generation, row);
      const last = rows.at(-1);
      return last && integer(last['revision']);
    },
  };
}

/** Finding, writing and removing one row with its keys. */
function rowWork(sql: Statements) {
  const remove = (generation: number, raw: RawRow): void => {
    const id = integer(raw['id']);
    for (const key of hashesOf(bytesOf(raw['data']))) sql.removeKey.run(generation, key, id);
    sql.remove.run(id);
  };
  const find = (target: Target, key: number): { raw: RawRow; row: HashedEntry }[] =>
    sql.byHash.all(target.generation, key).map((raw) => ({ raw, row: rowOf(raw, target) }));
  const insert = (target: Target, entry: LedgerEntry | HashedEntry): void => {
    const own = hrefHash(entry.href);
    const hashes = 'hashes' in entry ? entry.hashes : [...new Set([own, ...entry.keys.map(keyHash)])];
    const data = Buffer.concat([hashed(hashes), packLines(textOf(entry), target.sample)]);
    for (const { raw, row } of find(target, own)) if (row.href === entry.href) remove(target.generation, raw);
    const done = sql.insert.run(target.generation, entry.revision, entry.gone ? 1 : 0, data);
    for (const key of hashes) sql.insertKey.run(target.generation, key, done.lastInsertRowid);
  };
  return { find, insert, remove };
}

function statements(database: DatabaseSync) {
  return {
    newGeneration: database.prepare('INSERT INTO generation(began) VALUES (?)'),
    removeGeneration: database.prepare('DELETE FROM generation WHERE id = ?'),
    invisible: database.prepare(
      'SELECT id FROM generation WHERE began < ? AND id NOT IN (SELECT generation FROM scope)',
    ),
    any: database.prepare('SELECT 1 FROM member WHERE generation = ? LIMIT 1'),
    insert: database.prepare('INSERT INTO member(generation, revision, gone, data) VALUES (?, ?, ?, ?)'),
    insertKey: database.prepare('INSERT OR IGNORE INTO lookup(generation, hash, member) VALUES (?, ?, ?)'),
    remove: database.prepare('DELETE FROM member WHERE id = ?'),
    removeKey: database.prepare('DELETE FROM lookup WHERE generation = ? AND hash = ? AND member = ?'),
    byHash: database.prepare(
      `SELECT m.id, m.revision, m.gone, m.data FROM lookup l JOIN member m ON m.id = l.member
       WHERE l.generation = ? AND l.hash = ?`,
    ),
    page: database.prepare(
      `SELECT id, revision, gone, data FROM member WHERE generation = ? AND (revision, id) > (?, ?)
       ORDER BY revision, id LIMIT ?`,
    ),
    tombstones: database.prepare(
      'SELECT id, revision, data FROM member WHERE generation = ? AND revision <= ? AND gone = 1 ORDER BY revision LIMIT 500',
    ),
  };
}

/** A row that moves to a later revision between two pages is met again there: the later meeting counts. */
async function pages(sql: Statements, target: Target, after: number): Promise<HashedEntry[]> {
  const found = new Map<string, HashedEntry>();
  let [revision, id] = [after, Number.MAX_SAFE_INTEGER];
  for (;;) {
    const rows = sql.page.all(target.generation, revision, id, rowsPerPage);
    for (const raw of rows) {
      const row = rowOf(raw, target);
      found.delete(row.href);
      found.set(row.href, row);
    }
    const last = rows.at(-1);
    if (!last || rows.length < rowsPerPage) return [...found.values()];
    [revision, id] = [integer(last['revision']), integer(last['id'])];
    await nextTurn();
  }
}

function textOf(row: LedgerRow): string {
  return row.value === '' ? row.href : `${row.href}\n${row.value}`;
}

function rowOf(raw: RawRow, target: Target): HashedEntry {
  const data = bytesOf(raw['data']);
  const text = unpackLines(data.subarray(1 + data.readUInt8(0) * hashBytes), target.sample);
  const end = text.indexOf('\n');
  return {
    href: end < 0 ? text : text.slice(0, end),
    value: end < 0 ? '' : text.slice(end + 1),
    revision: integer(raw['revision']),
    gone: raw['gone'] === 1,
    hashes: hashesOf(data),
  };
}

function hrefHash(href: string): number {
  return keyHash(`href\n${href}`);
}

function keyHash(key: string): number {
  return hash('sha256', key, 'buffer').readUIntBE(0, hashBytes);
}

function hashed(hashes: readonly number[]): Buffer {
  const bytes = Buffer.alloc(1 + hashes.length * hashBytes);
  bytes.writeUInt8(hashes.length, 0);
  hashes.forEach((value, index) => bytes.writeUIntBE(value, 1 + index * hashBytes, hashBytes));
  return bytes;
}

function hashesOf(data: Buffer): number[] {
  return Array.from({ length: data.readUInt8(0) }, (_, index) =>
    data.readUIntBE(1 + index * hashBytes, hashBytes),
  );
}

function bytesOf(value: SQLOutputValue | undefined): Buffer {
  if (!(value instanceof Uint8Array)) throw new TypeError('The store holds something else than bytes here.');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
