// The canonical card as text of vCard 3.0 (RFC 2426) or 4.0 (RFC 6350): where the versions differ, in one place.
import { stringify, type Jcal, type JcalComponent } from './codec.ts';
import { cardNames, keyTypes, type Change } from './vcard-canonical.ts';
import { groupsBeside, renderFact, type CardVersion } from './vcard-facts.ts';

const namesInThree = new Map(cardNames.map(([name, three]) => [name, three]));
const namesInFour = new Map(cardNames.map(([name, , four]) => [name, four]));

/** A canonical card as text of one version. */
export function renderCard([name, properties, components]: JcalComponent, version: CardVersion): string {
  const head: Jcal[] = [
    ['version', {}, 'text', version],
    ['prodid', {}, version === '3.0' ? 'text' : 'unknown', '-//Exdav//Exdav//EN'],
  ];
  const freeGroup = groupsBeside(properties);
  const converted = properties
    .flatMap((property) => renderFact(property, version, freeGroup))
    .map(version === '3.0' ? propertyInThree : propertyInFour);
  const required: Jcal[] =
    version === '3.0' && !converted.some((each) => each[0] === 'n')
      ? [['n', {}, 'text', ['', '', '', '', '']]]
      : [];
  return withGroups(stringify([name, [...head, ...converted, ...required], components]), converted);
}

/** The codec writes groups in upper case; Apple's clients write `item1`. */
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

function propertyInThree(property: Jcal): Jcal {
  const [name, params, type, ...values] = property;
  const { pref, type: types, ...others } = params;
  // 3.0 knows one preference only: a rank is a parameter of the client's own.
  const rest: Jcal[1] = pref === undefined || pref === '1' ? others : { ...others, pref };
  const upper = [types ?? []].flat().map((each) => each.toUpperCase());
  if (pref === '1') upper.push('PREF');
  const typed: Jcal[1] = upper.length > 0 ? { ...rest, type: upper } : rest;
  const renamed: Jcal = [namesInThree.get(name) ?? name, typed, type, ...values];
  return (formsInThree[name] ?? extension)(renamed);
}

const rawInThree: Change = ([name, params, , ...values]) => [name, params, 'unknown', ...values];

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
  const key = keyTypes.find(([, mediaType]) => mediaType === `${data[1]}/${data[2]}`.toLowerCase())?.[0];
  const format = (key ?? data[2] ?? '').toUpperCase();
  const types = [...(format === 'OCTET-STREAM' ? [] : [format]), rest['type'] ?? []].flat();
  const typed = types.length > 0 ? { ...rest, type: types } : rest;
  return [name, { ...typed, encoding: 'b' }, 'binary', data[3]];
};

const formsInThree: Readonly<Record<string, Change>> = {
  member: rawInThree,
  photo: dataInThree,
  logo: dataInThree,
  sound: dataInThree,
  key: dataInThree,
  bday: dateInThree,
  anniversary: dateInThree,
  'x-anniversary': dateInThree,
  'x-abdate': dateInThree,
  'x-evolution-anniversary': dateInThree,
  'x-kaddressbook-x-anniversary': dateInThree,
  tel: ([name, params, type, ...values]) => [
    name,
    params,
    type === 'uri' ? 'uri' : 'phone-number',
    ...values,
  ],
  impp: rawInThree,
  fburl: rawInThree,
  rev: ([name, params, , value]) => [
    name,
    params,
    // The codec's default for REV, so that no VALUE is said.
    'date-time',
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

/** The codec writes values of names it has no design for raw, and would name the type of a text. */
function extension([name, params, type, ...values]: Jcal): Jcal {
  if (!(name.startsWith('x-') || name === 'hobby') || type !== 'text') return [name, params, type, ...values];
  return [name, params, 'unknown', ...values.map((value) => [value].flat().map(escape).join(';'))];
}

function escape(text: unknown): string {
  return String(text)
    .replaceAll(/[\\,;]/g, String.raw`\$&`)
    .replaceAll(/\r\n?|\n/g, String.raw`\n`);
}
