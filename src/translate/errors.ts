// Why a client's text cannot become an item. `collections` turns the problem into a precondition of RFC 4791 or RFC 6352.

export type TranslateProblem =
  /** Not iCalendar or vCard at all. */
  | 'malformed'
  /** Several objects, or none, where one belongs (RFC 4791 §4.1). */
  | 'not-one-object'
  /** A component that this folder does not take. */
  | 'wrong-component'
  | 'missing-uid'
  /** Understood, and nothing here can hold it. */
  | 'unsupported'
  | 'too-large'
  /** RFC 6638 §3.2.4.2: components of one meeting with different organizers. */
  | 'two-organizers'
  /** RFC 6638 §3.2.4.3, §3.2.4.4: what the organizer, or an attendee, may not do. */
  | 'organizer-change'
  | 'attendee-change'
  /** A stored file is named that the object does not have (RFC 8607 §3.11). */
  | 'unknown-attachment'
  /** Well formed, but a value makes no sense. */
  | 'invalid';

export class TranslateError extends Error {
  override readonly name = 'TranslateError';
  readonly problem: TranslateProblem;
  /** The iCalendar or vCard name at fault, upper case. */
  readonly property?: string;

  constructor(problem: TranslateProblem, message: string, property?: string) {
    super(message);
    this.problem = problem;
    this.property = property;
  }
}
