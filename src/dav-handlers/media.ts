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
