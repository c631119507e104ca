// Paths as clients see them: path-absolute, with the prefix, written in one way only (RFC 4918 §8.3).
import { encodeSegment } from '../model/segment.ts';

/** `/prefix/a/b` or, for collections, `/prefix/a/b/`. */
export function renderHref(prefix: string, segments: readonly string[], kind: 'collection' | 'leaf'): string {
  const path = segments.map((segment) => `/${encodeSegment(segment)}`).join('');
  return `${prefix}${path}${kind === 'collection' ? '/' : ''}`;
}

/** A name that may stand between two slashes: not empty, not a step up, no slash and no control character in it. */
export function isSegment(segment: string): boolean {
  return (
    segment !== '' &&
    segment !== '.' &&
    segment !== '..' &&
    segment.isWellFormed() &&
    !/[\0-\x1f\x7f/\\]/.test(segment)
  );
}

/** Decoded segments below the prefix of an absolute URL or an absolute path; undefined when it is neither or lies outside. */
export function parseHref(href: string, prefix: string): readonly string[] | undefined {
  const path = href.trim().replace(/^https?:\/\/[^/?#]*/i, '');
  if (!path.startsWith('/') || /[?#]/.test(path)) return undefined;
  if (path !== prefix && !path.startsWith(`${prefix}/`)) return undefined;
  const raw = path.slice(prefix.length).split('/').slice(1);
  if (raw.at(-1) === '') raw.pop();
  const segments: string[] = [];
  for (const part of raw) {
    const segment = decodeSegment(part);
    if (segment === undefined || !isSegment(segment)) return undefined;
    segments.push(segment);
  }
  return segments;
}

function decodeSegment(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined; // a broken percent-encoding names nothing
  }
}
