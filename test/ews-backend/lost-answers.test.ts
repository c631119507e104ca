// Answers that are lost, broken, cut off or refused, and what is made of them.
import { describe, expect, it } from 'vitest';
import { folderIdOf, itemIdOf } from '../../src/ews-backend/ids.ts';
import { failure, item, openTest, several } from './canned-mailbox.ts';
import { message } from './canned-server.ts';

describe('a lost answer', () => {
  const lose = (): never => {
    throw new Error('lost');
  };
  const before = {
    id: itemIdOf('task', 'i1'),
    version: 'k1',
    tags: {},
    item: {
      kind: 'task',
      summary: 'a',
      description: '',
      percent: 0,
      status: 'not-started',
      sensitivity: 'normal',
      importance: 'normal',
      categories: [],
      attachments: [],
    },
  } as const;
  const update = {
    before,
    after: { item: { ...before.item, summary: 'b' }, tags: {} },
    mail: 'silent',
    conflict: 'guarded',
  } as const;

  it('to a guarded change is asked for again', async () => {
    const { mailbox, asked } = await openTest({
      UpdateItem: (_, index) => (index === 0 ? lose() : message('UpdateItem', item('i1', 'k2'))),
    });
    expect((await mailbox.update(update)).version).toBe('k2');
    expect(asked('UpdateItem')).toHaveLength(2);
  });

  it('is not made "somebody else changed it" when it was ourselves', async () => {
    const { mailbox } = await openTest({
      UpdateItem: (_, index) => (index === 0 ? lose() : failure('UpdateItem', 'ErrorIrresolvableConflict')),
    });
    await expect(mailbox.update(update)).rejects.toMatchObject({
      failure: { kind: 'unavailable', code: 'ECONNRESET' },
    });
  });

  it('to a delete is as good as one when the item is gone', async () => {
    const { mailbox, asked } = await openTest({
      DeleteItem: (_, index) => (index === 0 ? lose() : failure('DeleteItem', 'ErrorItemNotFound')),
    });
    await mailbox.remove(before.id, { kind: 'task', mail: 'silent' });
    expect(asked('DeleteItem')).toHaveLength(2);
  });

  it('to a create stays lost', async () => {
    const { mailbox, asked } = await openTest({ CreateItem: lose });
    const create = mailbox.create(folderIdOf('tasks', 'tasks'), update.after, 'silent');
    await expect(create).rejects.toMatchObject({ failure: { kind: 'unavailable' } });
    expect(asked('CreateItem')).toHaveLength(1);
  });
});

describe('a poisoned batch', () => {
  it('gives up only the item that spoils it', async () => {
    const { mailbox, asked } = await openTest({
      GetItem({ body }) {
        const ids = [...body.matchAll(/<t:ItemId Id="(\w+)"/g)].map(([, id = '']) => id);
        if (ids.includes('i7'))
          return ids.length === 1
            ? failure('GetItem', 'ErrorInternalServerError')
            : '<m:GetItemResponse><m:broken';
        return several(
          'GetItem',
          ids.map((id) =>
            item(id, 'k', '<t:Start>2026-03-02T09:00:00Z</t:Start><t:End>2026-03-02T10:00:00Z</t:End>'),
          ),
        );
      },
    });
    const ids = Array.from({ length: 20 }, (_, index) => itemIdOf('event', `i${index}`));
    const found = await Array.fromAsync(mailbox.fetch(ids));
    expect(found).toHaveLength(20);
    expect(
      found
        .filter(([, outcome]) => !outcome.ok && outcome.failure.code === 'ErrorInternalServerError')
        .map(([id]) => id),
    ).toEqual([ids[7]]);
    expect(asked('GetItem').length).toBeLessThan(40);
  });
});

describe('a view that the server cuts off', () => {
  it('is asked in halves', async () => {
    const from = Date.UTC(2026, 0, 1);
    const to = Date.UTC(2026, 2, 1);
    const { mailbox, asked } = await openTest({
      FindItem({ body }) {
        const [, start = '', end = ''] = /StartDate="(.*?)" EndDate="(.*?)"/.exec(body) ?? [];
        const isLast = Date.parse(end) - Date.parse(start) < (to - from) / 2 + 1;
        const items = `<t:CalendarItem><t:ItemId Id="i${start.slice(5, 10)}"/><t:CalendarItemType>Single</t:CalendarItemType></t:CalendarItem>`;
        return message(
          'FindItem',
          `<m:RootFolder IncludesLastItemInRange="${isLast}"><t:Items>${items}</t:Items></m:RootFolder>`,
        );
      },
    });
    expect(await mailbox.find(folderIdOf('events', 'calendar'), { from, to })).toEqual([
      itemIdOf('event', 'i01-01'),
      itemIdOf('event', 'i01-30'),
    ]);
    expect(asked('FindItem')).toHaveLength(3);
  });
});

describe('a delete', () => {
  it('is soft where the deleted items are closed', async () => {
    const { mailbox, asked } = await openTest({
      DeleteItem: ({ body }) =>
        body.includes('"MoveToDeletedItems"')
          ? failure('DeleteItem', 'ErrorMoveCopyFailed')
          : message('DeleteItem', ''),
    });
    await mailbox.remove(itemIdOf('task', 'i1'), { kind: 'task', mail: 'silent' });
    expect(asked('DeleteItem')[1]).toContain(
      '<m:DeleteItem DeleteType="SoftDelete" AffectedTaskOccurrences="AllOccurrences"><m:ItemIds><t:ItemId Id="i1"/>',
    );
  });

  it('takes no id that is not ours', async () => {
    const { mailbox } = await openTest({});
    for (const id of ['', 'e', 'AAMk'])
      await expect(mailbox.remove(id, { kind: 'event', mail: 'silent' })).rejects.toMatchObject({
        failure: { kind: 'not-found' },
      });
  });
});
