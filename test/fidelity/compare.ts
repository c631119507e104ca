// Compares two texts of one object by meaning, property by property: spelling first, then the closed list of normalisations.
import { type Component, parseLines, type Property, valueOf } from './content-lines.ts';
import { normalisations, type Place } from './normalisations.ts';

export interface Difference {
  /** Where: `VEVENT`, `VEVENT 20260101/VALARM`. */
  readonly path: string;
  readonly name: string;
  readonly sent?: string;
  readonly got?: string;
}

export interface Comparison {
  readonly properties: Counts;
  readonly parameters: Counts;
  /** Normalisation → how often it was needed. */
  readonly used: ReadonlyMap<string, number>;
  /** In both, with another value. */
  readonly changed: readonly Difference[];
  readonly lost: readonly Difference[];
  readonly added: readonly Difference[];
}

export interface Counts {
  readonly sent: number;
  readonly got: number;
  readonly same: number;
  readonly normalised: number;
  readonly changed: number;
  readonly lost: number;
}

interface Fact {
  readonly path: string;
  readonly property: Property;
  readonly place: Place;
  /** Meaning without any normalisation. */
  readonly key: string;
}

export function compareTexts(sent: Uint8Array | string, got: Uint8Array | string): Comparison {
  const [sentRoots, gotRoots] = [parseLines(sent).roots, parseLines(got).roots];
  const before = factsOf(sentRoots, { others: gotRoots, wasDone: false });
  const after = factsOf(gotRoots, { others: sentRoots, wasDone: sentRoots.some(isDone) });
  const used = new Map<string, number>();
  const same = takeEqual(before, after, (fact) => fact.key);
  const normal = new Map([...same.left, ...same.right].map((fact) => [fact, normalised(fact)] as const));
  const close = takeEqual(same.left, same.right, (fact) => normal.get(fact)?.key);
  const count = (facts: readonly Fact[]): void => {
    for (const fact of facts)
      for (const id of normal.get(fact)?.ids ?? []) used.set(id, (used.get(id) ?? 0) + 1);
  };
  // What counts for nothing on its own.
  const dropped = close.left.filter((fact) => normal.get(fact)?.key === undefined);
  const unsaid = close.right.filter((fact) => normal.get(fact)?.key === undefined);
  count([...close.pairs.flat(), ...dropped, ...unsaid]);
  const missing = close.left.filter((fact) => !dropped.includes(fact));
  const extra = close.right.filter((fact) => !unsaid.includes(fact));
  const changes = takeEqual(
    missing,
    extra,
    ({ path, property }) => `${path} ${property.group} ${property.name}`,
  );
  const moved = takeEqual(changes.left, changes.right, ({ property }) => property.name);
  const pairs = [...changes.pairs, ...moved.pairs];
  const paramCount = (facts: readonly Fact[]): number =>
    facts.reduce((sum, { property }) => sum + property.params.size, 0);
  return {
    properties: {
      sent: before.length,
      got: after.length,
      same: same.pairs.length,
      normalised: close.pairs.length + dropped.length,
      changed: pairs.length,
      lost: moved.left.length,
    },
    parameters: {
      sent: paramCount(before),
      got: paramCount(after),
      same: paramCount(same.pairs.map(([fact]) => fact)),
      normalised: paramCount([...close.pairs.map(([fact]) => fact), ...dropped]),
      changed: paramCount(pairs.map(([fact]) => fact)),
      lost: paramCount(moved.left),
    },
    used,
    changed: pairs.map(([fact, other]) => differenceOf(fact, other)),
    lost: moved.left.map((fact) => differenceOf(fact, undefined)),
    added: moved.right.map((fact) => differenceOf(undefined, fact)),
  };
}

function differenceOf(fact: Fact | undefined, other: Fact | undefined): Difference {
  const { path = '', property } = fact ?? other ?? {};
  return {
    path,
    name: property?.name ?? '',
    ...(fact && { sent: fact.property.raw }),
    ...(other && { got: other.property.raw }),
  };
}

function takeEqual(
  left: readonly Fact[],
  right: readonly Fact[],
  keyOf: (fact: Fact) => string | undefined,
): { pairs: (readonly [Fact, Fact])[]; left: Fact[]; right: Fact[] } {
  const waiting = Map.groupBy(right, keyOf);
  const pairs: (readonly [Fact, Fact])[] = [];
  const rest: Fact[] = [];
  for (const fact of left) {
    const key = keyOf(fact);
    const other = key === undefined ? undefined : waiting.get(key)?.shift();
    if (other === undefined) rest.push(fact);
    else pairs.push([fact, other]);
  }
  const taken = new Set(pairs.map(([, other]) => other));
  return { pairs, left: rest, right: right.filter((fact) => !taken.has(fact)) };
}

function normalised(fact: Fact): { key: string | undefined; ids: readonly string[] } {
  let property: Property | undefined = fact.property;
  const ids: string[] = [];
  for (const { id, apply } of normalisations) {
    if (property === undefined) break;
    const next = apply(property, fact.place);
    if (next === undefined || keyOf(fact.path, next) !== keyOf(fact.path, property)) ids.push(id);
    property = next;
  }
  return { key: property && keyOf(fact.path, property), ids };
}

/** `wasDone`: a task sent as done, without its day. */
function factsOf(
  roots: readonly Component[],
  { others, wasDone }: { others: readonly Component[]; wasDone: boolean },
): Fact[] {
  return roots.flatMap((root) =>
    factsIn(root, {
      path: '',
      root,
      hasFullName: others.every((other) => /\S/.test(valueOf(other, 'FN') ?? '')),
      wasDone,
      peopled: new Set(others.flatMap(peopledIn)),
    }),
  );
}

function isDone(root: Component): boolean {
  return root.components.some((each) => {
    const says = (name: string, value: string): boolean =>
      valueOf(each, name)?.trim().toUpperCase() === value;
    const isWhole = says('STATUS', 'COMPLETED') || says('PERCENT-COMPLETE', '100');
    return isWhole && valueOf(each, 'COMPLETED') === undefined;
  });
}

/** RECURRENCE-IDs of the components that name people. */
function peopledIn({ components }: Component): string[] {
  return components.flatMap((each) =>
    valueOf(each, 'ORGANIZER') === undefined && valueOf(each, 'ATTENDEE') === undefined
      ? []
      : [valueOf(each, 'RECURRENCE-ID') ?? ''],
  );
}

interface At {
  readonly path: string;
  readonly root: Component;
  readonly hasFullName: boolean;
  readonly wasDone: boolean;
  readonly peopled: ReadonlySet<string>;
}

function factsIn(component: Component, at: At): Fact[] {
  if (component.name === 'VTIMEZONE') return [];
  const id = valueOf(component, 'RECURRENCE-ID');
  const path = `${at.path}/${component.name}${id === undefined ? '' : ` ${id.slice(0, 8)}`}`;
  const isCard = at.root.name === 'VCARD';
  const place: Place = {
    component,
    isCard,
    version: valueOf(at.root, 'VERSION') ?? '',
    isNamed: at.hasFullName,
    wasDone: at.wasDone,
    isPeopled: at.peopled.has(id ?? ''),
  };
  return [
    ...component.properties.flatMap((property) =>
      singles(property, isCard).map((each) => ({ path, property: each, place, key: keyOf(path, each) })),
    ),
    ...component.components.flatMap((each) => factsIn(each, { ...at, path })),
  ];
}

/** Lists that may as well be several properties, one value each. */
function singles(property: Property, isCard: boolean): Property[] {
  const isList = isCard
    ? ['CATEGORIES', 'NICKNAME'].includes(property.name)
    : ['CATEGORIES', 'RESOURCES', 'EXDATE', 'RDATE', 'FREEBUSY'].includes(property.name);
  if (!isList) return [property];
  return property.value
    .split(/(?<!(?<!\\)(?:\\\\)*\\),/)
    .filter((value) => value.trim() !== '')
    .map((value) => ({ ...property, value }));
}

/** Values of parameters that are names, whose case says nothing (RFC 5545 §2, RFC 6350 §3.3). */
const namesInParams = new Set(
  'VALUE TYPE ENCODING CUTYPE ROLE PARTSTAT RSVP RELATED FBTYPE RANGE RELTYPE SCHEDULE-AGENT'.split(' '),
);

/** Values whose parts are told apart by semicolons. */
const structured = new Set(
  'N ADR ORG GEO GENDER CLIENTPIDMAP REQUEST-STATUS RRULE EXRULE X-GENDER'.split(' '),
);

function keyOf(path: string, { group, name, params, value }: Property): string {
  const texts = [...params]
    .map(([name, values]) => {
      const given = namesInParams.has(name) ? values.map((each) => each.toUpperCase()) : values;
      return `${name}=${name === 'TYPE' ? typeText(given) : given.join('\u{1F}')}`;
    })
    .sort();
  return [path, group, name, texts.join('\u{1C}'), unescaped(value, structured.has(name))].join('\u{1E}');
}

function typeText(values: readonly string[]): string {
  return [...new Set(values.flatMap((value) => value.split(',')))].sort().join(',');
}

/** The spelling of a text says nothing: `\n` or `\N`, a comma with or without its backslash. */
function unescaped(value: string, isStructured: boolean): string {
  return value.replaceAll(/\\([nN,;\\])/g, (_, char: string) => {
    if (char === 'n' || char === 'N') return '\n';
    // A semicolon between parts is not one inside a part.
    return char === ';' && isStructured ? '\u{1D}' : char;
  });
}
