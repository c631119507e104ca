// CancelCalendarItem by the organizer, RemoveItem by an attendee of a cancelled meeting ([MS-OXWSMTGS] 2.2.4.10, 2.2.4.26;
// BEHAVIOUR §9).
import { childOf, textOf } from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import { uidOf } from '../fields/calendar-rows.ts';
import { renderIdOnly } from '../fields/shape.ts';
import { demandRight, viewAt, type Found } from '../lookup.ts';
import { isOrganizer } from '../meetings.ts';
import { deleteOccurrence } from '../occurrence-writing.ts';
import {
  changeItem,
  folderOf,
  moveItem,
  type Body,
  type Folder,
  type Item,
  type Values,
} from '../state/index.ts';
import type { AnswerCall } from './answers.ts';
import { heldMeetingOf, itemsOfMeeting, valuesAt, type HeldMeeting } from './held.ts';
import { cancelledSubject, sendCancellations, type Sending } from './invitations.ts';
import { demandDisposition, referenceOf } from './reference.ts';

/** @throws EwsError ErrorCalendarIsNotOrganizer */
export function cancelMeeting({ request, element, context }: AnswerCall): readonly string[] {
  const disposition = demandDisposition(request);
  const found = referenceOf(context, element);
  if (found.item.kind !== 'event') throw new EwsError('ErrorInvalidReferenceItem');
  demandRight(found.place, 'delete');
  if (!isOrganizer(found.place.mailbox, found.item.values)) throw new EwsError('ErrorCalendarIsNotOrganizer');
  const content = childOf(element, 'NewBodyContent');
  const body: Body | undefined =
    content === undefined
      ? undefined
      : { type: content.attrs['BodyType'] === 'HTML' ? 'HTML' : 'Text', text: textOf(content) };
  const sending: Sending = {
    mode: modes[disposition] ?? 'SendToNone',
    ...(body === undefined ? {} : { body }),
  };
  if (found.instance !== undefined) {
    const shown = viewAt(found);
    const item = deleteOccurrence(found, found.instance, sending);
    return [renderIdOnly({ ...shown, item })];
  }
  const item = cancelWhole(found, folderOf(found.place.mailbox, 'deleteditems'), sending);
  const place = { ...found.place, folder: folderOf(found.place.mailbox, 'deleteditems') };
  return [renderIdOnly(viewAt({ place, item, instance: undefined }))];
}

const modes: Readonly<Record<string, string>> = {
  SendOnly: 'SendOnlyToAll',
  SendAndSaveCopy: 'SendToAllAndSaveCopy',
};

/** The organizer's item in Deleted Items, marked where its attendees were told. */
export function cancelWhole({ place, item }: Found, to: Folder, sending: Sending): Item {
  const { world, mailbox, folder } = place;
  const values = cancelledValues(world, mailbox, { item, sending });
  if (to === folder) return changeItem(world, folder, { item, change: { values } });
  return moveItem(world, folder, { item, to, values });
}

function cancelledValues(
  world: Found['place']['world'],
  mailbox: Found['place']['mailbox'],
  { item, sending }: { readonly item: Item; readonly sending: Sending },
): Values {
  const wasSent = sendCancellations(world, mailbox, {
    values: item.values,
    uid: uidOf({ item }),
    sending,
  });
  if (!wasSent) return item.values;
  return {
    ...item.values,
    isCancelled: true,
    subject: cancelledSubject(item.values.subject),
    sequence: (item.values.sequence ?? 0) + 1,
    busy: 'Free',
  };
}

/** The cancelled item and the cancellation go to Deleted Items (MS-OXWSMTGS_R492). @throws EwsError */
export function removeMeeting({ element, context }: AnswerCall): readonly string[] {
  const found = referenceOf(context, element);
  demandRight(found.place, 'delete');
  const { mailbox } = found.place;
  const { kind, values } = found.item;
  if (!['event', 'request', 'cancellation'].includes(kind)) throw new EwsError('ErrorInvalidReferenceItem');
  if (isOrganizer(mailbox, values)) throw new EwsError('ErrorCalendarIsOrganizerForRemove');
  if (kind === 'request') {
    const held = heldMeetingOf(mailbox, values);
    throw new EwsError(
      held !== undefined && valuesAt(held).isCancelled === true
        ? 'ErrorCalendarIsCancelledForRemove'
        : 'ErrorInvalidReferenceItem',
    );
  }
  if (kind === 'cancellation')
    return [
      ...cancelledItems(found).flatMap((held) => discard(found, held)),
      ...discard(found, heldOf(found)),
    ];
  if (valuesAt(heldOf(found)).isCancelled !== true) throw new EwsError('ErrorInvalidReferenceItem');
  return discard(found, heldOf(found));
}

function cancelledItems({ place, item }: Found): readonly HeldMeeting[] {
  const { uid = '', recurrenceId } = item.values;
  const held =
    recurrenceId === undefined
      ? itemsOfMeeting(place.mailbox, uid)
      : [heldMeetingOf(place.mailbox, item.values)].filter((one) => one !== undefined);
  return held.filter((one) => valuesAt(one).isCancelled === true);
}

function heldOf({ place, item, instance }: Found): HeldMeeting {
  return { folder: place.folder, item, ...(instance === undefined ? {} : { instance }) };
}

function discard({ place }: Found, { folder, item, instance }: HeldMeeting): readonly string[] {
  const { world, mailbox } = place;
  if (instance !== undefined) {
    deleteOccurrence({ place: { ...place, folder }, item }, instance, { mode: 'SendToNone' });
    return [];
  }
  const to = folderOf(mailbox, 'deleteditems');
  const gone = folder === to ? item : moveItem(world, folder, { item, to });
  return [renderIdOnly(viewAt({ place: { ...place, folder: to }, item: gone, instance: undefined }))];
}
