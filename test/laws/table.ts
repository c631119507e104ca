// What a generated property is: the lines that say it, and what of Exchange it may touch.
import type * as fc from 'fast-check';

/** A property, or a component with its properties: unfolded lines. */
export type Lines = readonly string[];

export interface Generated<Frame> {
  /** Lower-case names of the properties and sub-components that it makes. */
  readonly names: readonly string[];
  lines(frame: Frame): fc.Arbitrary<Lines>;
  /** Fields that an UpdateItem may name when a client changes nothing but this. */
  readonly sends: readonly string[];
  /** One of so many objects has it; 0: it is always there. */
  readonly oneIn: number;
  /** A changed occurrence may have its own. */
  readonly isOccurrence?: boolean;
}

/** The tags that hold what Exchange has no place for may go along with everything. */
export const tagFields = ['exdav-uid', 'exdav-href', 'exdav-residue'];
