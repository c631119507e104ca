// Properties every item has ([MS-OXWSCORE] 2.2.4.24 t:ItemType), in the order of types.xsd; extended properties stand
// between HasAttachments and Culture.
import { childOf, escapeText, textOf } from '../../src/xml/index.ts';
import { parseHtml, renderHtml } from '../bodies.ts';
import { EwsError } from '../errors.ts';
import { emptyChangeKey, renderChangeKey, renderId } from '../state/ids.ts';
import type { ItemKind, Rights } from '../state/index.ts';
import { renderAttachmentInfo } from './attachment-xml.ts';
import {
  choice,
  flag,
  instant,
  number,
  scalar,
  strings,
  tag,
  text,
  time,
  whole,
  type Row,
  type View,
} from './row.ts';
import { renderMimeContent } from '../mime/content.ts';
import { renderResponseObjects } from './response-objects.ts';

export function itemIdOf(view: Pick<View, 'mailbox' | 'folder' | 'item' | 'occurrence'>): string {
  const place = { mailboxNo: view.mailbox.no, folderNo: view.folder.no, itemNo: view.item.no };
  return view.occurrence === undefined
    ? renderId({ kind: 'item', ...place })
    : renderId({ kind: 'occurrence', ...place, index: view.occurrence.index });
}

export function renderItemId(view: Pick<View, 'mailbox' | 'folder' | 'item' | 'occurrence'>): string {
  return `<t:ItemId Id="${itemIdOf(view)}" ChangeKey="${renderChangeKey('item', view.item.revision)}"/>`;
}

export function renderRights(rights: Rights, ofFolder: boolean): string {
  return tag(
    'EffectiveRights',
    tag('CreateAssociated', String(ofFolder && rights.createAssociated)) +
      tag('CreateContents', String(ofFolder && rights.createContents)) +
      tag('CreateHierarchy', String(ofFolder && rights.createHierarchy)) +
      tag('Delete', String(rights.delete)) +
      tag('Modify', String(rights.modify)) +
      tag('Read', String(rights.read)) +
      tag('ViewPrivateItems', String(rights.viewPrivateItems)),
  );
}

const defaultReminder = 15;

/** Before the extended properties. */
export const leadingItemRows: readonly Row[] = [
  whole(
    { uri: 'item:MimeContent', can: 'SU', getOnly: true },
    {
      render: renderMimeContent,
      // Calendar items are written by it otherwise (writing.ts): it holds more than values.
      set() {
        throw new EwsError('ErrorUnsupportedMimeConversion');
      },
    },
  ),
  whole({ uri: 'item:ItemId', shape: 'da' }, { render: renderItemId, read: itemIdOf }),
  whole(
    { uri: 'item:ParentFolderId', shape: 'a' },
    {
      render: (view) =>
        `<t:ParentFolderId Id="${renderId({ kind: 'folder', mailboxNo: view.mailbox.no, folderNo: view.folder.no })}" ChangeKey="${emptyChangeKey}"/>`,
    },
  ),
  text({ uri: 'item:ItemClass', can: 'SUF', shape: 'a' }, 'itemClass'),
  text({ uri: 'item:Subject', can: 'SUDF', shape: 'da' }, 'subject'),
  choice({ uri: 'item:Sensitivity', can: 'SUF', shape: 'a' }, 'sensitivity', 'Normal'),
  whole(
    { uri: 'item:Body', can: 'SUD', shape: 'a', getOnly: true },
    {
      read: (view) => view.values.body?.text,
      render(view, answer) {
        const body = view.values.body;
        const shown =
          body === undefined ? '' : answer.bodyType === 'Text' ? parseHtml(body) : renderHtml(body);
        const open = `<t:Body BodyType="${answer.bodyType}" IsTruncated="false"`;
        return shown === '' ? `${open}/>` : `${open}>${escapeText(shown)}${answer.garble}</t:Body>`;
      },
      set(draft, given) {
        draft.body = { type: given.attrs['BodyType'] === 'HTML' ? 'HTML' : 'Text', text: textOf(given) };
      },
      clear(draft) {
        delete draft.body;
      },
    },
  ),
  whole({ uri: 'item:Attachments', shape: 'a', getOnly: true }, { render: renderAttachmentInfo }),
  time(
    { uri: 'item:DateTimeReceived', can: 'F', shape: 'a' },
    (view) => view.values.dateTimeReceived ?? view.item.created,
  ),
  scalar({ uri: 'item:Size', can: 'F', shape: 'a' }, sizeOf),
  strings({ uri: 'item:Categories', can: 'SUDF', shape: 'a' }, 'categories'),
  // The managed API never deletes it; DavMail does with every change of a task without PRIORITY.
  choice({ uri: 'item:Importance', can: 'SUDF', shape: 'a' }, 'importance', 'Normal'),
  text({ uri: 'item:InReplyTo', can: 'SUDF', shape: 'a' }, 'inReplyTo'),
  scalar({ uri: 'item:IsSubmitted', can: 'F', shape: 'a' }, (view) => view.values.isSubmitted ?? false),
  scalar({ uri: 'item:IsDraft', can: 'F', shape: 'a' }, (view) => view.values.isDraft ?? false),
  scalar({ uri: 'item:IsFromMe', can: 'F', shape: 'a' }, (view) => view.values.isSubmitted === true),
  scalar({ uri: 'item:IsResend', can: 'F', shape: 'a' }, () => false),
  scalar({ uri: 'item:IsUnmodified', can: 'F', shape: 'a' }, () => false),
  time(
    { uri: 'item:DateTimeSent', can: 'F', shape: 'a' },
    (view) => view.values.dateTimeSent ?? view.item.created,
  ),
  time({ uri: 'item:DateTimeCreated', can: 'F', shape: 'a' }, (view) => view.item.created),
  whole({ uri: 'item:ResponseObjects', shape: 'da', getOnly: true }, { render: renderResponseObjects }),
  {
    ...time({ uri: 'item:ReminderDueBy', can: 'SUF', shape: 'a' }, reminderDueOf),
    set: instant({ uri: 'item:ReminderDueBy' }, 'reminderDueBy').set ?? noSetter,
    clear: instant({ uri: 'item:ReminderDueBy' }, 'reminderDueBy').clear ?? noSetter,
  },
  flag({ uri: 'item:ReminderIsSet', can: 'SUF', shape: 'a' }, 'reminderIsSet', false),
  time({ uri: 'item:ReminderNextTime', can: 'F', shape: 'a' }, (view) => {
    const due = reminderDueOf(view);
    return due === undefined || view.values.reminderIsSet !== true
      ? undefined
      : due - (view.values.reminderMinutes ?? 0) * 60_000;
  }),
  {
    ...number({ uri: 'item:ReminderMinutesBeforeStart', can: 'SUF', shape: 'a' }, 'reminderMinutes'),
    read: reminderMinutesOf,
    render: (view) => tag('ReminderMinutesBeforeStart', String(reminderMinutesOf(view))),
    set(draft, given) {
      const minutes = Number(textOf(given));
      if (!Number.isInteger(minutes) || minutes < 0 || minutes > 2_629_800)
        throw new EwsError('ErrorInvalidValueForProperty', 'The specified value is invalid for property.');
      draft.reminderMinutes = minutes;
    },
  },
  scalar({ uri: 'item:DisplayCc', can: 'F', shape: 'a' }, (view) => namesOf(view, 'cc')),
  scalar({ uri: 'item:DisplayTo', can: 'F', shape: 'a' }, (view) => namesOf(view, 'to')),
  scalar(
    { uri: 'item:HasAttachments', can: 'F', shape: 'da' },
    (view) => view.attachments?.some((attachment) => !attachment.isInline) ?? false,
  ),
];

/** After the extended properties. */
export const trailingItemRows: readonly Row[] = [
  text({ uri: 'item:Culture', can: 'SUDF', shape: 'a' }, 'culture', 'en-US'),
  whole({ uri: 'item:EffectiveRights', shape: 'a' }, { render: (view) => renderRights(view.rights, false) }),
  scalar({ uri: 'item:LastModifiedName', can: 'F', shape: 'a' }, (view) => view.item.modifiedBy),
  time({ uri: 'item:LastModifiedTime', can: 'F', shape: 'a' }, (view) => view.item.modified),
  scalar({ uri: 'item:IsAssociated', can: 'F', shape: 'a' }, (view) => view.item.isAssociated ?? false),
  scalar({ uri: 'item:WebClientReadFormQueryString', can: 'F', shape: 'a' }, (view) =>
    formQuery(view, readModels),
  ),
  scalar({ uri: 'item:WebClientEditFormQueryString', can: 'F', shape: 'a' }, (view) =>
    formQuery(view, editModels),
  ),
  whole(
    { uri: 'item:ConversationId', shape: 'a' },
    {
      render: (view) =>
        `<t:ConversationId Id="${bytesOf('AAQk', view.item.searchKeyNo).toString('base64')}"/>`,
    },
  ),
  {
    ...choice({ uri: 'item:Flag', can: 'SUF', shape: 'a' }, 'flagStatus'),
    render: (view) => tag('Flag', tag('FlagStatus', view.values.flagStatus ?? 'NotFlagged')),
    set(draft, given) {
      draft.flagStatus = textOf(childOf(given, 'FlagStatus'));
    },
  },
  whole(
    { uri: 'item:StoreEntryId', can: 'F' },
    { render: (view) => tag('StoreEntryId', bytesOf('Entry', view.item.no).toString('base64')) },
  ),
  whole(
    { uri: 'item:InstanceKey', can: 'F', shape: 'a' },
    { render: (view) => tag('InstanceKey', instanceKeyOf(view)) },
  ),
  whole(
    { uri: 'item:TextBody', getOnly: true },
    {
      render(view, answer) {
        const shown = view.values.body === undefined ? '' : parseHtml(view.values.body);
        const open = '<t:TextBody BodyType="Text" IsTruncated="false"';
        return shown === '' ? `${open}/>` : `${open}>${escapeText(shown)}${answer.garble}</t:TextBody>`;
      },
    },
  ),
];

function formQuery(view: View, models: Readonly<Record<ItemKind, string>>): string {
  return `?ItemID=${encodeURIComponent(itemIdOf(view))}&exvsurl=1&viewmodel=${models[view.item.kind]}`;
}

const readModels = {
  event: 'CalendarItemDetailsViewModelFactory',
  contact: 'PersonaCardViewModelFactory',
  task: 'TaskDetailsViewModelFactory',
  message: 'ReadMessageItem',
  request: 'ReadMessageItem',
  response: 'ReadMessageItem',
  cancellation: 'ReadMessageItem',
  list: 'GroupDetailsViewModelFactory',
};

const editModels = {
  event: 'ComposeCalendarItemViewModelFactory',
  contact: 'ComposePersonaCardViewModelFactory',
  task: 'ComposeTaskViewModelFactory',
  message: 'ComposeMessageItem',
  request: 'ComposeMessageItem',
  response: 'ComposeMessageItem',
  cancellation: 'ComposeMessageItem',
  list: 'ComposeGroupViewModelFactory',
};

function instanceKeyOf(view: View): string {
  const bytes = Buffer.alloc(20);
  bytes[0] = 1;
  bytes.writeUInt32BE(view.folder.no, 4);
  bytes.writeUInt32BE(view.item.no, 8);
  bytes.writeUInt32BE(view.occurrence?.index ?? 0, 12);
  return bytes.toString('base64');
}

/** A key of fixed length made of a number: search keys, source keys, conversation ids. */
export function bytesOf(family: string, no: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.write(family.slice(0, 8), 0, 'latin1');
  bytes.writeUInt32BE(no, 12);
  return bytes;
}

/** ReminderDueBy defaults to Start (BEHAVIOUR §7); tasks have it only when it was set. */
function reminderDueOf(view: View): number | undefined {
  if (view.item.kind !== 'event') return view.values.reminderDueBy;
  return view.occurrence === undefined ? (view.values.reminderDueBy ?? view.values.start) : view.values.start;
}

function reminderMinutesOf(view: View): number {
  return view.values.reminderMinutes ?? (view.item.kind === 'event' ? defaultReminder : 0);
}

function namesOf(view: View, line: 'to' | 'cc'): string {
  const { values } = view;
  const mails =
    view.item.kind === 'event'
      ? ((line === 'to' ? values.requiredAttendees : values.optionalAttendees) ?? []).map(
          ({ mailbox }) => mailbox,
        )
      : ((line === 'to' ? values.toRecipients : values.ccRecipients) ?? []);
  return mails.map((mail) => mail.name ?? mail.address ?? '').join('; ');
}

/** An estimate, as on a real server: it grows with texts and attachments. */
function sizeOf(view: View): number {
  const { body, subject, location } = view.values;
  let size = 2400 + (body?.text.length ?? 0) * 2 + (subject?.length ?? 0) * 2 + (location?.length ?? 0) * 2;
  for (const attachment of view.attachments ?? []) size += Math.floor(attachment.content.length * 0.75) + 300;
  return size;
}

function noSetter(): void {}
