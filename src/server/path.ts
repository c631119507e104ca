// The request target as segments, each decoded once (DESIGN §9): a framework's half-decoded path is never trusted.
import { DavError } from '../model/failure.ts';

export interface RequestPath {
  /** Decoded segments below the prefix. */
  readonly segments: readonly string[];
  readonly trailingSlash: boolean;
}

/**
 * `target`: the raw request target (origin or absolute form). `prefix`: '' or '/dav'; a proxy may have stripped it already.
 * @throws DavError 400 for dot segments, empty segments inside, control characters, encodings that are not UTF-8
 */
export function parsePath(target: string, prefix: string): RequestPath {
  const raw = stripPrefix(pathOf(target), prefix);
  const trailingSlash = raw.endsWith('/');
  const inner = raw.slice(1, trailingSlash ? -1 : undefined);
  return { segments: inner === '' ? [] : inner.split('/').map(decodeSegment), trailingSlash };
}

/** What stands behind the question mark. */
export function parseQuery(target: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/.exec(target)?.[1] ?? '');
}

function pathOf(target: string): string {
  const path = /^https?:\/\/[^/?#]*([^?#]*)/i.exec(target)?.[1] ?? target;
  const end = path.search(/[?#]/);
  const found = end < 0 ? path : path.slice(0, end);
  return found === '' ? '/' : found;
}

function stripPrefix(path: string, prefix: string): string {
  if (prefix === '' || (path !== prefix && !path.startsWith(`${prefix}/`))) return path;
  const rest = path.slice(prefix.length);
  return rest === '' ? '/' : rest;
}

function decodeSegment(raw: string): string {
  const segment = decodeUtf8(raw);
  if (segment === undefined) throw new DavError(400, 'the path is not percent-encoded UTF-8');
  if (segment === '' || segment === '.' || segment === '..' || /[\0-\x1f\x7f]/.test(segment)) {
    throw new DavError(400, 'the path has an empty or dot segment or a control character');
  }
  return segment;
}

function decodeUtf8(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}
