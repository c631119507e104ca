// A client's question for busy times: VFREEBUSY with METHOD:REQUEST (RFC 5546 §3.3.2, RFC 6638 §5).
import type { Range } from '../model/time.ts';
import { instantOfWhen } from '../model/zones.ts';
import { textOf, parseComponents, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { personOf } from './calendar-user.ts';
import { propertiesNamed, whenOf, zonesOf } from './span.ts';

/** Somebody asked about, by the calendar user address as it was written. */
export interface Recipient {
  readonly uri: string;
  /** Empty when the address is no mail address. */
  readonly address: string;
  readonly name?: string;
}

export interface FreeBusyRequest {
  readonly uid: string;
  readonly range: Required<Range>;
  readonly organizer: Recipient;
  readonly attendees: readonly Recipient[];
}

/** @throws TranslateError `malformed` when it is no iCalendar, else what keeps it from being such a question */
export function parseFreeBusyRequest(text: string): FreeBusyRequest {
  const [root, ...others] = parseComponents(text);
  if (root === undefined || root[0] !== 'vcalendar')
    throw new TranslateError('malformed', 'the body is not one VCALENDAR');
  const [component, ...more] = root[2].filter(([name]) => name !== 'vtimezone');
  const method = textOf(root, 'method')?.toUpperCase();
  if (others.length > 0 || more.length > 0 || component?.[0] !== 'vfreebusy' || method !== 'REQUEST')
    throw new TranslateError('wrong-component', 'only one VFREEBUSY with METHOD:REQUEST is taken', 'METHOD');
  const uid = textOf(component, 'uid')?.trim() ?? '';
  if (uid === '') throw new TranslateError('missing-uid', 'the question needs a UID', 'UID');
  const [organizer, second] = recipientsIn(component, 'organizer');
  if (organizer === undefined || second !== undefined)
    throw new TranslateError('invalid', 'the question needs one ORGANIZER', 'ORGANIZER');
  const attendees = recipientsIn(component, 'attendee');
  if (attendees.length === 0) throw new TranslateError('invalid', 'nobody is asked about', 'ATTENDEE');
  return { uid, range: rangeIn(root, component), organizer, attendees };
}

/** Each address once, in order. */
function recipientsIn(component: JcalComponent, name: string): readonly Recipient[] {
  const found = new Map<string, Recipient>();
  for (const line of propertiesNamed(component, name)) {
    const uri = typeof line[3] === 'string' ? line[3].trim() : '';
    const { address, name: cn } = personOf(line);
    if (!found.has(uri)) found.set(uri, { uri, address, ...(cn !== undefined && { name: cn }) });
  }
  return [...found.values()];
}

function rangeIn(root: JcalComponent, component: JcalComponent): Required<Range> {
  const zones = zonesOf(root);
  const [start, end] = [whenOf(component, 'dtstart', zones), whenOf(component, 'dtend', zones)];
  const from = start && instantOfWhen(start, 'UTC');
  const to = end && instantOfWhen(end, 'UTC');
  if (from === undefined || to === undefined || !(from < to))
    throw new TranslateError('invalid', 'the question needs a start, and an end after it', 'DTSTART');
  return { from, to };
}
