// Folders of a mailbox as DAV collections: names, etags, tokens, reading, writing (DESIGN §4, §5).
import type { Mailbox } from '../model/backend.ts';
import type { Home } from '../model/collection.ts';
import type { Ledger } from '../model/store.ts';
import * as translate from '../translate/index.ts';
import { openHomeOf } from './home.ts';
import type { ObjectCache } from './object-cache.ts';
import type { Note, Surroundings } from './open-folder.ts';
import type { Translation } from './translation.ts';

export interface HomeOptions {
  readonly ledger: Ledger;
  readonly cache: ObjectCache;
  readonly now?: () => number;
  /** Their collections appear in the home under `<address>~<key>`. */
  readonly sharedMailboxes?: readonly Mailbox[];
  /** Addresses of the signed-in user; absent: the owner. */
  readonly actor?: readonly string[];
  /** Paths of public folders; these appear in the home under `public~<key>`. */
  readonly publicFolders?: readonly string[];
  /** Whether the organisation's directory may be looked into; default: yes. */
  readonly hasDirectory?: boolean;
  /** Larger files are not taken; default: what the mailbox takes. */
  readonly maxAttachmentBytes?: number;
  readonly note?: (event: Note) => void;
}

export function openHome(mailbox: Mailbox, options: HomeOptions): Home {
  return openHomeWith(mailbox, options, translate);
}

/** With another translation than the built-in one. */
export function openHomeWith(mailbox: Mailbox, options: HomeOptions, translation: Translation): Home {
  const actor = new Set((options.actor ?? [mailbox.owner.address]).map((address) => address.toLowerCase()));
  const around = (each: Mailbox): Surroundings => ({
    ...(!actor.has(each.owner.address.toLowerCase()) && { actor }),
    mailbox: each,
    ledger: options.ledger,
    cache: options.cache,
    translation,
    ownAddresses: each.owner.address === '' ? [] : [each.owner.address],
    allAddresses: () => each.addresses(),
    maxAttachmentBytes: options.maxAttachmentBytes ?? Number.POSITIVE_INFINITY,
    now: options.now ?? Date.now,
    note: options.note ?? (() => undefined),
  });
  const { publicFolders = [], sharedMailboxes = [] } = options;
  return openHomeOf(around(mailbox), {
    others: sharedMailboxes.map(around),
    ...(publicFolders.length > 0 && { publicFolders: around(mailbox.publicFolders(publicFolders)) }),
    hasDirectory: options.hasDirectory ?? true,
  });
}

export { openObjectCache } from './object-cache.ts';
export type { ObjectCache } from './object-cache.ts';
export type { Note } from './open-folder.ts';
/** Questions for busy times and their answers; iCalendar is read and written in `translate` only. */
export { parseFreeBusyRequest, renderFreeBusy, TranslateError } from '../translate/index.ts';
export type { FreeBusyRequest, Recipient } from '../translate/index.ts';
