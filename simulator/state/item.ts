// One stored item. A series is one item: its exceptions and deleted occurrences live inside the master ([MS-OXOCAL];
// BEHAVIOUR §7). Items are values: a change is a new object under the same number.
import type { Extended, Instant, ItemKind, Values } from './values.ts';

export interface Attachment {
  readonly no: number;
  readonly name: string;
  readonly contentType: string;
  readonly contentId?: string;
  readonly contentLocation?: string;
  readonly isInline: boolean;
  readonly isContactPhoto: boolean;
  readonly modified: Instant;
  /** Base64; an item attachment carries `item` instead, a link `reference`. */
  readonly content: string;
  readonly item?: { readonly kind: ItemKind; readonly values: Values };
  /** Elements of t:ReferenceAttachmentType, in the order of the schema. */
  readonly reference?: readonly (readonly [name: string, value: string])[];
}

/** A modified occurrence: `index` counts from 1 over the original pattern; `values` only what differs from the master. */
export interface Exception {
  readonly index: number;
  readonly values: Values;
  readonly extended?: Extended;
  readonly attachments?: readonly Attachment[];
}

export interface Item {
  /** Unique in the whole simulator, never used again; a moved item gets a new one. */
  readonly no: number;
  readonly kind: ItemKind;
  readonly values: Values;
  readonly extended?: Extended;
  readonly attachments?: readonly Attachment[];
  readonly exceptions?: readonly Exception[];
  /** Indexes of deleted occurrences, ascending. */
  readonly deletions?: readonly number[];
  readonly isAssociated?: boolean;
  /** The number whose search key this item has: its own, or that of the item it was copied from (§18). */
  readonly searchKeyNo: number;
  readonly created: Instant;
  readonly modified: Instant;
  readonly modifiedBy: string;
  /** Revision of the last change; the change key. */
  readonly revision: number;
  /** Revision of the last change other than the read flag. */
  readonly contentRevision: number;
  /** Revision at which the item came into its folder. */
  readonly arrived: number;
}
