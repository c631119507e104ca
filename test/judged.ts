// How many envelopes were judged in a test file, and which were invalid: told to test/setup.ts, which every file has.

export interface EnvelopeFailure {
  readonly direction: 'request' | 'answer';
  readonly complaints: readonly string[];
  readonly xml: string;
}

const judged = { count: 0 };
const invalid: EnvelopeFailure[] = [];

export function countJudged(): void {
  judged.count += 1;
}

export function noteInvalid(failure: EnvelopeFailure): void {
  invalid.push(failure);
}

export function judgedHere(): { readonly count: number; readonly invalid: readonly EnvelopeFailure[] } {
  return { count: judged.count, invalid };
}
