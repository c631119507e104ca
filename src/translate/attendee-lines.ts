// ORGANIZER and ATTENDEE lines of a client when somebody was invited or taken out elsewhere: who is still there keeps his line
// with all its parameters (CUTYPE, RSVP, DELEGATED-*, MEMBER, SENT-BY, DIR, LANGUAGE, EMAIL, SCHEDULE-*, X-…).
import type { AttendeeRole } from '../model/item.ts';
import { isServed, keyOf, personOf } from './calendar-user.ts';
import { paramOf, type Jcal } from './codec.ts';
import type { Rendered } from './rows.ts';

/** `shown`: whom the mailbox holds. `kept`: what the client wrote, with the present answers. */
export function mergeAttendees(kept: readonly Rendered[], shown: readonly Rendered[]): readonly Rendered[] {
  const lines = kept.flatMap(lineIn);
  const held = shown.flatMap(lineIn);
  const byPerson = new Map(lines.filter(isServed).map((line) => [personKey(line), line]));
  const merged = held.map((line) => {
    const own = byPerson.get(personKey(line));
    return own ? withRoleOf(own, line) : line;
  });
  const others = [...hostLines(lines, held), ...apartFrom(lines, held)];
  const organizer =
    held.length > 0 || others.length === 0 ? [] : lines.filter(([name]) => name === 'organizer');
  return [...organizer, ...merged, ...new Set(others)].map((property) => ({ property }));
}

/** Whom a client sees to itself stays, unless the mailbox itself has invited him since. */
function apartFrom(kept: readonly Jcal[], shown: readonly Jcal[]): readonly Jcal[] {
  const keys = new Set(shown.map(personKey));
  return kept.filter((line) => line[0] === 'attendee' && !isServed(line) && !keys.has(personKey(line)));
}

function lineIn(part: Rendered): Jcal[] {
  return 'property' in part ? [part.property] : [];
}

function personKey(line: Jcal): string {
  return `${line[0]} ${keyOf(personOf(line))}`;
}

/** Another place in the list is another role; the same place may be said more exactly (CHAIR, CUTYPE=ROOM). */
function withRoleOf(own: Jcal, shown: Jcal): Jcal {
  if (own[0] === 'organizer' || placeOf(own) === placeOf(shown)) return own;
  const [name, { role: _role, cutype: given, ...params }, type, ...values] = own;
  const { role, cutype = placeOf(own) === 'resource' ? undefined : given } = shown[1];
  return [name, { ...params, ...(cutype && { cutype }), ...(role && { role }) }, type, ...values];
}

/** The list of the mailbox that somebody is in. */
export function placeOf(line: Jcal): AttendeeRole {
  const cutype = paramOf(line, 'cutype')?.toUpperCase();
  if (cutype === 'ROOM' || cutype === 'RESOURCE') return 'resource';
  const role = paramOf(line, 'role')?.toUpperCase();
  return role === 'OPT-PARTICIPANT' || role === 'NON-PARTICIPANT' ? 'optional' : 'required';
}

/** Exchange lists no organizer among the people invited; many clients do. */
function hostLines(kept: readonly Jcal[], shown: readonly Jcal[]): readonly Jcal[] {
  const host = shown.find(([name]) => name === 'organizer')?.[3];
  return kept.filter(
    ([name, , , value]) =>
      name === 'attendee' &&
      String(value).toLowerCase() === String(host).toLowerCase() &&
      !shown.some((line) => line[0] === 'attendee' && line[3] === value),
  );
}
