// The closed list of what may be refused, by the words of the answer or, where that names only a precondition, of the
// translator. `invalid`: the standards forbid it; `scope`: the folder or the gateway does not take such objects; `limit`:
// valid, but Exchange has no place for it, and the gateway says so instead of changing it.
import type { CorpusObject } from './corpus.ts';
import { type Component, parseLines } from './content-lines.ts';

export interface Refusal {
  readonly kind: 'invalid' | 'scope' | 'limit';
  readonly says: RegExp;
  readonly why: string;
  /** By the independent reader: whether the object really is so. */
  holds?(object: CorpusObject, components: readonly Component[]): boolean;
}

const lacks =
  (name: string) =>
  (_: CorpusObject, components: readonly Component[]): boolean =>
    components.some((each) => each.properties.every((property) => property.name !== name));
const isBroken = ({ faults }: CorpusObject): boolean => faults.length > 0;

export const refusals: readonly Refusal[] = [
  {
    kind: 'invalid',
    says: /a line is no property|stands outside of any component|is missing$|has no value$|cannot be read$/,
    why: 'Not made of content lines and closed components (RFC 5545 §3.1, RFC 6350 §3.3)',
    holds: (object, components) =>
      isBroken(object) ||
      components.some((each) => each.properties.some(({ raw }) => /^[^:]*;[^:=]*[;:]/.test(raw))),
  },
  {
    kind: 'invalid',
    says: /an event needs a DTSTART/,
    why: 'DTSTART is required where no METHOD is given (RFC 5545 §3.6.1)',
    holds: lacks('DTSTART'),
  },
  {
    kind: 'invalid',
    says: /DTEND is before DTSTART|of different kinds/,
    why: 'DTEND must be later than DTSTART and of its type (RFC 5545 §3.8.2.2)',
  },
  {
    kind: 'invalid',
    says: /has no valid time|is not a time|is not a duration|is not a number|is not an offset|is not a pair of numbers/,
    why: 'A value that is not of its type (RFC 5545 §3.3)',
  },
  {
    kind: 'invalid',
    says: /no VTIMEZONE defines/,
    why: 'A TZID that no VTIMEZONE defines and no time zone has as its name (RFC 5545 §3.2.19)',
    holds: ({ body }) =>
      !/^BEGIN:VTIMEZONE/m.test(typeof body === 'string' ? body : Buffer.from(body).toString()),
  },
  {
    kind: 'invalid',
    says: /the calendar is empty|every component needs a UID|two events with one UID|two tasks with one UID|has no METHOD/,
    why: 'Not one object with one UID (RFC 4791 §4.1)',
  },
  {
    kind: 'scope',
    says: /this folder takes VEVENT, not/,
    why: 'Journals, free-busy messages and availability have no folder in Exchange; the collection says so (RFC 4791 §5.2.3)',
  },
  {
    kind: 'limit',
    says: /EXRULE beside one rule|RRULE beside one rule/,
    why: 'RFC 5545 §3.8.5.3 advises against several rules in one event and has dropped EXRULE; Exchange has one pattern a series',
  },
  {
    kind: 'limit',
    says: /Exchange has no (?:SECONDLY|MINUTELY) series/,
    why: 'Instances by minutes: each time of the day would be a series of its own',
  },
  {
    kind: 'limit',
    says: /an invitation of its own/,
    why: 'A meeting that would be several series: each would invite the attendees anew',
  },
  {
    kind: 'limit',
    says: /Exchange has no|Exchange cannot|Exchange counts|one day a (?:month|year)|one month a year|same time of day|Exchange takes intervals|more than 50 items|no dates beside its pattern/,
    why: 'Neither series that together say the same nor at most 50 single instances (docs/decisions/0013)',
  },
  {
    kind: 'limit',
    says: /a change of all later occurrences/,
    why: 'RANGE=THISANDFUTURE: an exception in Exchange is one instance',
  },
  {
    kind: 'limit',
    says: /a changed occurrence of a task|of a recurring task the present instance|no instance of the task is left/,
    why: 'Exchange keeps one instance of a recurring task, the present one',
  },
  {
    kind: 'limit',
    says: /no occurrence can have files of its own here/,
    why: 'What would be several series has its files in one of them, whichever is there',
  },
  {
    kind: 'limit',
    says: /RDATE beside one rule/,
    why: 'A recurring task in Exchange has one pattern and no further dates',
    holds: ({ folder }) => folder === 'tasks',
  },
  {
    kind: 'limit',
    says: /several instances without their series/,
    why: 'Exchange makes such items itself, one an invitation; a client cannot',
  },
  {
    kind: 'limit',
    says: /in the hour that the clock skips/,
    why: 'Exchange takes the time of day of a series from its first instance: on that day the clock shows another one',
  },
  {
    kind: 'limit',
    says: /no instance then|without any instance|longer than|five years|has another end/,
    why: 'A changed instance that is none, a series without any, more than five years (ErrorCalendarDurationIsTooLong)',
  },
  {
    kind: 'limit',
    says: /bytes inside an alarm/,
    why: 'A sound inside an alarm has no place in Exchange, and bytes are kept nowhere else',
  },
  {
    kind: 'limit',
    says: /offsets of no known zone/,
    why: 'A time zone of the client’s own, with offsets that no zone of the IANA database has',
  },
];

/** The row that covers a refusal; undefined: refused without need. */
export function refusalOf(object: CorpusObject, reason: string): Refusal | undefined {
  const { roots } = parseLines(object.body);
  const components = roots.flatMap((root) =>
    root.name === 'VCARD' ? [root] : root.components.filter((each) => each.name !== 'VTIMEZONE'),
  );
  return refusals.find(({ says, holds }) => says.test(reason) && (holds?.(object, components) ?? true));
}
