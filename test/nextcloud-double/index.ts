// A Nextcloud that runs in the test's own process. It follows measured facts (the numbers in `traps.ts`), not the product.
import { Double } from './double.ts';
import type { Version } from './versions.ts';
import type { Collection, User } from './world.ts';

export type { Version } from './versions.ts';
export type { User } from './world.ts';

export interface RunningDouble {
  readonly url: string;
  readonly double: Double;
  readonly alice: User;
  readonly bob: User;
  /** Of alice, by last segment. */
  collection(uri: string): Collection;
  /** A request as any program would send it, signed in as alice. */
  raw(
    method: string,
    path: string,
    options?: { readonly body?: string; readonly headers?: Record<string, string>; readonly as?: User },
  ): Promise<Response>;
  close(): Promise<void>;
}

/** Alice and bob have logged in on the web once. */
export async function startNextcloudDouble(options: { version?: Version } = {}): Promise<RunningDouble> {
  const double = new Double();
  if (options.version !== undefined) double.version = options.version;
  const alice = double.world.addUser('alice', { email: 'alice@example.test', password: 'alice password' });
  const bob = double.world.addUser('bob', { email: 'bob@example.test', password: 'bob password' });
  for (const user of [alice, bob]) double.world.webLogin(user);
  const url = await double.listen();
  return {
    url,
    double,
    alice,
    bob,
    collection(uri) {
      const found = alice.collections.find((each) => each.uri === uri);
      if (found === undefined) throw new Error(`no collection ${uri}`);
      return found;
    },
    raw: (method, path, { body, headers = {}, as = alice } = {}) =>
      fetch(url + path, {
        method,
        redirect: 'manual',
        ...(body !== undefined && { body }),
        headers: {
          Authorization: `Basic ${Buffer.from(`${as.uid}:${as.password}`).toString('base64')}`,
          'Accept-Encoding': 'identity',
          ...headers,
        },
      }),
    close: () => double.close(),
  };
}
