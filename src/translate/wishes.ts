// What a client's text asks of the messages about a meeting (RFC 6638 §7), apart from what it says of the meeting itself;
// and the parameters that are the server's or the moment's, taken out before anything is kept.
import type { Stored } from '../model/backend.ts';
import type { EventItem } from '../model/item.ts';
import { isServed, keyOf, ownSet, personOf } from './calendar-user.ts';
import { paramOf, type Jcal, type JcalComponent } from './codec.ts';
import { TranslateError } from './errors.ts';
import { decodeResidue } from './residue.ts';

export interface Wishes {
  /** The owner organises it or is invited (RFC 6638 §3.1). */
  readonly isScheduling: boolean;
  /** Somebody else's invitation, declined. */
  readonly declines: boolean;
  /** SCHEDULE-FORCE-SEND=REQUEST on an attendee: the organizer's message goes out whether or not something changed. */
  readonly forcesRequest: boolean;
  /** SCHEDULE-FORCE-SEND=REPLY on the organizer: so does the attendee's answer. */
  readonly forcesReply: boolean;
  /** SCHEDULE-AGENT of the organizer is not the server: the client sends the answers. */
  readonly answersItself: boolean;
  /** Who acts for the organizer (SENT-BY), and for the attendee whose answer this is. */
  readonly sentBy: readonly string[];
  /** COMMENTs that are new, by the key of their component. */
  readonly comments: ReadonlyMap<string, string>;
}

/** @throws TranslateError when components name different organizers */
export function wishesOf(
  components: readonly JcalComponent[],
  given: {
    readonly ownAddresses: readonly string[];
    readonly present?: Stored;
    /** Key of a component within its object. */
    readonly keyOf: (component: JcalComponent) => string;
  },
): Wishes {
  const lines = components.flatMap(([, properties]) => properties);
  const organizers = lines.filter(([name]) => name === 'organizer');
  demandOneOrganizer(organizers);
  const own = ownSet(given.ownAddresses);
  const forces = (line: Jcal, word: string): boolean =>
    paramOf(line, 'schedule-force-send')?.toUpperCase() === word;
  const answers = lines.filter((line) => line[0] === 'attendee' && isOf(line, own));
  const isOrganizer = organizers.some((line) => isOf(line, own));
  return {
    isScheduling: isOrganizer || (organizers.length > 0 && answers.length > 0),
    declines:
      !isOrganizer &&
      organizers.length > 0 &&
      answers.some((line) => paramOf(line, 'partstat')?.toUpperCase() === 'DECLINED'),
    forcesRequest: lines.some((line) => line[0] === 'attendee' && forces(line, 'REQUEST')),
    forcesReply: organizers.some((line) => forces(line, 'REPLY')),
    answersItself: organizers.some((line) => !isServed(line)),
    sentBy: [...organizers, ...answers].flatMap(sentByOf),
    comments: newComments(components, given),
  };
}

function isOf(line: Jcal, own: ReadonlySet<string>): boolean {
  return own.has(personOf(line).address.toLowerCase());
}

/** RFC 6638 §3.2.4.2. */
function demandOneOrganizer(lines: readonly Jcal[]): void {
  const people = new Set(lines.map((line) => keyOf(personOf(line))));
  if (people.size > 1)
    throw new TranslateError('two-organizers', 'components with different organizers', 'ORGANIZER');
}

function sentByOf(line: Jcal): string[] {
  const address = /^mailto:(.*)$/i.exec(paramOf(line, 'sent-by')?.trim() ?? '')?.[1]?.trim();
  return address === undefined || address === '' ? [] : [address.toLowerCase()];
}

/** A reply says what the attendee has just written, not what he wrote the last time. */
function newComments(
  components: readonly JcalComponent[],
  { present, keyOf: keyOfComponent }: Parameters<typeof wishesOf>[1],
): ReadonlyMap<string, string> {
  const residue = decodeResidue(present?.tags.residue);
  const known = new Set([...(residue?.parts.values() ?? [])].flatMap((part) => commentsIn(part.properties)));
  const found = new Map<string, string>();
  for (const component of components) {
    const comments = commentsIn(component[1]).filter((text) => !known.has(text));
    if (comments.length > 0) found.set(keyOfComponent(component), comments.join('\n'));
  }
  return found;
}

function commentsIn(properties: readonly Jcal[]): string[] {
  return properties.flatMap(([name, , , value]) =>
    name === 'comment' && typeof value === 'string' && value.trim() !== '' ? [value] : [],
  );
}

/**
 * The components with what lasts beyond this request. SCHEDULE-FORCE-SEND is for it alone (RFC 6638 §7.2); SCHEDULE-STATUS is
 * the server's (§7.3), except where a client sees to the messages itself.
 */
export function lastingParts(
  components: readonly JcalComponent[],
  {
    ownAddresses,
    present,
  }: { readonly ownAddresses: readonly string[]; readonly present?: EventItem | undefined },
): readonly JcalComponent[] {
  const own = ownSet(ownAddresses);
  return components.map(([name, properties, inner]) => {
    const organizer = properties.find((line) => line[0] === 'organizer');
    const isServers = present?.isOrganizer === false || (organizer !== undefined && isOf(organizer, own));
    return [name, properties.map((line) => (isPerson(line) ? lasting(line, isServers) : line)), inner];
  });
}

/**
 * Of the owner's meeting, an occurrence that says nothing of people is for those of the series: who leaves them out calls
 * nobody off by it.
 */
export function withPeopleOf(
  master: JcalComponent,
  occurrence: JcalComponent,
  own: ReadonlySet<string>,
): JcalComponent {
  const people = master[1].filter(isPerson);
  const organizer = people.find(([name]) => name === 'organizer');
  const [name, properties, inner] = occurrence;
  if (!organizer || !isOf(organizer, own) || properties.some((line) => line[0] === 'organizer'))
    return occurrence;
  const isSilent = !properties.some(isPerson);
  // A series that does not take place is for nobody.
  if (isSilent && isCancelled(master)) return occurrence;
  return [name, [...properties, ...(isSilent ? people : [organizer])], inner];
}

function isCancelled(component: JcalComponent): boolean {
  return component[1].some(
    ([name, , , value]) => name === 'status' && String(value).toUpperCase() === 'CANCELLED',
  );
}

function isPerson([name]: Jcal): boolean {
  return name === 'organizer' || name === 'attendee';
}

function lasting(line: Jcal, isServers: boolean): Jcal {
  const [name, params, type, ...values] = line;
  const { 'schedule-force-send': _force, ...rest } = params;
  if (!isServers || !isServed(line)) return [name, rest, type, ...values];
  const { 'schedule-status': _status, ...kept } = rest;
  return [name, kept, type, ...values];
}
