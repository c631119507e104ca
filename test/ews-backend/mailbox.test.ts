// The mailbox port against the simulated Exchange: signing in, folders, watching, people, trouble.
import { describe, expect, it } from 'vitest';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import { alice, contact, draft, event, failureOf, signedIn } from './signed-in.ts';

const under = signedIn();
const { calls, folderOf, pagesOf, listed } = under;

describe('signing in', () => {
  it('takes one call to prove it, and one for the zone of the account', async () => {
    const other = openEwsBackend({ url: under.simulator.url });
    const opened = await other.open(alice);
    expect(opened.identity).toBe('alice@example.test');
    expect(opened.owner.address).toBe('alice@example.test');
    expect(calls()).toMatchObject({ GetFolder: 1 });
    await other.close();
  });

  it('refuses a wrong password', async () => {
    expect((await failureOf(under.backend.open({ ...alice, password: 'wrong' }))).kind).toBe('unauthorized');
  });

  it('answers a ping, also where nobody signs in', async () => {
    await under.backend.ping();
    const nobody = openEwsBackend({ url: 'http://127.0.0.1:1/EWS/Exchange.asmx' });
    expect((await failureOf(nobody.ping())).kind).toBe('unavailable');
  });

  it('knows no mailbox that is not there, and may not open a closed one', async () => {
    for (const address of ['nobody@example.test', 'carol@example.test'])
      expect(['not-found', 'denied']).toContain((await failureOf(under.backend.open(alice, address))).kind);
  });
});

describe('folders', () => {
  it('takes one call, and names the default ones by their role', async () => {
    const folders = await under.mailbox.folders();
    expect(calls()).toEqual({ FindFolder: 1 });
    expect(folders.map(({ key, kind, isDefault }) => [key, kind, isDefault])).toEqual(
      expect.arrayContaining([
        ['calendar', 'events', true],
        ['tasks', 'tasks', true],
        ['contacts', 'contacts', true],
      ]),
    );
    for (const folder of folders) expect(Object.values(folder.rights)).not.toContain(false);
  });

  it('creates, finds, changes and removes one', async () => {
    const made = await under.mailbox.createFolder({
      key: 'work',
      kind: 'events',
      displayName: 'Work & play',
      properties: {
        color: '#ff0000ff',
        timezone: 'x'.repeat(3_000),
        dead: { '{urn:x}a': '<a xmlns="urn:x">&amp;</a>' },
      },
    });
    expect(made).toMatchObject({ key: 'work', kind: 'events', displayName: 'Work & play', isDefault: false });
    expect((await under.mailbox.folders()).find(({ id }) => id === made.id)).toEqual(
      expect.objectContaining({ ...made, stampAgeMs: expect.any(Number) }),
    );
    const changed = await under.mailbox.updateFolder(made, {
      displayName: 'Play',
      properties: { order: '3' },
    });
    expect(changed).toMatchObject({ key: 'work', displayName: 'Play', properties: { order: '3' } });
    expect(changed.properties.color).toBeUndefined();
    await under.mailbox.removeFolder(changed);
    expect((await under.mailbox.folders()).map(({ id }) => id)).not.toContain(made.id);
  });

  it('puts a second folder of one name below the default one', async () => {
    const properties = {};
    const one = await under.mailbox.createFolder({
      key: 'a',
      kind: 'tasks',
      displayName: 'Twice',
      properties,
    });
    const two = await under.mailbox.createFolder({
      key: 'b',
      kind: 'tasks',
      displayName: 'Twice',
      properties,
    });
    expect(two.id).not.toBe(one.id);
    await under.mailbox.removeFolder(one);
    await under.mailbox.removeFolder(two);
    expect((await under.mailbox.folders()).map(({ key }) => key)).not.toContain('b');
  });

  it('does not remove a default folder', async () => {
    expect((await failureOf(under.mailbox.removeFolder(await folderOf('events')))).kind).toBe('denied');
  });

  it('shows a stamp that changes with the contents', async () => {
    const before = await folderOf('contacts');
    const made = await under.mailbox.create(before.id, draft(contact()), 'silent');
    const after = await folderOf('contacts');
    expect(after.stamp).not.toBe(before.stamp);
    expect(after.stampAgeMs).toBeLessThan(5_000);
    await under.mailbox.remove(made.id, { kind: 'contact', mail: 'silent' });
  });
});

describe('trouble', () => {
  it('of the sync state is a lost cursor', async () => {
    const folder = await folderOf('events');
    expect((await failureOf(pagesOf(folder, 'bm9uc2Vuc2U='))).kind).toBe('cursor-lost');
    const [last] = (await pagesOf(folder)).slice(-1);
    under.simulator.faults.on('expired-sync-state', { count: 1 });
    expect((await failureOf(pagesOf(folder, last?.cursor))).kind).toBe('cursor-lost');
  });

  it('that passes is not noticed by readers', async () => {
    const folder = await folderOf('events');
    under.simulator.faults.on('html-500', { count: 1 });
    await pagesOf(folder);
    under.simulator.faults.on('dropped', { count: 1 });
    await pagesOf(folder);
  });

  it('never doubles an item', async () => {
    const folder = await folderOf('events');
    const before = await listed(folder);
    under.simulator.faults.on('dropped', { operation: 'CreateItem', count: 1 });
    expect((await failureOf(under.mailbox.create(folder.id, draft(event()), 'silent'))).kind).toBe(
      'unavailable',
    );
    expect(calls()['CreateItem'] ?? 1).toBe(1);
    expect((await listed(folder)).length - before.length).toBeLessThanOrEqual(1);
  });

  it('by a lost answer to a delete ends well', async () => {
    const folder = await folderOf('events');
    const made = await under.mailbox.create(folder.id, draft(event()), 'silent');
    under.simulator.faults.on('dropped', { operation: 'DeleteItem', count: 1 });
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
    expect((await listed(folder)).map(({ id }) => id)).not.toContain(made.id);
  });

  it('by throttling reaches the caller with a time', async () => {
    const another = openEwsBackend({ url: under.simulator.url });
    const box = await another.open({ ...alice, user: 'bob@example.test', password: 'bob' });
    under.simulator.faults.on('busy-fault', { count: 1, backOffMs: 90_000 });
    expect(await failureOf(box.folders())).toMatchObject({ kind: 'busy', retryAfterMs: 90_000 });
    under.simulator.resetCalls();
    expect((await failureOf(box.folders())).kind).toBe('busy');
    expect(calls()).toEqual({});
    await another.close();
  });
});

describe('watching', () => {
  it('tells the folder that changed, and ends with the signal', async () => {
    const folder = await folderOf('events');
    const stop = new AbortController();
    const seen: string[] = [];
    const watching = (async () => {
      for await (const id of under.mailbox.watch([folder.id], stop.signal)) seen.push(id);
    })();
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const made = await under.mailbox.create(folder.id, draft(event()), 'silent');
    while (seen.length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(new Set(seen)).toEqual(new Set([folder.id]));
    stop.abort();
    await watching;
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });
});

describe('people', () => {
  it('are found by a part of their name', async () => {
    const { found } = await under.mailbox.directory.people('bob');
    expect(found.map(({ address }) => address)).toContain('bob@example.test');
    expect(await under.mailbox.directory.people('nobody at all')).toEqual({ found: [], truncated: false });
  });
});
