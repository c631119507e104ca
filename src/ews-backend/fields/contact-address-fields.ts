// Postal addresses of a contact, each with its box, and which of them is the mailing address (BEHAVIOUR §10).
import type { AddressSlot, ContactItem, PostalAddress } from '../../model/item.ts';
import { xml } from '../../xml/index.ts';
import { dictionaryRow, type Dictionary } from './contact-dictionaries.ts';
import { extendedOf, field, type ExtendedPath } from './path.ts';
import { childText, elementNameOf, extendedProperty, only, property, type Row } from './row.ts';
import { heldText } from './texts.ts';

/** In the order of the schema. */
const addressParts = [
  ['street', 'Street'],
  ['city', 'City'],
  ['region', 'State'],
  ['country', 'CountryOrRegion'],
  ['postalCode', 'PostalCode'],
] as const satisfies readonly (readonly [keyof PostalAddress, string])[];

/** PidLidWorkAddressPostOfficeBox, PidTagHomeAddressPostOfficeBox, PidTagOtherAddressPostOfficeBox: EWS has no part for it. */
const boxPaths = {
  business: { kind: 'extended', wellKnownSet: 'Address', id: 0x804a, type: 'String' },
  home: { kind: 'extended', tag: '0x3A5E', type: 'String' },
  other: { kind: 'extended', tag: '0x3A64', type: 'String' },
} as const satisfies Record<AddressSlot, ExtendedPath>;
const slots = ['business', 'home', 'other'] as const;

const addresses: Dictionary<AddressSlot, PostalAddress> = {
  name: 'addresses',
  element: 'PhysicalAddresses',
  keys: { business: 'Business', home: 'Home', other: 'Other' },
  asks: Object.values(boxPaths),
  read(entry, slot, item) {
    const [street = '', city = '', region = '', country = '', postalCode = ''] = addressParts.map(
      ([, name]) => (entry === undefined ? '' : heldText(childText(entry, name)).trim()),
    );
    const box = heldText(extendedOf(item, boxPaths[slot]) ?? '').trim();
    if (`${street}${city}${region}${country}${postalCode}${box}` === '') return undefined;
    return { street, city, region, country, postalCode, ...(box !== '' && { box }) };
  },
  write: (key, value) =>
    addressParts.map(([part, name]) => {
      const text = value?.[part] ?? '';
      const uri = `contacts:PhysicalAddress:${name}`;
      return text === ''
        ? { uri }
        : { uri, content: xml('t:Entry', { Key: key }, xml(`t:${name}`, {}, text)) };
    }),
  entry(key, value) {
    const parts = addressParts.filter(([part]) => (value[part] ?? '') !== '');
    if (parts.length === 0) return undefined;
    return xml('t:Entry', { Key: key }, ...parts.map(([part, name]) => xml(`t:${name}`, {}, value[part])));
  },
};

const dictionary = dictionaryRow(addresses, (item) => item.addresses);

const boxesOf = (item: ContactItem) =>
  slots.map((slot) => extendedProperty(boxPaths[slot], item.addresses[slot]?.box ?? ''));

export const addressesRow: Row<ContactItem> = {
  ...dictionary,
  create: (item, writing) => [...(dictionary.create?.(item, writing) ?? []), ...boxesOf(item)],
  write: (item, writing) => [...(dictionary.write?.(item, writing) ?? []), ...boxesOf(item)],
};

const indexUri = 'contacts:PostalAddressIndex';

export const mailingAddressRow: Row<ContactItem> = {
  fields: ['mailingAddress'],
  asks: [field(indexUri)],
  read(element) {
    const key = childText(element, elementNameOf(indexUri));
    return only<ContactItem>(
      'mailingAddress',
      slots.find((slot) => addresses.keys[slot] === key),
    );
  },
  write: ({ mailingAddress }) => [
    property(indexUri, mailingAddress === undefined ? undefined : addresses.keys[mailingAddress]),
  ],
};
