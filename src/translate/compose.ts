// An item and its residue → components. Decides for each kept part whether it still says what the mailbox holds (DESIGN §7).
import type { Expression } from '../model/expression.ts';
import type { Item } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { resolveZone } from '../model/zones.ts';
import { zoneFinder, type ZoneNeeds } from './custom-zones.ts';
import { keyOfView, type Kind } from './kinds.ts';
import { aloneIn, type ComponentResidue, type Residue } from './residue.ts';
import {
  isEqualIn,
  propertiesOf,
  takeApart,
  type JcalComponent,
  type ParseContext,
  type RenderContext,
  type Rendered,
  type Row,
} from './rows.ts';
import { readsOtherwise, saidBy } from './said.ts';
import { endAfter, whenOf } from './times.ts';

export interface ComposeOptions {
  readonly residue: Residue | undefined;
  readonly context: RenderContext;
  readonly express: (item: Item) => Expression;
}

export function composeItem<T extends Item>(
  kind: Kind<T>,
  item: T,
  options: ComposeOptions,
): JcalComponent[] {
  return composeViews(kind, item, options).map(({ component }) => component);
}

/** What a client was shown of each row, by the key of the component. */
export function shownRows<T extends Item>(
  kind: Kind<T>,
  item: T,
  options: ComposeOptions,
): ReadonlyMap<string, readonly (readonly Rendered[])[]> {
  try {
    const shown = composeViews(kind, item, options);
    return new Map(shown.map(({ key, component }) => [key, takeApart(kind.rows, component).rows]));
  } catch {
    // Residue that somebody else wrote: then it was shown without.
    return options.residue ? shownRows(kind, item, { ...options, residue: undefined }) : new Map();
  }
}

function composeViews<T extends Item>(
  kind: Kind<T>,
  item: T,
  options: ComposeOptions,
): { readonly key: string; readonly component: JcalComponent }[] {
  const { residue, express } = options;
  const context: RenderContext = residue ? { ...options.context, zone: residue.zone } : options.context;
  const views = viewsWith(kind, item, { keys: residue ? aloneIn(residue) : [], express });
  const judged = residue ? judge(kind, views, { ...options, context, residue }) : [];
  const keptByView = Map.groupBy(judged, (kept) => kept.index);
  const ofSeries = new Map<Row<T>, readonly Rendered[]>();
  return views.map((view, index) => {
    const part = residue?.parts.get(keyOfView(view, index));
    const keptRows = keptByView.get(index);
    const properties: JcalComponent[1] = [];
    const components: JcalComponent[2] = [];
    for (const row of kind.rows) {
      const kept = keptRows?.find((each) => each.row === row);
      const own = kept ? shownOf(kept, view, context) : row.render(view, context);
      if (index === 0) ofSeries.set(row, own);
      for (const each of row.inWordsOfSeries?.(own, ofSeries.get(row) ?? []) ?? own) {
        if ('property' in each) properties.push(each.property);
        else components.push(each.component);
      }
    }
    if (part) {
      properties.push(...part.properties);
      components.push(...part.components);
    }
    return { key: keyOfView(view, index), component: [kind.component, properties, components] };
  });
}

/**
 * The components of an item, and after them the occurrences that only a client has described: the mailbox sees nothing
 * changed in them, so it holds no exception (an occurrence with a COMMENT).
 */
export function viewsWith<T extends Item>(
  kind: Kind<T>,
  item: T,
  { keys, express }: { keys: readonly string[]; express: (item: Item) => Expression },
): readonly T[] {
  const views = kind.views(item);
  if (keys.length === 0) return views;
  const known = new Set(views.map(keyOfView));
  const plain = keys.flatMap((key) => (known.has(key) ? [] : (kind.plainView?.(item, key) ?? [])));
  const [master, ...overrides] = views;
  if (master === undefined || plain.length === 0) return views;
  const exist = (more: readonly T[]): boolean =>
    express(kind.joined([master, ...overrides, ...more])).kind !== 'refuse';
  // The series may have become another one since.
  return [...views, ...(exist(plain) ? plain : plain.filter((each) => exist([each])))];
}

/** What was kept of one row of one component. */
export interface Kept<T> {
  readonly index: number;
  readonly row: Row<T>;
  readonly parts: readonly Rendered[];
  /** It says what the mailbox holds. */
  readonly holds: boolean;
  /** Another kept row by which this one was understood. */
  readonly leansOn?: Row<T>;
}

function shownOf<T>(kept: Kept<T>, view: T, context: RenderContext): readonly Rendered[] {
  if (kept.holds) return kept.parts;
  const shown = kept.row.render(view, context);
  return kept.row.merge?.(kept.parts, shown, { view, zone: context.zone ?? 'UTC' }) ?? shown;
}

interface Candidate<T> extends Omit<Kept<T>, 'holds'> {
  /** The component with what the kept parts say. */
  readonly view: T;
}

export function judge<T extends Item>(
  kind: Kind<T>,
  views: readonly T[],
  options: ComposeOptions & { residue: Residue },
): readonly Kept<T>[] {
  const kept: Kept<T>[] = [];
  const open: Candidate<T>[] = [];
  for (const [index, view] of views.entries()) {
    const part = options.residue.parts.get(keyOfView(view, index));
    if (!part) continue;
    for (const candidate of candidatesOf(kind, { view, index, part, master: views[0] ?? view, options })) {
      if (candidate.said === undefined) kept.push({ ...candidate, holds: false });
      else if (isEqualIn(candidate.row, candidate.said, view)) kept.push({ ...candidate, holds: true });
      else open.push({ ...candidate, view: candidate.said });
    }
  }
  return withoutFallen([...kept, ...judgeByBackend(kind, { views, open, express: options.express })]);
}

/** What was understood by something that is no longer true is not true either. */
function withoutFallen<T>(kept: readonly Kept<T>[]): readonly Kept<T>[] {
  const stands = ({ index, leansOn }: Kept<T>): boolean =>
    leansOn === undefined || kept.some((each) => each.index === index && each.row === leansOn && each.holds);
  return kept.map((each) => (stands(each) ? each : { ...each, holds: false }));
}

/** `said`: the component as the kept parts have it; undefined when they cannot be read any more. */
type Said<T> = Omit<Kept<T>, 'holds'> & { readonly said: T | undefined };

interface CandidateOptions<T> {
  readonly view: T;
  readonly index: number;
  readonly part: ComponentResidue;
  readonly master: T;
  readonly options: ComposeOptions & { residue: Residue };
}

function candidatesOf<T extends Item>(kind: Kind<T>, given: CandidateOptions<T>): Said<T>[] {
  const { view, index, part } = given;
  let context = judgingContext(kind, given);
  let status: Row<T> | undefined;
  return Object.entries(part.rows)
    .map(([name, parts]) => ({ row: kind.rows.find((row) => row.claims.includes(name)), parts }))
    .sort((a, b) => orderOf(kind, a.row) - orderOf(kind, b.row))
    .flatMap(({ row, parts }) => {
      if (!row || row.isStamp) return [];
      const refreshed = row.refresh?.(parts, view, given.options.context) ?? parts;
      const said = row.isBeside ? undefined : saidBy(row, refreshed, { view, context });
      if (said !== undefined && isEqualIn(row, said, view)) {
        // A kept start that is shown is the one that the other rows mean.
        context = { ...context, ...timesOf(refreshed, { context, view }) };
      }
      const leansOn =
        row.readsStatus && readsOtherwise(row, refreshed, { view, context }) ? status : undefined;
      if (said?.kind === 'event' && said.cancelled && !(view.kind === 'event' && view.cancelled)) {
        context = { ...context, isCancelled: true };
        status ??= row;
      }
      return [{ index, row, parts: refreshed, said, ...(leansOn && { leansOn }) }];
    });
}

function orderOf<T extends Item>(kind: Kind<T>, row: Row<T> | undefined): number {
  return row ? kind.rows.indexOf(row) : -1;
}

function judgingContext<T extends Item>(
  kind: Kind<T>,
  { view, master, options }: CandidateOptions<T>,
): ParseContext {
  const { residue, context } = options;
  const start = kind.startOf(view);
  const end = kind.endOf(view);
  const seriesStart = kind.startOf(master);
  return {
    ownAddresses: context.ownAddresses,
    defaultZone: residue.zone,
    zoneOf: keptZoneFinder(residue, { start, end }),
    present: view,
    isJudging: true,
    ...(view.kind === 'task' && view.recurrence && { recurs: true }),
    ...(start && { start }),
    ...(end && { end }),
    ...(seriesStart && { seriesStart }),
  };
}

/** What was understood when it was written is understood again. */
function keptZoneFinder(
  { zones, zone, calendar }: Residue,
  { start, end }: { readonly start: When | undefined; readonly end: When | undefined },
): ParseContext['zoneOf'] {
  // Of several zones with the rules of a client's own the one that was taken when it was written.
  const zoneOf = zoneFinder(calendar.components, needsOf(start), [...zonesOf(start, end), zone]);
  return (tzid) => resolveZone(zones?.get(tzid) ?? '') ?? zoneOf(tzid);
}

function zonesOf(...whens: readonly (When | undefined)[]): string[] {
  return whens.flatMap((when) => (when?.kind === 'zoned' ? [when.zone] : []));
}

/** Of texts that were written without that word: only the name matters here. */
function needsOf(start: When | undefined): ZoneNeeds {
  const local = start === undefined ? '2026' : start.kind === 'date' ? start.date : start.local;
  const year = Number(local.slice(0, 4));
  return { years: [year, year], ...(start && start.kind !== 'date' && { locals: [start.local] }) };
}

function timesOf(
  parts: readonly Rendered[],
  { context, view }: { context: ParseContext; view: Item },
): Partial<Pick<ParseContext, 'start' | 'end'>> {
  const properties = propertiesOf(parts);
  const whenIn = (name: string): When | undefined => {
    const property = properties.find((each) => each[0] === name);
    return property && whenOf(property, context.zoneOf);
  };
  const end = whenIn('due') ?? endAfter(whenIn('dtstart') ?? context.start, properties);
  // A task without a start counts from its due date.
  const isFromDue = view.kind === 'task' && view.start === undefined;
  const start = whenIn('dtstart') ?? (isFromDue ? end : undefined);
  return { ...(start && { start }), ...(end && { end }) };
}

/** Asks how the backend would hold what was kept: once for all together, one by one only if that is refused. */
function judgeByBackend<T extends Item>(
  kind: Kind<T>,
  given: {
    views: readonly T[];
    open: readonly Candidate<T>[];
    express: (item: Item) => Expression;
  },
): Kept<T>[] {
  const { open } = given;
  if (open.length === 0) return [];
  const together = heldViews(kind, given, open);
  return open.map((candidate) => {
    const { row, index, leansOn } = candidate;
    const held = together ?? heldViews(kind, given, [candidate]);
    const view = given.views[index];
    const heldView = held?.[index];
    const holds = view !== undefined && heldView !== undefined && isEqualIn(row, heldView, view);
    return { index, row, parts: candidate.parts, holds, ...(leansOn && { leansOn }) };
  });
}

function heldViews<T extends Item>(
  kind: Kind<T>,
  given: { views: readonly T[]; express: (item: Item) => Expression },
  candidates: readonly Candidate<T>[],
): readonly T[] | undefined {
  const byView = Map.groupBy(candidates, (candidate) => candidate.index);
  const [master, ...overrides] = given.views.map((view, index) =>
    (byView.get(index) ?? []).reduce<T>((merged, { row, view: said }) => {
      const fields: Partial<T> = {};
      for (const field of row.fields) fields[field] = said[field];
      return { ...merged, ...fields };
    }, view),
  );
  if (master === undefined) return undefined;
  const expression = given.express(kind.joined([master, ...overrides]));
  if (expression.kind === 'refuse' || !kind.isOf(expression.held)) return undefined;
  const all = expression.held;
  const found = new Map(kind.views(all).map((view, index) => [keyOfView(view, index), view]));
  // An occurrence that the backend would hold as unchanged is as the series has it.
  const held = given.views.map((view, index) => {
    const key = keyOfView(view, index);
    return found.get(key) ?? kind.plainView?.(all, key);
  });
  return held.every((view) => view !== undefined) ? held : undefined;
}
