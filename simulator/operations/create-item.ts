// CreateItem ([MS-OXWSCORE] 3.1.4.2; BEHAVIOUR §7–§11).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { applyFileAs } from '../contacts.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { completeNewEvent } from '../events.ts';
import { uidOf } from '../fields/calendar-rows.ts';
import { kindOfElement, kinds } from '../fields/kinds.ts';
import { demandRight, onlyFolder, placeOf } from '../lookup.ts';
import { attendeesOf, demandSending, sendInvitations } from '../meetings.ts';
import { forEach } from '../responses.ts';
import { addItem, changeItem, folderOf, type Draft, type ItemKind } from '../state/index.ts';
import { viewOf, type Place } from '../view.ts';
import { demandTexts, setAll, writeContext, type Writing } from '../writing.ts';
import { itemIdOnly, noItems } from './item-answer.ts';
import type { Operation } from './operation.ts';

export const createItem: Operation = (request, context) => {
  const items = childOf(request, 'Items');
  return forEach(context, items === undefined ? [] : childrenOf(items), {
    emptyPayload: noItems,
    answer: (element) => create(request, element, context),
  });
};

function create(request: XmlElement, element: XmlElement, context: Context): string {
  const { world } = context;
  const kind = kindOfElement(element.name);
  if (kind === undefined) throw new EwsError('ErrorInvalidOperation', `${element.name} is not simulated.`);
  const mode =
    kind === 'event'
      ? demandSending(request.attrs['SendMeetingInvitations'], 'ErrorSendMeetingInvitationsRequired')
      : 'SendToNone';
  if (kind === 'message') demandSaveOnly(request);
  const place = targetOf(request, kind, context);
  const writing: Writing = { kind, draft: {}, extended: {}, attachments: [], touched: new Set() };
  const own = writeContext(context, [element]);
  setAll(world, writing, { element, context: own });
  complete(writing, place, own);
  const item = addItem(world, place.folder, {
    kind,
    values: writing.draft,
    extended: Object.keys(writing.extended).length === 0 ? undefined : writing.extended,
    attachments: writing.attachments.length === 0 ? undefined : writing.attachments,
    modifiedBy: context.user.name,
  });
  if (kind !== 'event' || attendeesOf(item.values).length === 0) return itemIdOnly(viewOf(place, item));
  const uid = uidOf({ item });
  const wasSent = sendInvitations(world, place.mailbox, { values: item.values, sending: { mode }, uid });
  const sent = wasSent
    ? changeItem(world, place.folder, { item, change: { values: { ...item.values, requestWasSent: true } } })
    : item;
  return itemIdOnly(viewOf(place, sent));
}

function complete(writing: Writing, place: Place, own: ReturnType<typeof writeContext>): void {
  const { kind, draft } = writing;
  draft.itemClass ??= kinds[kind].itemClass;
  demandClass(draft.itemClass, kind);
  demandTexts(draft);
  switch (kind) {
    case 'event':
      completeNewEvent(draft, own);
      return;
    case 'contact':
      applyFileAs(draft);
      return;
    case 'message':
      completeMessage(draft, place);
      return;
    case 'task':
      draft.changeCount = 1;
      return;
    case 'list':
  }
}

function completeMessage(draft: Draft, place: Place): void {
  draft.isDraft = true;
  draft.isRead ??= true;
  draft.from ??= { name: place.mailbox.name, address: place.mailbox.address };
}

function demandClass(itemClass: string, kind: ItemKind): void {
  const own = kinds[kind].itemClass.toLowerCase();
  const given = itemClass.toLowerCase();
  const fits = kind === 'message' ? given.startsWith('ipm.') : given === own || given.startsWith(`${own}.`);
  // [MS-OXWSCORE] R2023.
  if (!fits) throw new EwsError('ErrorObjectTypeChanged');
}

/** Sending mail is not simulated: drafts only. */
function demandSaveOnly(request: XmlElement): void {
  const disposition = request.attrs['MessageDisposition'];
  if (disposition === undefined) throw new EwsError('ErrorMessageDispositionRequired');
  if (disposition !== 'SaveOnly')
    throw new EwsError('ErrorInvalidOperation', `MessageDisposition ${disposition} is not simulated.`);
}

const defaultFolders = {
  event: 'calendar',
  contact: 'contacts',
  list: 'contacts',
  task: 'tasks',
  message: 'drafts',
} satisfies Record<ItemKind, string>;

const wrongFolder = {
  event: 'ErrorCannotCreateCalendarItemInNonCalendarFolder',
  contact: 'ErrorCannotCreateContactInNonContactFolder',
  list: 'ErrorCannotCreateContactInNonContactFolder',
  task: 'ErrorCannotCreateTaskInNonTaskFolder',
  message: '',
} satisfies Record<ItemKind, string>;

function targetOf(request: XmlElement, kind: ItemKind, context: Context): Place {
  const holder = childOf(request, 'SavedItemFolderId');
  const place = holder === undefined ? ownFolder(kind, context) : onlyFolder(context, holder);
  demandRight(place, 'createContents');
  const folderClass = kinds[kind].folderClass.toLowerCase();
  if (kind !== 'message' && !place.folder.folderClass.toLowerCase().startsWith(folderClass))
    throw new EwsError(wrongFolder[kind]);
  return place;
}

function ownFolder(kind: ItemKind, context: Context): Place {
  return placeOf(context, context.user, folderOf(context.user, defaultFolders[kind]));
}
