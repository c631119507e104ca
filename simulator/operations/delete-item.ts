// DeleteItem ([MS-OXWSCORE] 3.1.4.3; BEHAVIOUR §7, §9–§11).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { uidOf } from '../fields/calendar-rows.ts';
import { demandNoPublicFolder, demandRight, itemAt, type Found } from '../lookup.ts';
import { demandSender, demandSending } from '../meetings.ts';
import { deleteOccurrence } from '../occurrence-writing.ts';
import { forEach } from '../responses.ts';
import { cancelWhole } from '../scheduling/cancelling.ts';
import { sendCancellations } from '../scheduling/invitations.ts';
import { changeItem, folderOf, moveItem, publicFoldersOf, removeItem, type Folder } from '../state/index.ts';
import { skip } from '../tasks.ts';
import type { Operation } from './operation.ts';

export const deleteItem: Operation = (request, context) => {
  const ids = childOf(request, 'ItemIds');
  return forEach(context, ids === undefined ? [] : childrenOf(ids), {
    emptyPayload: '',
    answer(id) {
      remove(request, itemAt(context, id), context);
      return '';
    },
  });
};

function remove(request: XmlElement, found: Found, context: Context): void {
  const { place, item, instance } = found;
  demandRight(place, 'delete');
  if (item.kind === 'task' && demandAffected(request) === 'SpecifiedOccurrenceOnly') {
    const next = skip(item.values);
    if (next === undefined) throw new EwsError('ErrorCannotDeleteTaskOccurrence');
    changeItem(context.world, place.folder, { item, change: { values: next, by: context.user.name } });
    return;
  }
  if (item.kind === 'event') {
    const mode = demandSending(
      request.attrs['SendMeetingCancellations'],
      'ErrorSendMeetingCancellationsRequired',
    );
    demandSender(place.mailbox, item.values, mode);
    if (instance !== undefined) {
      deleteOccurrence(found, instance, { mode });
      return;
    }
    const to = targetFolder(request, found);
    if (to === undefined) {
      sendCancellations(context.world, place.mailbox, {
        values: item.values,
        sending: { mode },
        uid: uidOf({ item }),
      });
      removeItem(context.world, place.folder, item);
    } else cancelWhole(found, to, { mode });
    return;
  }
  dispose(request, found, context);
}

function demandAffected(request: XmlElement): string {
  const affected = request.attrs['AffectedTaskOccurrences'];
  if (affected === undefined) throw new EwsError('ErrorAffectedTaskOccurrencesRequired');
  return affected;
}

const targets: Readonly<Record<string, string>> = {
  MoveToDeletedItems: 'deleteditems',
  SoftDelete: 'recoverableitemsdeletions',
};

/** Out of its folder: away, or into Deleted Items or the recoverable ones, under a new id. */
function dispose(request: XmlElement, found: Found, context: Context): void {
  const { place, item } = found;
  const to = targetFolder(request, found);
  if (to === undefined) removeItem(context.world, place.folder, item);
  else moveItem(context.world, place.folder, { item, to });
}

/** Undefined: away for good, as from Deleted Items itself. */
function targetFolder(request: XmlElement, { place }: Found): Folder | undefined {
  const type = request.attrs['DeleteType'] ?? '';
  if (type === 'MoveToDeletedItems') demandNoPublicFolder(place);
  const target = place.mailbox === publicFoldersOf(place.world) ? undefined : targets[type];
  const to = target === undefined ? undefined : folderOf(place.mailbox, target);
  return to === place.folder ? undefined : to;
}
