// What a method is: where it is allowed (its part of Allow) and what it does there.
import type { Context, DavRequest, DavResponse, Space } from '../request.ts';
import type { Place } from '../resource.ts';

export interface MethodCall<P extends Place = Place> {
  readonly place: P;
  readonly request: DavRequest;
}

export interface Method {
  /** Kinds of place whose Allow header names it. */
  readonly on: readonly Place['kind'][];
  /** Further kinds for which the method itself says why not, better than 405 could. */
  readonly refusesOn?: readonly Place['kind'][];
  /** Of the places of these kinds; default: each. */
  readonly takes?: (place: Place) => boolean;
  run(call: MethodCall, context: Context): Promise<DavResponse>;
}

/** Compliance classes: class 1 first, because Thunderbird drops the first token; no 2, there are no locks. */
export function davHeader({ autoSchedule }: Space): string {
  return [...classes, ...(autoSchedule ? ['calendar-auto-schedule'] : [])].join(', ');
}

const classes = [
  '1',
  '3',
  'access-control',
  'calendar-access',
  'calendar-schedule',
  'calendar-proxy',
  'addressbook',
  'extended-mkcol',
  'calendar-managed-attachments',
];
