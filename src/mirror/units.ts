// The work list of a run: what changed on either side, joined to one unit an object by what is remembered.
import type { ETag, Href } from '../model/collection.ts';
import type { Side, Trouble, Twin } from '../model/mirror-store.ts';
import { twinsAt, type SideDelta } from './delta.ts';
import { bothSides, type PairRules } from './pair.ts';
import type { RunInput } from './run-input.ts';

export type Touched =
  | { readonly kind: 'fresh'; readonly href: Href; readonly etag: ETag | undefined }
  /** A complete listing does not name it: looked for before that is believed. */
  | { readonly kind: 'unlisted'; readonly href: Href }
  | { readonly kind: 'gone' };

/** One object to look at. A side that was not touched is as the twin knows it. */
export interface Unit {
  readonly twin?: Twin;
  readonly touched: Readonly<Partial<Record<Side, Touched>>>;
  /** By what two members that nobody knew were found to be one object; absent: they were not, or are known. */
  readonly joinedBy?: 'uid' | 'content';
  /** How often it was overtaken in this run. */
  readonly tries: number;
  /** Of an object that could not even be read. */
  readonly trouble?: Trouble;
}

export type Deltas = Readonly<Record<Side, SideDelta>>;

export interface WorkList {
  /** Objects that the mirror knows. */
  readonly known: readonly Unit[];
  /** UIDs of stand-ins for objects that could not be read: they are looked at anew. */
  readonly standIns: readonly string[];
  /** Members that no twin knows, by side. */
  readonly unknown: Readonly<Record<Side, ReadonlyMap<Href, ETag>>>;
}

export async function workListOf(
  input: RunInput,
  { deltas, scope }: { readonly deltas: Deltas; readonly scope: RunInput['scope'] },
): Promise<WorkList> {
  const { store, rules, now } = input;
  const isWhole = bothSides.some((side) => deltas[side].isWhole);
  const twins = new Map<string, Twin>();
  const note = (found: readonly Twin[]): void => {
    for (const twin of found) twins.set(twin.uid, twin);
  };
  if (isWhole) note(await store.twins(rules.name));
  for (const side of bothSides) {
    const { changed, gone } = deltas[side];
    if (!isWhole) note(await twinsAt({ store, pair: rules.name, side }, [...changed.keys(), ...gone]));
  }
  note(await store.troubled(rules.name, now()));
  const unknown = {
    exchange: new Map(deltas.exchange.changed),
    nextcloud: new Map(deltas.nextcloud.changed),
  };
  const known: Unit[] = [];
  const standIns: string[] = [];
  for (const twin of twins.values()) {
    const isDoubtful =
      scope === 'texts' || twin.trouble !== undefined || (isWhole && hasComeIn(rules, twin, now()));
    const touched = touchedOf(twin, deltas, isDoubtful);
    for (const side of bothSides) unknown[side].delete(twin.sides[side]?.href ?? '');
    if (isStandIn(twin)) standIns.push(twin.uid);
    if (Object.keys(touched).length === 0) continue;
    known.push(
      isStandIn(twin)
        ? { touched, tries: 0, ...(twin.trouble && { trouble: twin.trouble }) }
        : { twin, touched, tries: 0 },
    );
  }
  return { known, unknown, standIns };
}

/** The UID of what stands for an object that cannot be read. */
export function standInFor(href: Href): string {
  return `unread ${href}`;
}

function isStandIn({ uid, sides }: Twin): boolean {
  return bothSides.some((side) => sides[side] !== undefined && uid === standInFor(sides[side].href));
}

const dayMs = 86_400_000;

/** Left out for the window once, and inside by now. */
function hasComeIn({ window }: PairRules, { leftOut }: Twin, now: number): boolean {
  if (leftOut?.reason !== 'window' || window === undefined) return false;
  const { first = -Infinity, last = Infinity } = leftOut;
  return first < now + window.futureDays * dayMs && last > now - window.pastDays * dayMs;
}

function touchedOf(twin: Twin, deltas: Deltas, isDoubtful: boolean): Unit['touched'] {
  const touched: Partial<Record<Side, Touched>> = {};
  for (const side of bothSides) {
    const known = twin.sides[side];
    if (known === undefined) continue;
    const { changed, gone, isWhole } = deltas[side];
    const etag = changed.get(known.href);
    if (gone.has(known.href)) touched[side] = { kind: 'gone' };
    else if (isWhole && etag === undefined) touched[side] = { kind: 'unlisted', href: known.href };
    else if (isDoubtful || (etag !== undefined && etag !== known.etag))
      touched[side] = { kind: 'fresh', href: known.href, etag };
  }
  return touched;
}

/** The name under which the object is to be read now. */
export function hrefToRead(touch: Touched | undefined): Href | undefined {
  return touch?.kind === 'fresh' || touch?.kind === 'unlisted' ? touch.href : undefined;
}

/** As far as the listings tell. */
export function isMissing(touch: Touched | undefined): boolean {
  return touch?.kind === 'gone' || touch?.kind === 'unlisted';
}
