// Where stored attachments are read: a text holds them under a scheme of its own until it is known at which address the
// reader has found its object. Only then the line gets its URI, so that one text serves every reader.

import { encodeSegment } from '../model/segment.ts';

/** `<scheme><MANAGED-ID>/<file name>`. */
export const attachmentScheme = 'exdav-attachment:';

export function managedUri(id: string, name: string): string {
  return `${attachmentScheme}${id}/${encodeSegment(name)}`;
}

/**
 * Names of members whose stored attachments a text names. `collection`: the path of their collection, with a slash at its
 * end; the host may have been called otherwise.
 */
export function membersNamedIn(text: string, collection: string): ReadonlySet<string> {
  const members = new Set<string>();
  for (const [whole] of text.matchAll(attachLine)) {
    const path = /:https?:\/\/[^/]*(\/.*)$/.exec(whole.replaceAll(/\r?\n[ \t]/g, '').trimEnd())?.[1];
    if (path?.startsWith(collection) !== true) continue;
    const member = /^([^/]+)\/attachments\/[\w-]{22}\/[^/]*$/.exec(path.slice(collection.length))?.[1];
    const name = member === undefined ? undefined : decodedSegment(member);
    if (name !== undefined) members.add(name);
  }
  return members;
}

function decodedSegment(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined; // a broken percent-encoding names nothing
  }
}

/** One content line with its folds (RFC 5545 §3.1). */
const attachLine = /^ATTACH[;:](?:[^\r\n]|\r?\n[ \t])*\r?\n/gim;
const managed = /^ATTACH;(?:[^\r\n]*;)?MANAGED-ID=([\w-]+)[;:][^\r\n]*:exdav-attachment:(\1\/[^\s:;,"]*)$/i;

/** `base`: what comes before the MANAGED-ID, slash included. */
export function withAttachmentsAt(text: string, base: string): string {
  return replaced(text, (line, path) =>
    folded(line.slice(0, -(attachmentScheme.length + path.length)) + base + path),
  );
}

/** For readers who could not open them. */
export function withoutAttachments(text: string): string {
  return replaced(text, () => '');
}

function replaced(text: string, write: (line: string, path: string) => string): string {
  // Most texts have none, and every one that is read comes by here; the codec writes names in capitals.
  if (!text.includes('ATTACH')) return text;
  return text.replace(attachLine, (whole) => {
    const line = whole.replaceAll(/\r?\n[ \t]/g, '').trimEnd();
    const path = managed.exec(line)?.[2];
    return path === undefined ? whole : write(line, path);
  });
}

const maxLineBytes = 75;

/** RFC 5545 §3.1: at most 75 octets a line, and none broken inside a character. */
function folded(line: string): string {
  const lines: string[] = [];
  let current = '';
  let room = maxLineBytes;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (size > room) {
      lines.push(current);
      current = '';
      room = maxLineBytes - 1;
    }
    current += character;
    room -= size;
  }
  return `${[...lines, current].join('\r\n ')}\r\n`;
}
