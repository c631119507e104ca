// Facts that cards say in several ways: an anniversary or a spouse is a property of 4.0, a labelled property of Apple's
// clients (`item1.X-ABDATE` with `item1.X-ABLabel`), or an X- name in 3.0. Each becomes the canonical property, marked with
// the way its client chose, so that the client reads it in its own words again.
import { paramOf, textOf, type Jcal, type JcalComponent } from './codec.ts';

export type CardVersion = '3.0' | '4.0';

interface Fact {
  readonly name: string;
  /** The TYPE that tells it from others of the name. */
  readonly type?: string;
  readonly labelled: string;
  readonly label: string;
  /** Other names in use. */
  readonly names: readonly string[];
}

/** In the order in which rows write them. */
const facts: readonly Fact[] = [
  { name: 'x-manager', labelled: 'x-abrelatednames', label: 'Manager', names: [] },
  { name: 'x-assistant', labelled: 'x-abrelatednames', label: 'Assistant', names: [] },
  { name: 'related', type: 'spouse', labelled: 'x-abrelatednames', label: 'Spouse', names: ['x-spouse'] },
  { name: 'related', type: 'child', labelled: 'x-abrelatednames', label: 'Child', names: ['x-child'] },
  { name: 'anniversary', labelled: 'x-abdate', label: 'Anniversary', names: ['x-anniversary'] },
];

/** Names of this gateway alone: no client's word passes under them. */
const own = 'x-exdav-';
const formParam = `${own}form`;

/** `<version> <name> <label>`: how a client said it. */
function marked(property: Jcal, words: readonly [version: CardVersion, name: string, label?: string]): Jcal {
  const [name, params, ...rest] = property;
  return [name, { ...params, [formParam]: words.join(' ') }, ...rest];
}

/** A card as it came, with each of these facts under its canonical name. */
export function withFacts([name, properties, components]: JcalComponent): JcalComponent {
  const clean = properties.map(withoutOwn);
  const version = textOf([name, clean, []], 'version')?.trim() === '4.0' ? '4.0' : '3.0';
  const labels = labelsIn(clean);
  const used = new Set([...labels.values()].map(({ label }) => label));
  const isOwn = areOwnGroups(
    [...labels],
    clean.filter((each) => !used.has(each) && !labels.has(each)),
  );
  const canonical = clean.flatMap((property) => {
    if (used.has(property)) return [];
    const found = labels.get(property);
    if (!found) return [namedFact(property, version)];
    return [labelledFact(property, found.fact, { version, label: rawText(found.label), isOwn })];
  });
  return [name, canonical, components];
}

interface Labelled {
  readonly fact: Fact;
  readonly label: Jcal;
}

/** Properties that a label of their own makes one of the facts. */
function labelsIn(properties: readonly Jcal[]): ReadonlyMap<Jcal, Labelled> {
  const groups = Map.groupBy(properties, groupOf);
  groups.delete('');
  const found = new Map<Jcal, Labelled>();
  for (const members of groups.values()) {
    const label = members.find((each) => each[0] === 'x-ablabel');
    const property = members.find((each) => each !== label);
    const fact = label && property && factOfLabel(property[0], label);
    if (members.length === 2 && fact) found.set(property, { fact, label });
  }
  return found;
}

/** Whether the groups are those that this card would be given here. */
function areOwnGroups(labels: readonly (readonly [Jcal, Labelled])[], others: readonly Jcal[]): boolean {
  const rank = (fact: Fact): number => facts.indexOf(fact);
  const ownGroup = groupsBeside(others);
  return labels
    .toSorted(([, a], [, b]) => rank(a.fact) - rank(b.fact))
    .every(
      ([property, { fact, label }]) =>
        groupOf(property) === ownGroup() && rawText(label) === defaultLabel(fact),
    );
}

/** `item1`, `item2`, … as far as the card has none of the name. */
export function groupsBeside(properties: readonly Jcal[]): () => string {
  const taken = new Set(properties.map(groupOf));
  let number = 0;
  return () => {
    do number += 1;
    while (taken.has(`item${number}`));
    return `item${number}`;
  };
}

function withoutOwn([name, params, ...rest]: Jcal): Jcal {
  const kept = Object.entries(params).filter(([param]) => !param.startsWith(own));
  return [name, Object.fromEntries(kept), ...rest];
}

function groupOf(property: Jcal): string {
  return paramOf(property, 'group')?.toLowerCase() ?? '';
}

function rawText(property: Jcal): string {
  const value = property[3];
  return typeof value === 'string' ? value.trim() : '';
}

/** `_$!<Spouse>!$_`, or the word alone. */
function factOfLabel(name: string, label: Jcal): Fact | undefined {
  const word = rawText(label)
    .replace(/^_\$!<(.*)>!\$_$/, '$1')
    .toLowerCase();
  return facts.find((fact) => fact.labelled === name && fact.label.toLowerCase() === word);
}

function labelledFact(
  property: Jcal,
  fact: Fact,
  { version, label, isOwn }: { version: CardVersion; label: string; isOwn: boolean },
): Jcal {
  const [name, params, ...rest] = underName(fact.name, property, fact);
  if (version === '4.0' || label !== defaultLabel(fact))
    return marked([name, params, ...rest], [version, fact.labelled, label]);
  // What 3.0 says by default needs no mark, and the group that it would have none either.
  const { group: _own, ...others } = params;
  return [name, isOwn ? others : params, ...rest];
}

function defaultLabel({ label }: Fact): string {
  return `_$!<${label}>!$_`;
}

function namedFact(property: Jcal, version: CardVersion): Jcal {
  const [name] = property;
  // 4.0 says it so by default.
  if (facts.some((fact) => fact.name === name))
    return version === '3.0' ? marked(property, [version, name]) : property;
  const fact = facts.find(({ names }) => names.includes(name));
  return fact ? marked(underName(fact.name, property, fact), [version, name]) : property;
}

function underName(name: string, [, params, ...rest]: Jcal, fact: Fact): Jcal {
  const types = [params['type'] ?? [], fact.type ?? []].flat();
  return [name, types.length > 0 ? { ...params, type: types } : params, ...rest];
}

/** A canonical property as lines of a card: in the client's words, else as the version has it. */
export function renderFact(
  property: Jcal,
  version: CardVersion,
  freeGroup: () => string,
): readonly [Jcal, ...Jcal[]] {
  const plain = withoutOwn(property);
  const fact = factOf(plain);
  if (!fact) return [plain];
  const form = paramOf(property, formParam)?.split(' ') ?? [];
  const [name = '', ...words] = form[0] === version ? form.slice(1) : [];
  if (name === fact.name) return [plain];
  if (fact.names.includes(name)) return [withoutType(name, plain, fact)];
  if (version === '4.0' && name !== fact.labelled) return [plain];
  const group = paramOf(plain, 'group') ?? freeGroup();
  const label = name === fact.labelled ? words.join(' ') : defaultLabel(fact);
  const [labelled, params, ...value] = withoutType(fact.labelled, plain, fact);
  return [
    [labelled, { ...params, group }, ...value],
    ['x-ablabel', { group }, 'unknown', label],
  ];
}

function factOf(property: Jcal): Fact | undefined {
  const types = [property[1]['type'] ?? []].flat();
  const [fact, ...others] = facts.filter(
    ({ name, type }) =>
      name === property[0] && (type === undefined || (types.includes(type) && property[2] === 'text')),
  );
  return others.length === 0 ? fact : undefined;
}

/** Under another name, which says what the type said. */
function withoutType(name: string, [, params, ...rest]: Jcal, fact: Fact): Jcal {
  const { type, ...others } = params;
  const types = [type ?? []].flat().filter((each) => each !== fact.type);
  return [name, types.length > 0 ? { ...others, type: types } : others, ...rest];
}
