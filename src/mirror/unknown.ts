// Members that no twin knows, by who they are: UID first, then start, end and summary. Without texts: there may be very many.
import type { ETag, Href } from '../model/collection.ts';
import type { Side } from '../model/mirror-store.ts';
import type { Reader } from './look.ts';

export interface Identity {
  readonly href: Href;
  readonly etag: ETag;
  readonly uid: string;
  /** Empty: cannot be told. */
  readonly fingerprint: string;
  readonly isGroup: boolean;
}

export interface Unknown {
  readonly all: () => readonly Identity[];
  /** Taken out: nobody else's copy. */
  take(uid: string): Identity | undefined;
  /** The copy that Nextcloud's EWS connector made of the Exchange object with this UID. */
  takeConnectors(uid: string): Identity | undefined;
  hasAlike(fingerprint: string): boolean;
  /** The only one that looks like this. */
  takeAlike(fingerprint: string): Identity | undefined;
}

/** Objects read with one request. */
export const batchSize = 50;

export function* chunksOf<T>(all: readonly T[], size = batchSize): Iterable<readonly T[]> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
}

export async function identify(
  reader: Reader,
  side: Side,
  members: ReadonlyMap<Href, ETag>,
): Promise<Unknown> {
  const found = new Map<string, Identity>();
  for (const batch of chunksOf([...members]))
    for (const identity of await identitiesOf(reader, side, batch))
      // Two members with one UID: the second is nobody's copy.
      found.set(found.has(identity.uid) ? `again ${identity.href}` : identity.uid, identity);
  return unknownOf(found);
}

export async function identitiesOf(
  reader: Reader,
  side: Side,
  members: readonly (readonly [Href, ETag])[],
): Promise<readonly Identity[]> {
  const shown = await reader.ahead(
    side,
    members.map(([href]) => href),
  );
  return members.map(([href, etag]) => {
    const each = shown.get(href);
    // What cannot be read is told when its turn comes.
    if (each?.kind !== 'present')
      return { href, etag, uid: `unreadable ${href}`, fingerprint: '', isGroup: false };
    const { uid, fingerprint, isGroup } = each.present.facts;
    return { href, etag, uid, fingerprint, isGroup };
  });
}

function unknownOf(found: Map<string, Identity>): Unknown {
  const byFingerprint = Map.groupBy(found.values(), ({ fingerprint }) => fingerprint);
  const take = (uid: string): Identity | undefined => {
    const identity = found.get(uid);
    found.delete(uid);
    return identity;
  };
  let short: ReadonlyMap<string, string> | undefined;
  return {
    all: () => [...found.values()],
    take,
    takeConnectors(uid) {
      short ??= new Map([...found.keys()].map((each) => [each.replaceAll('-', '').toUpperCase(), each]));
      const uuid = uuidIn(uid);
      return uuid === undefined ? undefined : take(short.get(uuid) ?? '');
    },
    hasAlike: (fingerprint) => byFingerprint.has(fingerprint),
    takeAlike(fingerprint) {
      const alike = (byFingerprint.get(fingerprint) ?? []).filter(({ uid }) => found.has(uid));
      const [only] = alike;
      return fingerprint === '' || only === undefined || alike.length > 1 ? undefined : take(only.uid);
    },
  };
}

/** Of Exchange's own UIDs ([MS-OXOCAL] 2.2.1.27) the connector keeps the last 32 digits, as a UUID. */
function uuidIn(uid: string): string | undefined {
  return /^040000008200E00074C5B7101A82E008[0-9A-F]{48}([0-9A-F]{32})$/i.exec(uid)?.[1]?.toUpperCase();
}
