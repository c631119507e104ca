// Media types: what is served, what a PUT may bring, which vCard version an Accept header asks for.
import type { FolderKind } from '../model/backend.ts';

export function contentTypeOf(kind: FolderKind, version: '3.0' | '4.0' = '3.0'): string {
  return version === '3.0' ? contentTypes[kind] : `text/vcard; charset=utf-8; version=${version}`;
}

const contentTypes: Readonly<Record<FolderKind, string>> = {
  events: 'text/calendar; charset=utf-8; component=VEVENT',
  tasks: 'text/calendar; charset=utf-8; component=VTODO',
  contacts: 'text/vcard; charset=utf-8',
};

export const componentOf: Readonly<Record<FolderKind, string>> = {
  events: 'VEVENT',
  tasks: 'VTODO',
  contacts: 'VCARD',
};

/** Types that say nothing about the content: cadaver, curl and browsers send them with anything. */
const anything = ['', 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'];
const accepted: Readonly<Record<FolderKind, readonly string[]>> = {
  events: ['text/calendar', ...anything],
  tasks: ['text/calendar', ...anything],
  contacts: ['text/vcard', 'text/x-vcard', 'text/directory', ...anything],
};

export function isAccepted(kind: FolderKind, contentType: string | null): boolean {
  return accepted[kind].includes((contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '');
}

export function charsetOf(contentType: string | null): string {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
}

/** RFC 6352 §5.1.1: `Accept: text/vcard; version=4.0`. undefined: no version is named. */
export function acceptedVersion(accept: string | null): '3.0' | '4.0' | undefined {
  const wishes = (accept ?? '').split(',').flatMap((range) => {
    const [type = '', ...parameters] = range
      .split(';')
      .map((part) => part.replaceAll(/[\s"]/g, '').toLowerCase());
    const version = parameters.find((each) => each.startsWith('version='))?.slice('version='.length);
    if (type !== 'text/vcard' || (version !== '3.0' && version !== '4.0')) return [];
    const quality = parameters.find((each) => each.startsWith('q='))?.slice('q='.length);
    return [{ version, quality: quality === undefined ? 1 : Number(quality) || 0 } as const];
  });
  const [best] = wishes.filter((wish) => wish.quality > 0).sort((a, b) => b.quality - a.quality);
  return best?.version;
}

const mediaType =
  /^[\w.+!#$&^-]+\/[\w.+!#$&^-]+(?:\s*;\s*[\w.+-]+=(?:[\w.+-]+|"[\x20\x21\x23-\x5b\x5d-\x7e]*"))*$/;

/** What others have stored as a media type, if it can stand in a header. */
export function safeType(contentType: string): string {
  return mediaType.test(contentType) ? contentType : 'application/octet-stream';
}

/** RFC 6266: the name in Latin letters for old readers, and as it is. */
export function renderDisposition(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

/** The file name that a request gives its body. */
export function parseDisposition(header: string | null): string | undefined {
  const text = header ?? '';
  const [, charset = '', extended = ''] = /;\s*filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)/i.exec(text) ?? [];
  if (/^utf-8$/i.test(charset)) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // The plain form says what can be said.
    }
  }
  const [, quoted, token] = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(text) ?? [];
  const name = quoted?.replaceAll(/\\(.)/g, '$1') ?? token;
  // Header values are bytes (RFC 9110 §5.5); programs write UTF-8 into them.
  return name && utf8Of(name);
}

function utf8Of(latin1: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(latin1, 'latin1'));
  } catch {
    return latin1;
  }
}
