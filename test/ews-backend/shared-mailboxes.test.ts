// A believable mailbox, and other mailboxes under the user's own rights: what is shown agrees with what may be done.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { judgeEnvelope } from '../simulator/envelopes.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type { Backend, Folder, ItemId, Mailbox } from '../../src/model/backend.ts';
import { BackendError } from '../../src/model/failure.ts';
import { emptyEvent, type EventItem } from '../../src/model/item.ts';

const alice = { kind: 'password', user: 'alice@example.test', password: 'alice' } as const;

let simulator: Simulator;
let backend: Backend;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'small', envelope: judgeEnvelope });
  backend = openEwsBackend({ url: simulator.url });
});
afterAll(async () => {
  await backend.close();
  await simulator.close();
});

async function idsOf(mailbox: Mailbox, folder: Folder): Promise<ItemId[]> {
  const ids: ItemId[] = [];
  for await (const page of mailbox.changes(folder.id))
    for (const change of page.changes) if (change.kind === 'present') ids.push(change.listed.id);
  return ids;
}

const event: EventItem = {
  ...emptyEvent,
  summary: 'Shared',
  start: { kind: 'zoned', local: '2026-03-02T09:00:00', zone: 'Europe/Berlin' },
  end: { kind: 'zoned', local: '2026-03-02T10:00:00', zone: 'Europe/Berlin' },
};

/** Whether it was allowed; anything but a refusal is thrown. */
async function may(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof BackendError && ['denied', 'not-found'].includes(error.failure.kind)) return false;
    throw error;
  }
}

describe('a believable mailbox', () => {
  it('is read whole, without one failure', async () => {
    const mailbox = await backend.open(alice);
    const counts: Record<string, number> = {};
    const kinds = new Set<string>();
    for (const folder of await mailbox.folders()) {
      const ids = await idsOf(mailbox, folder);
      for await (const [, outcome] of mailbox.fetch(ids)) {
        if (!outcome.ok) throw new BackendError(outcome.failure);
        const { kind } = outcome.value.item;
        // Groups lie among contacts.
        expect(kind === 'group' ? 'contacts' : `${kind}s`).toBe(folder.kind);
        kinds.add(kind);
      }
      counts[folder.kind] = (counts[folder.kind] ?? 0) + ids.length;
    }
    expect(counts['events']).toBeGreaterThan(250);
    expect(counts['tasks']).toBeGreaterThan(20);
    expect(counts['contacts']).toBeGreaterThan(80);
    expect(kinds.has('group')).toBe(true);
  });

  it('names every folder once, the same each time', async () => {
    const keys = async (): Promise<string[]> =>
      (await (await backend.open(alice)).folders()).map(({ key }) => key);
    const first = await keys();
    expect(new Set(first).size).toBe(first.length);
    expect(await keys()).toEqual(first);
    for (const key of first) expect(key).toMatch(/^(calendar|tasks|contacts|[0-9a-f]{16})$/);
  });
});

describe('another mailbox', () => {
  it.each(['bob@example.test', 'carol@example.test'])(
    '%s: rights shown and writes agree',
    async (address) => {
      const mailbox = await backend.open(alice, address);
      expect(mailbox.identity).toBe(`alice@example.test→${address}`);
      expect(mailbox.owner.address).toBe(address);
      const folders = await mailbox.folders();
      expect(folders.length).toBeGreaterThan(0);
      for (const folder of folders.filter(({ kind }) => kind === 'events')) {
        const ids = await idsOf(mailbox, folder);
        expect(ids.length > 0).toBe(folder.rights.read);
        const drafted = { item: event, tags: { uid: 'x', href: 'x.ics' } };
        const isCreated = await may(mailbox.create(folder.id, drafted, 'silent'));
        expect(isCreated).toBe(folder.rights.create);
        const id = isCreated ? (await idsOf(mailbox, folder)).find((one) => !ids.includes(one)) : ids[0];
        if (id === undefined) continue;
        for await (const [, outcome] of mailbox.fetch([id])) {
          if (!outcome.ok) throw new BackendError(outcome.failure);
          const before = outcome.value;
          const after = { item: { ...before.item, categories: ['Mine'] }, tags: {} };
          const change = mailbox.update({ before, after, mail: 'silent', conflict: 'guarded' });
          expect(await may(change)).toBe(folder.rights.modify);
        }
        expect(await may(mailbox.remove(id, { kind: 'event', mail: 'silent' }))).toBe(folder.rights.remove);
        const renamed = mailbox.updateFolder(folder, { displayName: `${folder.displayName}!` });
        expect(await may(renamed)).toBe(folder.rights.administer);
      }
      expect(simulator.sentMessages()).toEqual([]);
    },
  );

  it('under one’s own name is one’s own', async () => {
    expect((await backend.open(alice, 'Alice@Example.test')).identity).toBe('alice@example.test');
  });
});

describe('sign-in names', () => {
  it.each(['EXAMPLE\\alice', 'alice'])('%s is the same account', async (user) => {
    const mailbox = await backend.open({ ...alice, user });
    expect(mailbox.identity).toBe('alice@example.test');
  });

  it('gets the configured domain', async () => {
    const other = openEwsBackend({ url: simulator.url, domain: 'example.test' });
    expect((await other.open({ ...alice, user: 'alice' })).identity).toBe('alice@example.test');
    await other.close();
  });
});
