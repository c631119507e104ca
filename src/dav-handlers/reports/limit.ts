// DAV:limit and CARDDAV:limit (RFC 5323 §5.17, RFC 6352 §10.6).
import { DavError } from '../../model/failure.ts';
import { textOf, type XmlElement } from '../../xml/index.ts';
import { childElement } from '../elements.ts';

/** @throws DavError 400 unless it is a positive number */
export function parseLimit(limit: XmlElement | undefined, nresults: string): number | undefined {
  if (limit === undefined) return undefined;
  const text = textOf(childElement(limit, nresults)).trim();
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new DavError(400, 'nresults must be a positive number');
  return Number(text);
}
