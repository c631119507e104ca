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
  /** Further addresses of the owner: whose meetings are the owner's own. */
  readonly aliases?: readonly string[];
  /** Addresses of the signed-in user; absent: the owner. */
  readonly actor?: readonly string[];
  /** Larger files are not taken; default: what the mailbox takes. */
  readonly maxAttachmentBytes?: number;
  readonly note?: (event: Note) => void;
}

export function openHome(mailbox: Mailbox, options: HomeOptions): Home {
  return openHomeWith(mailbox, options, translate);
}

/** With another translation than the built-in one. */
export function openHomeWith(mailbox: Mailbox, options: HomeOptions, translation: Translation): Home {
  const owner = [mailbox.owner.address, ...(options.aliases ?? [])];
  const actor = new Set((options.actor ?? owner).map((address) => address.toLowerCase()));
  const around = (each: Mailbox, aliases: readonly string[]): Surroundings => ({
    ...(!actor.has(each.owner.address.toLowerCase()) && { actor }),
    mailbox: each,
    ledger: options.ledger,
    cache: options.cache,
    translation,
    ownAddresses: [each.owner.address, ...aliases],
    maxAttachmentBytes: options.maxAttachmentBytes ?? Number.POSITIVE_INFINITY,
    now: options.now ?? Date.now,
    note: options.note ?? (() => undefined),
  });
  return openHomeOf(
    around(mailbox, options.aliases ?? []),
    (options.sharedMailboxes ?? []).map((each) => around(each, [])),
  );
}

export { openObjectCache } from './object-cache.ts';
export type { ObjectCache } from './object-cache.ts';
export type { Note } from './open-folder.ts';
/** The text of a free-busy-query's answer; iCalendar is written in `translate` only. */
export { renderFreeBusy } from '../translate/index.ts';
