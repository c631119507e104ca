// The Depth header (RFC 4918 §10.2).
import { DavError } from '../model/failure.ts';

export type Depth = '0' | '1' | 'infinity';

/** undefined when the header is absent. @throws DavError 400 */
export function parseDepth(headers: Headers): Depth | undefined {
  const value = headers.get('Depth')?.trim().toLowerCase();
  if (value === undefined || value === '') return undefined;
  if (value === '0' || value === '1' || value === 'infinity') return value;
  throw new DavError(400, 'Depth must be 0, 1 or infinity');
}
