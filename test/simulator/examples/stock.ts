// Objects like those of a recorded answer, put into the simulator: items with the values they are shown with there.
import { kindOfElement, kinds } from '../../../simulator/fields/kinds.ts';
import { parseExtendedField, parseExtendedValue } from '../../../simulator/fields/extended.ts';
import { utcZone } from '../../../simulator/calendar/index.ts';
import {
  addFolder,
  addItem,
  folderOf,
  newAttachment,
  removeItem,
  type Attachment,
  type Draft,
  type ExtendedValue,
  type Folder,
  type Item,
  type ItemKind,
  type Mailbox,
  type World,
} from '../../../simulator/state/index.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../../src/xml/index.ts';

export const classOf: Readonly<Record<ItemKind, string>> = {
  event: 'IPF.Appointment',
  contact: 'IPF.Contact',
  list: 'IPF.Contact',
  task: 'IPF.Task',
  message: 'IPF.Note',
  request: 'IPF.Note',
  response: 'IPF.Note',
  cancellation: 'IPF.Note',
};

const home: Readonly<Record<ItemKind, string>> = {
  event: 'calendar',
  contact: 'contacts',
  list: 'contacts',
  task: 'tasks',
  message: 'inbox',
  request: 'inbox',
  response: 'inbox',
  cancellation: 'inbox',
};

export function kindOf(element: XmlElement | undefined): ItemKind {
  if (element === undefined) return 'event';
  if (element.name === 'MeetingMessage') return 'message';
  return kindOfElement(element.name) ?? 'event';
}

export function defaultFolder(mailbox: Mailbox, kind: ItemKind): Folder {
  return folderOf(mailbox, home[kind]);
}

const folderClasses: Readonly<Record<string, string>> = {
  CalendarFolder: 'IPF.Appointment',
  ContactsFolder: 'IPF.Contact',
  TasksFolder: 'IPF.Task',
};

let folders = 0;

/** A folder like the recorded one; another name where that is taken. */
export function stockFolder(world: World, parent: Folder, like: XmlElement | string | undefined): Folder {
  folders += 1;
  const extended: Record<string, ExtendedValue> = {};
  for (const child of like === undefined || typeof like === 'string' ? [] : childrenOf(like))
    if (child.name === 'ExtendedProperty') addExtended(extended, child);
  const folderClass =
    typeof like === 'string'
      ? like
      : textOf(childOf(like, 'FolderClass')) || (folderClasses[like?.name ?? ''] ?? 'IPF.Note');
  return addFolder(world, { parent, name: `Example ${folders}`, folderClass, extended });
}

function addExtended(extended: Record<string, ExtendedValue>, element: XmlElement): void {
  const field = parseExtendedField(childOf(element, 'ExtendedFieldURI') ?? element);
  extended[field.key] = parseExtendedValue(element, field);
}

export interface StockPlace {
  readonly world: World;
  readonly folder: Folder;
  readonly owner: Mailbox;
  readonly isAssociated?: boolean;
}

/** The values of an item that hangs on another. */
function valuesLike(world: World, like: XmlElement | undefined): Item['values'] {
  const [owner] = world.mailboxes.values();
  const folder = folderOf(owner!, 'drafts');
  const item = stockItem({ world, folder, owner: owner! }, like);
  removeItem(world, folder, item);
  return item.values;
}

/** An item with the values of the recorded element. What clients cannot set is set here by its name. */
export function stockItem(place: StockPlace, like: XmlElement | undefined, kind = kindOf(like)): Item {
  const { world, owner } = place;
  const draft: Draft = { ...born(kind, owner) };
  const context = { startZone: utcZone, endZone: utcZone, now: world.now() };
  const extended: Record<string, ExtendedValue> = {};
  for (const child of like === undefined ? [] : childrenOf(like)) {
    if (child.name === 'ExtendedProperty') {
      addExtended(extended, child);
    }
    const row = kinds[kind].byElement.get(child.name);
    try {
      const set = byHand[child.name] ?? row?.set ?? kinds.event.byElement.get(child.name)?.set;
      set?.(draft, child, context);
    } catch {
      // Shortened by hand in the documentation: the value stays what it was.
    }
  }
  return addItem(world, place.folder, {
    kind,
    values: draft,
    isAssociated: place.isAssociated,
    extended,
    attachments: attachmentsOf(world, childOf(like, 'Attachments')),
  });
}

function born(kind: ItemKind, owner: Mailbox): Draft {
  const organizer = { name: owner.name, address: owner.address };
  const bob = { name: 'Bob', address: 'bob@example.test' };
  const start = Date.UTC(2026, 4, 4, 9);
  switch (kind) {
    case 'event':
      return {
        uid: 'example',
        subject: 'Example',
        start,
        end: start + 3_600_000,
        startZone: utcZone,
        endZone: utcZone,
        organizer,
      };
    case 'contact':
      return { displayName: 'Example', fileAs: 'Example', emails: {} };
    case 'message':
      return { subject: 'Example', isDraft: false, isRead: true, from: organizer, sender: organizer };
    case 'request':
    case 'response':
    case 'cancellation':
      return {
        uid: 'example',
        subject: 'Example',
        isDraft: false,
        start,
        end: start + 3_600_000,
        from: bob,
        sender: bob,
        organizer: bob,
      };
    case 'list':
      return { displayName: 'Example', members: [] };
    case 'task':
      return { subject: 'Example', status: 'NotStarted' };
  }
}

const time = (element: XmlElement): number | undefined => {
  const instant = Date.parse(textOf(element).trim());
  return Number.isNaN(instant) ? undefined : instant;
};

/** Values that only the server sets. */
const byHand: Readonly<Record<string, (draft: Draft, element: XmlElement) => void>> = {
  DateTimeReceived: (draft, element) => Object.assign(draft, { dateTimeReceived: time(element) }),
  DateTimeSent: (draft, element) => Object.assign(draft, { dateTimeSent: time(element) }),
  AppointmentReplyTime: (draft, element) => Object.assign(draft, { replyTime: time(element) }),
  DateTimeStamp: (draft, element) => Object.assign(draft, { dateTimeStamp: time(element) }),
  InternetMessageId: (draft, element) => Object.assign(draft, { internetMessageId: textOf(element).trim() }),
  IsDraft: (draft, element) => Object.assign(draft, { isDraft: textOf(element).trim() === 'true' }),
  IsCancelled: (draft, element) => Object.assign(draft, { isCancelled: textOf(element).trim() === 'true' }),
  MeetingRequestWasSent: (draft, element) =>
    Object.assign(draft, { requestWasSent: textOf(element).trim() === 'true' }),
  MyResponseType: (draft, element) => Object.assign(draft, { myResponse: textOf(element).trim() }),
  IntendedFreeBusyStatus: (draft, element) => Object.assign(draft, { intendedBusy: textOf(element).trim() }),
  ResponseType: (draft, element) => Object.assign(draft, { responseType: textOf(element).trim() }),
  ReceivedBy: (draft) =>
    Object.assign(draft, { receivedBy: { name: 'Alice', address: 'alice@example.test' } }),
  Organizer: (draft, element) => {
    const mailbox = childOf(element, 'Mailbox');
    const name = textOf(childOf(mailbox, 'Name')).trim();
    const address = textOf(childOf(mailbox, 'EmailAddress')).trim();
    draft.organizer = { name, ...(address === '' ? {} : { address }) };
  },
};

export function attachmentsOf(world: World, list: XmlElement | undefined): Attachment[] {
  return (list === undefined ? [] : childrenOf(list)).map((one) => attachmentOf(world, one));
}

export function attachmentOf(world: World, like: XmlElement): Attachment {
  const text = (name: string): string => textOf(childOf(like, name)).trim();
  const inner = childrenOf(like).find((child) => kindOfElement(child.name) !== undefined);
  const kind = kindOf(inner);
  return newAttachment(world, {
    name: text('Name') || 'example.txt',
    contentType: text('ContentType') || 'text/plain',
    ...(text('ContentId') === '' ? {} : { contentId: text('ContentId') }),
    isInline: text('IsInline') === 'true',
    isContactPhoto: text('IsContactPhoto') === 'true',
    content: 'RXhhbXBsZQ==',
    ...(like.name === 'ItemAttachment' ? { item: { kind, values: valuesLike(world, inner) } } : {}),
  });
}
