// Where a SQLite file is made, and how one process keeps it for itself.
import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Names of mailboxes and sealed secrets: a new file is its owner's only. SQLite gives its -wal and -shm the same mode. */
export function keepPrivate(path: string): void {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
}

export interface Claim {
  /** @throws Error in plain words */
  take(): void;
  release(): void;
}

/** A lock of the operating system on a file beside it: whoever is killed holds it no longer. Others may still read and write. */
export function openClaim(path: string): Claim {
  let held: DatabaseSync | undefined;
  return {
    take() {
      if (held !== undefined || path === ':memory:') return;
      keepPrivate(`${path}.lock`);
      const lock = new DatabaseSync(`${path}.lock`, { timeout: 0 });
      try {
        lock.exec('BEGIN EXCLUSIVE');
      } catch (cause) {
        lock.close();
        throw new Error(`Another process is mirroring with ${path}; one at a time.`, { cause });
      }
      held = lock;
    },
    release() {
      held?.close();
      held = undefined;
    },
  };
}
