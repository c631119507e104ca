// What is kept between requests (DESIGN §3, §5): one store, chosen by URL. Each library enters through one file of this room.
import type { MirrorStore } from '../model/mirror-store.ts';
import type { Store } from '../model/store.ts';
import { openMemoryStore } from './memory.ts';

export interface StoreOptions {
  readonly now?: () => number;
}

type Opener = (rest: string, now: () => number) => Promise<Store>;

const openers: Readonly<Record<string, Opener>> = {
  memory: async (_rest, now) => openMemoryStore(now),
  sqlite: async (path, now) => (await import('./sqlite.ts')).openSqliteStore(path, now),
  redis: async (rest, now) => (await import('./redis.ts')).openRedisStore(`redis:${rest}`, now),
  rediss: async (rest, now) => (await import('./redis.ts')).openRedisStore(`rediss:${rest}`, now),
};

/** @throws Error in plain words when the URL names no store */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  const open = openers[scheme];
  if (!open) {
    throw new Error(
      `The store "${url}" is not understood: use memory: or sqlite:/path/to/file.db or redis://host:port/number.`,
    );
  }
  return open(rest, options.now ?? Date.now);
}

/**
 * What the mirror remembers: `sqlite:FILE`, or `memory:` for tests.
 * @throws Error in plain words when the URL names no such store
 */
export async function openMirrorStore(url: string, options: StoreOptions = {}): Promise<MirrorStore> {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(url) ?? [];
  if (scheme === 'memory') return (await import('./mirror-memory.ts')).openMemoryMirrorStore(options.now);
  if (scheme === 'sqlite' && rest !== '')
    return (await import('./mirror-sqlite.ts')).openSqliteMirrorStore(rest, options.now);
  throw new Error(`The mirror's store "${url}" is not understood: use sqlite:/path/to/mirror.db.`);
}
