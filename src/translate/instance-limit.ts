// How many instances of a series are computed at most: more of them are refused before they fill the memory.
import { TranslateError } from './errors.ts';

export const maxInstances = 10_000;

/** @throws TranslateError `too-large` */
export function demandFew(instances: number): void {
  if (instances > maxInstances)
    throw new TranslateError('too-large', `more than ${maxInstances} instances`, 'RRULE');
}
