// Properties of messages ([MS-OXWSMSG] 2.2.4.1 t:MessageType), in the order of types.xsd: as much as a mailbox with
// meeting messages in it needs.
import { childOf, escapeText } from '../../src/xml/index.ts';
import { parseMail, parseMails, renderMail, renderMails } from './mailboxes-xml.ts';
import { flag, scalar, tag, text, whole, type Row } from './row.ts';

export const messageRows: readonly Row[] = [
  single('Sender', 'sender'),
  several('ToRecipients', 'toRecipients'),
  several('CcRecipients', 'ccRecipients'),
  several('BccRecipients', 'bccRecipients'),
  scalar({ uri: 'message:ConversationTopic', can: 'F', shape: 'a' }, (view) => view.values.subject),
  single('From', 'from'),
  scalar({ uri: 'message:InternetMessageId', can: 'F', shape: 'a' }, (view) => view.values.internetMessageId),
  flag({ uri: 'message:IsRead', can: 'SUF', shape: 'a' }, 'isRead', false),
  flag({ uri: 'message:IsResponseRequested', can: 'SUDF', shape: 'a' }, 'isResponseRequested'),
  {
    ...text({ uri: 'message:References', can: 'SUDF', shape: 'a' }, 'references'),
    render: (view) =>
      view.values.references === undefined ? '' : tag('References', escapeText(view.values.references)),
  },
];

function single(element: string, key: 'sender' | 'from'): Row {
  return whole(
    { uri: `message:${element}`, can: 'SUDF', shape: 'da' },
    {
      read: (view) => view.values[key]?.name,
      render: (view, answer) =>
        view.values[key] === undefined ? '' : tag(element, renderMail(view.values[key], answer)),
      set(draft, given) {
        draft[key] = parseMail(childOf(given, 'Mailbox'));
      },
      clear(draft) {
        delete draft[key];
      },
    },
  );
}

function several(element: string, key: 'toRecipients' | 'ccRecipients' | 'bccRecipients'): Row {
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
