// People, rooms and groups of the directory as t:Mailbox and t:Contact, in the order that captures show.
import { escapeText } from '../../src/xml/index.ts';
import type { DirectoryEntry, World } from '../state/index.ts';
import { photoOf } from '../seed/photo.ts';
import { tag, type Answer } from './row.ts';

interface MailboxParts {
  readonly name: string;
  readonly address?: string;
  readonly routingType: string;
  readonly type: string;
  /** t:ItemId of a contact. */
  readonly itemId?: string;
}

/** Another element name where the schema has one (t:Address, t:Id). */
export function renderMailbox(parts: MailboxParts, element = 'Mailbox'): string {
  const { name, address, routingType, type, itemId } = parts;
  return tag(
    element,
    tag('Name', escapeText(name)) +
      (address === undefined ? '' : tag('EmailAddress', escapeText(address))) +
      tag('RoutingType', routingType) +
      tag('MailboxType', type) +
      (itemId ?? ''),
  );
}

const mailboxTypes = {
  user: 'Mailbox',
  room: 'Mailbox',
  group: 'PublicDL',
  roomList: 'PublicDL',
  contact: 'Contact',
} as const satisfies Record<DirectoryEntry['kind'], string>;

export function renderEntryMailbox(
  entry: DirectoryEntry,
  answer: Pick<Answer, 'legacyDnOf'>,
  element?: string,
): string {
  const type = mailboxTypes[entry.kind];
  const parts =
    answer.legacyDnOf === undefined
      ? { address: entry.address, routingType: 'SMTP' }
      : { address: entry.legacyDn, routingType: 'EX' };
  return renderMailbox({ name: entry.name, ...parts, type }, element);
}

/** t:Contact of a resolution; IdOnly shows the name alone. */
export function renderEntryContact(world: World, entry: DirectoryEntry, base: string): string {
  const text = (element: string, value: string | undefined): string => tag(element, escapeText(value ?? ''));
  const { kind, photo } = entry;
  const shown = tag('DisplayName', escapeText(entry.name));
  const source = tag('ContactSource', 'ActiveDirectory');
  if (base === 'IdOnly') return tag('Contact', shown + source);
  const isPerson = kind === 'user' || kind === 'contact';
  return tag(
    'Contact',
    (isPerson ? tag('Culture', 'en-US') : '') +
      shown +
      text('GivenName', entry.givenName) +
      tag('Initials', '') +
      text('CompanyName', entry.company) +
      tag('EmailAddresses', emailsOf(entry)) +
      tag('PhysicalAddresses', `<t:Entry Key="Business">${placeOf(entry)}</t:Entry>`) +
      tag('PhoneNumbers', phoneKeys.map((key) => entryOf(key, entry.phones?.[key])).join('')) +
      tag('AssistantName', '') +
      source +
      text('Department', entry.department) +
      text('JobTitle', entry.title) +
      (entry.manager === undefined ? '' : text('Manager', nameOf(world, entry.manager))) +
      text('OfficeLocation', entry.office) +
      text('Surname', entry.surname) +
      (photo === undefined ? '' : tag('HasPicture', 'true')) +
      text('Alias', entry.alias) +
      text('Notes', entry.notes) +
      (photo === undefined ? '' : tag('Photo', photoOf(photo, 64).base64)) +
      '<t:UserSMIMECertificate/><t:MSExchangeCertificate/>' +
      tag('DirectoryId', `&lt;GUID=${entry.guid}&gt;`),
  );
}

const phoneKeys = ['AssistantPhone', 'BusinessFax', 'BusinessPhone', 'HomePhone', 'MobilePhone', 'Pager'];

/** Three at most; the primary one is last, and told by its capitals. */
function emailsOf(entry: DirectoryEntry): string {
  const further = entry.proxies.map((address) => `smtp:${address}`);
  const sip = entry.kind === 'user' ? [`SIP:${entry.address}`] : [];
  return [...further.slice(0, 2 - sip.length), ...sip, `SMTP:${entry.address}`]
    .map((text, index) => entryOf(`EmailAddress${index + 1}`, text))
    .join('');
}

function entryOf(key: string, value: string | undefined): string {
  return value === undefined || value === ''
    ? `<t:Entry Key="${key}"/>`
    : `<t:Entry Key="${key}">${escapeText(value)}</t:Entry>`;
}

function placeOf({ place }: DirectoryEntry): string {
  const part = (element: string, value: string | undefined): string => tag(element, escapeText(value ?? ''));
  return (
    part('Street', place?.street) +
    part('City', place?.city) +
    part('State', place?.state) +
    part('CountryOrRegion', place?.countryOrRegion) +
    part('PostalCode', place?.postalCode)
  );
}

function nameOf(world: World, address: string): string {
  return world.directory.get(address.toLowerCase())?.name ?? address;
}
