// Signing in: one refusal is enough, a server that is closed is not a wrong password, and nobody else suffers.
import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { openDavHosts, openLatch, openRemote, type ObservedRequest } from '../../src/dav-remote/index.ts';
import { eventText } from '../memory-backend/items.ts';
import { openStage, put, refusal, thrown } from './stage.ts';
import { trap } from './trap.ts';

describe('a refused password', () => {
  trap('401-for-all', 'is sent once, ever, until it is another one', async (stage) => {
    const before = stage.double.log.length;
    const latch = openLatch();
    const wrong = { password: 'revoked', latch };
    expect(await refusal(stage.signIn(stage.bob, wrong))).toBe('unauthorized Http401');
    // The next run, the next pair, another process that was given the same latch:
    for (let run = 0; run < 20; run += 1)
      expect(await refusal(stage.signIn(stage.bob, { ...wrong, hosts: openDavHosts() }))).toBe(
        'unauthorized Latched',
      );
    expect(stage.double.log.length - before).toBe(2); // .well-known, and the one that was refused
    expect(await put(stage.events, 'a.ics', eventText('a'))).toMatchObject({ created: true });
    expect((await stage.signIn(stage.bob, { latch })).principal).toContain('/bob/');
    // A client that goes on:
    for (let run = 0; run < 10; run += 1)
      await stage.raw('PROPFIND', '/remote.php/dav/', { as: { ...stage.bob, password: 'revoked' } });
    expect((await stage.raw('PROPFIND', '/remote.php/dav/')).status).toBe(429);
  });

  trap(
    '401-for-all',
    'opens the circuit also in the middle of work, for requests that wait, too',
    async (stage) => {
      stage.alice.password = 'changed meanwhile';
      const before = stage.double.log.length;
      const reads = Array.from({ length: 12 }, () => refusal(stage.events.members()));
      for (const outcome of await Promise.all(reads)) expect(outcome).toMatch(/^unauthorized/);
      // Four were under way at once; none of those that waited was sent.
      expect(stage.double.log.length - before).toBeLessThanOrEqual(4);
      expect(await refusal(put(stage.events, 'a.ics', eventText('a')))).toBe('unauthorized Latched');
    },
  );

  trap('401-for-all', '429 stops everybody at that host for a while, and nobody elsewhere', async (stage) => {
    let now = 0;
    const hosts = openDavHosts({ now: () => now });
    const home = await stage.signIn(stage.alice, { hosts });
    const book = (await home.find({ displayName: 'Contacts', kind: 'contacts' }))!;
    stage.double.mishaps.push({ kind: 'status', method: 'PROPFIND', status: 429 });
    expect(await refusal(book.members())).toBe('busy Http429');
    const before = stage.double.log.length;
    expect(await refusal(book.members())).toBe('busy BackOff');
    expect(await refusal(stage.signIn(stage.bob, { hosts }))).toBe('busy BackOff');
    expect(stage.double.log.length).toBe(before);
    expect(await stage.events.members()).toEqual([]); // other connections, other address
    now += 60_001;
    // Again, and it waits longer; an answer in order, and it begins anew.
    for (const [waitMs, after] of [
      [120_000, 'again'],
      [240_000, 'calm'],
      [60_000, 'calm'],
    ] as const) {
      stage.double.mishaps.push({ kind: 'status', method: 'PROPFIND', status: 429 });
      expect(await thrown(book.members())).toMatchObject({
        failure: { code: 'Http429', retryAfterMs: waitMs },
      });
      now += waitMs;
      if (after === 'calm') expect(await book.members()).toEqual([]);
    }
    hosts.close();
  });
});

describe('a server that answers 503', () => {
  trap('maintenance', 'is tried again, the password is not doubted', async (stage) => {
    stage.double.maintenance = true;
    expect(await refusal(stage.events.members())).toBe('unavailable Maintenance');
    expect(await refusal(put(stage.events, 'a.ics', eventText('a')))).toBe('unavailable Maintenance');
    stage.double.maintenance = false;
    expect(await put(stage.events, 'a.ics', eventText('a'))).toMatchObject({ created: true });
  });

  trap('disabled', 'is not tried again: the account is closed', async (stage) => {
    stage.alice.disabled = true;
    expect(await refusal(stage.events.members())).toBe('unauthorized AccountDisabled');
    expect(await refusal(stage.signIn(stage.alice))).toBe('unauthorized AccountDisabled');
  });
});

describe('app passwords', () => {
  it('sign in like passwords', async () => {
    const stage = await openStage();
    stage.alice.appPasswords.push('abcde-fghij-klmno:pqrst-ü');
    const home = await stage.signIn(stage.alice, { password: 'abcde-fghij-klmno:pqrst-ü' });
    expect(await home.find({ displayName: 'Mirror', kind: 'events' })).toBeDefined();
    await stage.close();
  });
});

describe('credentials', () => {
  it('leave over https only, except to this machine', async () => {
    for (const url of [
      'http://cloud.example.test/',
      'http://10.0.0.1/',
      'ftp://cloud.example.test/',
      'cloud',
      'https://u:p@cloud.example.test/',
    ])
      expect(await refusal(openRemote({ url, user: 'u', password: 'p' }))).toBe('invalid BadAddress');
    const error = await refusal(openRemote({ url: 'http://127.0.0.2:1/', user: 'u', password: 'p' }));
    expect(error).toBe('unavailable ECONNREFUSED');
  });

  it('go to no other host, whatever it redirects to', async () => {
    const seen: (string | undefined)[] = [];
    const thief = await listening((request) => {
      seen.push(request.headers.authorization);
      return { status: 207 };
    });
    // The same machine under another port is another server.
    const redirector = await listening(() => ({ status: 301, location: `${thief.url}/remote.php/dav/` }));
    await expect(openRemote({ url: redirector.url, user: 'u', password: 'p' })).rejects.toThrow(
      'overwriteprotocol',
    );
    const otherName = await listening(() => ({
      status: 301,
      location: `http://localhost:1/remote.php/dav/`,
    }));
    await expect(openRemote({ url: otherName.url, user: 'u', password: 'p' })).rejects.toThrow(
      'to another host',
    );
    const circle = await listening((request) => ({ status: 302, location: request.url ?? '/' }));
    expect(await refusal(openRemote({ url: circle.url, user: 'u', password: 'p' }))).toBe(
      'unavailable Redirect',
    );
    expect(seen).toEqual([]);
    for (const { server } of [thief, redirector, otherName, circle]) server.close();
  });

  it('are not sent to status.php, and are in nothing that is observed', async () => {
    const stage = await openStage();
    const observed: ObservedRequest[] = [];
    const home = await stage.signIn(stage.alice, { observe: (request) => observed.push(request) });
    await home.collections();
    const status = stage.double.log.filter(({ path }) => path === '/status.php');
    expect(status.length).toBeGreaterThan(0);
    for (const { headers } of status) expect(headers['authorization']).toBeUndefined();
    expect(observed.map(({ method, status }) => [method, status])).toContainEqual(['PROPFIND', 207]);
    for (const request of observed) {
      expect(Object.keys(request).sort()).toEqual(['host', 'method', 'ms', 'status']);
      expect(request.host).toBe(new URL(stage.url).host);
    }
    await stage.close();
    await refusal(home.collections());
    expect(observed.at(-1)?.status).toBe(0);
  });
});

async function listening(
  answer: (request: { url?: string; headers: { authorization?: string } }) => {
    status: number;
    location?: string;
  },
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const { status, location } = answer(request);
    response.writeHead(status, location === undefined ? {} : { Location: location }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, server };
}
