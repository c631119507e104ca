// The envelope of a stored calendar object (RFC 4791 §4.1): one UID, one kind of component, no METHOD; and the reading of
// its components by rows.
import type { EventItem, Item, TaskItem } from '../model/item.ts';
import type { Stored } from '../model/backend.ts';
import type { Expression } from '../model/expression.ts';
import type { When, ZoneId } from '../model/time.ts';
import { resolveZone } from '../model/zones.ts';
import { filesOf, type KnownFiles } from './attachments.ts';
import { textOf, type Jcal, type JcalComponent } from './codec.ts';
import { shownRows } from './compose.ts';
import { zoneFinder, type ZoneNeeds } from './custom-zones.ts';
import { TranslateError } from './errors.ts';
import { masterKey, type Kind } from './kinds.ts';
import { decodeResidue, type Residue } from './residue.ts';
import { isDeepEqual, parseRows, takeApart, type ParseContext, type TakenApart } from './rows.ts';
import type { Wishes } from './wishes.ts';
import { endAfter, whenOf } from './times.ts';

export interface IncomingContext {
  /** What the mailbox holds now under this object. */
  readonly present?: Stored;
  /** Addresses of the mailbox into which it is written. */
  readonly ownAddresses: readonly string[];
  /** For times without a zone. */
  readonly defaultZone?: ZoneId;
  /** How the mailbox would hold an item: it decides what a client has been shown of the present one. */
  readonly express?: (item: Item) => Expression;
  /** Files of another object, of which this text is to be a copy. */
  readonly files?: KnownFiles;
}

export interface Incoming {
  readonly uid: string;
  readonly item: Item;
  readonly document: Document;
  /** What a meeting's text asks of the messages about it. */
  readonly wishes?: Wishes;
}

/** The client's text taken apart: what `residueOf` compares with what reading back would give. */
export interface Document {
  readonly zone: ZoneId;
  /** What the TZIDs of the text's own VTIMEZONEs were understood as. */
  readonly zones: ReadonlyMap<string, ZoneId>;
  readonly ownAddresses: readonly string[];
  readonly parts: readonly { readonly key: string; readonly taken: TakenApart }[];
  readonly calendar: { readonly properties: readonly Jcal[]; readonly components: readonly JcalComponent[] };
}

/** One object of a calendar: its components of one kind and what stands beside them. */
export interface CalendarObject {
  readonly uid: string;
  readonly components: readonly JcalComponent[];
  readonly vtimezones: readonly JcalComponent[];
  readonly calendar: Document['calendar'];
}

/** Properties of VCALENDAR that every writer sets anew. */
const envelope = new Set(['version', 'prodid', 'calscale']);

/** @throws TranslateError */
export function calendarObjectOf(root: JcalComponent, wanted: string): CalendarObject {
  if (root[1].some(([name]) => name === 'method')) {
    throw new TranslateError('not-one-object', 'a stored object has no METHOD (RFC 4791 §4.1)', 'METHOD');
  }
  const beside = (name: string): boolean => name === 'vtimezone' || name.startsWith('x-');
  const components = root[2].filter(([name]) => !beside(name));
  checkKinds(components, wanted);
  const vtimezones = root[2].filter(([name]) => name === 'vtimezone');
  return {
    uid: uidOf(components),
    components,
    vtimezones,
    calendar: {
      properties: root[1].filter(([name]) => !envelope.has(name)),
      components: root[2].filter((each) =>
        each[0] === 'vtimezone' ? resolveZone(textOf(each, 'tzid') ?? '') === undefined : beside(each[0]),
      ),
    },
  };
}

function checkKinds(components: readonly JcalComponent[], wanted: string): void {
  const names = new Set(components.map(([name]) => name));
  if (names.size === 0) throw new TranslateError('not-one-object', 'the calendar is empty');
  if (names.size > 1)
    throw new TranslateError('not-one-object', 'components of different kinds in one object');
  const [name = ''] = names;
  if (name === wanted) return;
  const message = `this folder takes ${wanted.toUpperCase()}, not ${name.toUpperCase()}`;
  throw new TranslateError('wrong-component', message, name.toUpperCase());
}

function uidOf(components: readonly JcalComponent[]): string {
  const uids = new Set(components.map((component) => textOf(component, 'uid')?.trim() ?? ''));
  if (uids.has('')) throw new TranslateError('missing-uid', 'every component needs a UID', 'UID');
  if (uids.size > 1) throw new TranslateError('not-one-object', 'two UIDs in one object', 'UID');
  return [...uids].join('');
}

export function documentOf(
  object: CalendarObject,
  context: IncomingContext,
  { parts, zoneOf }: Pick<Document, 'parts'> & Pick<ParseContext, 'zoneOf'>,
): Document {
  return {
    zone: context.defaultZone ?? 'UTC',
    zones: ownZones(object, zoneOf),
    ownAddresses: context.ownAddresses,
    parts,
    calendar: object.calendar,
  };
}

function ownZones(
  { components, calendar }: CalendarObject,
  zoneOf: (tzid: string) => ZoneId,
): Document['zones'] {
  const used = new Set(components.flatMap(tzidsIn));
  const found = new Map<string, ZoneId>();
  for (const each of calendar.components) {
    const tzid = each[0] === 'vtimezone' ? textOf(each, 'tzid') : undefined;
    if (tzid === undefined || !used.has(tzid)) continue;
    try {
      found.set(tzid, zoneOf(tzid));
    } catch (error) {
      // In a property that nobody had to understand.
      if (!(error instanceof TranslateError)) throw error;
    }
  }
  return found;
}

function tzidsIn([, properties, components]: JcalComponent): string[] {
  const here = properties.flatMap(([, { tzid }]) => (typeof tzid === 'string' ? [tzid] : []));
  return [...here, ...components.flatMap(tzidsIn)];
}

/** Reads components of one object by the rows of their kind. */
export function componentParser<T extends EventItem | TaskItem>(
  kind: Kind<T>,
  blank: T,
  given: { object: CalendarObject; context: IncomingContext; present: T | undefined },
) {
  const { context } = given;
  const residue = decodeResidue(context.present?.tags.residue);
  const shown = shownNow(kind, given.present, { context, residue });
  const contextOf = contextFor(kind, given);
  const { zoneOf } = contextOf();
  const parse = (
    component: JcalComponent,
    options: { key: string; seriesStart?: When; present?: T | undefined; series?: T | undefined },
  ): { view: T; taken: TakenApart } => {
    component[2].forEach(refuseInlineData);
    const taken = takeApart(kind.rows, component);
    const start = timeOf(component, 'dtstart', zoneOf);
    const due = timeOf(component, 'due', zoneOf);
    const end = due ?? endAfter(start, component[1]);
    const first = start ?? due;
    const seriesStart = options.seriesStart ?? first;
    const held = options.present ?? options.series;
    const view = parseRows(kind.rows, taken.rows, {
      base: blank,
      context: {
        ...contextOf(seriesStart),
        ...(first && { start: first }),
        ...(end && { end }),
        ...(held && { present: held }),
        keptRows: [options.key, masterKey]
          .flatMap((key) => residue?.parts.get(key) ?? [])
          .map(({ rows }) => rows),
        ...(textOf(component, 'status')?.toUpperCase() === 'CANCELLED' && { isCancelled: true }),
        ...(recurs(component, given.present) && { recurs: true }),
      },
      ...(options.present && { present: options.present }),
      shown: shown?.get(options.key),
      sameStart: isDeepEqual(first, options.present && kind.startOf(options.present)),
    });
    return { view, taken };
  };
  return { parse, contextOf };
}

/** A task that is done does not recur, whatever its rule, unless the mailbox goes on to its next instance. */
function recurs(component: JcalComponent, present: Item | undefined): boolean {
  if (!has(component, 'rrule')) return false;
  const status = textOf(component, 'status')?.toUpperCase();
  const says = status === 'COMPLETED' || (status === undefined && isFull(component));
  return !says || (present?.kind === 'task' && present.recurrence !== undefined);
}

function isFull(component: JcalComponent): boolean {
  const percent = component[1].find(([name]) => name === 'percent-complete')?.[3];
  return has(component, 'completed') || Number(percent) >= 100;
}

/** The context of every component of an object; `seriesStart`: of those that belong to a series. */
function contextFor<T extends EventItem | TaskItem>(
  kind: Kind<T>,
  { object, context, present }: { object: CalendarObject; context: IncomingContext; present: T | undefined },
): (seriesStart?: When) => ParseContext {
  const zoneOf = zoneFinder(
    object.vtimezones,
    needsOf(object.components),
    context.defaultZone === undefined ? [] : [context.defaultZone],
  );
  const defaultZone = context.defaultZone ?? zoneIn(present && kind.startOf(present)) ?? 'UTC';
  const files = new Map([...(context.files ?? []), ...filesOf(context.present?.item)]);
  return (seriesStart) => ({
    files,
    ownAddresses: context.ownAddresses,
    defaultZone,
    zoneOf,
    ...(seriesStart && { seriesStart }),
  });
}

/** A time without zone was stored in this one. */
function zoneIn(start: When | undefined): ZoneId | undefined {
  return start?.kind === 'zoned' ? start.zone : undefined;
}

function shownNow<T extends EventItem | TaskItem>(
  kind: Kind<T>,
  present: T | undefined,
  { context, residue }: { context: IncomingContext; residue: Residue | undefined },
): ReturnType<typeof shownRows> | undefined {
  const { express, ownAddresses } = context;
  return present && express
    ? shownRows(kind, present, { residue, context: { uid: '', ownAddresses }, express })
    : undefined;
}

function timeOf(component: JcalComponent, name: string, zoneOf: (tzid: string) => ZoneId): When | undefined {
  const property = component[1].find((each) => each[0] === name);
  return property && whenOf(property, zoneOf);
}

export function has(component: JcalComponent, name: string): boolean {
  return component[1].some((property) => property[0] === name);
}

/** A sound of an alarm has no place in a mailbox, and bytes are not kept beside it. */
function refuseInlineData(component: JcalComponent): void {
  if (component[1].some(([name, , type]) => name === 'attach' && type === 'binary')) {
    throw new TranslateError('unsupported', 'bytes inside an alarm cannot be stored', 'ATTACH');
  }
  component[2].forEach(refuseInlineData);
}

/** A series is trusted to keep its zone for ten years. */
export function needsOf(components: readonly JcalComponent[]): ZoneNeeds {
  const locals = components.flatMap((component) =>
    component[1].flatMap(([name, , , value]) =>
      timed.has(name) && typeof value === 'string' && isTime(value.slice(0, 19)) ? [value.slice(0, 19)] : [],
    ),
  );
  const years = locals.map((local) => Number(local.slice(0, 4)));
  if (years.length === 0) return { years: [2026, 2026] };
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const rules = components.flatMap((each) => each[1].filter((property) => property[0] === 'rrule'));
  if (rules.length === 0) return { years: [first, last], locals };
  const ends = rules.map((rule) => lastYearOf(rule[3], first));
  return { years: [first, Math.max(last, Math.min(first + 10, Math.max(...ends)))] };
}

/** What is none is refused by its row, in better words. */
function isTime(local: string): boolean {
  return local.length === 19 && !Number.isNaN(Date.parse(`${local}Z`));
}

const longestDays: Readonly<Record<string, number>> = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 };

function lastYearOf(rule: unknown, first: number): number {
  const parts = new Map<string, unknown>(Object.entries(Object(rule)));
  const until = parts.get('until');
  if (typeof until === 'string') return Number(until.slice(0, 4));
  const days = longestDays[String(parts.get('freq'))];
  const count = Number(parts.get('count'));
  if (days === undefined || Number.isNaN(count)) return Number.POSITIVE_INFINITY;
  return first + Math.ceil((count * Number(parts.get('interval') ?? 1) * days) / 365);
}

const timed = new Set(['dtstart', 'dtend', 'due']);
