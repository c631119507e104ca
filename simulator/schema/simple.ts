// Values of simple types: built-in ones by their lexical form (XML Schema part 2), own ones by their facets.
// The wording of a complaint is that of .NET's validator, which Exchange passes on.
import { namespaces, type SimpleRow } from './model.ts';
import { schemaTable } from './schema-table.ts';

/** Why a value is not of the type; undefined when it is. */
export function complaintAbout(value: string, type: string): string | undefined {
  const row = schemaTable.simpleTypes[type];
  if (row === undefined) return complaintOfBuiltin(value, type);
  if (row.list !== undefined) return complaintOfList(value, row.list);
  if (row.union !== undefined) {
    const isMember = row.union.some((member) => complaintAbout(value, member) === undefined);
    return isMember
      ? undefined
      : `The value '${value}' is not valid according to any of the memberTypes of the union.`;
  }
  return complaintAbout(value, row.base) ?? complaintOfFacets(value, row);
}

/** `namespace:name`, as .NET writes a qualified name. */
export function qualified(name: string): string {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, colon);
  const found = Object.entries(namespaces).find(([known]) => known === prefix);
  // An anonymous type (its name here is a path) has no name there.
  return found === undefined || name.includes('/') ? '' : `${found[1]}:${name.slice(colon + 1)}`;
}

function complaintOfList(value: string, item: string): string | undefined {
  for (const word of value.split(/[ \t\r\n]+/)) {
    const complaint = word === '' ? undefined : complaintAbout(word, item);
    if (complaint !== undefined) return complaint;
  }
  return undefined;
}

function complaintOfFacets(value: string, row: SimpleRow): string | undefined {
  const { values, pattern, minInclusive, maxInclusive, minLength, length } = row;
  if (values?.includes(value) === false) return 'The Enumeration constraint failed.';
  if (pattern !== undefined && !patternOf(pattern).test(value)) return 'The Pattern constraint failed.';
  if (minInclusive !== undefined && Number(value) < minInclusive)
    return 'The MinInclusive constraint failed.';
  if (maxInclusive !== undefined && Number(value) > maxInclusive)
    return 'The MaxInclusive constraint failed.';
  if (minLength !== undefined && value.length < minLength)
    return 'The actual length is less than the MinLength value.';
  if (length !== undefined && value.length !== length)
    return 'The actual length is not equal to the specified length.';
  return undefined;
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  const kept = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 'u');
  patterns.set(pattern, kept);
  return kept;
}

interface Builtin {
  readonly form: RegExp;
  /** .NET's name of the type. */
  readonly clrName: string;
  readonly least?: bigint;
  readonly most?: bigint;
  readonly isReal?: (value: string) => boolean;
}

const zone = '(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?';
const date = '-?\\d{4,}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])';
const time = '(?:(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d+)?|24:00:00(?:\\.0+)?)';
const integer = /^[+-]?\d+$/;
const real = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)$/;

const builtins: Readonly<Record<string, Builtin>> = {
  'xs:boolean': { form: /^(?:true|false|0|1)$/, clrName: 'Boolean' },
  'xs:int': { form: integer, clrName: 'Int32', least: -(2n ** 31n), most: 2n ** 31n - 1n },
  'xs:long': { form: integer, clrName: 'Int64', least: -(2n ** 63n), most: 2n ** 63n - 1n },
  'xs:short': { form: integer, clrName: 'Int16', least: -(2n ** 15n), most: 2n ** 15n - 1n },
  'xs:unsignedShort': { form: integer, clrName: 'UInt16', least: 0n, most: 2n ** 16n - 1n },
  'xs:unsignedInt': { form: integer, clrName: 'UInt32', least: 0n, most: 2n ** 32n - 1n },
  'xs:integer': { form: integer, clrName: 'Integer' },
  'xs:nonNegativeInteger': { form: integer, clrName: 'NonNegativeInteger', least: 0n },
  'xs:double': { form: real, clrName: 'Double' },
  'xs:float': { form: real, clrName: 'Single' },
  'xs:decimal': { form: /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/, clrName: 'Decimal' },
  'xs:dateTime': { form: new RegExp(`^${date}T${time}${zone}$`), clrName: 'DateTime', isReal: isRealDate },
  'xs:date': { form: new RegExp(`^${date}${zone}$`), clrName: 'Date', isReal: isRealDate },
  'xs:time': { form: new RegExp(`^${time}${zone}$`), clrName: 'Time' },
  'xs:duration': {
    form: /^-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
    clrName: 'TimeSpan',
  },
  'xs:base64Binary': { form: /(?:)/, clrName: 'Base64Binary', isReal: isBase64 },
  'xs:language': { form: /^[A-Za-z]{1,8}(?:-[A-Za-z\d]{1,8})*$/, clrName: 'Language' },
};

function complaintOfBuiltin(value: string, type: string): string | undefined {
  const builtin = builtins[type];
  if (builtin === undefined) return undefined;
  const text =
    type === 'xs:base64Binary'
      ? value.replace(/[ \t\r\n]+/g, '')
      : value.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const { form, clrName, least, most, isReal } = builtin;
  if (!form.test(text) || isReal?.(text) === false)
    return `The string '${value}' is not a valid ${clrName} value.`;
  if (least === undefined && most === undefined) return undefined;
  const number = BigInt(text.replace(/^\+/, ''));
  return (least !== undefined && number < least) || (most !== undefined && number > most)
    ? `The string '${value}' is not a valid ${clrName} value.`
    : undefined;
}

/** Not by one pattern: on an attachment of some megabytes that runs out of stack. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && !/[^A-Za-z\d+/]/.test(text.replace(/={1,2}$/, ''));
}

/** 30 February has the form of a date and is none. */
function isRealDate(text: string): boolean {
  const [, year, month, day] = /^(-?\d+)-(\d\d)-(\d\d)/.exec(text) ?? [];
  return Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}
