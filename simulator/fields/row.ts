// A property of an item as one row: its FieldURI and element, what may be done with it, reading and writing. The tables
// beside this file hold the rows in the order of types.xsd; property abilities follow the managed API's schema tables.
import { escapeText, textOf, type XmlElement } from '../../src/xml/index.ts';
import type { SimZone } from '../calendar/index.ts';
import { EwsError } from '../errors.ts';
import type {
  Attachment,
  Draft,
  Extended,
  Folder,
  Instant,
  Item,
  KeyOf,
  Mailbox,
  Rights,
  Values,
  World,
} from '../state/index.ts';
import { parseTime, type TimeFormat } from './times.ts';

/** One occurrence of a series. */
export interface Occurrence {
  readonly index: number;
  readonly originalStart: Instant;
  readonly isException: boolean;
}

/** How one answer writes values. */
export interface Answer {
  readonly time: TimeFormat;
  readonly bodyType: 'HTML' | 'Text';
  /** FindItem and SyncFolderItems: texts cut, no bodies, no recipients (BEHAVIOUR §4). */
  readonly listing: boolean;
  /** Appended to texts, unescaped: a fault to switch on. */
  readonly garble: string;
  /** X500 address of those in the directory, where they are shown by it (BEHAVIOUR §9). */
  readonly legacyDnOf?: (address: string) => string | undefined;
}

/** What is shown: an item, or one occurrence of it with the values it has there. */
export interface View {
  readonly world: World;
  readonly mailbox: Mailbox;
  readonly folder: Folder;
  readonly item: Item;
  readonly values: Values;
  readonly extended: Extended | undefined;
  readonly attachments: readonly Attachment[] | undefined;
  readonly occurrence: Occurrence | undefined;
  readonly rights: Rights;
}

/** What a value element is read with. */
export interface WriteContext {
  readonly startZone: SimZone;
  readonly endZone: SimZone;
  readonly now: Instant;
}

export type Scalar = string | number | boolean | readonly string[] | undefined;

export interface Row {
  readonly uri: string;
  readonly element: string;
  /** Letters: Set, Update, Delete, Find. */
  readonly can: string;
  /** Letters: default shape, all properties; g: by GetItem only. */
  readonly shape: string;
  /** Never in FindItem and SyncFolderItems. */
  readonly getOnly: boolean;
  /** For restrictions and sort orders; instants as numbers. */
  readonly read?: (view: View) => Scalar;
  /** The element, or the empty string. */
  readonly render: (view: View, answer: Answer) => string;
  readonly set?: (draft: Draft, element: XmlElement, context: WriteContext) => void;
  readonly clear?: (draft: Draft) => void;
}

interface Place {
  readonly uri: string;
  readonly can?: string;
  readonly shape?: string;
}

export function elementOf(uri: string): string {
  return uri.slice(uri.indexOf(':') + 1);
}

export function tag(element: string, text: string): string {
  return text === '' ? `<t:${element}/>` : `<t:${element}>${text}</t:${element}>`;
}

const listedLength = 255;

function cut(text: string, answer: Answer): string {
  return answer.listing && text.length > listedLength ? text.slice(0, listedLength) : text;
}

export function text(place: Place, key: KeyOf<string>, fallback?: string): Row {
  const element = elementOf(place.uri);
  const read = (view: View): string | undefined => view.values[key] ?? fallback;
  return {
    ...placed(place),
    read,
    render(view, answer) {
      const value = read(view);
      return value === undefined ? '' : tag(element, escapeText(cut(value, answer)) + answer.garble);
    },
    set(draft, given) {
      draft[key] = textOf(given);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

/** An enumeration; the schema check has already refused other values. */
export function choice(place: Place, key: KeyOf<string>, fallback?: string): Row {
  const element = elementOf(place.uri);
  const row = text(place, key, fallback);
  return {
    ...row,
    render(view) {
      const value = view.values[key] ?? fallback;
      return value === undefined ? '' : tag(element, value);
    },
  };
}

export function flag(place: Place, key: KeyOf<boolean>, fallback?: boolean): Row {
  return {
    ...scalar(place, (view) => view.values[key] ?? fallback),
    set(draft, given) {
      draft[key] = parseBoolean(given);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

export function number(place: Place, key: KeyOf<number>, fallback?: number): Row {
  return {
    ...scalar(place, (view) => view.values[key] ?? fallback),
    set(draft, given) {
      const value = Number(textOf(given));
      if (textOf(given).trim() === '' || !Number.isFinite(value))
        throw new EwsError('ErrorInvalidValueForProperty', 'The specified value is invalid for property.');
      draft[key] = value;
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

export function instant(place: Place, key: KeyOf<number>): Row {
  return {
    ...time(place, (view) => view.values[key]),
    set(draft, given, context) {
      draft[key] = parseTime(textOf(given), context.startZone);
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

export function strings(place: Place, key: KeyOf<readonly string[]>): Row {
  const element = elementOf(place.uri);
  return {
    ...placed(place),
    read: (view) => view.values[key],
    render(view, answer) {
      const values = view.values[key];
      if (values === undefined || values.length === 0) return '';
      return tag(element, values.map((value) => tag('String', escapeText(value) + answer.garble)).join(''));
    },
    set(draft, given) {
      const values: string[] = [];
      for (const child of given.children) if (typeof child !== 'string') values.push(textOf(child));
      draft[key] = values;
    },
    clear(draft) {
      delete draft[key];
    },
  };
}

/** A computed scalar nobody can set. */
export function scalar(place: Place, read: (view: View) => string | number | boolean | undefined): Row {
  const element = elementOf(place.uri);
  return {
    ...placed(place),
    read,
    render(view) {
      const value = read(view);
      return value === undefined
        ? ''
        : tag(element, typeof value === 'string' ? escapeText(value) : String(value));
    },
  };
}

/** A computed time nobody can set. */
export function time(place: Place, read: (view: View) => Instant | undefined): Row {
  const element = elementOf(place.uri);
  return {
    ...placed(place),
    read,
    render(view, answer) {
      const value = read(view);
      return value === undefined ? '' : tag(element, answer.time(value));
    },
  };
}

/** Anything else: `render` writes the whole element. */
export function whole(
  place: Place & { readonly getOnly?: boolean },
  row: Pick<Row, 'render' | 'set' | 'clear' | 'read'>,
): Row {
  return { ...placed(place), ...row, getOnly: place.getOnly ?? false };
}

export function parseBoolean(element: XmlElement): boolean {
  const given = textOf(element).trim();
  return given === 'true' || given === '1';
}

function placed(place: Place): Pick<Row, 'uri' | 'element' | 'can' | 'shape' | 'getOnly'> {
  return {
    uri: place.uri,
    element: elementOf(place.uri),
    can: place.can ?? '',
    shape: place.shape ?? '',
    getOnly: false,
  };
}
