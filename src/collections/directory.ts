// The organisation's directory as a read-only address book (draft-daboo-carddav-directory-gateway): it is searched, never listed.
// A member is called by its address. What a question found is remembered for a while, for this user alone.
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Folder, Stored } from '../model/backend.ts';
import type { Collection, Href, Resource, Shape } from '../model/collection.ts';
import type { Card, Directory, Found } from '../model/directory.ts';
import { BackendError, DavError, failed, precondition, success, type Outcome } from '../model/failure.ts';
import type { AddressFilter } from '../model/filter.ts';
import { questionsOf } from './directory-plan.ts';
import { contentTypes } from './read.ts';
import type { Translation } from './translation.ts';

/** Questions that one query may cost; each is a call. */
const mostQuestions = 4;
/** Entries that one multiget may ask for and nobody remembers; each is a call. */
const mostEntries = 50;
/** By size: with `max` the cache would set room aside for all of them, for each user. */
const remembered = { maxSize: 1000, sizeCalculation: () => 1, ttl: 300_000 } as const;
const extension = '.vcf';

export const directoryKey = 'directory';

const folder: Folder = {
  id: directoryKey,
  key: directoryKey,
  kind: 'contacts',
  displayName: 'Directory',
  isDefault: true,
  role: 'directory',
  rights: {
    read: true,
    create: false,
    modify: false,
    remove: false,
    createFolders: false,
    administer: false,
  },
  properties: {},
};

export interface DirectoryParts {
  readonly directory: Directory;
  readonly identity: string;
  readonly translation: Translation;
}

export function openAddressList(parts: DirectoryParts): Collection {
  const { directory, identity } = parts;
  const known = new LRUCache<string, Card>(remembered);
  const shelf: Shelf = { ...parts, known };
  const unlisted = (): never => {
    throw new DavError(403, 'the directory is searched, not listed', {
      precondition: precondition.supportedReport,
    });
  };
  return {
    folder,
    owner: { address: '' },
    identity,
    state: async () => unlisted(),
    members: () => Promise.resolve([]),
    async member(href, signal) {
      const card = await entryOf(shelf, href, signal);
      return card && { href, etag: etagOf(shelf, card) };
    },
    async query({ filter, shape, limit }, signal) {
      if (filter.kind !== 'address') return { found: [], truncated: false };
      const { found, truncated } = await search(directory, filter.filter, signal);
      for (const card of found) known.set(card.address.toLowerCase(), card);
      const matching = found.filter((card) =>
        parts.translation.matchesAddress(textOf(shelf, card, shape), filter.filter),
      );
      const most = limit ?? Number.POSITIVE_INFINITY;
      return {
        found: matching.slice(0, most).map((card) => [hrefOf(card), shownAs(shelf, card, shape)] as const),
        truncated: truncated || matching.length > most,
      };
    },
    read: (hrefs, shape, signal) => readEntries(shelf, { hrefs, shape }, signal),
    put: readOnly,
    remove: readOnly,
    changes: async () => unlisted(),
    feed: async () => unlisted(),
    freeBusy: () => Promise.resolve([]),
    async *watch() {
      // Nobody is told when the directory changes.
    },
  };
}

async function readOnly(): Promise<never> {
  throw new DavError(403, 'the directory is changed by its administrators', {
    precondition: precondition.needPrivileges,
  });
}

interface Shelf extends DirectoryParts {
  readonly known: LRUCache<string, Card>;
}

/** Filters that would list everybody find nothing, and say that there is more. */
async function search(
  directory: Directory,
  filter: AddressFilter,
  signal: AbortSignal | undefined,
): Promise<Found<Card>> {
  const questions = questionsOf(filter);
  if (questions === undefined) return { found: [], truncated: true };
  if (questions.length > mostQuestions)
    throw new DavError(403, `more than ${mostQuestions} texts in one search of the directory`, {
      precondition: precondition.addressSupportedFilter,
    });
  const answers = await Promise.all(questions.map(({ text, where }) => directory.cards(text, where, signal)));
  const cards = new Map(
    answers.flatMap(({ found }) => found.map((card) => [card.address.toLowerCase(), card] as const)),
  );
  return { found: [...cards.values()], truncated: answers.some(({ truncated }) => truncated) };
}

function hrefOf({ address }: Card): Href {
  return address.toLowerCase() + extension;
}

async function entryOf(
  { directory, known }: Shelf,
  href: Href,
  signal: AbortSignal | undefined,
): Promise<Card | undefined> {
  if (!href.endsWith(extension)) return undefined;
  const address = href.slice(0, -extension.length);
  // One entry has one name: by a further address it is not found, and neither by another case.
  if (address !== address.toLowerCase()) return undefined;
  const card = known.get(address) ?? (await directory.entry(address, signal));
  if (card?.address.toLowerCase() !== address) return undefined;
  known.set(address, card);
  return card;
}

async function readEntries(
  shelf: Shelf,
  { hrefs, shape }: { readonly hrefs: readonly Href[]; readonly shape: Shape },
  signal: AbortSignal | undefined,
): Promise<readonly (readonly [Href, Outcome<Resource>])[]> {
  const unknown = hrefs.filter((href) => !shelf.known.has(href.slice(0, -extension.length)));
  if (unknown.length > mostEntries)
    throw new DavError(403, `more than ${mostEntries} entries of the directory in one multiget`, {
      precondition: precondition.numberOfMatches,
    });
  return Promise.all(
    hrefs.map(async (href): Promise<readonly [Href, Outcome<Resource>]> => {
      try {
        const card = await entryOf(shelf, href, signal);
        return [
          href,
          card
            ? shownAs(shelf, card, shape)
            : failed({ kind: 'not-found', message: 'there is no such entry' }),
        ];
      } catch (error) {
        if (error instanceof BackendError) return [href, failed(error.failure)];
        throw error;
      }
    }),
  );
}

function shownAs(shelf: Shelf, card: Card, shape: Shape | 'none'): Outcome<Resource> {
  const whole = textOf(shelf, card, shape);
  const isPart = shape !== 'none' && shape.kind === 'address' && shape.properties !== undefined;
  return success({
    href: hrefOf(card),
    etag: etagOf(shelf, card),
    text: shape === 'none' ? '' : isPart ? shelf.translation.shapeText(whole, shape) : whole,
    contentType: contentTypes[versionOf(shape)],
  });
}

function versionOf(shape: Shape | 'none'): '3.0' | '4.0' {
  return shape !== 'none' && shape.kind === 'address' ? shape.version : '3.0';
}

/** The UID is the address: nothing else of an entry is told by every question and stays. */
function textOf({ translation }: Shelf, card: Card, shape: Shape | 'none'): string {
  const stored: Stored = { id: card.address, version: '', tags: {}, item: card.contact };
  return translation.renderStored([stored], {
    uid: card.address.toLowerCase(),
    express: (item) => ({ kind: 'ok', held: item }),
    ownAddresses: [],
    vcard: versionOf(shape),
  });
}

function etagOf({ translation }: Shelf, card: Card): string {
  const told = JSON.stringify([translation.translationVersion, card]);
  return `"${hash('sha256', told, 'base64url').slice(0, 32)}"`;
}
