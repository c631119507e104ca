// Extended properties: MAPI properties by tag, or by property set and name or number (BEHAVIOUR §11). What the store
// knows natively is computed (native-rows.ts), everything else is kept as it was written.
import { childOf, childrenOf, escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import { utcZone } from '../calendar/index.ts';
import { EwsError } from '../errors.ts';
import type { ExtendedValue } from '../state/index.ts';
import { tag } from './row.ts';
import { parseTime } from './times.ts';

/** A property as a request names it. */
export interface ExtendedField {
  /** `0x3a45`, `<set guid>/0x8235` or `<set guid>/name`. */
  readonly key: string;
  readonly type: string;
  /** t:ExtendedFieldURI again, as it was asked for. */
  readonly markup: string;
}

const sets: Readonly<Record<string, string>> = {
  Meeting: '6ed8da90-450b-101b-98da-00aa003f1305',
  Appointment: '00062002-0000-0000-c000-000000000046',
  Common: '00062008-0000-0000-c000-000000000046',
  PublicStrings: '00020329-0000-0000-c000-000000000046',
  Address: '00062004-0000-0000-c000-000000000046',
  InternetHeaders: '00020386-0000-0000-c000-000000000046',
  CalendarAssistant: '11000e07-b51b-40d6-af21-caa85edab1d0',
  UnifiedMessaging: '4442858e-a9e3-4e80-b900-317a210cc15b',
  Task: '00062003-0000-0000-c000-000000000046',
  Sharing: '00062040-0000-0000-c000-000000000046',
};

/** @throws EwsError ErrorInvalidExtendedProperty on a wrong mix of attributes */
export function parseExtendedField(element: XmlElement): ExtendedField {
  const { attrs } = element;
  const type = attrs['PropertyType'] ?? '';
  const set = attrs['PropertySetId'] ?? sets[attrs['DistinguishedPropertySetId'] ?? ''];
  const ways = [attrs['PropertyTag'], attrs['PropertyName'], attrs['PropertyId']].filter(
    (way) => way !== undefined,
  );
  const twoSets = attrs['PropertySetId'] !== undefined && attrs['DistinguishedPropertySetId'] !== undefined;
  const byTag = attrs['PropertyTag'] !== undefined;
  if (ways.length !== 1 || twoSets || byTag !== (set === undefined) || /^(Error|Null|Object)/.test(type))
    throw new EwsError('ErrorInvalidExtendedProperty');
  return { key: keyOf(attrs, set), type, markup: markupOf(attrs) };
}

function keyOf(attrs: XmlElement['attrs'], set: string | undefined): string {
  const tagText = attrs['PropertyTag'];
  if (tagText !== undefined) {
    const number = Number(tagText);
    if (!Number.isInteger(number) || number >= 0x8000) throw new EwsError('ErrorInvalidExtendedProperty');
    return `0x${number.toString(16).padStart(4, '0')}`;
  }
  const name = attrs['PropertyName'] ?? `0x${Number(attrs['PropertyId']).toString(16)}`;
  return `${(set ?? '').toLowerCase()}/${name}`;
}

function markupOf(attrs: XmlElement['attrs']): string {
  let text = '<t:ExtendedFieldURI';
  for (const [name, value] of Object.entries(attrs)) {
    if (!name.startsWith('{')) text += ` ${name}="${escapeText(value).replaceAll('"', '&quot;')}"`;
  }
  return `${text}/>`;
}

const listedLength = 255;

/** Empty when it is not there: that is no error. Listings cut strings. */
export function renderExtended(
  field: ExtendedField,
  value: ExtendedValue | undefined,
  listing: boolean,
): string {
  if (value === undefined || value.type !== field.type) return '';
  const one = (text: string): string =>
    tag('Value', escapeText(listing && field.type.startsWith('String') ? text.slice(0, listedLength) : text));
  const content =
    typeof value.value === 'string' ? one(value.value) : tag('Values', value.value.map(one).join(''));
  return tag('ExtendedProperty', field.markup + content);
}

/** The value of a t:ExtendedProperty. @throws EwsError ErrorInvalidExtendedPropertyValue */
export function parseExtendedValue(element: XmlElement, field: ExtendedField): ExtendedValue {
  const many = childOf(element, 'Values');
  const isArray = field.type.endsWith('Array');
  if (isArray !== (many !== undefined)) throw new EwsError('ErrorInvalidExtendedPropertyValue');
  const single = field.type.replace(/Array$/, '');
  const read = (child: XmlElement | undefined): string => canonical(textOf(child), single);
  return {
    type: field.type,
    value: many === undefined ? read(childOf(element, 'Value')) : childrenOf(many).map(read),
  };
}

const forms: Readonly<Record<string, RegExp>> = {
  Boolean: /^(true|false|0|1)$/i,
  Short: /^[+-]?\d+$/,
  Integer: /^[+-]?\d+$/,
  Long: /^[+-]?\d+$/,
  Binary: /^[A-Za-z0-9+/\s]*={0,2}$/,
  CLSID: /^\{?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?$/i,
  Double: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  Float: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
};

function canonical(text: string, type: string): string {
  if (type === 'String') return text;
  const trimmed = text.trim();
  if (forms[type]?.test(trimmed) === false) throw new EwsError('ErrorInvalidExtendedPropertyValue');
  if (type === 'Boolean') return String(/^(true|1)$/i.test(trimmed));
  if (type === 'SystemTime' || type === 'ApplicationTime')
    return `${new Date(parseTime(trimmed, utcZone)).toISOString().slice(0, 19)}Z`;
  return type === 'Binary' ? trimmed.replace(/\s/g, '') : trimmed;
}
