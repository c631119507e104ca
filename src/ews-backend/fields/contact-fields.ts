// Contacts: EWS Contact ⇄ ContactItem, a row for each fact (BEHAVIOUR §10). Dictionaries change entry by entry.
import type {
  AddressSlot,
  ContactItem,
  ContactName,
  EmailSlot,
  ImSlot,
  Part,
  Person,
  PhoneSlot,
  PostalAddress,
} from '../../model/item.ts';
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import { categoriesRow, noteRow, sensitivityRow, stampRow } from './item-fields.ts';
import { extendedOf, field, renderExtended, type ExtendedPath } from './path.ts';
import { heldPerson, smtpOf } from './people.ts';
import {
  childText,
  listRow,
  only,
  property,
  textRow,
  type Property,
  type Row,
  elementNameOf,
} from './row.ts';
import { heldLine, heldText, heldUri } from './texts.ts';
import { nearestDate, parseInstant } from './times.ts';

/** Courtesy title: CompleteName/Title is read-only, the MAPI property behind it is not (PR_DISPLAY_NAME_PREFIX). */
const prefixPath: ExtendedPath = { kind: 'extended', tag: '0x3A45', type: 'String' };

const nameParts = [
  ['given', 'contacts:GivenName'],
  ['middle', 'contacts:MiddleName'],
  ['family', 'contacts:Surname'],
  ['suffix', 'contacts:Generation'],
] as const satisfies readonly (readonly [keyof ContactName, string])[];

const nameRow: Row<ContactItem> = {
  fields: ['name'],
  asks: [...nameParts.map(([, uri]) => field(uri)), prefixPath, field('contacts:CompleteName')],
  read(element) {
    const prefix = extendedOf(element, prefixPath);
    const title = childOf(childOf(element, 'CompleteName'), 'Title');
    const [given = '', middle = '', family = '', suffix = ''] = nameParts.map(([, uri]) =>
      heldLine(childText(element, elementNameOf(uri))),
    );
    return { name: { prefix: heldLine(prefix ?? textOf(title)), given, middle, family, suffix } };
  },
  write: ({ name }) => [
    ...nameParts.map(([part, uri]) => property(uri, name[part] || undefined)),
    extendedText(prefixPath, name.prefix),
  ],
};

function extendedText(path: ExtendedPath, text: string): Property {
  const element = 'ExtendedProperty';
  return text === '' ? { path, element } : { path, element, value: renderExtended(path, text) };
}

/** `None` keeps our text; any other mapping is the server's own rule and is left at work. */
const fileAsRow: Row<ContactItem> = {
  fields: ['fileAs'],
  asks: [field('contacts:FileAs'), field('contacts:FileAsMapping')],
  read(element) {
    const mapping = childText(element, 'FileAsMapping');
    const fileAs = heldLine(childText(element, 'FileAs'));
    return { fileAs: fileAs === '' || (mapping !== '' && mapping !== 'None') ? undefined : fileAs };
  },
  write: writeFileAs,
  change: (_before, after) => writeFileAs(after),
};

function writeFileAs(item: ContactItem): readonly Property[] {
  if (item.fileAs === undefined) return [property('contacts:FileAsMapping', ownFileAs(item))];
  return [property('contacts:FileAs', item.fileAs), property('contacts:FileAsMapping', 'None')];
}

function ownFileAs({ name, company }: ContactItem): string {
  if (name.given !== '' || name.family !== '') return 'LastCommaFirst';
  return company === '' ? 'DisplayName' : 'Company';
}

/** One entry of a dictionary: how it is named, read and written. */
interface Dictionary<Slot extends string, Value> {
  readonly name: 'emails' | 'phones' | 'ims' | 'addresses';
  readonly element: string;
  readonly keys: Readonly<Record<Slot, string>>;
  read(entry: XmlElement): Value | undefined;
  /** Every indexed property of an entry; without content when it is empty. */
  write(key: string, value: Value | undefined): readonly { uri: string; content?: Markup }[];
  /** The entry as a whole. */
  entry(key: string, value: Value): Markup;
}

function dictionaryRow<Slot extends string, Value>(
  dictionary: Dictionary<Slot, Value>,
  valuesOf: (item: ContactItem) => Readonly<Partial<Record<Slot, Value>>>,
): Row<ContactItem> {
  const { element, keys } = dictionary;
  const slots = Object.keys(keys).filter((slot): slot is Slot => slot in keys);
  return {
    fields: [dictionary.name],
    asks: [field(`contacts:${element}`)],
    read(from) {
      const entries = childOf(from, element);
      const found: Partial<Record<Slot, Value>> = {};
      for (const entry of entries === undefined ? [] : childrenOf(entries)) {
        const slot = slots.find((each) => keys[each] === entry.attrs['Key']);
        const value = slot && dictionary.read(entry);
        if (slot !== undefined && value !== undefined) found[slot] = value;
      }
      return only<ContactItem>(dictionary.name, found);
    },
    create(item) {
      const values = valuesOf(item);
      const entries = slots.flatMap((slot) => {
        const value = values[slot];
        return value === undefined ? [] : [dictionary.entry(keys[slot], value)];
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

const emails: Dictionary<EmailSlot, Person> = {
  name: 'emails',
  element: 'EmailAddresses',
  keys: { email1: 'EmailAddress1', email2: 'EmailAddress2', email3: 'EmailAddress3' },
  read(entry) {
    const address = smtpOf(textOf(entry).trim());
    return address === '' ? undefined : heldPerson({ address, name: heldLine(entry.attrs['Name'] ?? '') });
  },
  write: (key, value) => [
    { uri: 'contacts:EmailAddress', ...(value && { content: emails.entry(key, value) }) },
  ],
  entry: (key, { address, name }) => xml('t:Entry', { Key: key, Name: name }, address),
};

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

const ims = textDictionary<ImSlot>('ims', 'ImAddresses', {
  uri: 'contacts:ImAddress',
  keys: { im1: 'ImAddress1', im2: 'ImAddress2', im3: 'ImAddress3' },
});

/** In the order of the schema. */
const addressParts = [
  ['street', 'Street'],
  ['city', 'City'],
  ['region', 'State'],
  ['country', 'CountryOrRegion'],
  ['postalCode', 'PostalCode'],
] as const satisfies readonly (readonly [keyof PostalAddress, string])[];

const addresses: Dictionary<AddressSlot, PostalAddress> = {
  name: 'addresses',
  element: 'PhysicalAddresses',
  keys: { business: 'Business', home: 'Home', other: 'Other' },
  read(entry) {
    const [street = '', city = '', region = '', country = '', postalCode = ''] = addressParts.map(
      ([, name]) => heldText(childText(entry, name)).trim(),
    );
    const isEmpty = `${street}${city}${region}${country}${postalCode}` === '';
    return isEmpty ? undefined : { street, city, region, country, postalCode };
  },
  write: (key, value) =>
    addressParts.map(([part, name]) => {
      const text = value?.[part] ?? '';
      const uri = `contacts:PhysicalAddress:${name}`;
      return text === ''
        ? { uri }
        : { uri, content: xml('t:Entry', { Key: key }, xml(`t:${name}`, {}, text)) };
    }),
  entry: (key, value) =>
    xml(
      't:Entry',
      { Key: key },
      ...addressParts.map(([part, name]) =>
        value[part] === '' ? undefined : xml(`t:${name}`, {}, value[part]),
      ),
    ),
};

/** Midnight UTC; Outlook writes local midnight or noon: the nearest day is meant. */
function dayRow(uri: string, name: 'birthday' | 'anniversary'): Row<ContactItem> {
  return {
    fields: [name],
    asks: [field(uri)],
    read(element) {
      const instant = parseInstant(childText(element, elementNameOf(uri)));
      return only<ContactItem>(name, instant === undefined ? undefined : nearestDate(instant));
    },
    write(item) {
      const date = item[name];
      return [property(uri, date === undefined ? undefined : `${date}T00:00:00Z`)];
    },
  };
}

/** The attachment marked as photo; its bytes are fetched apart. Writing it is a matter of attachments, not of fields. */
const photoRow: Row<ContactItem> = {
  fields: ['photo'],
  asks: [field('contacts:HasPicture'), field('item:Attachments')],
  read(element) {
    const list = childOf(element, 'Attachments');
    const photos = list === undefined ? [] : childrenOf(list).filter(isPhoto);
    return { photo: photos.flatMap(partOf)[0] };
  },
};

function isPhoto(attachment: XmlElement): boolean {
  return attachment.name === 'FileAttachment' && childText(attachment, 'IsContactPhoto') === 'true';
}

function partOf(attachment: XmlElement): readonly Part[] {
  const id = childOf(attachment, 'AttachmentId')?.attrs['Id'];
  if (id === undefined) return [];
  const contentType = childText(attachment, 'ContentType');
  const size = Number(childText(attachment, 'Size'));
  return [
    {
      id,
      name: childText(attachment, 'Name'),
      ...(contentType !== '' && { contentType }),
      ...(size > 0 && { size }),
    },
  ];
}

function line(uri: string, name: LineField): Row<ContactItem> {
  return textRow<ContactItem>(uri, name, heldLine);
}

type LineField =
  | 'fullName'
  | 'nickname'
  | 'company'
  | 'department'
  | 'office'
  | 'title'
  | 'profession'
  | 'manager'
  | 'assistant'
  | 'spouse';

export const contactRows: readonly Row<ContactItem>[] = [
  nameRow,
  line('contacts:DisplayName', 'fullName'), // behind its parts, from which a server may make it anew
  fileAsRow,
  line('contacts:Nickname', 'nickname'),
  dictionaryRow(emails, (item) => item.emails),
  dictionaryRow(addresses, (item) => item.addresses),
  dictionaryRow(phones, (item) => item.phones),
  dictionaryRow(ims, (item) => item.ims),
  line('contacts:CompanyName', 'company'),
  line('contacts:Department', 'department'),
  line('contacts:OfficeLocation', 'office'),
  line('contacts:JobTitle', 'title'),
  line('contacts:Profession', 'profession'),
  line('contacts:Manager', 'manager'),
  line('contacts:AssistantName', 'assistant'),
  line('contacts:SpouseName', 'spouse'),
  listRow<ContactItem>('contacts:Children', 'children'),
  dayRow('contacts:Birthday', 'birthday'),
  dayRow('contacts:WeddingAnniversary', 'anniversary'),
  textRow<ContactItem>('contacts:BusinessHomePage', 'homepage', heldUri),
  noteRow,
  categoriesRow,
  sensitivityRow,
  photoRow,
  stampRow('created', 'item:DateTimeCreated'),
  stampRow('modified', 'item:LastModifiedTime'),
];
