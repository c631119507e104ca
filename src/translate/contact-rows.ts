// A contact, fact by fact, in the words of the canonical card (vcard.ts): RFC 6350 ⇄ the slots of a mailbox.
import type {
  AddressSlot,
  ContactItem,
  ContactName,
  EmailSlot,
  ImSlot,
  Part,
  NewPart,
  Person,
  PhoneSlot,
  PostalAddress,
} from '../model/item.ts';
import { isNewPart } from '../model/item.ts';
import type { LocalDate } from '../model/time.ts';
import { paramOf, type Jcal } from './codec.ts';
import { propertiesOf, type ParseContext, type RenderContext, type Rendered, type Row } from './rows.ts';
import { categoriesRow, firstOf, firstText, rendered, renderUid } from './shared-rows.ts';

type ContactRow = Row<ContactItem>;

/** Fields that hold one text. */
type TextField = 'title' | 'profession' | 'manager' | 'assistant' | 'office' | 'note';

/** The first name is written, all are read. */
function text(names: readonly [string, ...string[]], field: TextField): ContactRow {
  return {
    claims: names,
    fields: [field],
    render: (item) => (item[field] === '' ? [] : rendered([names[0], {}, 'text', item[field]])),
    parse: (parts) =>
      fieldOf(field, names.map((name) => firstText(parts, name)).find((value) => value !== '') ?? ''),
  };
}

function fieldOf<Field extends keyof ContactItem>(
  field: Field,
  value: ContactItem[Field],
): Partial<ContactItem> {
  const made: Partial<{ -readonly [Key in keyof ContactItem]: ContactItem[Key] }> = {};
  made[field] = value;
  return made;
}

/** Several values become slots; what finds none is kept beside them. */
interface SlotList<Slot extends string, Value> {
  readonly name: string;
  readonly field: 'emails' | 'phones' | 'addresses' | 'ims';
  readonly slots: readonly Slot[];
  /** Undefined: the property says nothing. */
  read(property: Jcal, context: ParseContext): Value | undefined;
  write(value: Value, slot: Slot): Jcal | undefined;
  /** Slots the property may take, the best first. */
  slotsFor(property: Jcal): readonly Slot[];
}

type Slots<Slot extends string, Value> = Partial<Record<Slot, Value>>;

function fill<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  properties: readonly Jcal[],
  context: ParseContext,
): { filled: Slots<Slot, Value>; places: Map<Jcal, Slot> } {
  const filled: Slots<Slot, Value> = {};
  const places = new Map<Jcal, Slot>();
  for (const property of byPreference(properties)) {
    const value = list.read(property, context);
    const slot = list.slotsFor(property).find((each) => filled[each] === undefined);
    if (value === undefined || slot === undefined) continue;
    filled[slot] = value;
    places.set(property, slot);
  }
  return { filled, places };
}

/** `other` is no type of either version: said by saying none. */
function typed(types: readonly string[]): Jcal[1] {
  return types.length > 0 ? { type: [...types] } : {};
}

/** PREF=1 first; without preference last, as they came. */
function byPreference(properties: readonly Jcal[]): Jcal[] {
  const rank = (property: Jcal): number => Number(paramOf(property, 'pref') ?? 101) || 101;
  return [...properties].sort((a, b) => rank(a) - rank(b));
}

function renderSlots<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  filled: Readonly<Slots<Slot, Value>>,
): Rendered[] {
  return list.slots.flatMap((slot) => {
    const value = filled[slot];
    return value === undefined ? [] : rendered(list.write(value, slot));
  });
}

const nobody: ParseContext = { ownAddresses: [], defaultZone: 'UTC', zoneOf: () => 'UTC' };

/** A slot that still says the same is shown in the client's words; values that had no slot stay. */
function mergeSlots<Slot extends string, Value>(
  list: SlotList<Slot, Value>,
  kept: readonly Rendered[],
  shown: readonly Rendered[],
): Rendered[] {
  const given = propertiesOf(kept);
  const { places } = fill(list, given, nobody);
  const textOf = (property: Jcal): string => JSON.stringify(list.read(property, nobody) ?? '');
  const shownTexts = new Set(propertiesOf(shown).map(textOf));
  const inClientsWords = propertiesOf(shown).map(
    (property) => given.find((each) => places.has(each) && textOf(each) === textOf(property)) ?? property,
  );
  const beyond = given.filter((property) => !places.has(property) && !shownTexts.has(textOf(property)));
  return rendered(...new Set([...inClientsWords, ...beyond]));
}

const emailSlots: readonly EmailSlot[] = ['email1', 'email2', 'email3'];
const emailTypes = { email1: ['work'], email2: ['home'], email3: [] } satisfies Record<
  EmailSlot,
  readonly string[]
>;

const emails: SlotList<EmailSlot, Person> = {
  name: 'email',
  field: 'emails',
  slots: emailSlots,
  read(property, { present }) {
    const address = textValue(property).replace(/^mailto:/i, '');
    if (address === '') return undefined;
    // A card has no place for the display name of an address: it stays while the address does.
    const held = present?.kind === 'contact' ? Object.values(present.emails) : [];
    const name = held.find((each) => each.address === address)?.name;
    return { address, ...(name !== undefined && { name }) };
  },
  write: ({ address }, slot) =>
    address === ''
      ? undefined
      : ['email', { ...typed(emailTypes[slot]), ...(slot === 'email1' && { pref: '1' }) }, 'text', address],
  // By order, because programs of Exchange take the first address when they need one.
  slotsFor: () => emailSlots,
};

const emailRow: ContactRow = {
  claims: ['email'],
  fields: ['emails'],
  render: (item) => renderSlots(emails, item.emails),
  parse: (parts, context) => ({ emails: fill(emails, propertiesOf(parts), context).filled }),
  merge: (kept, shown) => mergeSlots(emails, kept, shown),
  equal: (one, other) =>
    emailSlots.every((slot) => one.emails[slot]?.address === other.emails[slot]?.address),
};

/** Types that a slot is written with; read by the same table. The first slots of a kind are taken first. */
const phoneTypes: readonly (readonly [slot: PhoneSlot, ...types: string[]])[] = [
  ['business', 'voice', 'work'],
  ['business2', 'voice', 'work'],
  ['home', 'home', 'voice'],
  ['home2', 'home', 'voice'],
  ['mobile', 'cell'],
  ['businessFax', 'fax', 'work'],
  ['homeFax', 'fax', 'home'],
  ['otherFax', 'fax'],
  ['pager', 'pager'],
  ['car', 'car'],
  ['isdn', 'isdn'],
  ['assistant', 'x-assistant'],
  ['callback', 'x-callback'],
  ['companyMain', 'x-company'],
  ['radio', 'x-radio'],
  ['telex', 'x-telex'],
  ['ttyTdd', 'textphone'],
  ['primary', 'x-primary'],
  ['other', 'voice'],
];
/** Other programs' words for the same. */
const phoneSynonyms: Readonly<Record<string, string>> = {
  mobile: 'cell',
  iphone: 'cell',
  'x-mobile': 'cell',
  'x-iphone': 'cell',
  'x-evolution-assistant': 'x-assistant',
  assistant: 'x-assistant',
  'x-evolution-callback': 'x-callback',
  callback: 'x-callback',
  'x-evolution-company': 'x-company',
  company: 'x-company',
  main: 'x-company',
  'x-evolution-radio': 'x-radio',
  radio: 'x-radio',
  'x-evolution-telex': 'x-telex',
  telex: 'x-telex',
  'x-evolution-ttytdd': 'textphone',
  tty: 'textphone',
  'tty-tdd': 'textphone',
  'x-tty-tdd': 'textphone',
};
/** What decides between slots; voice is what every telephone does. */
const tellingTypes = new Set(phoneTypes.flatMap(([, ...types]) => types).filter((type) => type !== 'voice'));

function phoneSlotsFor(property: Jcal): PhoneSlot[] {
  const given = typesOf(property).map((type) => phoneSynonyms[type] ?? type);
  const telling = new Set(given.filter((type) => tellingTypes.has(type)));
  // `CELL,WORK` is a mobile; `WORK,X-ASSISTANT` the assistant's: a place alone says least.
  const isPrecise = [...telling].some((type) => type !== 'work' && type !== 'home');
  if (isPrecise && !telling.has('fax')) for (const place of ['work', 'home']) telling.delete(place);
  if (telling.size === 0 && given.length === 0 && paramOf(property, 'pref') === '1')
    return ['primary', 'other'];
  return phoneTypes
    .filter(([, ...types]) => {
      const wanted = types.filter((type) => type !== 'voice');
      return wanted.length === telling.size && wanted.every((type) => telling.has(type));
    })
    .map(([slot]) => slot);
}

const phones: SlotList<PhoneSlot, string> = {
  name: 'tel',
  field: 'phones',
  slots: phoneTypes.map(([slot]) => slot),
  read: (property) => textValue(property).replace(/^tel:/i, '') || undefined,
  write(value, slot) {
    const [, ...types] = phoneTypes.find(([each]) => each === slot) ?? [slot];
    return value === '' ? undefined : ['tel', { type: types }, 'text', value];
  },
  slotsFor: phoneSlotsFor,
};

const phoneRow: ContactRow = {
  claims: ['tel'],
  fields: ['phones'],
  render: (item) => renderSlots(phones, item.phones),
  parse: (parts, context) => ({ phones: fill(phones, propertiesOf(parts), context).filled }),
  merge: (kept, shown) => mergeSlots(phones, kept, shown),
};

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

const addressRow: ContactRow = {
  claims: ['adr'],
  fields: ['addresses'],
  render: (item) => renderSlots(addresses, item.addresses),
  parse: (parts, context) => ({ addresses: fill(addresses, propertiesOf(parts), context).filled }),
  merge: (kept, shown) => mergeSlots(addresses, kept, shown),
};

const imSlots: readonly ImSlot[] = ['im1', 'im2', 'im3'];

const ims: SlotList<ImSlot, string> = {
  name: 'impp',
  field: 'ims',
  slots: imSlots,
  read: (property) => textValue(property).replace(/^im:/i, '') || undefined,
  // RFC 3860: an address of no named service. A mailbox holds any text here.
  write: (value) =>
    value === ''
      ? undefined
      : ['impp', {}, 'uri', /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `im:${value}`],
  slotsFor: () => imSlots,
};

const imRow: ContactRow = {
  claims: ['impp'],
  fields: ['ims'],
  render: (item) => renderSlots(ims, item.ims),
  parse: (parts, context) => ({ ims: fill(ims, propertiesOf(parts), context).filled }),
  merge: (kept, shown) => mergeSlots(ims, kept, shown),
};

/** FN must not be empty (RFC 6350 §6.2.1). */
const fullNameRow: ContactRow = {
  claims: ['fn'],
  fields: ['fullName'],
  render: (item) => rendered(['fn', {}, 'text', item.fullName || substituteName(item)]),
  parse: (parts) => ({ fullName: firstText(parts, 'fn') }),
};

/** What a contact without a full name is called. */
export function substituteName(item: ContactItem): string {
  const { prefix, given, middle, family, suffix } = item.name;
  const name = [prefix, given, middle, family, suffix].filter((part) => part !== '').join(' ');
  const address = Object.values(item.emails).find((each) => each.address !== '')?.address;
  return [item.fileAs, name, item.nickname, item.company, address].find((each) => each) ?? '(no name)';
}

const nameRow: ContactRow = {
  claims: ['n'],
  fields: ['name'],
  render({ name }) {
    const parts = [name.family, name.given, name.middle, name.prefix, name.suffix];
    return parts.every((part) => part === '') ? [] : rendered(['n', {}, 'text', parts]);
  },
  parse(parts) {
    const [family = '', given = '', middle = '', prefix = '', suffix = ''] = partsOf(
      firstOf(parts, 'n'),
      ' ',
    );
    const name: ContactName = { prefix, given, middle, family, suffix };
    return { name };
  },
};

const nicknameRow: ContactRow = {
  claims: ['nickname'],
  fields: ['nickname'],
  render: ({ nickname }) => (nickname === '' ? [] : rendered(['nickname', {}, 'text', nickname])),
  parse: (parts) => ({ nickname: textsOf(parts, 'nickname').join(', ') }),
};

const organisationRow: ContactRow = {
  claims: ['org'],
  fields: ['company', 'department'],
  render({ company, department }) {
    if (company === '' && department === '') return [];
    return rendered(['org', {}, 'text', department === '' ? [company] : [company, department]]);
  },
  parse(parts) {
    const [company = '', department = ''] = partsOf(firstOf(parts, 'org'), ' ');
    return { company, department };
  },
};

const homepageRow: ContactRow = {
  claims: ['url'],
  fields: ['homepage'],
  render: ({ homepage }) => (homepage === '' ? [] : rendered(['url', {}, 'uri', homepage])),
  parse: (parts) => ({ homepage: textValue(byPreference(propertiesOf(parts))[0]) }),
  // The first page has changed elsewhere; the others are the client's own.
  merge(kept, shown) {
    const [first, ...others] = byPreference(propertiesOf(kept));
    const text = textValue(propertiesOf(shown)[0]);
    return [...shown, ...rendered(...others.filter((each) => each !== first && textValue(each) !== text))];
  },
};

const relationsRow: ContactRow = {
  claims: ['related', 'x-evolution-spouse', 'x-kaddressbook-x-spousesname'],
  fields: ['spouse', 'children'],
  render: ({ spouse, children }) =>
    rendered(
      spouse === '' ? undefined : ['related', { type: ['spouse'] }, 'text', spouse],
      ...children.map((child): Jcal => ['related', { type: ['child'] }, 'text', child]),
    ),
  parse(parts) {
    const named = (type: string): string[] =>
      propertiesOf(parts)
        .filter(
          (property) =>
            property[0] === 'related' && property[2] === 'text' && typesOf(property).includes(type),
        )
        .map(textValue)
        .filter((name) => name !== '');
    const spouse = [
      ...named('spouse'),
      firstText(parts, 'x-evolution-spouse'),
      firstText(parts, 'x-kaddressbook-x-spousesname'),
    ].find((name) => name !== '');
    return { spouse: spouse ?? '', children: named('child') };
  },
  /** Friends, parents and links to other cards, which a mailbox has no place for. */
  merge(kept, shown) {
    const others = propertiesOf(kept).filter((property) => {
      const types = typesOf(property);
      const isHeld = property[2] === 'text' && (types.includes('spouse') || types.includes('child'));
      return property[0] === 'related' && !isHeld;
    });
    return [...shown, ...rendered(...others)];
  },
};

/** `19600415`; `--0415`, a day without year, is kept by phones and Outlook as one of 1604. */
function dateRow(name: string, field: 'birthday' | 'anniversary'): ContactRow {
  return {
    claims: [name],
    fields: [field],
    render(item) {
      const date = item[field];
      if (date === undefined) return [];
      const value = date.startsWith('1604-') ? `--${date.slice(5)}` : date;
      return rendered([
        name,
        {},
        'date-and-or-time',
        value.startsWith('--') ? `--${value.slice(2).replace('-', '')}` : value.replaceAll('-', ''),
      ]);
    },
    parse: (parts) => fieldOf(field, dateOf(firstOf(parts, name))),
  };
}

function dateOf(property: Jcal | undefined): LocalDate | undefined {
  const match = /^(\d{4}|--)-?(\d\d)-?(\d\d)(?:$|T)/.exec(textValue(property));
  if (!match) return undefined;
  const date = `${match[1] === '--' ? '1604' : match[1]}-${match[2]}-${match[3]}`;
  const ms = Date.parse(`${date}T00:00:00Z`);
  // 31 February is no day, whatever Date makes of it.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date) ? date : undefined;
}

const sensitivityOf: Readonly<Record<string, ContactItem['sensitivity']>> = {
  PRIVATE: 'private',
  CONFIDENTIAL: 'confidential',
  'X-PERSONAL': 'personal',
};
const classOf = {
  normal: undefined,
  personal: 'X-PERSONAL',
  private: 'PRIVATE',
  confidential: 'CONFIDENTIAL',
} satisfies Record<ContactItem['sensitivity'], string | undefined>;

const sensitivityRow: ContactRow = {
  claims: ['class'],
  fields: ['sensitivity'],
  render({ sensitivity }) {
    const name = classOf[sensitivity];
    return name === undefined ? [] : rendered(['class', {}, 'text', name]);
  },
  parse: (parts) => ({
    sensitivity: sensitivityOf[firstText(parts, 'class').trim().toUpperCase()] ?? 'normal',
  }),
};

const photoRow: ContactRow = {
  claims: ['photo'],
  fields: ['photo'],
  isAlwaysRead: true,
  render({ photo }, context) {
    const bytes = photo && bytesOf(photo, context);
    return bytes ? rendered(['photo', {}, 'uri', `data:${bytes.contentType};base64,${bytes.base64}`]) : [];
  },
  parse(parts) {
    // A photo elsewhere is a link for those who follow it, not a picture to store.
    const data = inlineData.exec(textValue(propertiesOf(parts).find(isStorable)));
    if (!data) return { photo: undefined };
    const contentType = data[1] ?? '';
    const photo: NewPart = { name: 'ContactPicture.jpg', contentType, base64: data[2] ?? '' };
    return { photo };
  },
  keepable(parts) {
    const properties = propertiesOf(parts);
    const stored = properties.find(isStorable);
    const kept = properties.map((each): Jcal =>
      each === stored ? [each[0], each[1], 'uri', storedPhoto] : each,
    );
    const isPlain = stored !== undefined && kept.length === 1 && Object.keys(stored[1]).length === 0;
    return isPlain ? [] : rendered(...kept);
  },
  // The stored picture in its place among the others, with its parameters.
  merge(kept, shown) {
    const [picture] = propertiesOf(shown);
    const given = propertiesOf(kept);
    if (!given.some(isStoredPhoto)) return [...shown, ...kept];
    return rendered(
      ...given.map((each): Jcal | undefined => {
        if (!isStoredPhoto(each)) return each;
        return picture && [each[0], each[1], picture[2], picture[3]];
      }),
    );
  },
  // Kept parts never say what picture it is.
  equal: () => false,
};

const inlineData = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,]*)?;base64,(.+)$/s;

/** Bytes that are whole: a picture that was cut off on its way is no more than a text. */
function isStorable(property: Jcal): boolean {
  const base64 = inlineData.exec(textValue(property))?.[2];
  return base64 !== undefined && Buffer.from(base64, 'base64').toString('base64') === base64;
}

/** Stands in kept parts for the bytes that the mailbox has. */
const storedPhoto = 'data:,stored';

function isStoredPhoto(property: Jcal): boolean {
  return property[3] === storedPhoto;
}

function bytesOf(
  photo: Part | NewPart,
  context: RenderContext,
): { contentType: string; base64: string } | undefined {
  return isNewPart(photo) ? photo : context.photos?.get(photo.id);
}

/** Fields no card speaks of: a PUT leaves them as the mailbox has them. */
const untouchedRow: ContactRow = {
  claims: [],
  fields: ['fileAs', 'created'],
  render: () => [],
  parse: (_, { present }) => {
    if (present?.kind !== 'contact') return {};
    return {
      ...(present.fileAs !== undefined && { fileAs: present.fileAs }),
      ...(present.created !== undefined && { created: present.created }),
    };
  },
};

const revisionRow: ContactRow = {
  claims: ['rev'],
  fields: ['modified'],
  isStamp: true,
  // Never "now": the same item always gives the same text.
  render: ({ modified }) =>
    modified === undefined
      ? []
      : rendered([
          'rev',
          {},
          'timestamp',
          `${new Date(modified).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
        ]),
  parse: () => ({}),
};

export const contactRows: readonly ContactRow[] = [
  { claims: ['uid'], fields: [], isStamp: true, render: renderUid, parse: () => ({}) },
  fullNameRow,
  nameRow,
  nicknameRow,
  emailRow,
  phoneRow,
  addressRow,
  imRow,
  organisationRow,
  text(['title'], 'title'),
  text(['role'], 'profession'),
  text(['x-manager', 'x-evolution-manager', 'x-kaddressbook-x-managersname', 'x-ms-manager'], 'manager'),
  text(
    ['x-assistant', 'x-evolution-assistant', 'x-kaddressbook-x-assistantsname', 'x-ms-assistant'],
    'assistant',
  ),
  text(['x-office', 'x-evolution-office', 'x-kaddressbook-x-office'], 'office'),
  relationsRow,
  dateRow('bday', 'birthday'),
  dateRow('anniversary', 'anniversary'),
  homepageRow,
  text(['note'], 'note'),
  { ...categoriesRow, claims: ['categories'] },
  sensitivityRow,
  photoRow,
  untouchedRow,
  revisionRow,
];

function typesOf(property: Jcal): readonly string[] {
  return [property[1]['type'] ?? []].flat();
}

function textValue(property: Jcal | undefined): string {
  const value = property?.[3];
  return typeof value === 'string' ? value.trim() : '';
}

function textsOf(parts: readonly Rendered[], name: string): string[] {
  return propertiesOf(parts)
    .filter((property) => property[0] === name)
    .flatMap((property) => property.slice(3))
    .flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : []));
}

/** The components of N, ADR or ORG; one that is itself a list becomes one text. */
function partsOf(property: Jcal | undefined, separator = ', '): string[] {
  const value = property?.[3];
  const parts: unknown[] = Array.isArray(value) ? value : [value];
  return parts.map((part) => {
    if (Array.isArray(part))
      return part.filter((each) => typeof each === 'string' && each !== '').join(separator);
    return typeof part === 'string' ? part.trim() : '';
  });
}
