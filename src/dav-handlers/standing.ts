// Where the standing parts of a home are: the two homes of a person, and what is in them beside folders.
import { renderHref } from './href.ts';
import type { Space } from './request.ts';
import type { Family } from './resource.ts';

/** Segments of inbox and outbox below /calendars/<address>/; no folder has these keys. */
export const inboxKey = 'inbox';
export const outboxKey = 'outbox';
/** Below /addressbooks/<address>/. */
export const directoryKey = 'directory';

export function inboxHref(space: Space, address: string): string {
  return renderHref(space.prefix, ['calendars', address, inboxKey], 'collection');
}

export function outboxHref(space: Space, address: string): string {
  return renderHref(space.prefix, ['calendars', address, outboxKey], 'collection');
}

export function directoryHref(space: Space, address: string): string {
  return renderHref(space.prefix, ['addressbooks', address, directoryKey], 'collection');
}

export function homeHref(space: Space, family: Family, address: string): string {
  return renderHref(space.prefix, [family, address], 'collection');
}
