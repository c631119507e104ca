// A folder of a mailbox as a DAV collection (model/collection.ts): each question first brings the ledger up to date.
import type { Collection } from '../model/collection.ts';
import { openAttachments } from './attachments.ts';
import { changesSince } from './sync.ts';
import { doubt, isUnchanged } from './freshness.ts';
import { feedOf } from './feed.ts';
import { freeBusyOf } from './free-busy.ts';
import { allObjects, etagIn, objectAt, type OpenFolder } from './open-folder.ts';
import { openPace } from './pace.ts';
import { putMember } from './put.ts';
import { queryMembers } from './query.ts';
import { readMembers } from './read.ts';
import { upToDate } from './refresh.ts';
import { removeMember } from './remove.ts';
import { tokenOf } from './tokens.ts';

/** How long what a listing of folders said speaks for a collection. */
const listingSpeaksMs = 1000;

/** `listedAt`: when the folder's stamp was read. */
export function openCollection(open: OpenFolder, listedAt: number): Collection {
  return {
    folder: open.folder,
    owner: open.mailbox.owner,
    identity: open.mailbox.identity,
    state: async (signal) => {
      const now = open.now();
      const isHinted =
        now - listedAt < listingSpeaksMs && isUnchanged(open.freshness, open.folder.stamp, now);
      const known = isHinted ? await open.ledger.head(open.scope) : undefined;
      const head = known ?? (await upToDate(open, { signal }));
      return { syncToken: tokenOf(head.revision), ctag: `"${head.revision}"` };
    },
    members: async (signal) => {
      await upToDate(open, { signal });
      const pace = openPace();
      const members = [];
      for (const object of await allObjects(open)) {
        members.push({ href: object.href, etag: etagIn(open, object) });
        await pace();
      }
      return members;
    },
    member: async (href, signal) => {
      await upToDate(open, { signal });
      const object = await objectAt(open, href);
      return object && { href, etag: etagIn(open, object) };
    },
    query: (request, signal) => queryMembers(open, request, signal),
    read: (hrefs, shape, signal) => readMembers(open, { hrefs, shape }, signal),
    put: (request, signal) => putMember(open, request, signal),
    remove: (href, condition, mail) => removeMember(open, { href, condition, mail }),
    changes: (token, limit, signal) =>
      changesSince(open, { token, ...(limit !== undefined && { limit }) }, signal),
    feed: (detail, signal) => feedOf(open, detail, signal),
    freeBusy: (range, signal) => freeBusyOf(open, range, signal),
    watch: (signal) => watch(open, signal),
    ...(open.folder.kind !== 'contacts' && { attachments: openAttachments(open) }),
    servedAt: (address) => openCollection({ ...open, servedAt: address }, listedAt),
  };
}

async function* watch(open: OpenFolder, signal: AbortSignal): AsyncIterable<void> {
  for await (const _folder of open.mailbox.watch([open.folder.id], signal)) {
    doubt(open.freshness);
    yield;
  }
}
