// ORGANIZER and ATTENDEE (RFC 5545 §3.8.4) ⇄ people. Decides whose meeting it is, so that a mailbox never becomes the
// organizer of somebody else's meeting and mails everybody (DESIGN §6).
import type { Attendee, AttendeeRole, EventItem, PartStat, Person } from '../model/item.ts';
import { mergeAttendees, placeOf } from './attendee-lines.ts';
import { paramOf, type Jcal } from './codec.ts';
import { propertiesOf, type ParseContext, type RenderContext, type Rendered, type Row } from './rows.ts';
import { rendered } from './shared-rows.ts';

type Meeting = Pick<EventItem, 'organizer' | 'isOrganizer' | 'attendees' | 'ownPartStat'>;

export const attendeeRow: Row<EventItem> = {
  claims: ['organizer', 'attendee'],
  fields: ['organizer', 'isOrganizer', 'attendees', 'ownPartStat'],
  render: renderMeeting,
  parse: parseMeeting,
  refresh: refreshAnswers,
  equal: isSameMeeting,
  merge: mergeAttendees,
};

/** Nobody is shown as organizer of an event to which nobody is invited: clients would treat it as a meeting. */
function renderMeeting(item: EventItem, context: RenderContext): readonly Rendered[] {
  const { organizer, attendees } = item;
  if (item.isOrganizer ? attendees.length === 0 : organizer === undefined && attendees.length === 0)
    return [];
  const own = ownSet(context.ownAddresses);
  const answered = withOwnAnswer(item, own);
  const [ownAddress] = context.ownAddresses;
  const isListed = item.isOrganizer || attendees.some((each) => own.has(each.address.toLowerCase()));
  // Invited through a group: without a line of his own the owner could not answer.
  const self: Attendee[] =
    isListed || item.ownPartStat === undefined || ownAddress === undefined
      ? []
      : [{ address: ownAddress, role: 'required', partStat: item.ownPartStat }];
  return rendered(
    organizer && ['organizer', nameParam(organizer), 'cal-address', uriOf(organizer)],
    ...[...answered, ...self].map(renderAttendee),
  );
}

function ownSet(addresses: readonly string[]): Set<string> {
  return new Set(addresses.map((address) => address.toLowerCase()));
}

/** The owner's own answer is told apart from the list, which may be older. */
function withOwnAnswer(item: EventItem, own: ReadonlySet<string>): readonly Attendee[] {
  const { isOrganizer, ownPartStat, attendees } = item;
  if (isOrganizer || ownPartStat === undefined) return attendees;
  return attendees.map((each) =>
    own.has(each.address.toLowerCase()) ? { ...each, partStat: ownPartStat } : each,
  );
}

const roleParams = {
  required: { role: 'REQ-PARTICIPANT' },
  optional: { role: 'OPT-PARTICIPANT' },
  resource: { cutype: 'RESOURCE', role: 'NON-PARTICIPANT' },
} satisfies Record<AttendeeRole, Record<string, string>>;

const partStatParam = {
  'needs-action': 'NEEDS-ACTION',
  accepted: 'ACCEPTED',
  tentative: 'TENTATIVE',
  declined: 'DECLINED',
} satisfies Record<PartStat, string>;

function renderAttendee(attendee: Attendee): Jcal {
  const params: Jcal[1] = {
    ...nameParam(attendee),
    ...roleParams[attendee.role],
    partstat: partStatParam[attendee.partStat],
  };
  return ['attendee', params, 'cal-address', uriOf(attendee)];
}

function nameParam(person: Person): Record<string, string> {
  return person.name === undefined || person.name === '' ? {} : { cn: person.name };
}

const noAddress = 'invalid:nomail';

function uriOf(person: Person): string {
  return person.address === '' ? noAddress : `mailto:${person.address}`;
}

function parseMeeting(parts: readonly Rendered[], context: ParseContext): Meeting {
  const properties = propertiesOf(parts);
  const organizerLine = properties.find((property) => property[0] === 'organizer');
  const organizer = organizerLine && personOf(organizerLine);
  const lines = properties.filter((property) => property[0] === 'attendee');
  const present = context.present?.kind === 'event' ? context.present : undefined;
  const own = ownSet(context.ownAddresses);
  if (present?.isOrganizer === false) {
    return context.isJudging
      ? { organizer, isOrganizer: false, attendees: attendeesOf(lines), ownPartStat: ownAnswer(lines, own) }
      : {
          organizer: present.organizer,
          isOrganizer: false,
          attendees: present.attendees,
          ownPartStat: ownAnswer(lines, own) ?? present.ownPartStat,
        };
  }
  if (!isOwn(organizer, own, present))
    return { organizer: undefined, isOrganizer: true, attendees: [], ownPartStat: undefined };
  own.add((organizer ?? present?.organizer)?.address.toLowerCase() ?? '');
  const invited = attendeesOf(lines).filter(
    (each) => each.address === '' || !own.has(each.address.toLowerCase()),
  );
  return {
    organizer: invited.length > 0 ? (organizer ?? present?.organizer) : undefined,
    isOrganizer: true,
    attendees: asHeld(invited, present?.attendees ?? []),
    ownPartStat: undefined,
  };
}

/** Attendees without an organizer invite nobody, unless the mailbox already holds the meeting as its own. */
function isOwn(
  organizer: Person | undefined,
  own: ReadonlySet<string>,
  present: EventItem | undefined,
): boolean {
  if (organizer === undefined) return present !== undefined && present.attendees.length > 0;
  const address = organizer.address.toLowerCase();
  return own.has(address) || (address !== '' && address === present?.organizer?.address.toLowerCase());
}

/**
 * Those whom the mailbox knows by their name and place there: another order or spelling is no change. Answers are what the
 * mailbox has collected; an organizer's client cannot set them.
 */
function asHeld(invited: readonly Attendee[], held: readonly Attendee[]): readonly Attendee[] {
  const given = new Map(invited.map((each) => [keyOf(each), each]));
  const known = held.flatMap(({ name, partStat, ...each }) => {
    const attendee = given.get(keyOf({ ...each, ...(name !== undefined && { name }) }));
    return attendee ? [{ ...attendee, name, partStat }] : [];
  });
  const keys = new Set(held.map(keyOf));
  return [...known, ...invited.filter((each) => !keys.has(keyOf(each)))];
}

function ownAnswer(lines: readonly Jcal[], own: ReadonlySet<string>): PartStat | undefined {
  const line = lines.find((each) => own.has(personOf(each).address.toLowerCase()));
  return line && partStatOf(line);
}

function attendeesOf(lines: readonly Jcal[]): Attendee[] {
  const found = new Map<string, Attendee>();
  for (const line of lines) {
    const person = personOf(line);
    if (person.address === '' && person.name === undefined) continue;
    const attendee = { ...person, role: placeOf(line), partStat: partStatOf(line) };
    if (!found.has(keyOf(attendee))) found.set(keyOf(attendee), attendee);
  }
  return [...found.values()];
}

/** `mailto:` in any case; principal URLs and urn:uuid (Apple) only with an EMAIL parameter (RFC 7986 §6.2). */
function personOf(line: Jcal): Person {
  const uri = typeof line[3] === 'string' ? line[3].trim() : '';
  const address = /^mailto:(.*)$/i.exec(uri)?.[1]?.trim() ?? paramOf(line, 'email')?.trim() ?? '';
  const name = paramOf(line, 'cn')?.trim();
  return name === undefined || name === '' ? { address } : { address, name };
}

function partStatOf(line: Jcal): PartStat {
  const given = paramOf(line, 'partstat')?.toUpperCase();
  if (given === 'ACCEPTED' || given === 'COMPLETED' || given === 'IN-PROCESS') return 'accepted';
  if (given === 'TENTATIVE') return 'tentative';
  return given === 'DECLINED' ? 'declined' : 'needs-action';
}

/** Answers arrive after a client wrote; its lines show them. */
function refreshAnswers(
  kept: readonly Rendered[],
  item: EventItem,
  context: RenderContext,
): readonly Rendered[] {
  const attendees = withOwnAnswer(item, ownSet(context.ownAddresses));
  return kept.map((part) => {
    if (!('property' in part) || part.property[0] !== 'attendee') return part;
    const [name, params, type, ...values] = part.property;
    const person = personOf(part.property);
    const held = attendees.find((each) => keyOf(each) === keyOf(person));
    if (!held || held.partStat === partStatOf(part.property)) return part;
    return { property: [name, { ...params, partstat: partStatParam[held.partStat] }, type, ...values] };
  });
}

/** Names differ between a client's address book and the directory, and the order says nothing. */
function isSameMeeting(one: EventItem, other: EventItem): boolean {
  if (one.isOrganizer !== other.isOrganizer) return false;
  const people = (item: EventItem): string =>
    item.attendees
      .map((each) => `${keyOf(each)} ${each.role}`)
      .sort()
      .join('\n');
  if (people(one) !== people(other)) return false;
  if (one.isOrganizer) return true;
  return (
    one.organizer?.address.toLowerCase() === other.organizer?.address.toLowerCase() &&
    one.ownPartStat === other.ownPartStat
  );
}

function keyOf(person: Person): string {
  return person.address === '' ? `name ${person.name ?? ''}` : person.address.toLowerCase();
}
