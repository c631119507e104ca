// Request bodies, bounded while they are read.
import { DavError } from '../model/failure.ts';

/**
 * `condition`: the precondition that says so of an object (RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1).
 * @throws DavError 403 with the precondition, else 413, as soon as the body is longer than `maxBytes`
 */
export async function readBody(
  request: Request,
  { maxBytes, condition }: { readonly maxBytes: number; readonly condition?: string },
): Promise<Uint8Array> {
  const tooLarge = (): DavError =>
    new DavError(condition === undefined ? 413 : 403, `the body is larger than ${maxBytes} bytes`, {
      precondition: condition,
    });
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
