// What every Mailbox must do (model/backend.ts). Run by the memory backend, and by EWS over the simulator.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, ChangePage, Cursor, Folder, Listed, Mailbox, Stored } from '../../src/model/backend.ts';
import { BackendError, valueOf } from '../../src/model/failure.ts';
import type { GroupMember } from '../../src/model/group.ts';
import type { Item } from '../../src/model/item.ts';
import { contact, event, group, task } from '../memory-backend/items.ts';

export interface MailboxUnderTest {
  readonly mailbox: Mailbox;
  close(): Promise<void>;
}

const samples = [
  ['events', event({ uid: 'uid-1' })],
  ['tasks', task()],
  ['contacts', contact()],
  ['contacts', group({ members: [{ address: 'ada@example.org', name: 'Ada' }] })],
] as const;

async function pagesOf(pages: AsyncIterable<ChangePage>) {
  const changes: Change[] = [];
  let last: ChangePage | undefined;
  for await (const page of pages) {
    changes.push(...page.changes);
    last = page;
  }
  if (!last) throw new Error('a listing has at least one page');
  return { changes, cursor: last.cursor, mode: last.mode };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    return error.failure.kind;
  }
  return 'met';
}

/** `open` gives a mailbox whose standard folders are empty. */
export function backendContract(name: string, open: () => Promise<MailboxUnderTest>): void {
  describe(`backend contract: ${name}`, () => {
    let under: MailboxUnderTest;
    let mailbox: Mailbox;
    const folderOf = async (kind: Folder['kind']): Promise<Folder> => {
      const found = (await mailbox.folders()).find((folder) => folder.kind === kind && folder.isDefault);
      if (!found) throw new Error(`no standard folder for ${kind}`);
      return found;
    };
    const changes = (folder: Folder, cursor?: Cursor) => pagesOf(mailbox.changes(folder.id, cursor));
    const stored = async (id: string) => {
      for await (const [, outcome] of mailbox.fetch([id])) return valueOf(outcome);
      throw new Error('nothing was answered');
    };
    const listed = (each: Change | undefined): Listed => {
      if (each?.kind !== 'present') throw new Error('this is gone');
      return each.listed;
    };

    beforeEach(async () => {
      under = await open();
      mailbox = under.mailbox;
    });
    afterEach(() => under.close());

    it('shows the standard folders, each with a key of its own and all rights', async () => {
      const folders = await mailbox.folders();
      expect(new Set(folders.map((folder) => folder.key)).size).toBe(folders.length);
      for (const kind of ['events', 'tasks', 'contacts'] as const) {
        expect((await folderOf(kind)).rights).toMatchObject({
          read: true,
          create: true,
          modify: true,
          remove: true,
        });
      }
    });

    it.each(samples.map(([folder, item]) => [item.kind, folder, item] as const))(
      'creates, lists, reads, changes and removes: %s',
      async (_, kind, sample) => {
        const folder = await folderOf(kind);
        const start = await changes(folder);
        expect(start).toMatchObject({ mode: 'full', changes: [] });
        const tags = { uid: '00000000 uid-1', href: '00000000 größe.ics', residue: '{"v":1}' };
        const written = await mailbox.create(folder.id, { item: sample, tags }, 'silent');
        const created = await changes(folder, start.cursor);
        expect(created.mode).toBe('delta');
        const shown = listed(created.changes[0]);
        expect(shown).toMatchObject({
          id: written.id,
          version: written.version,
          kind: sample.kind,
          isSeries: false,
        });
        expect(shown.tags).toMatchObject({ uid: tags.uid, href: tags.href });
        expect(shown.rank).not.toBe('');

        const before = await stored(written.id);
        expect(before).toMatchObject({ version: written.version, tags });
        expect(before.item.kind).toBe(sample.kind);
        const item: Item = { ...before.item, categories: ['new'] };
        const after = { item, tags: { residue: '' } };
        const update = { before, after, mail: 'silent', conflict: 'guarded' } as const;
        const updated = await mailbox.update(update);
        expect(updated.version).not.toBe(written.version);
        expect(await failureOf(mailbox.update(update))).toBe('changed');
        const reread = await stored(updated.id);
        expect(reread.item.categories).toEqual(['new']);
        expect(reread.version).toBe(updated.version);
        expect(reread.tags.residue ?? '').toBe('');
        expect(reread.tags).toMatchObject({ uid: tags.uid, href: tags.href });
        const second = await changes(folder, created.cursor);
        expect(second.changes.map((each) => listed(each).version)).toEqual([updated.version]);

        await mailbox.remove(updated.id, { kind: sample.kind, mail: 'silent' });
        const third = await changes(folder, second.cursor);
        expect(third.changes).toContainEqual({ kind: 'gone', id: written.id });
        expect(third.changes.filter((change) => change.kind !== 'gone')).toEqual([]);
        expect((await changes(folder)).changes).toEqual([]);
      },
    );

    it('keeps a list of people, items and addresses, and changes it entry by entry', async () => {
      const folder = await folderOf('contacts');
      const emails = { email1: { address: 'ada@example.org' } };
      const ada = await mailbox.create(folder.id, { item: contact({ emails }), tags: {} }, 'silent');
      const inner = await mailbox.create(folder.id, { item: group(), tags: {} }, 'silent');
      const members = [
        { id: ada.id, address: 'ada@example.org', name: 'Ada Lovelace' },
        { address: 'bob@elsewhere.example', name: 'Bob' },
        { id: inner.id, address: '' },
      ];
      const written = await mailbox.create(folder.id, { item: group({ members }), tags: {} }, 'silent');
      const before = await stored(written.id);
      const membersIn = ({ item }: Stored): readonly GroupMember[] =>
        item.kind === 'group' ? item.members : [];
      expect(membersIn(before)).toMatchObject([
        { id: ada.id },
        { address: members[1]!.address },
        { id: inner.id },
      ]);
      expect(new Set(membersIn(before).map(({ key }) => key)).size).toBe(3);
      expect(membersIn(before).every(({ key }) => key !== undefined)).toBe(true);

      const [first, , last] = membersIn(before);
      const carl = { address: 'carl@example.org' };
      const after = { item: group({ members: [first!, last!, carl] }), tags: {} };
      await mailbox.update({ before, after, mail: 'silent', conflict: 'guarded' });
      const again = membersIn(await stored(written.id));
      expect(again.map(({ id, address }) => id ?? address)).toEqual([ada.id, inner.id, 'carl@example.org']);
    });

    it('holds on a list whom mail can reach, each once, and what is on it already', () => {
      const members = [
        { id: 'c1', address: '', name: 'No address' },
        { address: 'a@example.org' },
        { address: '', uid: 'unknown' },
        { address: '', name: 'Directory', key: 'k' },
      ];
      const expression = mailbox.express(group({ members }));
      expect(expression).toMatchObject({
        kind: 'ok',
        held: { members: [{ address: 'a@example.org' }, { key: 'k', name: 'Directory' }] },
      });
    });

    it('answers each id on its own', async () => {
      const folder = await folderOf('events');
      const one = await mailbox.create(folder.id, { item: event({ uid: 'one' }), tags: {} }, 'silent');
      const two = await mailbox.create(folder.id, { item: event({ uid: 'two' }), tags: {} }, 'silent');
      await mailbox.remove(one.id, { kind: 'event', mail: 'silent' });
      const outcomes = new Map();
      for await (const [id, outcome] of mailbox.fetch([one.id, two.id])) outcomes.set(id, outcome);
      expect(outcomes.get(one.id)).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
      expect(outcomes.get(two.id)).toMatchObject({ ok: true, value: { nativeUid: 'two' } });
    });

    it('says when a cursor is of no use', async () => {
      const folder = await folderOf('events');
      expect(await failureOf(changes(folder, 'rubbish'))).toBe('cursor-lost');
    });

    it('keeps the UID and the tags of what is moved', async () => {
      const [from, to] = [
        await folderOf('events'),
        await mailbox.createFolder({ key: 'target', kind: 'events', displayName: 'Target', properties: {} }),
      ];
      const tags = { uid: '00000000 u', href: '00000000 h.ics' };
      const written = await mailbox.create(from.id, { item: event({ uid: 'u' }), tags }, 'silent');
      const cursor = (await changes(from)).cursor;
      const moved = await mailbox.move(written.id, to.id, { tags: { href: '00000000 new.ics' } });
      expect((await changes(from, cursor)).changes).toEqual([{ kind: 'gone', id: written.id }]);
      const there = listed((await changes(to)).changes[0]);
      expect(there).toMatchObject({
        id: moved.id,
        nativeUid: 'u',
        tags: { uid: tags.uid, href: '00000000 new.ics' },
      });
      await mailbox.removeFolder(to);
      expect((await mailbox.folders()).some((folder) => folder.key === 'target')).toBe(false);
    });

    it('writes and moves several items of one object together', async () => {
      const folder = await folderOf('events');
      const draft = (uid: string, more: object = {}) => ({
        item: event({ uid, ...more }),
        tags: { uid: `00000000 ${uid}`, residue: `{"of":"${uid}"}` },
      });
      const base = { folder: folder.id, mail: 'silent', update: [], create: [], remove: [] } as const;
      const recurrence = { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 9 } } as const;
      const at = (local: string) => ({ kind: 'zoned', local, zone: 'Europe/Berlin' }) as const;
      const series = {
        start: at('2026-03-02T09:00:00'),
        end: at('2026-03-02T10:00:00'),
        recurrence,
        cancelledDates: [at('2026-03-04T09:00:00')],
      };
      const [one, two, three] = await mailbox.writeAll({
        ...base,
        create: [draft('one', series), draft('two', { ...series, cancelledDates: [] }), draft('three')],
      });
      const start = await changes(folder);
      expect(new Map(start.changes.map(listed).map((each) => [each.nativeUid, each.version]))).toEqual(
        new Map([one, two, three].map((each) => [each?.listed.nativeUid, each?.version])),
      );
      const before = await Promise.all([one, two].map((each) => stored(each?.id ?? '')));
      expect(before.map(({ item }) => item.kind === 'event' && item.cancelledDates.length)).toEqual([1, 0]);
      const update = before.map((each) => ({
        before: each,
        after: { item: { ...each.item, summary: 'Both' }, tags: { residue: '' } },
      }));
      const [first, second, fourth] = await mailbox.writeAll({
        ...base,
        update,
        create: [draft('four')],
        remove: [{ id: three?.id ?? '' }],
      });
      const after = await changes(folder, start.cursor);
      expect(after.changes).toContainEqual({ kind: 'gone', id: three?.id });
      const present = after.changes.flatMap((each) => (each.kind === 'present' ? [each.listed] : []));
      expect(present.map(({ id, version }) => `${id} ${version}`).sort()).toEqual(
        [first, second, fourth].map((each) => `${each?.id} ${each?.version}`).sort(),
      );
      for (const each of [first, second]) {
        const held = await stored(each?.id ?? '');
        expect(held.item).toMatchObject({ summary: 'Both' });
        expect(held.tags.residue ?? '').toBe('');
      }
      // Stale: nothing is created.
      const late = { ...base, update, create: [draft('five')] };
      expect(await failureOf(mailbox.writeAll(late))).toBe('changed');
      expect((await changes(folder)).changes).toHaveLength(3);
      const target = await mailbox.createFolder({
        key: 'both',
        kind: 'events',
        displayName: 'Both',
        properties: {},
      });
      const moved = await mailbox.moveAll(
        [first, second].map((each) => ({
          id: each?.id ?? '',
          version: each?.version,
          tags: { href: '00000000 h' },
        })),
        target.id,
      );
      const there = (await changes(target)).changes.map(listed);
      expect(new Set(there.map(({ id }) => id))).toEqual(new Set(moved.map(({ id }) => id)));
      for (const each of there) expect(each.tags.href).toBe('00000000 h');
      expect((await changes(folder)).changes.map((each) => listed(each).nativeUid)).toEqual(['four']);
      // What is gone already is no failure.
      await mailbox.writeAll({ ...base, remove: [{ id: fourth?.id ?? '' }, { id: first?.id ?? '' }] });
      expect((await changes(folder)).changes).toEqual([]);
    });

    it('makes and changes folders', async () => {
      const made = await mailbox.createFolder({
        key: 'mine',
        kind: 'tasks',
        displayName: 'Mine',
        properties: { color: '#123456', dead: { '{x:}y': '<y xmlns="x:"/>' } },
      });
      await mailbox.updateFolder(made, { displayName: 'Ours' });
      const [found] = (await mailbox.folders()).filter((folder) => folder.key === 'mine');
      expect(found).toMatchObject({ displayName: 'Ours', kind: 'tasks', isDefault: false });
      expect(found?.properties).toMatchObject({ color: '#123456', dead: { '{x:}y': '<y xmlns="x:"/>' } });
    });

    it('tells where an event lies, series as wide as they may be', async () => {
      const folder = await folderOf('events');
      await mailbox.create(folder.id, { item: event({ uid: 'single' }), tags: {} }, 'silent');
      const recurrence = {
        freq: 'WEEKLY',
        interval: 1,
        end: { kind: 'never' },
        byDay: [{ weekday: 'MO' }],
      } as const;
      await mailbox.create(folder.id, { item: event({ uid: 'series', recurrence }), tags: {} }, 'silent');
      const found = (await changes(folder)).changes.map(listed);
      const single = found.find((each) => each.nativeUid === 'single');
      expect(single?.span).toEqual({ first: Date.UTC(2026, 2, 2, 8), last: Date.UTC(2026, 2, 2, 9) });
      const series = found.find((each) => each.nativeUid === 'series');
      expect(series?.isSeries).toBe(true);
      expect(series?.span?.last ?? Number.POSITIVE_INFINITY).toBeGreaterThan(Date.UTC(2100, 0, 1));
      const range = { from: Date.UTC(2026, 2, 2), to: Date.UTC(2026, 2, 3) };
      expect((await mailbox.find(folder.id, range)).toSorted()).toEqual(
        found.map((each) => each.id).toSorted(),
      );
    });
  });
}
