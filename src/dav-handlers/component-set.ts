// Which kind of folder a client means by CALDAV:supported-calendar-component-set (RFC 4791 §5.2.3).
import type { FolderKind } from '../model/backend.ts';
import { DavError, precondition } from '../model/failure.ts';
import type { Instruction } from './folder-draft.ts';
import { caldav } from './names.ts';
import { childElements } from './elements.ts';

export interface SortedInstructions {
  readonly kind: FolderKind;
  /** Without the component set, which is said by the kind. */
  readonly rest: readonly Instruction[];
}

/**
 * A folder of Exchange holds one kind. Apple names one; DAVx5 may name VEVENT, VTODO and VJOURNAL together: events win,
 * and supported-calendar-component-set then tells what it became. @throws DavError 403 when neither is named
 */
export function sortInstructions(instructions: readonly Instruction[]): SortedInstructions {
  const name = caldav('supported-calendar-component-set');
  const asked = instructions.findLast((each) => each.name === name)?.element;
  const rest = instructions.filter((each) => each.name !== name);
  if (asked === undefined) return { kind: 'events', rest };
  const components = childElements(asked, caldav('comp')).map((comp) => comp.attrs['name']?.toUpperCase());
  if (components.length === 0 || components.includes('VEVENT')) return { kind: 'events', rest };
  if (components.includes('VTODO')) return { kind: 'tasks', rest };
  throw new DavError(403, 'a calendar holds VEVENT or VTODO', {
    precondition: precondition.calendarSupportedComponent,
  });
}
