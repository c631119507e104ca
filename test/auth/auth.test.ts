import { describe, expect, it } from 'vitest';
import { openFeedTokens, openKeys, openSignIn, parseBasic } from '../../src/auth/index.ts';
import type { Backend, Credential, Mailbox } from '../../src/model/backend.ts';
import { BackendError } from '../../src/model/failure.ts';
import type { Records } from '../../src/model/store.ts';

function memoryRecords(): Records & { readonly values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
}

/** A mail server that knows one password and counts the tries. */
function oneUserBackend(password: string): Backend & { tries: number; right: string } {
  return {
    tries: 0,
    right: password,
    async open(credential: Credential, mailbox?: string) {
      this.tries += 1;
      if (credential.kind !== 'password' || credential.password !== this.right) {
        throw new BackendError({ kind: 'unauthorized', message: 'wrong' });
      }
      return {
        identity: mailbox ?? credential.user,
        owner: { address: credential.user },
      } as unknown as Mailbox;
    },
    ping: async () => {},
    close: async () => {},
  };
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
const keys = openKeys('a secret of the installation');

describe('parseBasic', () => {
  it('reads name and password in UTF-8, colons in the password', () => {
    expect(parseBasic(basic('änne@x.test:p:ß'))).toEqual({
      kind: 'password',
      user: 'änne@x.test',
      password: 'p:ß',
    });
  });

  it.each([
    null,
    '',
    'Bearer x',
    basic('nocolon'),
    basic(':x'),
    basic('user:'),
    basic('a\nb:x'),
    'Basic ###',
  ])('refuses %j', (header) => {
    expect(parseBasic(header)).toBeUndefined();
  });
});

describe('sign-in', () => {
  it('tries a password once for many parallel requests', async () => {
    const backend = oneUserBackend('right');
    const signIn = openSignIn({ backend, records: memoryRecords(), keys });
    const credential = { kind: 'password', user: 'a@x', password: 'right' } as const;
    const sessions = await Promise.all([1, 2, 3].map(() => signIn.open(credential)));
    expect(backend.tries).toBe(1);
    expect(new Set(sessions).size).toBe(1);
  });

  it('does not try a refused password again, nor after a restart with the same store', async () => {
    const backend = oneUserBackend('right');
    const records = memoryRecords();
    const credential = { kind: 'password', user: 'a@x', password: 'old' } as const;
    for (const signIn of [openSignIn({ backend, records, keys }), openSignIn({ backend, records, keys })]) {
      await expect(signIn.open(credential)).rejects.toThrow(BackendError);
      await expect(signIn.open(credential)).rejects.toThrow(BackendError);
    }
    expect(backend.tries).toBe(1);
    await expect(
      openSignIn({ backend, records, keys }).open({ ...credential, password: 'right' }),
    ).resolves.toBeDefined();
  });

  it('does not make the wait longer when a refused password comes again', async () => {
    const records = memoryRecords();
    const sets: string[] = [];
    const counted = {
      ...records,
      set: async (key: string, value: string) => (sets.push(key), records.set(key, value, 1)),
    };
    const signIn = openSignIn({ backend: oneUserBackend('right'), records: counted, keys });
    const credential = { kind: 'password', user: 'a@x', password: 'old' } as const;
    for (let times = 0; times < 3; times += 1) {
      await expect(signIn.open(credential)).rejects.toThrow(BackendError);
      await signIn.refuse(credential);
    }
    expect(sets).toHaveLength(1);
  });

  it('forgets a session that the server no longer accepts', async () => {
    const backend = oneUserBackend('right');
    const signIn = openSignIn({ backend, records: memoryRecords(), keys });
    const credential = { kind: 'password', user: 'a@x', password: 'right' } as const;
    await signIn.open(credential);
    await signIn.refuse(credential);
    await expect(signIn.open(credential)).rejects.toThrow('15 minutes');
    expect(backend.tries).toBe(1);
  });

  it('keeps no password in the store', async () => {
    const records = memoryRecords();
    const signIn = openSignIn({ backend: oneUserBackend('right'), records, keys });
    await expect(signIn.open({ kind: 'password', user: 'anna@x', password: 'hunter2' })).rejects.toThrow();
    expect(JSON.stringify([...records.values])).not.toMatch(/hunter2|anna/);
  });

  it('opens another mailbox once', async () => {
    const backend = oneUserBackend('right');
    const session = await openSignIn({ backend, records: memoryRecords(), keys }).open({
      kind: 'password',
      user: 'a@x',
      password: 'right',
    });
    await Promise.all([session.other('B@x'), session.other('b@x')]);
    expect(backend.tries).toBe(2);
  });
});

describe('feed tokens', () => {
  const feed = {
    credential: { kind: 'password', user: 'a@x', password: 'hunter2' },
    mailbox: 'a@x',
    collection: 'calendar',
    detail: 'whole',
  } as const;

  it('gives back what was put in, until revoked', async () => {
    const tokens = openFeedTokens(memoryRecords(), keys);
    const made = await tokens.create(feed);
    expect(await tokens.find(made)).toEqual(feed);
    await tokens.revoke(made);
    expect(await tokens.find(made)).toBeUndefined();
  });

  it('stores neither token nor password readably, and opens only under the same secret', async () => {
    const records = memoryRecords();
    const made = await openFeedTokens(records, keys).create(feed);
    expect(JSON.stringify([...records.values])).not.toContain('hunter2');
    expect(JSON.stringify([...records.values])).not.toContain(made);
    expect(await openFeedTokens(records, openKeys('another secret, long enough')).find(made)).toBeUndefined();
  });
});
