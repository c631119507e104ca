// t:Mailbox and t:Attendee: addresses in and out.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { Attendee, Mail } from '../state/index.ts';
import { tag, type Answer } from './row.ts';

export function renderMail(mail: Mail, answer: Answer): string {
  const name = tag('Name', escapeText(mail.name ?? mail.address ?? ''));
  // Listings know a name only (BEHAVIOUR §4).
  if (answer.listing) return tag('Mailbox', name);
  const legacyDn = mail.address === undefined ? undefined : answer.legacyDnOf?.(mail.address);
  const shown = legacyDn ?? mail.address ?? '';
  const address = shown === '' ? '' : tag('EmailAddress', escapeText(shown));
  const routingType = legacyDn === undefined ? (mail.routingType ?? 'SMTP') : 'EX';
  return tag('Mailbox', name + address + tag('RoutingType', routingType) + tag('MailboxType', 'Mailbox'));
}

export function renderMails(element: string, mails: readonly Mail[] | undefined, answer: Answer): string {
  return mails === undefined || mails.length === 0
    ? ''
    : tag(element, mails.map((mail) => renderMail(mail, answer)).join(''));
}

export function renderAttendees(
  element: string,
  attendees: readonly Attendee[] | undefined,
  answer: Answer,
): string {
  if (attendees === undefined || attendees.length === 0) return '';
  const list = attendees.map((attendee) =>
    tag(
      'Attendee',
      renderMail(attendee.mailbox, answer) +
        tag('ResponseType', attendee.response ?? 'Unknown') +
        (attendee.lastResponseTime === undefined
          ? ''
          : tag('LastResponseTime', answer.time(attendee.lastResponseTime))),
    ),
  );
  return tag(element, list.join(''));
}

export function parseMail(element: XmlElement | undefined): Mail {
  const part = (name: string): string | undefined => {
    const child = childOf(element, name);
    return child === undefined ? undefined : textOf(child).trim();
  };
  const address = part('EmailAddress');
  const name = part('Name') ?? address;
  const routingType = part('RoutingType');
  return {
    ...(name === undefined ? {} : { name }),
    ...(address === undefined ? {} : { address }),
    ...(routingType === undefined ? {} : { routingType }),
  };
}

export function parseMails(element: XmlElement): Mail[] {
  return childrenOf(element)
    .filter((child) => child.name === 'Mailbox')
    .map(parseMail);
}

/** Answers of attendees are the server's to keep: those of the people who stay are carried over (BEHAVIOUR §9). */
export function parseAttendees(element: XmlElement, before: readonly Attendee[] | undefined): Attendee[] {
  const kept = new Map(before?.map((attendee) => [addressKey(attendee.mailbox), attendee]));
  return childrenOf(element).map((child) => {
    const mailbox = parseMail(childOf(child, 'Mailbox'));
    const known = kept.get(addressKey(mailbox));
    return known === undefined ? { mailbox } : { ...known, mailbox };
  });
}

export function addressKey(mail: Mail): string {
  return (mail.address ?? mail.name ?? '').toLowerCase();
}
