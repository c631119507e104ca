// Entries of the directory: EWS Resolution, Persona and room Mailbox → Card (BEHAVIOUR §6).
import type { Card, Entry, EntryKind } from '../../model/directory.ts';
import {
  emptyContact,
  type ContactItem,
  type EmailSlot,
  type Person,
  type PhoneSlot,
} from '../../model/item.ts';
import { childOf, childrenOf, textOf, type XmlElement } from '../../xml/index.ts';
import { contactRows } from './contact-fields.ts';
import { distinctAddresses, smtpOf } from './people.ts';
import { childText, readRows } from './row.ts';
import { heldBody, heldLine } from './texts.ts';
import { meaningIn } from '../words.ts';

/** Undefined: an entry without any address that others could write to. */
export function cardOfResolution(resolution: XmlElement): Card | undefined {
  const mailbox = childOf(resolution, 'Mailbox');
  const contact = childOf(resolution, 'Contact');
  const told = addressesIn(contact);
  const addresses = distinctAddresses([smtpOf(textIn(mailbox, 'EmailAddress')), ...told]);
  const [address] = addresses;
  if (address === undefined) return undefined;
  const name = heldLine(textIn(mailbox, 'Name') || textIn(contact, 'DisplayName'));
  const found =
    contact === undefined ? emptyContact : readRows(contactRows, emptyContact, { element: contact });
  const held: ContactItem = {
    ...found,
    fullName: name || found.fullName || address,
    emails: emailsOf(addresses),
    note: heldBody(textIn(contact, 'Notes')),
  };
  return { ...personOf(address, name), kind: kindOfMailbox(mailbox), addresses, contact: held };
}

export function cardOfPersona(persona: XmlElement): Card | undefined {
  const main = textIn(childOf(persona, 'EmailAddress'), 'EmailAddress');
  const list = childOf(persona, 'EmailAddresses');
  const further = list === undefined ? [] : childrenOf(list).map((each) => childText(each, 'EmailAddress'));
  const addresses = distinctAddresses([main, ...further].map(smtpOf));
  const [address] = addresses;
  if (address === undefined) return undefined;
  const name = heldLine(childText(persona, 'DisplayName'));
  const [given, family] = [childText(persona, 'GivenName'), childText(persona, 'Surname')].map(heldLine);
  const held: ContactItem = {
    ...emptyContact,
    fullName: name || address,
    name: { ...emptyContact.name, given: given ?? '', family: family ?? '' },
    emails: emailsOf(addresses),
    phones: phonesOf(persona),
    company: heldLine(childText(persona, 'CompanyName')),
    department: heldLine(childText(persona, 'Department') || valueIn(persona, 'Departments')),
    office: heldLine(childText(persona, 'Location') || valueIn(persona, 'OfficeLocations')),
    title: heldLine(childText(persona, 'Title')),
  };
  const kind = meaningIn(personaKinds, childText(persona, 'PersonaType')) ?? 'individual';
  return { ...personOf(address, name), kind, addresses, contact: held };
}

export function roomOf(mailbox: XmlElement): Entry | undefined {
  const address = smtpOf(childText(mailbox, 'EmailAddress'));
  if (address === '') return undefined;
  return { ...personOf(address, heldLine(childText(mailbox, 'Name'))), kind: 'room', addresses: [address] };
}

const mailboxKinds: Readonly<Record<string, EntryKind>> = {
  PublicDL: 'group',
  PrivateDL: 'group',
  GroupMailbox: 'group',
};

const personaKinds: Readonly<Record<string, EntryKind>> = {
  DistributionList: 'group',
  ModernGroup: 'group',
  Room: 'room',
  Place: 'room',
};

function kindOfMailbox(mailbox: XmlElement | undefined): EntryKind {
  return meaningIn(mailboxKinds, textIn(mailbox, 'MailboxType')) ?? 'individual';
}

function personOf(address: string, name: string): Person {
  return name === '' ? { address } : { address, name };
}

/**
 * Internal people may come with an X500 address; their SMTP addresses are then in the directory's contact data, which
 * writes the primary one `SMTP:`, others `smtp:`, and knows of other kinds (`SIP:`) too.
 */
function addressesIn(contact: XmlElement | undefined): readonly string[] {
  const list = childOf(contact, 'EmailAddresses');
  const texts = (list === undefined ? [] : childrenOf(list)).map(textOf);
  const primary = texts.filter((text) => text.startsWith('SMTP:'));
  const others = texts.filter((text) => /^(?:smtp:|[^:]+@)/.test(text));
  return [...primary, ...others].map(smtpOf);
}

const slots = ['email1', 'email2', 'email3'] as const satisfies readonly EmailSlot[];

function emailsOf(addresses: readonly string[]): ContactItem['emails'] {
  return Object.fromEntries(
    slots.flatMap((slot, index) => {
      const address = addresses[index];
      return address === undefined ? [] : [[slot, { address }]];
    }),
  );
}

function phonesOf(persona: XmlElement): ContactItem['phones'] {
  const numbers: readonly (readonly [PhoneSlot, string])[] = [
    ['business', valueIn(persona, 'BusinessPhoneNumbers', 'Number')],
    ['mobile', valueIn(persona, 'MobilePhones', 'Number')],
    ['primary', textIn(childOf(persona, 'PhoneNumber'), 'Number')],
  ];
  const found = new Map<string, PhoneSlot>();
  for (const [slot, text] of numbers) {
    const number = heldLine(text);
    if (number !== '' && !found.has(number)) found.set(number, slot);
  }
  return Object.fromEntries([...found].map(([number, slot]) => [slot, number]));
}

/** The first of a list of attributed values. */
function valueIn(persona: XmlElement, name: string, part?: string): string {
  const list = childOf(persona, name);
  const value = childOf(list === undefined ? undefined : childrenOf(list)[0], 'Value');
  return part === undefined ? textOf(value) : textIn(value, part);
}

function textIn(element: XmlElement | undefined, name: string): string {
  return textOf(childOf(element, name));
}
