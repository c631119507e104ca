// The dictionaries of a contact: e-mail addresses, telephones, instant messaging. They change entry by entry (BEHAVIOUR §10).
import type { ContactItem, EmailSlot, ImSlot, Person, PhoneSlot } from '../../model/item.ts';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { extendedOf, field, type ExtendedPath } from './path.ts';
import { heldPerson, smtpOf } from './people.ts';
import { only, property, type Property, type Row } from './row.ts';
import { heldLine } from './texts.ts';

/** One entry of a dictionary: how it is named, read and written. */
export interface Dictionary<Slot extends string, Value> {
  readonly name: 'emails' | 'phones' | 'ims' | 'addresses';
  readonly element: string;
  readonly keys: Readonly<Record<Slot, string>>;
  /** Beside the dictionary itself. */
  readonly asks?: readonly ExtendedPath[];
  /** `entry`: undefined when the dictionary has none for the slot. */
  read(entry: XmlElement | undefined, slot: Slot, item: XmlElement): Value | undefined;
  /** Every indexed property of an entry; without content when it is empty. */
  write(key: string, value: Value | undefined): readonly { uri: string; content?: Markup }[];
  /** The entry as a whole; undefined: nothing of it belongs into the dictionary. */
  entry(key: string, value: Value): Markup | undefined;
}

export function dictionaryRow<Slot extends string, Value>(
  dictionary: Dictionary<Slot, Value>,
  valuesOf: (item: ContactItem) => Readonly<Partial<Record<Slot, Value>>>,
): Row<ContactItem> {
  const { element, keys } = dictionary;
  const slots = Object.keys(keys).filter((slot): slot is Slot => slot in keys);
  return {
    fields: [dictionary.name],
    asks: [field(`contacts:${element}`), ...(dictionary.asks ?? [])],
    read(from) {
      const list = childOf(from, element);
      const entries = list === undefined ? [] : childrenOf(list);
      const found: Partial<Record<Slot, Value>> = {};
      for (const slot of slots) {
        const entry = entries.find((each) => each.attrs['Key'] === keys[slot]);
        const value = dictionary.read(entry, slot, from);
        if (value !== undefined) found[slot] = value;
      }
      return only<ContactItem>(dictionary.name, found);
    },
    create(item) {
      const values = valuesOf(item);
      const entries = slots.flatMap((slot) => {
        const value = values[slot];
        return value === undefined ? [] : (dictionary.entry(keys[slot], value) ?? []);
      });
      return entries.length === 0
        ? []
        : [property(`contacts:${element}`, xml(`t:${element}`, {}, ...entries))];
    },
    write(item) {
      const values = valuesOf(item);
      return slots.flatMap((slot) => {
        const key = keys[slot];
        return dictionary.write(key, values[slot]).map(({ uri, content }): Property => ({
          path: { kind: 'indexed', uri, index: key },
          element,
          ...(content && { value: xml(`t:${element}`, {}, content) }),
        }));
      });
    },
  };
}

/** PidLidEmail1OriginalDisplayName and its like: the SMTP address of somebody who was picked from the directory. */
const smtpPaths = {
  email1: { kind: 'extended', wellKnownSet: 'Address', id: 0x8084, type: 'String' },
  email2: { kind: 'extended', wellKnownSet: 'Address', id: 0x8094, type: 'String' },
  email3: { kind: 'extended', wellKnownSet: 'Address', id: 0x80a4, type: 'String' },
} as const satisfies Record<EmailSlot, ExtendedPath>;

const emails: Dictionary<EmailSlot, Person> = {
  name: 'emails',
  element: 'EmailAddresses',
  keys: { email1: 'EmailAddress1', email2: 'EmailAddress2', email3: 'EmailAddress3' },
  asks: Object.values(smtpPaths),
  read(entry, slot, item) {
    const given = textOf(entry).trim();
    if (entry === undefined || given === '') return undefined;
    const address = smtpOf(given) || smtpOf(extendedOf(item, smtpPaths[slot])?.trim() ?? '');
    return heldPerson({ address, name: heldLine(entry.attrs['Name'] ?? '') });
  },
  write: (key, value) => [
    { uri: 'contacts:EmailAddress', ...(value && { content: renderEmail(key, value) }) },
  ],
  entry: (key, value) => (value.address === '' ? undefined : renderEmail(key, value)),
};

function renderEmail(key: string, { address, name }: Person): Markup {
  return xml('t:Entry', { Key: key, Name: name }, address);
}

export const emailsRow = dictionaryRow(emails, (item) => item.emails);

function textDictionary<Slot extends string>(
  name: 'phones' | 'ims',
  element: string,
  { uri, keys }: { uri: string; keys: Readonly<Record<Slot, string>> },
): Dictionary<Slot, string> {
  const entry = (key: string, value: string): Markup => xml('t:Entry', { Key: key }, value);
  return {
    name,
    element,
    keys,
    read: (from) => heldLine(textOf(from)) || undefined,
    write: (key, value) => [{ uri, ...(value !== undefined && { content: entry(key, value) }) }],
    entry,
  };
}

const phones = textDictionary<PhoneSlot>('phones', 'PhoneNumbers', {
  uri: 'contacts:PhoneNumber',
  keys: {
    assistant: 'AssistantPhone',
    businessFax: 'BusinessFax',
    business: 'BusinessPhone',
    business2: 'BusinessPhone2',
    callback: 'Callback',
    car: 'CarPhone',
    companyMain: 'CompanyMainPhone',
    homeFax: 'HomeFax',
    home: 'HomePhone',
    home2: 'HomePhone2',
    isdn: 'Isdn',
    mobile: 'MobilePhone',
    otherFax: 'OtherFax',
    other: 'OtherTelephone',
    pager: 'Pager',
    primary: 'PrimaryPhone',
    radio: 'RadioPhone',
    telex: 'Telex',
    ttyTdd: 'TtyTddPhone',
  },
});

export const phonesRow = dictionaryRow(phones, (item) => item.phones);

const ims = textDictionary<ImSlot>('ims', 'ImAddresses', {
  uri: 'contacts:ImAddress',
  keys: { im1: 'ImAddress1', im2: 'ImAddress2', im3: 'ImAddress3' },
});

export const imsRow = dictionaryRow(ims, (item) => item.ims);
