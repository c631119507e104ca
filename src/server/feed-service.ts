// Secret links: /feeds/<token>[.ics|.vcf] answers one collection whole. Nextcloud wipes its copy on a 304 or an empty answer
// (seen with Nextcloud 33), so there is never a 304, and trouble is a 5xx.
import type { Feed, FeedTokens } from '../auth/index.ts';
import type { DavResponse } from '../dav-handlers/index.ts';
import type { Home } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';
import { type Call } from './call.ts';
import type { DavService } from './dav-service.ts';

export interface FeedService {
  readonly handle: (call: Call) => Promise<DavResponse>;
}

export function openFeedService(tokens: FeedTokens, dav: Pick<DavService, 'inHome'>): FeedService {
  return {
    async handle(call): Promise<DavResponse> {
      call.note.route = 'feed';
      const [, name = '', ...rest] = call.path.segments;
      const feed = rest.length === 0 ? await tokens.find(name.replace(/\.(ics|vcf)$/, '')) : undefined;
      if (feed === undefined)
        throw new DavError(404, 'there is no such feed; its link may have been revoked');
      if (!['GET', 'HEAD'].includes(call.request.method)) {
        return { status: 405, headers: { Allow: 'GET, HEAD' } };
      }
      return signedIn(() => dav.inHome(feed, (home) => answerOf(home, feed, call.request.signal)));
    },
  };
}

async function answerOf(home: Home, feed: Feed, signal: AbortSignal): Promise<DavResponse> {
  const collection = await home.collection(feed.collection, signal);
  if (collection === undefined)
    throw new DavError(503, 'the collection of this feed cannot be read at the moment');
  const text = await collection.feed(feed.detail, signal);
  const type = collection.folder.kind === 'contacts' ? 'text/vcard' : 'text/calendar';
  return {
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store' },
    body: text,
  };
}

/** The reader of a link cannot repair a changed password: to him it is an outage. */
async function signedIn<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const kind = error instanceof BackendError ? error.failure.kind : undefined;
    if (kind !== 'unauthorized' && kind !== 'denied' && kind !== 'not-found') throw error;
    throw new DavError(503, 'the sign-in behind this feed no longer works; make a new link', {
      cause: error,
    });
  }
}
