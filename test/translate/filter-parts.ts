// Filters for tests, built from the few words that matter.
import type { CalendarFilter, CalendarPropFilter, CompFilter, TextMatch } from '../../src/model/filter.ts';
import type { Range } from '../../src/model/time.ts';

export const at = (text: string): number => Date.parse(text.includes('T') ? `${text}Z` : `${text}T00:00:00Z`);
export const between = (from: string, to: string): Range => ({ from: at(from), to: at(to) });
export const text = (wanted: string, options: Partial<TextMatch> = {}): TextMatch => ({
  text: wanted,
  collation: 'i;ascii-casemap',
  negate: false,
  match: 'contains',
  ...options,
});
export const comp = (name: string, options: Partial<CompFilter> = {}): CompFilter => ({
  name,
  isNotDefined: false,
  props: [],
  comps: [],
  ...options,
});
export const prop = (name: string, options: Partial<CalendarPropFilter> = {}): CalendarPropFilter => ({
  name,
  isNotDefined: false,
  params: [],
  ...options,
});
export const inside = (child: CompFilter, zone?: string): CalendarFilter => ({
  comp: comp('VCALENDAR', { comps: [child] }),
  ...(zone !== undefined && { zone }),
});
