// The row engine (DESIGN §7): a row is one fact, read and written in one place, and the loop over rows is written here once.
import type { Item } from '../model/item.ts';
import type { When, ZoneId } from '../model/time.ts';
import type { Jcal, JcalComponent } from './codec.ts';

export type { Jcal, JcalComponent } from './codec.ts';

export type Rendered = { readonly property: Jcal } | { readonly component: JcalComponent };

export interface RenderContext {
  readonly uid: string;
  readonly ownAddresses: readonly string[];
  /** Bytes of the item's photo, when they were asked for; by part id. */
  readonly photos?: ReadonlyMap<string, { readonly contentType: string; readonly base64: string }>;
}

export interface ParseContext {
  readonly ownAddresses: readonly string[];
  /** For floating times and for UTC times of which only the day is wanted. */
  readonly defaultZone: ZoneId;
  /** Zone of a TZID, the text's own VTIMEZONEs included. @throws TranslateError */
  readonly zoneOf: (tzid: string) => ZoneId;
  /** DTSTART (or the like) of this component. */
  readonly start?: When;
  /** DTSTART of the series: overrides and cancelled dates take its kind and zone. */
  readonly seriesStart?: When;
  /** What the mailbox holds now under this component. */
  readonly present?: Item;
}

export interface Row<T> {
  /** Lower-case property names this row owns; sub-components by their name (`valarm`). */
  readonly claims: readonly string[];
  /** Item fields it owns. */
  readonly fields: readonly (keyof T)[];
  render(item: T, context: RenderContext): readonly Rendered[];
  /** Claimed parts of one component, in their order; also called with none: absent means the default value. */
  parse(parts: readonly Rendered[], context: ParseContext): Partial<T>;
  /** Lists: what is shown when the backend's own slots were edited elsewhere: `shown` and what was kept beyond the slots. */
  merge?(kept: readonly Rendered[], shown: readonly Rendered[]): readonly Rendered[];
  /** Brings answers and the like inside kept parts up to date before they are judged. */
  refresh?(kept: readonly Rendered[], item: T): readonly Rendered[];
  /** Whether two items say the same in this row's fields; default: deep equality. */
  equal?(one: T, other: T): boolean;
  /** Stamps that every writer sets anew: never kept, never compared. */
  readonly isStamp?: boolean;
}

export function propertiesOf(parts: readonly Rendered[]): Jcal[] {
  return parts.flatMap((part) => ('property' in part ? [part.property] : []));
}

export function componentsOf(parts: readonly Rendered[]): JcalComponent[] {
  return parts.flatMap((part) => ('component' in part ? [part.component] : []));
}
