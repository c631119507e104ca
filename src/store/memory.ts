// The store in plain maps: for tests, demo and throw-away servers. One process.
import type { Ledger, LedgerEntry, LedgerHead, LedgerScope, Records, Store } from '../model/store.ts';
import { daysAgo, forgettableRevision } from './tombstones.ts';

interface Folder {
  head: LedgerHead;
  used: number;
  readonly rows: Map<string, LedgerEntry>;
  readonly hrefsByKey: Map<string, Set<string>>;
}

type Folders = Map<string, Folder>;

export function openMemoryStore(now: () => number): Store {
  const folders: Folders = new Map();
  const records = new Map<string, { value: string; until: number }>();
  return {
    records: memoryRecords(records, now),
    ledger: memoryLedger(folders, now),
    prune: async (days) => {
      for (const [key, record] of records) if (record.until <= now()) records.delete(key);
      for (const [key, folder] of folders) {
        if (folder.used < daysAgo(now(), days)) folders.delete(key);
        forgetTombstones(folder, forgettableRevision(now()));
      }
    },
    close: async () => {
      folders.clear();
      records.clear();
    },
  };
}

function memoryRecords(records: Map<string, { value: string; until: number }>, now: () => number): Records {
  return {
    get: async (key) => {
      const record = records.get(key);
      if (record && record.until > now()) return record.value;
      records.delete(key);
      return undefined;
    },
    set: async (key, value, ttlMs) => void records.set(key, { value, until: now() + ttlMs }),
    delete: async (key) => void records.delete(key),
  };
}

function memoryLedger(folders: Folders, now: () => number): Ledger {
  const used = (scope: LedgerScope): Folder | undefined => {
    const folder = folders.get(scopeKey(scope));
    if (folder) folder.used = now();
    return folder;
  };
  return {
    head: async (scope) => used(scope)?.head,
    rows: async (scope) => [...(used(scope)?.rows.values() ?? [])].filter((row) => !row.gone),
    byHref: async (scope, hrefs) => rowsAt(used(scope), hrefs),
    byKey: async (scope, keys) => {
      const folder = used(scope);
      return rowsAt(
        folder,
        keys.flatMap((key) => [...(folder?.hrefsByKey.get(key) ?? [])]),
      );
    },
    since: async (scope, revision) =>
      [...(used(scope)?.rows.values() ?? [])]
        .filter((row) => row.revision > revision)
        .sort((a, b) => a.revision - b.revision),
    commit: async (scope, expected, change) => {
      const before = used(scope);
      if (before?.head.revision !== expected) return false;
      const after = change.replace || !before ? emptyFolder(change.head) : before;
      for (const entry of change.rows) write(after, entry);
      const birth = change.replace ? change.head.birth : Math.max(after.head.birth, change.head.birth);
      after.head = { ...change.head, birth };
      after.used = now();
      folders.set(scopeKey(scope), after);
      return true;
    },
    drop: async (scope) => void folders.delete(scopeKey(scope)),
  };
}

function scopeKey(scope: LedgerScope): string {
  return `${scope.identity}\n${scope.folder}`;
}

function emptyFolder(head: LedgerHead): Folder {
  return { head, used: 0, rows: new Map(), hrefsByKey: new Map() };
}

function rowsAt(folder: Folder | undefined, hrefs: readonly string[]): LedgerEntry[] {
  return [...new Set(hrefs)].flatMap((href) => folder?.rows.get(href) ?? []);
}

function write(folder: Folder, entry: LedgerEntry): void {
  for (const key of folder.rows.get(entry.href)?.keys ?? []) folder.hrefsByKey.get(key)?.delete(entry.href);
  folder.rows.set(entry.href, entry);
  for (const key of entry.keys) {
    const hrefs = folder.hrefsByKey.get(key) ?? new Set();
    folder.hrefsByKey.set(key, hrefs.add(entry.href));
  }
}

function forgetTombstones(folder: Folder, upTo: number): void {
  for (const row of folder.rows.values()) {
    if (!row.gone || row.revision > upTo) continue;
    folder.rows.delete(row.href);
    folder.head = { ...folder.head, birth: Math.max(folder.head.birth, row.revision) };
  }
}
