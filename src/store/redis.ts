// The store of a cluster, on ioredis (libraries.md §6): a dead Redis fails a request at once instead of holding it.
import { Redis } from 'ioredis';
import type { Records, Store } from '../model/store.ts';
import { openRedisLedger } from './redis-ledger.ts';

const prefix = 'exdav:record:';

export async function openRedisStore(url: string, now: () => number): Promise<Store> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 2000,
    connectTimeout: 3000,
  });
  // Without a listener ioredis prints; each command still rejects on its own.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw new Error(`Redis at ${withoutPassword(url)} does not answer.`, { cause: error });
  }
  const ledger = openRedisLedger(redis, now);
  return {
    records: redisRecords(redis),
    ledger,
    prune: (days) => ledger.prune(days),
    close: async () => {
      await redis.quit();
    },
  };
}

function redisRecords(redis: Redis): Records {
  return {
    get: async (key) => (await redis.get(prefix + key)) ?? undefined,
    set: async (key, value, ttlMs) => {
      await redis.set(prefix + key, value, 'PX', Math.max(1, Math.ceil(ttlMs)));
    },
    delete: async (key) => {
      await redis.unlink(prefix + key);
    },
  };
}

function withoutPassword(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
