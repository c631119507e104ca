// The XML body of a request: size, characters and well-formedness are checked here, once (RFC 4918 §8.2).
import { DavError } from '../model/failure.ts';
import { clarkOf, parseXml, requestLimits, XmlError, type XmlElement } from '../xml/index.ts';
import type { DavRequest } from './request.ts';

/** Room for a multiget of ten thousand long names, which vdirsyncer sends in one piece. */
const maxBodyBytes = 4 * 1024 * 1024;

/** undefined for an empty body. @throws DavError 400, 413 */
export function parseBody(request: DavRequest): XmlElement | undefined {
  if (request.body.length > maxBodyBytes) throw new DavError(413, `more than ${maxBodyBytes} bytes of XML`);
  const text = decode(request.body);
  if (text.trim() === '') return undefined;
  try {
    return parseXml(text, { ...requestLimits, maxLength: maxBodyBytes });
  } catch (error) {
    if (error instanceof XmlError)
      throw new DavError(400, `the body is not acceptable XML: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The body, whose root must have one of the names. */
export function parseBodyAs(request: DavRequest, names: readonly string[]): XmlElement | undefined {
  const root = parseBody(request);
  if (root !== undefined && !names.includes(clarkOf(root)))
    throw new DavError(400, `the body of ${request.method} must be one of ${names.join(', ')}`);
  return root;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
  } catch (error) {
    throw new DavError(400, 'the body is not text in the encoding it names', { cause: error });
  }
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 200));
  return /^[^<]{0,3}<\?xml[^>]*\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)?.[1] ?? 'utf-8';
}
