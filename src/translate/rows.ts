// The row engine (DESIGN §7): a row is one fact, read and written in one place; the loops over rows are written here, once.
import type { Item, NewPart, Part } from '../model/item.ts';
import { weekdays } from '../model/recurrence.ts';
import type { When, ZoneId } from '../model/time.ts';
import type { Jcal, JcalComponent } from './codec.ts';

export type { Jcal, JcalComponent } from './codec.ts';

export type Rendered = { readonly property: Jcal } | { readonly component: JcalComponent };

export interface RenderContext {
  readonly uid: string;
  readonly ownAddresses: readonly string[];
  /** Bytes of the item's photo, when they were asked for; by part id. */
  readonly photos?: ReadonlyMap<string, { readonly contentType: string; readonly base64: string }>;
  /** Of the reader who wrote what was kept; absent when nothing was. */
  readonly zone?: ZoneId;
  /** SCHEDULE-STATUS is told: to who reads, never where two texts are compared. */
  readonly tellsStatus?: boolean;
}

export interface ParseContext {
  readonly ownAddresses: readonly string[];
  /** For floating times and for UTC times of which only the day is wanted. */
  readonly defaultZone: ZoneId;
  /** Zone of a TZID, the text's own VTIMEZONEs included. @throws TranslateError */
  readonly zoneOf: (tzid: string) => ZoneId;
  /** DTSTART of this component; a task without one: its DUE. */
  readonly start?: When;
  /** DUE of a task. */
  readonly end?: When;
  /** DTSTART of the series: overrides and cancelled dates take its kind and zone. */
  readonly seriesStart?: When;
  /** What the mailbox holds now under this component. */
  readonly present?: Item;
  /** What was kept of this component and of its series when they were last written, by the first name of a row. */
  readonly keptRows?: readonly Readonly<Record<string, readonly Rendered[]>>[];
  /** The component says that it does not take place. */
  readonly isCancelled?: boolean;
  /** It has a rule. */
  readonly recurs?: boolean;
  /** Files that a line may name, by MANAGED-ID, beside those of `present`. */
  readonly files?: ReadonlyMap<string, Part | NewPart>;
  /** Kept parts are judged: what do they say, not what may a client change. */
  readonly isJudging?: boolean;
}

/** What a row knows of the component beside its own parts. */
export interface MergeContext<T> {
  /** The component as the mailbox holds it. */
  readonly view: T;
  /** Of the reader who wrote what was kept. */
  readonly zone: ZoneId;
}

export interface Row<T> {
  /** Lower-case property names this row owns; sub-components by their name (`valarm`). */
  readonly claims: readonly string[];
  /** Item fields it owns. */
  readonly fields: readonly (keyof T)[];
  render(item: T, context: RenderContext): readonly Rendered[];
  /**
   * Claimed parts of one component, in their order; also called with none: absent means the default value.
   * `soFar`: what the rows before this one have read.
   */
  parse(parts: readonly Rendered[], context: ParseContext, soFar: T): Partial<T>;
  /** Lists: what is shown when the backend's own slots were edited elsewhere: `shown` and what was kept beyond the slots. */
  merge?(kept: readonly Rendered[], shown: readonly Rendered[], inside: MergeContext<T>): readonly Rendered[];
  /** What of the client's parts is kept at all: bytes that are stored as such are not kept twice. Default: everything. */
  keepable?(parts: readonly Rendered[], item: T): readonly Rendered[];
  /** Which of the client's parts are none of the mailbox's business, as things are: kept and shown whatever it holds. */
  apart?(parts: readonly Rendered[], inside: MergeContext<T>): readonly Rendered[];
  /** Kept parts stand beside what the mailbox holds and never for it: they are always merged. */
  readonly isBeside?: boolean;
  /** Brings answers and the like inside kept parts up to date before they are judged. */
  refresh?(kept: readonly Rendered[], item: T, context: RenderContext): readonly Rendered[];
  /** What an occurrence shows, where all components of an object must agree with the series. */
  inWordsOfSeries?(shown: readonly Rendered[], ofSeries: readonly Rendered[]): readonly Rendered[];
  /** Whether what was said is what is held, in this row's fields; default: deep equality. */
  equal?(said: T, held: T): boolean;
  /** Stamps that every writer sets anew: never kept, never compared. */
  readonly isStamp?: boolean;
  /** Rendering what the mailbox holds does not show all of it here (bytes of a photo): the text is always read. */
  readonly isAlwaysRead?: boolean;
  /** What the same text says depends on the start of the component. */
  readonly readsStart?: boolean;
  /** What the same text says depends on whether the component takes place. */
  readonly readsStatus?: boolean;
}

/** A component by rows, in the order of the table, and what no row claims. */
export interface TakenApart {
  readonly rows: readonly (readonly Rendered[])[];
  readonly properties: readonly Jcal[];
  readonly components: readonly JcalComponent[];
}

export function takeApart<T>(rows: readonly Row<T>[], component: JcalComponent): TakenApart {
  const claimed: Rendered[][] = rows.map(() => []);
  const indexOf = new Map(rows.flatMap((row, index) => row.claims.map((name) => [name, index] as const)));
  const properties: Jcal[] = [];
  const components: JcalComponent[] = [];
  for (const property of component[1]) {
    const list = claimed[indexOf.get(property[0]) ?? -1];
    if (list) list.push({ property });
    else properties.push(property);
  }
  for (const each of component[2]) {
    const list = claimed[indexOf.get(each[0]) ?? -1];
    if (list) list.push({ component: each });
    else components.push(each);
  }
  return { rows: claimed, properties, components };
}

interface ParseOptions<T> {
  readonly base: T;
  readonly context: ParseContext;
  readonly present?: T;
  /** What a client was shown, by row; default: what the rows render. */
  readonly shown?: readonly (readonly Rendered[])[] | undefined;
  readonly sameStart?: boolean;
}

/** `item` with the fields that each row reads; rows whose text is as it was shown keep what the mailbox holds. */
export function parseRows<T extends object>(
  rows: readonly Row<T>[],
  parts: readonly (readonly Rendered[])[],
  options: ParseOptions<T>,
): T {
  let item = options.base;
  // The times are the first row.
  const sameStart = options.sameStart || isAsShown(parts[0], options.shown?.[0]);
  const sameStatus = wasCancelled(options.shown) === (options.context.isCancelled === true);
  for (const [index, row] of rows.entries()) {
    const given = parts[index] ?? [];
    const shown = options.shown?.[index];
    const parsed = isUntouched(row, given, { ...options, sameStart, sameStatus, shown })
      ? pick(options.present ?? options.base, row.fields)
      : row.parse(given, options.context, item);
    item = { ...item, ...parsed };
  }
  return item;
}

function wasCancelled(shown: readonly (readonly Rendered[])[] = []): boolean {
  return propertiesOf(shown.flat()).some(
    ([name, , , value]) => name === 'status' && String(value).toUpperCase() === 'CANCELLED',
  );
}

function isAsShown(given: readonly Rendered[] = [], shown?: readonly Rendered[]): boolean {
  return shown !== undefined && isSameMeaning(given, shown);
}

/** So that an edit elsewhere does not flatten what iCalendar has fewer words for (a task that waits is IN-PROCESS). */
function isUntouched<T extends object>(
  row: Row<T>,
  given: readonly Rendered[],
  options: {
    readonly context: ParseContext;
    readonly present?: T;
    readonly shown: readonly Rendered[] | undefined;
    readonly sameStart: boolean;
    readonly sameStatus: boolean;
  },
): boolean {
  const { present, context, shown } = options;
  if (present === undefined || row.isStamp || row.isAlwaysRead) return false;
  if ((row.readsStart && !options.sameStart) || (row.readsStatus && !options.sameStatus)) return false;
  if (isAsShown(given, shown)) return true;
  return isSameMeaning(given, row.render(present, { uid: '', ownAddresses: context.ownAddresses }));
}

function pick<T extends object>(item: T, fields: readonly (keyof T)[]): Partial<T> {
  const picked: Partial<T> = {};
  for (const field of fields) picked[field] = item[field];
  return picked;
}

export function isEqualIn<T>(row: Row<T>, one: T, other: T): boolean {
  return row.equal
    ? row.equal(one, other)
    : row.fields.every((field) => isDeepEqual(one[field], other[field]));
}

/** Absent and undefined are the same. */
export function isDeepEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [a, b] = [
    new Map<string, unknown>(Object.entries(one)),
    new Map<string, unknown>(Object.entries(other)),
  ];
  return [...new Set([...a.keys(), ...b.keys()])].every((key) => isDeepEqual(a.get(key), b.get(key)));
}

/** Whether two lists of parts say the same, whatever their order and spelling. */
export function isSameMeaning(one: readonly Rendered[], other: readonly Rendered[]): boolean {
  if (one.length === 0 && other.length === 0) return true;
  return meaningOf(one) === meaningOf(other);
}

function meaningOf(parts: readonly Rendered[]): string {
  return JSON.stringify(
    parts
      .flatMap((part) =>
        'property' in part ? propertyMeaning(part.property) : [componentMeaning(part.component)],
      )
      .sort(),
  );
}

function componentMeaning(component: JcalComponent): string {
  return JSON.stringify([
    component[0],
    component[1].flatMap(propertyMeaning).sort(),
    component[2].map(componentMeaning).sort(),
  ]);
}

/** One text a value, so that one EXDATE with two dates is two EXDATEs with one. */
function propertyMeaning([name, params, type, ...values]: Jcal): string[] {
  const sorted = Object.keys(params)
    .sort()
    .map((key) => [key, params[key]]);
  const shared = JSON.stringify([name, sorted, type]);
  return values.map((value) => shared + valueMeaning(value, type));
}

function valueMeaning(value: unknown, type: string): string {
  if (typeof value === 'string') return JSON.stringify(value.replaceAll(/\r\n?/g, '\n'));
  if (type !== 'recur' || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const parts: [string, unknown][] = Object.entries(value);
  return parts
    .filter(([name, part]) => name !== 'interval' || Number(part) !== 1)
    .map(([name, part]) => `${name}=${ruleText(name, part)}`)
    .sort()
    .join(';');
}

/** The codec reads one day as a text, several as a list, and WKST as a number from Sunday = 1. */
function ruleText(name: string, part: unknown): string {
  if (name === 'wkst' && typeof part === 'number') return weekdays[part - 1] ?? '';
  return [part].flat().map(String).join(',');
}

export function propertiesOf(parts: readonly Rendered[]): Jcal[] {
  return parts.flatMap((part) => ('property' in part ? [part.property] : []));
}

export function componentsOf(parts: readonly Rendered[]): JcalComponent[] {
  return parts.flatMap((part) => ('component' in part ? [part.component] : []));
}
