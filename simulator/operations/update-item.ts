// UpdateItem ([MS-OXWSCORE] 3.1.4.9; BEHAVIOUR §3, §7, §9, §11).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { applyDisplayName, applyFileAs } from '../contacts.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { completeChangedEvent } from '../events.ts';
import { uidOf } from '../fields/calendar-rows.ts';
import { demandRight, itemAt, viewAt, type Found } from '../lookup.ts';
import { sendDraft } from '../mail/outgoing.ts';
import { sentItemsOf } from '../mail/posting.ts';
import { demandSender, demandSending, isOrganizer } from '../meetings.ts';
import { updateOccurrence } from '../occurrence-writing.ts';
import { forEach } from '../responses.ts';
import { keepSent, raised, sendUpdates } from '../scheduling/invitations.ts';
import { addItem, changeItem, mailKinds, type Item } from '../state/index.ts';
import { advance } from '../tasks.ts';
import { applyChange, demandTexts, writeContext, type Writing } from '../writing.ts';
import { itemIdOnly, noItems } from './item-answer.ts';
import type { Operation } from './operation.ts';

export const updateItem: Operation = (request, context) => {
  const changes = childOf(request, 'ItemChanges');
  return forEach(context, changes === undefined ? [] : childrenOf(changes), {
    emptyPayload: noItems,
    answer: (change) => update(request, change, context),
  });
};

function update(request: XmlElement, change: XmlElement, context: Context): string {
  const [id] = childrenOf(change);
  const updates = childOf(change, 'Updates');
  if (id === undefined || updates === undefined) throw new EwsError('ErrorInvalidOperation');
  const found = itemAt(context, id);
  demandRight(found.place, 'modify');
  const mode = demandAttributes(request, found);
  const resolved = resolveConflict(request, found, { changes: childrenOf(updates), context });
  const changed =
    found.instance === undefined
      ? updateWhole(found, { changes: resolved.changes, mode, context })
      : updateOccurrence(found, found.instance, { changes: resolved.changes, mode, context });
  const disposition = request.attrs['MessageDisposition'] ?? 'SaveOnly';
  const conflicts = `<m:ConflictResults><t:Count>${resolved.conflicts}</t:Count></m:ConflictResults>`;
  if (found.item.kind === 'message' && disposition !== 'SaveOnly') {
    const copyTo = disposition === 'SendAndSaveCopy' ? sentItemsOf(found.place.mailbox) : undefined;
    sendDraft(context, { place: found.place, item: changed.item, copyTo });
    return noItems + conflicts;
  }
  return itemIdOnly(viewAt({ ...found, ...changed })) + conflicts;
}

/** The XSD calls these optional, Exchange does not. */
function demandAttributes(request: XmlElement, found: Found): string {
  if (found.item.kind === 'event') {
    const mode = demandSending(
      request.attrs['SendMeetingInvitationsOrCancellations'],
      'ErrorSendMeetingInvitationsOrCancellationsRequired',
    );
    demandSender(found.place.mailbox, found.item.values, mode);
    if (mode !== 'SendToNone' && found.place.folder.distinguished === 'deleteditems')
      throw new EwsError('ErrorCalendarCannotUpdateDeletedItem');
    return mode;
  }
  if (mailKinds.has(found.item.kind) && request.attrs['MessageDisposition'] === undefined)
    throw new EwsError('ErrorMessageDispositionRequired');
  return 'SendToNone';
}

export interface Update {
  readonly changes: readonly XmlElement[];
  readonly mode: string;
  readonly context: Context;
}

/** AutoResolve keeps the server's value of some properties; the suite names Sensitivity. */
function resolveConflict(
  request: XmlElement,
  found: Found,
  given: { readonly changes: readonly XmlElement[]; readonly context: Context },
): { readonly changes: readonly XmlElement[]; readonly conflicts: number } {
  const { changes, context } = given;
  const resolution = request.attrs['ConflictResolution'] ?? 'AutoResolve';
  const isStale = found.changeKey !== undefined && found.changeKey !== found.item.revision;
  const isForced = context.faults.take('conflict', context.operation) !== undefined;
  if (resolution === 'NeverOverwrite') {
    if (found.changeKey === undefined) throw new EwsError('ErrorChangeKeyRequiredForWriteOperations');
    if (isStale || isForced) throw new EwsError('ErrorIrresolvableConflict');
  }
  if (resolution !== 'AutoResolve' || !isStale) return { changes, conflicts: 0 };
  const kept = changes.filter((change) => childrenOf(change)[0]?.attrs['FieldURI'] !== 'item:Sensitivity');
  return { changes: kept, conflicts: changes.length - kept.length };
}

function updateWhole(found: Found, update: Update): { readonly item: Item } {
  const { place, item } = found;
  const { world } = place;
  const holders = update.changes.flatMap((change) => childrenOf(change).slice(1));
  const own = writeContext(update.context, holders);
  const writing: Writing = {
    kind: item.kind,
    draft: { ...item.values },
    extended: { ...item.extended },
    attachments: item.attachments ?? [],
    touched: new Set(),
  };
  for (const change of update.changes) applyChange(writing, change, own);
  const { draft } = writing;
  demandTexts(draft);
  if (item.kind === 'contact') {
    applyDisplayName(draft, item.values);
    applyFileAs(draft);
  }
  if (item.kind === 'task') draft.changeCount = (item.values.changeCount ?? 1) + 1;
  const resets = item.kind === 'event' && completeChangedEvent(draft, item.values, writing.touched);
  if (item.kind === 'event') sendAndCount(found, writing, { mode: update.mode, resets });
  const following = item.kind === 'task' ? advance(draft) : undefined;
  if (following?.next !== undefined)
    addItem(world, place.folder, { ...item, values: following.done, modifiedBy: update.context.user.name });
  const changed = changeItem(world, place.folder, {
    item,
    change: {
      values: following?.next ?? draft,
      extended: Object.keys(writing.extended).length === 0 ? undefined : writing.extended,
      ...(resets ? (writing.imported ?? { exceptions: [], deletions: [] }) : {}),
      by: update.context.user.name,
      readFlagOnly: writing.touched.size === 1 && writing.touched.has('message:IsRead'),
    },
  });
  return { item: changed };
}

/** Messages to attendees; the sequence number of a sent meeting rises when its time or pattern changes. */
function sendAndCount(
  found: Found,
  writing: Writing,
  { mode, resets }: { readonly mode: string; readonly resets: boolean },
): void {
  const { place, item } = found;
  const { draft } = writing;
  if (isOrganizer(place.mailbox, draft)) Object.assign(draft, raised(item.values, draft));
  const sent = sendUpdates(place.world, place.mailbox, {
    before: item.values,
    values: draft,
    sending: { mode },
    uid: uidOf({ item }),
    attachments: writing.attachments,
    ...(resets ? writing.imported : { exceptions: item.exceptions, deletions: item.deletions }),
  });
  keepSent(draft, item.values, sent);
}
