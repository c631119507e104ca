// The differences between vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), in one place. Rows and residue know one form only,
// the canonical card: names of 4.0, types as sorted lower-case lists, preference as `pref`, binary data as data: URIs,
// texts unescaped. Any version is brought into it on the way in and leaves it on the way out.
import { stringify, type Jcal, type JcalComponent } from './codec.ts';

export type CardVersion = '3.0' | '4.0';

/** Canonical name, name in 3.0, name in 4.0: what one of the versions does not have is an X- property there. */
const names: readonly (readonly [canonical: string, three: string, four: string])[] = [
  ['anniversary', 'x-anniversary', 'anniversary'],
  ['kind', 'x-addressbookserver-kind', 'kind'],
  ['member', 'x-addressbookserver-member', 'member'],
  ['gender', 'x-gender', 'gender'],
  ['class', 'class', 'x-class'],
  ['label', 'label', 'x-label'],
  ['mailer', 'mailer', 'x-mailer'],
  ['sort-string', 'sort-string', 'x-sort-string'],
];
const canonicalNames = new Map(
  names.flatMap(([name, three, four]) => [[three, name] as const, [four, name] as const]),
);
const namesInThree = new Map(names.map(([name, three]) => [name, three]));
const namesInFour = new Map(names.map(([name, , four]) => [name, four]));

/** RELATED of one type is an X- property of its own in 3.0. */
const relations: readonly (readonly [type: string, three: string])[] = [
  ['spouse', 'x-spouse'],
  ['child', 'x-child'],
];

type Change = (property: Jcal) => Jcal;

/** Written anew for every version. */
const envelope = new Set(['version', 'prodid']);

export function canonicalCard([name, properties, components]: JcalComponent): JcalComponent {
  const kept = properties.filter((property) => !envelope.has(property[0]) && !isEmptyName(property));
  return [name, kept.map(canonicalProperty), components];
}

/** `N:;;;;` is there only because 3.0 wants an N. */
function isEmptyName([name, , , value]: Jcal): boolean {
  return name === 'n' && [value].flat(2).every((part) => part === '');
}

/** A canonical card as text of one version. */
export function renderCard([name, properties, components]: JcalComponent, version: CardVersion): string {
  const head: Jcal[] = [
    ['version', {}, 'text', version],
    ['prodid', {}, version === '3.0' ? 'text' : 'unknown', '-//Exdav//Exdav//EN'],
  ];
  const converted = properties.map(version === '3.0' ? propertyInThree : propertyInFour);
  const required: Jcal[] =
    version === '3.0' && !converted.some((each) => each[0] === 'n')
      ? [['n', {}, 'text', ['', '', '', '', '']]]
      : [];
  return withGroups(stringify([name, [...head, ...converted, ...required], components]), properties);
}

/** The codec writes groups in upper case; Apple's clients look for them as they wrote them. */
function withGroups(text: string, properties: readonly Jcal[]): string {
  const groups = new Map(
    properties.flatMap(([, { group }]) =>
      typeof group === 'string' ? [[group.toUpperCase(), group] as const] : [],
    ),
  );
  if (groups.size === 0) return text;
  return text.replaceAll(
    /^([A-Z0-9-]+)\.(?=[A-Z0-9-]+[;:])/gm,
    (all, group: string) => `${groups.get(group) ?? group}.`,
  );
}

function canonicalProperty(given: Jcal): Jcal {
  const relation = relations.find(([, three]) => three === given[0])?.[0];
  const name = relation === undefined ? (canonicalNames.get(given[0]) ?? given[0]) : 'related';
  const [, params, type, ...values] = given;
  const named: Jcal = [name, canonicalParams(params, relation), type, ...values];
  return (canonicalForms[name] ?? anyForm)(named);
}

function canonicalParams(params: Jcal[1], relation: string | undefined): Jcal[1] {
  const canonical: Jcal[1] = {};
  for (const [name, value] of Object.entries(params)) {
    if (name !== 'type' && name !== 'charset' && name !== 'value') canonical[name] = value;
  }
  const types = new Set([params['type'] ?? [], relation ?? []].flat().flatMap(splitTypes));
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

const anyForm: Change = ([name, params, type, ...values]) => {
  if (type === 'binary') return dataForm([name, params, type, ...values]);
  // The codec leaves `\;` of a plain text as it stands and would double the backslash when it writes it again.
  const mend = type === 'text' && !structured.has(name);
  return [name, params, type, ...(mend ? values.map(withoutEscapedSemicolon) : values)];
};

const structured = new Set(['n', 'adr', 'org', 'gender', 'clientpidmap']);

function withoutEscapedSemicolon(value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll(String.raw`\;`, ';') : value;
}

/** Names that the codec does not know come raw. */
const textForm: Change = ([name, params, type, ...values]) => [
  name,
  params,
  'text',
  ...values.map((value) =>
    type === 'unknown' && typeof value === 'string' ? unescape(value) : withoutEscapedSemicolon(value),
  ),
];

function unescape(text: string): string {
  return text.replaceAll(/\\([nN,;\\])/g, (_, char: string) => (char === 'n' || char === 'N' ? '\n' : char));
}

const uriForm: Change = ([name, params, type, value]) =>
  typeof value === 'string' && type !== 'text' ? [name, params, 'uri', value] : [name, params, type, value];

const phoneForm: Change = ([name, params, , value]) => {
  const number = typeof value === 'string' ? value : '';
  return [name, params, 'text', /^tel:[+\d().\s-]+$/i.test(number) ? number.slice(4) : number];
};

/** `1996-04-15` → `19960415`; with Apple's mark for a date without year → `--0415`. Anything else stays as it is. */
const dateForm: Change = ([name, params, type, value]) => {
  const { 'x-apple-omit-year': omitted, ...rest } = params;
  if (type === 'text' || typeof value !== 'string') return [name, params, type, value];
  const date = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(value);
  if (!date) return [name, params, 'date-and-or-time', value.replace(/^--(\d\d)-(\d\d)$/, '--$1$2')];
  const year = omitted === date[1] ? '--' : date[1];
  return [name, rest, 'date-and-or-time', `${year}${date[2]}${date[3]}`];
};

/** N has five components and ADR seven, whatever a card left out. */
const structuredForm: Change = ([name, params, type, value]) => {
  const parts: unknown[] = Array.isArray(value) ? [...value] : [value];
  while (parts.length < (name === 'n' ? 5 : 7)) parts.push('');
  return [name, params, type, parts];
};

const stampForm: Change = ([name, params, , value]) => [name, params, 'timestamp', value];

const geoForm: Change = ([name, params, type, value]) =>
  Array.isArray(value) ? [name, params, 'uri', `geo:${value.join(',')}`] : [name, params, type, value];

/** `PHOTO;ENCODING=b;TYPE=JPEG:…` → `data:image/jpeg;base64,…` */
const dataForm: Change = ([name, params, type, value]) => {
  if (type !== 'binary' && params['encoding'] === undefined) return [name, params, 'uri', value];
  const { encoding: _, type: types, ...rest } = params;
  const [format = ''] = [types ?? []].flat();
  const bytes = typeof value === 'string' ? value.replaceAll(/\s/g, '') : '';
  return [name, rest, 'uri', `data:${mediaTypeOf(format, name)};base64,${bytes}`];
};

function mediaTypeOf(format: string, name: string): string {
  if (format.includes('/')) return format;
  if (name === 'key') return 'application/octet-stream';
  return `${name === 'sound' ? 'audio' : 'image'}/${format === 'jpg' || format === '' ? 'jpeg' : format}`;
}

const canonicalForms: Readonly<Record<string, Change>> = {
  n: structuredForm,
  adr: structuredForm,
  photo: dataForm,
  logo: dataForm,
  sound: dataForm,
  tel: phoneForm,
  bday: dateForm,
  anniversary: dateForm,
  rev: stampForm,
  geo: geoForm,
  impp: uriForm,
  url: uriForm,
  uid: textForm,
  class: textForm,
  label: textForm,
  mailer: textForm,
  'sort-string': textForm,
  related: textForm,
  'x-manager': textForm,
  'x-evolution-manager': textForm,
  'x-kaddressbook-x-managersname': textForm,
  'x-ms-manager': textForm,
  'x-assistant': textForm,
  'x-evolution-assistant': textForm,
  'x-kaddressbook-x-assistantsname': textForm,
  'x-ms-assistant': textForm,
  'x-office': textForm,
  'x-evolution-office': textForm,
  'x-kaddressbook-x-office': textForm,
  'x-evolution-spouse': textForm,
  'x-kaddressbook-x-spousesname': textForm,
};

function propertyInThree(property: Jcal): Jcal {
  const [name, params, type, ...values] = property;
  const { pref, type: types, ...rest } = params;
  const upper = [types ?? []].flat().map((each) => each.toUpperCase());
  if (pref === '1') upper.push('PREF');
  const relation = relations.find(([type]) => name === 'related' && upper.includes(type.toUpperCase()));
  if (relation) return extension([relation[1], rest, 'text', ...values]);
  const typed: Jcal[1] = upper.length > 0 ? { ...rest, type: upper } : rest;
  const renamed: Jcal = [namesInThree.get(name) ?? name, typed, type, ...values];
  return (formsInThree[name] ?? extension)(renamed);
}

const dateInThree: Change = ([name, params, type, value]) => {
  const date = typeof value === 'string' && /^(\d{4}|--)(\d\d)(\d\d)$/.exec(value);
  if (!date)
    return [name, params, type === 'text' ? 'text' : name === 'bday' ? 'date-time' : 'unknown', value];
  const [, year, month, day] = date;
  const full = `${year === '--' ? '1604' : year}-${month}-${day}`;
  const marked = year === '--' ? { ...params, 'x-apple-omit-year': '1604' } : params;
  // The codec's default for BDAY: cards in use say no VALUE.
  return [name, marked, name === 'bday' ? 'date-time' : 'unknown', full];
};

const dataInThree: Change = ([name, params, type, value]) => {
  const data = typeof value === 'string' && /^data:(\w+)\/([\w.+-]+)(?:;[^,]*)?;base64,(.*)$/s.exec(value);
  if (!data) return [name, params, type, value];
  const { mediatype: _, ...rest } = params;
  const format = (data[2] ?? '').toUpperCase();
  const typed = format === 'OCTET-STREAM' ? rest : { ...rest, type: format };
  return [name, { ...typed, encoding: 'b' }, 'binary', data[3]];
};

const formsInThree: Readonly<Record<string, Change>> = {
  photo: dataInThree,
  logo: dataInThree,
  sound: dataInThree,
  key: dataInThree,
  bday: dateInThree,
  anniversary: dateInThree,
  tel: ([name, params, , ...values]) => [name, params, 'phone-number', ...values],
  impp: ([name, params, , ...values]) => [name, params, 'unknown', ...values],
  rev: ([name, params, , value]) => [
    name,
    params,
    'unknown',
    typeof value === 'string'
      ? value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:$6')
      : value,
  ],
  geo: ([name, params, type, value]) => {
    const point = typeof value === 'string' && /^geo:([-+\d.]+),([-+\d.]+)$/.exec(value);
    return point
      ? [name, params, 'float', [Number(point[1]), Number(point[2])]]
      : [name, params, type, value];
  },
};

/** Types that 4.0 took away: they were the default, or said nothing. */
const lostTypes: Readonly<Record<string, ReadonlySet<string>>> = {
  email: new Set(['internet', 'x400', 'other']),
  tel: new Set(['msg', 'modem', 'bbs', 'other']),
  adr: new Set(['intl', 'dom', 'postal', 'parcel', 'other']),
};

function propertyInFour([name, params, type, ...values]: Jcal): Jcal {
  const { type: types, ...rest } = params;
  const kept = [types ?? []].flat().filter((each) => !lostTypes[name]?.has(each));
  const typed: Jcal[1] = kept.length > 0 ? { ...rest, type: kept } : rest;
  return extension([namesInFour.get(name) ?? name, typed, type, ...values]);
}

/** The codec writes X- values raw, and would name the type of a text. */
function extension([name, params, type, ...values]: Jcal): Jcal {
  if (!name.startsWith('x-') || type !== 'text') return [name, params, type, ...values];
  return [
    name,
    params,
    'unknown',
    ...values.map((value) => (typeof value === 'string' ? escape(value) : value)),
  ];
}

function escape(text: string): string {
  return text.replaceAll(/[\\,;]/g, String.raw`\$&`).replaceAll(/\r\n?|\n/g, String.raw`\n`);
}
