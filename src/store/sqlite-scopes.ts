// The scopes of the SQLite ledger: one row a folder and access identity, with its head and the generation it shows.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { LedgerHead, LedgerScope } from '../model/store.ts';
import { packLines, unpackLines } from './packing.ts';
import { useGrainMs } from './tombstones.ts';

export interface Scope {
  readonly id: number;
  readonly generation: number;
  readonly head: LedgerHead;
  /** What rows of the generation are packed against. */
  readonly sample: readonly string[];
}

export interface ScopeTable {
  /** Notes the use, too. */
  get(scope: LedgerScope): Scope | undefined;
  update(id: number, head: LedgerHead, sample: readonly string[]): void;
  show(scope: LedgerScope, target: { generation: number; sample: readonly string[] }, head: LedgerHead): void;
  raiseBirth(id: number, birth: number): void;
  remove(id: number): void;
  unusedSince(time: number): readonly number[];
  all(): readonly { readonly id: number; readonly generation: number }[];
}

export function openScopeTable(database: DatabaseSync, now: () => number): ScopeTable {
  const select = database.prepare('SELECT * FROM scope WHERE identity = ? AND folder = ?');
  const touch = database.prepare('UPDATE scope SET used = ? WHERE id = ?');
  const update = database.prepare(
    'UPDATE scope SET birth = max(birth, ?), revision = ?, cursor = ?, sample = ?, used = ? WHERE id = ?',
  );
  const show = database.prepare(
    `INSERT INTO scope(identity, folder, generation, birth, revision, cursor, sample, used)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(identity, folder) DO UPDATE SET
     generation = excluded.generation, birth = excluded.birth, revision = excluded.revision,
     cursor = excluded.cursor, sample = excluded.sample, used = excluded.used`,
  );
  const raise = database.prepare('UPDATE scope SET birth = max(birth, ?) WHERE id = ?');
  const remove = database.prepare('DELETE FROM scope WHERE id = ?');
  const unused = database.prepare('SELECT id FROM scope WHERE used < ?');
  const all = database.prepare('SELECT id, generation FROM scope');
  return {
    get: ({ identity, folder }) => {
      const row = select.get(identity, folder);
      if (!row) return undefined;
      const id = integer(row['id']);
      if (now() - integer(row['used']) > useGrainMs) touch.run(now(), id);
      return {
        id,
        generation: integer(row['generation']),
        head: headOf(row),
        sample: linesOf(row['sample']),
      };
    },
    update: (id, head, sample) =>
      void update.run(head.birth, head.revision, cursorBytes(head), sample.join('\n'), now(), id),
    show: ({ identity, folder }, { generation, sample }, head) =>
      void show.run(
        identity,
        folder,
        generation,
        head.birth,
        head.revision,
        cursorBytes(head),
        sample.join('\n'),
        now(),
      ),
    raiseBirth: (id, birth) => void raise.run(birth, id),
    remove: (id) => void remove.run(id),
    unusedSince: (time) => unused.all(time).map((row) => integer(row['id'])),
    all: () => all.all().map((row) => ({ id: integer(row['id']), generation: integer(row['generation']) })),
  };
}

function headOf(row: Record<string, SQLOutputValue>): LedgerHead {
  const cursor = row['cursor'];
  return {
    birth: integer(row['birth']),
    revision: integer(row['revision']),
    ...(cursor instanceof Uint8Array && { cursor: unpackLines(Buffer.from(cursor), []) }),
  };
}

/** A cursor of Exchange is tens of kilobytes of base64. */
function cursorBytes(head: LedgerHead): Buffer | null {
  return head.cursor === undefined ? null : packLines(head.cursor, []);
}

function linesOf(value: SQLOutputValue | undefined): readonly string[] {
  return typeof value === 'string' && value !== '' ? value.split('\n') : [];
}

export function integer(value: SQLOutputValue | undefined): number {
  if (typeof value !== 'number') throw new TypeError('The store holds something else than a number here.');
  return value;
}
