// A card of any version → the canonical card, the one form that rows and residue know: names of vCard 4.0 (RFC 6350), types
// as sorted lower-case lists, preference as `pref`, binary data as data: URIs, texts unescaped.
import type { Jcal, JcalComponent } from './codec.ts';
import { withFacts } from './vcard-facts.ts';

/** Canonical name, name in 3.0, name in 4.0: what one of the versions does not have is an X- property there. */
export const cardNames: readonly (readonly [canonical: string, three: string, four: string])[] = [
  ['kind', 'x-addressbookserver-kind', 'kind'],
  ['member', 'x-addressbookserver-member', 'member'],
  ['gender', 'x-gender', 'gender'],
  ['class', 'class', 'x-class'],
  ['label', 'label', 'x-label'],
  ['mailer', 'mailer', 'x-mailer'],
  ['sort-string', 'sort-string', 'x-sort-string'],
];
const canonicalNames = new Map(
  cardNames.flatMap(([name, three, four]) => [[three, name] as const, [four, name] as const]),
);

export type Change = (property: Jcal) => Jcal;

/** Written anew for every version. */
const envelope = new Set(['version', 'prodid']);

export function canonicalCard(card: JcalComponent): JcalComponent {
  const [name, properties, components] = withFacts(card);
  const kept = properties.filter((property) => !envelope.has(property[0]) && !isEmptyName(property));
  return [name, kept.map(canonicalProperty), components];
}

/** `N:;;;;` is there only because 3.0 wants an N. */
function isEmptyName([name, , , value]: Jcal): boolean {
  return name === 'n' && [value].flat(2).every((part) => part === '');
}

function canonicalProperty([given, params, type, ...values]: Jcal): Jcal {
  const name = canonicalNames.get(given) ?? given;
  return (canonicalForms[name] ?? anyForm)([name, canonicalParams(params), type, ...values]);
}

function canonicalParams(params: Jcal[1]): Jcal[1] {
  const canonical: Jcal[1] = {};
  for (const [name, value] of Object.entries(params)) {
    if (name !== 'type' && name !== 'charset' && name !== 'value') canonical[name] = value;
  }
  const types = new Set([params['type'] ?? []].flat().flatMap(splitTypes));
  if (types.delete('pref') && canonical['pref'] === undefined) canonical['pref'] = '1';
  if (types.size > 0) canonical['type'] = [...types].sort();
  return canonical;
}

function splitTypes(type: string): string[] {
  return type
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

const anyForm: Change = (property) => (property[2] === 'binary' ? dataForm(property) : property);

/** Names that the codec does not know come raw. */
const textForm: Change = ([name, params, type, ...values]) => [
  name,
  params,
  'text',
  ...values.map((value) => (type === 'unknown' && typeof value === 'string' ? unescape(value) : value)),
];

function unescape(text: string): string {
  return text.replaceAll(/\\([nN,;\\])/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));
}

const uriForm: Change = ([name, params, type, value]) =>
  typeof value === 'string' && type !== 'text' ? [name, params, 'uri', value] : [name, params, type, value];

/** A number, or a URI that may have more to it (`tel:…;ext=102`). */
const phoneForm: Change = ([name, params, type, value]) => [
  name,
  params,
  type === 'uri' ? 'uri' : 'text',
  typeof value === 'string' ? value : '',
];

/** `1996-04-15` → `19960415`; with Apple's mark for a date without year → `--0415`. Anything else stays as it is. */
const dateForm: Change = ([name, params, type, value]) => {
  const { 'x-apple-omit-year': omitted, ...rest } = params;
  if (type === 'text' || typeof value !== 'string') return [name, params, type, value];
  const date = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(value);
  // A name of another program says no VALUE=TEXT.
  if (name.startsWith('x-') && !/^[\dT:Z+-]+$/.test(value)) return [name, params, 'text', value];
  if (!date) return [name, params, 'date-and-or-time', value.replace(/^--(\d\d)-(\d\d)$/, '--$1$2')];
  const year = omitted === date[1] ? '--' : date[1];
  return [name, rest, 'date-and-or-time', `${year}${date[2]}${date[3]}`];
};

/** Parts that a list must have, whatever a card left out. */
const partCounts: Readonly<Record<string, number>> = { n: 5, adr: 7, org: 1 };

const structuredForm: Change = ([name, params, type, value]) => {
  const parts: unknown[] = Array.isArray(value) ? [...value] : [value];
  while (parts.length < (partCounts[name] ?? 0)) parts.push('');
  return [name, params, type, parts];
};

/** A link to another card, or a name. */
const relatedForm: Change = (property) => {
  const [name, params, type, value] = property;
  const isLink = type === 'uri' || (type === 'unknown' && /^(urn|https?|mailto|tel):\S/i.test(String(value)));
  return isLink ? [name, params, 'uri', value] : textForm(property);
};

const linkForm: Change = ([name, params, , value]) => [name, params, 'uri', value];

const genderForm: Change = ([name, params, , value]) => [
  name,
  params,
  'text',
  typeof value === 'string' && value.includes(';') ? value.split(';') : value,
];

const stampForm: Change = ([name, params, , value]) => [name, params, 'timestamp', value];

const geoForm: Change = ([name, params, type, value]) =>
  Array.isArray(value) ? [name, params, 'uri', `geo:${value.join(',')}`] : [name, params, type, value];

/** `PHOTO;ENCODING=b;TYPE=JPEG:…` → `data:image/jpeg;base64,…` */
const dataForm: Change = ([name, params, type, value]) => {
  const { encoding, type: types = [], ...rest } = params;
  const text = typeof value === 'string' ? value.trim() : '';
  const places = [types].flat().filter((each): boolean => each === 'home' || each === 'work');
  const typed: Jcal[1] = places.length > 0 ? { ...rest, type: places } : rest;
  // Also 3.0 cards with ENCODING=b have whole URIs here.
  if (/^data:[\w.+-]+\//i.test(text)) return [name, typed, 'uri', text];
  if (/^(?:https?|cid|file):/i.test(text) || (type !== 'binary' && encoding === undefined))
    return [name, [types].flat().length > 0 ? { ...rest, type: types } : rest, 'uri', value];
  const format = [types].flat().find((each) => !places.includes(each)) ?? '';
  const data: Jcal = [
    name,
    typed,
    'uri',
    `data:${mediaTypeOf(format, name)};base64,${text.replaceAll(/\s/g, '')}`,
  ];
  // What kind of key it is has no name of a media type.
  return name === 'key' && format !== '' && mediaTypeOf(format, name) === unknownMedia
    ? [name, { ...rest, type: types }, data[2], data[3]]
    : data;
};

const unknownMedia = 'application/octet-stream';
/** RFC 2426 §3.7.2 names kinds of keys, RFC 6350 §6.8.1 media types. */
export const keyTypes: readonly (readonly [three: string, mediaType: string])[] = [
  ['x509', 'application/pkix-cert'],
  ['pgp', 'application/pgp-keys'],
];

function mediaTypeOf(format: string, name: string): string {
  if (format.includes('/')) return format;
  if (name === 'key') return keyTypes.find(([three]) => three === format)?.[1] ?? unknownMedia;
  return `${name === 'sound' ? 'audio' : 'image'}/${format === 'jpg' || format === '' ? 'jpeg' : format}`;
}

/** Texts that the codec has no design for. */
const textNames = [
  'uid class label mailer sort-string kind hobby',
  'x-manager x-evolution-manager x-kaddressbook-x-managersname x-ms-manager',
  'x-assistant x-evolution-assistant x-kaddressbook-x-assistantsname x-ms-assistant',
  'x-office x-evolution-office x-kaddressbook-x-office',
  'x-evolution-spouse x-kaddressbook-x-spousesname',
  'x-phonetic-first-name x-phonetic-last-name x-phonetic-org x-evolution-file-as',
  'x-aim x-gadugadu x-google-talk x-groupwise x-gtalk x-icq x-jabber x-matrix x-msn x-qq x-skype x-skype-username x-yahoo',
].flatMap((names) => names.split(' '));

const canonicalForms: Readonly<Record<string, Change>> = {
  ...Object.fromEntries(textNames.map((name) => [name, textForm])),
  n: structuredForm,
  adr: structuredForm,
  org: structuredForm,
  photo: dataForm,
  logo: dataForm,
  sound: dataForm,
  tel: phoneForm,
  bday: dateForm,
  anniversary: dateForm,
  'x-evolution-anniversary': dateForm,
  'x-kaddressbook-x-anniversary': dateForm,
  rev: stampForm,
  geo: geoForm,
  impp: uriForm,
  url: uriForm,
  fburl: uriForm,
  related: relatedForm,
  member: linkForm,
  gender: genderForm,
};
