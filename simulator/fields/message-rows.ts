// Properties of messages ([MS-OXWSMSG] 2.2.4.1 t:MessageType), in the order of types.xsd: as much as a mailbox with
// meeting messages in it needs.
import { childOf, escapeText } from '../../src/xml/index.ts';
import { bytesOf } from './item-rows.ts';
import { parseMail, parseMails, renderMail, renderMails } from './mailboxes-xml.ts';
import { flag, scalar, tag, text, whole, type Row } from './row.ts';

export const messageRows: readonly Row[] = [
  single('Sender', 'sender'),
  several('ToRecipients', 'toRecipients'),
  several('CcRecipients', 'ccRecipients'),
  several('BccRecipients', 'bccRecipients'),
  flag({ uri: 'message:IsReadReceiptRequested', can: 'SUDF', shape: 'a' }, 'isReadReceiptRequested', false),
  flag(
    { uri: 'message:IsDeliveryReceiptRequested', can: 'SUDF', shape: 'a' },
    'isDeliveryReceiptRequested',
    false,
  ),
  scalar({ uri: 'message:ConversationIndex', can: 'F', shape: 'a' }, (view) =>
    bytesOf('Thread', view.item.searchKeyNo).toString('base64'),
  ),
  scalar({ uri: 'message:ConversationTopic', can: 'F', shape: 'a' }, (view) =>
    view.values.subject?.replace(/^(RE|FW|Accepted|Tentative|Declined|Canceled): /i, ''),
  ),
  single('From', 'from'),
  scalar({ uri: 'message:InternetMessageId', can: 'F', shape: 'a' }, (view) => view.values.internetMessageId),
  flag({ uri: 'message:IsRead', can: 'SUF', shape: 'a' }, 'isRead', false),
  flag({ uri: 'message:IsResponseRequested', can: 'SUDF', shape: 'a' }, 'isResponseRequested'),
  {
    ...text({ uri: 'message:References', can: 'SUDF', shape: 'a' }, 'references'),
    render: (view) =>
      view.values.references === undefined ? '' : tag('References', escapeText(view.values.references)),
  },
  several('ReplyTo', 'replyTo'),
  received('ReceivedBy'),
  received('ReceivedRepresenting'),
];

/** The mailbox that a message was delivered to. */
function received(element: string): Row {
  return whole(
    { uri: `message:${element}`, can: 'F', shape: 'a' },
    {
      read: (view) => view.values.receivedBy?.name,
      render: (view, answer) =>
        view.values.receivedBy === undefined
          ? ''
          : tag(element, renderMail(view.values.receivedBy, { ...answer, listing: false })),
    },
  );
}

function single(element: string, key: 'sender' | 'from'): Row {
  return whole(
    { uri: `message:${element}`, can: 'SUDF', shape: 'da' },
    {
      read: (view) => view.values[key]?.name,
      render: (view, answer) =>
        // With the address also in listings, as captured (FindItem 18).
        view.values[key] === undefined
          ? ''
          : tag(element, renderMail(view.values[key], { ...answer, listing: false })),
      set(draft, given) {
        draft[key] = parseMail(childOf(given, 'Mailbox'));
      },
      clear(draft) {
        delete draft[key];
      },
    },
  );
}

function several(element: string, key: 'toRecipients' | 'ccRecipients' | 'bccRecipients' | 'replyTo'): Row {
  return whole(
    { uri: `message:${element}`, can: 'SUD', shape: 'a', getOnly: true },
    {
      render: (view, answer) => renderMails(element, view.values[key], answer),
      set(draft, given) {
        draft[key] = parseMails(given);
      },
      clear(draft) {
        delete draft[key];
      },
    },
  );
}
