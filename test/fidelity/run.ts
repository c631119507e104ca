// Every object of the corpus through gateway and simulated Exchange; what comes back is compared by meaning.
import { type CorpusObject, readCorpus, sortOf } from './corpus.ts';
import { compareTexts, type Comparison, type Counts } from './compare.ts';
import { tryEdits } from './edits.ts';
import { parseLines, valueOf } from './content-lines.ts';
import { type Ews, facts, openEws } from './ews.ts';
import { childrenOf, textOf, type XmlElement } from '../../src/xml/index.ts';
import { openPlace, type Place, type Placed } from './place.ts';
import { type Refusal, refusalOf } from './refusals.ts';

export interface Fidelity {
  readonly objects: number;
  readonly accepted: number;
  /** By the list of refusals. */
  readonly refused: ReadonlyMap<Refusal, readonly string[]>;
  readonly properties: Counts & { readonly added: number };
  readonly parameters: Counts;
  readonly normalised: ReadonlyMap<string, number>;
  readonly edited: number;
  /** Whatever must not be: one line each. */
  readonly faults: readonly string[];
  readonly seconds: number;
}

export interface FidelityOptions {
  /** Names of objects; default: all. */
  readonly only?: RegExp;
  readonly edits: boolean;
}

export async function measureFidelity({ only, edits }: FidelityOptions): Promise<Fidelity> {
  const began = performance.now();
  const objects = readCorpus().filter(({ name }) => only?.test(name) ?? true);
  const place = await openPlace();
  try {
    const faults: string[] = [];
    const { placed, refused } = await putAll(place, objects, faults);
    const comparisons = await readAll(place, placed, faults);
    // Everything the gateway knew is gone: what it shows now is what the mailbox holds.
    await place.stage.restart();
    await readAll(place, placed, faults);
    if (edits) faults.push(...(await editAll(place, placed)));
    for (const { direction, complaints } of place.stage.envelopes.failures)
      faults.push(`an envelope is not valid: ${direction} ${complaints.join(' ')}`);
    return {
      objects: objects.length,
      accepted: placed.length,
      refused,
      properties: {
        ...total(comparisons.map((each) => each.properties)),
        added: comparisons.reduce((sum, each) => sum + each.added.length, 0),
      },
      parameters: total(comparisons.map((each) => each.parameters)),
      normalised: usedIn(comparisons),
      edited: edits ? placed.length : 0,
      faults,
      seconds: (performance.now() - began) / 1000,
    };
  } finally {
    await place.stage.stop();
  }
}

async function putAll(
  place: Place,
  objects: readonly CorpusObject[],
  faults: string[],
): Promise<{ placed: Placed[]; refused: Map<Refusal, string[]> }> {
  const placed: Placed[] = [];
  const refused = new Map<Refusal, string[]>();
  for (const [index, object] of objects.entries()) {
    const outcome = await place.put(object, index);
    if (typeof outcome !== 'string') {
      placed.push(outcome);
      continue;
    }
    const refusal = refusalOf(object, outcome);
    if (refusal === undefined) faults.push(`${object.name} is refused: ${outcome}`);
    else refused.set(refusal, [...(refused.get(refusal) ?? []), object.name]);
  }
  return { placed, refused };
}

async function readAll(place: Place, placed: readonly Placed[], faults: string[]): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const each of placed) {
    const comparison = compareTexts(each.object.body, await place.opened(await place.get(each)));
    comparisons.push(comparison);
    const { changed, lost, added } = comparison;
    for (const [kind, list] of Object.entries({ changed, lost, added }))
      for (const { path, sent = '', got = '' } of list)
        faults.push(
          `${each.object.name}: ${kind} ${path}\n    - ${sent.slice(0, 300)}\n    + ${got.slice(0, 300)}`,
        );
  }
  return comparisons;
}

/** That the item itself holds what it can: residue alone would show it to DAV clients and hide it from Outlook. */
async function missingIn(ews: Ews, { object }: Placed, id: string): Promise<string[]> {
  const item = elementIn(await ews.item(id), /^(?:CalendarItem|Task|Contact|DistributionList)$/);
  if (item === undefined) return [`${object.name} is not in the mailbox`];
  const [root] = parseLines(object.body).roots;
  const master =
    root?.components.find(
      (each) => /^V(?:EVENT|TODO)$/.test(each.name) && valueOf(each, 'RECURRENCE-ID') === undefined,
    ) ?? root;
  return Object.entries(facts[sortOf(object)]).flatMap(([name, element]) => {
    const property = master?.properties.find((each) => each.name === name);
    if (property === undefined || /;ENCODING=/i.test(property.raw)) return [];
    const isList = ['ORG', 'CATEGORIES', 'EMAIL'].includes(name);
    const sent = words(
      unescaped(isList ? property.value.replace(/(?<!\\)[;,].*$/s, '') : property.value),
    ).slice(0, 40);
    const held = words(textsIn(item, element).join(' '));
    return held.includes(sent)
      ? []
      : [`${object.name}: ${name} is not in ${element}: ${sent} | ${held.slice(0, 200)}`];
  });
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, char: string) => (/n/i.test(char) ? ' ' : char));
}

/** White space and characters that XML cannot carry say nothing here. */
function words(text: string): string {
  return text.replaceAll(/[\s\u{0}-\u{1F}\u{FFFD}-\u{FFFF}]+/gu, '').toLowerCase();
}

function elementIn(element: XmlElement, name: RegExp): XmlElement | undefined {
  if (name.test(element.name)) return element;
  for (const child of childrenOf(element)) {
    const found = elementIn(child, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function textsIn(element: XmlElement, name: string): string[] {
  return childrenOf(element).flatMap((child) =>
    child.name === name ? [allText(child)] : textsIn(child, name),
  );
}

function allText(element: XmlElement): string {
  const children = childrenOf(element);
  return children.length === 0 ? textOf(element) : children.map(allText).join(' ');
}

async function editAll(place: Place, placed: readonly Placed[]): Promise<string[]> {
  const ews = openEws(place.stage.simulator.url);
  const ids = await ews.items(place.folders);
  const faults: string[] = [];
  for (const each of placed) {
    const items = ids.get(each.href.slice(each.href.lastIndexOf('/') + 1)) ?? [];
    const item = items.find(({ isSeries }) => isSeries) ?? items[0];
    if (item === undefined) {
      faults.push(`${each.object.name} is not found in the mailbox`);
      continue;
    }
    const { id, isSeries } = item;
    const other = { ews, id, isInstance: items.length > 1 && !isSeries };
    faults.push(...(await missingIn(ews, each, id)), ...(await tryEdits(place, each, other)));
  }
  return faults;
}

function total(all: readonly Counts[]): Counts {
  const sum = (name: keyof Counts): number => all.reduce((so, each) => so + each[name], 0);
  return {
    sent: sum('sent'),
    got: sum('got'),
    same: sum('same'),
    normalised: sum('normalised'),
    changed: sum('changed'),
    lost: sum('lost'),
  };
}

function usedIn(comparisons: readonly Comparison[]): Map<string, number> {
  const used = new Map<string, number>();
  for (const { used: each } of comparisons)
    for (const [id, count] of each) used.set(id, (used.get(id) ?? 0) + count);
  return used;
}
