// How the simulator refuses: a response code of messages.xsd, per message or for the whole request (a fault).
import { messageTexts } from './message-texts-table.ts';
import type { Markup } from '../src/xml/index.ts';

/** One of many failed: a ResponseMessage with ResponseClass Error. */
export class EwsError extends Error {
  override readonly name = 'EwsError';
  readonly code: string;
  /** Contents of MessageXml. */
  readonly detail: Markup | undefined;
  constructor(code: string, text?: string, detail?: Markup) {
    super(text ?? messageTexts[code] ?? 'An internal server error occurred. The operation failed.');
    this.code = code;
    this.detail = detail;
  }
}

/** The whole request failed: HTTP 500 with a SOAP fault. */
export class EwsFault extends Error {
  override readonly name = 'EwsFault';
  readonly code: string;
  readonly detail: Markup | undefined;
  /** Text of faultstring where it says more than the message. */
  readonly faultString: string;
  constructor(
    code: string,
    given: { readonly text?: string; readonly faultString?: string; readonly detail?: Markup } = {},
  ) {
    const text = given.text ?? messageTexts[code] ?? code;
    super(text);
    this.code = code;
    this.faultString = given.faultString ?? text;
    this.detail = given.detail;
  }
}
