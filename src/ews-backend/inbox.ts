// Invitations that wait in the Inbox (BEHAVIOUR §9): listed by one FindItem, read with the calendar items they are about.
import type { ChangePage, Folder, FolderId, ItemId, Mailbox, Stored } from '../model/backend.ts';
import { BackendError, failed, success, type Failure, type Outcome } from '../model/failure.ts';
import type { XmlElement } from '../xml/index.ts';
import {
  dismissal,
  heldIdOf,
  heldShape,
  isAnswered,
  messageListing,
  messageShape,
  pendingMessages,
  readMessage,
  readMessageListing,
} from './fields/invitation-fields.ts';
import { ewsIdIn, messageIdOf, parseMessageId, renderItemId, type FolderRef } from './ids.ts';
import { findNewest } from './operations/find-item.ts';
import { getItems, itemsPerGet } from './operations/get-item.ts';
import { updateItem } from './operations/update-item.ts';
import { batchesOf, inParallel } from './parallel.ts';
import type { Soap } from './soap.ts';
import { withSmtpAddresses, type X500Names } from './x500.ts';

/** Older ones are not shown: whoever has so many answers none. */
const mostMessages = 500;

/** No FolderId of Exchange: the Inbox is asked for by its name. */
const folderId: FolderId = 'minbox';

export interface Inbox extends Pick<Mailbox, 'inbox' | 'dismiss'> {
  isInbox(folder: FolderId): boolean;
  changes(signal?: AbortSignal): AsyncGenerator<ChangePage>;
  fetch(ids: readonly ItemId[], signal?: AbortSignal): AsyncGenerator<readonly [ItemId, Outcome<Stored>]>;
}

const inbox: Folder = {
  id: folderId,
  key: 'inbox',
  kind: 'events',
  displayName: 'Inbox',
  isDefault: true,
  role: 'schedule-inbox',
  rights: {
    read: true,
    create: false,
    modify: false,
    remove: true,
    createFolders: false,
    administer: false,
  },
  properties: {},
};

/** `other`: the mailbox opened, when it is not the user's own. */
export function openInbox(
  soap: Soap,
  { other, names }: { readonly other?: string; readonly names: X500Names },
): Inbox {
  const folder: FolderRef = { distinguished: 'inbox', mailbox: other };
  /** Requests whose calendar items were found answered, although the messages do not say so. */
  const answered = new Set<string>();

  return {
    inbox,
    isInbox: (id) => id === folderId,
    async *changes(signal) {
      const request = { folder, shape: messageListing, restriction: pendingMessages, most: mostMessages };
      const changes = (await findNewest(soap, request, signal)).flatMap((element) => {
        const id = ewsIdIn(element)?.id;
        const listed = readMessageListing(element);
        return id === undefined || listed === undefined || answered.has(id)
          ? []
          : [{ kind: 'present' as const, listed: { ...listed, id: messageIdOf(id) } }];
      });
      yield { mode: 'full', changes, cursor: 'full' };
    },
    fetch: (ids, signal) => fetchMessages(soap, { ids, answered, names }, signal),
    async dismiss(id) {
      const message = parseMessageId(id);
      if (message === undefined)
        throw new BackendError({ kind: 'not-found', message: 'this is no message of the Inbox' });
      await updateItem(
        soap,
        { id: renderItemId(message), changes: [dismissal] },
        { kind: 'message', conflict: 'forced', tells: undefined },
      );
    },
  };
}

interface Fetching {
  readonly ids: readonly ItemId[];
  readonly answered: Set<string>;
  readonly names: X500Names;
}

async function* fetchMessages(
  soap: Soap,
  { ids, answered, names }: Fetching,
  signal?: AbortSignal,
): AsyncGenerator<readonly [ItemId, Outcome<Stored>]> {
  const wanted = ids.flatMap((id) => parseMessageId(id) ?? []);
  const jobs = batchesOf(wanted, itemsPerGet).map((batch) => async (signal: AbortSignal) => {
    const found = await getItems(
      soap,
      { ids: batch.map((id) => renderItemId(id)), shape: messageShape(soap.version()) },
      signal,
    );
    const messages = await withSmtpAddresses(soap, { names, items: found }, signal);
    const held = await heldOf(soap, { messages, names }, signal);
    return batch.map((id, index) => [id, messages[index] ?? failed(gone), held] as const);
  });
  for await (const batch of inParallel(jobs, soap.width, signal))
    for (const [id, outcome, held] of batch) {
      const found = storedOf(outcome, { held, names });
      if (found === 'answered') answered.add(id);
      yield [messageIdOf(id), found === 'answered' ? failed(gone) : withId(messageIdOf(id), found)];
    }
}

const gone: Failure = { kind: 'not-found', message: 'this invitation no longer waits' };

type Held = ReadonlyMap<string, XmlElement>;

/** The calendar items that the messages are about: one call for all. */
async function heldOf(
  soap: Soap,
  { messages, names }: { readonly messages: readonly Outcome<XmlElement>[]; readonly names: X500Names },
  signal: AbortSignal,
): Promise<Held> {
  const wanted = [
    ...new Set(messages.flatMap((outcome) => (outcome.ok ? (heldIdOf(outcome.value) ?? []) : []))),
  ];
  if (wanted.length === 0) return new Map();
  const request = { ids: wanted.map((id) => renderItemId(id)), shape: heldShape(soap.version()) };
  const items = await getItems(soap, request, signal);
  const outcomes = await withSmtpAddresses(soap, { names, items }, signal);
  return new Map(
    wanted.flatMap((id, index) => {
      const outcome = outcomes[index];
      return outcome?.ok === true ? [[id, outcome.value] as const] : [];
    }),
  );
}

function storedOf(
  outcome: Outcome<XmlElement>,
  { held, names }: { readonly held: Held; readonly names: X500Names },
): Outcome<Stored> | 'answered' {
  if (!outcome.ok) return outcome;
  const calendarItem = held.get(heldIdOf(outcome.value) ?? '');
  // A server may let the request be as it came when it was answered in the calendar.
  if (outcome.value.name === 'MeetingRequest' && calendarItem && isAnswered(calendarItem)) return 'answered';
  try {
    const stored = readMessage(outcome.value, calendarItem);
    const isOpen = [outcome.value, calendarItem].some((each) => each && names.open.has(each));
    return success(isOpen ? { ...stored, isProvisional: true } : stored);
  } catch (error) {
    if (error instanceof BackendError) return failed(error.failure);
    return failed({ kind: 'unreadable', message: 'the invitation cannot be understood' });
  }
}

function withId(id: ItemId, outcome: Outcome<Stored>): Outcome<Stored> {
  return outcome.ok ? success({ ...outcome.value, id }) : outcome;
}
