// The filters of calendar-query (RFC 4791 §9.7) and addressbook-query (RFC 6352 §10.5) as plain data.
import type { Range } from './time.ts';

export type Collation = 'i;ascii-casemap' | 'i;octet' | 'i;unicode-casemap';

export interface TextMatch {
  readonly text: string;
  readonly collation: Collation;
  readonly negate: boolean;
  /** RFC 6352 §10.5.4; calendar filters always say `contains`. */
  readonly match: 'equals' | 'contains' | 'starts-with' | 'ends-with';
}

export interface ParamFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly textMatch?: TextMatch;
}

export interface CalendarPropFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly timeRange?: Range;
  readonly textMatch?: TextMatch;
  readonly params: readonly ParamFilter[];
}

export interface CompFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly timeRange?: Range;
  readonly props: readonly CalendarPropFilter[];
  readonly comps: readonly CompFilter[];
}

export interface CalendarFilter {
  /** The VCALENDAR comp-filter. */
  readonly comp: CompFilter;
  /** TZID for floating times and dates (CALDAV:timezone of the query or of the collection). */
  readonly zone?: string;
}

export interface AddressPropFilter {
  readonly name: string;
  readonly isNotDefined: boolean;
  readonly test: 'anyof' | 'allof';
  readonly texts: readonly TextMatch[];
  readonly params: readonly ParamFilter[];
}

export interface AddressFilter {
  readonly test: 'anyof' | 'allof';
  readonly props: readonly AddressPropFilter[];
}
