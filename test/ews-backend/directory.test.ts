// People, busy times, the owner's zone, sign-in by token and as an application, autodiscover: on the simulated Exchange.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { addEntry, entryOf, folderOf, grant, levels } from '../../simulator/state/index.ts';
import { openAutodiscover, type AutodiscoverNetwork } from '../../src/ews-backend/autodiscover.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type { Backend, Credential, Mailbox } from '../../src/model/backend.ts';
import { BackendError } from '../../src/model/failure.ts';
import { openEnvelopeCheck } from '../simulator/envelopes.ts';
import { alice, event, failureOf } from './signed-in.ts';

const envelopes = openEnvelopeCheck();
let simulator: Simulator;
let backend: Backend;
let mailbox: Mailbox;
beforeAll(async () => {
  simulator = await startSimulator({
    seed: 'small',
    schemes: ['bearer', 'negotiate-refused', 'ntlm', 'basic'],
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  backend = openEwsBackend({ url: simulator.url });
  mailbox = await backend.open(alice);
});
afterAll(async () => {
  await backend.close();
  await simulator.close();
  expect(envelopes.failures).toEqual([]);
});

const hourMs = 3_600_000;

describe('people (BEHAVIOUR §6)', () => {
  it('are found by what a name or an address begins with, with all that is told; nobody is no failure', async () => {
    const bob = entryOf(simulator.world, 'bob@example.test')!;
    const { found, truncated } = await mailbox.directory.cards('bob', 'names');
    expect(truncated).toBe(false);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      address: 'bob@example.test',
      name: 'Bob Example',
      kind: 'individual',
      addresses: ['bob@example.test'],
      contact: {
        fullName: 'Bob Example',
        name: { given: 'Bob', family: 'Example' },
        company: 'Example Ltd',
        title: bob.title,
        department: bob.department,
        office: bob.office,
        phones: { business: bob.phones!['BusinessPhone'] },
        addresses: { business: { city: bob.place!.city } },
        emails: { email1: { address: 'bob@example.test' } },
      },
    });
    expect(await mailbox.directory.cards('zzz', 'names')).toEqual({ found: [], truncated: false });
    expect(await mailbox.directory.cards(' ', 'names')).toEqual({ found: [], truncated: false });
  });

  it('are found by their title too, where all that is told is searched, with as much as that tells', async () => {
    const bob = entryOf(simulator.world, 'bob@example.test')!;
    const { found } = await mailbox.directory.cards(bob.title!.split(' ')[0]!, 'everywhere');
    expect(found.find(({ address }) => address === bob.address)).toMatchObject({
      kind: 'individual',
      contact: {
        fullName: 'Bob Example',
        title: bob.title,
        department: bob.department,
        office: bob.office,
        phones: { business: bob.phones!['BusinessPhone'] },
      },
    });
    expect(found.every(({ contact }) => contact.title.split(' ').length > 0)).toBe(true);
  });

  it('are told with their kind, in one call', async () => {
    simulator.resetCalls();
    const kindOf = async (text: string) =>
      (await mailbox.directory.people(text)).found.map(({ address, kind }) => [address, kind]);
    expect(await kindOf('room atlas')).toEqual([['room-atlas@example.test', 'room']]);
    expect(await kindOf('everyb')).toEqual([['everybody@example.test', 'group']]);
    expect(await kindOf('carol')).toEqual([['carol@example.test', 'individual']]);
    expect(simulator.calls()).toEqual({ FindPeople: 3 });
  });

  it('say that there are more than the hundred that the server gives', async () => {
    for (let number = 0; number < 120; number += 1)
      addEntry(simulator.world, {
        kind: 'contact',
        address: `mass${number}@mass.example`,
        name: `Mass ${number}`,
      });
    for (const found of [
      await mailbox.directory.cards('mass', 'names'),
      await mailbox.directory.cards('mass', 'everywhere'),
      await mailbox.directory.people('mass'),
    ])
      expect([found.found.length, found.truncated]).toEqual([100, true]);
  });

  it('have their primary address where the directory shows X500 ones (§9)', async () => {
    simulator.world.policy.exRouting = true;
    try {
      const { found } = await mailbox.directory.cards('Alice', 'names');
      expect(found).toMatchObject([
        { address: 'alice@example.test', name: 'Alice Example', contact: { fullName: 'Alice Example' } },
      ]);
    } finally {
      simulator.world.policy.exRouting = false;
    }
  });

  it('are known by each of their addresses, and by no part of one', async () => {
    expect((await mailbox.directory.entry('A.Example@example.test'))?.address).toBe('alice@example.test');
    expect(await mailbox.directory.entry('a.exampl')).toBeUndefined();
    expect(await mailbox.directory.entry('nobody@example.test')).toBeUndefined();
  });

  it('are found by name alone where the server does not know FindPeople, which is asked once', async () => {
    const other = await backend.open(alice);
    simulator.faults.on('message', { operation: 'FindPeople', code: 'ErrorInvalidRequest' });
    simulator.resetCalls();
    try {
      for (const text of ['carol', 'carol'])
        expect((await other.directory.people(text)).found).toMatchObject([{ address: 'carol@example.test' }]);
      expect(simulator.calls()).toEqual({ FindPeople: 1, ResolveNames: 2 });
    } finally {
      simulator.faults.clear();
    }
  });

  it('rooms are those of the room lists, asked once an hour', async () => {
    simulator.resetCalls();
    for (let asking = 0; asking < 2; asking += 1)
      expect(await mailbox.directory.rooms()).toEqual(
        [
          ['room-atlas', 'Room Atlas (12 seats)'],
          ['room-bering', 'Room Bering (6 seats)'],
          ['room-cook', 'Room Cook (4 seats)'],
        ].map(([alias, name]) => ({
          address: `${alias}@example.test`,
          name,
          kind: 'room',
          addresses: [`${alias}@example.test`],
        })),
      );
    expect(simulator.calls()).toEqual({ GetRoomLists: 1, GetRooms: 1 });
  });
});

describe('addresses of the owner', () => {
  it('are all that the directory tells, the main one first, asked once', async () => {
    const own = await backend.open(alice);
    simulator.resetCalls();
    expect(await own.addresses()).toEqual([
      'alice@example.test',
      'alice.example@example.test',
      'a.example@example.test',
    ]);
    await own.addresses();
    // ResolveNames shows three at most, of which one is no mail address.
    expect(simulator.calls()).toEqual({ ResolveNames: 1, FindPeople: 1 });
    const carol = { kind: 'password', user: 'carol@example.test', password: 'carol' } as const;
    expect(await (await backend.open(carol)).addresses()).toEqual(['carol@example.test']);
  });

  it('are asked again after a failure, and are the known one where the directory is closed', async () => {
    const own = await backend.open(alice);
    simulator.faults.on('message', { operation: 'ResolveNames', code: 'ErrorADUnavailable', count: 1 });
    expect((await failureOf(own.addresses())).kind).toBe('unavailable');
    expect(await own.addresses()).toContain('a.example@example.test');
    const other = await backend.open(alice);
    simulator.faults.on('message', { operation: 'ResolveNames', code: 'ErrorAccessDenied' });
    expect(await other.addresses()).toEqual(['alice@example.test']);
    simulator.faults.clear();
  });

  it('by any of them the own mailbox is opened, with the own identity', async () => {
    await backend.open(alice);
    const { identity, owner } = await backend.open(alice, 'A.Example@example.test');
    expect([identity, owner]).toEqual(['alice@example.test', { address: 'alice@example.test' }]);
  });
});

describe('busy times (BEHAVIOUR §12)', () => {
  const today = Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs;

  it('are those of rooms and people, each with its own answer', async () => {
    const times = await mailbox.busyTimes(['room-atlas@example.test', 'nobody@example.test'], {
      from: today,
      to: today + 24 * hourMs,
    });
    expect(times.get('room-atlas@example.test')).toEqual({
      ok: true,
      value: [{ range: { from: today + 8 * hourMs, to: today + 9 * hourMs }, busy: 'busy' }],
    });
    expect(times.get('nobody@example.test')).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
  });

  it('are refused where the owner shows none', async () => {
    const carol = folderOf(simulator.world.mailboxes.get('carol@example.test')!, 'calendar');
    const before = carol.permissions.get('alice@example.test')!;
    grant(carol, 'alice@example.test', levels.noFreeBusy);
    const range = { from: today, to: today + 24 * hourMs };
    const times = await mailbox.busyTimes(['carol@example.test'], range);
    expect(times.get('carol@example.test')).toMatchObject({ ok: false, failure: { kind: 'denied' } });
    grant(carol, 'alice@example.test', before);
  });

  it('of a long time are asked in windows the server takes', async () => {
    simulator.resetCalls();
    const year = { from: today, to: today + 365 * 24 * hourMs };
    const times = await mailbox.busyTimes(['alice@example.test'], year);
    expect(times.get('alice@example.test')?.ok).toBe(true);
    expect(simulator.calls()).toEqual({ GetUserAvailability: 9 });
  });
});

it('whole days are those of the zone chosen in Outlook on the web (BEHAVIOUR §8)', async () => {
  const folder = (await mailbox.folders()).find(({ kind, isDefault }) => kind === 'events' && isDefault)!;
  const day = event({
    start: { kind: 'date', date: '2026-07-06' },
    end: { kind: 'date', date: '2026-07-07' },
  });
  const made = await mailbox.create(folder.id, { item: day, tags: {} }, 'silent');
  const calendar = folderOf(simulator.world.mailboxes.get('alice@example.test')!, 'calendar');
  const held = [...calendar.items.values()].at(-1)!;
  expect([held.values.start, held.values.startZone?.id]).toEqual([
    Date.UTC(2026, 6, 5, 22),
    'W. Europe Standard Time',
  ]);
  expect(made.id).toBeDefined();
});

describe('sign-in (BEHAVIOUR §1, §15)', () => {
  const open = async (credential: Credential): Promise<string> =>
    (await backend.open(credential)).owner.address;

  it('by DOMAIN\\user finds the address by ConvertId (§3)', async () => {
    simulator.resetCalls();
    expect(await open({ kind: 'password', user: 'EXAMPLE\\bob', password: 'bob' })).toBe('bob@example.test');
    expect(simulator.calls()).toMatchObject({ ConvertId: 1 });
  });

  it('goes on from Negotiate, which is refused, to what works', async () => {
    const ntlm = await startSimulator({ schemes: ['negotiate-refused', 'ntlm'] });
    const other = openEwsBackend({ url: ntlm.url });
    expect((await other.open(alice)).owner.address).toBe('alice@example.test');
    await other.close();
    await ntlm.close();
  });

  it('takes NTLM inside of Negotiate where nothing else is offered', async () => {
    const negotiate = await startSimulator({ schemes: ['negotiate'] });
    const other = openEwsBackend({ url: negotiate.url });
    expect((await other.open(alice)).owner.address).toBe('alice@example.test');
    await other.close();
    await negotiate.close();
  });

  it('by a token of the user; an expired one is a refused sign-in', async () => {
    const token = (lifeMs?: number) => () =>
      Promise.resolve(simulator.authority.issue({ user: 'carol@example.test' }, lifeMs));
    expect(await open({ kind: 'user-token', user: 'carol@example.test', token: token() })).toBe(
      'carol@example.test',
    );
    const failure = await failureOf(
      backend.open({ kind: 'user-token', user: 'carol@example.test', token: token(-1) }),
    );
    expect(failure.kind).toBe('unauthorized');
  });

  it('as an application acts for one mailbox, names its anchor, and stays within its rights', async () => {
    const token = () => Promise.resolve(simulator.authority.issue({ application: 'exdav-service' }));
    simulator.allowImpersonation('app:exdav-service', ['bob@example.test']);
    simulator.world.policy.demandsAnchor = true;
    expect(await open({ kind: 'application', mailbox: 'bob@example.test', token })).toBe('bob@example.test');
    const denied = await failureOf(
      backend.open({ kind: 'application', mailbox: 'carol@example.test', token }),
    );
    expect(denied).toMatchObject({ kind: 'denied', code: 'ErrorImpersonateUserDenied' });
    simulator.allowImpersonation('app:exdav-service');
    const missing = await failureOf(
      backend.open({ kind: 'application', mailbox: 'nobody@example.test', token }),
    );
    expect(missing).toMatchObject({ kind: 'not-found', code: 'ErrorNonExistentMailbox' });
    simulator.world.policy.demandsAnchor = false;
  });
});

describe('other mailboxes (BEHAVIOUR §15)', () => {
  it('with free/busy rights only do not show their calendar', async () => {
    const room = simulator.world.mailboxes.get('room-atlas@example.test')!;
    grant(folderOf(room, 'calendar'), 'alice@example.test', levels.freeBusyTimeAndSubjectAndLocation);
    const found = await backend.open(alice, 'room-atlas@example.test').then(
      async (opened) => (await opened.folders()).length,
      (error: unknown) => (error instanceof BackendError ? error.failure.kind : 'thrown'),
    );
    expect([0, 'not-found', 'denied']).toContain(found);
  });
});

describe('autodiscover (BEHAVIOUR §16)', () => {
  const ewsUrl = 'https://mail.example.test/EWS/Exchange.asmx';
  const login = { kind: 'password', user: 'alice@example.test', password: 'alice' } as const;

  /** The hosts of the domain all lead to the simulator; the real search goes to https. */
  function network(hosts: readonly string[]): AutodiscoverNetwork {
    const send = async (url: string, body: string, authorization?: string) => {
      const { host, pathname, protocol } = new URL(url);
      if (!hosts.includes(`${protocol}//${host}`))
        throw new BackendError({ kind: 'unavailable', message: 'no such host' });
      const response = await fetch(simulator.url.replace(/\/EWS.*/, pathname), {
        method: body === '' && protocol === 'http:' ? 'GET' : 'POST',
        headers: authorization === undefined ? {} : { authorization },
        ...(body === '' ? {} : { body }),
        redirect: 'manual',
      });
      const location = response.headers.get('location') ?? undefined;
      return {
        status: response.status,
        location,
        offers: response.status === 401,
        body: await response.text(),
      };
    };
    return {
      ask: ({ url, body }) => send(url, body),
      post: ({ url, body }) =>
        send(url, body, `Basic ${Buffer.from('alice@example.test:alice').toString('base64')}`),
      srv: () => Promise.resolve([]),
    };
  }
  const discover = (hosts: readonly string[], address = 'alice@example.test'): Promise<string> =>
    openAutodiscover({ timeoutMs: 1000, keep: 1 }, network(hosts))(address, login);

  it('finds EWS where the domain answers', async () => {
    simulator.world.policy.ewsUrl = ewsUrl;
    expect(await discover(['https://autodiscover.example.test'])).toBe(ewsUrl);
  });

  it('follows the redirect probe, redirectAddr and redirectUrl within the domain, and no further', async () => {
    const { policy } = simulator.world;
    policy.autodiscoverLocation = 'https://found.example.test/autodiscover/autodiscover.xml';
    expect(await discover(['http://autodiscover.example.test', 'https://found.example.test'])).toBe(ewsUrl);
    policy.autodiscoverLocation = undefined;
    policy.autodiscover.set('old@example.test', { kind: 'redirectAddr', address: 'alice@example.test' });
    expect(await discover(['https://example.test'], 'old@example.test')).toBe(ewsUrl);
    policy.autodiscover.set('lost@example.test', {
      kind: 'redirectUrl',
      url: 'https://evil.example/autodiscover/autodiscover.xml',
    });
    const failure = await failureOf(
      discover(['https://example.test', 'https://evil.example'], 'lost@example.test'),
    );
    expect(failure.message).toContain('evil.example, which is not followed');
    policy.autodiscover.set('broken@example.test', { kind: 'error', code: '500', message: 'x' });
    expect((await failureOf(discover(['https://example.test'], 'broken@example.test'))).code).toBe(
      'NoAutodiscover',
    );
    policy.autodiscover.clear();
  });
});

it('an address of the directory is that of its entry', () => {
  expect(entryOf(simulator.world, 'A.Example@example.test')?.address).toBe('alice@example.test');
});
