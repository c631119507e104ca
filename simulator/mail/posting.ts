// Delivery between the mailboxes of the simulator: into each recipient's Inbox, with a copy for the sender where one is
// asked for, and a record of what left (BEHAVIOUR §9; [MS-OXWSMSG] 2.2.5.1).
import { addressKey } from '../fields/mailboxes-xml.ts';
import {
  addItem,
  emit,
  folderOf,
  reachedBy,
  type Attachment,
  type Exception,
  type Folder,
  type Instant,
  type ItemKind,
  type Mail,
  type Mailbox,
  type SentMessage,
  type Values,
  type World,
} from '../state/index.ts';

export interface Letter {
  readonly kind: Extract<ItemKind, 'message' | 'request' | 'response' | 'cancellation'>;
  /** What the record calls it. */
  readonly record: SentMessage['kind'];
  readonly values: Values;
  readonly attachments?: readonly Attachment[] | undefined;
  /** Of a series that the letter is about. */
  readonly exceptions?: readonly Exception[] | undefined;
  readonly deletions?: readonly number[] | undefined;
  readonly to: readonly Mail[];
  /** Undefined: no copy is kept. */
  readonly copyTo?: Folder | undefined;
}

/** Sends a letter from a mailbox. */
export function post(world: World, from: Mailbox, letter: Letter): void {
  const now = world.now();
  const values: Values = {
    sender: mailOf(from),
    from: mailOf(from),
    internetMessageId: `<${world.birth}.${world.lastNo + 1}@${from.address.replace(/^.*@/, '')}>`,
    ...letter.values,
    dateTimeSent: now,
    isDraft: false,
  };
  record(world, from, letter);
  if (letter.copyTo !== undefined)
    addItem(world, letter.copyTo, {
      ...partsOf(letter),
      values: { ...values, isRead: true, isSubmitted: true },
      modifiedBy: from.name,
    });
  const { bccRecipients: _, ...shown } = values;
  const reached = new Set(letter.to.flatMap((mail) => [...reachedBy(world, addressKey(mail))]));
  for (const key of reached) {
    const mailbox = world.mailboxes.get(key);
    if (mailbox !== undefined)
      deliver(world, mailbox, { ...letter, values: { ...shown, dateTimeReceived: now } });
  }
}

export function mailOf(mailbox: Mailbox): Mail {
  return { name: mailbox.name, address: mailbox.address, routingType: 'SMTP' };
}

/** Where a sender's copy goes when nothing else is said. */
export function sentItemsOf(mailbox: Mailbox): Folder {
  return folderOf(mailbox, 'sentitems');
}

function deliver(world: World, mailbox: Mailbox, letter: Letter): void {
  const item = addItem(world, folderOf(mailbox, 'inbox'), {
    ...partsOf(letter),
    values: { ...letter.values, isRead: false, receivedBy: mailOf(mailbox) },
    modifiedBy: letter.values.sender?.name,
  });
  emit(world, folderOf(mailbox, 'inbox'), { kind: 'NewMail', itemNo: item.no, revision: item.revision });
  if (letter.kind === 'message') return;
  const due: Instant = world.now() + world.assistantDelayMs;
  world.unprocessed.push({ due, mailboxNo: mailbox.no, itemNo: item.no });
}

function partsOf(letter: Letter): Pick<Letter, 'kind' | 'attachments' | 'exceptions' | 'deletions'> {
  return {
    kind: letter.kind,
    attachments: letter.attachments,
    exceptions: letter.exceptions,
    deletions: letter.deletions,
  };
}

function record(world: World, from: Mailbox, { record: kind, values, to }: Letter): void {
  const { uid, recurrenceId } = values;
  world.sent.push({
    kind,
    from: from.address,
    to: to.map((mail) => mail.address ?? mail.name ?? ''),
    subject: values.subject ?? '',
    ...(uid === undefined ? {} : { uid }),
    ...(recurrenceId === undefined ? {} : { occurrence: new Date(recurrenceId).toISOString() }),
  });
}
