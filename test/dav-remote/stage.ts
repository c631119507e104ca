// The double of Nextcloud with a sign-in of the room under test.
import {
  openDavHosts,
  openRemote,
  type DavHosts,
  type RemoteCollection,
  type RemoteHome,
  type RemoteOptions,
} from '../../src/dav-remote/index.ts';
import type { Condition } from '../../src/model/collection.ts';
import { BackendError, DavError } from '../../src/model/failure.ts';
import {
  startNextcloudDouble,
  type RunningDouble,
  type User,
  type Version,
} from '../nextcloud-double/index.ts';

export interface Stage extends RunningDouble {
  readonly hosts: DavHosts;
  readonly home: RemoteHome;
  /** Alice's, made by the room. */
  readonly events: RemoteCollection;
  readonly contacts: RemoteCollection;
  signIn(user: User, options?: Partial<RemoteOptions>): Promise<RemoteHome>;
}

export async function openStage(version: Version = '33.0.3'): Promise<Stage> {
  const running = await startNextcloudDouble({ version });
  const hosts = openDavHosts();
  const signIn = (user: User, options: Partial<RemoteOptions> = {}): Promise<RemoteHome> =>
    openRemote({ url: running.url, user: user.uid, password: user.password, hosts, ...options });
  const home = await signIn(running.alice);
  return {
    ...running,
    hosts,
    home,
    signIn,
    events: await home.create({ kind: 'events', displayName: 'Mirror' }),
    contacts: await home.create({ kind: 'contacts', displayName: 'Mirror' }),
    async close() {
      hosts.close();
      await running.close();
    },
  };
}

export function put(collection: RemoteCollection, href: string, text: string, condition: Condition = {}) {
  return collection.put({ href, text, condition, mail: 'silent' });
}

export async function thrown(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  return undefined;
}

/** `busy TooManyCreated`, `409 no-uid-conflict`, `met`. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await thrown(work);
  if (error === undefined) return 'met';
  if (error instanceof BackendError)
    return [error.failure.kind, error.failure.code].filter(Boolean).join(' ');
  if (!(error instanceof DavError)) throw error;
  return [error.status, error.precondition?.replace(/^\{.*\}/, '')].filter(Boolean).join(' ');
}

export function pathOf(collection: RemoteCollection, href = ''): string {
  return new URL(collection.url).pathname + encodeURIComponent(href);
}
