// Faults below SOAP: what becomes of a call or of its answer on the way.
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultKind, FaultState } from './faults.ts';

/** What instead of the call being carried out; true: the call is over. */
export function isBroken(faults: FaultState, operation: string, response: ServerResponse): boolean {
  const found = before.find(([kind]) => faults.take(kind, operation) !== undefined);
  found?.[1](response);
  return found !== undefined;
}

const before: readonly (readonly [FaultKind, (response: ServerResponse) => void])[] = [
  ['dropped', (response) => response.destroy()],
  [
    'unauthorized',
    (response) => {
      response.setHeader('www-authenticate', ['NTLM', 'Basic realm="exchange"']);
      response.writeHead(401, { 'content-length': 0 }).end();
    },
  ],
  ['html-500', (response) => page(response, 500, 'Runtime Error')],
  ['html-503', (response) => page(response, 503, 'Service Unavailable')],
];

function page(response: ServerResponse, status: number, title: string): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(
    `<html><head><title>${title}</title></head><body><h1>Server Error in /EWS</h1><hr><p>HTTP Error ${status}. ${title}.</p></body></html>`,
  );
}

/** The whole answer as it would be sent. */
export interface Packed {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
}

/** Cuts an answer's text before it is packed: then nothing but the XML tells of it. */
export function cut(faults: FaultState, operation: string, text: string): string {
  return faults.take('truncated', operation) === undefined ? text : text.slice(0, text.length >> 1);
}

/** Sends the answer in a broken way; false: nothing is broken. */
export async function isSentBroken(
  faults: FaultState,
  operation: string,
  answer: Packed & { readonly response: ServerResponse },
): Promise<boolean> {
  const { response } = answer;
  if (faults.take('dropped-after', operation) !== undefined) {
    response.destroy();
    return true;
  }
  if (faults.take('reset', operation) !== undefined) {
    begin(answer);
    response.write(answer.body.subarray(0, answer.body.length >> 1), () =>
      response.socket?.resetAndDestroy(),
    );
    return true;
  }
  const slow = faults.take('slow-body', operation);
  if (slow === undefined) return false;
  begin(answer);
  await trickle(response, answer.body, slow.ms ?? 1000);
  return true;
}

const pieces = 20;

async function trickle(response: ServerResponse, body: Buffer, ms: number): Promise<void> {
  const length = Math.max(Math.ceil(body.length / pieces), 1);
  for (let at = 0; at < body.length && !response.destroyed; at += length) {
    response.write(body.subarray(at, at + length));
    await wait(ms / pieces);
  }
  response.end();
}

function begin({ response, status, headers, body }: Packed & { readonly response: ServerResponse }): void {
  response.writeHead(status, { ...headers, 'content-length': body.length });
}
