// Reads what EWS answers: envelopes piece by piece, faults, HTTP statuses without SOAP, response messages (BEHAVIOUR §1).
import { StringDecoder } from 'node:string_decoder';
import { setImmediate as turn } from 'node:timers/promises';
import { BackendError, failed, success, type Failure, type Outcome } from '../model/failure.ts';
import {
  answerLimits,
  childOf,
  childrenOf,
  openXmlReader,
  parseXml,
  textOf,
  XmlError,
  type XmlElement,
} from '../xml/index.ts';
import { failureIn, failureOfCode } from './failures.ts';
import type { HttpAnswer } from './transport.ts';

const soapNs = 'http://schemas.xmlsoap.org/soap/envelope/';

/** The operation's response element. @throws BackendError for faults and for what is no SOAP */
export async function parseAnswer(answer: HttpAnswer, host: string): Promise<XmlElement> {
  const refusal = httpFailure(answer, host);
  if (refusal !== undefined) {
    await answer.drain();
    throw new BackendError(refusal);
  }
  try {
    return responseIn(await parseBody(answer.body));
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new BackendError(
      answer.status === 200
        ? { kind: 'unavailable', message: `${host} did not answer with whole SOAP`, code: 'NotSoap' }
        : statusFailure(answer.status, host),
      { cause: error },
    );
  }
}

/** The tree of the bytes, with a turn of the event loop whenever parsing has taken a while. */
async function parseBody(body: AsyncIterable<Buffer>): Promise<XmlElement> {
  const decoder = new StringDecoder('utf8');
  const reader = openXmlReader(answerLimits);
  let since = performance.now();
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      reader.write(decoder.write(chunk.subarray(at, at + sliceBytes)));
      if (performance.now() - since < longestStretchMs) continue;
      await turn();
      since = performance.now();
    }
  }
  reader.write(decoder.end());
  return reader.close();
}

const sliceBytes = 64 * 1024;
const longestStretchMs = 6;

/** The operation's response in a whole envelope. @throws BackendError for a fault */
function responseIn(envelope: XmlElement): XmlElement {
  const body = childOf(envelope, 'Body', soapNs);
  const [response] = body === undefined ? [] : childrenOf(body);
  if (envelope.name !== 'Envelope' || response === undefined) throw new XmlError('no SOAP body');
  if (response.name !== 'Fault' || response.ns !== soapNs) return response;
  throw new BackendError(faultFailure(response));
}

/** ErrorSchemaValidation whose text names the version enumeration: our own code for it. */
export const versionViolation = 'ErrorSchemaValidation:ExchangeVersionType';

function faultFailure(fault: XmlElement): Failure {
  const detail = childOf(fault, 'detail');
  if (detail === undefined || childOf(detail, 'ResponseCode') === undefined) {
    const code = textOf(childOf(fault, 'faultcode')).replace(/^.*:/, '');
    return failureOfCode(code.startsWith('Error') ? code : 'ErrorInternalServerError');
  }
  const failure = failureIn(detail);
  const violation =
    textOf(childOf(detail, 'Message')) + textOf(childOf(childOf(detail, 'MessageXml'), 'Violation'));
  return failure.code === 'ErrorSchemaValidation' &&
    /ExchangeVersionType|RequestServerVersion/.test(violation)
    ? { ...failure, code: versionViolation }
    : failure;
}

/** Statuses that never carry SOAP. 500 may: it is parsed first. */
function httpFailure(answer: HttpAnswer, host: string): Failure | undefined {
  if (answer.status === 200 || answer.status === 500) return undefined;
  const seconds = Number(answer.headers['retry-after']);
  const failure = statusFailure(answer.status, host);
  if (answer.status !== 429 && !(answer.status === 503 && seconds > 0)) return failure;
  return { ...failure, kind: 'busy', ...(seconds > 0 ? { retryAfterMs: seconds * 1000 } : {}) };
}

function statusFailure(status: number, host: string): Failure {
  const [kind, words] = statusWords[status] ?? (['unavailable', `answered with HTTP ${status}`] as const);
  return { kind, message: `${host} ${words}`, code: `Http${status}` };
}

const statusWords: Readonly<Record<number, readonly [Failure['kind'], string]>> = {
  301: ['unavailable', 'redirects; the address of EWS is another one'],
  302: ['unavailable', 'redirects; the address of EWS is another one'],
  307: ['unavailable', 'redirects; the address of EWS is another one'],
  308: ['unavailable', 'redirects; the address of EWS is another one'],
  403: ['denied', 'does not let this account use EWS (403)'],
  404: ['unavailable', 'has no EWS at this path (404)'],
  413: ['too-large', 'does not take a request of this size (413)'],
};

/** The response elements of an answer that is many envelopes, each as soon as it is complete. */
export async function* parseAnswers(answer: HttpAnswer, host: string): AsyncGenerator<XmlElement> {
  if (answer.status !== 200) {
    yield await parseAnswer(answer, host);
    return;
  }
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of answer.body) {
    text += decoder.write(chunk);
    for (let end = endOfEnvelope(text); end > 0; end = endOfEnvelope(text)) {
      yield responseIn(parseXml(text.slice(0, end).trimStart(), answerLimits));
      text = text.slice(end);
    }
  }
}

function endOfEnvelope(text: string): number {
  const end = /<\/(?:\w+:)?Envelope\s*>/.exec(text);
  return end === null ? 0 : end.index + end[0].length;
}

/** Response messages in request order. */
export function messagesOf(response: XmlElement): readonly XmlElement[] {
  const list = childOf(response, 'ResponseMessages');
  return list === undefined ? [] : childrenOf(list);
}

export function outcomeOf(message: XmlElement): Outcome<XmlElement> {
  return message.attrs['ResponseClass'] === 'Error' ? failed(failureIn(message)) : success(message);
}

/** The only message of an answer to a request for one thing. @throws BackendError when it is an error */
export function onlyMessageOf(response: XmlElement): XmlElement {
  const [message] = messagesOf(response);
  if (message === undefined) throw new BackendError(failureOfCode('ErrorInternalServerError'));
  const outcome = outcomeOf(message);
  if (!outcome.ok) throw new BackendError(outcome.failure);
  return outcome.value;
}

/** An answer that is one message itself (FindPeople, GetRooms). @throws BackendError when it is an error */
export function aloneOf(response: XmlElement): XmlElement {
  const outcome = outcomeOf(response);
  if (!outcome.ok) throw new BackendError(outcome.failure);
  return outcome.value;
}

/** For the log: NoError or the first code. */
export function resultOf(response: XmlElement): string {
  const bad = [response, ...messagesOf(response)].find(
    (message) => message.attrs['ResponseClass'] === 'Error',
  );
  return bad === undefined ? 'NoError' : textOf(childOf(bad, 'ResponseCode'));
}
