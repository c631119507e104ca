// Messages that are written to be sent: saved, sent, or both ([MS-OXWSMSG] 2.2.5.1; BEHAVIOUR §11), and drafts sent later.
import type { Context } from '../context.ts';
import { EwsError } from '../errors.ts';
import { addressKey } from '../fields/mailboxes-xml.ts';
import { demandRight } from '../lookup.ts';
import {
  addItem,
  removeItem,
  type Attachment,
  type Folder,
  type Item,
  type ItemKind,
  type Mail,
  type Mailbox,
  type Values,
} from '../state/index.ts';
import type { Place } from '../view.ts';
import { post, sentItemsOf } from './posting.ts';

export interface NewMessage {
  readonly kind: Extract<ItemKind, 'message'>;
  readonly values: Values;
  readonly attachments?: readonly Attachment[] | undefined;
  readonly extended?: Item['extended'];
  readonly disposition: string;
  /** Where a draft is saved. */
  readonly place: Place;
  /** Where the copy of what is sent goes; undefined: Sent Items. */
  readonly copyTo: Folder | undefined;
}

/** The saved draft; undefined where the message was sent: then no id is answered (MS-OXWSMSG_R84, R86). @throws EwsError */
export function sendOrSave(context: Context, message: NewMessage): Item | undefined {
  const { place, values, disposition } = message;
  if (disposition === 'SaveOnly')
    return addItem(context.world, place.folder, {
      kind: 'message',
      values: { ...values, isDraft: true },
      extended: message.extended,
      attachments: message.attachments,
      modifiedBy: context.user.name,
    });
  send(context, place.mailbox, {
    ...message,
    copyTo: disposition === 'SendAndSaveCopy' ? (message.copyTo ?? sentItemsOf(place.mailbox)) : undefined,
  });
  return undefined;
}

/** Sends a draft that is there: it leaves its folder. @throws EwsError */
export function sendDraft(
  context: Context,
  draft: { readonly place: Place; readonly item: Item; readonly copyTo: Folder | undefined },
): void {
  const { place, item } = draft;
  demandRight(place, 'delete');
  send(context, place.mailbox, { ...item, copyTo: draft.copyTo });
  removeItem(context.world, place.folder, item);
}

function send(
  context: Context,
  mailbox: Mailbox,
  message: Pick<NewMessage, 'values' | 'attachments'> & { readonly copyTo: Folder | undefined },
): void {
  const { values } = message;
  const to = recipientsOf(values);
  if (to.length === 0) throw new EwsError('ErrorMissingRecipients');
  if (to.some((mail) => !addressKey(mail).includes('@'))) throw new EwsError('ErrorInvalidRecipients');
  demandSendAs(mailbox, values);
  post(context.world, mailbox, {
    kind: 'message',
    record: 'message',
    values,
    attachments: message.attachments,
    to,
    copyTo: message.copyTo,
  });
}

export function recipientsOf(values: Values): readonly Mail[] {
  return [...(values.toRecipients ?? []), ...(values.ccRecipients ?? []), ...(values.bccRecipients ?? [])];
}

/** @throws EwsError ErrorSendAsDenied */
function demandSendAs(mailbox: Mailbox, { from }: Values): void {
  if (from !== undefined && addressKey(from) !== mailbox.address.toLowerCase())
    throw new EwsError('ErrorSendAsDenied');
}
