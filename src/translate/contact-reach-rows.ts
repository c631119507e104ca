// How a contact is reached: e-mail, telephones, instant messages and pages.
import type { EmailSlot, ImSlot, PageSlot, Person, PhoneSlot } from '../model/item.ts';
import { paramOf, type Jcal } from './codec.ts';
import { fill, mergeSlots, renderSlots, typed, type SlotList } from './contact-slots.ts';
import { inWordsOf, textValue, typesOf, type ContactRow } from './contact-values.ts';
import { propertiesOf, type ParseContext } from './rows.ts';

const emailSlots: readonly EmailSlot[] = ['email1', 'email2', 'email3'];
const emailTypes = { email1: ['work'], email2: ['home'], email3: [] } satisfies Record<
  EmailSlot,
  readonly string[]
>;

const emails: SlotList<EmailSlot, Person> = {
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

export const emailRow: ContactRow = {
  claims: ['email'],
  fields: ['emails'],
  render: (item) => renderSlots(emails, item.emails),
  parse: (parts, context) => ({
    emails: fill(emails, propertiesOf(parts), { context, occupied: withoutAddress(context) }).filled,
  }),
  merge: (kept, shown) => mergeSlots(emails, kept, shown),
  equal: (one, other) =>
    emailSlots.every((slot) => (one.emails[slot]?.address ?? '') === (other.emails[slot]?.address ?? '')),
};

/** What a card cannot show, a client cannot have meant to take away. */
function withoutAddress({ present }: ParseContext): Partial<Record<EmailSlot, Person>> {
  const found: Partial<Record<EmailSlot, Person>> = {};
  if (present?.kind !== 'contact') return found;
  for (const slot of emailSlots) {
    const held = present.emails[slot];
    if (held?.address === '') found[slot] = held;
  }
  return found;
}

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
  slots: phoneTypes.map(([slot]) => slot),
  read: (property) => textValue(property).replace(/^tel:/i, '') || undefined,
  write(value, slot) {
    const [, ...types] = phoneTypes.find(([each]) => each === slot) ?? [slot];
    return value === '' ? undefined : ['tel', { type: types }, 'text', value];
  },
  slotsFor: phoneSlotsFor,
};

export const phoneRow: ContactRow = {
  claims: ['tel'],
  fields: ['phones'],
  render: (item) => renderSlots(phones, item.phones),
  parse: (parts, context) => ({ phones: fill(phones, propertiesOf(parts), { context }).filled }),
  merge: (kept, shown) => mergeSlots(phones, kept, shown),
};

const imSlots: readonly ImSlot[] = ['im1', 'im2', 'im3'];

/** Older clients have a property for each service. */
const imNames: Readonly<Record<string, string>> = {
  'x-aim': 'aim',
  'x-gadugadu': 'gg',
  'x-google-talk': 'xmpp',
  'x-groupwise': 'groupwise',
  'x-gtalk': 'xmpp',
  'x-icq': 'icq',
  'x-jabber': 'xmpp',
  'x-matrix': 'matrix',
  'x-msn': 'msnim',
  'x-qq': 'qq',
  'x-skype': 'skype',
  'x-skype-username': 'skype',
  'x-yahoo': 'ymsgr',
};

const ims: SlotList<ImSlot, string> = {
  slots: imSlots,
  read(property) {
    const account = textValue(property).replace(/^im:/i, '');
    const scheme = imNames[property[0]];
    return scheme === undefined || account === '' ? account || undefined : `${scheme}:${account}`;
  },
  // RFC 3860: an address of no named service. A mailbox holds any text here.
  write: (value) =>
    value === ''
      ? undefined
      : ['impp', {}, 'uri', /^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `im:${value}`],
  slotsFor: () => imSlots,
  isDistinct: true,
  /** Another service is not described by the words for the old one. */
  inWords(words, now, isSame) {
    if (isSame) return words;
    const scheme = imNames[words[0]] ?? /^[^:]*/.exec(textValue(words))?.[0];
    const [service = '', account = ''] = textValue(now).split(/:(.*)/s);
    if (service.toLowerCase() !== scheme?.toLowerCase()) return now;
    return words[0] === 'impp' ? inWordsOf(words, now) : [words[0], words[1], 'text', account];
  },
};

export const imRow: ContactRow = {
  claims: ['impp', ...Object.keys(imNames)],
  fields: ['ims'],
  render: (item) => renderSlots(ims, item.ims),
  parse: (parts, context) => ({ ims: fill(ims, propertiesOf(parts), { context }).filled }),
  merge: (kept, shown) => mergeSlots(ims, kept, shown),
};

const pageTypes = { business: [], personal: ['home'] } satisfies Record<PageSlot, readonly string[]>;
const pageSlots: readonly PageSlot[] = ['business', 'personal'];

const pages: SlotList<PageSlot, string> = {
  slots: pageSlots,
  read: (property) => textValue(property) || undefined,
  write: (value, slot) => ['url', typed(pageTypes[slot]), 'uri', value],
  slotsFor(property) {
    const types = typesOf(property);
    if (types.includes('home')) return ['personal'];
    return types.includes('work') ? ['business'] : pageSlots;
  },
};

export const pagesRow: ContactRow = {
  claims: ['url'],
  fields: ['pages'],
  render: (item) => renderSlots(pages, item.pages),
  parse: (parts, context) => ({ pages: fill(pages, propertiesOf(parts), { context }).filled }),
  merge: (kept, shown) => mergeSlots(pages, kept, shown),
};
