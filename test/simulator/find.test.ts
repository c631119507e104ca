// FindItem: restrictions, sort orders, pages (BEHAVIOUR §6).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '../../simulator/index.ts';
import { addItem, folderOf } from '../../simulator/state/index.ts';
import { all, at, codeOf, folder, ok, path, start } from './soap-client.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await start();
  const calendar = folderOf(sim.world.mailboxes.get('alice@example.test')!, 'calendar');
  for (let no = 0; no < 1200; no += 1) {
    const start = Date.UTC(2025, 0, 1) + no * 3_600_000;
    addItem(sim.world, calendar, {
      kind: 'event',
      values: {
        itemClass: 'IPM.Appointment',
        subject: `Event ${String(no).padStart(4, '0')}`,
        start,
        end: start + 1_800_000,
        categories: no % 2 === 0 ? ['Even'] : ['Odd', 'Other'],
        ...(no % 3 === 0 ? { location: 'Café Central' } : {}),
      },
    });
  }
});
afterAll(() => sim.close());

const find = (options: { view?: string; restriction?: string; sort?: string } = {}): string =>
  `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>${options.view ?? '<m:IndexedPageItemView MaxEntriesReturned="1000" Offset="0" BasePoint="Beginning"/>'}${options.restriction === undefined ? '' : `<m:Restriction>${options.restriction}</m:Restriction>`}${options.sort ?? ''}<m:ParentFolderIds>${folder('calendar')}</m:ParentFolderIds></m:FindItem>`;
const compare = (name: string, uri: string, value: string): string =>
  `<t:${name}><t:FieldURI FieldURI="${uri}"/><t:FieldURIOrConstant><t:Constant Value="${value}"/></t:FieldURIOrConstant></t:${name}>`;
const contains = (uri: string, value: string, mode: string, comparison: string): string =>
  `<t:Contains ContainmentMode="${mode}" ContainmentComparison="${comparison}"><t:FieldURI FieldURI="${uri}"/><t:Constant Value="${value}"/></t:Contains>`;
const count = async (restriction: string): Promise<string | undefined> =>
  at((await ok(sim, find({ restriction }))).element, 'RootFolder')?.attrs['TotalItemsInView'];

describe('pages', () => {
  it('end after 1000 entries and say where to go on', async () => {
    const first = at(
      (
        await ok(
          sim,
          find({
            view: '<m:IndexedPageItemView MaxEntriesReturned="5000" Offset="0" BasePoint="Beginning"/>',
          }),
        )
      ).element,
      'RootFolder',
    )!;
    expect(first.attrs).toEqual({
      IndexedPagingOffset: '1000',
      TotalItemsInView: '1200',
      IncludesLastItemInRange: 'false',
    });
    expect(all(first, 'Items/CalendarItem')).toHaveLength(1000);
    const second = at(
      (
        await ok(
          sim,
          find({
            view: '<m:IndexedPageItemView MaxEntriesReturned="1000" Offset="1000" BasePoint="Beginning"/>',
          }),
        )
      ).element,
      'RootFolder',
    )!;
    expect(second.attrs['IncludesLastItemInRange']).toBe('true');
    expect(all(second, 'Items/CalendarItem')).toHaveLength(200);
  });

  it('can be fractions', async () => {
    const half = at(
      (
        await ok(
          sim,
          find({ view: '<m:FractionalPageItemView MaxEntriesReturned="10" Numerator="1" Denominator="2"/>' }),
        )
      ).element,
      'RootFolder',
    )!;
    expect(half.attrs).toMatchObject({ NumeratorOffset: '610', AbsoluteDenominator: '1200' });
    expect(path(half, 'Items/CalendarItem/Subject')).toBe('Event 0600');
  });

  it('are needed for more than 1000', async () => {
    expect(await codeOf(sim, find({ view: '' }))).toBe('ErrorExceededFindCountLimit');
  });
});

describe('restrictions', () => {
  it.each([
    ['equal, without case', compare('IsEqualTo', 'item:Subject', 'EVENT 0007'), '1'],
    [
      'times',
      `<t:And>${compare('IsGreaterThanOrEqualTo', 'calendar:Start', '2025-01-02T00:00:00Z')}${compare('IsLessThan', 'calendar:Start', '2025-01-03T00:00:00Z')}</t:And>`,
      '24',
    ],
    [
      'or',
      `<t:Or>${compare('IsEqualTo', 'item:Subject', 'Event 0001')}${compare('IsEqualTo', 'item:Subject', 'Event 0002')}</t:Or>`,
      '2',
    ],
    ['not', `<t:Not>${compare('IsEqualTo', 'item:Categories', 'Odd')}</t:Not>`, '600'],
    ['exists', '<t:Exists><t:FieldURI FieldURI="calendar:Location"/></t:Exists>', '400'],
    ['contains', contains('calendar:Location', 'cafe', 'Prefixed', 'Loose'), '400'],
    ['contains exactly', contains('calendar:Location', 'cafe', 'Prefixed', 'Exact'), '0'],
    ['substring', contains('item:Subject', '119', 'Substring', 'IgnoreCase'), '12'],
    [
      'native property',
      '<t:IsEqualTo><t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33315" PropertyType="Boolean"/><t:FieldURIOrConstant><t:Constant Value="false"/></t:FieldURIOrConstant></t:IsEqualTo>',
      '1200',
    ],
    [
      'bits',
      '<t:Excludes><t:ExtendedFieldURI DistinguishedPropertySetId="Appointment" PropertyId="33285" PropertyType="Integer"/><t:Bitmask Value="2"/></t:Excludes>',
      '0',
    ],
  ])('%s', async (_, restriction, expected) => {
    expect(await count(restriction)).toBe(expected);
  });

  it('refuse what cannot be searched', async () => {
    expect(
      await codeOf(
        sim,
        find({ restriction: '<t:Exists><t:FieldURI FieldURI="calendar:RequiredAttendees"/></t:Exists>' }),
      ),
    ).toBe('ErrorUnsupportedPathForQuery');
  });
});

it('sorts', async () => {
  const sort =
    '<m:SortOrder><t:FieldOrder Order="Descending"><t:FieldURI FieldURI="calendar:Start"/></t:FieldOrder></m:SortOrder>';
  const found = await ok(
    sim,
    find({ sort, view: '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>' }),
  );
  expect(path(found.entity, 'Subject')).toBe('Event 1199');
});
