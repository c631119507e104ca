// Makes a client's bytes safe for the codec: RFC 5545 §3.1 unfolding done on bytes, names and pairs checked, and the
// harmless mistakes of real clients mended. Everything else is refused; nothing is guessed.
import { TranslateError } from './errors.ts';
import { mendedLine } from './cleaner-lines.ts';

const maxDepth = 5;

/** Logical lines, one property or one BEGIN/END each, joined by CRLF. @throws TranslateError */
export function cleanText(input: string | Uint8Array): string {
  const lines = unfold(input).split(/\r\n|\n|\r/);
  const open: string[] = [];
  const out: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const first = lines[at] ?? '';
    if (first.trim() === '') continue;
    const end = isSoftBroken(first) ? softEnd(lines, at) : at;
    const line = softJoined(lines.slice(at, end + 1));
    at = end;
    const pair = /^\s*(BEGIN|END)\s*:\s*([A-Za-z0-9-]+)\s*$/i.exec(line);
    if (pair) {
      out.push(pairLine(pair[1] ?? '', pair[2] ?? '', open));
      continue;
    }
    const component = open.at(-1);
    if (component === undefined) {
      // Messages go into the log: they point at the place and quote nothing.
      throw new TranslateError('malformed', `line ${at + 1} stands outside of any component`);
    }
    const isCard = open[0] === 'VCARD';
    const mended = mendedLine(line, isCard);
    if (mended === undefined) continue;
    // The codec takes a card for 4.0 only if that is said first.
    if (isCard && /^VERSION:/i.test(mended)) out.splice(out.lastIndexOf('BEGIN:VCARD') + 1, 0, mended);
    else out.push(mended);
  }
  if (open.length > 0) throw new TranslateError('malformed', `END:${open.at(-1)} is missing`, open.at(-1));
  return out.join('\r\n');
}

/** A fold may split a UTF-8 character, so bytes are joined before they are decoded. */
function unfold(input: string | Uint8Array): string {
  if (typeof input === 'string') return withoutMark(input.replaceAll(fold, ''));
  const joined = Buffer.from(
    Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1').replaceAll(fold, ''),
    'latin1',
  );
  return withoutMark(decode(joined));
}

const fold = /(?:\r\n|\n|\r)[ \t]/g;

function withoutMark(text: string): string {
  return text.codePointAt(0) === 0xfeff ? text.slice(1) : text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Old exporters write the Windows code page without saying so.
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/** vCard 2.1: a quoted-printable value goes on after a line that ends in `=`. */
function isSoftBroken(line: string): boolean {
  return line.endsWith('=') && /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i.test(line);
}

/** Each piece is looked at once: joined one by one, half a megabyte of them would take seconds. */
function softEnd(lines: readonly string[], start: number): number {
  let at = start;
  while (at + 1 < lines.length && lines[at]?.endsWith('=')) at += 1;
  return at;
}

function softJoined(pieces: readonly string[]): string {
  return pieces.map((piece, index) => (index + 1 < pieces.length ? piece.slice(0, -1) : piece)).join('');
}

function pairLine(verb: string, given: string, open: string[]): string {
  const name = given.toUpperCase();
  if (verb.toUpperCase() === 'BEGIN') {
    open.push(name);
    // RFC 6350 §3.3; in vCard 2.1 a card may hold another (AGENT). The codec writes anything else by the wrong rules.
    if (open[0] === 'VCARD' && name !== 'VCARD')
      throw new TranslateError('malformed', 'a card holds no component of a calendar', name);
    if (open.length > maxDepth)
      throw new TranslateError('malformed', 'components are nested too deeply', name);
    return `BEGIN:${name}`;
  }
  const expected = open.pop();
  if (expected !== name) {
    throw new TranslateError('malformed', `END:${name} does not close ${expected ?? 'anything'}`, name);
  }
  return `END:${name}`;
}
