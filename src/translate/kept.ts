// What must be kept of a client's text: all that reading the item back would not give (DESIGN §7).
import type { Expression } from '../model/expression.ts';
import type { Item } from '../model/item.ts';
import { judge, viewsWith } from './compose.ts';
import type { Document, Incoming } from './calendar-object.ts';
import { byKind, keyOfView, type Kind } from './kinds.ts';
import { splitResidueOf } from './parts.ts';
import { encodeResidue, type ComponentResidue, type Residue } from './residue.ts';
import {
  componentsOf,
  isSameMeaning,
  propertiesOf,
  type RenderContext,
  type Rendered,
  type TakenApart,
} from './rows.ts';

/** How the mailbox will hold the item; `was`: what stands for items of the object that are to go. */
export type Holding = Exclude<Expression, { kind: 'refuse' }> & { readonly was?: readonly string[] };

/** Listings cut tags off at 255 characters, and their users need some. */
const longUid = 200;

/** Text for the tag; '' when nothing is kept. @throws TranslateError `too-large` */
export function residueOf(incoming: Incoming, holding: Holding, express: (item: Item) => Expression): string {
  const { document, uid } = incoming;
  const kept = byKind(holding.held, (kind, item) => keptOf(kind, item, { document, express }));
  const split = holding.kind === 'split' ? splitResidueOf(holding) : undefined;
  return encodeResidue({
    ...kept,
    ...(split && { split }),
    ...(holding.was && { was: holding.was }),
    ...(uid.length > longUid && { uid }),
  });
}

function keptOf<T extends Item>(
  kind: Kind<T>,
  held: T,
  { document, express }: { document: Document; express: (item: Item) => Expression },
): Residue {
  const holds = finderOf(kind.views(held));
  const keys = document.parts.flatMap(({ key }) => (holds(key) ? [] : [key]));
  const views = viewsWith(kind, held, { keys, express });
  const context: RenderContext = {
    uid: '',
    ownAddresses: document.ownAddresses,
    zone: document.zone,
  };
  const parts = new Map<string, ComponentResidue>();
  const viewOf = finderOf(views);
  for (const { key, taken } of document.parts) {
    const found = viewOf(key);
    // The backend holds no such occurrence: nothing of it can be shown.
    if (!found) continue;
    const kept = differences(kind, found.view, { taken, context, zone: document.zone });
    parts.set(found.key, holds(key) ? kept : { ...kept, isAlone: true });
  }
  const { zone, zones, calendar } = document;
  const residue: Residue = { zone, zones, parts, calendar };
  return withoutVain(residue, judge(kind, views, { residue, context, express }), (index) => {
    const view = views[index];
    return view ? keyOfView(view, index) : '';
  });
}

/** By key; by wall time too, because a time without zone gets one in the mailbox and then has another key. */
function finderOf<T extends Item>(
  views: readonly T[],
): (key: string) => { readonly key: string; readonly view: T } | undefined {
  const found = views.map((view, index) => ({ key: keyOfView(view, index), view }));
  const byKey = new Map(found.map((each) => [each.key, each]));
  const byWall = new Map(found.slice(1).map((each) => [wallOf(each.view), each]));
  return (key) => byKey.get(key) ?? byWall.get(key);
}

function wallOf(view: Item): string | undefined {
  const when = view.kind === 'event' ? view.recurrenceId : undefined;
  return when?.kind === 'date' ? when.date : when?.local;
}

function differences<T extends Item>(
  kind: Kind<T>,
  view: T,
  { taken, context, zone }: { taken: TakenApart; context: RenderContext; zone: string },
): ComponentResidue {
  const rows: Record<string, readonly Rendered[]> = {};
  const beside: Rendered[] = [];
  for (const [index, row] of kind.rows.entries()) {
    const all = taken.rows[index] ?? [];
    const shown = row.render(view, context);
    const apart = row.apart?.(all, { view, zone }) ?? [];
    beside.push(...apart);
    const own = all.filter((part) => !apart.includes(part));
    const given = row.keepable?.(own, view) ?? own;
    const [name] = row.claims;
    if (row.isStamp || name === undefined || (row.keepable && given.length === 0)) continue;
    if (!isSameMeaning(given, shown)) rows[name] = given;
  }
  return {
    rows,
    properties: [...taken.properties, ...propertiesOf(beside)],
    components: [...taken.components, ...componentsOf(beside)],
  };
}

/** Without what would never be shown: the backend holds something else already now. */
function withoutVain<T extends Item>(
  residue: Residue,
  judged: ReturnType<typeof judge<T>>,
  keyOf: (index: number) => string,
): Residue {
  const useful = new Set(
    judged
      .filter(({ holds, row }) => holds || row.merge !== undefined)
      .map(({ index, row }) => `${keyOf(index)} ${row.claims[0] ?? ''}`),
  );
  const parts = [...residue.parts].map(([key, part]) => {
    const rows = Object.entries(part.rows).filter(([name]) => useful.has(`${key} ${name}`));
    return [key, { ...part, rows: Object.fromEntries(rows) }] as const;
  });
  return { ...residue, parts: new Map(parts) };
}
