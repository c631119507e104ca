// FindItem: a calendar's instances within a time range, or items that meet a restriction (BEHAVIOUR §6).
import type { Instant } from '../../model/time.ts';
import { childOf, childrenOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import type { Soap } from '../soap.ts';
import { renderItemShape, type Shape } from './shape.ts';

/** EWSFindCountLimit of the server's default policy. */
const pageSize = 1_000;
/** The server refuses views of more than two years. */
export const longestViewMs = 700 * 86_400_000;
/** More than a page of instances within so short a time is not believed to happen. */
const shortestViewMs = 3_600_000;

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

interface InstancesRequest {
  readonly folder: string;
  readonly shape: Shape;
  readonly from: Instant;
  readonly to: Instant;
}

/** Singles, occurrences and exceptions; one that lies across the edge of two views may come twice. */
export async function findInstances(
  soap: Soap,
  request: InstancesRequest,
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const items: XmlElement[] = [];
  for (let from = request.from; from < request.to; from += longestViewMs) {
    const to = Math.min(request.to, from + longestViewMs);
    items.push(...(await inView(soap, { ...request, from, to }, signal)));
  }
  return items;
}

/** A list that was cut off has no next page: halves of the view are asked instead. */
async function inView(
  soap: Soap,
  request: InstancesRequest,
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const { from, to } = request;
  const view = xml('m:CalendarView', {
    MaxEntriesReturned: pageSize,
    StartDate: new Date(from).toISOString(),
    EndDate: new Date(to).toISOString(),
  });
  const page = await find(soap, { ...request, view }, signal);
  if (page.isLast || to - from <= shortestViewMs) return page.items;
  const middle = Math.floor((from + to) / 2);
  const first = await inView(soap, { ...request, to: middle }, signal);
  return [...first, ...(await inView(soap, { ...request, from: middle }, signal))];
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
