// One segment of a path as every part of this gateway writes it: all but RFC 3986 `unreserved` and `@` is percent-encoded,
// so that one resource has one address, byte for byte.

const plain = /^[\w.~@-]*$/;

export function encodeSegment(segment: string): string {
  if (plain.test(segment)) return segment;
  return encodeURIComponent(segment.toWellFormed())
    .replaceAll('%40', '@')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
