// Meetings as text, for servers that deliver on their own (RFC 6638 §7.1): who schedules is written into ORGANIZER and ATTENDEE.
import { fold, linesOf, parametersOf, valueStart, withComponents, type Line } from './lines.ts';

const scheduled: ReadonlySet<string> = new Set(['VEVENT', 'VTODO', 'VJOURNAL']);

/** The text with `SCHEDULE-AGENT=CLIENT` on organizer and attendees, so that the server leaves delivery to somebody else. */
export function quietText(text: string): string {
  return rewritten(text, (line) => withAgent(line, 'SCHEDULE-AGENT=CLIENT'));
}

/** The text without what `quietText` added. */
export function plainText(text: string): string {
  return rewritten(text, (line) => (agentOf(line) === 'CLIENT' ? withAgent(line) : line.raw));
}

/**
 * Would the server tell somebody when this object is changed or deleted by a user with these addresses?
 * Unknown addresses count as anybody's.
 */
export function wouldSchedule(text: string, addresses: readonly string[] | undefined): boolean {
  const parties = withComponents(linesOf(text), (line, inside) =>
    isParty(line, inside) ? [line] : [],
  ).flat();
  const organizers = parties.filter((line) => line.name === 'ORGANIZER');
  const attendees = parties.filter((line) => line.name === 'ATTENDEE');
  if (organizers.length === 0 || attendees.length === 0) return false;
  const isOwn = (line: Line): boolean => addresses === undefined || addresses.includes(addressOf(line));
  const isServed = (line: Line): boolean => agentOf(line) === 'SERVER';
  // The organizer's server writes to attendees, an attendee's to the organizer.
  if (organizers.some(isOwn) && attendees.some(isServed)) return true;
  return attendees.some(isOwn) && organizers.some(isServed);
}

function rewritten(text: string, change: (line: Line) => string): string {
  return withComponents(linesOf(text), (line, inside) =>
    isParty(line, inside) ? change(line) : line.raw,
  ).join('');
}

/** The attendees of an e-mail alarm are no parties. */
function isParty(line: Line, inside: readonly string[]): boolean {
  return (line.name === 'ORGANIZER' || line.name === 'ATTENDEE') && scheduled.has(inside.at(-1) ?? '');
}

function agentOf(line: Line): string {
  const agent = parametersOf(line.text).find((each) => /^SCHEDULE-AGENT=/i.test(each));
  return agent?.slice('SCHEDULE-AGENT='.length).replaceAll('"', '').toUpperCase() ?? 'SERVER';
}

function withAgent(line: Line, agent?: string): string {
  const kept = parametersOf(line.text).filter((each) => !/^SCHEDULE-(AGENT|FORCE-SEND)=/i.test(each));
  const parameters = [...kept, ...(agent === undefined ? [] : [agent])].map((each) => `;${each}`);
  return fold(`${line.name}${parameters.join('')}:${line.text.slice(valueStart(line.text))}`);
}

function addressOf(line: Line): string {
  return line.text
    .slice(valueStart(line.text))
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, '');
}
