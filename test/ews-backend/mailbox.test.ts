// The mailbox port against the simulated Exchange: what is read and written, and how many calls it takes (DESIGN §5).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/index.ts';
import { openEwsBackend } from '../../src/ews-backend/index.ts';
import type {
  Backend,
  ChangePage,
  Folder,
  FolderKind,
  ItemId,
  Listed,
  Mailbox,
  Stored,
} from '../../src/model/backend.ts';
import { BackendError, type Outcome } from '../../src/model/failure.ts';
import type { ContactItem, EventItem, Item, TaskItem } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';

const alice = { kind: 'password', user: 'alice@example.test', password: 'alice' } as const;

let simulator: Simulator;
let backend: Backend;
let mailbox: Mailbox;
beforeAll(async () => {
  simulator = await startSimulator({ seed: 'none' });
  backend = openEwsBackend({ url: simulator.url });
  mailbox = await backend.open(alice);
});
afterAll(async () => {
  await backend.close();
  await simulator.close();
});
beforeEach(() => {
  simulator.faults.clear();
  simulator.resetCalls();
});

function calls(): Readonly<Record<string, number>> {
  const made = simulator.calls();
  simulator.resetCalls();
  return made;
}

async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof BackendError)) throw new Error(`not a BackendError: ${String(error)}`);
  return error.failure;
}

async function folderOf(kind: FolderKind): Promise<Folder> {
  const found = (await mailbox.folders()).find((folder) => folder.kind === kind && folder.isDefault);
  if (found === undefined) throw new Error(`no default folder of ${kind}`);
  simulator.resetCalls();
  return found;
}

async function pagesOf(folder: Folder, cursor?: string): Promise<ChangePage[]> {
  const pages: ChangePage[] = [];
  for await (const page of mailbox.changes(folder.id, cursor)) pages.push(page);
  return pages;
}

async function listed(folder: Folder): Promise<Listed[]> {
  const pages = await pagesOf(folder);
  return pages.flatMap(({ changes }) =>
    changes.flatMap((change) => (change.kind === 'present' ? [change.listed] : [])),
  );
}

async function fetchAll(ids: readonly ItemId[]): Promise<Map<ItemId, Outcome<Stored>>> {
  const found = new Map<ItemId, Outcome<Stored>>();
  for await (const [id, outcome] of mailbox.fetch(ids)) found.set(id, outcome);
  return found;
}

async function stored(id: ItemId): Promise<Stored> {
  const outcome = (await fetchAll([id])).get(id);
  if (outcome?.ok !== true) throw new Error(`not fetched: ${JSON.stringify(outcome)}`);
  return outcome.value;
}

function at(local: string, zone = 'Europe/Berlin'): When {
  return { kind: 'zoned', local, zone };
}

function event(fields: Partial<EventItem> = {}): EventItem {
  return {
    kind: 'event',
    summary: 'R&D <review>',
    description: 'line 1\nline 2',
    location: 'Room 1',
    start: at('2026-03-02T09:00:00'),
    end: at('2026-03-02T10:00:00'),
    busy: 'busy',
    sensitivity: 'normal',
    importance: 'normal',
    categories: ['Red'],
    reminderMinutes: 10,
    attendees: [],
    cancelled: false,
    isOrganizer: true,
    overrides: [],
    cancelledDates: [],
    ...fields,
  };
}

let count = 0;
function draft<T extends Item>(item: T) {
  count += 1;
  const uid = `uid-${count}@test`;
  return {
    item: item.kind === 'event' ? { ...item, uid } : item,
    tags: { uid, href: `h${count}.ics`, residue: '{"v":1}' },
  };
}

const daily = { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 20 } } as const;
function override(date: string, fields: Partial<EventItem> = {}) {
  const { kind: _, isOrganizer: __, overrides: ___, cancelledDates: ____, ...rest } = event();
  return {
    ...rest,
    start: at(`${date}T14:00:00`),
    end: at(`${date}T15:00:00`),
    recurrenceId: at(`${date}T09:00:00`),
    ...fields,
  };
}

describe('signing in', () => {
  it('takes one call to prove it, and one for the zone of the account', async () => {
    const other = openEwsBackend({ url: simulator.url });
    const opened = await other.open(alice);
    expect(opened.identity).toBe('alice@example.test');
    expect(opened.owner.address).toBe('alice@example.test');
    expect(calls()).toMatchObject({ GetFolder: 1 });
    await other.close();
  });

  it('refuses a wrong password', async () => {
    expect((await failureOf(backend.open({ ...alice, password: 'wrong' }))).kind).toBe('unauthorized');
  });

  it('answers a ping, also where nobody signs in', async () => {
    await backend.ping();
    const nobody = openEwsBackend({ url: 'http://127.0.0.1:1/EWS/Exchange.asmx' });
    expect((await failureOf(nobody.ping())).kind).toBe('unavailable');
  });

  it('knows no mailbox that is not there, and may not open a closed one', async () => {
    for (const address of ['nobody@example.test', 'carol@example.test'])
      expect(['not-found', 'denied']).toContain((await failureOf(backend.open(alice, address))).kind);
  });
});

describe('folders', () => {
  it('takes one call, and names the default ones by their role', async () => {
    const folders = await mailbox.folders();
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
    const made = await mailbox.createFolder({
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
    expect((await mailbox.folders()).find(({ id }) => id === made.id)).toEqual(
      expect.objectContaining({ ...made, stampAgeMs: expect.any(Number) }),
    );
    const changed = await mailbox.updateFolder(made, { displayName: 'Play', properties: { order: '3' } });
    expect(changed).toMatchObject({ key: 'work', displayName: 'Play', properties: { order: '3' } });
    expect(changed.properties.color).toBeUndefined();
    await mailbox.removeFolder(changed);
    expect((await mailbox.folders()).map(({ id }) => id)).not.toContain(made.id);
  });

  it('puts a second folder of one name below the default one', async () => {
    const properties = {};
    const one = await mailbox.createFolder({ key: 'a', kind: 'tasks', displayName: 'Twice', properties });
    const two = await mailbox.createFolder({ key: 'b', kind: 'tasks', displayName: 'Twice', properties });
    expect(two.id).not.toBe(one.id);
    await mailbox.removeFolder(one);
    await mailbox.removeFolder(two);
    expect((await mailbox.folders()).map(({ key }) => key)).not.toContain('b');
  });

  it('does not remove a default folder', async () => {
    expect((await failureOf(mailbox.removeFolder(await folderOf('events')))).kind).toBe('denied');
  });

  it('shows a stamp that changes with the contents', async () => {
    const before = await folderOf('contacts');
    const made = await mailbox.create(before.id, draft(contact()), 'silent');
    const after = await folderOf('contacts');
    expect(after.stamp).not.toBe(before.stamp);
    expect(after.stampAgeMs).toBeLessThan(5_000);
    await mailbox.remove(made.id, { kind: 'contact', mail: 'silent' });
  });
});

function contact(fields: Partial<ContactItem> = {}): ContactItem {
  return {
    kind: 'contact',
    fullName: 'Ann Lee',
    name: { prefix: '', given: 'Ann', middle: '', family: 'Lee', suffix: '' },
    nickname: '',
    emails: { email1: { address: 'ann@example.test' } },
    phones: { mobile: '+43 1' },
    addresses: {},
    ims: {},
    company: 'ACME',
    department: '',
    office: '',
    title: '',
    profession: '',
    manager: '',
    assistant: '',
    spouse: '',
    children: [],
    homepage: '',
    note: '',
    categories: [],
    sensitivity: 'normal',
    ...fields,
  };
}

const task: TaskItem = {
  kind: 'task',
  summary: 'Write',
  description: '',
  due: '2026-05-01',
  percent: 0,
  status: 'not-started',
  sensitivity: 'normal',
  importance: 'high',
  categories: [],
};

describe('one item', () => {
  it.each([
    ['events', event()],
    ['tasks', task],
    ['contacts', contact()],
  ] as const)('of %s is created, listed, read, changed and removed in one call each', async (kind, item) => {
    const folder = await folderOf(kind);
    const [start] = (await pagesOf(folder)).slice(-1);
    simulator.resetCalls();
    const mine = draft<Item>(item);
    const made = await mailbox.create(folder.id, mine, 'silent');
    expect(calls()).toEqual({ CreateItem: 1 });

    const pages = await pagesOf(folder, start?.cursor);
    expect(calls()).toEqual({ SyncFolderItems: 1 });
    const [change] = pages.flatMap(({ changes }) => changes);
    expect(change).toMatchObject({
      kind: 'present',
      listed: { id: made.id, version: made.version, tags: { uid: mine.tags.uid, href: mine.tags.href } },
    });

    const read = await stored(made.id);
    expect(calls()).toEqual({ GetItem: 1 });
    expect(read).toMatchObject({ id: made.id, version: made.version, tags: mine.tags });
    const expressed = mailbox.express(mine.item);
    expect(expressed.kind).toBe('ok');
    if (expressed.kind === 'ok') expect(read.item).toMatchObject(JSON.parse(JSON.stringify(expressed.held)));

    const after = {
      item: item.kind === 'contact' ? { ...item, company: 'Other' } : { ...mine.item, summary: 'Changed' },
      tags: { residue: '{"v":2}' },
    } as typeof mine;
    const written = await mailbox.update({ before: read, after, mail: 'silent', conflict: 'guarded' });
    expect(calls()).toEqual({ UpdateItem: 1 });
    const again = await stored(made.id);
    expect(again).toMatchObject({ version: written.version, tags: { ...mine.tags, residue: '{"v":2}' } });

    const stale = mailbox.update({ before: read, after: mine, mail: 'silent', conflict: 'guarded' });
    expect((await failureOf(stale)).kind).toBe('changed');
    await mailbox.update({
      before: read,
      after: { ...mine, item: { ...mine.item, categories: ['Blue'] } },
      mail: 'silent',
      conflict: 'forced',
    });

    simulator.resetCalls();
    await mailbox.remove(made.id, { kind: item.kind, mail: 'silent' });
    expect(calls()).toEqual({ DeleteItem: 1 });
    expect((await fetchAll([made.id])).get(made.id)).toMatchObject({
      ok: false,
      failure: { kind: 'not-found' },
    });
    expect((await failureOf(mailbox.remove(made.id, { kind: item.kind, mail: 'silent' }))).kind).toBe(
      'not-found',
    );
    expect(simulator.sentMessages()).toEqual([]);
  });

  it('does not reach the server with what it cannot hold', async () => {
    const folder = await folderOf('events');
    const hourly = draft(event({ recurrence: { freq: 'HOURLY', interval: 1, end: { kind: 'never' } } }));
    expect((await failureOf(mailbox.create(folder.id, hourly, 'silent'))).kind).toBe('inexpressible');
    expect(calls()).toEqual({});
  });

  it('keeps whole days', async () => {
    const folder = await folderOf('events');
    const days = {
      start: { kind: 'date', date: '2026-06-01' },
      end: { kind: 'date', date: '2026-06-03' },
    } as const;
    const made = await mailbox.create(folder.id, draft(event(days)), 'silent');
    expect((await stored(made.id)).item).toMatchObject(days);
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('moves to another folder with new tags', async () => {
    const folder = await folderOf('events');
    const target = await mailbox.createFolder({
      key: 'moves',
      kind: 'events',
      displayName: 'Moves',
      properties: {},
    });
    const made = await mailbox.create(folder.id, draft(event()), 'silent');
    expect(
      (await failureOf(mailbox.move(made.id, target.id, { version: 'AAAA', tags: { href: 'n' } }))).kind,
    ).toBe('changed');
    simulator.resetCalls();
    const moved = await mailbox.move(made.id, target.id, {
      version: made.version,
      tags: { href: 'new.ics' },
    });
    expect(calls()).toEqual({ UpdateItem: 1, MoveItem: 1, GetItem: 1 });
    expect(moved.listed.tags).toEqual({ ...made.listed.tags, href: 'new.ics' });
    expect((await listed(target)).map(({ id }) => id)).toEqual([moved.id]);
    expect((await listed(folder)).map(({ id }) => id)).not.toContain(made.id);
    await mailbox.removeFolder(target);
  });
});

describe('photos', () => {
  const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
  const photo = (base64: string) => ({ name: 'p.png', contentType: 'image/png', base64 });

  it('are written, read in one call, replaced and removed', async () => {
    const folder = await folderOf('contacts');
    const made = await mailbox.create(folder.id, draft(contact({ photo: photo(png) })), 'silent');
    expect(calls()).toEqual({ CreateItem: 1, CreateAttachment: 1 });
    const read = await stored(made.id);
    expect(read.version).toBe(made.version);
    const part = (read.item as ContactItem).photo;
    if (part === undefined || 'base64' in part) throw new Error('no photo');
    simulator.resetCalls();
    const opened = await Array.fromAsync(mailbox.open([part, { id: 'AAAA', name: 'none' }]));
    expect(calls()).toEqual({ GetAttachment: 1 });
    expect(
      opened.map(([id, outcome]) => [
        id,
        outcome.ok ? Buffer.from(outcome.value).toString('base64') : outcome.failure.kind,
      ]),
    ).toEqual([
      [part.id, png],
      ['AAAA', 'not-found'],
    ]);

    const replaced = { tags: {}, item: { ...(read.item as ContactItem), photo: photo('AAEC') } };
    const second = await mailbox.update({
      before: read,
      after: replaced,
      mail: 'silent',
      conflict: 'guarded',
    });
    const now = await stored(made.id);
    expect(now.version).toBe(second.version);
    const { photo: _, ...bare } = now.item as ContactItem;
    const third = await mailbox.update({
      before: now,
      after: { tags: {}, item: bare },
      mail: 'silent',
      conflict: 'guarded',
    });
    const last = await stored(made.id);
    expect(last.version).toBe(third.version);
    expect((last.item as ContactItem).photo).toBeUndefined();
    await mailbox.remove(made.id, { kind: 'contact', mail: 'silent' });
  });
});

describe('a series', () => {
  const series = (fields: Partial<EventItem> = {}) => event({ recurrence: daily, ...fields });

  it('is created whole: changed and cancelled occurrences in one call each', async () => {
    const folder = await folderOf('events');
    const item = series({
      overrides: [override('2026-03-04'), override('2026-03-10', { summary: 'Other' })],
      cancelledDates: [at('2026-03-05T09:00:00'), at('2026-03-21T09:00:00')],
    });
    const made = await mailbox.create(folder.id, draft(item), 'silent');
    expect(calls()).toEqual({ CreateItem: 1, UpdateItem: 1, DeleteItem: 1, GetItem: 2 });
    const read = await stored(made.id);
    expect(calls()).toEqual({ GetItem: 2 });
    expect(read.version).toBe(made.version);
    const held = read.item as EventItem;
    expect(held.overrides.map(({ recurrenceId, start, summary }) => [recurrenceId, start, summary])).toEqual([
      [at('2026-03-04T09:00:00'), at('2026-03-04T14:00:00'), 'R&D <review>'],
      [at('2026-03-10T09:00:00'), at('2026-03-10T14:00:00'), 'Other'],
    ]);
    expect(held.cancelledDates).toEqual([at('2026-03-05T09:00:00'), at('2026-03-21T09:00:00')]);
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('has one occurrence changed, or cancelled, in three calls whatever its number', async () => {
    const folder = await folderOf('events');
    const made = await mailbox.create(folder.id, draft(series()), 'silent');
    const before = await stored(made.id);
    const item = before.item as EventItem;
    simulator.resetCalls();
    await mailbox.update({
      before,
      after: { item: { ...item, overrides: [override('2026-03-20')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const made2 = calls();
    expect(made2['UpdateItem']).toBe(1);
    expect(Object.values(made2).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(4);
    const then = await stored(made.id);
    expect((then.item as EventItem).overrides).toHaveLength(1);
    simulator.resetCalls();
    await mailbox.update({
      before: then,
      after: { item: { ...(then.item as EventItem), cancelledDates: [at('2026-03-19T09:00:00')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    expect(Object.values(calls()).reduce((sum, one) => sum + one)).toBeLessThanOrEqual(4);
    expect(((await stored(made.id)).item as EventItem).cancelledDates).toEqual([at('2026-03-19T09:00:00')]);
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('gets its exceptions back when its time changes', async () => {
    const folder = await folderOf('events');
    const item = series({ overrides: [override('2026-03-04')], cancelledDates: [at('2026-03-05T09:00:00')] });
    const made = await mailbox.create(folder.id, draft(item), 'silent');
    const before = await stored(made.id);
    const shifted = {
      ...(before.item as EventItem),
      start: at('2026-03-02T08:00:00'),
      end: at('2026-03-02T09:00:00'),
      overrides: [override('2026-03-04', { recurrenceId: at('2026-03-04T08:00:00') })],
      cancelledDates: [at('2026-03-05T08:00:00')],
    };
    const written = await mailbox.update({
      before,
      after: { item: shifted, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const read = await stored(made.id);
    expect(read.version).toBe(written.version);
    const held = read.item as EventItem;
    expect(held.overrides.map(({ recurrenceId, start }) => [recurrenceId, start])).toEqual([
      [at('2026-03-04T08:00:00'), at('2026-03-04T14:00:00')],
    ]);
    expect(held.cancelledDates).toEqual([at('2026-03-05T08:00:00')]);
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('is not written over when somebody was faster, though only an occurrence changes', async () => {
    const folder = await folderOf('events');
    const made = await mailbox.create(folder.id, draft(series()), 'silent');
    const before = await stored(made.id);
    const item = before.item as EventItem;
    await mailbox.update({
      before,
      after: { item: { ...item, summary: 'Faster' }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    const late = mailbox.update({
      before,
      after: { item: { ...item, cancelledDates: [at('2026-03-05T09:00:00')] }, tags: {} },
      mail: 'silent',
      conflict: 'guarded',
    });
    expect((await failureOf(late)).kind).toBe('changed');
    expect(((await stored(made.id)).item as EventItem).cancelledDates).toEqual([]);
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('leaves nothing behind when the server will never take one of its occurrences', async () => {
    const folder = await folderOf('events');
    const before = await listed(folder);
    simulator.faults.poison('Unfindable');
    const item = series({ summary: 'Unfindable', overrides: [override('2026-03-04')] });
    expect((await failureOf(mailbox.create(folder.id, draft(item), 'silent'))).kind).toBe('invalid');
    expect(await listed(folder)).toEqual(before);
  });
});

describe('messages', () => {
  it('leave once, with the last of several writes, and only when they may', async () => {
    const folder = await folderOf('events');
    const attendees = [{ address: 'bob@example.test', role: 'required', partStat: 'needs-action' }] as const;
    const item = event({ recurrence: daily, attendees, overrides: [override('2026-03-04', { attendees })] });
    const quiet = await mailbox.create(folder.id, draft(item), 'silent');
    expect(simulator.sentMessages()).toEqual([]);
    const loud = await mailbox.create(folder.id, draft(item), 'send');
    expect(simulator.sentMessages()).toHaveLength(1);
    await mailbox.remove(quiet.id, { kind: 'event', mail: 'silent' });
    expect(simulator.sentMessages()).toHaveLength(1);
    await mailbox.remove(loud.id, { kind: 'event', mail: 'send' });
    expect(simulator.sentMessages().map(({ kind }) => kind)).toEqual([expect.any(String), 'cancellation']);
  });
});

describe('many', () => {
  it('are read in batches of 50, changed occurrences of all series together', async () => {
    const target = await mailbox.createFolder({
      key: 'many',
      kind: 'events',
      displayName: 'Many',
      properties: {},
    });
    const drafts = Array.from({ length: 60 }, (_, index) =>
      draft(
        index < 6
          ? event({ recurrence: daily, overrides: [override('2026-03-04'), override('2026-03-06')] })
          : event({ summary: `Event ${index}` }),
      ),
    );
    for (const one of drafts) await mailbox.create(target.id, one, 'silent');
    const all = await listed(target);
    expect(all).toHaveLength(60);
    simulator.resetCalls();
    const found = await fetchAll([...all.map(({ id }) => id), all[0]!.id]);
    expect(calls()).toEqual({ GetItem: 3 });
    expect(found.size).toBe(60);
    expect([...found.values()].every(({ ok }) => ok)).toBe(true);

    const range = { from: Date.UTC(2026, 2, 5), to: Date.UTC(2026, 2, 7) };
    const series = all.filter(({ isSeries }) => isSeries).map(({ id }) => id);
    expect((await mailbox.find(target.id, range)).toSorted()).toEqual(series.toSorted());
    expect(calls()).toEqual({ FindItem: 1, GetItem: 1 });
    expect(new Set(await mailbox.find(target.id, { from: Date.UTC(2026, 2, 1) }))).toEqual(
      new Set(all.map(({ id }) => id)),
    );
    await mailbox.removeFolder(target);
  });

  it('are all read but the one that is corrupt', async () => {
    const folder = await folderOf('events');
    const ids: ItemId[] = [];
    for (const summary of ['poison a', 'poison b', 'poison c'])
      ids.push((await mailbox.create(folder.id, draft(event({ summary })), 'silent')).id);
    simulator.faults.poison('poison b');
    const found = await fetchAll([...ids, 'eAAAA']);
    expect(ids.map((id) => found.get(id)?.ok)).toEqual([true, false, true]);
    expect(found.get('eAAAA')).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    for (const id of ids) await mailbox.remove(id, { kind: 'event', mail: 'silent' });
  });
});

describe('trouble', () => {
  it('of the sync state is a lost cursor', async () => {
    const folder = await folderOf('events');
    expect((await failureOf(pagesOf(folder, 'bm9uc2Vuc2U='))).kind).toBe('cursor-lost');
    const [last] = (await pagesOf(folder)).slice(-1);
    simulator.faults.on('expired-sync-state', { count: 1 });
    expect((await failureOf(pagesOf(folder, last?.cursor))).kind).toBe('cursor-lost');
  });

  it('that passes is not noticed by readers', async () => {
    const folder = await folderOf('events');
    simulator.faults.on('html-500', { count: 1 });
    await pagesOf(folder);
    simulator.faults.on('dropped', { count: 1 });
    await pagesOf(folder);
  });

  it('never doubles an item', async () => {
    const folder = await folderOf('events');
    const before = await listed(folder);
    simulator.faults.on('dropped', { operation: 'CreateItem', count: 1 });
    expect((await failureOf(mailbox.create(folder.id, draft(event()), 'silent'))).kind).toBe('unavailable');
    expect(calls()['CreateItem'] ?? 1).toBe(1);
    expect((await listed(folder)).length - before.length).toBeLessThanOrEqual(1);
  });

  it('by a lost answer to a delete ends well', async () => {
    const folder = await folderOf('events');
    const made = await mailbox.create(folder.id, draft(event()), 'silent');
    simulator.faults.on('dropped', { operation: 'DeleteItem', count: 1 });
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
    expect((await listed(folder)).map(({ id }) => id)).not.toContain(made.id);
  });

  it('by throttling reaches the caller with a time', async () => {
    const another = openEwsBackend({ url: simulator.url });
    const box = await another.open({ ...alice, user: 'bob@example.test', password: 'bob' });
    simulator.faults.on('busy-fault', { count: 1, backOffMs: 90_000 });
    expect(await failureOf(box.folders())).toMatchObject({ kind: 'busy', retryAfterMs: 90_000 });
    simulator.resetCalls();
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
      for await (const id of mailbox.watch([folder.id], stop.signal)) seen.push(id);
    })();
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const made = await mailbox.create(folder.id, draft(event()), 'silent');
    while (seen.length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(new Set(seen)).toEqual(new Set([folder.id]));
    stop.abort();
    await watching;
    await mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });
});

describe('people', () => {
  it('are found by a part of their name', async () => {
    expect((await mailbox.resolve('bob')).map(({ address }) => address)).toContain('bob@example.test');
    expect(await mailbox.resolve('nobody at all')).toEqual([]);
  });
});
