// Where a SQLite file is made.
import { closeSync, openSync } from 'node:fs';

/** Names of mailboxes and sealed secrets: a new file is its owner's only. SQLite gives its -wal and -shm the same mode. */
export function keepPrivate(path: string): void {
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600));
}
