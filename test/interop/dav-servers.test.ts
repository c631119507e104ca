// The foreign side of the mirror over other people's servers: Debian's Radicale and Xandikos, and a real Nextcloud when one is named.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openDavHosts,
  openRemote,
  type DavHosts,
  type RemoteCollection,
  type RemoteHome,
} from '../../src/dav-remote/index.ts';
import { mirrorSideContract, type SideTraits, type SideUnderTest } from '../contracts/mirror-side.ts';
import { eventText } from '../memory-backend/items.ts';
import { startRadicale, startXandikos, type ForeignServer } from './dav-servers.ts';
import { isInstalled } from './programs.ts';

const servers: readonly {
  readonly program: string;
  readonly start: () => Promise<ForeignServer>;
  readonly traits: SideTraits;
}[] = [
  // Radicale 3.1.8 takes tasks into a calendar of events, and gives cards as they were stored.
  { program: 'radicale', start: startRadicale, traits: { lacks: ['component check', 'vCard conversion'] } },
  // Xandikos 0.2.8 cannot limit a calendar to components.
  { program: 'xandikos', start: startXandikos, traits: { lacks: ['component check', 'vCard conversion'] } },
];

for (const { program, start, traits } of servers) {
  describe.skipIf(!isInstalled(program))(`Debian's ${program}`, () => {
    let server: ForeignServer;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server.stop());

    mirrorSideContract(`dav-remote over ${program}`, () => freshSide(server), traits);

    it('finds the collection again, by name and by URL, with what it was made with', async () => {
      const { home, hosts } = await signIn(server);
      const displayName = `Projekt ü ${randomUUID()}`;
      const made = await home.create({ kind: 'events', displayName, properties: { color: '#FF0000FF' } });
      expect((await home.find({ displayName, kind: 'events' }))?.url).toBe(made.url);
      const found = await home.find({ url: made.url });
      expect(found?.folder).toMatchObject({
        displayName,
        kind: 'events',
        properties: { color: '#FF0000FF' },
      });
      expect(await home.find({ url: `${made.url.replace(/\/$/, '')}-not/` })).toBeUndefined();
      hosts.close();
    });
  });
}

async function signIn(server: Omit<ForeignServer, 'stop'>): Promise<{ home: RemoteHome; hosts: DavHosts }> {
  const hosts = openDavHosts();
  return { home: await openRemote({ ...server, hosts }), hosts };
}

/** Collections of their own for every test. */
async function freshSide(server: ForeignServer): Promise<SideUnderTest> {
  const { home, hosts } = await signIn(server);
  const [events, tasks, contacts] = await makeCollections(home);
  return { events, tasks, contacts, pass() {}, close: async () => hosts.close() };
}

type Made = readonly [events: RemoteCollection, tasks: RemoteCollection, contacts: RemoteCollection];

async function makeCollections(home: RemoteHome): Promise<Made> {
  const name = `exdav-test-${randomUUID().slice(0, 8)}`;
  return [
    await home.create({ kind: 'events', displayName: `${name} events` }),
    await home.create({ kind: 'tasks', displayName: `${name} tasks` }),
    await home.create({ kind: 'contacts', displayName: `${name} contacts` }),
  ];
}

const nextcloud = {
  url: process.env['EXDAV_TEST_NEXTCLOUD_URL'] ?? '',
  user: process.env['EXDAV_TEST_NEXTCLOUD_USER'] ?? '',
  password: process.env['EXDAV_TEST_NEXTCLOUD_PASSWORD'] ?? '',
};

const isNamed = !Object.values(nextcloud).includes('');

// Three collections for all tests, because new ones are limited to some an hour; they are purged at the end.
describe.skipIf(!isNamed)('a real Nextcloud (EXDAV_TEST_NEXTCLOUD_URL, _USER, _PASSWORD)', () => {
  let home: RemoteHome;
  let hosts: DavHosts;
  let made: Made;
  beforeAll(async () => {
    ({ home, hosts } = await signIn(nextcloud));
    made = await makeCollections(home);
  });
  afterAll(async () => {
    await purgeCollections(made);
    hosts.close();
  });

  mirrorSideContract('dav-remote over a real Nextcloud', async () => {
    for (const collection of made) await emptied(collection);
    const [events, tasks, contacts] = made;
    return { events, tasks, contacts, pass() {}, async close() {} };
  });

  it('is what it says: version, principal, trash bin', async () => {
    const [events] = made;
    expect(home.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(home.principal).toContain('/principals/users/');
    expect(events).toMatchObject({
      standing: 'own',
      abilities: { sync: true, trash: true, honestEtags: true, cardVersions: ['3.0'] },
    });
    const uid = `exdav-${randomUUID()}`;
    await events.put({
      href: 'x.ics',
      text: eventText(uid),
      condition: { ifNoneMatch: '*' },
      mail: 'silent',
    });
    await events.remove('x.ics', {}, 'silent');
    expect(await events.purgeTrash([uid])).toBe(1);
    expect(await events.purgeTrash([uid])).toBe(0);
  });
});

async function emptied(collection: RemoteCollection): Promise<void> {
  const members = await collection.members();
  const uids: string[] = [];
  for (const [href, outcome] of await collection.read(
    members.map(({ href }) => href),
    { kind: 'whole' },
  )) {
    if (outcome.ok)
      uids.push(...[...outcome.value.text.matchAll(/^UID:(.*?)\r?$/gm)].map(([, uid = '']) => uid));
    await collection.remove(href, {}, 'silent');
  }
  await collection.purgeTrash(uids);
}

/** Not into the trash: a test leaves nothing behind. */
async function purgeCollections(made: readonly RemoteCollection[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${nextcloud.user}:${nextcloud.password}`).toString('base64')}`;
  for (const { url } of made) {
    const headers = { authorization, 'X-NC-CalDAV-No-Trashbin': '1' };
    const answer = await fetch(url, { method: 'DELETE', headers });
    if (!answer.ok) throw new Error(`${url} was left behind: ${answer.status}`);
  }
}
