// FindItem: a calendar's instances within a time range, or items that meet a restriction (BEHAVIOUR §6).
import type { Instant } from '../../model/time.ts';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';
import { renderItemShape, type Shape } from './shape.ts';

/** EWSFindCountLimit of the server's default policy. */
const pageSize = 1_000;
/** The server refuses views of more than two years. */
const longestViewMs = 700 * 86_400_000;

interface Found {
  readonly items: readonly XmlElement[];
  readonly isLast: boolean;
}

async function find(
  soap: Soap,
  request: {
    readonly folder: string;
    readonly shape: Shape;
    readonly view: Markup;
    readonly restriction?: Markup;
  },
  signal?: AbortSignal,
): Promise<Found> {
  const body = xml(
    'm:FindItem',
    { Traversal: 'Shallow' },
    renderItemShape(request.shape),
    request.view,
    request.restriction === undefined ? undefined : xml('m:Restriction', {}, request.restriction),
    xml('m:ParentFolderIds', {}, xml('t:FolderId', { Id: request.folder })),
  );
  const message = onlyMessageOf(await soap.call('FindItem', body, { repeat: 'safe', signal }));
  const root = childOf(message, 'RootFolder');
  const list = childOf(root, 'Items');
  return {
    items: list === undefined ? [] : childrenOf(list),
    isLast: root?.attrs['IncludesLastItemInRange'] !== 'false',
  };
}

/** Singles, occurrences and exceptions; `shape` must ask calendar:Start, by which a cut list goes on. */
export async function findInstances(
  soap: Soap,
  request: { readonly folder: string; readonly shape: Shape; readonly from: Instant; readonly to: Instant },
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const items: XmlElement[] = [];
  let from = request.from;
  while (from < request.to) {
    const to = Math.min(request.to, from + longestViewMs);
    const view = xml('m:CalendarView', {
      MaxEntriesReturned: pageSize,
      StartDate: new Date(from).toISOString(),
      EndDate: new Date(to).toISOString(),
    });
    const page = await find(soap, { ...request, view }, signal);
    items.push(...page.items);
    const last = Date.parse(textOf(childOf(page.items.at(-1), 'Start')));
    // A cut list has no next page: the view goes on where the last instance starts. More than a page at one instant is skipped.
    from = page.isLast || !Number.isFinite(last) ? to : Math.max(last, from + 1);
  }
  return items;
}

export async function findItems(
  soap: Soap,
  request: { readonly folder: string; readonly shape: Shape; readonly restriction: Markup },
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const items: XmlElement[] = [];
  for (;;) {
    const view = xml('m:IndexedPageItemView', {
      MaxEntriesReturned: pageSize,
      Offset: items.length,
      BasePoint: 'Beginning',
    });
    const page = await find(soap, { ...request, view }, signal);
    items.push(...page.items);
    if (page.isLast || page.items.length === 0) return items;
  }
}
