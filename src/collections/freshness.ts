// How fresh a ledger is, in this process: one refresh at a time for a folder of an access identity, and how long it counts.
import { hash } from 'node:crypto';
import type { Folder } from '../model/backend.ts';
import type { Ledger, LedgerScope } from '../model/store.ts';

/** DESIGN §5: a refresh that ended less than this ago counts. */
const countsForMs = 1000;
/** A stamp that young may hide a change in the same tick of the server's clock. */
const stampSettlesMs = 3000;
/** Stamps are a hint: so often a folder is refreshed whatever they say. */
const stampTrustMs = 600_000;

export interface Freshness {
  /** Stands for access identity and folder in keys of the cache: nothing is shared between two identities (DESIGN §4). */
  readonly scopeDigest: string;
  flight: Promise<void> | undefined;
  /** Number of the last refresh begun. */
  begun: number;
  beganAt: number;
  endedAt: number;
  /** Grows when something makes the ledger doubtful: a refresh begun earlier does not count then. */
  doubts: number;
  /** What are parts of one object is to be judged anew, though no listing tells of a change. */
  isUnsureOfParts: boolean;
  /** The newest revision seen: a ledger that is lost and built anew goes on from here. */
  highest: number | undefined;
  stamp: { readonly text: string; readonly since: number } | undefined;
  usedAt: number;
}

const registries = new WeakMap<Ledger, Map<string, Freshness>>();
const maxIdle = 50_000;

/** Shared by all homes on one ledger. */
export function freshnessOf(ledger: Ledger, scope: LedgerScope, now: number): Freshness {
  const registry = registries.get(ledger) ?? new Map<string, Freshness>();
  registries.set(ledger, registry);
  const key = JSON.stringify([scope.identity, scope.folder]);
  const known = registry.get(key);
  if (known) {
    known.usedAt = now;
    return known;
  }
  if (registry.size >= maxIdle) forgetIdle(registry, now);
  const fresh: Freshness = {
    scopeDigest: hash('sha256', key, 'base64url').slice(0, 22),
    flight: undefined,
    begun: 0,
    beganAt: Number.NEGATIVE_INFINITY,
    endedAt: Number.NEGATIVE_INFINITY,
    doubts: 0,
    isUnsureOfParts: false,
    highest: undefined,
    stamp: undefined,
    usedAt: now,
  };
  registry.set(key, fresh);
  return fresh;
}

function forgetIdle(registry: Map<string, Freshness>, now: number): void {
  for (const [key, freshness] of registry) {
    if (freshness.flight === undefined && now - freshness.usedAt > stampTrustMs) registry.delete(key);
  }
}

export function seen(freshness: Freshness, revision: number): void {
  freshness.highest = Math.max(freshness.highest ?? 0, revision);
}

export function isFresh(freshness: Freshness, now: number): boolean {
  return now - freshness.endedAt < countsForMs;
}

/** The next question asks the mailbox, whatever is under way. */
export function doubt(freshness: Freshness): void {
  freshness.doubts += 1;
  freshness.endedAt = Number.NEGATIVE_INFINITY;
}

/** Notes what a listing of folders said, and when the folder last changed as far as that tells. */
export function noteStamp(freshness: Freshness, folder: Folder, now: number): void {
  if (folder.stamp === undefined) freshness.stamp = undefined;
  else if (freshness.stamp?.text !== folder.stamp) {
    freshness.stamp = { text: folder.stamp, since: now - (folder.stampAgeMs ?? 0) };
  }
}

/** Whether the stamp, read just now, proves enough that nothing happened since the last refresh. */
export function isUnchanged(freshness: Freshness, stamp: string | undefined, now: number): boolean {
  return (
    stamp !== undefined &&
    freshness.stamp?.text === stamp &&
    freshness.beganAt >= freshness.stamp.since + stampSettlesMs &&
    now - freshness.endedAt < stampTrustMs
  );
}
