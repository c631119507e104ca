// What the server hands in and gets back, and the signed-in user's view of the mailboxes.
import type { Home } from '../model/collection.ts';
import type { Person } from '../model/item.ts';

export interface DavRequest {
  readonly method: string;
  /** Decoded segments below the prefix. */
  readonly path: readonly string[];
  readonly trailingSlash: boolean;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly signal: AbortSignal;
  readonly requestId: string;
}

export interface DavResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Why it was refused or failed, for the log. */
  readonly error?: unknown;
}

export interface Space {
  /** The signed-in principal. */
  readonly user: Person;
  /** '' or '/dav': put before every path-absolute href. */
  readonly prefix: string;
  /** `https://dav.example.org`, where the request names one that can be believed: put before hrefs that must be absolute. */
  readonly origin?: string;
  /** Home of a mailbox under the user's rights, by any of its addresses. @throws DavError 404 */
  home(address: string): Promise<Home>;
  readonly limits: { readonly maxResourceBytes: number };
  /** Meetings are told to attendees and organizers by the server (RFC 6638 §2). */
  readonly autoSchedule: boolean;
  /** Hosts that a Destination header may name; absent: not checked. */
  readonly hosts?: readonly string[];
  /** The clock, for the stamps of free-busy answers. */
  readonly now?: () => number;
}

/** What properties and reports need to know of the request. */
export interface Context {
  readonly space: Space;
  readonly signal: AbortSignal;
}
