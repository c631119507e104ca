// What a backend answers when asked how it would hold an item: as one, as several that are one object, or not at all.
import type { Item } from './item.ts';
import type { When } from './time.ts';

/** How a backend would hold an item. */
export type Expression =
  /** `held`: the item as reading it back will show it; `isApproximate`: in these words, or others that say the same. */
  | { readonly kind: 'ok'; readonly held: Item; readonly isApproximate?: boolean }
  /**
   * Several native items that are one object together; `held`: the whole as it is shown when they are read and joined. Its
   * files go with one of the parts, whichever.
   */
  | {
      readonly kind: 'split';
      readonly held: Item;
      readonly parts: readonly ItemPart[];
      readonly isApproximate?: boolean;
    }
  /** `part`: the iCalendar or vCard name at fault. */
  | { readonly kind: 'refuse'; readonly part: string; readonly reason: string };

/** One of several items that are one object. */
export interface ItemPart {
  readonly item: Item;
  /** The one instance of the whole for which the item stands alone; absent: it is a series of instances. */
  readonly instance?: When;
}
