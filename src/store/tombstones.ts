// How long a ledger remembers what is gone. Forgetting moves the birth: older tokens are refused (RFC 6578 §3.8).

/** Revisions count seconds from here (DESIGN §4). */
const epochMs = Date.UTC(2025, 0, 1);
const keepDays = 90;
const dayMs = 86_400_000;

/** Tombstones up to this revision may be forgotten. */
export function forgettableRevision(now: number): number {
  return Math.floor((now - keepDays * dayMs - epochMs) / 1000);
}

export function daysAgo(now: number, days: number): number {
  return now - days * dayMs;
}

/** A ledger's last use is noted this exactly: reading must not write each time. */
export const useGrainMs = dayMs / 4;
