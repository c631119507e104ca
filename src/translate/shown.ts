// What a client was shown of the item that it now writes anew: parts that come back unchanged are no change, whatever they
// would mean on their own.
import type { Item } from '../model/item.ts';
import type { IncomingContext } from './calendar-object.ts';
import { shownViews, type ShownView } from './compose.ts';
import type { Kind } from './kinds.ts';
import { decodeResidue } from './residue.ts';

/** By the keys of its components; empty: as the rows alone show it. */
export function shownPresent<T extends Item>(
  kind: Kind<T>,
  present: T | undefined,
  context: IncomingContext,
): ReadonlyMap<string, ShownView['rows']> {
  const { express, ownAddresses } = context;
  const residue = decodeResidue(context.present?.tags.residue);
  if (present === undefined || residue === undefined || express === undefined) return new Map();
  try {
    const shown = shownViews(kind, present, { residue, express, context: { uid: '', ownAddresses } });
    return new Map(shown.map(({ key, rows }) => [key, rows]));
  } catch {
    // Then it was shown without what was kept (render.ts).
    return new Map();
  }
}
