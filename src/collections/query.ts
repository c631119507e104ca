// calendar-query and addressbook-query: the ledger leaves out what cannot match, the texts decide.
import type { FolderKind } from '../model/backend.ts';
import type { Filter, Href, Resource, Shape } from '../model/collection.ts';
import { type Outcome, failed, success } from '../model/failure.ts';
import type { CalendarFilter, CompFilter, TextMatch } from '../model/filter.ts';
import type { Range } from '../model/time.ts';
import { isLongUid, type Entry, type FolderObject } from './identity.ts';
import { loadTexts, unreadable } from './load.ts';
import { allObjects, etagIn, type OpenFolder } from './open-folder.ts';
import { contentTypes, shaped, variantOf } from './read.ts';
import { upToDate } from './refresh.ts';

export interface Query {
  readonly filter: Filter;
  readonly shape: Shape | 'none';
  readonly limit?: number;
}

export interface Found {
  readonly found: readonly (readonly [Href, Outcome<Resource>])[];
  readonly truncated: boolean;
}

export const componentOf = { events: 'VEVENT', tasks: 'VTODO', contacts: '' } as const satisfies Record<
  FolderKind,
  string
>;

/** With a limit, texts are read in steps, so that a few hits do not cost the whole folder. */
const objectsPerStep = 200;

export async function queryMembers(open: OpenFolder, query: Query, signal?: AbortSignal): Promise<Found> {
  await upToDate(open, { signal });
  const candidates = candidatesOf(open, query.filter, await allObjects(open));
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  if (query.shape === 'none' && matchesEverything(open, query.filter)) {
    return cut(
      candidates.map((object) => [object.href, success(nameOnly(open, object))] as const),
      limit,
    );
  }
  const found: (readonly [Href, Outcome<Resource>])[] = [];
  const step = query.limit === undefined ? candidates.length : objectsPerStep;
  for (let at = 0; at < candidates.length && found.length <= limit; at += step) {
    found.push(...(await matching(open, query, { candidates: candidates.slice(at, at + step), signal })));
  }
  return cut(found, limit);
}

function cut(found: Found['found'], limit: number): Found {
  return { found: found.slice(0, limit), truncated: found.length > limit };
}

async function matching(
  open: OpenFolder,
  { filter, shape }: Query,
  { candidates, signal }: { candidates: readonly FolderObject[]; signal: AbortSignal | undefined },
): Promise<(readonly [Href, Outcome<Resource>])[]> {
  const found: (readonly [Href, Outcome<Resource>])[] = [];
  for await (const [object, outcome] of loadTexts(open, candidates, {
    variant: variantOf(open, shape),
    signal,
  })) {
    // What cannot be read may match: it is told, not hidden.
    if (!outcome.ok) {
      if (outcome.failure.kind !== 'not-found') found.push([object.href, outcome]);
      continue;
    }
    const matches = matchOf(open, filter, outcome.value.text);
    if (!matches.ok) found.push([object.href, matches]);
    else if (matches.value) {
      const resource = { ...nameOnly(open, object), etag: outcome.value.etag };
      found.push([
        object.href,
        shape === 'none' ? success(resource) : shaped(open, object, { loaded: outcome.value, shape }),
      ]);
    }
  }
  return found;
}

function matchOf(open: OpenFolder, filter: Filter, text: string): Outcome<boolean> {
  try {
    return success(
      filter.kind === 'calendar'
        ? open.translation.matchesCalendar(text, filter.filter)
        : open.translation.matchesAddress(text, filter.filter),
    );
  } catch (error) {
    return failed(unreadable(open, error));
  }
}

function nameOnly(open: OpenFolder, object: FolderObject): Resource {
  return {
    href: object.href,
    etag: etagIn(open, object),
    text: '',
    contentType: contentTypes[variantOf(open, 'none')],
  };
}

/** A false candidate costs a fetch, a missed one is a bug. */
function candidatesOf(
  open: OpenFolder,
  filter: Filter,
  objects: readonly FolderObject[],
): readonly FolderObject[] {
  if (filter.kind === 'address') return open.folder.kind === 'contacts' ? objects : [];
  if (open.folder.kind === 'contacts') return [];
  const uid = wantedUid(filter.filter);
  const needed = open.translation.rangeOf(filter.filter);
  if (needed && needed.component.toUpperCase() !== componentOf[open.folder.kind]) return [];
  return objects.filter(
    (object) =>
      (isLongUid(object.uid) || (uid?.(object.uid) ?? true)) &&
      (!needed?.range || touches(object, needed.range)),
  );
}

export function touches(object: FolderObject, range: Range): boolean {
  return object.entries.some((entry) => entryTouches(entry, range));
}

const dayMs = 86_400_000;
/** Whole days, and a series, may lie elsewhere in the zone of the question than in the mailbox's. */
const driftMs = 26 * 3_600_000;

function entryTouches({ span, isSeries }: Entry, range: Range): boolean {
  if (!span) return true;
  const mayDrift = isSeries || span.last === undefined || span.last - span.first >= dayMs - 2 * 3_600_000;
  const drift = mayDrift ? driftMs : 0;
  const isBefore = range.from !== undefined && span.last !== undefined && span.last + drift < range.from;
  const isAfter = range.to !== undefined && span.first - drift > range.to;
  return !isBefore && !isAfter;
}

/** A filter that asks for nothing but the component of this folder. */
function matchesEverything(open: OpenFolder, filter: Filter): boolean {
  if (filter.kind === 'address') return filter.filter.props.length === 0;
  const { comp } = filter.filter;
  if (comp.name.toUpperCase() !== 'VCALENDAR' || !isBare(comp, comp.comps.length)) return false;
  const component = componentOf[open.folder.kind];
  return comp.comps.every((each) => each.name.toUpperCase() === component && isBare(each, 0));
}

function isBare(comp: CompFilter, comps: number): boolean {
  return !comp.isNotDefined && !comp.timeRange && comp.props.length === 0 && comp.comps.length === comps;
}

/** What a filter by UID demands, as far as the ledger can tell: letters' case aside. */
function wantedUid(filter: CalendarFilter): ((uid: string) => boolean) | undefined {
  const [comp, ...others] = filter.comp.comps;
  if (!comp || others.length > 0 || comp.isNotDefined) return undefined;
  const match = comp.props.find((prop) => prop.name.toUpperCase() === 'UID' && !prop.isNotDefined)?.textMatch;
  // Beyond ASCII the collations fold case in ways of their own.
  if (!match || match.negate || /[^\x20-\x7e]/.test(match.text)) return undefined;
  return (uid) => containsText(uid, match);
}

function containsText(text: string, match: TextMatch): boolean {
  return text.toLowerCase().includes(match.text.toLowerCase());
}
