// Postal addresses: ADR (RFC 6350 §6.3.1) ⇄ three slots, of which one is where letters go (PREF).
import type { AddressSlot, ContactItem, PostalAddress } from '../model/item.ts';
import { paramOf, type Jcal } from './codec.ts';
import { byPreference, fill, mergeSlots, typed, type SlotList } from './contact-slots.ts';
import { partsOf, typesOf, type ContactRow } from './contact-values.ts';
import { isDeepEqual, propertiesOf, type ParseContext } from './rows.ts';
import { rendered } from './shared-rows.ts';

const addressTypes = { business: ['work'], home: ['home'], other: [] } satisfies Record<
  AddressSlot,
  readonly string[]
>;
const addressSlots: readonly AddressSlot[] = ['business', 'home', 'other'];

const addresses: SlotList<AddressSlot, PostalAddress> = {
  slots: addressSlots,
  /** Box and extended address become lines of the street, where Outlook shows them. */
  read(property) {
    const [box = '', extended = '', street = '', city = '', region = '', postalCode = '', country = ''] =
      partsOf(property);
    const lines = [street, extended, box].filter((line) => line !== '');
    const address = { street: lines.join('\n'), city, region, postalCode, country };
    return Object.values(address).every((part) => part === '') ? undefined : address;
  },
  write: ({ street, city, region, postalCode, country, box = '' }, slot) => [
    'adr',
    typed(addressTypes[slot]),
    'text',
    [box, '', street.replaceAll(/\r\n?/g, '\n'), city, region, postalCode, country],
  ],
  slotsFor(property) {
    const types = typesOf(property);
    if (types.includes('work')) return ['business'];
    return types.includes('home') ? ['home'] : ['other'];
  },
  inWords(words, now, isSame) {
    const { pref: _old, ...params } = isSame ? words[1] : withoutDescription(words[1]);
    const pref = paramOf(now, 'pref') ?? laterPreference(words);
    const [, , type, value] = isSame ? words : now;
    return ['adr', pref === undefined ? params : { ...params, pref }, type, value];
  },
};

/** What describes the old place: its label as printed, its point and its zone (RFC 6350 §6.3.1). */
function withoutDescription({ label: _label, geo: _geo, tz: _tz, ...params }: Jcal[1]): Jcal[1] {
  return params;
}

/** A rank behind the first says nothing that a mailbox could contradict. */
function laterPreference(property: Jcal): string | undefined {
  const pref = paramOf(property, 'pref');
  return pref === '1' ? undefined : pref;
}

export const addressRow: ContactRow = {
  claims: ['adr'],
  fields: ['addresses', 'mailingAddress'],
  render: ({ addresses: held, mailingAddress }) =>
    rendered(
      ...addressSlots.map((slot) => {
        const value = held[slot];
        const property = value && addresses.write(value, slot);
        return property && slot === mailingAddress ? preferred(property) : property;
      }),
    ),
  parse(parts, context) {
    const properties = propertiesOf(parts);
    const { filled, places } = fill(addresses, properties, { context });
    for (const [property, slot] of places) {
      const apart = withBox(property, heldIn(context)?.addresses[slot]);
      if (apart) filled[slot] = apart;
    }
    return { addresses: filled, mailingAddress: mailingOf(properties, places, context) };
  },
  merge: (kept, shown) => mergeSlots(addresses, kept, shown),
  // A choice that was not said is not contradicted.
  equal: (said, held) =>
    isDeepEqual(said.addresses, held.addresses) &&
    (said.mailingAddress === undefined || said.mailingAddress === held.mailingAddress),
};

function preferred([name, params, type, ...values]: Jcal): Jcal {
  return [name, { ...params, pref: '1' }, type, ...values];
}

function heldIn({ present }: ParseContext): ContactItem | undefined {
  return present?.kind === 'contact' ? present : undefined;
}

/** A box that the mailbox keeps apart stays apart while it is the same. */
function withBox(property: Jcal, held: PostalAddress | undefined): PostalAddress | undefined {
  const [box = '', extended = '', street = '', city = '', region = '', postalCode = '', country = ''] =
    partsOf(property);
  if (box === '' || held?.box !== box) return undefined;
  const lines = [street, extended].filter((line) => line !== '');
  return { street: lines.join('\n'), city, region, postalCode, country, box };
}

/** Who names no preferred address leaves the choice as it is: many clients have no word for it. */
function mailingOf(
  properties: readonly Jcal[],
  places: ReadonlyMap<Jcal, AddressSlot>,
  context: ParseContext,
): AddressSlot | undefined {
  const [first] = byPreference(properties.filter((each) => places.has(each)));
  const chosen = first && paramOf(first, 'pref') !== undefined ? places.get(first) : undefined;
  if (chosen !== undefined) return chosen;
  const held = context.isJudging ? undefined : heldIn(context)?.mailingAddress;
  return held !== undefined && [...places.values()].includes(held) ? held : undefined;
}
