// Secret links of feeds: whoever knows the link reads one collection. The store holds a hash of the token, the credential sealed.
import { createHash, randomBytes } from 'node:crypto';
import type { Records } from '../model/store.ts';
import type { PasswordCredential } from './basic.ts';
import type { Keys } from './keys.ts';

export interface Feed {
  readonly credential: PasswordCredential;
  /** Whose home the collection is in; absent: the credential's own. */
  readonly mailbox?: string;
  /** `Folder.key` of the collection. */
  readonly collection: string;
  readonly detail: 'whole' | 'busy-only';
}

export interface FeedTokens {
  create(feed: Feed): Promise<string>;
  find(token: string): Promise<Feed | undefined>;
  revoke(token: string): Promise<void>;
}

const lifetimeMs = 10 * 365 * 24 * 3_600_000;

export function openFeedTokens(records: Records, keys: Keys): FeedTokens {
  return {
    async create(feed) {
      const token = randomBytes(24).toString('base64url');
      await records.set(keyOf(token), keys.seal(JSON.stringify(feed), token), lifetimeMs);
      return token;
    },
    async find(token) {
      const sealed = isToken(token) ? await records.get(keyOf(token)) : undefined;
      const text = sealed === undefined ? undefined : keys.unseal(sealed, token);
      return text === undefined ? undefined : parseFeed(text);
    },
    revoke: (token) => records.delete(keyOf(token)),
  };
}

function keyOf(token: string): string {
  return `feed:${createHash('sha256').update(token).digest('hex')}`;
}

function isToken(token: string): boolean {
  return /^[A-Za-z0-9_-]{32}$/.test(token);
}

/** The text was sealed by `create`, so its shape is known; what an older version wrote otherwise is refused. */
function parseFeed(text: string): Feed | undefined {
  const value: Partial<Feed> | undefined = JSON.parse(text);
  const credential = value?.credential;
  if (value?.collection === undefined || credential?.kind !== 'password') return undefined;
  return {
    credential,
    mailbox: value.mailbox,
    collection: value.collection,
    detail: value.detail ?? 'busy-only',
  };
}
