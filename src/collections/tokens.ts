// Revisions and the sync-tokens that say them (RFC 6578, DESIGN §4). The form is the one Nextcloud's federation takes.
import type { SyncToken } from '../model/collection.ts';
import { DavError, precondition } from '../model/failure.ts';
import type { LedgerHead } from '../model/store.ts';

const start = 'http://sabre.io/ns/sync/';
const epochMs = Date.UTC(2025, 0, 1);

/** Grows with the clock, so that a ledger built anew does not repeat what a lost one has said, not even in this second. */
export function nextRevision(previous: number | undefined, now: number): number {
  const seconds = Math.floor((now - epochMs) / 1000);
  return previous === undefined ? seconds + 1 : Math.max(previous + 1, seconds);
}

export function tokenOf(revision: number): SyncToken {
  return start + revision;
}

/** @throws DavError 403 valid-sync-token for a token that this ledger did not issue */
export function parseToken(token: SyncToken, head: LedgerHead): number {
  const digits = token.startsWith(start) ? token.slice(start.length) : '';
  const revision = /^\d{1,10}$/.test(digits) ? Number(digits) : -1;
  if (revision >= head.birth && revision <= head.revision) return revision;
  throw new DavError(403, 'This sync-token is not known (any more): synchronise without one.', {
    precondition: precondition.validSyncToken,
  });
}
