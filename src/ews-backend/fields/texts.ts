// What texts become on the way through XML and Exchange, so that `express` can say beforehand what a read will give.

/** Line ends as LF, no character that XML cannot carry, no white space at the very end (Exchange adds line ends there). */
export function heldBody(text: string): string {
  return heldText(text).trimEnd();
}

export function heldText(text: string): string {
  if (!/[\r\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '');
}

/** One line: Exchange keeps subjects and names without line ends. */
export function heldLine(text: string): string {
  const held = heldText(text);
  if (!held.includes('\n')) return held.trim();
  // Not by one pattern: \s*\n tries every blank of a long run again.
  return held
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/** Without blanks and repetitions, in order. */
export function heldList(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map(heldLine))].filter((text) => text !== '');
}

/**
 * Exchange takes lines of 255 characters as subjects (MS-OXWSCORE R74) and, when it reads iCalendar itself, as locations
 * ([MS-OXCICAL], LOCATION); the rest is cut off.
 */
export function heldShort(text: string): string {
  const line = heldLine(text);
  if (line.length <= maxShort) return line;
  return line
    .slice(0, maxShort)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

const maxShort = 255;

/** `BusinessHomePage` is an xs:anyURI (RFC 3986): what a URI cannot have where it stands is escaped. */
export function heldUri(text: string): string {
  const escaped = heldLine(text)
    .replace(/%(?![0-9a-f]{2})/gi, '%25')
    .replace(/[\s<>"{}|\\^`]/g, encodeURIComponent)
    .replace(/(?<!^[a-z]+:\/\/[^/?#]*)[[\]]/gi, encodeURIComponent) // an IPv6 host keeps its brackets
    .replace(/(?<=#.*)#/g, '%23');
  if (URL.canParse(escaped)) return escaped;
  return escaped.replace(/[:[\]]/g, encodeURIComponent).replace(/^\/\//, '/%2F');
}
