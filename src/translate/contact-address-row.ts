// Postal addresses: ADR (RFC 6350 §6.3.1) ⇄ three slots.
import type { AddressSlot, PostalAddress } from '../model/item.ts';
import { fill, mergeSlots, renderSlots, typed, type SlotList } from './contact-slots.ts';
import { partsOf, typesOf, type ContactRow } from './contact-values.ts';
import { propertiesOf } from './rows.ts';

const addressTypes = { business: ['work'], home: ['home'], other: [] } satisfies Record<
  AddressSlot,
  readonly string[]
>;
const addressSlots: readonly AddressSlot[] = ['business', 'home', 'other'];

const addresses: SlotList<AddressSlot, PostalAddress> = {
  name: 'adr',
  field: 'addresses',
  slots: addressSlots,
  read(property) {
    const [box = '', extended = '', street = '', city = '', region = '', postalCode = '', country = ''] =
      partsOf(property);
    const lines = [street, extended, box].filter((line) => line !== '');
    const address = { street: lines.join('\n'), city, region, postalCode, country };
    return Object.values(address).every((part) => part === '') ? undefined : address;
  },
  write: ({ street, city, region, postalCode, country }, slot) => [
    'adr',
    typed(addressTypes[slot]),
    'text',
    ['', '', street.replaceAll(/\r\n?/g, '\n'), city, region, postalCode, country],
  ],
  slotsFor(property) {
    const types = typesOf(property);
    if (types.includes('work')) return ['business'];
    return types.includes('home') ? ['home'] : ['other'];
  },
};

export const addressRow: ContactRow = {
  claims: ['adr'],
  fields: ['addresses'],
  render: (item) => renderSlots(addresses, item.addresses),
  parse: (parts, context) => ({ addresses: fill(addresses, propertiesOf(parts), context).filled }),
  merge: (kept, shown) => mergeSlots(addresses, kept, shown),
};
