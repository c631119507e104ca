// Sync states ([MS-OXWSSYNC] 2.2.4): opaque to clients; of one world, one folder, one kind of call (BEHAVIOUR §5).
import { createHash } from 'node:crypto';
import { EwsError } from './errors.ts';
import type { World } from './state/index.ts';

export interface SyncState {
  /** Folder, shape and whatever else must stay the same. */
  readonly scope: string;
  /** Everything up to this revision was reported. */
  readonly since: number;
  /** The round that is under way reports up to this revision … */
  readonly until: number;
  /** … newest first, and has come down to this one. */
  readonly below: number;
}

export function renderSyncState(world: World, state: SyncState): string {
  const plain = JSON.stringify([world.birth, state.scope, state.since, state.until, state.below]);
  return Buffer.from(`${checkOf(plain)}${plain}`).toString('base64');
}

/** Absent or empty: a fresh start. @throws EwsError ErrorInvalidSyncStateData */
export function parseSyncState(world: World, text: string, scope: string): SyncState {
  if (text === '') return { scope, since: 0, until: world.revision, below: Number.MAX_SAFE_INTEGER };
  const whole = Buffer.from(text, 'base64').toString();
  const plain = whole.slice(8);
  if (Buffer.from(whole).toString('base64') !== text || checkOf(plain) !== whole.slice(0, 8)) throw invalid();
  const fields: unknown = JSON.parse(plain);
  if (!Array.isArray(fields) || fields[0] !== world.birth || fields[1] !== scope) throw invalid();
  const [since, until, below] = fields.slice(2).map(Number);
  if (since === undefined || until === undefined || below === undefined) throw invalid();
  if (since !== 0 && since < world.oldestSyncRevision) throw invalid();
  const undone = (revision: number): boolean =>
    world.undone.some(({ after, upTo }) => revision > after && revision <= upTo);
  if (undone(since) || (below !== Number.MAX_SAFE_INTEGER && undone(until))) throw invalid();
  // A new round reports up to now.
  return { scope, since, until: below === Number.MAX_SAFE_INTEGER ? world.revision : until, below };
}

function invalid(): EwsError {
  return new EwsError('ErrorInvalidSyncStateData');
}

function checkOf(plain: string): string {
  return createHash('sha256').update(plain).digest('hex').slice(0, 8);
}
