// Looks at objects on both sides: reads the texts that planning needs, and says what each side shows.
import type { ETag, Href, Shape } from '../model/collection.ts';
import type { Failure } from '../model/failure.ts';
import type { Known, LeftOut, Side } from '../model/mirror-store.ts';
import { bothSides } from './pair.ts';
import type { Seen } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { ObjectFacts } from './texts.ts';
import { otherTurn } from './turns.ts';
import { hrefToRead, type Unit } from './units.ts';

/** One side's object with its text. */
export interface Present {
  readonly href: Href;
  readonly etag: ETag;
  readonly text: string;
  readonly facts: ObjectFacts;
}

export interface Look {
  readonly unit: Unit;
  readonly seen: Readonly<Record<Side, Seen>>;
  readonly present: Readonly<Partial<Record<Side, Present>>>;
  /** Why one side cannot be read: nothing is decided then. */
  readonly failure?: string;
}

export type Shown =
  | { readonly kind: 'present'; readonly present: Present }
  | { readonly kind: 'missing' }
  | { readonly kind: 'failed'; readonly message: string };

/** What was read ahead, until it is used: texts of a few objects, so that one change is not read twice. */
export interface Reader {
  /** What stands under these names, each on its own: one that cannot be read hides no other. One request. */
  read(side: Side, hrefs: readonly Href[]): Promise<ReadonlyMap<Href, Shown>>;
  /** Read now, and remembered for one later read as long as little is. */
  ahead(side: Side, hrefs: readonly Href[]): Promise<ReadonlyMap<Href, Shown>>;
}

const maxAheadChars = 4_000_000;

export function openReader(input: RunInput): Reader {
  const ahead = new Map<string, Shown>();
  let size = 0;
  return {
    async read(side, hrefs) {
      const shown = new Map<Href, Shown>();
      for (const href of hrefs) {
        const kept = ahead.get(`${side} ${href}`);
        if (kept === undefined) continue;
        shown.set(href, kept);
        ahead.delete(`${side} ${href}`);
        size -= sizeOf(kept);
      }
      const missing = hrefs.filter((href) => !shown.has(href));
      for (const [href, each] of await readShown(input, side, missing)) shown.set(href, each);
      return shown;
    },
    async ahead(side, hrefs) {
      const shown = await readShown(input, side, hrefs);
      for (const [href, each] of shown) {
        if (size + sizeOf(each) > maxAheadChars) break;
        ahead.set(`${side} ${href}`, each);
        size += sizeOf(each);
      }
      return shown;
    },
  };
}

function sizeOf(shown: Shown): number {
  return shown.kind === 'present' ? shown.present.text.length : 0;
}

/** Two requests for the whole batch. */
export async function lookAt(reader: Reader, units: readonly Unit[]): Promise<readonly Look[]> {
  const read = (side: Side): Promise<ReadonlyMap<Href, Shown>> =>
    reader.read(
      side,
      units.flatMap(({ touched }) => hrefToRead(touched[side]) ?? []),
    );
  const [exchange, nextcloud] = await Promise.all([read('exchange'), read('nextcloud')]);
  return units.map((unit) => lookOf(unit, { exchange, nextcloud }));
}

async function readShown(
  { sides, rules, texts, signal }: RunInput,
  side: Side,
  hrefs: readonly Href[],
): Promise<ReadonlyMap<Href, Shown>> {
  const shown = new Map<Href, Shown>();
  if (hrefs.length === 0) return shown;
  const shape = rules.kind === 'contacts' ? cardShape(sides) : ({ kind: 'whole' } as const);
  for (const [href, outcome] of await sides[side].read(hrefs, shape, signal)) {
    shown.set(
      href,
      outcome.ok
        ? presentOf(href, outcome.value, (text) => texts.facts(text))
        : failureShown(outcome.failure),
    );
    await otherTurn();
  }
  return shown;
}

/** The later version where the other server has it: as 3.0 it would show its cards without what 3.0 has no word for. */
function cardShape({ nextcloud }: RunInput['sides']): Extract<Shape, { kind: 'address' }> {
  const versions = nextcloud.abilities?.cardVersions ?? [];
  return { kind: 'address', version: versions.includes('4.0') ? '4.0' : '3.0' };
}

function presentOf(
  href: Href,
  { etag, text }: { readonly etag: ETag; readonly text: string },
  facts: (text: string) => ObjectFacts,
): Shown {
  try {
    return { kind: 'present', present: { href, etag, text, facts: facts(text) } };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : 'it cannot be understood' };
  }
}

function failureShown(failure: Failure): Shown {
  return failure.kind === 'not-found' ? { kind: 'missing' } : { kind: 'failed', message: failure.message };
}

function lookOf(unit: Unit, shown: Readonly<Record<Side, ReadonlyMap<Href, Shown>>>): Look {
  const present: Partial<Record<Side, Present>> = {};
  const seen: Record<Side, Seen> = { exchange: { kind: 'none' }, nextcloud: { kind: 'none' } };
  for (const side of bothSides) {
    const touch = unit.touched[side];
    const known = unit.twin?.sides[side];
    const href = hrefToRead(touch);
    if (href === undefined) {
      seen[side] = { kind: touch !== undefined ? 'gone' : known === undefined ? 'none' : 'same' };
      continue;
    }
    const there = shown[side].get(href) ?? { kind: 'missing' };
    if (there.kind === 'failed') return { unit, seen, present, failure: `${side}: ${there.message}` };
    if (there.kind === 'present') present[side] = there.present;
    seen[side] = seenOf(there, known, unit.twin?.leftOut);
  }
  return { unit, seen, present };
}

function seenOf(
  there: Exclude<Shown, { kind: 'failed' }>,
  known: Known | undefined,
  leftOut: LeftOut | undefined,
): Seen {
  if (there.kind === 'missing') return { kind: known === undefined ? 'none' : 'gone' };
  const { facts } = there.present;
  // It was never copied, and whether it may be now is asked anew: the window moves on, and so do rules.
  const isWaiting = leftOut !== undefined && leftOut.reason !== 'undone';
  // An etag that is new on the same text: an echo, or stamped anew.
  return facts.hash === known?.hash && !isWaiting ? { kind: 'same' } : { kind: 'fresh', facts };
}
