// The ledger in Redis: replicas share it, and a Lua script compares and sets. Large changes fill keys of a new generation
// first, so that the script that makes them visible is short.
import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Ledger, LedgerEntry, LedgerHead, LedgerRow, LedgerScope } from '../model/store.ts';
import { commitScript, forgetScript } from './redis-scripts.ts';
import { daysAgo, forgettableRevision, useGrainMs } from './tombstones.ts';

const prefix = 'exdav:ledger:';
const rowsPerStep = 256;
/** Redis forgets by itself what nobody asks for; `prune` may be stricter. */
const ttlMs = 60 * 86_400_000;
const staleTtlMs = 60_000;

interface Found {
  readonly generation: string;
  readonly head: LedgerHead;
}

export interface RedisLedger extends Ledger {
  prune(days: number): Promise<void>;
}

export function openRedisLedger(redis: Redis, now: () => number): RedisLedger {
  const open = (scope: LedgerScope) => findScope(redis, tagOf(scope), now());
  return {
    head: async (scope) => (await open(scope))?.head,
    rows: async (scope) => {
      const found = await open(scope);
      if (!found) return [];
      const rows = await parseRows(await redis.hvals(keysOf(tagOf(scope), found.generation).rows));
      return rows.filter((row) => !row.gone);
    },
    byHref: async (scope, hrefs) => {
      const found = hrefs.length > 0 ? await open(scope) : undefined;
      return found ? rowsAt(redis, keysOf(tagOf(scope), found.generation).rows, hrefs) : [];
    },
    byKey: async (scope, keys) => {
      const found = keys.length > 0 ? await open(scope) : undefined;
      if (!found) return [];
      const at = keysOf(tagOf(scope), found.generation);
      const hrefs = (await redis.hmget(at.keys, ...keys)).flatMap((text) => (text ? parseHrefs(text) : []));
      return hrefs.length > 0 ? rowsAt(redis, at.rows, hrefs) : [];
    },
    since: async (scope, revision) => {
      const found = await open(scope);
      if (!found) return [];
      const at = keysOf(tagOf(scope), found.generation);
      const hrefs = await redis.zrangebyscore(at.revisions, `(${revision}`, '+inf');
      const rows = hrefs.length > 0 ? await rowsAt(redis, at.rows, hrefs) : [];
      return [...rows].sort((a, b) => a.revision - b.revision);
    },
    commit: (scope, expected, change) => commit(redis, tagOf(scope), { expected, change, now: now() }),
    drop: async (scope) => {
      const found = await open(scope);
      await redis.unlink(
        headKey(tagOf(scope)),
        ...(found ? Object.values(keysOf(tagOf(scope), found.generation)) : []),
      );
    },
    prune: (days) => prune(redis, now(), days),
  };
}

interface Commit {
  readonly expected: number | undefined;
  readonly change: Parameters<Ledger['commit']>[2];
  readonly now: number;
}

async function commit(redis: Redis, tag: string, { expected, change, now }: Commit): Promise<boolean> {
  const before = await findScope(redis, tag, now);
  if (before?.head.revision !== expected) return false;
  const isFresh = !before || change.replace === true;
  const isLarge = change.rows.length > rowsPerStep;
  const stays = before !== undefined && !isFresh && !isLarge;
  const generation = stays ? before.generation : randomUUID();
  const at = keysOf(tag, generation);
  if (!stays) {
    const others = isFresh ? [] : await otherEntries(redis, keysOf(tag, before.generation).rows, change.rows);
    await fill(redis, at, [...change.rows, ...others]);
  }
  const done = await redis.eval(
    commitScript,
    4,
    headKey(tag),
    at.rows,
    at.keys,
    at.revisions,
    expected ?? '',
    stays ? '' : generation,
    change.head.birth,
    change.head.revision,
    change.head.cursor ?? '',
    now,
    ttlMs,
    isFresh ? 0 : 1,
    ...(stays ? change.rows.map(renderRow) : []),
  );
  const stale = done === 1 ? (stays ? undefined : before?.generation) : stays ? undefined : generation;
  // Another replica may be reading them.
  if (stale !== undefined) {
    for (const key of Object.values(keysOf(tag, stale))) await redis.pexpire(key, staleTtlMs);
  }
  return done === 1;
}

/** Into keys that nobody reads yet. */
async function fill(redis: Redis, at: Keys, entries: readonly LedgerEntry[]): Promise<void> {
  const hrefsByKey = new Map<string, string[]>();
  for (const entry of entries) {
    for (const key of entry.keys) hrefsByKey.set(key, [...(hrefsByKey.get(key) ?? []), entry.href]);
  }
  for (const part of partsOf(entries)) {
    await redis.hset(at.rows, ...part.flatMap((entry) => [entry.href, renderRow(entry)]));
    await redis.zadd(at.revisions, ...part.flatMap((entry) => [entry.revision, entry.href]));
  }
  for (const part of partsOf([...hrefsByKey])) {
    await redis.hset(at.keys, ...part.flatMap(([key, hrefs]) => [key, JSON.stringify(hrefs)]));
  }
  for (const key of Object.values(at)) await redis.pexpire(key, ttlMs);
}

async function otherEntries(
  redis: Redis,
  rows: string,
  entries: readonly LedgerEntry[],
): Promise<LedgerEntry[]> {
  const named = new Set(entries.map((entry) => entry.href));
  return (await parseRows(await redis.hvals(rows))).filter((row) => !named.has(row.href));
}

async function prune(redis: Redis, now: number, days: number): Promise<void> {
  const oldest = daysAgo(now, days);
  const scan: AsyncIterable<string[]> = redis.scanStream({ match: `${prefix}*:head`, count: 500 });
  for await (const heads of scan) {
    for (const head of heads) {
      const tag = head.slice(prefix.length, -':head'.length);
      const [generation, used] = await redis.hmget(head, 'generation', 'used');
      const keys = keysOf(tag, generation ?? '');
      if (Number(used) < oldest) await redis.unlink(head, ...Object.values(keys));
      else {
        await redis.eval(
          forgetScript,
          4,
          head,
          keys.rows,
          keys.keys,
          keys.revisions,
          forgettableRevision(now),
        );
      }
    }
  }
}

async function findScope(redis: Redis, tag: string, now: number): Promise<Found | undefined> {
  const raw = await redis.hgetall(headKey(tag));
  const { generation, birth, revision, cursor, used } = raw;
  if (generation === undefined) return undefined;
  if (now - Number(used) > useGrainMs) {
    await redis.hset(headKey(tag), 'used', now);
    for (const key of [headKey(tag), ...Object.values(keysOf(tag, generation))])
      await redis.pexpire(key, ttlMs);
  }
  return {
    generation,
    head: { birth: Number(birth), revision: Number(revision), ...(cursor !== undefined && { cursor }) },
  };
}

async function rowsAt(redis: Redis, rows: string, hrefs: readonly string[]): Promise<LedgerRow[]> {
  const texts = await redis.hmget(rows, ...new Set(hrefs));
  return texts.flatMap((text) => (text ? [parseRow(text)] : []));
}

interface Keys {
  readonly rows: string;
  readonly keys: string;
  readonly revisions: string;
}

/** The braces keep one scope on one node of a Redis cluster. Identities are hashed: no addresses in key names. */
function tagOf(scope: LedgerScope): string {
  return `{${createHash('sha256').update(`${scope.identity}\n${scope.folder}`).digest('base64url')}}`;
}

function headKey(tag: string): string {
  return `${prefix}${tag}:head`;
}

function keysOf(tag: string, generation: string): Keys {
  const start = `${prefix}${tag}:${generation}`;
  return { rows: `${start}:rows`, keys: `${start}:keys`, revisions: `${start}:revisions` };
}

function partsOf<T>(values: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(values.length / rowsPerStep) }, (_, index) =>
    values.slice(index * rowsPerStep, (index + 1) * rowsPerStep),
  );
}

function renderRow(entry: LedgerEntry): string {
  const { href, revision, gone, value, keys } = entry;
  return JSON.stringify({ href, revision, gone, value, keys });
}

/** Gives way now and then: a folder may have thousands. */
async function parseRows(texts: readonly string[]): Promise<LedgerEntry[]> {
  const rows: LedgerEntry[] = [];
  for (const part of partsOf(texts)) {
    rows.push(...part.map(parseRow));
    await nextTurn();
  }
  return rows;
}

function parseRow(text: string): LedgerEntry {
  const row: LedgerEntry = JSON.parse(text);
  return row;
}

function parseHrefs(text: string): string[] {
  const hrefs: string[] = JSON.parse(text);
  return hrefs;
}
