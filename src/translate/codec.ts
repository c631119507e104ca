// The one door to ical.js: text ⇄ jCal and jCard (RFC 7265, RFC 7095). Nothing else of that library is used: its
// recurrences and its process-wide zones are wrong for a server (DESIGN §7).
import ICAL from 'ical.js';
import { cleanText } from './cleaner.ts';
import { TranslateError } from './errors.ts';

/** One property: name and parameter names lower case. */
export type Jcal = [
  name: string,
  params: Record<string, string | string[]>,
  type: string,
  ...values: unknown[],
];
/** One component: name lower case. */
export type JcalComponent = [name: string, properties: Jcal[], components: JcalComponent[]];

configure();

/** Every root component of a client's text. @throws TranslateError `malformed`, `invalid` */
export function parseComponents(input: string | Uint8Array): JcalComponent[] {
  return read(cleanText(input));
}

/** The one root component of a text that `stringify` wrote. */
export function parseRendered(text: string): JcalComponent {
  // A fold may part the two characters of an escaped backslash.
  const [component] = read(text.includes('\\') ? text.replaceAll('\r\n ', '') : text);
  if (!component) throw new TranslateError('malformed', 'no component');
  return component;
}

/** Text with CRLF at its end. Every value passes the sanitiser, wherever it came from. */
export function stringify(component: JcalComponent): string {
  const [name, properties, components] = component;
  return components.length === 0 ? textWith(component) : envelopeOf(name, properties)(components);
}

/** A component that is written once, for whatever goes into it. */
export function envelopeOf(
  name: string,
  properties: readonly Jcal[],
): (components: readonly JcalComponent[]) => string {
  const shell = textWith([name, [...properties], []]);
  const end = shell.lastIndexOf('END:');
  const [head, foot] = [shell.slice(0, end), shell.slice(end)];
  // Components one by one, so that the same definition of a zone, which most events carry, is written once only.
  return (components) =>
    head +
    components.map((each) => (each[0] === 'vtimezone' ? zoneText(each) : textWith(each))).join('') +
    foot;
}

function textWith(component: JcalComponent): string {
  return ICAL.stringify(sanitized(component));
}

const zoneTexts = new WeakMap<JcalComponent, string>();

function zoneText(component: JcalComponent): string {
  const known = zoneTexts.get(component);
  if (known !== undefined) return known;
  const text = textWith(component);
  zoneTexts.set(component, text);
  return text;
}

/** First value of the first property with this name. */
export function textOf(component: JcalComponent, name: string): string | undefined {
  const value = component[1].find((each) => each[0] === name)?.[3];
  return typeof value === 'string' ? value : undefined;
}

export function paramOf(property: Jcal, name: string): string | undefined {
  const value = property[1][name];
  return Array.isArray(value) ? value[0] : value;
}

function read(text: string): JcalComponent[] {
  if (text === '') return [];
  // The library takes the separator after `\\` for an escaped one: `ORG:a\\;b` would be one part.
  const isHidden = text.includes(String.raw`\\`);
  const parsed: unknown = parsedBy(isHidden ? text.replaceAll(/\\\\/g, backslash) : text);
  if (!Array.isArray(parsed)) throw new TranslateError('malformed', 'not a component');
  const roots: unknown[] = typeof parsed[0] === 'string' ? [parsed] : parsed;
  return roots.map((root) => {
    if (!isComponent(root)) throw new TranslateError('malformed', 'not a component');
    return isHidden ? withBackslashes(root) : root;
  });
}

/** Stands for an escaped backslash while the library reads: a code point that is no character. */
const backslash = '\u{FDD0}';
/** As a pattern: V8 makes a rope of two pieces for every match of a mere text, and half a million of them are slow to collect. */
const backslashes = new RegExp(backslash, 'g');

/** Texts are unescaped by now, other values stand as on the wire. */
function withBackslashes([name, properties, components]: JcalComponent): JcalComponent {
  return [
    name,
    properties.map(([name, params, type, ...values]) => {
      const escaped = (text: string): string => text.replaceAll(backslashes, String.raw`\\`);
      const restored = type === 'text' ? (text: string) => text.replaceAll(backslashes, '\\') : escaped;
      const kept = Object.entries(params).map(([key, value]) => [
        key,
        Array.isArray(value) ? value.map(escaped) : escaped(value),
      ]);
      return [name, Object.fromEntries(kept), type, ...values.map((value) => cleaned(value, restored))];
    }),
    components.map(withBackslashes),
  ];
}

function parsedBy(text: string): unknown {
  try {
    return ICAL.parse(text);
  } catch {
    // The codec's own words quote the line.
    throw new TranslateError('malformed', 'a line cannot be read');
  }
}

/** jCal comes untyped from the library and from residue: this is where it gets its type. */
export function isComponent(value: unknown): value is JcalComponent {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    Array.isArray(value[1]) &&
    value[1].every(isProperty) &&
    Array.isArray(value[2]) &&
    value[2].every(isComponent)
  );
}

export function isProperty(value: unknown): value is Jcal {
  return (
    Array.isArray(value) &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'object' &&
    value[1] !== null &&
    !Array.isArray(value[1]) &&
    Object.values(value[1]).every(isParam) &&
    typeof value[2] === 'string'
  );
}

function isParam(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string'))
  );
}

const control = /[\0-\u{8}\u{A}-\u{1F}\u{7F}\u{D800}-\u{DFFF}]/u;
const notName = /[^A-Za-z0-9-]/;

/** A line break in a value would become a property of its own. */
function sanitized(component: JcalComponent): JcalComponent {
  return [
    component[0].replaceAll(/[^A-Za-z0-9-]/g, ''),
    component[1].flatMap((each) => {
      if (isEdge(each[0])) return [];
      return [isClean(each) ? each : sanitizedProperty(each)];
    }),
    component[2].map(sanitized),
  ];
}

/** What a residue may call a property, and would be written as the edge of a component. */
function isEdge(name: string): boolean {
  return /^[^A-Za-z0-9-]*[be]/i.test(name) && /^(?:begin|end)$/i.test(name.replaceAll(/[^A-Za-z0-9-]/g, ''));
}

function isClean(property: Jcal): boolean {
  if (notName.test(property[0]) || notName.test(property[2])) return false;
  for (const name in property[1]) {
    if (notName.test(name) || !isCleanValue(property[1][name])) return false;
  }
  for (let at = 3; at < property.length; at += 1) if (!isCleanValue(property[at])) return false;
  return true;
}

function isCleanValue(value: unknown): boolean {
  if (typeof value === 'string') return !control.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isCleanValue);
}

function sanitizedProperty(property: Jcal): Jcal {
  const [name, params, type, ...values] = property;
  const clean = type === 'text' ? cleanMultiline : cleanLine;
  return [
    name.replaceAll(/[^A-Za-z0-9-]/g, ''),
    Object.fromEntries(
      Object.entries(params).map(([key, value]) => [
        key.replaceAll(/[^A-Za-z0-9-]/g, ''),
        // The library writes a line break here as ^n (RFC 6868): the lines of a LABEL stay.
        Array.isArray(value) ? value.map(cleanMultiline) : cleanMultiline(value),
      ]),
    ),
    type.replaceAll(/[^A-Za-z0-9-]/g, ''),
    ...values.map((value) => cleaned(value, clean)),
  ];
}

function cleaned(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((each) => cleaned(each, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cleaned(each, clean)]));
}

function cleanLine(text: string): string {
  return text.replaceAll(/[\0-\u{8}\u{A}-\u{1F}\u{7F}]/gu, '').toWellFormed();
}

function cleanMultiline(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\0-\u{8}\u{B}-\u{1F}\u{7F}]/gu, '')
    .toWellFormed();
}

/** Faults of the library's tables, each measured; values named here stay as they stand on the wire. */
function configure(): void {
  const { design } = ICAL;
  // vCard: escapes commas in URIs; damages dates with fractions or dashes, and offsets.
  for (const set of [design.vcard, design.vcard3]) {
    for (const type of ['uri', 'date', 'date-time', 'date-and-or-time', 'timestamp', 'time', 'utc-offset']) {
      set.value[type] = {};
    }
    // Escaped semicolons of plain texts would stay escaped, and be escaped again.
    const { fromICAL, ...text } = set.value.text;
    set.value.text = {
      ...text,
      fromICAL: (value: string, separator?: string) =>
        String(fromICAL(value, separator)).replaceAll(String.raw`\;`, ';'),
    };
  }
  // RFC 7986 §6, RFC 6350 §5.5: lists that the library would write as one quoted value.
  for (const name of ['feature', 'display'])
    design.icalendar.param[name] = { valueType: 'text', multiValue: ',' };
  for (const set of [design.vcard, design.vcard3]) set.param['pid'] = { valueType: 'text', multiValue: ',' };
  // RFC 6350 §6.4.1: a telephone number is a text unless VALUE=uri says more.
  design.vcard.property['tel'] = { defaultType: 'text', allowedTypes: ['text', 'uri'] };
  // RFC 2426 §3.6.2: one text, not a list. A card within a card is text with line ends of its own.
  design.vcard3.property['note'] = { defaultType: 'text' };
  design.vcard3.property['agent'] = { defaultType: 'text', allowedTypes: ['text', 'uri'] };
}
