// Get-, Add-, Update- and RemoveDelegate ([MS-OXWSDLGM]; BEHAVIOUR §15): who may act in whose folders, by levels.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { levelOf, rightsOfLevel } from '../fields/permission-set.ts';
import { tag } from '../fields/row.ts';
import { problem, refusalOf, respondAlone } from '../responses.ts';
import { entryBySid, entryOf, folderOf, levels, type DirectoryEntry, type Mailbox } from '../state/index.ts';
import type { Operation } from './operation.ts';

/** DelegatePermissionsType: element and folder, in the order of the schema. */
const folders = [
  ['CalendarFolderPermissionLevel', 'calendar'],
  ['TasksFolderPermissionLevel', 'tasks'],
  ['InboxFolderPermissionLevel', 'inbox'],
  ['ContactsFolderPermissionLevel', 'contacts'],
  ['NotesFolderPermissionLevel', 'notes'],
  ['JournalFolderPermissionLevel', 'journal'],
] as const;

export const getDelegate: Operation = (request, context) =>
  respondAlone(context, () => {
    const mailbox = ownMailbox(request, context);
    const withPermissions = /^(true|1)$/.test(request.attrs['IncludePermissions'] ?? 'false');
    const asked = childOf(request, 'UserIds');
    const { delegates, deliverMeetingRequests } = mailbox.settings;
    const one = (entry: DirectoryEntry): string => renderDelegate(mailbox, entry, withPermissions);
    const messages =
      asked === undefined
        ? [...delegates.keys()]
            .flatMap((address) => entryOf(context.world, address) ?? [])
            .map((entry) => message(() => one(entry)))
        : childrenOf(asked).map((id) => message(() => one(delegateOf(mailbox, id, context))));
    return `${responses(messages)}<m:DeliverMeetingRequests>${deliverMeetingRequests}</m:DeliverMeetingRequests>`;
  });

export const addDelegate: Operation = (request, context) =>
  respondAlone(context, () => {
    const mailbox = ownMailbox(request, context);
    const messages = listed(childOf(request, 'DelegateUsers')).map((given) =>
      message(() => {
        const entry = userOf(childOf(given, 'UserId'), context);
        const key = entry.address.toLowerCase();
        if (key === mailbox.address.toLowerCase()) throw new EwsError('ErrorDelegateCannotAddOwner');
        if (mailbox.settings.delegates.has(key)) throw new EwsError('ErrorDelegateAlreadyExists');
        mailbox.settings.delegates.set(key, { receivesCopies: false, viewsPrivateItems: false });
        change(mailbox, key, given);
        return renderDelegate(mailbox, entry, false);
      }),
    );
    setDelivery(mailbox, request);
    return responses(messages);
  });

export const updateDelegate: Operation = (request, context) =>
  respondAlone(context, () => {
    const mailbox = ownMailbox(request, context);
    const messages = listed(childOf(request, 'DelegateUsers')).map((given) =>
      message(() => {
        const entry = delegateOf(mailbox, childOf(given, 'UserId'), context);
        change(mailbox, entry.address.toLowerCase(), given);
        return renderDelegate(mailbox, entry, false);
      }),
    );
    setDelivery(mailbox, request);
    return responses(messages);
  });

export const removeDelegate: Operation = (request, context) =>
  respondAlone(context, () => {
    const mailbox = ownMailbox(request, context);
    const messages = listed(childOf(request, 'UserIds')).map((id) =>
      message(() => {
        const key = delegateOf(mailbox, id, context).address.toLowerCase();
        mailbox.settings.delegates.delete(key);
        for (const [, folder] of folders) folderOf(mailbox, folder).permissions.delete(key);
        return '';
      }),
    );
    return responses(messages);
  });

function listed(element: XmlElement | undefined): readonly XmlElement[] {
  return element === undefined ? [] : childrenOf(element);
}

/** Only the owner decides about delegates. */
function ownMailbox(request: XmlElement, { world, user }: Context): Mailbox {
  const address = textOf(childOf(childOf(request, 'Mailbox'), 'EmailAddress')).trim();
  const mailbox = world.mailboxes.get(entryOf(world, address)?.address.toLowerCase() ?? '');
  if (mailbox === undefined) throw new EwsError('ErrorNonExistentMailbox');
  if (mailbox !== user) throw new EwsError('ErrorAccessDenied');
  return mailbox;
}

/** @throws EwsError ErrorMissingUserIdInformation | ErrorDelegateNoUser */
function userOf(id: XmlElement | undefined, { world }: Context): DirectoryEntry {
  const sid = textOf(childOf(id, 'SID')).trim();
  const address = textOf(childOf(id, 'PrimarySmtpAddress')).trim();
  if (sid === '' && address === '') throw new EwsError('ErrorMissingUserIdInformation');
  const entry = address === '' ? entryBySid(world, sid) : entryOf(world, address);
  if (entry === undefined) throw new EwsError('ErrorDelegateNoUser');
  return entry;
}

function delegateOf(mailbox: Mailbox, id: XmlElement | undefined, context: Context): DirectoryEntry {
  const entry = userOf(id, context);
  if (!mailbox.settings.delegates.has(entry.address.toLowerCase())) throw new EwsError('ErrorNotDelegate');
  return entry;
}

/** What is not named stays as it was. */
function change(mailbox: Mailbox, key: string, given: XmlElement): void {
  const { delegates } = mailbox.settings;
  const before = delegates.get(key);
  const flag = (name: string, fallback: boolean): boolean => {
    const text = textOf(childOf(given, name)).trim();
    return text === '' ? fallback : text === 'true' || text === '1';
  };
  delegates.set(key, {
    receivesCopies: flag('ReceiveCopiesOfMeetingMessages', before?.receivesCopies ?? false),
    viewsPrivateItems: flag('ViewPrivateItems', before?.viewsPrivateItems ?? false),
  });
  const permissions = childOf(given, 'DelegatePermissions');
  for (const [element, folder] of folders) {
    const level = textOf(childOf(permissions, element)).trim();
    if (level === 'None') folderOf(mailbox, folder).permissions.delete(key);
    else if (level !== '')
      folderOf(mailbox, folder).permissions.set(key, rightsOfLevel(level) ?? levels.none);
  }
}

function setDelivery(mailbox: Mailbox, request: XmlElement): void {
  const delivery = textOf(childOf(request, 'DeliverMeetingRequests')).trim();
  if (delivery !== '') mailbox.settings.deliverMeetingRequests = delivery;
}

function renderDelegate(mailbox: Mailbox, entry: DirectoryEntry, withPermissions: boolean): string {
  const key = entry.address.toLowerCase();
  const delegate = mailbox.settings.delegates.get(key);
  const shown = folders.map(([element, folder]) => {
    const rights = folderOf(mailbox, folder).permissions.get(key);
    const level = rights === undefined ? 'None' : levelOf(rights, false);
    return tag(element, ['None', 'Reviewer', 'Author', 'Editor'].includes(level) ? level : 'Custom');
  });
  return `<m:DelegateUser>${
    tag(
      'UserId',
      tag('SID', entry.sid) +
        tag('PrimarySmtpAddress', escapeText(entry.address)) +
        tag('DisplayName', escapeText(entry.name)),
    ) +
    (withPermissions ? tag('DelegatePermissions', shown.join('')) : '') +
    tag('ReceiveCopiesOfMeetingMessages', String(delegate?.receivesCopies ?? false)) +
    tag('ViewPrivateItems', String(delegate?.viewsPrivateItems ?? false))
  }</m:DelegateUser>`;
}

function message(answer: () => string): string {
  const whole = (responseClass: string, content: string): string =>
    `<m:DelegateUserResponseMessageType ResponseClass="${responseClass}">${content}</m:DelegateUserResponseMessageType>`;
  try {
    return whole('Success', `<m:ResponseCode>NoError</m:ResponseCode>${answer()}`);
  } catch (error) {
    return whole('Error', problem(refusalOf(error)));
  }
}

/** Absent where there is none: the schema wants at least one in it. */
function responses(messages: readonly string[]): string {
  return messages.length === 0 ? '' : `<m:ResponseMessages>${messages.join('')}</m:ResponseMessages>`;
}
