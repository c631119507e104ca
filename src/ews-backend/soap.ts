// One SOAP 1.1 call to EWS: envelope out, answer parsed as it comes in, faults and throttling understood (BEHAVIOUR §1, §2, §14).
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BackendError, type Failure } from '../model/failure.ts';
import { childOf, renderXml, textOf, xml, type Markup, type XmlElement } from '../xml/index.ts';
import { messagesOf, parseAnswer, parseAnswers, resultOf, versionViolation } from './answer.ts';
import { failureIn, isPassing, neverSent } from './failures.ts';
import type { Connection } from './sign-in.ts';
import type { Throttle } from './throttle.ts';
import type { HttpAnswer, HttpRequest } from './transport.ts';

export interface CallOptions {
  /** `safe`: asking twice does no more than asking once. `never`: it may have been done although no answer came. */
  readonly repeat: 'safe' | 'never';
  readonly signal?: AbortSignal;
}

export interface Soap {
  /** The operation's response element. @throws BackendError for faults and for what never became an answer */
  call(operation: string, body: Markup, options: CallOptions): Promise<XmlElement>;
  /** The response elements of an answer that goes on (GetStreamingEvents); `silenceMs`: give up after so long without a byte. */
  stream(
    operation: string,
    body: Markup,
    options: { signal: AbortSignal; silenceMs: number },
  ): AsyncIterable<XmlElement>;
  /** Batches that may be under way at once. */
  readonly width: () => number;
  /** The schema version spoken. */
  readonly version: () => string;
  /** The server's clock, by its last Date header. */
  readonly serverNow: () => number;
}

export interface SoapOptions {
  readonly url: string;
  readonly connection: Connection;
  readonly throttle: Throttle;
  readonly dialect: Dialect;
  /** X-AnchorMailbox, and the mailbox acted for under impersonation. */
  readonly mailbox?: string;
  readonly impersonate?: string;
  readonly observe?: (call: CallRecord) => void;
}

export interface CallRecord {
  readonly operation: string;
  readonly result: string;
  readonly ms: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The schema version one endpoint understands; shared by everybody who calls it. */
export interface Dialect {
  version: string;
  /** A call in this version was answered: from now on a schema violation is ours. */
  proven: boolean;
}

/** Every server from 2013 SP1 on knows the first; older ones are found by stepping down (BEHAVIOUR §2). */
export const firstVersion = 'Exchange2013_SP1';
const olderVersions = [
  'Exchange2013',
  'Exchange2010_SP2',
  'Exchange2010_SP1',
  'Exchange2010',
  'Exchange2007_SP1',
];
const versions = [firstVersion, ...olderVersions];

const soapNs = 'http://schemas.xmlsoap.org/soap/envelope/';
const messagesNs = 'http://schemas.microsoft.com/exchange/services/2006/messages';
const typesNs = 'http://schemas.microsoft.com/exchange/services/2006/types';
const repeatAfterMs = [250, 1_000];
/** Back-offs up to this long are waited for here; the throttle refuses longer ones. */
const shortBackOffMs = 2_000;

export function openSoap(options: SoapOptions): Soap {
  const state = { clockAheadMs: 0 };
  const heard = (answer: HttpAnswer): void => {
    const date = Date.parse(answer.headers.date ?? '');
    if (Number.isFinite(date)) state.clockAheadMs = date - Date.now();
  };
  return {
    width: () => options.throttle.width(),
    version: () => options.dialect.version,
    serverNow: () => Date.now() + state.clockAheadMs,
    async call(operation, body, call) {
      for (let attempt = 0; ; attempt += 1) {
        try {
          const response = await options.throttle.run(
            () => once({ options, heard }, operation, { body, signal: call.signal }),
            call.signal,
          );
          const wait = busyIn(response, options.throttle);
          if (wait === undefined || wait > shortBackOffMs || attempt > 0) return response;
        } catch (error) {
          if (!(error instanceof BackendError)) throw error;
          if (steppedDown(options.dialect, error.failure)) continue;
          const pause = pauseBefore(attempt, error.failure, call.repeat);
          if (pause === undefined) throw error;
          await sleep(pause, undefined, { signal: call.signal });
        }
      }
    },
    stream: (operation, body, call) => streamed({ options, heard }, operation, { body, ...call }),
  };
}

interface Calling {
  readonly options: SoapOptions;
  readonly heard: (answer: HttpAnswer) => void;
}

async function once(
  { options, heard }: Calling,
  operation: string,
  call: { readonly body: Markup; readonly signal?: AbortSignal },
): Promise<XmlElement> {
  const request = requestOf(options, operation, call);
  const record = openRecord(options, operation, request);
  const { seen } = record;
  try {
    const response = await options.connection.post(request, async (answer) => {
      heard(answer);
      try {
        return await parseAnswer(answer, new URL(options.url).host);
      } finally {
        seen.bytesIn = answer.received();
      }
    });
    seen.result = resultOf(response);
    options.dialect.proven = true;
    if (seen.result !== 'ErrorServerBusy') options.throttle.answered();
    return response;
  } catch (error) {
    if (error instanceof BackendError) seen.result = error.failure.code ?? error.failure.kind;
    throw error instanceof BackendError && error.failure.kind === 'busy'
      ? held(error, options.throttle)
      : error;
  } finally {
    record.close();
  }
}

/** What is told of a call when it has ended, however it ended. */
function openRecord({ observe }: SoapOptions, operation: string, request: HttpRequest) {
  const began = performance.now();
  const seen = { result: 'NoAnswer', bytesIn: 0 };
  return {
    seen,
    close(): void {
      const bytesOut = Buffer.byteLength(request.body);
      observe?.({ operation, ...seen, ms: performance.now() - began, bytesOut });
    },
  };
}

/** A busy fault holds the whole account back. */
function held(error: BackendError, throttle: Throttle): BackendError {
  const retryAfterMs = throttle.busy(error.failure.retryAfterMs);
  return new BackendError({ ...error.failure, retryAfterMs }, { cause: error });
}

/** Milliseconds to wait when some message of the answer says ErrorServerBusy; the throttle has been told. */
function busyIn(response: XmlElement, throttle: Throttle): number | undefined {
  // Some answers are one message themselves (FindPeople, GetRooms).
  for (const message of [response, ...messagesOf(response)]) {
    if (textOf(childOf(message, 'ResponseCode')) === 'ErrorServerBusy')
      return throttle.busy(failureIn(message).retryAfterMs);
  }
  return undefined;
}

function pauseBefore(attempt: number, failure: Failure, repeat: CallOptions['repeat']): number | undefined {
  const pause = repeatAfterMs[attempt];
  if (pause === undefined) return undefined;
  // A server that says it is busy has done nothing: the throttle waits for it, or refuses.
  if (failure.kind === 'busy') return (failure.retryAfterMs ?? Infinity) <= shortBackOffMs ? 0 : undefined;
  if (neverSent.has(failure.code ?? '')) return failure.code === 'EAI_AGAIN' ? pause : undefined;
  return repeat === 'safe' && isPassing(failure) ? pause : undefined;
}

function steppedDown(dialect: Dialect, failure: Failure): boolean {
  const aboutVersion = failure.code === 'ErrorInvalidServerVersion' || failure.code === versionViolation;
  if (dialect.proven || !aboutVersion) return false;
  const next = versions[versions.indexOf(dialect.version) + 1];
  if (next === undefined) return false;
  dialect.version = next;
  return true;
}

function requestOf(
  options: SoapOptions,
  operation: string,
  call: { readonly body: Markup; readonly signal?: AbortSignal; readonly silenceMs?: number },
): HttpRequest {
  return {
    url: options.url,
    method: 'POST',
    headers: {
      'Content-Type': 'text/xml; charset=utf-8',
      Accept: 'text/xml',
      'User-Agent': 'Exdav',
      SOAPAction: `"${messagesNs}/${operation}"`,
      'client-request-id': randomUUID(),
      'return-client-request-id': 'true',
      // Comes from a path; a hint only, which a header cannot always carry (RFC 9110 §5.5).
      ...(/^[\x21-\x7e]+$/.test(options.mailbox ?? '') ? { 'X-AnchorMailbox': options.mailbox } : {}),
    },
    body: renderEnvelope(options, call.body),
    signal: call.signal,
    timeoutMs: call.silenceMs,
  };
}

function renderEnvelope(options: SoapOptions, body: Markup): string {
  const impersonation =
    options.impersonate === undefined
      ? undefined
      : xml(
          't:ExchangeImpersonation',
          {},
          xml('t:ConnectingSID', {}, xml('t:PrimarySmtpAddress', {}, options.impersonate)),
        );
  return renderXml(
    xml(
      's:Envelope',
      { 'xmlns:s': soapNs, 'xmlns:m': messagesNs, 'xmlns:t': typesNs },
      xml('s:Header', {}, xml('t:RequestServerVersion', { Version: options.dialect.version }), impersonation),
      xml('s:Body', {}, body),
    ),
  );
}

/** Every complete envelope of an endless answer, as it closes. */
async function* streamed(
  { options, heard }: Calling,
  operation: string,
  call: { readonly body: Markup; readonly signal: AbortSignal; readonly silenceMs: number },
): AsyncGenerator<XmlElement> {
  const stop = new AbortController();
  const signal = AbortSignal.any([call.signal, stop.signal]);
  const request = requestOf(options, operation, { ...call, signal });
  const record = openRecord(options, operation, request);
  const answers = new TransformStream<XmlElement, XmlElement>();
  const writer = answers.writable.getWriter();
  const reading = options.connection
    .post(request, async (answer) => {
      heard(answer);
      try {
        for await (const response of parseAnswers(answer, new URL(options.url).host))
          await writer.write(response);
      } finally {
        record.seen.bytesIn = answer.received();
      }
    })
    .then(
      () => writer.close(),
      (error: unknown) => writer.abort(error),
    );
  try {
    yield* answers.readable;
    record.seen.result = 'NoError';
  } catch (error) {
    if (error instanceof BackendError) record.seen.result = error.failure.code ?? error.failure.kind;
    throw error;
  } finally {
    stop.abort();
    await reading.catch(() => {});
    record.close();
  }
}
