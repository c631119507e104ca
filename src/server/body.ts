// Request bodies, bounded while they are read.
import { DavError } from '../model/failure.ts';

/** @throws DavError as soon as the body is longer than `maxBytes`; by default 413 */
export async function readBody(
  request: Request,
  maxBytes: number,
  tooLarge = () => new DavError(413, `the body is larger than ${maxBytes} bytes`),
): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
