// Where a SQLite file is made, and how one process keeps others out.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

/** Names of mailboxes and sealed secrets: a new file is its owner's only. SQLite gives its -wal and -shm the same mode. */
export function keepPrivate(path: string): void {
  if (path === ':memory:') return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
}

export interface ProcessLock {
  /** @throws Error in plain words when another process holds it for long */
  during<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

const defaultPatienceMs = 10_000;
const pollMs = 200;

/** Held by a transaction on a file of its own: the operating system lets go of it when the process dies. */
export function openProcessLock(path: string, patienceMs = defaultPatienceMs): ProcessLock {
  keepPrivate(path);
  const database = new DatabaseSync(path, { timeout: 0 });
  let holders = 0;
  let taking: Promise<void> | undefined;
  const take = async (): Promise<void> => {
    for (let waited = 0; !isTaken(database); waited += pollMs) {
      if (waited >= patienceMs)
        throw new Error(`another process of Exdav is at work with ${path.replace(/\.lock$/, '')}`);
      await sleep(pollMs);
    }
  };
  return {
    async during(work) {
      holders += 1;
      try {
        taking ??= take();
        await taking;
        return await work();
      } finally {
        holders -= 1;
        if (holders === 0) {
          taking = undefined;
          release(database);
        }
      }
    },
    close: () => database.close(),
  };
}

function isTaken(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && /locked|busy/i.test(error.message)) return false;
    throw error;
  }
}

function release(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}
