// FindItem: a calendar's instances within a time range, or items that meet a restriction (BEHAVIOUR §6).
import { BackendError } from '../../model/failure.ts';
import type { Instant } from '../../model/time.ts';
import { childOf, childrenOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { onlyMessageOf } from '../answer.ts';
import { ewsIdIn, renderFolderRef, type FolderRef } from '../ids.ts';
import type { Soap } from '../soap.ts';
import { field, renderItemShape, type Shape } from './shape.ts';

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
    readonly folder: string | FolderRef;
    readonly shape: Shape;
    readonly view: Markup;
    readonly restriction?: Markup;
    readonly order?: Markup;
  },
  signal?: AbortSignal,
): Promise<Found> {
  const body = xml(
    'm:FindItem',
    { Traversal: 'Shallow' },
    renderItemShape(request.shape),
    request.view,
    request.restriction === undefined ? undefined : xml('m:Restriction', {}, request.restriction),
    request.order,
    xml('m:ParentFolderIds', {}, renderFolderRef(refOf(request.folder))),
  );
  const message = onlyMessageOf(await soap.call('FindItem', body, { repeat: 'safe', signal }));
  const root = childOf(message, 'RootFolder');
  const list = childOf(root, 'Items');
  return {
    items: list === undefined ? [] : childrenOf(list),
    isLast: root?.attrs['IncludesLastItemInRange'] !== 'false',
  };
}

function refOf(folder: string | FolderRef): FolderRef {
  return typeof folder === 'string' ? { id: folder } : folder;
}

/** The newest that meet a restriction, by the time they came; one call, what is older than `most` is left out. */
export async function findNewest(
  soap: Soap,
  request: {
    readonly folder: FolderRef;
    readonly shape: Shape;
    readonly restriction: Markup;
    readonly most: number;
  },
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  const view = xml('m:IndexedPageItemView', {
    MaxEntriesReturned: request.most,
    Offset: 0,
    BasePoint: 'Beginning',
  });
  const order = xml(
    'm:SortOrder',
    {},
    xml('t:FieldOrder', { Order: 'Descending' }, field('item:DateTimeReceived')),
  );
  return (await find(soap, { ...request, view, order }, signal)).items;
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

/** A folder that changes faster than it is read is tried again. */
const mostAttempts = 3;

/**
 * Every item of a folder, oldest first. A page begins with the last item of the one before: when it is another, something was
 * taken out meanwhile and what comes next could be missed, so the whole is read again.
 * @throws BackendError `unavailable` when it never stands still
 */
export async function findAllItems(
  soap: Soap,
  request: { readonly folder: string; readonly shape: Shape },
  signal?: AbortSignal,
): Promise<readonly XmlElement[]> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const items = await findAllOnce(soap, request, signal);
    if (items !== undefined) return items;
  }
  throw new BackendError({
    kind: 'unavailable',
    message: 'the folder changed all the while it was being read',
  });
}

async function findAllOnce(
  soap: Soap,
  request: { readonly folder: string; readonly shape: Shape },
  signal?: AbortSignal,
): Promise<readonly XmlElement[] | undefined> {
  const order = xml(
    'm:SortOrder',
    {},
    xml('t:FieldOrder', { Order: 'Ascending' }, field('item:DateTimeCreated')),
  );
  const items: XmlElement[] = [];
  for (;;) {
    const view = xml('m:IndexedPageItemView', {
      MaxEntriesReturned: pageSize,
      Offset: Math.max(0, items.length - 1),
      BasePoint: 'Beginning',
    });
    const page = await find(soap, { ...request, view, order }, signal);
    const known = items.pop();
    if (known !== undefined && ewsIdIn(known)?.id !== ewsIdIn(page.items[0])?.id) return undefined;
    items.push(...page.items);
    if (page.isLast || page.items.length <= 1) return items;
  }
}
