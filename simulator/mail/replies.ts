// ReplyToItem, ReplyAllToItem and ForwardItem of messages ([MS-OXWSCORE] 2.2.4.22 t:SmartResponseType): a new message
// with the old one quoted below what was written.
import { childOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { parseHtml } from '../bodies.ts';
import { EwsError } from '../errors.ts';
import { addressKey, parseMails } from '../fields/mailboxes-xml.ts';
import type { Found } from '../lookup.ts';
import { mailKinds, type Body, type Draft, type Mail, type Values } from '../state/index.ts';
import { mailOf } from './posting.ts';

export type ReplyKind = 'reply' | 'reply-all' | 'forward';

/** The values of the new message. @throws EwsError ErrorInvalidReferenceItem */
export function replyTo(kind: ReplyKind, element: XmlElement, found: Found): Values {
  const { item, place } = found;
  if (!mailKinds.has(item.kind)) throw new EwsError('ErrorInvalidReferenceItem');
  const own = mailOf(place.mailbox);
  const original = item.values;
  const subject = childOf(element, 'Subject');
  const draft: Draft = {
    itemClass: 'IPM.Note',
    subject:
      subject === undefined
        ? prefixed(kind === 'forward' ? 'FW: ' : 'RE: ', original.subject)
        : textOf(subject),
    body: quoted(element, original),
    from: own,
    sender: own,
    isRead: true,
  };
  const sender = original.replyTo?.[0] ?? original.from ?? original.sender;
  const others = [...(original.toRecipients ?? []), ...(original.ccRecipients ?? [])].filter(
    (mail) => addressKey(mail) !== addressKey(own),
  );
  if (kind !== 'forward' && sender !== undefined) draft.toRecipients = [sender];
  if (kind === 'reply-all' && others.length > 0) draft.ccRecipients = others;
  if (kind !== 'forward' && original.internetMessageId !== undefined)
    draft.inReplyTo = original.internetMessageId;
  return { ...draft, ...givenRecipients(element) };
}

function givenRecipients(element: XmlElement): Values {
  const lists = {
    ToRecipients: 'toRecipients',
    CcRecipients: 'ccRecipients',
    BccRecipients: 'bccRecipients',
  };
  const given = Object.entries(lists).flatMap(([name, key]): [string, readonly Mail[]][] => {
    const list = childOf(element, name);
    return list === undefined ? [] : [[key, parseMails(list)]];
  });
  return Object.fromEntries(given);
}

function quoted(element: XmlElement, original: Values): Body {
  const content = childOf(element, 'NewBodyContent') ?? childOf(element, 'Body');
  const written = content === undefined ? '' : textOf(content);
  const isHtml = content?.attrs['BodyType'] === 'HTML';
  const header = [
    `From: ${original.from?.name ?? ''}`,
    `Sent: ${new Date(original.dateTimeSent ?? 0).toUTCString()}`,
    `Subject: ${original.subject ?? ''}`,
  ];
  const old = original.body === undefined ? '' : parseHtml(original.body);
  if (!isHtml) return { type: 'Text', text: `${written}\r\n\r\n${header.join('\r\n')}\r\n\r\n${old}` };
  const escaped = [...header, '', ...old.split(/\r?\n/)].map((line) =>
    line.replace(/[&<>]/g, (found) => entities[found] ?? ''),
  );
  return { type: 'HTML', text: `${written}<hr>${escaped.join('<br>')}` };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function prefixed(prefix: string, subject = ''): string {
  return subject.toUpperCase().startsWith(prefix) ? subject : prefix + subject;
}
