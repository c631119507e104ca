// Translate: iCalendar and vCard ⇄ items. Pure: no network, no clock, no store.
export { TranslateError } from './errors.ts';
export type { TranslateProblem } from './errors.ts';
export { parseIncoming } from './incoming.ts';
export type { Incoming, IncomingContext } from './incoming.ts';
export { residueOf } from './kept.ts';
export { renderStored } from './render.ts';
export type { RenderOptions } from './render.ts';

/** Raised when the text for the same item changes: part of every etag and cache key. */
export const translationVersion = 1;
