// Texts of objects, in memory only and bounded in bytes (DESIGN §5).
import { LRUCache } from 'lru-cache';

export interface ObjectCache {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  clear(): void;
  readonly bytes: number;
}

/** What the map itself needs for an entry. */
const entryBytes = 100;

export function openObjectCache(maxBytes: number): ObjectCache {
  const entries = new LRUCache<string, string>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: (value, key) => 2 * (value.length + key.length) + entryBytes,
  });
  return {
    get: (key) => entries.get(key),
    set: (key, value) => void entries.set(key, value),
    clear: () => entries.clear(),
    get bytes() {
      return entries.calculatedSize;
    },
  };
}
