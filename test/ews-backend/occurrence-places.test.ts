// Servers that number occurrences otherwise than the pattern says: each is found by its original start, many as cheaply as one.
import { describe, expect, it } from 'vitest';
import { BackendError } from '../../src/model/failure.ts';
import type { Stored } from '../../src/model/backend.ts';
import type { EventItem, Override } from '../../src/model/item.ts';
import { item, openTest, several } from './canned-mailbox.ts';
import { at, daily, event, override } from './signed-in.ts';

const start = Date.UTC(2026, 2, 2, 8);
const dayMs = 86_400_000;
/** Over the change of the clock at the end of March. */
const instant = (index: number): number => start + index * dayMs - (index >= 27 ? 3_600_000 : 0);
const iso = (ms: number): string => new Date(ms).toISOString();
const occurrence = (index: number): string =>
  `<m:Items><t:CalendarItem><t:ItemId Id="o${index}" ChangeKey="k"/><t:OriginalStart>${iso(instant(index))}</t:OriginalStart></t:CalendarItem></m:Items>`;
const notFound =
  '<m:GetItemResponseMessage ResponseClass="Error"><m:MessageText>x</m:MessageText><m:ResponseCode>ErrorItemNotFound</m:ResponseCode><m:Items/></m:GetItemResponseMessage>';
const master = `<m:Items><t:CalendarItem><t:ItemId Id="m" ChangeKey="k"/><t:ParentFolderId Id="calendar" ChangeKey="k"/></t:CalendarItem></m:Items>`;

/** Dates of March that are asked for, and where this server has them. */
function serverOf(options: { shift?: number; hasNumbers: boolean }) {
  return openTest({
    UpdateItem: ({ body }) =>
      several(
        'UpdateItem',
        [...body.matchAll(/<t:ItemChange>/g)].map(
          () => `${item('m', 'k2')}<m:ConflictResults><t:Count>0</t:Count></m:ConflictResults>`,
        ),
      ),
    GetItem({ body }) {
      const numbers = [...body.matchAll(/InstanceIndex="(\d+)"/g)].map(([, number]) => Number(number));
      if (numbers.length === 0 && !body.includes('OriginalStart'))
        return several('GetItem', [item('m', 'k2')]);
      const answers = numbers.map((number) =>
        options.hasNumbers
          ? `<m:GetItemResponseMessage ResponseClass="Success"><m:ResponseCode>NoError</m:ResponseCode>${occurrence(number - 1 + (options.shift ?? 0))}</m:GetItemResponseMessage>`
          : notFound,
      );
      return several('GetItem', [master]).replace(
        '</m:ResponseMessages>',
        `${answers.join('')}</m:ResponseMessages>`,
      );
    },
    FindItem: () =>
      several('FindItem', [
        `<m:RootFolder IncludesLastItemInRange="true" TotalItemsInView="3"><t:Items>${[2, 8, 30]
          .map(
            (index) =>
              `<t:CalendarItem><t:ItemId Id="v${index}" ChangeKey="k"/><t:UID>u</t:UID><t:OriginalStart>${iso(instant(index))}</t:OriginalStart></t:CalendarItem>`,
          )
          .join('')}</t:Items></m:RootFolder>`,
      ]),
  });
}

const series: EventItem = event({ uid: 'u', recurrence: { ...daily, end: { kind: 'never' } } });
const before: Stored = { id: 'e:m', version: 'k', nativeUid: 'u', tags: {}, item: series };
const overrides = (...days: readonly number[]): Override[] =>
  days.map((day) =>
    override(`2026-${day > 31 ? '04' : '03'}-${String(day > 31 ? day - 31 : day).padStart(2, '0')}`),
  );

async function write(mailbox: Awaited<ReturnType<typeof serverOf>>['mailbox'], changed: readonly Override[]) {
  return mailbox.update({
    before,
    after: { item: { ...series, overrides: changed }, tags: {} },
    mail: 'silent',
    conflict: 'forced',
  });
}

describe('an occurrence', () => {
  it('is found one number on, with all others, by one read more', async () => {
    const { mailbox, asked } = await serverOf({ hasNumbers: true, shift: 1 });
    await write(mailbox, overrides(4, 10, 32));
    const [updates = ''] = asked('UpdateItem');
    expect(
      [...updates.matchAll(/InstanceIndex="(\d+)"/g)]
        .map(([, number]) => Number(number))
        .sort((a, b) => a - b),
    ).toEqual([2, 8, 30]);
    expect(asked('GetItem')).toHaveLength(2 + 1);
    expect(asked('FindItem')).toHaveLength(0);
  });

  it('is found in one view with all others, where no number tells', async () => {
    const { mailbox, asked } = await serverOf({ hasNumbers: false });
    await write(mailbox, overrides(4, 10, 32));
    const [updates = ''] = asked('UpdateItem');
    expect([...updates.matchAll(/ItemId Id="(v\d+)"/g)].map(([, id]) => id).sort()).toEqual([
      'v2',
      'v30',
      'v8',
    ]);
    expect(asked('GetItem')).toHaveLength(2 + 1);
    expect(asked('FindItem')).toHaveLength(1);
  });

  it('that the server has nowhere is refused, and nothing is written', async () => {
    const { mailbox, asked } = await serverOf({ hasNumbers: false });
    await expect(write(mailbox, overrides(4, 5))).rejects.toThrow(BackendError);
    expect(asked('UpdateItem')).toHaveLength(0);
    expect(at('2026-03-02T09:00:00')).toEqual(series.start);
  });
});
