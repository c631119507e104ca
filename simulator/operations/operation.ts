// What an operation is: the element of the SOAP body in, the response element out.
import type { XmlElement } from '../../src/xml/index.ts';
import type { Context } from '../context.ts';

/** An answer of many envelopes on one connection (GetStreamingEvents). */
export interface Stream {
  /** Writes response elements until `closed` or its own time is over. */
  run(write: (response: string) => void, closed: AbortSignal): Promise<void>;
}

export type Operation = (request: XmlElement, context: Context) => string | Stream;
