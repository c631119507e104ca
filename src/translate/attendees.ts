// ORGANIZER and ATTENDEE (RFC 5545 §3.8.4) ⇄ people. Decides whose meeting it is, so that a mailbox never becomes the
// organizer of somebody else's meeting and mails everybody (DESIGN §6), and who is invited at all (RFC 6638 §7.1).
import type { Attendee, AttendeeRole, EventItem, PartStat, Person } from '../model/item.ts';
import { mergeAttendees, placeOf } from './attendee-lines.ts';
import { isAddress, isServed, keyOf, ownSet, personOf, uriOf } from './calendar-user.ts';
import { paramOf, type Jcal } from './codec.ts';
import { TranslateError } from './errors.ts';
import { propertiesOf, type ParseContext, type RenderContext, type Rendered, type Row } from './rows.ts';
import { rendered } from './shared-rows.ts';

type Meeting = Pick<EventItem, 'organizer' | 'isOrganizer' | 'attendees' | 'ownPartStat'>;

export const attendeeRow: Row<EventItem> = {
  claims: ['organizer', 'attendee'],
  fields: ['organizer', 'isOrganizer', 'attendees', 'ownPartStat'],
  readsStatus: true,
  render: renderMeeting,
  parse: parseMeeting,
  refresh: refreshLines,
  merge: mergeAttendees,
  inWordsOfSeries: withOrganizerOf,
  equal: isSameMeeting,
};

/** One organizer in all components (RFC 6638 §3.2.4.2): a client may know him by another address than the mailbox. */
function withOrganizerOf(shown: readonly Rendered[], ofSeries: readonly Rendered[]): readonly Rendered[] {
  const [organizer] = propertiesOf(ofSeries).filter(([name]) => name === 'organizer');
  if (organizer === undefined) return shown;
  const key = keyOf(personOf(organizer));
  return propertiesOf(shown).map((property) => ({
    property: property[0] === 'organizer' && keyOf(personOf(property)) !== key ? organizer : property,
  }));
}

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
    ...[...answered, ...self].map((attendee) =>
      renderAttendee(attendee, tellsSent(item, context) ? sent : undefined),
    ),
  );
}

/** RFC 6638 §3.2.9: sent, and nothing is known of what became of it. */
const sent = '1.1';
/** The same: no calendar user has this address. */
const noUser = '3.7';

function tellsSent(item: EventItem, context: RenderContext): boolean {
  return context.tellsStatus === true && item.isOrganizer && item.invitationsSent === true;
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

function renderAttendee(attendee: Attendee, status: string | undefined): Jcal {
  const params: Jcal[1] = {
    ...nameParam(attendee),
    ...roleParams[attendee.role],
    partstat: partStatParam[attendee.partStat],
    ...(status !== undefined && { 'schedule-status': status }),
  };
  return ['attendee', params, 'cal-address', uriOf(attendee)];
}

function nameParam(person: Person): Record<string, string> {
  return person.name === undefined || person.name === '' ? {} : { cn: person.name };
}

function parseMeeting(parts: readonly Rendered[], context: ParseContext): Meeting {
  const properties = propertiesOf(parts);
  const organizerLine = properties.find((property) => property[0] === 'organizer');
  const organizer = organizerLine && personOf(organizerLine);
  const lines = properties.filter((property) => property[0] === 'attendee');
  const present = context.present?.kind === 'event' ? context.present : undefined;
  const own = ownSet(context.ownAddresses);
  if (present?.isOrganizer === false) {
    if (!context.isJudging) refuseForeign(organizer, ownLine(lines, own), own);
    return context.isJudging
      ? { organizer, isOrganizer: false, attendees: attendeesOf(lines), ownPartStat: ownAnswer(lines, own) }
      : {
          organizer: present.organizer,
          isOrganizer: false,
          attendees: present.attendees,
          ownPartStat: ownAnswer(lines, own) ?? present.ownPartStat,
        };
  }
  // Kept lines of a meeting that the mailbox organises were its own when they were written, under whatever address.
  const wasOwn = context.isJudging === true && present !== undefined && present.attendees.length > 0;
  if (!wasOwn && !isOwn(organizer, own, present)) {
    refuseHandingOver(organizer, present);
    return { organizer: undefined, isOrganizer: true, attendees: [], ownPartStat: undefined };
  }
  own.add((organizer ?? present?.organizer)?.address.toLowerCase() ?? '');
  // What does not take place invites nobody: taken off the list, those who were invited hear of it.
  const invited = context.isCancelled ? [] : invitedOf(lines, own, present);
  return {
    organizer: invited.length > 0 ? (organizer ?? present?.organizer) : undefined,
    isOrganizer: true,
    attendees: asHeld(invited, present?.attendees ?? []),
    ownPartStat: undefined,
  };
}

/** Those whom the mailbox itself is to write to. Whom nobody can write to may still be held: by a name of the directory. */
function invitedOf(
  lines: readonly Jcal[],
  own: ReadonlySet<string>,
  present: EventItem | undefined,
): readonly Attendee[] {
  const held = new Set(present?.attendees.map(keyOf));
  return attendeesOf(lines.filter(isServed)).filter((each) =>
    each.address === ''
      ? held.has(keyOf(each))
      : !own.has(each.address.toLowerCase()) && (isAddress(each.address) || held.has(keyOf(each))),
  );
}

/** RFC 6638 §3.2.4.4. What else an attendee changes of the organizer's is dropped without a word: clients do it unasked. */
function refuseForeign(
  organizer: Person | undefined,
  line: Jcal | undefined,
  own: ReadonlySet<string>,
): void {
  if (organizer && own.has(organizer.address.toLowerCase()))
    throw new TranslateError('attendee-change', 'somebody else organises this meeting', 'ORGANIZER');
  if (line && paramOf(line, 'partstat')?.toUpperCase() === 'DELEGATED')
    throw new TranslateError('attendee-change', 'an invitation cannot be delegated', 'ATTENDEE');
}

/** RFC 6638 §3.2.4.3: the invitations name the owner as the organizer. */
function refuseHandingOver(organizer: Person | undefined, present: EventItem | undefined): void {
  if (organizer === undefined || present?.invitationsSent !== true) return;
  throw new TranslateError(
    'organizer-change',
    'a meeting keeps the organizer who invited to it',
    'ORGANIZER',
  );
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
  const line = ownLine(lines, own);
  return line && partStatOf(line);
}

function ownLine(lines: readonly Jcal[], own: ReadonlySet<string>): Jcal | undefined {
  return lines.find((each) => own.has(personOf(each).address.toLowerCase()));
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

function partStatOf(line: Jcal): PartStat {
  const given = paramOf(line, 'partstat')?.toUpperCase();
  if (given === 'ACCEPTED' || given === 'COMPLETED' || given === 'IN-PROCESS') return 'accepted';
  if (given === 'TENTATIVE') return 'tentative';
  return given === 'DECLINED' ? 'declined' : 'needs-action';
}

/** Answers arrive after a client wrote, and what became of the messages is the server's to tell: its lines show both. */
function refreshLines(
  kept: readonly Rendered[],
  item: EventItem,
  context: RenderContext,
): readonly Rendered[] {
  const own = ownSet(context.ownAddresses);
  const attendees = withOwnAnswer(item, own);
  const isOwnMeeting = item.isOrganizer && isOrganizedBy(kept, own);
  return kept.map((part) => {
    if (!('property' in part) || part.property[0] !== 'attendee') return part;
    const [name, params, type, ...values] = part.property;
    const person = personOf(part.property);
    const held = attendees.find((each) => keyOf(each) === keyOf(person));
    const status =
      isOwnMeeting && isServed(part.property) ? statusOf(person, { held, item, context }) : undefined;
    const isSame = !held || held.partStat === partStatOf(part.property);
    if (isSame && status === undefined) return part;
    const shown = {
      ...params,
      ...(isSame ? {} : { partstat: partStatParam[held.partStat] }),
      ...(status !== undefined && { 'schedule-status': status }),
    };
    return { property: [name, shown, type, ...values] };
  });
}

function isOrganizedBy(kept: readonly Rendered[], own: ReadonlySet<string>): boolean {
  const line = propertiesOf(kept).find(([name]) => name === 'organizer');
  return line !== undefined && own.has(personOf(line).address.toLowerCase());
}

function statusOf(
  person: Person,
  { held, item, context }: { held: Attendee | undefined; item: EventItem; context: RenderContext },
): string | undefined {
  if (context.tellsStatus !== true) return undefined;
  if (held) return item.invitationsSent === true ? sent : undefined;
  return isAddress(person.address) ? undefined : noUser;
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
