// Which messages a write sends, and about what: decided here and nowhere else, from the meeting before and after. What is
// decided is obeyed below (DESIGN §3, §6; RFC 6638 §3.2).
import type { Stored } from '../model/backend.ts';
import type { Answer, Mail, Telling } from '../model/messages.ts';
import type { Permission } from '../model/collection.ts';
import type { EventFields, EventItem, Item, PartStat } from '../model/item.ts';
import type { Instant, When } from '../model/time.ts';
import {
  changesOfMeeting,
  endOfMeeting,
  keyOfWhen,
  latest,
  occurrencesOf,
  type MeetingChanges,
  type OccurrenceChange,
  type Wishes,
} from '../translate/index.ts';
import type { Surroundings } from './open-folder.ts';

/** What is known beside the meeting. */
export type Around = Pick<Surroundings, 'actor' | 'now'>;

/** What may leave, as far as the request goes. */
export interface Asked {
  readonly mail: Permission;
  readonly wishes?: Wishes | undefined;
}

export interface UpdatePlan {
  /** Of the update, for the organizer. */
  readonly mail: Mail;
  readonly telling?: Telling;
  /** What the owner answers as an attendee, before the update. */
  readonly answers: readonly Answer[];
}

const silent: UpdatePlan = { mail: 'silent', answers: [] };

/** `item`: as the mailbox will hold it. */
export function planCreate(around: Around, item: Item, asked: Asked): Mail {
  const isNews = item.kind === 'event' && invites(item) && !isOver(around, item);
  return isNews && maySend(around, asked) ? 'send' : 'silent';
}

/** `after`: as the mailbox will hold it. */
export function planUpdate(
  around: Around,
  { before, after }: { readonly before: Stored; readonly after: Item },
  asked: Asked,
): UpdatePlan {
  const present = before.item;
  if (present.kind !== 'event' || after.kind !== 'event') return silent;
  if (!present.isOrganizer) return { ...silent, answers: answersOf(around, { present, after }, asked) };
  if (!maySend(around, asked) || !(invites(present) || invites(after))) return silent;
  if (isOver(around, present) && isOver(around, after)) return silent;
  const changes = changesOfMeeting(present, after);
  const telling = tellingOf(
    { ...changes, occurrences: changes.occurrences.filter(({ end }) => end >= around.now()) },
    {
      isSent: present.invitationsSent === true,
      isDue: asked.wishes?.forcesRequest === true || before.tags.unsent !== undefined,
    },
  );
  return telling ? { mail: 'send', telling, answers: [] } : silent;
}

function tellingOf(
  { whole, people, occurrences }: MeetingChanges,
  { isSent, isDue }: { readonly isSent: boolean; readonly isDue: boolean },
): Telling | undefined {
  // Where people come and go, or attend nothing else, only a message about that occurrence reaches them.
  const own = occurrences.filter((each) => each.people || each.hasGuests);
  const [single, ...more] = occurrences.filter((each) => !own.includes(each));
  const isNews = whole || isDue || people || occurrences.length > 0;
  // Nobody has heard of the meeting: whoever is told first is told together with all the others.
  if (!isSent)
    return isNews
      ? { whole: 'all', occurrences: own.map(({ recurrenceId }) => ({ recurrenceId, to: 'changed' })) }
      : undefined;
  // Files come with the message about the whole alone.
  const isSeveral =
    occurrences.some(({ files }) => files) ||
    more.length > 0 ||
    (single !== undefined && (people || single.returns));
  if (whole || isDue || isSeveral) return { whole: 'all', occurrences: own.map(tellingOccurrence) };
  const telling = [...own, ...(single ? [single] : [])].map(tellingOccurrence);
  if (people) return { whole: 'changed', occurrences: telling };
  return telling.length > 0 ? { occurrences: telling } : undefined;
}

function tellingOccurrence({ recurrenceId, content }: OccurrenceChange): Telling['occurrences'][number] {
  return { recurrenceId, to: content ? 'all' : 'changed' };
}

interface Attended {
  readonly present: EventItem;
  readonly after: EventItem;
}

/** RFC 6638 §3.2.2. What its organizer has called off cannot be answered. */
function answersOf(around: Around, { present, after }: Attended, asked: Asked): readonly Answer[] {
  if (present.cancelled) return [];
  const mail: Mail = mayAnswer(around, asked) && !isOver(around, present) ? 'send' : 'silent';
  const isForced = asked.wishes?.forcesReply === true;
  const whole = isForced || after.ownPartStat !== present.ownPartStat ? answerIn(after) : undefined;
  const single = [...takenOut(around, present, after), ...answered(present, after)].map(
    ({ occurrence, partStat, end }): Answer => ({
      occurrence,
      partStat,
      // The organizer hears it with the answer to the whole, or not any more.
      mail: partStat === whole || end < around.now() ? 'silent' : mail,
      ...commentOn(asked, keyOfWhen(occurrence)),
    }),
  );
  return [...(whole ? [{ partStat: whole, mail, ...commentOn(asked, '') }] : []), ...single];
}

interface OccurrenceAnswer {
  readonly occurrence: When;
  readonly partStat: PartStat;
  readonly end: Instant;
}

/** Occurrences that the owner takes out of his calendar although they are to take place: by that he declines them. */
function takenOut(around: Around, present: EventItem, after: EventItem): OccurrenceAnswer[] {
  const out = new Set(present.cancelledDates.map(keyOfWhen));
  const occurrenceAt = occurrencesOf(present);
  return after.cancelledDates.flatMap((occurrence) => {
    const was = out.has(keyOfWhen(occurrence)) ? undefined : occurrenceAt(occurrence);
    if (!was || was.cancelled || was.ownPartStat === 'declined' || latest(was.end) < around.now()) return [];
    return [{ occurrence, partStat: 'declined', end: latest(was.end) }];
  });
}

function answered(present: EventItem, after: EventItem): OccurrenceAnswer[] {
  const occurrenceAt = occurrencesOf(present);
  return after.overrides.flatMap((override) => {
    const partStat = answerIn(override);
    const was = occurrenceAt(override.recurrenceId);
    if (!partStat || !was || was.cancelled || partStat === (was.ownPartStat ?? present.ownPartStat))
      return [];
    return [{ occurrence: override.recurrenceId, partStat, end: latest(was.end) }];
  });
}

function answerIn({ ownPartStat }: EventFields): PartStat | undefined {
  return ownPartStat === 'needs-action' ? undefined : ownPartStat;
}

function commentOn({ wishes }: Asked, key: string): Pick<Answer, 'comment'> {
  const comment = wishes?.comments.get(key);
  return comment === undefined ? {} : { comment };
}

/** How an item leaves the calendar. */
export type RemovalPlan =
  | { readonly kind: 'remove'; readonly mail: Mail; readonly farewell?: Farewell }
  /** RFC 6638 §3.2.2.3: who deletes an invitation declines it. */
  | { readonly kind: 'decline' };

/** People who attend occurrences only do not hear of a cancelled series: they are taken off these before. */
export interface Farewell {
  readonly after: EventItem;
  readonly telling: Telling;
}

export function planRemoval(around: Around, { item }: Stored, asked: Asked): RemovalPlan {
  const quiet: RemovalPlan = { kind: 'remove', mail: 'silent' };
  if (item.kind !== 'event' || isOver(around, item)) return quiet;
  if (!item.isOrganizer) {
    const isOpen = !item.cancelled && item.ownPartStat !== 'declined';
    return isOpen && mayAnswer(around, asked) ? { kind: 'decline' } : quiet;
  }
  if (!invites(item) || item.invitationsSent !== true || !maySend(around, asked)) return quiet;
  return { kind: 'remove', mail: 'send', ...farewellOf(around, item) };
}

function farewellOf(around: Around, item: EventItem): { readonly farewell?: Farewell } {
  const invited = new Set(item.attendees.map(({ address }) => address.toLowerCase()));
  const isGuest = ({ address }: EventItem['attendees'][number]): boolean =>
    !invited.has(address.toLowerCase());
  const visited = item.overrides.filter(
    ({ attendees, end }) => attendees.some(isGuest) && latest(end) >= around.now(),
  );
  if (visited.length === 0) return {};
  const overrides = item.overrides.map((override) =>
    visited.includes(override)
      ? { ...override, attendees: override.attendees.filter((each) => !isGuest(each)) }
      : override,
  );
  const occurrences = visited.map(({ recurrenceId }) => ({ recurrenceId, to: 'changed' as const }));
  return { farewell: { after: { ...item, overrides }, telling: { occurrences } } };
}

function invites(item: EventItem): boolean {
  return item.isOrganizer && [item, ...item.overrides].some(({ attendees }) => attendees.length > 0);
}

/** Nobody wants mail about what is over. */
function isOver(around: Around, item: EventItem): boolean {
  return endOfMeeting(item) < around.now();
}

/** In somebody else's calendar only what the text itself says to be done on his behalf (SENT-BY). */
function maySend({ actor }: Around, { mail, wishes }: Asked): boolean {
  if (mail === 'silent') return false;
  return actor === undefined || (wishes?.sentBy.some((address) => actor.has(address)) ?? false);
}

function mayAnswer(around: Around, asked: Asked): boolean {
  return asked.mail === 'send' && asked.wishes?.answersItself !== true && maySend(around, asked);
}
