// How this server is kept from sending mail, as far as the text and the headers of one request go.
import type { Place } from './place.ts';
import type { Quiet } from './remote.ts';
import { plainText, quietText } from './scheduling.ts';

/** On every write: a server that does not know it passes over it. `Schedule-Reply: F` (RFC 6638 §8.1) stops a decline. */
export const quietHeaders: Readonly<Record<string, string>> = {
  'x-nc-scheduling': 'false',
  'Schedule-Reply': 'F',
};

/** Measured with 33.0.3. nextcloud/server#49503 (December 2024, in 31) obeys on PUT, #58203 (February 2026) on DELETE. */
const obeysOnDelete = [33, 0, 3] as const;
const obeysOnPut = [31, 0, 0] as const;

/** `features`: tokens of the DAV header. A version that is not known is an old one. */
export function quietOf(features: ReadonlySet<string>, version: string | undefined): Quiet {
  if (!features.has('calendar-auto-schedule') && !features.has('calendar-schedule')) return 'none';
  if (version === undefined) return 'parameters';
  if (isAtLeast(version, obeysOnDelete)) return 'header';
  return isAtLeast(version, obeysOnPut) ? 'header-on-put' : 'parameters';
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const numbers = version.split('.').map(Number);
  for (const [index, number] of wanted.entries()) {
    const own = numbers[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}

/** Do texts carry a mark on this server? */
export function isMarked({ subject, abilities }: Place): boolean {
  return subject === 'calendar' && (abilities.quiet === 'parameters' || abilities.quiet === 'header-on-put');
}

/** The text as this server may have it. */
export function textFor(place: Place, text: string): string {
  return isMarked(place) ? quietText(text) : text;
}

/** The text without what `textFor` added: no business of the reader. */
export function textFrom(place: Place, text: string): string {
  return isMarked(place) ? plainText(text) : text;
}

/** The same place, where texts are read as they are stored. */
export function unmarked(place: Place): Place {
  return { ...place, abilities: { ...place.abilities, quiet: 'none' } };
}
