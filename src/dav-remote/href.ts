// Member names and request paths: names are decoded once, paths stay as the server wrote them.
import type { Href } from '../model/collection.ts';
import { BackendError, DavError } from '../model/failure.ts';

/** What a database column of Nextcloud holds (a longer name is a 500 there). */
const maxNameBytes = 255;

/** @throws DavError 403 for a name that is no path segment or that no server keeps */
export function demandName(href: Href): void {
  const isSegment = href !== '' && href !== '.' && href !== '..' && !/[\x00-\x1f\x7f]/.test(href);
  if (!isSegment || Buffer.byteLength(href) > maxNameBytes) {
    throw new DavError(403, `A member's name has 1 to ${maxNameBytes} bytes without control characters.`);
  }
}

/** The path of a member below the collection's path. */
export function pathOf(collectionPath: string, href: Href): string {
  return collectionPath + encodeURIComponent(href);
}

/** The absolute path an href means; it may be a whole URL (RFC 4918 §8.3). */
export function pathIn(href: string): string {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(href);
  return (path === null ? href : (path[1] ?? '/')).replace(/[?#].*$/s, '');
}

/** The same collection path, however it is encoded. */
export function isSamePath(a: string, b: string): boolean {
  return a === b || comparable(a) === comparable(b);
}

/** Always with its slash at the end. */
export function collectionPath(href: string): string {
  const path = pathIn(href);
  return path.endsWith('/') ? path : `${path}/`;
}

/** The last segment, decoded. */
export function lastSegment(path: string): string {
  return decodeSegment(path.replace(/\/+$/, '').split('/').at(-1) ?? '');
}

/** What an href of a multistatus is in this collection: a member's name, the collection itself, or neither. */
export function memberIn(collection: string, href: string): { readonly name: Href } | 'itself' | 'elsewhere' {
  const path = pathIn(href);
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  // A sub-collection is no member.
  if (name === '') return isSamePath(path, collection) ? 'itself' : 'elsewhere';
  if (isSamePath(path.slice(0, slash + 1), collection)) return { name: decodeSegment(name) };
  return isSamePath(path, collection) ? 'itself' : 'elsewhere';
}

function comparable(path: string): string {
  return collectionPath(path)
    .split('/')
    .map((segment) => encodeURIComponent(decodeSegment(segment)))
    .join('/');
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new BackendError(
      { kind: 'unreadable', message: 'the server lists a name that is not UTF-8', code: 'BadHref' },
      { cause },
    );
  }
}
