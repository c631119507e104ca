// What the work on one collection needs, in one value: mailbox, folder, ledger, cache, translation and the clock.
import { hash } from 'node:crypto';
import type { Folder, FolderKind, Mailbox } from '../model/backend.ts';
import type { Href } from '../model/collection.ts';
import type { FailureKind } from '../model/failure.ts';
import { encodeSegment } from '../model/segment.ts';
import type { Ledger, LedgerScope } from '../model/store.ts';
import type { Freshness } from './freshness.ts';
import { etagOf, type FolderObject } from './identity.ts';
import { objectOf } from './ledger-value.ts';
import type { ObjectCache } from './object-cache.ts';
import { openPace } from './pace.ts';
import type { Translation } from './translation.ts';

/** What an observer (log, metrics) is told. No personal data. */
export type Note =
  | { readonly kind: 'cache'; readonly result: 'hit' | 'miss' }
  | {
      readonly kind: 'refresh';
      readonly mode: 'delta' | 'full';
      readonly changes: number;
      readonly ms: number;
    }
  | { readonly kind: 'cursor-lost' }
  | { readonly kind: 'unreadable'; readonly failure: FailureKind; readonly message: string }
  | { readonly kind: 'shared-mailbox-hidden'; readonly failure: FailureKind };

/** The same for all folders of a home. */
export interface Surroundings {
  readonly mailbox: Mailbox;
  readonly ledger: Ledger;
  readonly cache: ObjectCache;
  readonly translation: Translation;
  /** Addresses of the owner that are known without asking. */
  readonly ownAddresses: readonly string[];
  /** Addresses of the signed-in user, lower case, when the mailbox is somebody else's. */
  readonly actor?: ReadonlySet<string>;
  /** All of them; asked once, and only where it matters (own-addresses.ts). */
  readonly allAddresses: () => Promise<readonly string[]>;
  /** Larger files are not taken, whatever the mailbox would take. */
  readonly maxAttachmentBytes: number;
  readonly now: () => number;
  readonly note: (event: Note) => void;
}

export interface OpenFolder extends Surroundings {
  readonly folder: Folder;
  readonly scope: LedgerScope;
  readonly extension: string;
  readonly freshness: Freshness;
  /** The mailbox's other folders, as far as they are known. */
  readonly siblings: () => readonly OpenFolder[];
  /** The absolute address at which this collection is read, with a slash at its end; absent: at none. */
  readonly servedAt?: string;
}

export const extensionOf = { events: '.ics', tasks: '.ics', contacts: '.vcf' } as const satisfies Record<
  FolderKind,
  string
>;

/** A text as it is read at this collection's address: stored attachments are links below their member. */
export function servedText({ servedAt, translation }: OpenFolder, href: Href, text: string): string {
  if (servedAt === undefined) return text;
  return translation.withAttachmentsAt(text, `${servedAt}${encodeSegment(href)}/attachments/`);
}

export async function objectAt(open: OpenFolder, href: Href): Promise<FolderObject | undefined> {
  const [row] = await open.ledger.byHref(open.scope, [href]);
  return row && !row.gone ? objectOf(row, open.extension) : undefined;
}

export async function allObjects(open: OpenFolder): Promise<FolderObject[]> {
  const pace = openPace();
  const objects: FolderObject[] = [];
  for (const row of await open.ledger.rows(open.scope)) {
    objects.push(objectOf(row, open.extension));
    await pace();
  }
  return objects;
}

export function etagIn(open: OpenFolder, object: Parameters<typeof etagOf>[0]): string {
  return etagOf(object, textVersion(open));
}

/** What a text follows from beside its items: the translation, and how much of the items the user is shown. */
export function textVersion({ translation, folder }: OpenFolder): string {
  return `${translation.translationVersion}${folder.view === undefined ? '' : `-${folder.view}`}`;
}

/** Nothing is shared between two access identities (DESIGN §4): theirs is in every key of the cache. */
export function cacheKey(open: OpenFolder, ...parts: readonly string[]): string {
  const digest = hash('sha256', [textVersion(open), ...parts].join('\n'), 'base64url');
  return `${open.freshness.scopeDigest} ${digest.slice(0, 32)}`;
}
