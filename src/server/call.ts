// One request on its way through the routes.
import type { DavResponse } from '../dav-handlers/index.ts';
import type { RequestPath } from './path.ts';

/** What a route learns of the request beside its body. */
export interface Call {
  readonly request: Request;
  readonly path: RequestPath;
  readonly query: URLSearchParams;
  readonly prefix: string;
  /** `https://dav.example.org`, as the client sees this server; undefined: nobody tells. */
  readonly origin: string | undefined;
  /** The names of this server, where they are known. */
  readonly hosts: readonly string[] | undefined;
  readonly requestId: string;
  readonly note: CallNote;
}

/** Filled in for the log line as the request goes on. */
export interface CallNote {
  route: string;
  account?: string;
}

export function plain(status: number, text: string): DavResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}
