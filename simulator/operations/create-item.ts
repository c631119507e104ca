// CreateItem ([MS-OXWSCORE] 3.1.4.2; BEHAVIOUR §7–§11).
import { childOf, childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { applyDisplayName, applyFileAs } from '../contacts.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { completeNewEvent } from '../events.ts';
import { uidOf } from '../fields/calendar-rows.ts';
import { kindOfElement, kinds } from '../fields/kinds.ts';
import { demandRight, onlyFolder, placeOf } from '../lookup.ts';
import { sendOrSave } from '../mail/outgoing.ts';
import { mailOf } from '../mail/posting.ts';
import { attendeesOf, demandSender, demandSending } from '../meetings.ts';
import { forEach } from '../responses.ts';
import { sendInvitations } from '../scheduling/invitations.ts';
import { addItem, changeItem, folderOf, type Draft, type Item, type ItemKind } from '../state/index.ts';
import { demandDisposition } from '../scheduling/reference.ts';
import { viewOf, type Place } from '../view.ts';
import { demandTexts, setAll, writeContext, type Writing } from '../writing.ts';
import { itemCreated, noItems } from './item-answer.ts';
import type { Operation } from './operation.ts';
import { isResponseObject, respondTo } from './response-objects.ts';

export const createItem: Operation = (request, context) => {
  const items = childOf(request, 'Items');
  return forEach(context, items === undefined ? [] : childrenOf(items), {
    emptyPayload: noItems,
    answer: (element) => create(request, element, context),
  });
};

function create(request: XmlElement, element: XmlElement, context: Context): string {
  if (isResponseObject(element.name)) return respondTo(request, element, context);
  const { world } = context;
  const kind = kindOfElement(element.name);
  if (kind === undefined) throw new EwsError('ErrorInvalidOperation', `${element.name} is not simulated.`);
  // Meeting messages are made by sending only.
  if (kind === 'request' || kind === 'response' || kind === 'cancellation')
    throw new EwsError('ErrorInvalidItemForOperationCreateItem');
  const mode =
    kind === 'event'
      ? demandSending(request.attrs['SendMeetingInvitations'], 'ErrorSendMeetingInvitationsRequired')
      : 'SendToNone';
  const disposition = kind === 'message' ? demandDisposition(request) : 'SaveOnly';
  const place = targetOf(request, kind, context);
  const writing: Writing = { kind, draft: {}, extended: {}, attachments: [], touched: new Set() };
  const own = writeContext(context, [element]);
  setAll(world, writing, { element, context: own });
  if (kind === 'event' && place.mailbox.address === '') writing.draft.organizer ??= mailOf(context.user);
  complete(writing, place, own);
  if (kind === 'event') demandSender(place.mailbox, writing.draft, mode);
  const parts = {
    values: writing.draft,
    extended: Object.keys(writing.extended).length === 0 ? undefined : writing.extended,
    attachments: writing.attachments.length === 0 ? undefined : writing.attachments,
    ...writing.imported,
  };
  if (kind === 'message') {
    const copyTo = childOf(request, 'SavedItemFolderId') === undefined ? undefined : place.folder;
    const saved = sendOrSave(context, { kind, ...parts, disposition, place, copyTo });
    return saved === undefined ? noItems : itemCreated(viewOf(place, saved));
  }
  const item = addItem(world, place.folder, { kind, ...parts, modifiedBy: context.user.name });
  if (kind !== 'event' || attendeesOf(item.values).length === 0) return itemCreated(viewOf(place, item));
  return itemCreated(viewOf(place, invited(place, item, mode)));
}

/** The organizer's item after its invitations have left. */
function invited(place: Place, item: Item, mode: string): Item {
  const { world, mailbox, folder } = place;
  const sent = sendInvitations(world, mailbox, { ...item, uid: uidOf({ item }), sending: { mode } });
  return sent === undefined
    ? item
    : changeItem(world, folder, { item, change: { values: { ...item.values, ...sent } } });
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
      applyDisplayName(draft);
      applyFileAs(draft);
      return;
    case 'message':
      completeMessage(draft, place);
      return;
    case 'task':
      draft.changeCount = 1;
      return;
    case 'list':
      // The subject of a list is its name.
      draft.subject ??= draft.displayName ?? '';
      draft.fileAs ??= draft.subject;
      return;
    case 'request':
    case 'response':
    case 'cancellation':
  }
}

function completeMessage(draft: Draft, place: Place): void {
  draft.isDraft = true;
  draft.isRead ??= true;
  draft.from ??= mailOf(place.mailbox);
  draft.sender ??= mailOf(place.mailbox);
}

function demandClass(itemClass: string, kind: ItemKind): void {
  const own = kinds[kind].itemClass.toLowerCase();
  const given = itemClass.toLowerCase();
  const fits = kind === 'message' ? given.startsWith('ipm.') : given === own || given.startsWith(`${own}.`);
  // [MS-OXWSCORE] R2023.
  if (!fits) throw new EwsError('ErrorObjectTypeChanged');
}

const defaultFolders = {
  event: 'calendar',
  contact: 'contacts',
  list: 'contacts',
  task: 'tasks',
  message: 'drafts',
  request: 'drafts',
  response: 'drafts',
  cancellation: 'drafts',
} satisfies Record<ItemKind, string>;

const wrongFolder = {
  event: 'ErrorCannotCreateCalendarItemInNonCalendarFolder',
  contact: 'ErrorCannotCreateContactInNonContactFolder',
  list: 'ErrorCannotCreateContactInNonContactFolder',
  task: 'ErrorCannotCreateTaskInNonTaskFolder',
  message: '',
  request: '',
  response: '',
  cancellation: '',
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
