// The ledger in SQLite. Rows belong to a generation; a scope shows one. Large changes fill a new generation in short
// transactions and become visible by one last update, so that nothing half is ever seen and no transaction is long.
import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ledger, LedgerRow, LedgerScope } from '../model/store.ts';
import { type MemberTable, openMemberTable, sampleOf } from './sqlite-members.ts';
import { openScopeTable, type Scope, type ScopeTable } from './sqlite-scopes.ts';
import { daysAgo, forgettableRevision } from './tombstones.ts';

/** DESIGN §5 bounds a transaction by 512 rows; this many take about 5 ms. */
const rowsPerTransaction = 256;
const namesPerStep = 200;

export interface SqliteLedger extends Ledger {
  prune(days: number): Promise<void>;
}

interface Tables {
  readonly database: DatabaseSync;
  readonly scopes: ScopeTable;
  readonly members: MemberTable;
}

interface Commit {
  readonly scope: LedgerScope;
  readonly expected: number | undefined;
  readonly change: Parameters<Ledger['commit']>[2];
}

export function openSqliteLedger(database: DatabaseSync, now: () => number): SqliteLedger {
  const tables = { database, scopes: openScopeTable(database, now), members: openMemberTable(database, now) };
  const { scopes, members } = tables;
  return {
    head: async (scope) => scopes.get(scope)?.head,
    rows: async (scope) =>
      (await steadily(tables, scope, (found) => members.after(found, -1))).filter((row) => !row.gone),
    byHref: (scope, hrefs) =>
      steadily(tables, scope, (found) => inSteps(hrefs, (some) => members.byHref(found, some))),
    byKey: async (scope, keys) => {
      const rows = await steadily(tables, scope, (found) =>
        inSteps(keys, (some) => members.byKey(found, some)),
      );
      return [...new Map(rows.map((row) => [row.href, row])).values()];
    },
    since: (scope, revision) => steadily(tables, scope, (found) => members.after(found, revision)),
    commit: async (scope, expected, change) =>
      change.replace || expected === undefined || change.rows.length > rowsPerTransaction
        ? commitLarge(tables, { scope, expected, change })
        : commitSmall(tables, { scope, expected, change }),
    drop: async (scope) => {
      const found = scopes.get(scope);
      if (!found) return;
      scopes.remove(found.id);
      await clear(tables, found.generation);
    },
    prune: (days) => prune(tables, now(), days),
  };
}

/** What is read in several steps is begun again when another generation became visible meanwhile. */
async function steadily(
  { scopes }: Tables,
  scope: LedgerScope,
  read: (found: Scope) => Promise<LedgerRow[]>,
): Promise<LedgerRow[]> {
  for (;;) {
    const found = scopes.get(scope);
    if (!found) return [];
    const rows = await read(found);
    if (scopes.get(scope)?.generation === found.generation) return rows;
  }
}

async function inSteps(
  names: readonly string[],
  read: (some: readonly string[]) => LedgerRow[],
): Promise<LedgerRow[]> {
  const wanted = [...new Set(names)];
  const rows: LedgerRow[] = [];
  for (let at = 0; at < wanted.length; at += namesPerStep) {
    if (at > 0) await nextTurn();
    rows.push(...read(wanted.slice(at, at + namesPerStep)));
  }
  return rows;
}

function commitSmall({ database, scopes, members }: Tables, { scope, expected, change }: Commit): boolean {
  return transaction(database, () => {
    const found = scopes.get(scope);
    if (!found || found.head.revision !== expected) return false;
    const needsSample = found.sample.length === 0 && members.isEmpty(found.generation);
    const sample = needsSample ? sampleOf(change.rows) : found.sample;
    members.write({ generation: found.generation, sample }, change.rows);
    scopes.update(found.id, change.head, sample);
    return true;
  });
}

async function commitLarge(tables: Tables, { scope, expected, change }: Commit): Promise<boolean> {
  const { database, scopes, members } = tables;
  const before = scopes.get(scope);
  if (before?.head.revision !== expected) return false;
  const isFresh = before === undefined || change.replace === true;
  const target = {
    generation: members.newGeneration(),
    sample: isFresh || before.sample.length === 0 ? sampleOf(change.rows) : before.sample,
  };
  const entries = isFresh ? change.rows : [...change.rows, ...(await members.others(before, change.rows))];
  for (let at = 0; at < entries.length; at += rowsPerTransaction) {
    transaction(database, () => members.write(target, entries.slice(at, at + rowsPerTransaction)));
    await nextTurn();
  }
  const done = transaction(database, () => {
    const current = scopes.get(scope);
    if (current?.head.revision !== expected) return false;
    scopes.show(
      scope,
      target,
      isFresh ? change.head : { ...change.head, birth: Math.max(change.head.birth, before.head.birth) },
    );
    return true;
  });
  const stale = done ? before?.generation : target.generation;
  if (stale !== undefined) await clear(tables, stale);
  return done;
}

async function clear({ database, members }: Tables, generation: number): Promise<void> {
  while (transaction(database, () => members.clearSome(generation, rowsPerTransaction))) await nextTurn();
}

async function prune(tables: Tables, now: number, days: number): Promise<void> {
  const { database, scopes, members } = tables;
  for (const scope of scopes.unusedSince(daysAgo(now, days))) scopes.remove(scope);
  for (const generation of members.invisibleGenerations()) await clear(tables, generation);
  for (const { id, generation } of scopes.all()) {
    transaction(database, () => {
      const forgotten = members.forgetTombstones(generation, forgettableRevision(now));
      if (forgotten !== undefined) scopes.raiseBirth(id, forgotten);
    });
    await nextTurn();
  }
}

/** BEGIN IMMEDIATE: with a plain BEGIN two writers refuse each other at once, whatever the timeout. */
function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}
