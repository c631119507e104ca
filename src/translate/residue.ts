// What a client said and the mailbox cannot hold: kept in one text on the item (DESIGN §7), and its wire form.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isComponent, isProperty, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import type { Rendered } from './rows.ts';

export interface ComponentResidue {
  /** By the first name a row claims: all that the client gave for it, possibly nothing. */
  readonly rows: Readonly<Record<string, readonly Rendered[]>>;
  /** What no row claims. */
  readonly properties: readonly Jcal[];
  readonly components: readonly JcalComponent[];
  /** The mailbox holds no exception for this occurrence: that it was described at all is known from here only. */
  readonly isAlone?: boolean;
}

/** What is remembered of an object that the mailbox holds as several items, to know it again (docs/decisions/0013). */
export interface SplitResidue {
  /** Times, rule and further dates of the whole. */
  readonly rows: readonly Jcal[];
  /** Names of the parts; of a single instance with its key, of a series with none. */
  readonly parts: ReadonlyMap<string, string>;
  /** Digests of the fields that all parts share, as they were written. */
  readonly prints: ReadonlyMap<string, string>;
}

export interface Residue {
  /** Zone of the reader, for what a client said without one. */
  readonly zone: string;
  /** What the TZIDs of the client's own VTIMEZONEs were understood as. */
  readonly zones?: ReadonlyMap<string, string>;
  /** By the key of the component; the master's is empty. */
  readonly parts: ReadonlyMap<string, ComponentResidue>;
  readonly calendar: Pick<ComponentResidue, 'properties' | 'components'>;
  readonly split?: SplitResidue;
  /** Digests of the ids of items that were to go with this write: where it broke midway they are still there. */
  readonly was?: readonly string[];
  /** A UID that is too long for a tag that listings show. */
  readonly uid?: string;
}

/** Keys of the occurrences that only the client has described. */
export function aloneIn(residue: Residue): readonly string[] {
  return [...residue.parts].flatMap(([key, part]) => (part.isAlone ? [key] : []));
}

const maxChars = 256 * 1024;
const plainChars = 8 * 1024;
const compressedMark = 'z:';

interface PartJson {
  r?: Record<string, unknown[]>;
  p?: readonly Jcal[];
  c?: readonly JcalComponent[];
  /** 1: alone. */
  o?: number;
}

/** '' when nothing is kept. @throws TranslateError `too-large` */
export function encodeResidue(residue: Residue): string {
  const entries = [...residue.parts].flatMap(([key, part]) => {
    const json = partJson(part);
    return Object.keys(json).length === 0 ? [] : [[key, json] as const];
  });
  const calendar = partJson({ rows: {}, ...residue.calendar });
  const { split, was = [], uid } = residue;
  const isEmpty = entries.length === 0 && Object.keys(calendar).length === 0;
  if (isEmpty && split === undefined && was.length === 0 && uid === undefined) return '';
  const [master] = entries.filter(([key]) => key === '');
  const overrides = entries.filter(([key]) => key !== '');
  const text = JSON.stringify({
    v: 1,
    zone: residue.zone,
    master: master?.[1],
    overrides: overrides.length > 0 ? Object.fromEntries(overrides) : undefined,
    calendar: Object.keys(calendar).length > 0 ? calendar : undefined,
    split: split && {
      rows: split.rows,
      parts: Object.fromEntries(split.parts),
      prints: Object.fromEntries(split.prints),
    },
    was: was.length > 0 ? was : undefined,
    zones: residue.zones && residue.zones.size > 0 ? Object.fromEntries(residue.zones) : undefined,
    uid,
  });
  if (text.length <= plainChars) return text;
  const packed = compressedMark + deflateRawSync(text).toString('base64');
  if (packed.length > maxChars) {
    throw new TranslateError('too-large', 'the object has more of its own than a mailbox can keep');
  }
  return packed;
}

function partJson(part: ComponentResidue): PartJson {
  const rows = Object.entries(part.rows).map(([name, kept]) => [
    name,
    kept.map((each) => ('property' in each ? each.property : each.component)),
  ]);
  return {
    ...(rows.length > 0 && { r: Object.fromEntries(rows) }),
    ...(part.properties.length > 0 && { p: part.properties }),
    ...(part.components.length > 0 && { c: part.components }),
    ...(part.isAlone && { o: 1 }),
  };
}

/** Undefined when there is none, or when somebody else wrote it: then the item is shown as the mailbox holds it. */
export function decodeResidue(text: string | undefined): Residue | undefined {
  if (!text) return undefined;
  try {
    const json = text.startsWith(compressedMark)
      ? inflateRawSync(Buffer.from(text.slice(compressedMark.length), 'base64'), {
          maxOutputLength: 16 * maxChars,
        }).toString()
      : text;
    return residueOfJson(fields(JSON.parse(json)));
  } catch {
    return undefined;
  }
}

function residueOfJson(json: ReadonlyMap<string, unknown>): Residue | undefined {
  if (json.get('v') !== 1) return undefined;
  const zone = json.get('zone');
  const parts = new Map<string, ComponentResidue>();
  if (json.has('master')) parts.set('', partOfJson(json.get('master')));
  for (const [key, part] of fields(json.get('overrides'))) parts.set(key, partOfJson(part));
  const was = list(json.get('was')).filter((name) => typeof name === 'string');
  const uid = json.get('uid');
  return {
    zone: typeof zone === 'string' ? zone : 'UTC',
    parts,
    calendar: partOfJson(json.get('calendar')),
    ...(json.has('split') && { split: splitOfJson(json.get('split')) }),
    ...(was.length > 0 && { was }),
    ...(json.has('zones') && { zones: texts(json.get('zones')) }),
    ...(typeof uid === 'string' && { uid }),
  };
}

function splitOfJson(json: unknown): SplitResidue {
  const split = fields(json);
  return {
    rows: list(split.get('rows')).filter(isProperty),
    parts: texts(split.get('parts')),
    prints: texts(split.get('prints')),
  };
}

function texts(value: unknown): ReadonlyMap<string, string> {
  return new Map(
    [...fields(value)].flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}

function partOfJson(json: unknown): ComponentResidue {
  const part = fields(json);
  const rows = [...fields(part.get('r'))].map(
    ([name, kept]) => [name, list(kept).flatMap(renderedOf)] as const,
  );
  return {
    rows: Object.fromEntries(rows),
    properties: list(part.get('p')).filter(isProperty),
    components: list(part.get('c')).filter(isComponent),
    ...(part.get('o') === 1 && { isAlone: true }),
  };
}

function renderedOf(value: unknown): Rendered[] {
  if (isComponent(value)) return [{ component: value }];
  return isProperty(value) ? [{ property: value }] : [];
}

function fields(value: unknown): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
