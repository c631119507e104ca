// What collections ask of `translate`, in one value: handed in, so that the ledger's logic runs in tests without it.
import type { BusyTime, Expression, FolderKind, Stored } from '../model/backend.ts';
import type { Shape } from '../model/collection.ts';
import type { AddressFilter, CalendarFilter } from '../model/filter.ts';
import type { Item } from '../model/item.ts';
import type { Range, ZoneId } from '../model/time.ts';

export interface Incoming {
  readonly uid: string;
  readonly item: Item;
  /** Opaque. */
  readonly document: unknown;
}

export interface RenderOptions {
  readonly uid: string;
  readonly express: (item: Item) => Expression;
  readonly ownAddresses: readonly string[];
  readonly photos?: ReadonlyMap<string, { contentType: string; base64: string }>;
  readonly vcard?: '3.0' | '4.0';
}

export interface Translation<Document extends Incoming = Incoming> {
  readonly translationVersion: number;
  parseIncoming(
    text: string,
    kind: FolderKind,
    context: { present?: Stored; ownAddresses: readonly string[]; defaultZone?: ZoneId },
  ): Document;
  residueOf(incoming: Document, held: Item, express: (item: Item) => Expression): string;
  renderStored(stored: readonly Stored[], options: RenderOptions): string;
  shapeText(text: string, shape: Shape): string;
  matchesCalendar(text: string, filter: CalendarFilter): boolean;
  matchesAddress(text: string, filter: AddressFilter): boolean;
  rangeOf(filter: CalendarFilter): { component: string; range?: Range } | undefined;
  busyTimesOf(text: string, range: Required<Range>): readonly BusyTime[];
  mergeCalendar(texts: readonly string[], options: { name: string; detail: 'whole' | 'busy-only' }): string;
}
