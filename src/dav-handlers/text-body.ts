// The text of a request that brings an object or a question.

/** RFC 5545 §3.1: a fold may stand inside a character, so bytes that are no text may be one without their folds. */
export function decodeText(body: Uint8Array, charset: string): string {
  const decoder = new TextDecoder(charset, { fatal: true });
  try {
    return decoder.decode(body);
  } catch {
    const unfolded = Buffer.from(body)
      .toString('latin1')
      .replaceAll(/\r?\n[ \t]/g, '');
    return decoder.decode(Buffer.from(unfolded, 'latin1'));
  }
}
