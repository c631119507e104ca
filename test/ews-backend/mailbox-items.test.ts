// Single items against the simulated Exchange: what is written and read, and how many calls it takes (DESIGN §5).
import { describe, expect, it } from 'vitest';
import type { ItemId } from '../../src/model/backend.ts';
import type { ContactItem, Item } from '../../src/model/item.ts';
import { contact, daily, draft, event, failureOf, override, task, signedIn } from './signed-in.ts';

const under = signedIn();
const { calls, folderOf, pagesOf, listed, fetchAll, stored } = under;

describe('one item', () => {
  it.each([
    ['events', event()],
    ['tasks', task],
    ['contacts', contact()],
  ] as const)('of %s is created, listed, read, changed and removed in one call each', async (kind, item) => {
    const folder = await folderOf(kind);
    const [start] = (await pagesOf(folder)).slice(-1);
    under.simulator.resetCalls();
    const mine = draft<Item>(item);
    const made = await under.mailbox.create(folder.id, mine, 'silent');
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
    const expressed = under.mailbox.express(mine.item);
    expect(expressed.kind).toBe('ok');
    if (expressed.kind === 'ok') expect(read.item).toMatchObject(JSON.parse(JSON.stringify(expressed.held)));

    const after = {
      item: item.kind === 'contact' ? { ...item, company: 'Other' } : { ...mine.item, summary: 'Changed' },
      tags: { residue: '{"v":2}' },
    } as typeof mine;
    const written = await under.mailbox.update({ before: read, after, mail: 'silent', conflict: 'guarded' });
    expect(calls()).toEqual({ UpdateItem: 1 });
    const again = await stored(made.id);
    expect(again).toMatchObject({ version: written.version, tags: { ...mine.tags, residue: '{"v":2}' } });

    const stale = under.mailbox.update({ before: read, after: mine, mail: 'silent', conflict: 'guarded' });
    expect((await failureOf(stale)).kind).toBe('changed');
    await under.mailbox.update({
      before: read,
      after: { ...mine, item: { ...mine.item, categories: ['Blue'] } },
      mail: 'silent',
      conflict: 'forced',
    });

    under.simulator.resetCalls();
    await under.mailbox.remove(made.id, { kind: item.kind, mail: 'silent' });
    expect(calls()).toEqual({ DeleteItem: 1 });
    expect((await fetchAll([made.id])).get(made.id)).toMatchObject({
      ok: false,
      failure: { kind: 'not-found' },
    });
    expect((await failureOf(under.mailbox.remove(made.id, { kind: item.kind, mail: 'silent' }))).kind).toBe(
      'not-found',
    );
    expect(under.simulator.sentMessages()).toEqual([]);
  });

  it('does not reach the server with what it cannot hold', async () => {
    const folder = await folderOf('events');
    const hourly = draft(event({ recurrence: { freq: 'HOURLY', interval: 1, end: { kind: 'never' } } }));
    expect((await failureOf(under.mailbox.create(folder.id, hourly, 'silent'))).kind).toBe('inexpressible');
    expect(calls()).toEqual({});
  });

  it('keeps whole days', async () => {
    const folder = await folderOf('events');
    const days = {
      start: { kind: 'date', date: '2026-06-01' },
      end: { kind: 'date', date: '2026-06-03' },
    } as const;
    const made = await under.mailbox.create(folder.id, draft(event(days)), 'silent');
    expect((await stored(made.id)).item).toMatchObject(days);
    await under.mailbox.remove(made.id, { kind: 'event', mail: 'silent' });
  });

  it('moves to another folder with new tags', async () => {
    const folder = await folderOf('events');
    const target = await under.mailbox.createFolder({
      key: 'moves',
      kind: 'events',
      displayName: 'Moves',
      properties: {},
    });
    const made = await under.mailbox.create(folder.id, draft(event()), 'silent');
    expect(
      (await failureOf(under.mailbox.move(made.id, target.id, { version: 'AAAA', tags: { href: 'n' } })))
        .kind,
    ).toBe('changed');
    under.simulator.resetCalls();
    const moved = await under.mailbox.move(made.id, target.id, {
      version: made.version,
      tags: { href: 'new.ics' },
    });
    expect(calls()).toEqual({ UpdateItem: 1, MoveItem: 1, GetItem: 1 });
    expect(moved.listed.tags).toEqual({ ...made.listed.tags, href: 'new.ics' });
    expect((await listed(target)).map(({ id }) => id)).toEqual([moved.id]);
    expect((await listed(folder)).map(({ id }) => id)).not.toContain(made.id);
    await under.mailbox.removeFolder(target);
  });
});

describe('photos', () => {
  const png = Buffer.from('89504e470d0a1a0a', 'hex').toString('base64');
  const photo = (base64: string) => ({ name: 'p.png', contentType: 'image/png', base64 });

  it('are written, read in one call, replaced and removed', async () => {
    const folder = await folderOf('contacts');
    const made = await under.mailbox.create(folder.id, draft(contact({ photo: photo(png) })), 'silent');
    expect(calls()).toEqual({ CreateItem: 1, CreateAttachment: 1 });
    const read = await stored(made.id);
    expect(read.version).toBe(made.version);
    const part = (read.item as ContactItem).photo;
    if (part === undefined || 'base64' in part) throw new Error('no photo');
    under.simulator.resetCalls();
    const opened = await Array.fromAsync(under.mailbox.open([part, { id: 'AAAA', name: 'none' }]));
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
    const second = await under.mailbox.update({
      before: read,
      after: replaced,
      mail: 'silent',
      conflict: 'guarded',
    });
    const now = await stored(made.id);
    expect(now.version).toBe(second.version);
    const { photo: _, ...bare } = now.item as ContactItem;
    const third = await under.mailbox.update({
      before: now,
      after: { tags: {}, item: bare },
      mail: 'silent',
      conflict: 'guarded',
    });
    const last = await stored(made.id);
    expect(last.version).toBe(third.version);
    expect((last.item as ContactItem).photo).toBeUndefined();
    await under.mailbox.remove(made.id, { kind: 'contact', mail: 'silent' });
  });
});

describe('many', () => {
  it('are read in batches of 50, changed occurrences of all series together', async () => {
    const target = await under.mailbox.createFolder({
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
    for (const one of drafts) await under.mailbox.create(target.id, one, 'silent');
    const all = await listed(target);
    expect(all).toHaveLength(60);
    under.simulator.resetCalls();
    const found = await fetchAll([...all.map(({ id }) => id), all[0]!.id]);
    expect(calls()).toEqual({ GetItem: 3 });
    expect(found.size).toBe(60);
    expect([...found.values()].every(({ ok }) => ok)).toBe(true);

    const range = { from: Date.UTC(2026, 2, 5), to: Date.UTC(2026, 2, 7) };
    const series = all.filter(({ isSeries }) => isSeries).map(({ id }) => id);
    expect((await under.mailbox.find(target.id, range)).toSorted()).toEqual(series.toSorted());
    expect(calls()).toEqual({ FindItem: 1, GetItem: 1 });
    expect(new Set(await under.mailbox.find(target.id, { from: Date.UTC(2026, 2, 1) }))).toEqual(
      new Set(all.map(({ id }) => id)),
    );
    await under.mailbox.removeFolder(target);
  });

  it('are all read but the one that is corrupt', async () => {
    const folder = await folderOf('events');
    const ids: ItemId[] = [];
    for (const summary of ['poison a', 'poison b', 'poison c'])
      ids.push((await under.mailbox.create(folder.id, draft(event({ summary })), 'silent')).id);
    under.simulator.faults.poison('poison b');
    const found = await fetchAll([...ids, 'eAAAA']);
    expect(ids.map((id) => found.get(id)?.ok)).toEqual([true, false, true]);
    expect(found.get('eAAAA')).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    for (const id of ids) await under.mailbox.remove(id, { kind: 'event', mail: 'silent' });
  });
});
