// Children against a content model. EWS models are deterministic, so one pass without going back decides.
import { childrenOf, type XmlElement } from '../../src/xml/index.ts';
import { many, namespaces, type ComplexRow, type Particle } from './model.ts';
import { schemaTable } from './schema-table.ts';

export interface ContentMatch {
  /** The type of each child that fits, in order. */
  readonly types: readonly string[];
  /** Index of the first child that does not fit (the number of children where one is missing), and what would. */
  readonly misfit?: { readonly at: number; readonly expected: readonly string[] };
}

export function matchContent(element: XmlElement, particle: Particle | undefined): ContentMatch {
  const pass: Pass = { names: childrenOf(element).map(nameOf), types: [], expected: new Set(), far: 0 };
  const end = particle === undefined ? 0 : match(pass, particle, 0);
  if (end === pass.names.length) return { types: pass.types };
  if (end !== undefined && end > pass.far) {
    pass.far = end;
    pass.expected.clear();
  }
  return {
    types: pass.types.slice(0, pass.far),
    misfit: { at: pass.far, expected: [...pass.expected] },
  };
}

const prefixes = new Map<string, string>(Object.entries(namespaces).map(([prefix, ns]) => [ns, prefix]));

/** Name with its prefix here; in Clark form where the namespace is foreign. */
export function nameOf(element: XmlElement): string {
  const prefix = prefixes.get(element.ns);
  return prefix === undefined ? `{${element.ns}}${element.name}` : `${prefix}:${element.name}`;
}

const contents = new WeakMap<ComplexRow, Particle | 'none'>();

/** The whole content of a type: its base's first. */
export function contentOf(row: ComplexRow): Particle | undefined {
  const kept = contents.get(row) ?? joinedContent(row) ?? 'none';
  contents.set(row, kept);
  return kept === 'none' ? undefined : kept;
}

function joinedContent(row: ComplexRow): Particle | undefined {
  const base = row.base === undefined ? undefined : schemaTable.complexTypes[row.base];
  const inherited = base === undefined ? undefined : contentOf(base);
  if (inherited === undefined || row.content === undefined) return row.content ?? inherited;
  return ['sequence', [inherited, row.content], 1, 1];
}

interface Pass {
  readonly names: readonly string[];
  readonly types: string[];
  /** What could have stood at `far`. */
  readonly expected: Set<string>;
  /** The furthest child that was looked at in vain. */
  far: number;
}

/** The index after what the particle takes; undefined when something it must have is missing. */
function match(pass: Pass, particle: Particle, from: number): number | undefined {
  const [least, most] = occursOf(particle);
  const limit = most === many ? pass.names.length + 1 : most;
  let at = from;
  for (let count = 0; count < limit; count += 1) {
    const next = matchOnce(pass, particle, at);
    if (next === undefined) return count < least ? undefined : at;
    if (next === at) return at;
    at = next;
  }
  return at;
}

function occursOf(particle: Particle): readonly [least: number, most: number] {
  if (particle[0] === 'any') return [particle[1], particle[2]];
  if (particle[0] === 'element') return [particle[3], particle[4]];
  return [particle[2], particle[3]];
}

function matchOnce(pass: Pass, particle: Particle, at: number): number | undefined {
  if (particle[0] === 'element') return take(pass, at, new Map([[particle[1], particle[2]]]));
  if (particle[0] === 'ref') return take(pass, at, substitutesOf(particle[1]));
  if (particle[0] === 'any') return take(pass, at, new Map([[pass.names[at] ?? '*', 'xs:anyType']]));
  if (particle[0] === 'sequence') return matchSequence(pass, particle[1], at);
  if (particle[0] === 'choice') return matchChoice(pass, particle[1], at);
  return matchAll(pass, particle[1], at);
}

function take(pass: Pass, at: number, candidates: ReadonlyMap<string, string>): number | undefined {
  const name = pass.names[at];
  const type = name === undefined ? undefined : candidates.get(name);
  if (type !== undefined) {
    pass.types[at] = type;
    return at + 1;
  }
  if (at > pass.far) {
    pass.far = at;
    pass.expected.clear();
  }
  if (at === pass.far) for (const candidate of candidates.keys()) pass.expected.add(candidate);
  return undefined;
}

/** The elements that may stand for a global one, with their types. */
function substitutesOf(head: string): ReadonlyMap<string, string> {
  const names = [head, ...(schemaTable.substitutes[head] ?? [])];
  return new Map(
    names
      .filter((name) => !schemaTable.abstractElements.includes(name))
      .map((name) => [name, schemaTable.elements[name] ?? 'xs:anyType']),
  );
}

function matchSequence(pass: Pass, particles: readonly Particle[], from: number): number | undefined {
  let at: number | undefined = from;
  for (const particle of particles) {
    at = match(pass, particle, at);
    if (at === undefined) return undefined;
  }
  return at;
}

function matchChoice(pass: Pass, particles: readonly Particle[], from: number): number | undefined {
  let empty: number | undefined;
  for (const particle of particles) {
    const at = match(pass, particle, from);
    if (at !== undefined && at > from) return at;
    empty ??= at;
  }
  return empty;
}

/** xs:all: every particle once, in any order. */
function matchAll(pass: Pass, particles: readonly Particle[], from: number): number | undefined {
  const open = [...particles];
  let at = from;
  for (;;) {
    const index = open.findIndex((particle) => (match(pass, particle, at) ?? at) > at);
    if (index < 0) break;
    open.splice(index, 1);
    at += 1;
  }
  return open.every((particle) => occursOf(particle)[0] === 0) ? at : undefined;
}
