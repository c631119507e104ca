// SyncFolderItems ([MS-OXWSSYNC] 3.1.4.2; BEHAVIOUR §5): what changed in a folder since a state, newest first,
// coalesced, masters and singles only.
import { childOf, childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { answerOf, type Context } from '../context.ts';
import { renderItemId } from '../fields/item-rows.ts';
import { itemWriter, parseShape, type Shape } from '../fields/shape.ts';
import { tag } from '../fields/row.ts';
import { demandNoPublicFolder, demandRight, onlyFolder } from '../lookup.ts';
import { failure, refusalOf, respond, success } from '../responses.ts';
import { renderChangeKey, renderId } from '../state/ids.ts';
import { orderedItems, type Folder, type Item, type Tombstone } from '../state/index.ts';
import { parseSyncState, renderSyncState, type SyncState } from '../sync-state.ts';
import { viewOf, type Place } from '../view.ts';
import { EwsError } from '../errors.ts';
import type { Operation } from './operation.ts';

export const syncFolderItems: Operation = (request, context) => {
  try {
    return respond(context.operation, [success(context, sync(request, context))]);
  } catch (error) {
    const payload = '<m:SyncState/><m:IncludesLastItemInRange>true</m:IncludesLastItemInRange>';
    return respond(context.operation, [failure(context, refusalOf(error), payload)]);
  }
};

function sync(request: XmlElement, context: Context): string {
  const busy = context.faults.messageError(context.operation);
  if (busy !== undefined) throw busy;
  const shape = parseShape(childOf(request, 'ItemShape'));
  // [MS-OXWSSYNC] R3787.
  if (shape.includeMime) throw new EwsError('ErrorInvalidPropertyForOperation');
  const place = onlyFolder(context, childOf(request, 'SyncFolderId'), 'ErrorSyncFolderNotFound');
  demandNoPublicFolder(place);
  demandRight(place, 'read');
  const withAssociated = textOf(childOf(request, 'SyncScope')) === 'NormalAndAssociatedItems';
  const scope = `items/${place.folder.no}/${String(withAssociated)}`;
  const given = textOf(childOf(request, 'SyncState')).trim();
  if (given !== '' && context.faults.take('expired-sync-state', context.operation) !== undefined)
    throw new EwsError('ErrorInvalidSyncStateData');
  const state = parseSyncState(context.world, given, scope);
  const most = Number(textOf(childOf(request, 'MaxChangesReturned')));
  const ignored = ignoredIds(request);
  const changes = changesOf(place.folder, state, most + 1);
  const page = changes.slice(0, most);
  const next = nextState(context, state, { page, hasMore: changes.length > most });
  const isLast = next.below === Number.MAX_SAFE_INTEGER && next.since >= place.folder.revision;
  const written = write(shape, context, { place, state, page, withAssociated, ignored });
  return (
    `<m:SyncState>${renderSyncState(context.world, next)}</m:SyncState>` +
    `<m:IncludesLastItemInRange>${String(isLast)}</m:IncludesLastItemInRange><m:Changes>${written}</m:Changes>`
  );
}

type Change =
  { readonly at: number; readonly item: Item } | { readonly at: number; readonly gone: Tombstone };

/** Changes of the round that were not reported yet, newest first. */
function changesOf(folder: Folder, state: SyncState, most: number): Change[] {
  const items = orderedItems(folder);
  const { tombstones } = folder;
  const top = Math.min(state.until, state.below - 1);
  let atItem = lastUpTo(items.length, (index) => (items[index]?.revision ?? 0) <= top);
  let atTombstone = lastUpTo(tombstones.length, (index) => (tombstones[index]?.gone ?? 0) <= top);
  const found: Change[] = [];
  while (found.length < most) {
    const item = items[atItem];
    const gone = tombstones[atTombstone];
    const itemRevision = item?.revision ?? 0;
    const goneRevision = gone?.gone ?? 0;
    if (Math.max(itemRevision, goneRevision) <= state.since) break;
    if (item !== undefined && itemRevision > goneRevision) {
      found.push({ at: itemRevision, item });
      atItem -= 1;
    } else if (gone !== undefined) {
      // Created and gone since then: nothing.
      if (gone.arrived <= state.since) found.push({ at: goneRevision, gone });
      atTombstone -= 1;
    }
  }
  return found;
}

/** Index of the last entry that holds, in a list where those that hold come first; -1: none. */
function lastUpTo(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function nextState(
  context: Context,
  state: SyncState,
  reported: { readonly page: readonly Change[]; readonly hasMore: boolean },
): SyncState {
  const last = reported.page.at(-1);
  if (reported.hasMore && last !== undefined) return { ...state, below: last.at };
  return {
    scope: state.scope,
    since: state.until,
    until: context.world.revision,
    below: Number.MAX_SAFE_INTEGER,
  };
}

interface Reporting {
  readonly place: Place;
  readonly state: SyncState;
  readonly page: readonly Change[];
  readonly withAssociated: boolean;
  readonly ignored: ReadonlySet<string>;
}

function write(shape: Shape, context: Context, reporting: Reporting): string {
  const { place, state } = reporting;
  const writeItem = itemWriter(shape, true);
  const answer = answerOf(context, { bodyType: shape.bodyType, listing: true });
  const ids = { mailboxNo: place.mailbox.no, folderNo: place.folder.no };
  let text = '';
  for (const change of reporting.page) {
    if ('gone' in change) {
      const id = renderId({ kind: 'item', ...ids, itemNo: change.gone.no });
      text += tag('Delete', `<t:ItemId Id="${id}" ChangeKey="${renderChangeKey('item', change.at)}"/>`);
      continue;
    }
    const { item } = change;
    if (item.isAssociated === true && !reporting.withAssociated) continue;
    const view = viewOf(place, item);
    if (
      reporting.ignored.size > 0 &&
      reporting.ignored.has(renderId({ kind: 'item', ...ids, itemNo: item.no }))
    )
      continue;
    if (item.arrived > state.since) text += tag('Create', writeItem(view, answer));
    else if (item.contentRevision <= state.since)
      text += tag('ReadFlagChange', renderItemId(view) + tag('IsRead', String(item.values.isRead ?? false)));
    else text += tag('Update', writeItem(view, answer));
  }
  return text;
}

function ignoredIds(request: XmlElement): ReadonlySet<string> {
  const ignore = childOf(request, 'Ignore');
  return new Set(ignore === undefined ? [] : childrenOf(ignore).map((id) => id.attrs['Id'] ?? ''));
}
