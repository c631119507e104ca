// The row engine: one row per fact, reading and writing an EWS property; shapes, whole items and changes are loops over rows.
import { childOf, childrenOf, textOf, xml, type Markup, type XmlElement } from '../../xml/index.ts';
import type { ZoneId } from '../../model/time.ts';
import { field, renderExtended, renderPath, type ExtendedPath, type Path } from './path.ts';
import { schemaOrder } from './schema-order.data.ts';
import { heldList } from './texts.ts';

/** One EWS property of an item in its present value; without a value it is empty and gets deleted. */
export interface Property {
  readonly path: Path;
  /** The element inside the item; its place among the others is the schema's. */
  readonly element: string;
  readonly value?: Markup;
  /** Added to what is there. */
  readonly isAddition?: boolean;
}

export interface Reading {
  /** The zone of the series to which an occurrence belongs. */
  readonly seriesZone?: ZoneId;
  /** The mailbox's own, in which programs of its owner reckon. */
  readonly mailboxZone?: ZoneId;
}

export interface Writing {
  /** Whose midnights stand for whole days. */
  readonly dayZone: ZoneId;
}

export interface Row<T> {
  readonly fields: readonly (keyof T & string)[];
  /** What GetItem must ask for; `since`: the first schema version that knows it. */
  readonly asks: readonly (Path & { readonly since?: string })[];
  read(element: XmlElement, reading: Reading): Partial<T>;
  /** Absent: read-only. */
  write?(item: T, writing: Writing): readonly Property[];
  /** How it is written into a new item, where that differs. */
  create?(item: T, writing: Writing): readonly Property[];
  /** What must be sent when one of the fields changed; default: the properties that differ. */
  change?(before: T, after: T, writing: Writing): readonly Property[];
}

export type ItemElement = keyof typeof schemaOrder;

/** AdditionalProperties of GetItem for these rows. */
export function shapeOf<T>(rows: readonly Row<T>[], schemaVersion: string): readonly Markup[] {
  return rows
    .flatMap((row) => row.asks)
    .filter(({ since }) => since === undefined || isAtLeast(schemaVersion, since))
    .map(renderPath);
}

/** Exchange2007_SP1 < … < Exchange2016 < V2015_10_05 …: the names happen to sort by age. */
function isAtLeast(version: string, since: string): boolean {
  return version.startsWith('V') || version >= since;
}

/** `base` with what the rows find. Built on a whole item, because an object that only grows gets slow for who reads it. */
export function readRows<T, Base extends Partial<T>>(
  rows: readonly Row<T>[],
  base: Base,
  { element, reading = {} }: { readonly element: XmlElement; readonly reading?: Reading },
): Base & Partial<T> {
  const found: Base & Partial<T> = { ...base };
  for (const row of rows) Object.assign(found, row.read(element, reading));
  return found;
}

/** A new item's elements in the order of the schema; `extra`: what no row of the item owns (tags). */
export function createElement<T>(
  name: ItemElement,
  rows: readonly Row<T>[],
  { item, writing, extra }: { item: T; writing: Writing; extra: readonly Property[] },
): Markup {
  const order = schemaOrder[name];
  const properties = [
    ...rows.flatMap((row) => row.create?.(item, writing) ?? row.write?.(item, writing) ?? []),
    ...extra,
  ].filter(({ value }) => value !== undefined);
  properties.sort((a, b) => order.indexOf(a.element) - order.indexOf(b.element));
  return xml(`t:${name}`, {}, ...properties.map(({ value }) => value));
}

/** The properties to send so that `before` becomes `after`; only fields of these rows are looked at. */
export function changedProperties<T>(
  rows: readonly Row<T>[],
  { before, after, writing }: { before: T; after: T; writing: Writing },
): readonly Property[] {
  const changed = rows.flatMap((row) => {
    if (row.write === undefined || row.fields.every((name) => isEqual(before[name], after[name]))) return [];
    return (
      row.change?.(before, after, writing) ?? differing(row.write(before, writing), row.write(after, writing))
    );
  });
  // Two rows may both want one property sent along (the zones of a series).
  return [...new Map(changed.map((property) => [renderPath(property.path).xml, property])).values()];
}

/** Properties whose value is not what it was. One that is no longer written at all is emptied. */
export function differing(before: readonly Property[], after: readonly Property[]): readonly Property[] {
  const known = new Map(before.map((property) => [renderPath(property.path).xml, property]));
  const changed: Property[] = [];
  for (const property of after) {
    const key = renderPath(property.path).xml;
    if (known.get(key)?.value?.xml !== property.value?.xml) changed.push(property);
    known.delete(key);
  }
  for (const { path, element, value } of known.values())
    if (value !== undefined) changed.push({ path, element });
  return changed;
}

/** `SetItemField`, `AppendToItemField` or `DeleteItemField`. */
export function renderChange(name: ItemElement, { path, value, isAddition }: Property): Markup {
  if (value === undefined) return xml('t:DeleteItemField', {}, renderPath(path));
  const change = isAddition ? 't:AppendToItemField' : 't:SetItemField';
  return xml(change, {}, renderPath(path), xml(`t:${name}`, {}, value));
}

/** Equality of model values: plain data. An absent member equals an undefined one. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = new Map(Object.entries(a).filter(([, value]) => value !== undefined));
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  return left.size === right.length && right.every(([key, value]) => isEqual(left.get(key), value));
}

/** `calendar:Location` → `Location`. */
export function elementNameOf(uri: string): string {
  return uri.slice(uri.indexOf(':') + 1);
}

/** The property behind a plain element: `item:Subject` ⇄ `t:Subject`. */
export function property(uri: string, content: Markup | string | undefined): Property {
  const element = elementNameOf(uri);
  if (content === undefined) return { path: field(uri), element };
  return {
    path: field(uri),
    element,
    value: typeof content === 'string' ? xml(`t:${element}`, {}, content) : content,
  };
}

/** A text that only MAPI has a name for; empty: there is none. */
export function extendedProperty(path: ExtendedPath, text: string): Property {
  const element = 'ExtendedProperty';
  return text === '' ? { path, element } : { path, element, value: renderExtended(path, text) };
}

/** The text of a child element; empty when absent. */
export function childText(element: XmlElement, name: string): string {
  return textOf(childOf(element, name));
}

/** Texts of the `String` children of a list element. */
export function stringsOf(element: XmlElement, name: string): readonly string[] {
  const list = childOf(element, name);
  return list === undefined ? [] : childrenOf(list).map(textOf);
}

type KeysOf<T, Value> = keyof { [Key in keyof T as T[Key] extends Value ? Key : never]: 1 } &
  keyof T &
  string;

/** A text that is deleted when empty. */
export function textRow<T>(uri: string, name: KeysOf<T, string>, hold: (text: string) => string): Row<T> {
  const element = elementNameOf(uri);
  return {
    fields: [name],
    asks: [field(uri)],
    read: (from) => only(name, hold(childText(from, element))),
    write: (item) => [property(uri, String(item[name]) || undefined)],
  };
}

/** A word out of a list. */
export function choiceRow<T, Name extends keyof T & string>(
  uri: string,
  name: Name,
  words: Readonly<Record<T[Name] & string, string>> & { readonly [word: string]: string },
): Row<T> {
  const element = elementNameOf(uri);
  const known = Object.keys(words).filter((word): word is T[Name] & string => word in words);
  const wordOf = new Map(known.map((word) => [words[word], word]));
  return {
    fields: [name],
    asks: [field(uri)],
    read(from) {
      const word = wordOf.get(childText(from, element));
      return word === undefined ? {} : only(name, word);
    },
    write: (item) => [property(uri, words[String(item[name])])],
  };
}

/** A list of texts that is deleted when empty. */
export function listRow<T>(uri: string, name: KeysOf<T, readonly string[]>): Row<T> {
  const element = elementNameOf(uri);
  return {
    fields: [name],
    asks: [field(uri)],
    read: (from) => only(name, heldList(stringsOf(from, element))),
    write(item) {
      const texts: unknown = item[name];
      if (!Array.isArray(texts) || texts.length === 0) return [property(uri, undefined)];
      const strings = texts.map((text) => xml('t:String', {}, String(text)));
      return [property(uri, xml(`t:${element}`, {}, ...strings))];
    },
  };
}

/** What rows about one field answer. The one place where a computed key meets the type of the item. */
export function only<T>(name: keyof T & string, value: unknown): Partial<T>;
export function only(name: string, value: unknown): Readonly<Record<string, unknown>> {
  return { [name]: value };
}
