// In which calls a write goes out, and which of them send (DESIGN §6): the guarded first one, silent occurrences, then what
// attendees are told. A break anywhere leaves either a difference or a mark, by which the same write asked again goes on.
import type { UpdateRequest } from '../model/backend.ts';
import type { Audience, Telling } from '../model/messages.ts';
import type { EventItem } from '../model/item.ts';
import type { When } from '../model/time.ts';
import { xml, type Markup } from '../xml/index.ts';
import { changesFiles, type Diff, type OccurrenceWrite } from './fields/index.ts';
import { elementOf } from './fields/kinds.ts';
import { keyOf } from './fields/people.ts';
import { renderChange } from './fields/row.ts';
import { dateOf } from './fields/series.ts';
import { unsentMark } from './fields/tags.ts';
import { field } from './operations/shape.ts';

/** Absent: nobody. */
export type Tells = Audience | undefined;

export interface Steps {
  /** Guarded: it is also the check that nobody was faster. */
  readonly first: { readonly changes: readonly Markup[]; readonly tells: Tells };
  readonly silent: readonly OccurrenceWrite[];
  /** The one sending write about the whole, when the first could not be it. */
  readonly announcement?: { readonly changes: readonly Markup[]; readonly tells: Audience };
  /** Occurrences with messages of their own. */
  readonly told: readonly ToldOccurrence[];
}

export interface ToldOccurrence {
  readonly write: OccurrenceWrite;
  readonly tells: Audience;
}

type Request = Pick<UpdateRequest, 'before' | 'after' | 'mail' | 'telling'>;

export function stepsOf(diff: Diff, { before, after, mail, telling }: Request): Steps {
  const all = [...diff.changes, ...diff.attendees];
  if (mail === 'silent' || after.item.kind !== 'event' || before.item.kind !== 'event')
    return { first: { changes: all, tells: undefined }, silent: diff.occurrences, told: [] };
  const { whole, occurrences } = telling ?? { whole: 'all', occurrences: [] };
  const { silent, told } = apart(diff.occurrences, { occurrences });
  if (whole === undefined) return { first: { changes: all, tells: undefined }, silent, told };
  const meeting = {
    before: before.item,
    after: after.item,
    whole,
    isMarked: before.tags.unsent !== undefined,
  };
  // Files are written after the first call, and what is sent before them goes without them (BEHAVIOUR §11).
  const isAtOnce =
    silent.length === 0 && !changesFiles(diff.files) && !losesUninvited(before.item, after.item);
  const steps = isAtOnce ? atOnce(all, meeting) : inSteps(diff, meeting);
  return { ...steps, silent, told };
}

interface Meeting {
  readonly before: EventItem;
  readonly after: EventItem;
  readonly whole: Audience;
  /** An earlier write was begun and has not ended. */
  readonly isMarked: boolean;
}

function atOnce(all: readonly Markup[], { after, whole, isMarked }: Meeting): Pick<Steps, 'first'> {
  const changes = [...all, ...(isMarked && whole === 'all' ? [unmarked()] : [])];
  return { first: { changes: changes.length === 0 ? [sameSubject(after)] : changes, tells: whole } };
}

/** Whoever is added or removed must be so in the call that sends: Exchange compares before and after of that one. */
function inSteps(
  { changes, attendees }: Diff,
  { before, after, whole, isMarked }: Meeting,
): Pick<Steps, 'first' | 'announcement'> {
  const isEarly = losesUninvited(before, after);
  const mark = whole === 'all' && !isMarked ? [marked()] : [];
  return {
    first: { changes: [...changes, ...(isEarly ? attendees : []), ...mark], tells: undefined },
    announcement: announcementOf(after, { attendees: isEarly ? [] : attendees, tells: whole }),
  };
}

export function announcementOf(
  item: EventItem,
  { attendees, tells }: { readonly attendees: readonly Markup[]; readonly tells: Audience },
): NonNullable<Steps['announcement']> {
  const unmark = tells === 'all' ? [unmarked()] : [];
  // Beside the mark something of the meeting itself, so that the server sees a meeting written.
  return { changes: [sameSubject(item), ...attendees, ...unmark], tells };
}

/** Somebody who was never invited needs no cancellation. */
function losesUninvited(before: EventItem, after: EventItem): boolean {
  const wanted = new Set(after.attendees.map(keyOf));
  return before.invitationsSent !== true && before.attendees.some((each) => !wanted.has(keyOf(each)));
}

/** Occurrences of a new series to which others are invited than to the series. */
export function guestOccurrences(item: EventItem): Telling['occurrences'] {
  const invited = peopleOf(item);
  return item.overrides
    .filter((override) => peopleOf(override) !== invited)
    .map(({ recurrenceId }) => ({ recurrenceId, to: 'changed' }));
}

function peopleOf({ attendees }: Pick<EventItem, 'attendees'>): string {
  return attendees.map(keyOf).sort().join('\n');
}

export function apart(
  writes: readonly OccurrenceWrite[],
  { occurrences }: Telling,
): Pick<Steps, 'silent' | 'told'> {
  const audiences = new Map(occurrences.map(({ recurrenceId, to }) => [dateOf(recurrenceId), to]));
  const audienceOf = (when: When): Tells => audiences.get(dateOf(when));
  return {
    silent: writes.filter(({ recurrenceId }) => audienceOf(recurrenceId) === undefined),
    told: writes.flatMap((write) => {
      const tells = audienceOf(write.recurrenceId);
      return tells === undefined ? [] : [{ write, tells }];
    }),
  };
}

function sameSubject(item: EventItem): Markup {
  const subject = xml('t:CalendarItem', {}, xml('t:Subject', {}, item.summary));
  return xml('t:SetItemField', {}, field('item:Subject'), subject);
}

function marked(): Markup {
  return renderChange(elementOf.event, unsentMark(true));
}

function unmarked(): Markup {
  return renderChange(elementOf.event, unsentMark(false));
}
