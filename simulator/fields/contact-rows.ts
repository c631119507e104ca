// Properties of contacts ([MS-OXWSCONT] 3.1.4.1.1.6 t:ContactItemType), in the order of types.xsd; the entries of the
// four dictionaries by IndexedFieldURI.
import {
  childOf,
  childrenOf,
  escapeAttribute,
  escapeText,
  textOf,
  type XmlElement,
} from '../../src/xml/index.ts';
import { EwsError } from '../errors.ts';
import type { Draft, EmailEntry, PostalAddress } from '../state/index.ts';
import { choice, instant, scalar, strings, tag, text, whole, type Row, type View } from './row.ts';

export const contactRows: readonly Row[] = [
  text({ uri: 'contacts:FileAs', can: 'SUDF', shape: 'da' }, 'fileAs'),
  choice({ uri: 'contacts:FileAsMapping', can: 'SUDF', shape: 'a' }, 'fileAsMapping', 'None'),
  text({ uri: 'contacts:DisplayName', can: 'SUDF', shape: 'a' }, 'displayName'),
  text({ uri: 'contacts:GivenName', can: 'SUDF', shape: 'a' }, 'givenName'),
  text({ uri: 'contacts:Initials', can: 'SUDF', shape: 'a' }, 'initials'),
  text({ uri: 'contacts:MiddleName', can: 'SUDF', shape: 'a' }, 'middleName'),
  text({ uri: 'contacts:Nickname', can: 'SUDF', shape: 'a' }, 'nickname'),
  whole({ uri: 'contacts:CompleteName', can: 'F', shape: 'da' }, { render: renderCompleteName }),
  text({ uri: 'contacts:CompanyName', can: 'SUDF', shape: 'da' }, 'companyName'),
  whole(
    { uri: 'contacts:EmailAddresses', can: 'S', shape: 'da' },
    {
      render: (view) => renderDictionary('EmailAddresses', emailKeys, (key) => renderEmail(view, key)),
      set(draft, given) {
        for (const entry of childrenOf(given)) setEmail(draft, keyOf(entry), entry);
      },
    },
  ),
  whole(
    { uri: 'contacts:PhysicalAddresses', can: 'S', shape: 'da' },
    {
      render: (view) => renderDictionary('PhysicalAddresses', addressKeys, (key) => renderAddress(view, key)),
      set(draft, given) {
        for (const entry of childrenOf(given)) setAddress(draft, keyOf(entry), entry);
      },
    },
  ),
  whole(
    { uri: 'contacts:PhoneNumbers', can: 'S', shape: 'da' },
    {
      render: (view) =>
        renderDictionary('PhoneNumbers', phoneKeys, (key) => renderEntry(view.values.phones, key)),
      set(draft, given) {
        for (const entry of childrenOf(given))
          draft.phones = { ...draft.phones, [keyOf(entry)]: textOf(entry) };
      },
    },
  ),
  text({ uri: 'contacts:AssistantName', can: 'SUDF', shape: 'a' }, 'assistantName'),
  instant({ uri: 'contacts:Birthday', can: 'SUDF' }, 'birthday'),
  text({ uri: 'contacts:BusinessHomePage', can: 'SUDF', shape: 'a' }, 'businessHomePage'),
  strings({ uri: 'contacts:Children', can: 'SUDF', shape: 'a' }, 'children'),
  strings({ uri: 'contacts:Companies', can: 'SUDF' }, 'companies'),
  scalar({ uri: 'contacts:ContactSource', can: 'F' }, () => 'Store'),
  text({ uri: 'contacts:Department', can: 'SUDF', shape: 'a' }, 'department'),
  text({ uri: 'contacts:Generation', can: 'SUDF', shape: 'a' }, 'generation'),
  whole(
    { uri: 'contacts:ImAddresses', can: 'S', shape: 'da' },
    {
      render: (view) => renderDictionary('ImAddresses', imKeys, (key) => renderEntry(view.values.ims, key)),
      set(draft, given) {
        for (const entry of childrenOf(given)) draft.ims = { ...draft.ims, [keyOf(entry)]: textOf(entry) };
      },
    },
  ),
  text({ uri: 'contacts:JobTitle', can: 'SUDF', shape: 'da' }, 'jobTitle'),
  text({ uri: 'contacts:Manager', can: 'SUDF', shape: 'a' }, 'manager'),
  text({ uri: 'contacts:Mileage', can: 'SUDF', shape: 'a' }, 'mileage'),
  text({ uri: 'contacts:OfficeLocation', can: 'SUDF', shape: 'a' }, 'officeLocation'),
  choice({ uri: 'contacts:PostalAddressIndex', can: 'SUDF', shape: 'a' }, 'postalAddressIndex', 'None'),
  text({ uri: 'contacts:Profession', can: 'SUDF', shape: 'a' }, 'profession'),
  text({ uri: 'contacts:SpouseName', can: 'SUDF', shape: 'a' }, 'spouseName'),
  text({ uri: 'contacts:Surname', can: 'SUDF', shape: 'a' }, 'surname'),
  instant({ uri: 'contacts:WeddingAnniversary', can: 'SUDF' }, 'weddingAnniversary'),
  scalar(
    { uri: 'contacts:HasPicture', can: 'F', shape: 'a' },
    (view) => view.attachments?.some((attachment) => attachment.isContactPhoto) ?? false,
  ),
];

/** Entries of a dictionary, by IndexedFieldURI. */
export interface IndexedRow {
  readonly uri: string;
  /** The element that holds the entries. */
  readonly element: string;
  readonly keys: readonly string[];
  read(view: View, key: string): string | undefined;
  render(view: View, key: string): string;
  set(draft: Draft, key: string, entry: XmlElement): void;
  clear(draft: Draft, key: string): void;
}

const emailKeys = ['EmailAddress1', 'EmailAddress2', 'EmailAddress3'];
const addressKeys = ['Business', 'Home', 'Other'];
const imKeys = ['ImAddress1', 'ImAddress2', 'ImAddress3'];
const phoneKeys = [
  'AssistantPhone',
  'BusinessFax',
  'BusinessPhone',
  'BusinessPhone2',
  'Callback',
  'CarPhone',
  'CompanyMainPhone',
  'HomeFax',
  'HomePhone',
  'HomePhone2',
  'Isdn',
  'MobilePhone',
  'OtherFax',
  'OtherTelephone',
  'Pager',
  'PrimaryPhone',
  'RadioPhone',
  'Telex',
  'TtyTddPhone',
  'BusinessMobile',
  'IPPhone',
  'Mms',
  'Msn',
];

export const indexedRows: readonly IndexedRow[] = [
  {
    uri: 'contacts:EmailAddress',
    element: 'EmailAddresses',
    keys: emailKeys,
    read: (view, key) => view.values.emails?.[key]?.address,
    render: renderEmail,
    set: setEmail,
    clear(draft, key) {
      draft.emails = without(draft.emails, key);
    },
  },
  {
    uri: 'contacts:PhoneNumber',
    element: 'PhoneNumbers',
    keys: phoneKeys,
    read: (view, key) => view.values.phones?.[key],
    render: (view, key) => renderEntry(view.values.phones, key),
    set(draft, key, entry) {
      draft.phones = { ...draft.phones, [key]: textOf(entry) };
    },
    clear(draft, key) {
      draft.phones = without(draft.phones, key);
    },
  },
  {
    uri: 'contacts:ImAddress',
    element: 'ImAddresses',
    keys: imKeys,
    read: (view, key) => view.values.ims?.[key],
    render: (view, key) => renderEntry(view.values.ims, key),
    set(draft, key, entry) {
      draft.ims = { ...draft.ims, [key]: textOf(entry) };
    },
    clear(draft, key) {
      draft.ims = without(draft.ims, key);
    },
  },
  addressPart('Street', 'street'),
  addressPart('City', 'city'),
  addressPart('State', 'state'),
  addressPart('CountryOrRegion', 'countryOrRegion'),
  addressPart('PostalCode', 'postalCode'),
];

const addressParts = [
  ['Street', 'street'],
  ['City', 'city'],
  ['State', 'state'],
  ['CountryOrRegion', 'countryOrRegion'],
  ['PostalCode', 'postalCode'],
] as const satisfies readonly (readonly [string, keyof PostalAddress])[];

function addressPart(element: string, part: keyof PostalAddress): IndexedRow {
  return {
    uri: `contacts:PhysicalAddress:${element}`,
    element: 'PhysicalAddresses',
    keys: addressKeys,
    read: (view, key) => view.values.addresses?.[key]?.[part],
    render(view, key) {
      const value = view.values.addresses?.[key]?.[part];
      return value === undefined ? '' : `<t:Entry Key="${key}">${tag(element, escapeText(value))}</t:Entry>`;
    },
    set(draft, key, entry) {
      const child = childOf(entry, element);
      if (child === undefined) throw new EwsError('ErrorUpdatePropertyMismatch');
      draft.addresses = { ...draft.addresses, [key]: { ...draft.addresses?.[key], [part]: textOf(child) } };
    },
    clear(draft, key) {
      const { [part]: _, ...rest } = draft.addresses?.[key] ?? {};
      draft.addresses =
        Object.keys(rest).length === 0 ? without(draft.addresses, key) : { ...draft.addresses, [key]: rest };
    },
  };
}

const addressSet = '00062004-0000-0000-c000-000000000046';

/** CompleteName is read-only; its Title is MAPI 0x3A45, its Yomi names are PidLidYomiFirstName and PidLidYomiLastName. */
function renderCompleteName(view: View): string {
  const { values } = view;
  const mapi = (key: string): string | undefined => {
    const value = view.extended?.[key]?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['Title', mapi('0x3a45')],
    ['FirstName', values.givenName],
    ['MiddleName', values.middleName],
    ['LastName', values.surname],
    ['Suffix', values.generation],
    ['Initials', values.initials],
    ['FullName', values.displayName],
    ['Nickname', values.nickname],
    ['YomiFirstName', mapi(`${addressSet}/0x802c`)],
    ['YomiLastName', mapi(`${addressSet}/0x802d`)],
  ];
  const inner = parts
    .map(([element, value]) => (value === undefined || value === '' ? '' : tag(element, escapeText(value))))
    .join('');
  return inner === '' ? '' : tag('CompleteName', inner);
}

function renderDictionary(element: string, keys: readonly string[], entry: (key: string) => string): string {
  const entries = keys.map(entry).join('');
  return entries === '' ? '' : tag(element, entries);
}

function renderEmail(view: View, key: string): string {
  const entry = view.values.emails?.[key];
  if (entry === undefined) return '';
  const name = entry.name === undefined ? '' : ` Name="${escapeAttribute(entry.name)}"`;
  const routing =
    entry.routingType === undefined ? '' : ` RoutingType="${escapeAttribute(entry.routingType)}"`;
  return `<t:Entry Key="${key}"${name}${routing}>${escapeText(entry.address)}</t:Entry>`;
}

function renderAddress(view: View, key: string): string {
  const address = view.values.addresses?.[key];
  if (address === undefined) return '';
  const parts = addressParts
    .map(([element, part]) => (address[part] === undefined ? '' : tag(element, escapeText(address[part]))))
    .join('');
  return parts === '' ? '' : `<t:Entry Key="${key}">${parts}</t:Entry>`;
}

function renderEntry(entries: Readonly<Record<string, string>> | undefined, key: string): string {
  const value = entries?.[key];
  return value === undefined ? '' : `<t:Entry Key="${key}">${escapeText(value)}</t:Entry>`;
}

function setEmail(draft: Draft, key: string, entry: XmlElement): void {
  const email: EmailEntry = {
    address: textOf(entry),
    ...(entry.attrs['Name'] === undefined ? {} : { name: entry.attrs['Name'] }),
    ...(entry.attrs['RoutingType'] === undefined ? {} : { routingType: entry.attrs['RoutingType'] }),
  };
  draft.emails = { ...draft.emails, [key]: email };
}

function setAddress(draft: Draft, key: string, entry: XmlElement): void {
  const address: { -readonly [K in keyof PostalAddress]: PostalAddress[K] } = { ...draft.addresses?.[key] };
  for (const [element, part] of addressParts) {
    const child = childOf(entry, element);
    if (child !== undefined) address[part] = textOf(child);
  }
  draft.addresses = { ...draft.addresses, [key]: address };
}

function keyOf(entry: XmlElement): string {
  return entry.attrs['Key'] ?? '';
}

function without<T>(entries: Readonly<Record<string, T>> | undefined, key: string): Record<string, T> {
  const { [key]: _, ...rest } = entries ?? {};
  return rest;
}
