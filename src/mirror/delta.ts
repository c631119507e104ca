// What changed on one side since the last run, without texts (RFC 6578). A token that is not known any more means everything.
import type { ETag, Href, SyncToken } from '../model/collection.ts';
import { DavError, precondition } from '../model/failure.ts';
import type { MirrorStore, Side, Twin } from '../model/mirror-store.ts';
import type { ForeignSide } from './pair.ts';

export interface SideDelta {
  readonly changed: ReadonlyMap<Href, ETag>;
  readonly gone: ReadonlySet<Href>;
  readonly token: SyncToken;
  /** `changed` names every member there is. */
  readonly isWhole: boolean;
}

export async function deltaOf(
  collection: ForeignSide,
  token: SyncToken | undefined,
  signal?: AbortSignal,
): Promise<SideDelta> {
  try {
    return await collected(collection, token, signal);
  } catch (error) {
    const isLost = error instanceof DavError && error.precondition === precondition.validSyncToken;
    if (!isLost || token === undefined) throw error;
    return collected(collection, undefined, signal);
  }
}

async function collected(
  collection: ForeignSide,
  token: SyncToken | undefined,
  signal?: AbortSignal,
): Promise<SideDelta> {
  const changed = new Map<Href, ETag>();
  const gone = new Set<Href>();
  let at = token;
  for (;;) {
    const page = await collection.changes(at, undefined, signal);
    for (const { href, etag } of page.changed) {
      changed.set(href, etag);
      gone.delete(href);
    }
    for (const href of page.gone) {
      gone.add(href);
      changed.delete(href);
    }
    if (!page.truncated)
      return { changed, gone, token: page.token, isWhole: token === undefined || page.full === true };
    at = page.token;
  }
}

const hrefsAtOnce = 400;

/** The twins that know these names on this side. */
export async function twinsAt(
  { store, pair, side }: { readonly store: MirrorStore; readonly pair: string; readonly side: Side },
  hrefs: readonly Href[],
): Promise<readonly Twin[]> {
  const found: Twin[] = [];
  for (let at = 0; at < hrefs.length; at += hrefsAtOnce)
    found.push(...(await store.twinsByHref(pair, side, hrefs.slice(at, at + hrefsAtOnce))));
  return found;
}
