// What a program that keeps two servers equal must know of one object's text, whoever wrote it: who it is, whether it changed,
// when it takes place.
import { createHash } from 'node:crypto';
import type { FolderKind } from '../model/backend.ts';
import type { Range } from '../model/time.ts';
import { instantOfWhen, resolveZone } from '../model/zones.ts';
import { paramOf, parseComponents, textOf, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import type { Clock } from './instances.ts';
import { durationMsOf, propertiesNamed, propertyOf, whenOf, whensOf, zonesOf } from './span.ts';
import { overlapsRange } from './time-range.ts';

export interface TextFacts {
  readonly uid: string;
  /** Of all that is not a mere stamp; the order of properties does not count. Hex. */
  readonly hash: string;
  /** Of what people see, with times as instants: the same for two programs' texts of one unchanged object. Hex. */
  readonly essence: string;
  /** Start, end and summary; of a card its name and first address. Empty when there is too little to tell. */
  readonly fingerprint: string;
  /** LAST-MODIFIED or REV, in ms. */
  readonly modified?: number;
  readonly categories: readonly string[];
  /** It, or one of its occurrences, is not for everybody. */
  readonly isSensitive: boolean;
  /** Address of the organizer of a meeting, lower case. */
  readonly organizer?: string;
  /** A card that names others (RFC 6350 §6.1.4). */
  readonly isGroup: boolean;
  /** Put there by a program that copies from Exchange (ews-caldav-sync), which marks what it copies. */
  readonly isCopy: boolean;
  /** In ms; a bound that is missing is endless or not known. */
  readonly span: { readonly first?: number; readonly last?: number };
  /** One instance at least takes up time in the range; always true for cards. */
  readonly overlaps: (range: Range) => boolean;
}

const componentOf = { events: 'vevent', tasks: 'vtodo', contacts: 'vcard' } as const satisfies Record<
  FolderKind,
  string
>;

/** @throws TranslateError */
export function factsOfText(text: string, kind: FolderKind): TextFacts {
  const [root] = parseComponents(text);
  if (root === undefined) throw new TranslateError('malformed', 'the text is empty');
  const name = componentOf[kind];
  const components = kind === 'contacts' ? [root] : root[2].filter((each) => each[0] === name);
  const [master] = components.toSorted(byRecurrenceId);
  if (master === undefined) throw new TranslateError('wrong-component', `there is no ${name.toUpperCase()}`);
  const clock: Clock = { zones: zonesOf(root), floatingZone: 'UTC' };
  const modified = modifiedOf(components);
  const organizer = organizerOf(master);
  return {
    uid: uidOf(master),
    hash: hashOf(contentOf(root)),
    essence: hashOf(components.toSorted(byRecurrenceId).map((each) => essenceOf(each, clock))),
    fingerprint: fingerprintOf(master, clock),
    ...(modified !== undefined && { modified }),
    categories: propertiesNamed(master, 'categories').flatMap((each) => each.slice(3).map(String)),
    isSensitive: components.some(isSensitive),
    ...(organizer !== undefined && { organizer }),
    isGroup: plain(seen(master, 'kind')[0]?.[3]) === 'group',
    isCopy: propertyOf(master, 'x-ewssync-itemid') !== undefined,
    span: spanOf(components, clock),
    overlaps: (range) =>
      kind === 'contacts' ||
      components.some((component) => overlapsRange({ component, siblings: components, clock }, range)),
  };
}

/** A class that nobody knows counts as PRIVATE (RFC 5545 §3.8.1.3). */
function isSensitive(component: JcalComponent): boolean {
  const text = textOf(component, 'class')?.trim() ?? '';
  return text !== '' && text.toUpperCase() !== 'PUBLIC';
}

function uidOf(master: JcalComponent): string {
  const uid = textOf(master, 'uid')?.trim();
  if (uid === undefined || uid === '') throw new TranslateError('missing-uid', 'there is no UID', 'UID');
  return uid;
}

/** The master, which has none, first. */
function byRecurrenceId(a: JcalComponent, b: JcalComponent): number {
  const [one, other] = [idOf(a), idOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

function idOf(component: JcalComponent): string {
  return textOf(component, 'recurrence-id') ?? '';
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}

/** Set by servers at every write, or a word about the program that wrote. */
const stamps = new Set([
  'dtstamp',
  'last-modified',
  'created',
  'sequence',
  'rev',
  'prodid',
  'version',
  'calscale',
  'method',
]);

/** Without stamps and without definitions of zones that are known by name. */
function contentOf([name, properties, components]: JcalComponent): unknown {
  const kept = components.filter(
    (each) => each[0] !== 'vtimezone' || resolveZone(textOf(each, 'tzid') ?? '') === undefined,
  );
  return [
    name,
    sorted(properties.filter(([each]) => !stamps.has(each)).map(propertyContent)),
    sorted(kept.map(contentOf)),
  ];
}

function propertyContent([name, params, type, ...values]: Jcal): unknown {
  return [name, Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)), type, values];
}

function sorted(values: readonly unknown[]): readonly string[] {
  return values.map((each) => JSON.stringify(each)).toSorted();
}

/** What a property says that is not there, of events, tasks and cards. */
const unsaid: Readonly<Record<string, readonly string[]>> = {
  class: ['public'],
  kind: ['individual'],
  'percent-complete': ['0'],
  priority: ['0', '5'],
  status: ['confirmed', 'needs-action'],
  transp: ['opaque'],
};

const seenTexts = [
  ...Object.keys(unsaid),
  'summary',
  'description',
  'location',
  'fn',
  'n',
  'nickname',
  'org',
  'title',
  'role',
  'note',
];
const seenDays = ['bday', 'anniversary'];
const seenLists = ['email', 'tel', 'adr', 'url', 'impp', 'member', 'categories'];
const seenTimes = ['dtstart', 'dtend', 'due', 'recurrence-id'];
const seenDates = ['exdate', 'rdate'];

function essenceOf(component: JcalComponent, clock: Clock): unknown {
  const instant = (when: Parameters<typeof instantOfWhen>[0]): number =>
    instantOfWhen(when, clock.floatingZone);
  return [
    ...seenTexts.map((name) => {
      const text = plain(seen(component, name)[0]?.slice(3));
      return unsaid[name]?.includes(text) ? '' : text;
    }),
    ...seenDays.map((name) => plain(propertyOf(component, name)?.[3]).replaceAll(/[-:]|t0+z?$/g, '')),
    ...seenLists.map((name) => sorted(seen(component, name).flatMap((each) => each.slice(3).map(plain)))),
    sorted(propertiesNamed(component, 'attendee').map((each) => [plain(each[3]), answerOf(each)])),
    pictureOf(component),
    ...seenTimes.map((name) => {
      const when = whenOf(component, name, clock.zones);
      return when && instant(when);
    }),
    ...seenDates.map((name) =>
      whensOf(component, name, clock.zones)
        .map(instant)
        .toSorted((a, b) => a - b),
    ),
    durationMsOf(propertyOf(component, 'duration')?.[3]),
    ruleOf(propertyOf(component, 'rrule')?.[3]),
  ];
}

/** Properties with this name, or with the one that Apple uses for it in vCard 3.0. */
function seen(component: JcalComponent, name: string): Jcal[] {
  return [...propertiesNamed(component, name), ...propertiesNamed(component, `x-addressbookserver-${name}`)];
}

function answerOf(attendee: Jcal): string {
  return (paramOf(attendee, 'partstat') ?? 'needs-action').toLowerCase();
}

/** The bytes of a photo, whether they stand there as such or as a data: URI. */
function pictureOf(component: JcalComponent): string {
  const value = propertyOf(component, 'photo')?.[3];
  return typeof value === 'string' ? value.replace(/^data:[^,]*,/i, '').replaceAll(/\s|=+$/g, '') : '';
}

/** Blanks at the ends and empty parts say nothing. */
function plain(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map(plain).join(';').replaceAll(/;+$/g, '');
  return typeof value === 'string'
    ? value
        .replaceAll('\r\n', '\n')
        .trim()
        .replace(/^(?:mailto|tel):/i, '')
        .toLowerCase()
    : JSON.stringify(value);
}

function ruleOf(recur: unknown): unknown {
  if (typeof recur !== 'object' || recur === null) return undefined;
  return Object.entries(recur)
    .filter(([name, value]) => name !== 'wkst' && !(name === 'interval' && value === 1))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function fingerprintOf(master: JcalComponent, clock: Clock): string {
  const name = plain(propertyOf(master, 'summary')?.[3] ?? propertyOf(master, 'fn')?.[3] ?? '');
  if (name === '') return '';
  if (master[0] === 'vcard') {
    const address = plain(propertyOf(master, 'email')?.[3] ?? propertyOf(master, 'tel')?.[3] ?? '');
    return address === '' ? '' : hashOf([name, address]);
  }
  const { first, last } = spanOf([master], clock);
  return first === undefined ? '' : hashOf([name, first, last]);
}

function modifiedOf(components: readonly JcalComponent[]): number | undefined {
  const times = components.flatMap((component) => {
    const text = textOf(component, 'last-modified') ?? textOf(component, 'rev') ?? '';
    const at = Date.parse(text);
    return Number.isNaN(at) ? [] : [at];
  });
  return times.length === 0 ? undefined : Math.max(...times);
}

function organizerOf(master: JcalComponent): string | undefined {
  const line = propertyOf(master, 'organizer');
  if (line === undefined) return undefined;
  const uri = typeof line[3] === 'string' ? line[3].trim() : '';
  return (/^mailto:(.*)$/i.exec(uri)?.[1] ?? paramOf(line, 'email') ?? uri).trim().toLowerCase();
}

/** Address of the organizer of the meeting that a text is; undefined: there is none, or it is no such text. */
export function organizerIn(text: string): string | undefined {
  if (!/^ORGANIZER[;:]/im.test(text)) return undefined;
  try {
    const [root] = parseComponents(text);
    const [master] = root?.[2].filter(([name]) => name !== 'vtimezone').toSorted(byRecurrenceId) ?? [];
    return master && organizerOf(master);
  } catch (error) {
    if (error instanceof TranslateError) return undefined;
    throw error;
  }
}

function spanOf(components: readonly JcalComponent[], clock: Clock): TextFacts['span'] {
  const each = components.map((component) => ownSpan(component, clock));
  const firsts = each.flatMap(({ first }) => first ?? []);
  const lasts = each.map(({ last }) => last);
  const isBounded = lasts.every((last) => last !== undefined);
  return {
    ...(firsts.length > 0 && { first: Math.min(...firsts) }),
    ...(isBounded && lasts.length > 0 && { last: Math.max(...lasts.map(Number)) }),
  };
}

const dayMs = 86_400_000;

/** A series has no end here: whoever asks looks again. */
function ownSpan(component: JcalComponent, { zones, floatingZone }: Clock): TextFacts['span'] {
  const start = whenOf(component, 'dtstart', zones) ?? whenOf(component, 'due', zones);
  if (start === undefined) return {};
  const first = instantOfWhen(start, floatingZone);
  const isSeries = ['rrule', 'rdate'].some((name) => propertyOf(component, name) !== undefined);
  if (isSeries) return { first };
  const end = whenOf(component, 'dtend', zones) ?? whenOf(component, 'due', zones);
  const lasts = durationMsOf(propertyOf(component, 'duration')?.[3]) ?? (start.kind === 'date' ? dayMs : 0);
  return { first, last: end === undefined ? first + lasts : instantOfWhen(end, floatingZone) };
}
