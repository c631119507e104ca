// The state of one simulated Exchange: mailboxes, their folders, one revision counter, the messages it would have sent.
import { randomBytes } from 'node:crypto';
import type { DirectoryEntry } from './directory.ts';
import type { Folder, Tombstone } from './folder.ts';
import { openPolicy, type Policy } from './policy.ts';
import type { MailboxSettings } from './settings.ts';
import type { Instant } from './values.ts';

/** A message that left a mailbox. */
export interface SentMessage {
  readonly kind: 'request' | 'update' | 'cancellation' | 'response' | 'message';
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly uid?: string;
  /** Original start of the one occurrence it is about, UTC. */
  readonly occurrence?: string;
}

export type ChangeEventKind =
  'Created' | 'Modified' | 'Deleted' | 'Moved' | 'Copied' | 'NewMail' | 'FreeBusyChanged';

/** What notifications are made of (BEHAVIOUR §13). */
export interface ChangeEvent {
  readonly no: number;
  readonly kind: ChangeEventKind;
  readonly at: Instant;
  readonly folderNo: number;
  /** An item of that folder; absent: the event is about the folder itself. */
  readonly itemNo?: number;
  readonly revision: number;
  readonly oldFolderNo?: number;
  readonly oldItemNo?: number;
}

export interface Mailbox {
  readonly no: number;
  readonly address: string;
  readonly name: string;
  readonly password: string;
  readonly rootNo: number;
  readonly folders: Map<number, Folder>;
  readonly distinguished: Map<string, Folder>;
  readonly folderTombstones: Tombstone[];
  readonly events: ChangeEvent[];
  readonly listeners: Set<() => void>;
  /** Number of the last event that nobody kept. */
  lostUpTo: number;
  readonly settings: MailboxSettings;
}

/** A message in an Inbox that the calendar assistant has not seen yet. */
export interface Unprocessed {
  readonly due: Instant;
  readonly mailboxNo: number;
  readonly itemNo: number;
}

export interface World {
  /** Sync states of another world are not accepted. */
  readonly birth: string;
  readonly now: () => Instant;
  /** By lower-case address. */
  readonly mailboxes: Map<string, Mailbox>;
  readonly byNo: Map<number, Mailbox>;
  /** The mailbox without an address that holds the public folders; undefined: the organisation has none. */
  publicNo: number | undefined;
  /** By lower-case primary address. */
  readonly directory: Map<string, DirectoryEntry>;
  readonly policy: Policy;
  readonly sent: SentMessage[];
  readonly unprocessed: Unprocessed[];
  /** How long after delivery the calendar assistant works; 0: right after the answer. */
  assistantDelayMs: number;
  revision: number;
  lastNo: number;
  /** Sync states from before this revision are too old. */
  oldestSyncRevision: number;
  /** Revisions that were made undone: sync states from within are refused. */
  undone: { readonly after: number; readonly upTo: number }[];
  /** By how much 0x670A lags behind (§18). */
  commitLagMs: number;
}

export function openWorld(now: () => Instant = Date.now): World {
  return {
    birth: randomBytes(6).toString('base64url'),
    now,
    mailboxes: new Map(),
    byNo: new Map(),
    publicNo: undefined,
    directory: new Map(),
    policy: openPolicy(),
    sent: [],
    unprocessed: [],
    assistantDelayMs: 0,
    revision: 1,
    lastNo: 0,
    oldestSyncRevision: 0,
    undone: [],
    commitLagMs: 0,
  };
}

export function nextNo(world: World): number {
  world.lastNo += 1;
  return world.lastNo;
}

export function nextRevision(world: World): number {
  world.revision += 1;
  return world.revision;
}

export function mailboxOf(world: World, folder: Folder): Mailbox {
  const mailbox = world.byNo.get(folder.mailboxNo);
  if (mailbox === undefined) throw new Error(`folder ${folder.no} belongs to no mailbox`);
  return mailbox;
}

const keptEvents = 20_000;

export function emit(world: World, folder: Folder, event: Omit<ChangeEvent, 'no' | 'at' | 'folderNo'>): void {
  const mailbox = mailboxOf(world, folder);
  if (mailbox.listeners.size === 0) {
    mailbox.lostUpTo = nextNo(world);
    return;
  }
  mailbox.events.push({ ...event, no: nextNo(world), at: world.now(), folderNo: folder.no });
  if (event.itemNo !== undefined && /^IPF\.Appointment\b/i.test(folder.folderClass))
    mailbox.events.push(freeBusyChanged(world, folder));
  if (mailbox.events.length > keptEvents)
    mailbox.lostUpTo = mailbox.events.splice(0, keptEvents / 2).at(-1)?.no ?? mailbox.lostUpTo;
  for (const listener of mailbox.listeners) listener();
}

/** What happens in a calendar also happens to the free/busy times; the event names the folder. */
function freeBusyChanged(world: World, folder: Folder): ChangeEvent {
  const { no: folderNo, revision } = folder;
  return { kind: 'FreeBusyChanged', no: nextNo(world), at: world.now(), folderNo, revision };
}
