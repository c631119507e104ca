// What every Mailbox must do with attachments (model/backend.ts), of events, of their occurrences and of tasks.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Mailbox, Stored } from '../../src/model/backend.ts';
import { valueOf } from '../../src/model/failure.ts';
import { isCard } from '../../src/model/group.ts';
import { isNewPart, type EventItem, type Item, type NewPart, type Part } from '../../src/model/item.ts';
import type { When } from '../../src/model/time.ts';
import { event, task } from '../memory-backend/items.ts';
import type { MailboxUnderTest } from './backend.ts';

const silent = 'silent';

export function file(name: string, content: string, contentType = 'text/plain'): NewPart {
  return { name, contentType, base64: Buffer.from(content).toString('base64') };
}

const at = (day: string, time = '09:00:00'): When => ({
  kind: 'zoned',
  local: `2026-03-${day}T${time}`,
  zone: 'Europe/Vienna',
});

const daily = {
  uid: 'series',
  recurrence: { freq: 'DAILY', interval: 1, end: { kind: 'count', count: 5 } },
} as const;

export function attachmentsContract(name: string, open: () => Promise<MailboxUnderTest>): void {
  describe(`backend contract, attachments: ${name}`, () => {
    let under: MailboxUnderTest;
    let mailbox: Mailbox;
    beforeEach(async () => {
      under = await open();
      mailbox = under.mailbox;
    });
    afterEach(() => under.close());

    async function folderOf(kind: 'events' | 'tasks') {
      const found = (await mailbox.folders()).find((folder) => folder.kind === kind && folder.isDefault);
      if (!found) throw new Error(`no standard folder for ${kind}`);
      return found;
    }
    async function read(id: string): Promise<Stored> {
      for await (const [, outcome] of mailbox.fetch([id])) return valueOf(outcome);
      throw new Error('nothing was answered');
    }
    async function made(item: Item): Promise<Stored> {
      const folder = await folderOf(item.kind === 'task' ? 'tasks' : 'events');
      return read((await mailbox.create(folder.id, { item, tags: {} }, silent)).id);
    }
    async function changed(before: Stored, item: Item): Promise<Stored> {
      const request = { before, after: { item, tags: {} }, mail: silent, conflict: 'guarded' } as const;
      return read((await mailbox.update(request)).id);
    }
    async function textsOf(parts: readonly (Part | NewPart)[]): Promise<Record<string, string>> {
      const stored = parts.filter((part): part is Part => !isNewPart(part));
      const texts: Record<string, string> = {};
      for await (const [id, outcome] of mailbox.open(stored)) {
        const part = stored.find((each) => each.id === id);
        if (part) texts[part.name] = Buffer.from(valueOf(outcome)).toString();
      }
      return texts;
    }
    function filesOf({ item }: Stored, occurrence?: number): readonly (Part | NewPart)[] {
      if (isCard(item)) return [];
      const series = item.kind === 'event' && occurrence !== undefined ? item.overrides[occurrence] : item;
      return series?.attachments ?? [];
    }
    function eventIn({ item }: Stored): EventItem {
      if (item.kind !== 'event') throw new Error('this is no event');
      return item;
    }

    it.each(['event', 'task'] as const)(
      'makes, tells, opens, keeps and removes those of a %s',
      async (kind) => {
        const files = [file('a.txt', 'first'), file('größe.pdf', 'second', 'application/pdf')];
        const item = kind === 'event' ? event({ attachments: files }) : task({ attachments: files });
        const folder = await folderOf(kind === 'event' ? 'events' : 'tasks');
        const written = await mailbox.create(folder.id, { item, tags: {} }, silent);
        const before = await read(written.id);
        expect(before.version).toBe(written.version);
        expect(filesOf(before)).toMatchObject([
          { id: written.madeParts?.[0], name: 'a.txt', contentType: 'text/plain' },
          { id: written.madeParts?.[1], name: 'größe.pdf', contentType: 'application/pdf' },
        ]);
        expect(filesOf(before).every((part) => !isNewPart(part) && (part.size ?? 0) >= 5)).toBe(true);
        expect(await textsOf(filesOf(before))).toEqual({ 'a.txt': 'first', 'größe.pdf': 'second' });

        const untouched = await changed(before, { ...before.item, categories: ['new'] });
        expect(filesOf(untouched)).toEqual(filesOf(before));

        const [, second] = filesOf(untouched);
        if (isCard(untouched.item) || !second) throw new Error('no second file');
        const request = {
          before: untouched,
          after: { item: { ...untouched.item, attachments: [second, file('a.txt', 'third')] }, tags: {} },
          mail: silent,
          conflict: 'guarded',
        } as const;
        const next = await mailbox.update(request);
        const after = await read(next.id);
        expect(after.version).toBe(next.version);
        expect(filesOf(after)[0]).toEqual(second);
        expect(filesOf(after)[1]).toMatchObject({ id: next.madeParts?.[0], name: 'a.txt' });
        expect(await textsOf(filesOf(after))).toEqual({ 'größe.pdf': 'second', 'a.txt': 'third' });
        for await (const [, outcome] of mailbox.open(
          filesOf(before)
            .slice(0, 1)
            .filter((p): p is Part => !isNewPart(p)),
        ))
          expect(outcome).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
        await expect(mailbox.update(request)).rejects.toThrow(/^changed/);
        expect(filesOf(await read(next.id))).toHaveLength(2);
      },
    );

    it('keeps them when the item moves', async () => {
      const before = await made(event({ uid: 'moving', attachments: [file('a.txt', 'first')] }));
      const other = await mailbox.createFolder({
        key: 'other-files',
        kind: 'events',
        displayName: 'Other files',
        properties: {},
      });
      const moved = await read((await mailbox.move(before.id, other.id, {})).id);
      expect(await textsOf(filesOf(moved))).toEqual({ 'a.txt': 'first' });
    });

    it('shows the files of a series on its occurrences, and those of one occurrence on that alone', async () => {
      const shared = file('shared.txt', 'for all');
      const own = file('own.txt', 'for one');
      const fields = event({ ...daily, attachments: [shared] });
      const overrides = [
        { ...fields, recurrenceId: at('03'), start: at('03'), end: at('03', '11:00:00') },
        {
          ...fields,
          recurrenceId: at('04'),
          start: at('04'),
          end: at('04', '10:00:00'),
          attachments: [shared, own],
        },
        { ...fields, recurrenceId: at('05'), start: at('05'), end: at('05', '10:00:00'), attachments: [] },
      ];
      const stored = await made({ ...fields, overrides });
      const [part] = filesOf(stored);
      if (!part || isNewPart(part)) throw new Error('no file');
      expect(filesOf(stored)).toHaveLength(1);
      expect(filesOf(stored, 0)).toMatchObject([{ name: 'shared.txt', copyOf: part.id }]);
      expect(filesOf(stored, 1)).toMatchObject([
        { name: 'shared.txt', copyOf: part.id },
        { name: 'own.txt' },
      ]);
      expect(filesOf(stored, 2)).toEqual([]);
      expect(await textsOf(filesOf(stored, 1))).toEqual({ 'shared.txt': 'for all', 'own.txt': 'for one' });
    });

    it('gives one occurrence a file, takes one from it, and makes it like its series again', async () => {
      const stored = await made(event({ ...daily, attachments: [file('shared.txt', 'for all')] }));
      const series = eventIn(stored);
      const on = (attachments: EventItem['attachments']): EventItem => ({
        ...series,
        overrides: [
          { ...series, recurrenceId: at('04'), start: at('04'), end: at('04', '10:00:00'), attachments },
        ],
      });
      const more = await changed(stored, on([...series.attachments, file('own.txt', 'for one')]));
      expect(await textsOf(filesOf(more, 0))).toEqual({ 'shared.txt': 'for all', 'own.txt': 'for one' });
      expect(await textsOf(filesOf(more))).toEqual({ 'shared.txt': 'for all' });
      const [, own] = filesOf(more, 0);
      if (!own) throw new Error('no file of its own');
      const less = await changed(more, { ...eventIn(more), overrides: on([own]).overrides });
      expect(await textsOf(filesOf(less, 0))).toEqual({ 'own.txt': 'for one' });
      const plain = await changed(less, { ...eventIn(less), overrides: [] });
      expect(eventIn(plain).overrides).toEqual([]);
      expect(await textsOf(filesOf(plain))).toEqual({ 'shared.txt': 'for all' });
    });

    it('keeps the files of occurrences when the whole series gets another time', async () => {
      const fields = event({ ...daily, attachments: [file('shared.txt', 'for all')] });
      const own = [...fields.attachments, file('own.txt', 'for one')];
      const stored = await made({
        ...fields,
        overrides: [
          { ...fields, recurrenceId: at('04'), start: at('04'), end: at('04', '10:00:00'), attachments: own },
        ],
      });
      const before = eventIn(stored);
      const later: EventItem = {
        ...before,
        start: at('02', '09:30:00'),
        end: at('02', '10:30:00'),
        overrides: before.overrides.map((override) => ({
          ...override,
          recurrenceId: at('04', '09:30:00'),
          start: at('04', '09:30:00'),
          end: at('04', '10:30:00'),
        })),
      };
      const after = await changed(stored, later);
      expect(await textsOf(filesOf(after, 0))).toEqual({ 'shared.txt': 'for all', 'own.txt': 'for one' });
      expect(filesOf(after)).toEqual(filesOf(stored));
    });
  });
}
