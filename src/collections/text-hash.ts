// Hashes of texts without what changes by itself: for older etags (DESIGN §4) and schedule-tags (RFC 6638 §3.2.10).
import { hash } from 'node:crypto';

const stamps = /^(?:DTSTAMP|LAST-MODIFIED|CREATED|REV|PRODID|SEQUENCE)[;:].*(?:\r?\n[ \t].*)*\r?\n/gim;
const alarms = /^BEGIN:VALARM\r?\n[\s\S]*?^END:VALARM\r?\n/gim;
/** What attendees and the server say, and what a directory calls people. */
const answers = /;(?:PARTSTAT|SCHEDULE-STATUS|RSVP|CN|X-RESPONSE-[A-Z]+)=(?:"[^"]*"|[^;:"]*)/gi;

/** The same for two texts that say the same. */
export function fingerprintOf(text: string): string {
  return digest(text.replace(stamps, ''));
}

/** Does not change when an attendee answers or the owner sets an alarm; undefined for what nobody organises. */
export function scheduleTagOf(text: string): string | undefined {
  if (!/^ORGANIZER[;:]/im.test(text)) return undefined;
  const unfolded = text
    .replace(alarms, '')
    .replace(stamps, '')
    .replaceAll(/\r?\n[ \t]/g, '');
  return `"${digest(unfolded.replace(/^(?:ATTENDEE|ORGANIZER).*$/gim, (line) => line.replace(answers, '')))}"`;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 22);
}
